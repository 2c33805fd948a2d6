// SPDX-License-Identifier: GPL-2.0-or-later
/* See settle.h. */
#include "collect/settle.h"

#include "model/field.h"

void settle_begin(struct settle *s, unsigned int tries, uint64_t now_ns)
{
	s->left = tries;
	s->end_ns = now_ns + (tries > SETTLE_BETWEEN ? tries * SETTLE_TRY_NS :
						       SETTLE_BETWEEN_NS);
}

bool settle_again(struct settle *s, uint64_t now_ns)
{
	if (s->left)
		s->left--;
	return s->left && now_ns < s->end_ns;
}

/* --- one instant -------------------------------------------------------------- */

/* The kernel's counters have 32 bits.  What is not traced must stand still. */
static bool grew_alike(const uint64_t kernel[2], const uint64_t traced[2])
{
	uint32_t grown = kernel[1] - kernel[0];

	return traced[0] == MISSING ? !grown :
				      grown == (uint32_t)(traced[1] - traced[0]);
}

static bool cpu_agrees(const struct cpu_row *a, const struct cpu_row *b)
{
	unsigned int v;

	for (v = 0; v < NAPI_NR_VECS; v++) {
		const uint64_t kernel[] = { a->softirqs_kernel[v],
					    b->softirqs_kernel[v] };
		const uint64_t traced[] = { a->softirqs[v], b->softirqs[v] };

		if (!grew_alike(kernel, traced))
			return false;
	}
	return a->softnet_squeezed == b->softnet_squeezed &&
	       a->squeeze_budget == b->squeeze_budget &&
	       a->squeeze_time == b->squeeze_time &&
	       a->squeeze_both == b->squeeze_both;
}

static bool irq_is_traced(const struct snapshot *s, uint64_t irq)
{
	const struct irq_row *row;

	table_for_each (&s->irqs, row)
		if (row->irq == irq)
			return true;
	return false;
}

/*
 * Where the timer of a CPU has a number (arm64) its line always grows, on each CPU: it
 * is nobody's to compare with, and asked for once.  Both are in the order of irq and CPU.
 */
static bool lines_agree(const struct snapshot *a, const struct snapshot *b)
{
	const struct line_row *x = a->lines.rows, *y = b->lines.rows;
	const size_t nx = a->lines.count, ny = b->lines.count;
	uint64_t irq, nobodys = MISSING;
	size_t i = 0, j = 0;
	int order;

	while (i < nx || j < ny) {
		order = i == nx ? 1 : j == ny ? -1 : line_row_cmp(&x[i], &y[j]);
		irq = order > 0 ? y[j].irq : x[i].irq;
		if (irq != nobodys && (order || x[i].count != y[j].count)) {
			if (irq_is_traced(b, irq))
				return false;
			nobodys = irq;
		}
		i += order <= 0;
		j += order >= 0;
	}
	return true;
}

static bool irqs_agree(const struct snapshot *a, const struct snapshot *b)
{
	const struct irq_row *x = a->irqs.rows, *y = b->irqs.rows;
	size_t i;

	if (a->irqs.count != b->irqs.count || !lines_agree(a, b))
		return false;
	for (i = 0; i < a->irqs.count; i++)
		if (x[i].irq != y[i].irq || x[i].cpu != y[i].cpu ||
		    x[i].count != y[i].count)
			return false;
	return true;
}

bool settle_agrees(const struct snapshot *a, const struct snapshot *b)
{
	const struct cpu_row *x = a->cpus.rows, *y = b->cpus.rows;
	size_t i;

	for (i = 0; i < a->cpus.count; i++)
		if (!cpu_agrees(&x[i], &y[i]))
			return false;
	return irqs_agree(a, b);
}
