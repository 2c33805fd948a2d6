/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intervals made by hand, for the tests of the screen.  Rows are added in the
 * order of their keys, as interval_make() leaves them.
 */
#ifndef TESTS_TUI_FAKE_H
#define TESTS_TUI_FAKE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/interval.h"

#define SECOND 1000000000ULL

static inline void fake_init(struct interval *iv)
{
	interval_init(iv);
	iv->ns = SECOND;
	iv->mono_ns = 1000 * SECOND;
	snprintf(iv->host.host, sizeof(iv->host.host), "db17");
	snprintf(iv->host.kernel, sizeof(iv->host.kernel), "6.1.0");
	snprintf(iv->host.tier, sizeof(iv->host.tier), "fentry");
	iv->host.netdev_budget = 300;
	iv->host.netdev_budget_usecs = 2000;
}

static inline struct cpu_row *fake_cpu(struct interval *iv, uint64_t cpu,
				       uint64_t net_rx_ns)
{
	struct cpu_row *c = table_add(&iv->cpus);

	assert_non_null(c);
	c->cpu = cpu;
	c->net_rx_ns = net_rx_ns;
	c->softirq_ns = net_rx_ns;
	c->poll_ns = net_rx_ns;
	return c;
}

/* A part on a CPU, and the first one is the sum as well. */
static inline struct napi_row *fake_napi(struct interval *iv, uint64_t id,
					 uint64_t cpu, const char *label,
					 uint64_t polls, uint64_t poll_ns)
{
	struct napi_row *pair = table_add(&iv->pairs), *n;

	assert_non_null(pair);
	pair->id = id;
	pair->cpu = cpu;
	snprintf(pair->label, sizeof(pair->label), "%s", label);
	snprintf(pair->poll_func, sizeof(pair->poll_func), "fake_poll");
	pair->inline_polls = polls;
	pair->polls = polls;
	pair->work = 2 * polls;
	pair->poll_ns = poll_ns;
	pair->irq = MISSING;
	pair->queue = MISSING;
	pair->napi_id = MISSING;
	pair->backlog_cpu = MISSING;
	pair->ns_per_packet = MISSING;
	pair->work_per_poll_milli = polls ? 2000 : MISSING;
	n = table_add(&iv->napis);
	assert_non_null(n);
	*n = *pair;
	n->cpu = MISSING;
	return n;
}

static inline void fake_irq(struct interval *iv, uint64_t irq, uint64_t cpu,
			    const char *name, uint64_t count)
{
	struct irq_row *pair = table_add(&iv->irq_pairs), *row;

	assert_non_null(pair);
	pair->id = irq;
	pair->irq = irq;
	pair->cpu = cpu;
	snprintf(pair->name, sizeof(pair->name), "%s", name);
	pair->count = count;
	pair->count_kernel = MISSING;
	row = table_add(&iv->irqs);
	assert_non_null(row);
	*row = *pair;
	row->cpu = MISSING;
}

static inline void fake_dev(struct interval *iv, uint64_t ifindex,
			    const char *name, uint64_t packets)
{
	struct dev_row *d = table_add(&iv->devs);

	assert_non_null(d);
	d->ifindex = ifindex;
	snprintf(d->dev, sizeof(d->dev), "%s", name);
	d->rx_packets = packets;
}

#endif /* TESTS_TUI_FAKE_H */
