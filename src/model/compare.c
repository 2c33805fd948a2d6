// SPDX-License-Identifier: GPL-2.0-or-later
/* See compare.h. */
#include "model/compare.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"

/* With fewer intervals nobody can tell change from noise. */
#define COMPARE_INTERVALS 3
/* The wall clock is set by no more than this while a machine runs. */
#define COMPARE_BOOT_NS 2000000000

/* --- rows --- */

static int row_cmp_group(const struct compare_row *x, const struct compare_row *y)
{
	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	return strcmp(x->group, y->group);
}

static int row_cmp_number(const void *a, const void *b)
{
	const struct compare_row *x = a, *y = b;
	int order = row_cmp_group(x, y);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

static int row_cmp_place(const struct compare_row *x, const struct compare_row *y)
{
	int order = row_cmp_group(x, y);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

void compare_init(struct compare *c)
{
	memset(c, 0, sizeof(*c));
	c->runs[SIDE_A].row_size = sizeof(struct compare_row);
	c->runs[SIDE_B].row_size = sizeof(struct compare_row);
	c->rows.row_size = sizeof(struct compare_row);
}

static void rows_fini(struct table *rows)
{
	struct compare_row *row;

	table_for_each (rows, row)
		table_fini(&row->cells);
	table_fini(rows);
}

void compare_fini(struct compare *c)
{
	rows_fini(&c->runs[SIDE_A]);
	rows_fini(&c->runs[SIDE_B]);
	rows_fini(&c->rows);
}

static bool field_is_compared(const struct field *f)
{
	if (f->flags & FIELD_HIDDEN)
		return false;
	return f->kind == FIELD_COUNTER || f->kind == FIELD_COUNTER32 ||
	       f->kind == FIELD_MAX || f->kind == FIELD_DERIVED;
}

static int row_add_cells(struct compare_row *row)
{
	struct compare_cell *cell;
	const struct field *f;

	row->cells = (struct table)TABLE_INIT(struct compare_cell);
	for (f = field_table(row->scope); f->name; f++) {
		if (!field_is_compared(f))
			continue;
		cell = table_add(&row->cells);
		if (!cell)
			return -ENOMEM;
		cell->field = f;
	}
	return 0;
}

/* Growth per second, times as a share of one CPU's, quotients as they are. */
static double cell_value(const struct field *f, const struct interval *iv,
			 uint64_t value)
{
	if (f->flags & FIELD_RATIO)
		return (double)value;
	if (f->unit == UNIT_NS)
		return (double)value / (double)iv->ns;
	return interval_rate(iv, value);
}

/*
 * A row appears when it first does something, and goes with its device: where it is not
 * there it did nothing.
 */
static void cell_add_nothing(struct compare_cell *cell, enum compare_side side,
			     uint64_t intervals)
{
	/* Interrupts are counted all the time: only their action came late. */
	if (cell->field->flags & FIELD_RATIO ||
	    (cell->field->flags & FIELD_KERNEL && cell->field->scope != SCOPE_IRQ))
		return;
	moments_add_zeros(&cell->sides[side], intervals);
}

static void row_add_interval(struct compare_row *row, enum compare_side side,
			     const struct interval *iv, const void *at,
			     uint64_t past)
{
	struct compare_cell *cell;
	uint64_t value;

	if (!row->present++)
		row->absent = past;
	table_for_each (&row->cells, cell) {
		value = field_u64(cell->field, at);
		cell->unknown[side] |= value == MISSING;
		if (value == MISSING)
			continue;
		if (!cell->sides[side].count)
			cell_add_nothing(cell, side, row->absent);
		moments_add(&cell->sides[side],
			    cell_value(cell->field, iv, value));
	}
}

/* A time that is known to be none while there was nothing to time only. */
static bool cell_is_unknown(const struct compare_cell *cell,
			    enum compare_side side)
{
	return cell->unknown[side] && cell->field->unit == UNIT_NS &&
	       !(cell->field->flags & FIELD_RATIO) && !cell->sides[side].most;
}

/* When its run is over: what came of it after it had gone. */
static void row_end(struct compare_row *row, enum compare_side side,
		    uint64_t intervals)
{
	struct compare_cell *cell;

	table_for_each (&row->cells, cell) {
		if (cell_is_unknown(cell, side))
			cell->sides[side] = (struct moments){ 0 };
		if (cell->sides[side].count)
			cell_add_nothing(cell, side,
					 intervals - row->absent - row->present);
	}
}

/* --- names that are the same in both runs --- */

/* A row of an interval, as it is known in other ones. */
struct named {
	struct compare_row key; /* without cells */
	const void *at;
};

static int named_cmp(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return row_cmp_number(&x->key, &y->key);
}

static void name_napi(struct compare_row *key, const struct napi_row *n)
{
	const bool is_tx = strstr(n->label, "/tx");

	key->placed = n->queue != MISSING;
	key->number = key->placed ? n->queue : n->napi_id;
	if (n->backlog_cpu != MISSING)
		snprintf(key->group, COMPARE_KEY, "%s", n->label);
	else
		snprintf(key->group, COMPARE_KEY, "%s@%s %s%s", n->dev,
			 n->netns, n->poll_func,
			 !key->placed ? "" :
			 is_tx	      ? " tx queue" :
					" queue");
}

static void name_irq(struct compare_row *key, const struct irq_row *irq)
{
	key->number = irq->irq;
	snprintf(key->group, COMPARE_KEY, "%s", irq->name);
}

static void name_cpu(struct compare_row *key, const struct cpu_row *cpu)
{
	key->placed = true;
	key->number = cpu->cpu;
}

static int names_add_scope(struct table *names, const struct interval *iv,
			   enum field_scope scope)
{
	struct field_rows rows = interval_rows(iv, scope);
	struct named *n;
	size_t i;

	for (i = 0; i < rows.count; i++) {
		n = table_add(names);
		if (!n)
			return -ENOMEM;
		n->at = (const char *)rows.rows + i * rows.row_size;
		n->key.scope = scope;
		format_row_name(scope, n->at, n->key.name, COMPARE_KEY);
		if (scope == SCOPE_NAPI)
			name_napi(&n->key, n->at);
		else if (scope == SCOPE_IRQ)
			name_irq(&n->key, n->at);
		else if (scope == SCOPE_CPU)
			name_cpu(&n->key, n->at);
		else
			memcpy(n->key.group, n->key.name, COMPARE_KEY);
	}
	return 0;
}

/*
 * Whichever has most of NET_RX: load that was spread shows there, and nowhere else
 * as a gain.
 */
static int names_add_busiest(struct table *names, const struct interval *iv)
{
	const struct cpu_row *cpu, *top = NULL;
	struct named *n;

	table_for_each (&iv->cpus, cpu)
		if (cpu->net_rx_ns != MISSING &&
		    (!top || cpu->net_rx_ns > top->net_rx_ns))
			top = cpu;
	if (!top)
		return 0;
	n = table_add(names);
	if (!n)
		return -ENOMEM;
	n->at = top;
	n->key.scope = SCOPE_CPU;
	n->key.placed = true;
	snprintf(n->key.group, COMPARE_KEY, "busiest");
	snprintf(n->key.name, COMPARE_KEY, "busiest");
	return 0;
}

static int names_collect(struct table *names, const struct interval *iv)
{
	static const enum field_scope scopes[] = { SCOPE_CPU, SCOPE_NAPI,
						   SCOPE_IRQ, SCOPE_DEV,
						   SCOPE_LOST };
	unsigned int i;
	int err = 0;

	for (i = 0; i < sizeof(scopes) / sizeof(*scopes) && !err; i++)
		err = names_add_scope(names, iv, scopes[i]);
	if (!err)
		err = names_add_busiest(names, iv);
	table_sort(names, named_cmp);
	return err;
}

/* Several rows that are compared as one. */
union named_sum {
	struct napi_row napi;
	struct irq_row irq;
};

/*
 * NAPIs that cannot be told apart (those for sending alone have no number), and actions
 * that were requested again, are compared as one; of other rows of one name the first
 * stands.
 */
static const void *names_sum(const struct named *n, size_t count,
			     union named_sum *sum)
{
	const enum field_scope scope = n->key.scope;
	const struct irq_row *irq;
	const struct field *f;
	size_t i;

	if (count == 1 || (scope != SCOPE_NAPI && scope != SCOPE_IRQ))
		return n->at;
	memcpy(sum, n->at,
	       scope == SCOPE_NAPI ? sizeof(sum->napi) : sizeof(sum->irq));
	for (i = 1; i < count; i++) {
		rows_sum(scope, sum, n[i].at);
		rows_sum_derived(scope, sum, n[i].at);
	}
	for (f = field_table(scope); f->name; f++)
		if (f->flags & FIELD_RATIO)
			*(uint64_t *)((char *)sum + f->offset) = MISSING;
	for (i = 0; scope == SCOPE_IRQ && i < count; i++) {
		irq = n[i].at;
		/* Each has all of the line, but for the dead. */
		if (!i || irq->count_kernel != MISSING)
			sum->irq.count_kernel = irq->count_kernel;
	}
	return sum;
}

/* Both are sorted; new rows go to the end, for the sorting. */
static int run_add_names(struct compare *c, enum compare_side side,
			 const struct interval *iv, const struct table *names)
{
	struct table *rows = &c->runs[side];
	const size_t known = rows->count;
	const struct named *n = names->rows, *const end = n + names->count;
	struct compare_row *row;
	union named_sum sum;
	size_t at = 0, alike;

	for (; n < end; n += alike) {
		for (alike = 1; n + alike < end && !named_cmp(n, n + alike);
		     alike++)
			;
		while (at < known &&
		       row_cmp_number(table_at(rows, at), &n->key) < 0)
			at++;
		row = at < known ? table_at(rows, at) : NULL;
		if (!row || row_cmp_number(row, &n->key)) {
			row = table_add(rows);
			if (!row)
				return -ENOMEM;
			*row = n->key;
			row->seen[side] = true;
			if (row_add_cells(row))
				return -ENOMEM;
		}
		row_add_interval(row, side, iv, names_sum(n, alike, &sum),
				 c->intervals[side]);
	}
	if (rows->count > known)
		table_sort(rows, row_cmp_number);
	return 0;
}

int compare_add(struct compare *c, enum compare_side side,
		const struct interval *iv)
{
	struct table names = TABLE_INIT(struct named);
	bool is_short;
	int err;

	if (!iv->ns)
		return 0;
	/* Which a signal ended early: as many events weigh more there. */
	is_short = iv->ns < c->last_ns[side] / 2;
	c->last_ns[side] = iv->ns;
	if (is_short)
		return 0;
	c->boot_ns[side] = iv->real_ns - iv->mono_ns;
	err = names_collect(&names, iv);
	if (!err)
		err = run_add_names(c, side, iv, &names);
	table_fini(&names);
	if (!err)
		c->intervals[side]++;
	return err;
}

/* --- the judgement --- */

static enum compare_word cell_direction(const struct field *f, bool more)
{
	if (f->flags & FIELD_LESS_IS_BETTER)
		return more ? COMPARE_WORSE : COMPARE_BETTER;
	return more ? COMPARE_MORE : COMPARE_LESS;
}

static enum compare_word cell_judge(const struct compare_cell *cell)
{
	const struct moments *a = &cell->sides[SIDE_A];
	const struct moments *b = &cell->sides[SIDE_B];
	double from = moments_mean(a), to = moments_mean(b);
	double least = COMPARE_LEAST * fmax(fabs(from), fabs(to));

	if (!a->count && !b->count)
		return COMPARE_NONE;
	if (!a->count || !b->count)
		return COMPARE_MISSING;
	if (fabs(to - from) <= least)
		return COMPARE_SAME;
	if (a->count < COMPARE_INTERVALS || b->count < COMPARE_INTERVALS)
		return COMPARE_UNSURE;
	if (moments_differ(a, b))
		return cell_direction(cell->field, to > from);
	/* The means are far apart, too. */
	if (!moments_are_apart(a, b) ||
	    fabs(to - from) <= COMPARE_APART * fmax(fabs(from), fabs(to)))
		return COMPARE_SAME;
	return moments_apart_chance(a, b) > MOMENTS_CHANCE ?
		       COMPARE_UNSURE :
		       cell_direction(cell->field, to > from);
}

static bool is_one_boot(const struct compare *c)
{
	uint64_t a = c->boot_ns[SIDE_A], b = c->boot_ns[SIDE_B];

	return (a < b ? b - a : a - b) < COMPARE_BOOT_NS;
}

/* Has one of count rows its number in the other run, too? */
static bool group_is_numbered(const struct compare_row *rows, size_t count,
			      const struct table *others)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (table_find(others, &rows[i], row_cmp_number))
			return true;
	return false;
}

/*
 * Rows of a run are sorted: its place among those of its group.  Numbers that are
 * others in the same boot are of devices that were made anew.
 */
static void run_place(struct compare *c, enum compare_side side)
{
	struct table *rows = &c->runs[side];
	struct compare_row *row = rows->rows;
	const struct compare_row *end = row + rows->count;
	bool numbered;
	size_t i, count;

	for (; row < end; row += count) {
		for (count = 1;
		     row + count < end && !row_cmp_group(row, row + count);
		     count++)
			;
		numbered = is_one_boot(c) &&
			   group_is_numbered(row, count, &c->runs[!side]);
		for (i = 0; i < count; i++)
			row[i].place =
				row[i].placed || numbered ? row[i].number : i;
	}
}

/* The cells go over to the pair. */
static int pair_add(struct compare *c, struct compare_row *a,
		    struct compare_row *b)
{
	struct compare_row *pair = table_add(&c->rows), *own = a ? a : b;
	struct compare_cell *cell;
	size_t i = 0;

	if (!pair)
		return -ENOMEM;
	*pair = *own;
	own->cells = (struct table)TABLE_INIT(struct compare_cell);
	if (!a || !b)
		return 0;
	pair->seen[SIDE_B] = true;
	table_for_each (&pair->cells, cell) {
		cell->sides[SIDE_B] =
			((struct compare_cell *)table_at(&b->cells, i++))
				->sides[SIDE_B];
		cell->word = cell_judge(cell);
	}
	return 0;
}

static void run_end(struct compare *c, enum compare_side side)
{
	struct compare_row *row;

	run_place(c, side);
	table_for_each (&c->runs[side], row)
		row_end(row, side, c->intervals[side]);
}

int compare_judge(struct compare *c)
{
	struct table *as = &c->runs[SIDE_A], *bs = &c->runs[SIDE_B];
	struct compare_row *a, *b;
	size_t i = 0, j = 0;
	int order;

	run_end(c, SIDE_A);
	run_end(c, SIDE_B);
	for (;;) {
		a = i < as->count ? table_at(as, i) : NULL;
		b = j < bs->count ? table_at(bs, j) : NULL;
		if (!a && !b)
			return 0;
		order = !a ? 1 : !b ? -1 : row_cmp_place(a, b);
		if (pair_add(c, order <= 0 ? a : NULL, order >= 0 ? b : NULL))
			return -ENOMEM;
		i += order <= 0;
		j += order >= 0;
	}
}

double compare_ratio(const struct compare_cell *cell)
{
	double from = moments_mean(&cell->sides[SIDE_A]);

	return from != 0 ? moments_mean(&cell->sides[SIDE_B]) / from : NAN;
}

const char *compare_word_name(enum compare_word word)
{
	static const char *const names[] = {
		[COMPARE_NONE] = "none",   [COMPARE_MISSING] = "missing",
		[COMPARE_SAME] = "same",   [COMPARE_BETTER] = "better",
		[COMPARE_WORSE] = "worse", [COMPARE_MORE] = "more",
		[COMPARE_LESS] = "less",   [COMPARE_UNSURE] = "unsure",
	};

	return names[word];
}
