/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NAPIs and interrupt actions that go on had counted on CPUs which they left, and
 * where their slots were given back: their rows are as if they still had them.  Only
 * the polls of a stay that had not ended there are in no histogram.  And histograms of
 * those that went: one of each kind and CPU for all NAPIs (NAPI_GONE), for the actions
 * of an irq (IRQ_GONE).
 */
#ifndef COLLECT_RECLAIM_LEFT_H
#define COLLECT_RECLAIM_LEFT_H

#include <stdbool.h>

#include "collect/loader.h"
#include "model/hist.h"
#include "model/snapshot.h"

struct left_hist {
	struct hist_row row;
	bool read; /* a snapshot has all of it */
};

struct reclaim_left {
	struct table napis; /* struct napi_row, sorted */
	struct table irqs;  /* struct irq_row with the address as id, sorted */
	struct table hists; /* struct left_hist of both, sorted */
	struct table gone;  /* struct hist_row of what went, sorted */
	struct table one;   /* struct hist_row: the last one that was read */
};

void left_init(struct reclaim_left *left);
void left_fini(struct reclaim_left *left);

/* So many more histograms may be left, which are 5 KB each. */
unsigned int left_room(const struct reclaim_left *left, const struct loader *l);

/*
 * Of slots that no program uses any more, with their histograms; an action's address is
 * not in its slot any more.  left_end() comes after all of them.  0 or -ENOMEM.
 */
int left_keep_napi(struct reclaim_left *left, const struct loader *l,
		   const struct napi_slot *slot);
int left_keep_irq(struct reclaim_left *left, const struct loader *l,
		  const struct irq_slot *slot, uint64_t action);
/* The histograms of a slot whose NAPI or action goes; and one that such a one left. */
int left_keep_gone(struct reclaim_left *left, const struct loader *l,
		   const struct napi_slot *slot);
int left_keep_gone_irq(struct reclaim_left *left, const struct loader *l,
		       const struct irq_slot *slot);
int left_add_gone(struct reclaim_left *left, const struct hist_row *h);
void left_end(struct reclaim_left *left);

/*
 * Adds them to the rows of s, once for each snapshot: its largest values are not of the
 * next one.  With forget, for who only asks what grew since the snapshot before: without
 * the histograms that were in that and do not grow, which are dropped, but for those of
 * what went.  0 or -ENOMEM.
 */
int left_add_rows(struct reclaim_left *left, const struct loader *l,
		  struct snapshot *s, bool forget);

#endif /* COLLECT_RECLAIM_LEFT_H */
