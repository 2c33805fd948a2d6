/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which slots are given back: single ones of groups that go on elsewhere, of which
 * nothing is lost, and where these are not enough, whole groups.  Those that were idle
 * longest come first.
 */
#ifndef COLLECT_RECLAIM_CHOOSE_H
#define COLLECT_RECLAIM_CHOOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/table.h"

/*
 * At least between two looks: a slot that did not change in that time is idle.  Less
 * than a second, as a timer of one second may come a little early.
 */
#define RECLAIM_PERIOD_NS 900000000ULL

/*
 * A slot of a group that goes on: so long it did nothing.  What comes back sooner
 * would only take another one.
 */
#define RECLAIM_LEFT_NS 10000000000ULL

/* What is known of a slot, a row by index. */
struct reclaim_slot {
	uint64_t events;   /* that it had counted */
	uint64_t since_ns; /* when it last changed; 0: it is free */
	uint64_t action;   /* of an interrupt */
	uint32_t group;	   /* of slots that go together, below their number */
	uint32_t hists;	   /* that it has */
	bool kept;	   /* and with it its group */
	bool chosen;
	bool left; /* chosen alone: its group goes on */
};

/* How much is to become free; what is chosen is taken off. */
struct reclaim_need {
	unsigned int slots;
	unsigned int hists;
	unsigned int room; /* for histograms of slots that are chosen alone */
	bool whole;	   /* groups go for the sake of histograms, too */
};

/* The slot is taken, and had counted so many events at that time. */
void reclaim_see(struct reclaim_slot *slot, uint64_t events, uint64_t now_ns);

/* Marks the slots that are chosen.  How many groups and slots of others, or -ENOMEM. */
int reclaim_choose(const struct table *slots, struct reclaim_need *need,
		   uint64_t now_ns);

#endif /* COLLECT_RECLAIM_CHOOSE_H */
