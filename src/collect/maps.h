/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the mapped arrays of the probes to the rows of a snapshot.  No system
 * call is made.
 */
#ifndef COLLECT_MAPS_H
#define COLLECT_MAPS_H

#include "collect/loader.h"
#include "model/hist.h"
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

/* A record that was given back is another NAPI's after that. */
static inline uint64_t maps_id(const struct napi_slot *slot)
{
	return (uint64_t)slot->reuse << 32 | slot->rec;
}

/* Where its record is; not of NAPI_GONE. */
static inline unsigned int maps_rec(const struct napi_row *row)
{
	return (uint32_t)row->id;
}

/* Who it is, into a row that has its id. */
void maps_read_identity(const struct loader *l, struct napi_row *row);

/* The row of one of them, of a copy of its slot. */
void maps_read_pair(const struct loader *l, const struct napi_slot *slot,
		    struct napi_row *row);

/* Appends a row per (action, CPU) to s->irqs.  0 or -ENOMEM. */
int maps_read_irqs(struct loader *l, struct snapshot *s);

/* The row of one of them, of a copy of its slot. */
void maps_read_irq(const struct irq_slot *slot, struct irq_row *row);

/*
 * Appends that in a cell, if there is one, as kind, irq, id and cpu of key.  The largest
 * value is that of this epoch and the one before.
 */
int maps_read_hist(const struct loader *l, uint32_t cell,
		   const struct hist_row *key, uint64_t epoch,
		   struct table *hists);

/* Fills s->lost, but for missed, and in s->host.events those that no pair counts. */
void maps_read_lost(const struct loader *l, struct snapshot *s);
/* Adds those of s->pairs. */
void maps_add_events(struct snapshot *s);

/* Votes of a link that the fentry or kprobe tier saw: no inference. */
#define MAPS_VOTES_EXACT UINT32_MAX

#endif /* COLLECT_MAPS_H */
