// SPDX-License-Identifier: GPL-2.0-or-later
/* See list.h. */
#include "model/list.h"

#include <string.h>

#include "model/interval.h"

static void list_emit_number(field_emit_fn emit, void *arg, uint64_t number)
{
	struct field_item item = { .numbers = { number }, .nr_numbers = 1 };

	emit(arg, &item);
}

static void list_emit_text(field_emit_fn emit, void *arg, const char *text)
{
	struct field_item item = { .text = text };

	emit(arg, &item);
}

void list_napi_cpus(const struct interval *iv, const void *row,
		    field_emit_fn emit, void *arg)
{
	const struct napi_row *napi = row, *pair;
	struct napi_row key = { .id = napi->id };
	size_t i = table_from(&iv->pairs, &key, napi_row_cmp);

	for (; i < iv->pairs.count; i++) {
		pair = table_at(&iv->pairs, i);
		if (pair->id != napi->id)
			break;
		if (pair->polls)
			list_emit_number(emit, arg, pair->cpu);
	}
}

void list_napi_inferred(const struct interval *iv, const void *row,
			field_emit_fn emit, void *arg)
{
	const struct napi_row *napi = row;

	(void)iv;
	if (napi->inferred & INFERRED_SESSIONS)
		list_emit_text(emit, arg, "sessions");
	if (napi->inferred & INFERRED_IRQ && napi->irq != MISSING)
		list_emit_text(emit, arg, "irq");
	if (napi->inferred & INFERRED_POLL_NS && napi->poll_ns != MISSING)
		list_emit_text(emit, arg, "poll_ns");
}

void list_irq_cpus(const struct interval *iv, const void *row,
		   field_emit_fn emit, void *arg)
{
	const struct irq_row *irq = row, *pair;
	struct irq_row key = { .irq = irq->irq, .id = irq->id };
	size_t i = table_from(&iv->irq_pairs, &key, irq_row_cmp);

	for (; i < iv->irq_pairs.count; i++) {
		struct field_item item = { .nr_numbers = 3 };

		pair = table_at(&iv->irq_pairs, i);
		if (pair->id != irq->id || pair->irq != irq->irq)
			break;
		item.numbers[0] = pair->cpu;
		item.numbers[1] = pair->count;
		item.numbers[2] = pair->ns;
		if (pair->count)
			emit(arg, &item);
	}
}

/* Rows over all CPUs may be sorted by anything: pairs are not. */
uint64_t list_irq_twins(const struct interval *iv, const struct irq_row *irq)
{
	const struct irq_row key = { .irq = irq->irq },
			     *pairs = iv->irq_pairs.rows;
	size_t i = table_from(&iv->irq_pairs, &key, irq_row_cmp);
	uint64_t last = irq->id, twins = 0;

	for (; i < iv->irq_pairs.count && pairs[i].irq == irq->irq &&
	       pairs[i].id != irq->id;
	     i++) {
		if (pairs[i].id != last)
			twins += !strcmp(pairs[i].name, irq->name);
		last = pairs[i].id;
	}
	return twins;
}

void list_irq_napis(const struct interval *iv, const void *row,
		    field_emit_fn emit, void *arg)
{
	const struct irq_row *irq = row;
	struct napi_refs napis = napi_index_of_irq(&iv->index, irq->irq);
	const struct napi_row *napi;
	size_t i;

	napi_refs_for_each (napis, i, napi)
		list_emit_text(emit, arg, napi->label);
}
