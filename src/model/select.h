/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rows of a snapshot are wanted, and in what order those of an interval. */
#ifndef MODEL_SELECT_H
#define MODEL_SELECT_H

#include "model/interval.h"
#include "util/num.h"

struct selection {
	const char *dev;	   /* NULL: all */
	const struct cpuset *cpus; /* NULL: all */
};

/*
 * Can anything be selected?  0, -ENODEV (no such device) or -ENXIO (none of
 * the CPUs was ever online).
 */
int selection_check(const struct snapshot *s, const struct selection *sel);

/* Does it leave anything out? */
static inline bool selection_is_any(const struct selection *sel)
{
	return sel->dev || sel->cpus;
}

/* Drops the rows that are not wanted. */
void snapshot_select(struct snapshot *s, const struct selection *sel);

/*
 * Of both, before an interval is made of them: by the names in b, for what was renamed
 * since a would come from nothing, with all that it ever counted.
 */
void snapshots_select(struct snapshot *a, struct snapshot *b,
		      const struct selection *sel);

/*
 * Sorts the rows of every scope that has a number of this name, largest
 * first, missing last.  -ENOENT: no scope has one; or -ENOMEM.
 */
int interval_sort(struct interval *iv, const char *name);

#endif /* MODEL_SELECT_H */
