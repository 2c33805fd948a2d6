// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of a panel: filter, sort, open up, and find the cursor again. */
#include "tui/panel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/text.h"

/* Labels that are measured for the width of their column. */
#define MEASURED 100

/* Of the line for folded rows: no row has it. */
#define FOLD_KEY MISSING

/* What decides before values do. */
enum entry_rank {
	RANK_VALUE,
	RANK_MISSING,
	RANK_IDLE,
};

struct panel_entry {
	const void *row;
	const char *text; /* sorted by, or NULL: by number */
	uint64_t number;
	uint64_t key;
	uint64_t cpu;
	enum entry_rank rank;
};

struct entry_order {
	bool descending;
};

static int entry_cmp_value(const struct panel_entry *a,
			   const struct panel_entry *b)
{
	if (a->text)
		return strverscmp(a->text, b->text);
	return (a->number > b->number) - (a->number < b->number);
}

/* Equal ones keep an order of their own, or they would swap all the time. */
static int entry_cmp(const void *x, const void *y, void *arg)
{
	const struct panel_entry *a = x, *b = y;
	const struct entry_order *order = arg;
	int cmp;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	cmp = entry_cmp_value(a, b);
	if (cmp)
		return order->descending ? -cmp : cmp;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->cpu > b->cpu) - (a->cpu < b->cpu);
}

/* As exact as it is shown, or rows that look alike would swap all the time. */
static uint64_t panel_busy(const struct panel *p, const struct interval *iv,
			   const void *row)
{
	uint64_t step = iv->ns / 1000, busy = p->class->busy(row);

	if (!p->class->busy_is_time || !step)
		return busy;
	return (busy + step / 2) / step;
}

static void entry_set_value(struct panel_entry *entry, const struct panel *p,
			    const struct interval *iv)
{
	if (!p->sort) {
		entry->number = panel_busy(p, iv, entry->row);
		return;
	}
	if (p->sort->kind == FIELD_TEXT) {
		entry->text = field_text(p->sort, entry->row);
		if (!*entry->text)
			entry->rank = RANK_MISSING;
		return;
	}
	entry->number = field_u64(p->sort, entry->row);
	if (entry->number == MISSING)
		entry->rank = RANK_MISSING;
}

static bool panel_shows(const struct panel *p, const struct panel_view *view,
			const void *row)
{
	if (p->class->on_cpu && view->only_cpu != MISSING &&
	    p->class->cpu(row) != view->only_cpu)
		return false;
	if (!*view->filter || !p->class->matches)
		return true;
	return p->class->matches(row, view->filter);
}

/* Counters and what adds up; of numbers that say who it is those of the first. */
static int panel_fold(struct panel *p, const void *row)
{
	void *sum = table_at(&p->folded, 0);

	if (p->nr_folded++) {
		rows_sum(p->class->scope, sum, row);
		rows_sum_derived(p->class->scope, sum, row);
		return 0;
	}
	sum = table_add(&p->folded);
	if (!sum)
		return -ENOMEM;
	memcpy(sum, row, p->folded.row_size);
	return 0;
}

static int panel_add_entry(struct panel *p, const struct panel_view *view,
			   const void *row)
{
	bool idle = p->class->is_idle && p->class->is_idle(row);
	struct panel_entry *entry;

	if (!panel_shows(p, view, row))
		return 0;
	p->nr_rows++;
	/* Who reads a row does not lose it for one interval. */
	if (idle && p->folds &&
	    (p->pinned || p->class->key(row) != p->selected.key))
		return panel_fold(p, row);
	entry = table_add(&p->entries);
	if (!entry)
		return -ENOMEM;
	entry->row = row;
	entry->key = p->class->key(row);
	entry->cpu = p->class->cpu ? p->class->cpu(row) : MISSING;
	entry_set_value(entry, p, view->iv);
	if (idle)
		entry->rank = RANK_IDLE;
	return 0;
}

static int panel_collect(struct panel *p, const struct panel_view *view)
{
	struct field_rows rows = interval_rows(view->iv, p->class->scope);
	size_t i;

	if (view->only_cpu != MISSING && p->class->on_cpu)
		rows = p->class->on_cpu(view->iv);
	p->entries.row_size = sizeof(struct panel_entry);
	p->folded.row_size = rows.row_size;
	table_clear(&p->folded);
	p->folds = !view->show_idle && rows.count > p->class->fold_above;
	table_clear(&p->entries);
	p->nr_rows = 0;
	p->nr_folded = 0;
	for (i = 0; i < rows.count; i++)
		if (panel_add_entry(p, view,
				    (const char *)rows.rows + i * rows.row_size))
			return -ENOMEM;
	return 0;
}

/* Names and numbers of things count up, how much of something counts down. */
static void panel_sort(struct panel *p)
{
	bool names = p->sort &&
		     (p->sort->kind == FIELD_TEXT || p->sort->kind == FIELD_KEY);
	struct entry_order order = { .descending = names == p->reverse };

	if (p->entries.count > 1)
		qsort_r(p->entries.rows, p->entries.count, p->entries.row_size,
			entry_cmp, &order);
}

static int panel_add_line(struct panel *p, const void *row, uint64_t key,
			  uint64_t cpu, bool part)
{
	struct panel_line *line = table_add(&p->lines);

	if (!line)
		return -ENOMEM;
	line->row = row;
	line->id.key = key;
	line->id.cpu = cpu;
	line->part = part;
	return 0;
}

void panel_label_folded(const struct panel_line *line, char *out, size_t room)
{
	snprintf(out, room, "%zu idle", line->folded);
}

/*
 * One for all that are folded, so that what is on the screen adds up; where they
 * add nothing their number says it all.
 */
static int panel_add_folded(struct panel *p)
{
	struct panel_line *line;

	if (!p->nr_folded || !rows_grew(p->class->scope, table_at(&p->folded, 0)))
		return 0;
	if (panel_add_line(p, table_at(&p->folded, 0), FOLD_KEY, MISSING, false))
		return -ENOMEM;
	line = table_at(&p->lines, p->lines.count - 1);
	line->folded = p->nr_folded;
	return 0;
}

bool panel_is_open(const struct panel *p, uint64_t key)
{
	const uint64_t *opened;

	table_for_each (&p->opened, opened)
		if (*opened == key)
			return true;
	return false;
}

static int panel_add_parts(struct panel *p, const struct panel_view *view,
			   const struct panel_entry *entry)
{
	struct field_rows parts = p->class->parts(view->iv, entry->row);
	const char *row = parts.rows;
	size_t i;

	for (i = 0; i < parts.count; i++, row += parts.row_size) {
		if (p->class->is_idle(row) && !view->show_idle)
			continue;
		if (panel_add_line(p, row, entry->key, p->class->cpu(row), true))
			return -ENOMEM;
	}
	return 0;
}

static int panel_add_lines(struct panel *p, const struct panel_view *view)
{
	bool whole = view->only_cpu == MISSING || !p->class->on_cpu;
	const struct panel_entry *entry;

	table_clear(&p->lines);
	table_for_each (&p->entries, entry) {
		if (panel_add_line(p, entry->row, entry->key, entry->cpu, false))
			return -ENOMEM;
		if (whole && p->class->parts && panel_is_open(p, entry->key) &&
		    panel_add_parts(p, view, entry))
			return -ENOMEM;
	}
	return panel_add_folded(p);
}

/*
 * The cursor follows its row.  If that has gone it stays where it is, and
 * takes the row that is there now.
 */
static void panel_find_cursor(struct panel *p)
{
	const struct panel_line *line;
	size_t i = 0;

	if (p->pinned) {
		panel_home(p);
		return;
	}
	table_for_each (&p->lines, line) {
		if (line->id.key == p->selected.key &&
		    line->id.cpu == p->selected.cpu) {
			p->cursor = i;
			return;
		}
		i++;
	}
	panel_move(p, 0);
}

static void panel_widen_labels(struct panel *p, const char *label)
{
	int width = text_width(label);

	if (width > p->label_width)
		p->label_width = width;
}

/*
 * Of the first rows, which are those on the screen.  Grows only: columns must
 * not jump from one interval to the next.
 */
static void panel_measure_labels(struct panel *p)
{
	size_t i, n = p->entries.count < MEASURED ? p->entries.count : MEASURED;
	const struct panel_entry *entry;
	const struct panel_line *line;
	char label[TEXT_ROOM];

	for (i = 0; i < n; i++) {
		entry = table_at(&p->entries, i);
		p->class->label(entry->row, label, sizeof(label));
		panel_widen_labels(p, label);
	}
	line = p->lines.count ? table_at(&p->lines, p->lines.count - 1) : NULL;
	if (line && line->folded) {
		panel_label_folded(line, label, sizeof(label));
		panel_widen_labels(p, label);
	}
}

int panel_build(struct panel *p, const struct panel_view *view)
{
	if (panel_collect(p, view))
		return -ENOMEM;
	panel_sort(p);
	if (panel_add_lines(p, view))
		return -ENOMEM;
	panel_measure_labels(p);
	if (p->lines.count > p->most_lines)
		p->most_lines = p->lines.count;
	panel_find_cursor(p);
	return 0;
}
