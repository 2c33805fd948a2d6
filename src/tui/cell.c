// SPDX-License-Identifier: GPL-2.0-or-later
/* See cell.h. */
#include "tui/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/format.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
#define CELL_CPUS 1024 /* more are counted, not listed */

/* What a list field emits: numbers (CPUs come first in them) or texts. */
struct cell_list {
	uint64_t cpus[CELL_CPUS];
	size_t nr_cpus;
	char text[TEXT_ROOM];
	size_t length;
};

static size_t cell_add_range(char *out, size_t length, uint64_t first,
			     uint64_t last)
{
	int n;

	if (length >= TEXT_ROOM)
		return length;
	out += length;
	if (first == last)
		n = snprintf(out, TEXT_ROOM - length, "%s%" PRIu64,
			     length ? "," : "", first);
	else
		n = snprintf(out, TEXT_ROOM - length, "%s%" PRIu64 "-%" PRIu64,
			     length ? "," : "", first, last);
	return length + (size_t)n;
}

void cell_list_cpus(char *out, const uint64_t *cpus, size_t n, int width)
{
	size_t i, first = 0, length = 0;

	*out = '\0';
	for (i = 1; i <= n; i++) {
		if (i < n && cpus[i] == cpus[i - 1] + 1)
			continue;
		length = cell_add_range(out, length, cpus[first], cpus[i - 1]);
		first = i;
	}
	if (length > (size_t)width)
		snprintf(out, TEXT_ROOM, width > 6 ? "%zu cpus" : "%zux", n);
}

static void cell_emit(void *arg, const struct field_item *item)
{
	struct cell_list *list = arg;

	if (!item->text) {
		if (list->nr_cpus < CELL_CPUS)
			list->cpus[list->nr_cpus++] = item->numbers[0];
		return;
	}
	if (list->length < sizeof(list->text))
		list->length +=
			(size_t)snprintf(list->text + list->length,
					 sizeof(list->text) - list->length,
					 "%s%s", list->length ? "," : "",
					 item->text);
}

/*
 * Lists search the whole interval for the row's parts: they are given only
 * these, so that a screen of rows costs no more than its rows.
 */
static void cell_fill_list(struct cell *cell, const struct interval *iv,
			   const struct panel_class *class,
			   const struct panel_line *line,
			   const struct column *column)
{
	struct cell_list list = { .nr_cpus = 0 };
	struct interval slice = *iv;
	struct field_rows parts = { line->row, 1, 0 };
	struct table *table;

	if (class->parts && line->id.cpu == MISSING)
		parts = class->parts(iv, line->row);
	table = class->scope == SCOPE_IRQ ? &slice.irq_pairs : &slice.pairs;
	table->rows = (void *)(uintptr_t)parts.rows;
	table->count = parts.count;
	column->field->list(&slice, line->row, cell_emit, &list);
	if (list.nr_cpus)
		cell_list_cpus(cell->text, list.cpus, list.nr_cpus,
			       column->width);
	else if (!line->part)
		snprintf(cell->text, sizeof(cell->text), "%s", list.text);
}

/* A sum over CPUs may pass 999.9 %: the whole number then, not half of one. */
static void cell_shorten(char *text, int width)
{
	char *point = strchr(text, '.');

	if (point && strlen(text) > (size_t)width &&
	    strspn(point + 1, "0123456789") == strlen(point + 1))
		*point = '\0';
}

static void cell_fill_field(struct cell *cell, const struct interval *iv,
			    const void *row, const struct column *column,
			    bool is_sum)
{
	const struct field *f = column->field;
	uint64_t value;

	if (f->kind == FIELD_TEXT) {
		snprintf(cell->text, sizeof(cell->text), "%s",
			 field_text(f, row));
		return;
	}
	value = field_u64(f, row);
	format_value(f, iv, value, cell->text);
	cell_shorten(cell->text, column->width);
	if (!is_sum || f->unit != UNIT_NS)
		cell->alert = alert_of_value(iv, f, value);
	cell->quiet = value == MISSING || (!value && f->kind != FIELD_KEY);
}

void cell_name_context(char text[CELL_CONTEXT_ROOM], const struct napi_row *n)
{
	const struct {
		const char *name;
		uint64_t polls;
	} contexts[] = {
		{ "inline", n->inline_polls },
		{ "ksoft", n->ksoftirqd_polls },
		{ "thread", n->threaded_polls },
		{ "busy", n->busy_polls },
		{ "netp", n->netpoll_polls },
	};
	size_t i, most = 0;

	for (i = 1; i < ARRAY_SIZE(contexts); i++)
		if (contexts[i].polls > contexts[most].polls)
			most = i;
	if (!n->polls)
		snprintf(text, CELL_CONTEXT_ROOM, "idle");
	else if (contexts[most].polls >= n->polls)
		snprintf(text, CELL_CONTEXT_ROOM, "%s", contexts[most].name);
	else
		snprintf(text, CELL_CONTEXT_ROOM, "%s %" PRIu64 "%%",
			 contexts[most].name,
			 contexts[most].polls * 100 / n->polls);
}

static void cell_fill_label(struct cell *cell, const struct panel_class *class,
			    const struct panel_line *line)
{
	if (line->folded)
		panel_label_folded(line, cell->text, sizeof(cell->text));
	else if (line->part)
		snprintf(cell->text, sizeof(cell->text), "`- cpu %" PRIu64,
			 line->id.cpu);
	else
		class->label(line->row, cell->text, sizeof(cell->text));
}

/* Who the first of many is says nothing about them. */
static bool cell_is_of_many(const struct panel_line *line,
			    const struct column *column)
{
	const struct field *f = column->field;

	if (!line->folded || column->kind == COLUMN_LABEL)
		return false;
	return !f || f->kind == FIELD_LIST || f->kind == FIELD_TEXT ||
	       f->kind == FIELD_KEY || f->flags & FIELD_RATIO;
}

void cell_fill(struct cell *cell, const struct interval *iv,
	       const struct panel_class *class, const struct panel_line *line,
	       const struct column *column)
{
	*cell->text = '\0';
	cell->alert = ALERT_NONE;
	cell->quiet = false;
	if (cell_is_of_many(line, column))
		return;
	if (column->kind == COLUMN_LABEL)
		cell_fill_label(cell, class, line);
	else if (column->kind == COLUMN_CONTEXT)
		cell_name_context(cell->text, line->row);
	else if (column->field && column->field->kind == FIELD_LIST)
		cell_fill_list(cell, iv, class, line, column);
	else if (column->field)
		cell_fill_field(cell, iv, line->row, column,
				class->sums || line->folded);
}
