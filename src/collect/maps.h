/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the mapped arrays of the probes to the rows of a snapshot.  No system
 * call is made.
 */
#ifndef COLLECT_MAPS_H
#define COLLECT_MAPS_H

#include "collect/loader.h"
#include "model/snapshot.h"

/*
 * Each appends the histograms of its rows to s->hists, too.
 *
 * Fills the traced counters of every row of s->cpus.  0 or -ENOMEM.
 */
int maps_read_cpus(const struct loader *l, struct snapshot *s);

/*
 * Appends a row per (NAPI, CPU) pair to s->pairs: who it is as the programs
 * saw it, the counters, and the irq that this pair votes for.  0 or -ENOMEM.
 */
int maps_read_pairs(struct loader *l, struct snapshot *s);

/* Where its record is; not of NAPI_GONE. */
static inline unsigned int maps_rec(const struct napi_row *row)
{
	return (uint32_t)row->id;
}

/* The row of one of them, of a copy of its slot. */
void maps_read_pair(const struct loader *l, const struct napi_slot *slot,
		    struct napi_row *row);

/* Appends a row per (action, CPU) to s->irqs.  0 or -ENOMEM. */
int maps_read_irqs(struct loader *l, struct snapshot *s);

/* Fills s->lost, but for missed, and the counted part of s->host.events. */
void maps_read_lost(const struct loader *l, struct snapshot *s);

/* Votes of a link that the fentry or kprobe tier saw: no inference. */
#define MAPS_VOTES_EXACT UINT32_MAX

#endif /* COLLECT_MAPS_H */
