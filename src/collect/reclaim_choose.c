// SPDX-License-Identifier: GPL-2.0-or-later
/* See reclaim_choose.h.  Pure: it knows slots by what was seen of them. */
#include "collect/reclaim_choose.h"

#include <errno.h>
#include <stdlib.h>

struct reclaim_group {
	uint64_t since_ns; /* of its slot that changed last; 0: none */
	unsigned int slots;
	unsigned int hists;
	bool kept;
	bool chosen;
};

void reclaim_see(struct reclaim_slot *slot, uint64_t events, uint64_t now_ns)
{
	if (!slot->since_ns || events != slot->events)
		slot->since_ns = now_ns;
	slot->events = events;
	slot->chosen = false;
}

static void groups_collect(struct reclaim_group *groups, const struct table *slots)
{
	const struct reclaim_slot *slot;
	struct reclaim_group *g;

	table_for_each (slots, slot) {
		if (!slot->since_ns)
			continue;
		g = &groups[slot->group];
		g->slots++;
		g->hists += slot->hists;
		g->kept |= slot->kept;
		if (g->since_ns < slot->since_ns)
			g->since_ns = slot->since_ns;
	}
}

static int since_cmp(const void *a, const void *b)
{
	const struct reclaim_group *x = *(const struct reclaim_group *const *)a;
	const struct reclaim_group *y = *(const struct reclaim_group *const *)b;

	return (x->since_ns > y->since_ns) - (x->since_ns < y->since_ns);
}

/* Of n groups, with room for as many pointers. */
static int groups_choose(struct reclaim_group *groups, size_t n,
			 struct reclaim_group **idle, struct reclaim_need need,
			 uint64_t now_ns)
{
	unsigned int slots = 0, hists = 0;
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		if (groups[i].slots && !groups[i].kept &&
		    now_ns - groups[i].since_ns >= RECLAIM_PERIOD_NS)
			idle[found++] = &groups[i];
	qsort(idle, found, sizeof(*idle), since_cmp);
	for (i = 0; i < found && (slots < need.slots || hists < need.hists); i++) {
		idle[i]->chosen = true;
		slots += idle[i]->slots;
		hists += idle[i]->hists;
	}
	return i;
}

int reclaim_choose(const struct table *slots, struct reclaim_need need,
		   uint64_t now_ns)
{
	struct reclaim_group *groups = calloc(slots->count, sizeof(*groups));
	struct reclaim_group **idle =
		calloc(slots->count, sizeof(struct reclaim_group *));
	struct reclaim_slot *slot;
	int chosen = -ENOMEM;

	if (groups && idle) {
		groups_collect(groups, slots);
		chosen = groups_choose(groups, slots->count, idle, need, now_ns);
		table_for_each (slots, slot)
			slot->chosen =
				slot->since_ns && groups[slot->group].chosen;
	}
	free(idle);
	free(groups);
	return chosen;
}
