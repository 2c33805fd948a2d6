/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Room for NAPIs and interrupts that come, where others went: when half of the
 * slots are taken, or three quarters of the histograms, those that were idle longest
 * are given back.  What NAPIs had counted goes on in one row a CPU (NAPI_GONE), that
 * of interrupt actions in one an irq and CPU (IRQ_GONE): nothing is lost but their
 * names.  Those of CPUs which a NAPI or an action has left come first: of
 * them nothing is lost (reclaim_left.h).
 */
#ifndef COLLECT_RECLAIM_H
#define COLLECT_RECLAIM_H

#include "collect/loader.h"
#include "collect/reclaim_choose.h"
#include "collect/reclaim_left.h"
#include "model/snapshot.h"

struct reclaim {
	struct table seen;	/* struct reclaim_slot; empty: there is room */
	struct table seen_irqs; /* the same, of the slots of irqs */
	struct table gone;	/* struct napi_row by CPU, sorted */
	struct table gone_irqs; /* struct irq_row by irq and CPU, sorted */
	struct table again;	/* struct reclaim_again, sorted */
	struct reclaim_left left;
	uint64_t looked_ns;
	unsigned int hists; /* that were taken after the last look */
	bool pressed;	    /* room was short, once */
	bool refused;	    /* by the kernel, once and for all */
	bool offer;	    /* histograms were given back, for who found none */
	int grace[2]; /* a map, and one of maps: see reclaim.c; -1: none */
};

void reclaim_init(struct reclaim *r);
void reclaim_fini(struct reclaim *r);

/*
 * Does nothing within a second of the last time.  0, or -errno: nothing was given
 * back, and nothing will be.  Before 5.19 that takes CAP_BPF.
 */
int reclaim_run(struct reclaim *r, struct loader *l);

/*
 * Who found no histogram may look again, if some were given back.  After a reading: then
 * the next interval has all values or none.
 */
void reclaim_offer_hists(struct reclaim *r, struct loader *l);

/*
 * Adds what was given back to s->pairs, s->irqs and s->hists, whose rows are there, once
 * for each snapshot; forget: see left_add_rows().  0 or -ENOMEM.
 */
int reclaim_add_rows(struct reclaim *r, const struct loader *l,
		     struct snapshot *s, bool forget);

#endif /* COLLECT_RECLAIM_H */
