/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of reclaim.c that is about interrupt actions, in the order of its steps. */
#ifndef COLLECT_RECLAIM_IRQS_H
#define COLLECT_RECLAIM_IRQS_H

#include "collect/reclaim.h"

/* An action that was given back, and may come again. */
struct reclaim_again {
	uint64_t action;
	uint32_t irq;
	uint32_t times;
	bool going; /* it is being given back */
};

/* Half of the slots are taken, or were. */
bool reclaim_irqs_pressed(const struct loader *l);

/* How many slots are taken, and adds to *hists.  -ENOMEM. */
int reclaim_irqs_see(struct reclaim *r, struct loader *l, uint64_t now_ns,
		     unsigned int *hists);

/* No program finds the chosen ones any more.  0 or -errno. */
int reclaim_irqs_hide(struct reclaim *r, struct loader *l);

/* No program uses them any more: reads them a last time, and clears them. */
int reclaim_irqs_clear(struct reclaim *r, struct loader *l);

int reclaim_irqs_add_rows(const struct reclaim *r, struct snapshot *s);

struct bpf_map;

/* --- what both parts use: reclaim.c --- */

/* A row of each slot.  0 or -ENOMEM. */
int reclaim_open(struct table *seen, unsigned int slots);
int reclaim_delete(const struct bpf_map *map, struct napi_key key);
void reclaim_push(const struct bpf_map *queue, uint32_t index);
/* Of a cell, back into the pool. */
void reclaim_hist(struct reclaim *r, struct loader *l, uint32_t cell);

/* A histogram is in it. */
static inline bool reclaim_has_hist(const struct loader *l, uint32_t cell)
{
	return l->hists && cell && cell <= l->sizes.hists;
}

#endif /* COLLECT_RECLAIM_IRQS_H */
