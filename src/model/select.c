// SPDX-License-Identifier: GPL-2.0-or-later
/* See select.h. */
#include "model/select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/hist.h"

typedef bool (*select_fn)(const void *row, const void *arg);

static bool select_cpu(const struct selection *sel, uint64_t cpu)
{
	return !sel->cpus || cpuset_has(sel->cpus, cpu);
}

static bool select_cpu_row(const void *row, const void *sel)
{
	return select_cpu(sel, ((const struct cpu_row *)row)->cpu);
}

static bool select_napi_row(const void *row, const void *arg)
{
	const struct selection *sel = arg;
	const struct napi_row *n = row;

	return select_cpu(sel, n->cpu) &&
	       (!sel->dev || !strcmp(n->dev, sel->dev));
}

static bool select_irq_row(const void *row, const void *sel)
{
	return select_cpu(sel, ((const struct irq_row *)row)->cpu);
}

static bool select_line_row(const void *row, const void *sel)
{
	return select_cpu(sel, ((const struct line_row *)row)->cpu);
}

static bool select_dev_row(const void *row, const void *arg)
{
	const struct selection *sel = arg;
	const struct dev_row *d = row;

	return !sel->dev || !strcmp(d->dev, sel->dev);
}

/* With the NAPI or the CPU that it is of, which are selected before. */
static bool select_hist_row(const void *row, const void *arg)
{
	const struct snapshot *s = arg;
	const struct hist_row *h = row;
	struct napi_row napi = { .id = h->id, .cpu = h->cpu };
	struct cpu_row cpu = { .cpu = h->cpu };

	if (hist_kinds[h->kind].scope == SCOPE_NAPI)
		return table_find(&s->pairs, &napi, napi_row_cmp);
	return table_find(&s->cpus, &cpu, cpu_row_cmp);
}

static void table_select(struct table *t, select_fn wanted, const void *arg)
{
	size_t i, kept = 0;

	for (i = 0; i < t->count; i++) {
		if (!wanted(table_at(t, i), arg))
			continue;
		if (kept != i)
			memcpy(table_at(t, kept), table_at(t, i), t->row_size);
		kept++;
	}
	t->count = kept;
}

int selection_check(const struct snapshot *s, const struct selection *sel)
{
	const struct napi_row *napi;
	const struct cpu_row *cpu;
	const struct dev_row *dev;
	bool found = !sel->cpus;

	table_for_each (&s->cpus, cpu)
		found = found || select_cpu(sel, cpu->cpu);
	if (!found)
		return -ENXIO;
	found = !sel->dev;
	table_for_each (&s->devs, dev)
		found = found || select_dev_row(dev, sel);
	table_for_each (&s->pairs, napi)
		found = found || !strcmp(napi->dev, sel->dev);
	return found ? 0 : -ENODEV;
}

void snapshot_select(struct snapshot *s, const struct selection *sel)
{
	if (!selection_is_any(sel))
		return;
	table_select(&s->cpus, select_cpu_row, sel);
	table_select(&s->pairs, select_napi_row, sel);
	table_select(&s->irqs, select_irq_row, sel);
	table_select(&s->lines, select_line_row, sel);
	table_select(&s->devs, select_dev_row, sel);
	table_select(&s->hists, select_hist_row, s);
}

void snapshots_select(struct snapshot *a, struct snapshot *b,
		      const struct selection *sel)
{
	const struct napi_row *napi;
	const struct dev_row *dev;
	struct napi_row *n;
	struct dev_row *d;

	table_for_each (&a->pairs, n) {
		napi = table_find(&b->pairs, n, napi_row_cmp);
		if (napi)
			memcpy(n->dev, napi->dev, sizeof(n->dev));
	}
	table_for_each (&a->devs, d) {
		dev = table_find(&b->devs, d, dev_row_cmp);
		if (dev)
			memcpy(d->dev, dev->dev, sizeof(d->dev));
	}
	snapshot_select(a, sel);
	snapshot_select(b, sel);
}

static int value_cmp_down(const void *a, const void *b, void *arg)
{
	const struct field *f = arg;
	uint64_t x = field_u64(f, a) + 1, y = field_u64(f, b) + 1;

	/* MISSING + 1 is 0: last. */
	return (x < y) - (x > y);
}

static bool field_is_number(const struct field *f)
{
	switch (f->kind) {
	case FIELD_KEY:
	case FIELD_COUNTER:
	case FIELD_COUNTER32:
	case FIELD_MAX:
	case FIELD_DERIVED:
		return true;
	default:
		return false;
	}
}

int interval_sort(struct interval *iv, const char *name)
{
	struct {
		enum field_scope scope;
		struct table *table;
	} tables[] = {
		{ SCOPE_CPU, &iv->cpus },
		{ SCOPE_NAPI, &iv->napis },
		{ SCOPE_IRQ, &iv->irqs },
		{ SCOPE_DEV, &iv->devs },
	};
	const struct field *f;
	int found = -ENOENT;
	unsigned int i;

	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		f = field_find(tables[i].scope, name);
		if (!f || !field_is_number(f))
			continue;
		found = 0;
		if (tables[i].table->count > 1)
			qsort_r(tables[i].table->rows, tables[i].table->count,
				tables[i].table->row_size, value_cmp_down,
				(void *)f);
	}
	/* Rows that moved are found again. */
	if (!found && napi_index_make(&iv->index, iv))
		found = -ENOMEM;
	return found;
}
