// SPDX-License-Identifier: GPL-2.0-or-later
/* See summary.h. */
#include "tui/summary.h"

#include <string.h>

#include "tui/busy.h"

/* What no CPU knows stays MISSING, and is not zero. */
static void summary_start(struct cpu_row *sum)
{
	const struct field *f;

	memset(sum, 0, sizeof(*sum));
	rows_missing(SCOPE_CPU, sum);
	for (f = field_table(SCOPE_CPU); f->name; f++)
		if (f->kind == FIELD_DERIVED)
			*(uint64_t *)((char *)sum + f->offset) = MISSING;
}

static void summary_find_cpu(struct summary *s, const struct interval *iv)
{
	const struct cpu_row *c;

	table_for_each (&iv->cpus, c)
		if (!s->cpu || busy_cpu_order(c) > busy_cpu_order(s->cpu))
			s->cpu = c;
}

static void summary_find_napi(struct summary *s, const struct interval *iv)
{
	const struct napi_row *n;

	if (!s->cpu)
		return;
	table_for_each (&iv->pairs, n) {
		if (n->cpu != s->cpu->cpu || !n->polls)
			continue;
		if (!s->napi || busy_napi_ns(n) > busy_napi_ns(s->napi))
			s->napi = n;
	}
}

static uint64_t summary_lost(const struct interval *iv)
{
	const struct field *f;
	uint64_t lost = 0;

	for (f = field_table(SCOPE_LOST); f->name; f++)
		lost = value_add(lost, field_u64(f, &iv->lost));
	return lost;
}

void summary_make(struct summary *s, const struct interval *iv)
{
	const struct cpu_row *c;

	memset(s, 0, sizeof(*s));
	summary_start(&s->sum);
	table_for_each (&iv->cpus, c) {
		rows_sum(SCOPE_CPU, &s->sum, c);
		rows_sum_derived(SCOPE_CPU, &s->sum, c);
		if (c->squeeze_budget == MISSING)
			s->unknown = value_add(s->unknown, c->softnet_squeezed);
	}
	s->squeezes =
		value_add(value_add(s->sum.squeeze_budget, s->sum.squeeze_time),
			  s->sum.squeeze_both);
	s->lost = summary_lost(iv);
	summary_find_cpu(s, iv);
	summary_find_napi(s, iv);
}
