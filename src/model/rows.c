// SPDX-License-Identifier: GPL-2.0-or-later
/* Order of rows, and arithmetic on them as the field table says. */
#include "model/field.h"

#include <string.h>

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

uint64_t host_more_slots(const struct host_row *host)
{
	uint64_t slots = host->slots == MISSING ? 0 : host->slots;

	if (host->irq_slots != MISSING && host->irq_slots > slots)
		slots = host->irq_slots;
	return 2 * slots;
}

int cpu_row_cmp(const void *a, const void *b)
{
	const struct cpu_row *x = a, *y = b;

	return COMPARE(x->cpu, y->cpu);
}

int napi_row_cmp(const void *a, const void *b)
{
	const struct napi_row *x = a, *y = b;

	return x->id != y->id ? COMPARE(x->id, y->id) : COMPARE(x->cpu, y->cpu);
}

int irq_row_cmp(const void *a, const void *b)
{
	const struct irq_row *x = a, *y = b;

	if (x->irq != y->irq)
		return COMPARE(x->irq, y->irq);
	return x->id != y->id ? COMPARE(x->id, y->id) : COMPARE(x->cpu, y->cpu);
}

int line_row_cmp(const void *a, const void *b)
{
	const struct line_row *x = a, *y = b;

	return x->irq != y->irq ? COMPARE(x->irq, y->irq) :
				  COMPARE(x->cpu, y->cpu);
}

int dev_row_cmp(const void *a, const void *b)
{
	const struct dev_row *x = a, *y = b;

	if (x->netns_ino != y->netns_ino)
		return COMPARE(x->netns_ino, y->netns_ino);
	return COMPARE(x->ifindex, y->ifindex);
}

int told_row_cmp(const void *a, const void *b)
{
	const struct told_row *x = a, *y = b;

	if (x->netns_ino != y->netns_ino)
		return COMPARE(x->netns_ino, y->netns_ino);
	return COMPARE(x->napi_id, y->napi_id);
}

int state_row_cmp(const void *a, const void *b)
{
	const struct state_row *x = a, *y = b;

	return COMPARE(x->id, y->id);
}

int probe_row_cmp(const void *a, const void *b)
{
	const struct probe_row *x = a, *y = b;

	return COMPARE(x->id, y->id);
}

int program_row_cmp(const void *a, const void *b)
{
	const struct program_row *x = a, *y = b;

	return COMPARE(x->id, y->id);
}

int config_row_cmp(const void *a, const void *b)
{
	const struct config_row *x = a, *y = b;

	return strcmp(x->path, y->path);
}

const struct irq_row *irqs_of_line(const struct irq_row *first,
				   const struct irq_row *end, bool *ran)
{
	const struct irq_row *irq;

	*ran = false;
	for (irq = first; irq < end && irq->irq == first->irq; irq++)
		*ran |= irq->count && irq->count != MISSING;
	return irq;
}

bool irq_is_dead(const struct irq_row *irq, bool ran)
{
	return irq->id == IRQ_GONE(irq->irq) || (ran && !irq->count);
}

/* The numbers of a counter field: one, or one per vector; 0: no counter. */
static unsigned int field_nr_counters(const struct field *f)
{
	switch (f->kind) {
	case FIELD_COUNTER:
	case FIELD_COUNTER32:
		return 1;
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		return NAPI_NR_VECS;
	default:
		return 0;
	}
}

static bool field_wraps(const struct field *f)
{
	return f->kind == FIELD_COUNTER32 || f->kind == FIELD_VECTOR32;
}

void rows_unwrap(enum field_scope scope, void *now, const void *before)
{
	const struct field *f;
	unsigned int i, n;
	uint64_t *to, was;

	for (f = field_table(scope); f->name; f++) {
		n = field_wraps(f) ? field_nr_counters(f) : 0;
		to = (uint64_t *)((char *)now + f->offset);
		for (i = 0; i < n; i++) {
			was = field_vector(f, before)[i];
			if (to[i] != MISSING && was != MISSING)
				to[i] = was + (uint32_t)(to[i] - was);
		}
	}
}

/*
 * Time may step back by the part of a handler that was still running when a
 * run in progress was booked: no growth.  Any other 64-bit counter that went
 * back was reset by its owner, and its growth is not known.
 */
static uint64_t counter_grow(const struct field *f, uint64_t a, uint64_t b)
{
	if (a == MISSING || b == MISSING)
		return MISSING;
	if (field_wraps(f))
		return b > UINT32_MAX && b >= a ? b - a : (uint32_t)(b - a);
	if (b < a)
		return f->unit == UNIT_NS ? 0 : MISSING;
	return b - a;
}

void rows_grow(enum field_scope scope, void *dst, const void *a, const void *b)
{
	const struct field *f;
	uint64_t *to, first;
	unsigned int i, n;

	for (f = field_table(scope); f->name; f++) {
		n = field_nr_counters(f);
		to = (uint64_t *)((char *)dst + f->offset);
		first = f->flags & FIELD_KERNEL ? MISSING : 0;
		for (i = 0; i < n; i++)
			to[i] = counter_grow(f, a ? field_vector(f, a)[i] : first,
					     field_vector(f, b)[i]);
	}
}

void rows_sum(enum field_scope scope, void *dst, const void *src)
{
	const struct field *f;
	unsigned int i, n;
	uint64_t *to;

	for (f = field_table(scope); f->name; f++) {
		n = field_nr_counters(f);
		to = (uint64_t *)((char *)dst + f->offset);
		for (i = 0; i < n; i++)
			to[i] = value_add(to[i], field_vector(f, src)[i]);
	}
}

void rows_sum_derived(enum field_scope scope, void *dst, const void *src)
{
	const struct field *f;
	uint64_t *to;

	for (f = field_table(scope); f->name; f++) {
		if (f->kind != FIELD_DERIVED || f->flags & FIELD_RATIO)
			continue;
		to = (uint64_t *)((char *)dst + f->offset);
		*to = value_add(*to, field_u64(f, src));
	}
}

void rows_missing(enum field_scope scope, void *row)
{
	const struct field *f;
	unsigned int i, n;

	for (f = field_table(scope); f->name; f++) {
		n = f->kind == FIELD_MAX ? 1 : field_nr_counters(f);
		for (i = 0; i < n; i++)
			((uint64_t *)((char *)row + f->offset))[i] = MISSING;
	}
}

void rows_take_kernel(enum field_scope scope, void *dst, const void *src)
{
	const struct field *f;

	for (f = field_table(scope); f->name; f++)
		if (f->flags & FIELD_KERNEL)
			memcpy((char *)dst + f->offset,
			       (const char *)src + f->offset,
			       field_nr_counters(f) * sizeof(uint64_t));
}

static uint64_t counter_follow(uint64_t sum, uint64_t growth, uint64_t raw)
{
	if (sum == MISSING)
		return raw;
	if (growth != MISSING)
		return sum + growth;
	return raw != MISSING && raw > sum ? raw : sum;
}

void rows_follow_kernel(enum field_scope scope, void *dst, const void *growth,
			const void *raw)
{
	const struct field *f;
	unsigned int i, n;
	uint64_t *to;

	for (f = field_table(scope); f->name; f++) {
		n = f->flags & FIELD_KERNEL ? field_nr_counters(f) : 0;
		to = (uint64_t *)((char *)dst + f->offset);
		for (i = 0; i < n; i++)
			to[i] = counter_follow(to[i], field_vector(f, growth)[i],
					       field_vector(f, raw)[i]);
	}
}

uint64_t poll_ns_add(uint64_t a, uint64_t polls_a, uint64_t b, uint64_t polls_b)
{
	if (!polls_b)
		return a;
	return polls_a ? value_add(a, b) : b;
}

bool rows_grew(enum field_scope scope, const void *row)
{
	const struct field *f;
	unsigned int i, n;

	for (f = field_table(scope); f->name; f++) {
		n = field_nr_counters(f);
		for (i = 0; i < n; i++)
			if (field_vector(f, row)[i] &&
			    field_vector(f, row)[i] != MISSING)
				return true;
	}
	return false;
}
