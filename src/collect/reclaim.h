/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room for NAPIs that come, where others went: when half of the slots are taken,
 * those that were idle longest are given back.  What they had counted goes on in
 * one row a CPU (NAPI_GONE): nothing is lost but their names.
 */
#ifndef COLLECT_RECLAIM_H
#define COLLECT_RECLAIM_H

#include "collect/loader.h"
#include "model/snapshot.h"

struct reclaim {
	struct table seen; /* struct reclaim_seen by slot; empty: there is room */
	struct table gone; /* struct napi_row by CPU, sorted */
	uint64_t looked_ns;
	bool refused; /* by the kernel, once and for all */
};

void reclaim_init(struct reclaim *r);
void reclaim_fini(struct reclaim *r);

/*
 * Does nothing within a second.  0, or -errno: nothing was given back, and nothing
 * will be.  Before 5.19 that takes CAP_BPF.
 */
int reclaim_run(struct reclaim *r, struct loader *l);

/* Appends the rows of what was given back to s->pairs.  0 or -ENOMEM. */
int reclaim_add_rows(const struct reclaim *r, struct snapshot *s);

#endif /* COLLECT_RECLAIM_H */
