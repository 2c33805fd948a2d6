// SPDX-License-Identifier: GPL-2.0-or-later
/* See list.h. */
#include "model/list.h"

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

	table_for_each (&iv->pairs, pair)
		if (pair->id == napi->id && pair->polls)
			list_emit_number(emit, arg, pair->cpu);
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

	table_for_each (&iv->irq_pairs, pair) {
		struct field_item item = {
			.numbers = { pair->cpu, pair->count, pair->ns },
			.nr_numbers = 3,
		};

		if (pair->id == irq->id && pair->irq == irq->irq && pair->count)
			emit(arg, &item);
	}
}

void list_irq_napis(const struct interval *iv, const void *row,
		    field_emit_fn emit, void *arg)
{
	const struct irq_row *irq = row;
	const struct napi_row *napi;

	table_for_each (&iv->napis, napi)
		if (napi->irq == irq->irq)
			list_emit_text(emit, arg, napi->label);
}
