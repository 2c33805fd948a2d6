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
}

static void groups_collect(struct reclaim_group *groups, const struct table *slots)
{
	struct reclaim_slot *slot;
	struct reclaim_group *g;

	table_for_each (slots, slot) {
		slot->chosen = false;
		slot->left = false;
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

static void need_less(struct reclaim_need *need, unsigned int slots,
		      unsigned int hists)
{
	need->slots -= need->slots < slots ? need->slots : slots;
	need->hists -= need->hists < hists ? need->hists : hists;
}

static int group_since_cmp(const void *a, const void *b)
{
	const struct reclaim_group *x = *(const struct reclaim_group *const *)a;
	const struct reclaim_group *y = *(const struct reclaim_group *const *)b;

	return (x->since_ns > y->since_ns) - (x->since_ns < y->since_ns);
}

static int slot_since_cmp(const void *a, const void *b)
{
	const struct reclaim_slot *x = *(const struct reclaim_slot *const *)a;
	const struct reclaim_slot *y = *(const struct reclaim_slot *const *)b;

	return (x->since_ns > y->since_ns) - (x->since_ns < y->since_ns);
}

static bool is_idle(const struct reclaim_group *g, uint64_t now_ns)
{
	return now_ns - g->since_ns >= RECLAIM_PERIOD_NS;
}

/* It goes on elsewhere, and this is of use. */
static bool is_left(const struct reclaim_slot *slot,
		    const struct reclaim_group *g,
		    const struct reclaim_need *need, uint64_t now_ns)
{
	return slot->since_ns && !g->kept && !is_idle(g, now_ns) &&
	       now_ns - slot->since_ns >= RECLAIM_LEFT_NS &&
	       (need->slots || slot->hists);
}

/* With room for a pointer to each slot. */
static int lefts_choose(const struct table *slots,
			const struct reclaim_group *groups, void **room,
			struct reclaim_need *need, uint64_t now_ns)
{
	struct reclaim_slot **left = (struct reclaim_slot **)room, *slot;
	size_t i, found = 0;
	int chosen = 0;

	table_for_each (slots, slot)
		if (is_left(slot, &groups[slot->group], need, now_ns))
			left[found++] = slot;
	qsort(left, found, sizeof(*left), slot_since_cmp);
	for (i = 0; i < found && (need->slots || need->hists); i++) {
		if (left[i]->hists > need->room)
			continue;
		left[i]->chosen = true;
		left[i]->left = true;
		need_less(need, 1, left[i]->hists);
		need->room -= left[i]->hists;
		chosen++;
	}
	return chosen;
}

/* Of n groups, with room for as many pointers. */
static int groups_choose(struct reclaim_group *groups, size_t n, void **room,
			 struct reclaim_need *need, uint64_t now_ns)
{
	struct reclaim_group **idle = (struct reclaim_group **)room;
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		if (groups[i].slots && !groups[i].kept &&
		    is_idle(&groups[i], now_ns))
			idle[found++] = &groups[i];
	qsort(idle, found, sizeof(*idle), group_since_cmp);
	for (i = 0; i < found; i++) {
		if (!need->slots && !(need->whole && need->hists))
			break;
		idle[i]->chosen = true;
		need_less(need, idle[i]->slots, idle[i]->hists);
	}
	return i;
}

int reclaim_choose(const struct table *slots, struct reclaim_need *need,
		   uint64_t now_ns)
{
	struct reclaim_group *groups = calloc(slots->count, sizeof(*groups));
	void **room = calloc(slots->count, sizeof(*room));
	struct reclaim_slot *slot;
	int chosen = -ENOMEM;

	if (groups && room) {
		groups_collect(groups, slots);
		chosen = lefts_choose(slots, groups, room, need, now_ns);
		chosen += groups_choose(groups, slots->count, room, need, now_ns);
		table_for_each (slots, slot)
			slot->chosen |=
				slot->since_ns && groups[slot->group].chosen;
	}
	free(room);
	free(groups);
	return chosen;
}
