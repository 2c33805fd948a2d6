// SPDX-License-Identifier: GPL-2.0-or-later
/* See total_irq.h. */
#include "model/total_irq.h"

#include <errno.h>
#include <string.h>

#include "model/hist.h"
#include "model/total_name.h"

static int irq_cmp(const void *a, const void *b)
{
	const struct total_irq *x = a, *y = b;

	if (x->irq != y->irq)
		return x->irq < y->irq ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* --- lines ----------------------------------------------------------------- */

/* What is known of the cells of a line, each of them one CPU's. */
static uint64_t line_sum(const struct table *lines, uint64_t irq)
{
	const struct line_row key = { .irq = irq }, *rows = lines->rows;
	size_t i = table_from(lines, &key, line_row_cmp);
	uint64_t sum = MISSING;

	for (; i < lines->count && rows[i].irq == irq; i++)
		sum = value_add(sum, rows[i].count);
	return sum;
}

/* Was it counted to an action before? */
static bool line_is_known(const struct total *t, uint64_t irq)
{
	const struct total_irq key = { .irq = irq }, *rows = t->irqs.rows;
	size_t i = table_from(&t->irqs, &key, irq_cmp);

	for (; i < t->irqs.count && rows[i].irq == irq; i++)
		if (rows[i].count_kernel != MISSING)
			return true;
	return false;
}

static int irq_take(struct total *t, struct table *fresh,
		    const struct irq_row *irq, uint64_t grown, uint64_t now_ns)
{
	const struct total_irq row = { .irq = irq->irq,
				       .id = total_irq_id(irq),
				       .count_kernel = MISSING };
	struct total_irq *at = table_find(&t->irqs, &row, irq_cmp);

	if (!at && !irq->count)
		return 0;
	if (!at) {
		at = table_add(fresh);
		if (!at)
			return -ENOMEM;
		*at = row;
	}
	if (irq->count)
		at->grew_ns = now_ns;
	/* One that was requested again has two rows. */
	if (grown == MISSING || at->taken_ns == now_ns)
		return 0;
	at->taken_ns = now_ns;
	at->count_kernel = value_add(at->count_kernel, grown);
	return 0;
}

/* Of a line that is new its count from boot, of others its growth. */
static int irqs_take(struct total *t, struct table *fresh,
		     const struct interval *iv, const struct snapshot *now)
{
	const struct irq_row *irq = iv->irqs.rows, *next;
	const struct irq_row *end = table_at(&iv->irqs, iv->irqs.count);
	uint64_t grown;
	bool ran;

	for (; irq < end;) {
		next = irqs_of_line(irq, end, &ran);
		grown = line_sum(line_is_known(t, irq->irq) ? &iv->lines :
							      &now->lines,
				 irq->irq);
		for (; irq < next; irq++)
			if (irq_take(t, fresh, irq,
				     irq_is_dead(irq, ran) ? MISSING : grown,
				     now->mono_ns))
				return -ENOMEM;
	}
	return 0;
}

/* Each has all of the line. */
static void irq_merge(void *to, const void *from)
{
	struct total_irq *sum = to;
	const struct total_irq *row = from;

	if (sum->count_kernel == MISSING)
		sum->count_kernel = row->count_kernel;
	if (sum->grew_ns < row->grew_ns)
		sum->grew_ns = row->grew_ns;
}

static int irqs_add(struct table *irqs, struct table *fresh)
{
	const struct total_irq *row;
	struct total_irq *at;

	if (!fresh->count)
		return 0;
	table_merge(fresh, irq_cmp, irq_merge);
	table_for_each (fresh, row) {
		at = table_add(irqs);
		if (!at)
			return -ENOMEM;
		*at = *row;
	}
	table_sort(irqs, irq_cmp);
	return 0;
}

/* In the first pair of each action, for they are added up. */
static void irqs_tell(struct total *t)
{
	const struct total_irq *irq = NULL, *before;
	struct irq_row *pair;

	table_for_each (&t->sum.irqs, pair) {
		const struct total_irq key = { .irq = pair->irq, .id = pair->id };

		before = irq;
		irq = table_find(&t->irqs, &key, irq_cmp);
		pair->count_kernel =
			irq && irq != before ? irq->count_kernel : MISSING;
	}
}

int total_take_lines(struct total *t, const struct interval *iv,
		     const struct snapshot *now)
{
	struct table fresh = TABLE_INIT(struct total_irq);
	int err = irqs_take(t, &fresh, iv, now);

	if (!err)
		err = irqs_add(&t->irqs, &fresh);
	table_fini(&fresh);
	irqs_tell(t);
	return err;
}

/* --- forgetting ------------------------------------------------------------ */

static bool irq_is_idle(const struct total_irq *irq, uint64_t now_ns)
{
	return now_ns - irq->grew_ns >= TOTAL_FORGET_NS;
}

/* Does another action of its irq run?  Rows of one irq are neighbours. */
static bool irq_is_anothers(const struct total *t, const struct total_irq *irq,
			    uint64_t now_ns)
{
	const struct total_irq *rows = t->irqs.rows;
	const struct total_irq key = { .irq = irq->irq };
	size_t i = table_from(&t->irqs, &key, irq_cmp);

	for (; i < t->irqs.count && rows[i].irq == irq->irq; i++)
		if (!irq_is_idle(&rows[i], now_ns))
			return true;
	return false;
}

/* Where there are no lines at all they are hidden. */
static bool irq_is_gone(const struct total *t, const struct total_irq *irq,
			const struct snapshot *now)
{
	if (!now->lines.count || !irq_is_idle(irq, now->mono_ns))
		return false;
	return line_sum(&now->lines, irq->irq) == MISSING ||
	       irq_is_anothers(t, irq, now->mono_ns);
}

static bool irq_has_row(const struct total *t, uint64_t irq, uint64_t id)
{
	const struct total_irq key = { .irq = irq, .id = id };

	return table_find(&t->irqs, &key, irq_cmp);
}

static void irqs_drop(struct total *t)
{
	struct irq_row *pairs = t->sum.irqs.rows;
	struct hist_row *hists = t->sum.hists.rows;
	size_t i, kept = 0;

	for (i = 0; i < t->sum.irqs.count; i++)
		if (irq_has_row(t, pairs[i].irq, pairs[i].id))
			pairs[kept++] = pairs[i];
	t->sum.irqs.count = kept;
	for (i = 0, kept = 0; i < t->sum.hists.count; i++) {
		if (hist_kinds[hists[i].kind].scope == SCOPE_IRQ &&
		    !irq_has_row(t, hists[i].irq, hists[i].id))
			continue;
		if (kept != i)
			hists[kept] = hists[i];
		kept++;
	}
	t->sum.hists.count = kept;
}

void total_forget_irqs(struct total *t, const struct snapshot *now)
{
	struct total_irq *irq, *rows = t->irqs.rows;
	size_t i, kept = 0;

	/* In two steps: whose a line is now is looked for among all of them. */
	table_for_each (&t->irqs, irq)
		irq->gone = irq_is_gone(t, irq, now);
	for (i = 0; i < t->irqs.count; i++)
		if (!rows[i].gone)
			rows[kept++] = rows[i];
	if (kept == t->irqs.count)
		return;
	t->irqs.count = kept;
	irqs_drop(t);
}
