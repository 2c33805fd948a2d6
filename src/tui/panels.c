// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See panels.h.  What each panel shows, names, hides and finds; the columns
 * that it asks for stand in the order of the screen, with their priority.
 */
#include "tui/panels.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tui/busy.h"
#include "tui/text.h"

/* So many CPUs have room on a screen, and who has as few wants to see each. */
#define CPUS_NOT_FOLDED 16

static bool text_has(const char *text, const char *filter)
{
	return strcasestr(text, filter) != NULL;
}

/* A name, and its network namespace if that is not the tool's own. */
static void name_in_netns(char *out, size_t room, const char *name,
			  const char *netns)
{
	snprintf(out, room, "%s%s%s", name, *netns ? "@" : "", netns);
}

/* The neighbours of first in a sorted table that have its identity. */
static struct field_rows rows_alike(const struct table *t, const void *first,
				    bool (*alike)(const void *, const void *))
{
	struct field_rows rows = { first, 0, t->row_size };
	const char *end = table_at(t, t->count), *row;

	for (row = first; row < end && alike(row, first); row += t->row_size)
		rows.count++;
	return rows;
}

/* The first row of a sorted table that is not before key. */
static const void *rows_from(const struct table *t, const void *key,
			     int (*cmp)(const void *, const void *))
{
	size_t i = table_from(t, key, cmp);

	return i < t->count ? table_at(t, i) : NULL;
}

/* --- CPUs --- */

static uint64_t cpu_key(const void *row)
{
	return ((const struct cpu_row *)row)->cpu;
}

static void cpu_label(const void *row, char *out, size_t room)
{
	snprintf(out, room, "%" PRIu64, cpu_key(row));
}

/* Nothing of what this is about; timers run on every CPU now and then. */
static bool cpu_is_idle(const void *row)
{
	static const size_t counts[] = {
		offsetof(struct cpu_row, polls),
		offsetof(struct cpu_row, net_rx_runs),
		offsetof(struct cpu_row, hardirqs),
		offsetof(struct cpu_row, softnet_processed),
		offsetof(struct cpu_row, softnet_dropped),
		offsetof(struct cpu_row, softnet_squeezed),
		offsetof(struct cpu_row, softnet_rps),
	};
	uint64_t count;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		count = *(const uint64_t *)((const char *)row + counts[i]);
		if (count && count != MISSING)
			return false;
	}
	return true;
}

static const struct column_spec cpu_columns[] = {
	{ COLUMN_LABEL, "cpu", 1, 4, 0 },
	{ COLUMN_BAR, NULL, 11, 18, 34 },
	{ COLUMN_FIELD, "net_rx_ns", 2, 0, 0 },
	{ COLUMN_FIELD, "hardirq_ns", 3, 0, 0 },
	{ COLUMN_FIELD, "softirq_ns", 12, 0, 0 },
	{ COLUMN_FIELD, "poll_ns", 7, 0, 0 },
	{ COLUMN_FIELD, "polls", 4, 0, 0 },
	{ COLUMN_FIELD, "work", 5, 0, 0 },
	{ COLUMN_FIELD, "ksoftirqd_polls", 10, 0, 0 },
	{ COLUMN_FIELD, "squeeze_work_left", 6, 0, 0 },
	{ COLUMN_FIELD, "squeeze_time", 8, 0, 0 },
	{ COLUMN_FIELD, "squeeze_budget", 9, 0, 0 },
	{ COLUMN_FIELD, "squeeze_both", 15, 0, 0 },
	{ COLUMN_FIELD, "softnet_dropped", 6, 0, 0 },
	{ COLUMN_FIELD, "raise_p99_ns", 10, 0, 0 },
	{ COLUMN_FIELD, "net_rx_p99_ns", 16, 0, 0 },
	{ COLUMN_SPARK, NULL, 13, 10, 60 },
	{ COLUMN_END, NULL, 0, 0, 0 },
};

static void node_label(const void *row, char *out, size_t room)
{
	if (cpu_key(row) == GROUP_NO_NODE)
		snprintf(out, room, "no node");
	else
		snprintf(out, room, "node %" PRIu64, cpu_key(row));
}

/* What the rows of CPUs and of nodes have alike */
#define CPU_PANEL                                                       \
	.scope = SCOPE_CPU, .specs = cpu_columns, .spark = "net_rx_ns", \
	.busy = busy_cpu_order, .busy_is_time = true, .key = cpu_key,   \
	.is_idle = cpu_is_idle, .fold_above = CPUS_NOT_FOLDED

static const struct panel_class cpu_class = {
	CPU_PANEL,
	.name = "CPUs",
	.label_title = "CPU",
	.label = cpu_label,
};

static const struct panel_class node_class = {
	CPU_PANEL,	     .name = "nodes", .label_title = "NODE",
	.label = node_label, .sums = true,
};

/* --- NAPI instances --- */

static uint64_t napi_key(const void *row)
{
	return ((const struct napi_row *)row)->id;
}

static uint64_t napi_cpu(const void *row)
{
	return ((const struct napi_row *)row)->cpu;
}

static void napi_label(const void *row, char *out, size_t room)
{
	const struct napi_row *n = row;

	name_in_netns(out, room, n->label, n->netns);
}

static bool napi_is_idle(const void *row)
{
	return !((const struct napi_row *)row)->polls;
}

static bool napi_matches(const void *row, const char *filter)
{
	const struct napi_row *n = row;

	char label[TEXT_ROOM], irq[24] = "";

	napi_label(row, label, sizeof(label));
	if (n->irq != MISSING)
		snprintf(irq, sizeof(irq), "%" PRIu64, n->irq);
	return text_has(label, filter) || text_has(n->poll_func, filter) ||
	       !strcmp(irq, filter);
}

static bool napi_is_alike(const void *a, const void *b)
{
	return napi_key(a) == napi_key(b);
}

static struct field_rows napi_parts(const struct interval *iv, const void *row)
{
	struct napi_row key = { .id = napi_key(row) };
	const void *first = rows_from(&iv->pairs, &key, napi_row_cmp);

	if (!first || !napi_is_alike(first, row))
		return (struct field_rows){ 0 };
	return rows_alike(&iv->pairs, first, napi_is_alike);
}

static struct field_rows napi_on_cpu(const struct interval *iv)
{
	return (struct field_rows){ iv->pairs.rows, iv->pairs.count,
				    iv->pairs.row_size };
}

static const struct column_spec napi_columns[] = {
	{ COLUMN_LABEL, "label", 1, 0, 0 },
	{ COLUMN_FIELD, "cpus", 2, 5, 16 },
	{ COLUMN_FIELD, "poll_ns", 3, 0, 0 },
	{ COLUMN_FIELD, "polls", 4, 0, 0 },
	{ COLUMN_FIELD, "work", 5, 0, 0 },
	{ COLUMN_FIELD, "work_per_poll_milli", 6, 0, 0 },
	{ COLUMN_FIELD, "exhausted", 8, 0, 0 },
	{ COLUMN_FIELD, "ns_per_packet", 9, 0, 0 },
	{ COLUMN_FIELD, "poll_p99_ns", 10, 0, 0 },
	{ COLUMN_FIELD, "sched_p99_ns", 10, 0, 0 },
	{ COLUMN_CONTEXT, NULL, 7, 10, 0 },
	{ COLUMN_OF_ONE, "irq", 11, 0, 0 },
	{ COLUMN_OF_ONE, "poll_func", 12, 16, 30 },
	{ COLUMN_FIELD, "inline_polls", 15, 0, 0 },
	{ COLUMN_FIELD, "ksoftirqd_polls", 13, 0, 0 },
	{ COLUMN_FIELD, "threaded_polls", 14, 0, 0 },
	{ COLUMN_FIELD, "busy_polls", 16, 0, 0 },
	{ COLUMN_SPARK, NULL, 10, 8, 60 },
	{ COLUMN_END, NULL, 0, 0, 0 },
};

/* What one NAPI and the sum of several have alike */
#define NAPI_PANEL                                                             \
	.scope = SCOPE_NAPI, .name = "NAPIs", .specs = napi_columns,           \
	.spark = "polls", .busy = busy_napi_ns, .busy_is_time = true,          \
	.key = napi_key, .cpu = napi_cpu, .label = napi_label,                 \
	.is_idle = napi_is_idle, .matches = napi_matches, .parts = napi_parts, \
	.on_cpu = napi_on_cpu

static const struct panel_class napi_class = {
	NAPI_PANEL,
	.label_title = "NAPI",
};

static const struct panel_class napi_sum_class = {
	NAPI_PANEL,
	.label_title = "NAPIS OF",
	.sums = true,
};

/* --- interrupts --- */

static uint64_t irq_key(const void *row)
{
	return ((const struct irq_row *)row)->id;
}

static uint64_t irq_cpu(const void *row)
{
	return ((const struct irq_row *)row)->cpu;
}

static void irq_label(const void *row, char *out, size_t room)
{
	snprintf(out, room, "%s", ((const struct irq_row *)row)->name);
}

static bool irq_is_idle(const void *row)
{
	return !((const struct irq_row *)row)->count;
}

static bool irq_matches(const void *row, const char *filter)
{
	const struct irq_row *irq = row;
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, irq->irq);
	return text_has(irq->name, filter) || !strcmp(number, filter);
}

static bool irq_is_alike(const void *a, const void *b)
{
	const struct irq_row *x = a, *y = b;

	return x->id == y->id && x->irq == y->irq;
}

static struct field_rows irq_parts(const struct interval *iv, const void *row)
{
	struct irq_row key = *(const struct irq_row *)row;
	const void *first;

	key.cpu = 0;
	first = rows_from(&iv->irq_pairs, &key, irq_row_cmp);
	if (!first || !irq_is_alike(first, row))
		return (struct field_rows){ 0 };
	return rows_alike(&iv->irq_pairs, first, irq_is_alike);
}

static const struct column_spec irq_columns[] = {
	{ COLUMN_OF_ONE, "irq", 1, 0, 0 },
	{ COLUMN_LABEL, "name", 1, 12, 40 },
	{ COLUMN_FIELD, "per_cpu", 4, 5, 16 },
	{ COLUMN_FIELD, "ns", 3, 0, 0 },
	{ COLUMN_FIELD, "count", 2, 0, 0 },
	{ COLUMN_FIELD, "p99_ns", 6, 0, 0 },
	{ COLUMN_FIELD, "count_kernel", 7, 0, 0 },
	{ COLUMN_OF_ONE, "flow", 8, 7, 8 },
	{ COLUMN_OF_ONE, "napis", 5, 14, 40 },
	{ COLUMN_SPARK, NULL, 6, 9, 60 },
	{ COLUMN_END, NULL, 0, 0, 0 },
};

/* What one interrupt and the sum of several have alike */
#define IRQ_PANEL                                                       \
	.scope = SCOPE_IRQ, .name = "interrupts", .specs = irq_columns, \
	.spark = "count", .busy = busy_irq_ns, .busy_is_time = true,    \
	.key = irq_key, .cpu = irq_cpu, .label = irq_label,             \
	.is_idle = irq_is_idle, .matches = irq_matches, .parts = irq_parts

static const struct panel_class irq_class = {
	IRQ_PANEL,
	.label_title = "INTERRUPT",
};

static const struct panel_class irq_sum_class = {
	IRQ_PANEL,
	.label_title = "INTERRUPTS OF",
	.sums = true,
};

/* --- devices --- */

/* Both numbers have 32 bits in the kernel. */
static uint64_t dev_key(const void *row)
{
	const struct dev_row *d = row;

	return d->netns_ino << 32 ^ d->ifindex;
}

static void dev_label(const void *row, char *out, size_t room)
{
	const struct dev_row *d = row;

	name_in_netns(out, room, d->dev, d->netns);
}

static bool dev_is_idle(const void *row)
{
	return !rows_grew(SCOPE_DEV, row) &&
	       !((const struct dev_row *)row)->polls;
}

static bool dev_matches(const void *row, const char *filter)
{
	char label[TEXT_ROOM];

	dev_label(row, label, sizeof(label));
	return text_has(label, filter);
}

static const struct column_spec dev_columns[] = {
	{ COLUMN_LABEL, "dev", 1, 0, 0 },
	{ COLUMN_NEVER, "netns", 0, 0, 0 },
	{ COLUMN_FIELD, "poll_ns", 7, 0, 0 },
	{ COLUMN_FIELD, "polls", 8, 0, 0 },
	{ COLUMN_FIELD, "work", 9, 0, 0 },
	{ COLUMN_FIELD, "rx_packets", 2, 0, 0 },
	{ COLUMN_FIELD, "tx_packets", 3, 0, 0 },
	{ COLUMN_FIELD, "rx_missed", 4, 0, 0 },
	{ COLUMN_FIELD, "rx_dropped", 5, 0, 0 },
	{ COLUMN_FIELD, "rx_fifo", 10, 0, 0 },
	{ COLUMN_FIELD, "tx_dropped", 6, 0, 0 },
	{ COLUMN_SPARK, NULL, 11, 10, 60 },
	{ COLUMN_END, NULL, 0, 0, 0 },
};

static const struct panel_class dev_class = {
	.scope = SCOPE_DEV,
	.name = "devices",
	.label_title = "DEVICE",
	.specs = dev_columns,
	.spark = "rx_packets",
	.busy = busy_dev_packets,
	.key = dev_key,
	.label = dev_label,
	.is_idle = dev_is_idle,
	.matches = dev_matches,
};

/* Of a node there are no devices, of a device no CPUs: they stay what they are. */
const struct panel_class *panels_class_of(enum panel_id id, enum grouping by)
{
	static const struct panel_class *const classes[NR_GROUPINGS][NR_PANELS] = {
		[GROUP_NONE] = {
			[PANEL_CPU] = &cpu_class,
			[PANEL_NAPI] = &napi_class,
			[PANEL_IRQ] = &irq_class,
			[PANEL_DEV] = &dev_class,
		},
		[GROUP_NODE] = {
			[PANEL_CPU] = &node_class,
			[PANEL_NAPI] = &napi_sum_class,
			[PANEL_IRQ] = &irq_sum_class,
			[PANEL_DEV] = &dev_class,
		},
		[GROUP_DEV] = {
			[PANEL_CPU] = &cpu_class,
			[PANEL_NAPI] = &napi_sum_class,
			[PANEL_IRQ] = &irq_sum_class,
			[PANEL_DEV] = &dev_class,
		},
	};

	return classes[by][id];
}

const struct panel_class *panels_class(enum panel_id id)
{
	return panels_class_of(id, GROUP_NONE);
}
