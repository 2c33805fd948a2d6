// SPDX-License-Identifier: GPL-2.0-or-later
/* See line.h. */
#include "model/line.h"

#include <errno.h>
#include <string.h>

#include "model/interval.h"

/* The CPU was online, so that its column was there. */
static bool cpu_had_column(const struct snapshot *s, uint64_t cpu)
{
	struct cpu_row key = { .cpu = cpu };
	const struct cpu_row *row = table_find(&s->cpus, &key, cpu_row_cmp);

	return row && row->softnet_processed != MISSING;
}

static bool irq_had_line(const struct snapshot *s, uint64_t irq)
{
	const struct line_row key = { .irq = irq }, *rows = s->lines.rows;
	size_t i = table_from(&s->lines, &key, line_row_cmp);

	return i < s->lines.count && rows[i].irq == irq;
}

/* No CPU takes an interrupt in so short a time. */
#define LINE_LEAST_NS 100

/*
 * A row that appears counts from zero, unless its line or its column was not
 * shown before: then it counts from boot.  A count that went back was reset
 * with its descriptor.
 */
static void lines_check(struct interval *iv, const struct snapshot *a)
{
	struct line_row *line;

	table_for_each (&iv->lines, line) {
		if (line->count > INT32_MAX ||
		    line->count > iv->ns / LINE_LEAST_NS)
			line->count = MISSING;
		if (table_find(&a->lines, line, line_row_cmp))
			continue;
		if (!irq_had_line(a, line->irq) || !cpu_had_column(a, line->cpu))
			line->count = MISSING;
	}
}

/*
 * A CPU that goes offline takes its column with it, and a descriptor that is made anew
 * its counts: what was counted there since a is in no line of b, and what the line grew
 * by is not known.
 */
static int lines_add_lost(struct interval *iv, const struct snapshot *a,
			  const struct snapshot *b)
{
	const struct line_row *now = b->lines.rows, *line;
	const struct line_row *end = table_at(&b->lines, b->lines.count);
	const size_t known = iv->lines.count;
	struct line_row *lost;

	table_for_each (&a->lines, line) {
		while (now < end && line_row_cmp(now, line) < 0)
			now++;
		if (now < end && !line_row_cmp(now, line))
			continue;
		if ((!line->count && cpu_had_column(b, line->cpu)) ||
		    !irq_had_line(b, line->irq))
			continue;
		lost = table_add(&iv->lines);
		if (!lost)
			return -ENOMEM;
		*lost = *line;
		lost->count = MISSING;
	}
	if (iv->lines.count > known)
		table_sort(&iv->lines, line_row_cmp);
	return 0;
}

int lines_settle(struct interval *iv, const struct snapshot *a,
		 const struct snapshot *b)
{
	lines_check(iv, a);
	return lines_add_lost(iv, a, b);
}

static void irqs_forget_dead(struct interval *iv)
{
	const struct irq_row *end = table_at(&iv->irqs, iv->irqs.count), *next;
	struct irq_row *irq = iv->irqs.rows;
	bool ran;

	while (irq < end) {
		next = irqs_of_line(irq, end, &ran);
		for (; irq < next; irq++)
			if (irq_is_dead(irq, ran))
				irq->count_kernel = MISSING;
	}
}

/* Both are sorted by irq. */
void irqs_add_lines(struct interval *iv)
{
	struct irq_row *irq;
	struct line_row *line = iv->lines.rows;
	const struct line_row *end = table_at(&iv->lines, iv->lines.count);
	const struct line_row *l;

	table_for_each (&iv->irqs, irq) {
		for (; line < end && line->irq < irq->irq; line++)
			;
		irq->count_kernel =
			line < end && line->irq == irq->irq ? 0 : MISSING;
		for (l = line; l < end && l->irq == irq->irq; l++) {
			memcpy(irq->flow, l->flow, sizeof(irq->flow));
			if (l->count == MISSING || irq->count_kernel == MISSING)
				irq->count_kernel = MISSING;
			else
				irq->count_kernel += l->count;
		}
	}
	irqs_forget_dead(iv);
}
