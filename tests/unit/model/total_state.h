/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots that follow each other, and the total of the intervals between them. */
#ifndef TESTS_UNIT_MODEL_TOTAL_STATE_H
#define TESTS_UNIT_MODEL_TOTAL_STATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model/total.h"

#define HOUR 3600000000000ULL
#define MSEC 1000000ULL

struct fixture {
	struct snapshot snapshots[2];
	unsigned int now; /* the one that is filled */
	struct interval iv;
	struct interval whole;
	struct total total;
};

static int setup(void **state)
{
	static struct fixture f;

	f.now = 0;
	snapshot_init(&f.snapshots[0]);
	snapshot_init(&f.snapshots[1]);
	interval_init(&f.iv);
	interval_init(&f.whole);
	total_init(&f.total, 2, false);
	f.snapshots[0].mono_ns = 1000;
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	snapshot_fini(&f->snapshots[0]);
	snapshot_fini(&f->snapshots[1]);
	interval_fini(&f->iv);
	interval_fini(&f->whole);
	total_fini(&f->total);
	return 0;
}

/* The next snapshot, as the one before so far, ns later. */
static struct snapshot *next(struct fixture *f, uint64_t ns)
{
	const struct snapshot *before = &f->snapshots[f->now];
	struct snapshot *s = &f->snapshots[!f->now];

	assert_int_equal(snapshot_copy(s, before), 0);
	s->mono_ns = before->mono_ns + ns;
	f->now = !f->now;
	return s;
}

/* Both are read: the last interval is added. */
static void add(struct fixture *f)
{
	struct snapshot *now = &f->snapshots[f->now];

	snapshot_sort(now);
	assert_int_equal(interval_make(&f->iv, &f->snapshots[!f->now], now), 0);
	assert_int_equal(total_add(&f->total, &f->iv, now), 0);
	assert_int_equal(
		interval_make_whole(&f->whole, &f->total.sum, f->total.ns), 0);
}

static inline struct napi_row *add_pair(struct snapshot *s, uint64_t id,
					uint64_t cpu, const char *dev,
					uint64_t queue)
{
	struct napi_row *row = table_add(&s->pairs);

	row->id = id;
	row->cpu = cpu;
	row->ifindex = 7;
	row->netns_ino = 9;
	row->queue = queue;
	row->napi_id = 8000 + id;
	row->irq = MISSING;
	row->backlog_cpu = MISSING;
	snprintf(row->dev, sizeof(row->dev), "%s", dev);
	snprintf(row->label, sizeof(row->label), "%.16s%c%u", dev,
		 queue == MISSING ? '#' : '/',
		 (unsigned)(queue == MISSING ? row->napi_id : queue));
	return row;
}

static inline void poll(struct napi_row *row, uint64_t polls, uint64_t work)
{
	row->inline_polls += polls;
	row->work += work;
}

static inline struct dev_row *add_dev(struct snapshot *s, uint64_t ifindex,
				      const char *name, uint64_t rx_packets)
{
	struct dev_row *row = table_add(&s->devs);

	row->netns_ino = 9;
	row->ifindex = ifindex;
	row->rx_packets = rx_packets;
	snprintf(row->dev, sizeof(row->dev), "%s", name);
	return row;
}

static inline const struct napi_row *whole_napi(const struct fixture *f,
						const char *label)
{
	const struct napi_row *row;

	table_for_each (&f->whole.napis, row)
		if (!strcmp(row->label, label))
			return row;
	return NULL;
}

static inline struct irq_row *add_action(struct snapshot *s, uint64_t id,
					 const char *name)
{
	struct irq_row *irq = table_add(&s->irqs);

	irq->id = id;
	irq->irq = 24;
	snprintf(irq->name, sizeof(irq->name), "%s", name);
	return irq;
}

static inline void add_line(struct snapshot *s, uint64_t cpu, uint64_t count)
{
	struct line_row *line = table_add(&s->lines);

	line->irq = 24;
	line->cpu = cpu;
	line->count = count;
}

#endif /* TESTS_UNIT_MODEL_TOTAL_STATE_H */
