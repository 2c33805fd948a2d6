// SPDX-License-Identifier: GPL-2.0-or-later
/* See names.h. */
#include "collect/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/maps.h"

/* Fewer sessions than this say nothing about who starts them. */
#define NAMES_MIN_VOTES 3

static const struct dev_row *names_find_dev(const struct snapshot *s,
					    const struct napi_row *row)
{
	struct dev_row key = { .netns_ino = row->netns_ino,
			       .ifindex = row->ifindex };

	return table_find(&s->devs, &key, dev_row_cmp);
}

static const struct told_row *names_find_napi(const struct table *napis,
					      const struct napi_row *row)
{
	struct told_row key = { .netns_ino = row->netns_ino,
				.napi_id = row->napi_id };

	if (row->napi_id == MISSING)
		return NULL;
	return table_find(napis, &key, told_row_cmp);
}

/* Names of namespaces are looked for one by one: once for each NAPI is enough. */
static void names_set_device(const struct netdev *nd, const struct snapshot *s,
			     struct napi_row *row)
{
	const struct dev_row *dev;

	if (row->backlog_cpu != MISSING || row->id == NAPI_GONE)
		return;
	dev = names_find_dev(s, row);
	if (dev)
		snprintf(row->dev, sizeof(row->dev), "%s", dev->dev);
	if (dev && dev->netns[0])
		snprintf(row->netns, sizeof(row->netns), "%s", dev->netns);
	else if (row->netns_ino) /* a dummy device is in none */
		netdev_netns_name(nd, row->netns_ino, row->netns,
				  sizeof(row->netns));
}

/* A dummy device has no ifindex: it is known by what polls it. */
static void names_set_label(struct napi_row *row, bool is_tx)
{
	char *label = row->label;
	size_t room = sizeof(row->label);

	if (row->id == NAPI_GONE)
		snprintf(label, room, NAPI_GONE_LABEL);
	else if (row->backlog_cpu != MISSING)
		snprintf(label, room, "backlog/%u", (unsigned)row->backlog_cpu);
	else if (!row->ifindex || !row->dev[0])
		snprintf(label, room, "%s", row->poll_func);
	else if (row->queue != MISSING)
		snprintf(label, room, "%.16s/%s%u", row->dev, is_tx ? "tx" : "",
			 (unsigned)row->queue);
	else if (row->napi_id != MISSING)
		snprintf(label, room, "%.16s#%u", row->dev,
			 (unsigned)row->napi_id);
	else
		snprintf(label, room, "%.16s:%.40s", row->dev, row->poll_func);
}

/* Rows of one NAPI are neighbours: [first, end) of s->pairs. */
struct names_group {
	struct napi_row *first;
	struct napi_row *end;
};

/* The irq that may have more than half of all votes: no other one can. */
static uint64_t names_candidate(const struct napi_row *row,
				const struct napi_row *end)
{
	uint64_t irq = MISSING, lead = 0;

	for (; row < end; row++) {
		if (row->irq == MISSING)
			continue;
		if (row->irq == irq) {
			lead += row->irq_votes;
		} else if (row->irq_votes > lead) {
			irq = row->irq;
			lead = row->irq_votes - lead;
		} else {
			lead -= row->irq_votes;
		}
	}
	return irq;
}

uint64_t names_elect(const struct napi_row *first, const struct napi_row *end,
		     bool *exact)
{
	uint64_t irq = names_candidate(first, end);
	uint64_t votes = 0, sessions = 0;
	const struct napi_row *row, *seen = NULL;
	bool sure = false;

	/* Seen is what happened, and once may be by chance: another's handler polled it. */
	for (row = first; row < end; row++)
		if (row->irq_votes == MAPS_VOTES_EXACT &&
		    (!seen || row->schedules > seen->schedules))
			seen = row;
	*exact = seen;
	if (seen)
		return seen->irq;
	for (row = first; row < end; row++) {
		sessions += row->sessions;
		if (row->irq != irq)
			continue;
		votes += row->irq_votes;
		sure |= row->irq_votes >= NAPI_VOTES_MOST;
	}
	return votes >= NAMES_MIN_VOTES && (sure || 2 * votes > sessions) ?
		       irq :
		       MISSING;
}

static void names_set_group(const struct netdev *nd, struct snapshot *s,
			    const struct table *napis,
			    const struct names_group *g)
{
	const struct told_row *napi = names_find_napi(napis, g->first);
	bool exact, told = napi && napi->irq != MISSING;
	uint64_t irq = names_elect(g->first, g->end, &exact);
	struct napi_row *row;

	if (g->first->backlog_cpu != MISSING)
		irq = MISSING;
	for (row = g->first; row < g->end; row++) {
		row->irq = told ? napi->irq : irq;
		if (!told && !exact)
			row->inferred |= INFERRED_IRQ;
		if (napi)
			row->queue = napi->queue;
		if (row == g->first) {
			names_set_device(nd, s, row);
		} else {
			memcpy(row->dev, g->first->dev, sizeof(row->dev));
			memcpy(row->netns, g->first->netns, sizeof(row->netns));
		}
		names_set_label(row, napi && napi->is_tx == 1);
	}
}

void names_apply(const struct netdev *nd, struct snapshot *s,
		 const struct table *napis)
{
	struct napi_row *rows = s->pairs.rows;
	size_t i, j;

	for (i = 0; i < s->pairs.count; i = j) {
		struct names_group g = { .first = &rows[i] };

		for (j = i; j < s->pairs.count && rows[j].id == rows[i].id;)
			j++;
		g.end = &rows[j];
		names_set_group(nd, s, napis, &g);
	}
}
