// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text view: a table a scope.  Wide columns are left out, the last one
 * first, until a line fits; rows without activity are counted, not shown.
 */
#include "view/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"
#include "util/output.h"
#include "util/safe.h"
#include "view/text_hist.h"

#define TEXT_MAX_COLUMNS 64
#define TEXT_CELL 72

struct column {
	const struct field *field;
	size_t width;
	bool left; /* aligned */
	bool droppable;
};

struct text_table {
	enum field_scope scope;
	const struct interval *iv;
	const struct view_options *options;
	struct column columns[TEXT_MAX_COLUMNS];
	unsigned int nr_columns;
	unsigned int nr_names; /* of them, that name the row */
};

/* Joins list items in a cell; a full cell ends with "..". */
struct cell {
	char *text;
	size_t used;
};

static void cell_emit(void *arg, const struct field_item *item)
{
	struct cell *c = arg;
	char word[TEXT_CELL];

	if (item->text)
		safe_text(item->text, word, sizeof(word));
	else
		snprintf(word, sizeof(word), "%" PRIu64, item->numbers[0]);
	if (c->used + strlen(word) + 4 > TEXT_CELL) {
		if (c->used && c->text[c->used - 1] != '.')
			c->used += sprintf(c->text + c->used, "..");
		return;
	}
	c->used += sprintf(c->text + c->used, "%s%s", c->used ? "," : "", word);
}

static void text_cell(const struct text_table *t, const struct field *f,
		      const void *row, char *text)
{
	struct cell cell = { text, 0 };

	*text = '\0';
	if (f->kind == FIELD_TEXT)
		safe_text(field_text(f, row), text, TEXT_CELL);
	else if (f->kind == FIELD_LIST)
		f->list(t->iv, row, cell_emit, &cell);
	else if (t->options->totals)
		format_total(f, t->iv, field_u64(f, row), text);
	else
		format_value(f, t->iv, field_u64(f, row), text);
	if (!*text)
		strcpy(text, "-");
}

static bool row_is_idle(enum field_scope scope, const void *row)
{
	switch (scope) {
	case SCOPE_NAPI:
		return !((const struct napi_row *)row)->polls;
	case SCOPE_IRQ:
		return !((const struct irq_row *)row)->count;
	case SCOPE_DEV:
		return !rows_grew(SCOPE_DEV, row) &&
		       !((const struct dev_row *)row)->polls;
	default:
		return false;
	}
}

static void column_cell(const struct text_table *t, unsigned int i,
			const void *row, char *text)
{
	const struct field *f = t->columns[i].field;

	if (t->scope == SCOPE_NAPI && !strcmp(f->name, "label"))
		format_row_name(SCOPE_NAPI, row, text, TEXT_CELL);
	else
		text_cell(t, f, row, text);
}

static const void *table_row(const struct field_rows *rows, size_t i)
{
	return (const char *)rows->rows + i * rows->row_size;
}

static bool view_text_shows(const struct field *f)
{
	return f->kind != FIELD_VECTOR && f->kind != FIELD_VECTOR32;
}

static bool field_is_column(const struct text_table *t, const struct field *f)
{
	if (f->flags & FIELD_NAMES)
		return true;
	if (f->flags & FIELD_HIDDEN || !view_text_shows(f))
		return false;
	if (t->options->fields)
		return view_wants(t->options, f);
	return !(f->flags & FIELD_NO_TEXT);
}

static void text_choose(struct text_table *t)
{
	const struct field *f;
	struct column *c;

	for (f = field_table(t->scope); f->name; f++) {
		if (!field_is_column(t, f) || t->nr_columns == TEXT_MAX_COLUMNS)
			continue;
		c = &t->columns[t->nr_columns++];
		t->nr_names += !!(f->flags & FIELD_NAMES);
		c->field = f;
		c->width = strlen(f->title);
		c->left = f->kind == FIELD_TEXT || f->kind == FIELD_LIST;
		c->droppable = !t->options->fields && f->flags & FIELD_WIDE;
	}
}

static void text_measure(struct text_table *t, const struct field_rows *rows)
{
	char text[TEXT_CELL];
	unsigned int c;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (row_is_idle(t->scope, table_row(rows, i)))
			continue;
		for (c = 0; c < t->nr_columns; c++) {
			column_cell(t, c, table_row(rows, i), text);
			if (strlen(text) > t->columns[c].width)
				t->columns[c].width = strlen(text);
		}
	}
}

static size_t text_width(const struct text_table *t)
{
	size_t width = 0;
	unsigned int c;

	for (c = 0; c < t->nr_columns; c++)
		width += t->columns[c].width + (c > 0);
	return width;
}

static void text_fit(struct text_table *t)
{
	unsigned int c = t->nr_columns;

	while (c-- && text_width(t) > t->options->width) {
		if (!t->columns[c].droppable)
			continue;
		memmove(&t->columns[c], &t->columns[c + 1],
			(--t->nr_columns - c) * sizeof(*t->columns));
	}
}

static void text_print_cell(FILE *out, const struct text_table *t,
			    unsigned int c, const char *text)
{
	const struct column *col = &t->columns[c];
	bool last = c + 1 == t->nr_columns;

	if (c)
		fputc(' ', out);
	if (!col->left)
		fprintf(out, "%*s", (int)col->width, text);
	else if (last)
		fputs(text, out);
	else
		fprintf(out, "%-*s", (int)col->width, text);
}

static void text_print_rows(FILE *out, const struct text_table *t,
			    const struct field_rows *rows, size_t *idle)
{
	char text[TEXT_CELL];
	unsigned int c;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		if (row_is_idle(t->scope, table_row(rows, i))) {
			++*idle;
			continue;
		}
		for (c = 0; c < t->nr_columns; c++) {
			column_cell(t, c, table_row(rows, i), text);
			text_print_cell(out, t, c, text);
		}
		fputc('\n', out);
	}
}

static void text_print_table(FILE *out, const struct interval *iv,
			     enum field_scope scope,
			     const struct view_options *options)
{
	struct text_table t = { .scope = scope, .iv = iv, .options = options };
	struct field_rows rows = interval_rows(iv, scope);
	unsigned int c;
	size_t idle = 0;

	text_choose(&t);
	/* The label alone is no table. */
	if (t.nr_columns == t.nr_names)
		return;
	text_measure(&t, &rows);
	text_fit(&t);
	fputc('\n', out);
	for (c = 0; c < t.nr_columns; c++)
		text_print_cell(out, &t, c, t.columns[c].field->title);
	fputc('\n', out);
	text_print_rows(out, &t, &rows, &idle);
	if (idle)
		fprintf(out, "(%zu idle %s not shown)\n", idle,
			field_scope_name(scope));
}

static void text_print_head(FILE *out, const struct interval *iv,
			    const struct view_options *options)
{
	const struct host_row *h = &iv->host;
	struct format_machine machine;
	char time[FORMAT_TIME_ROOM], cpus[FORMAT_ROOM], usecs[FORMAT_ROOM];

	format_machine(h, &machine);
	format_number(h->nr_cpus, cpus);
	format_number(h->netdev_budget_usecs, usecs);
	format_time(iv->real_ns, time);
	fprintf(out, "%s  Linux %s  %s CPUs  tier %s", machine.host,
		machine.kernel, cpus, machine.tier);
	if (h->netdev_budget != MISSING)
		fprintf(out, "  budget %" PRIu64 "/%s us", h->netdev_budget,
			usecs);
	if (h->sample != MISSING)
		fprintf(out, "  times of 1 run in %" PRIu64, h->sample);
	fprintf(out, "\n%s  %.3f s%s%s, %s\n", time, iv->ns / 1e9,
		options->dev ? " of " : "", options->dev ? options->dev : "",
		options->totals ? "counts are totals" : "counts are per second");
}

/* Only where they were asked for by name: the heading has what all want to know. */
static void text_print_host(FILE *out, const struct interval *iv,
			    const struct view_options *options)
{
	const struct text_table t = { .scope = SCOPE_HOST,
				      .iv = iv,
				      .options = options };
	char text[TEXT_CELL];
	const struct field *f;
	bool any = false;

	for (f = field_table(SCOPE_HOST); options->fields && f->name; f++) {
		if (f->flags & FIELD_HIDDEN || !view_wants(options, f))
			continue;
		text_cell(&t, f, &iv->host, text);
		fprintf(out, "%s %s %s", any ? "," : "\nmachine:", f->name, text);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void text_print_lost(FILE *out, const struct interval *iv)
{
	const struct field *f;
	bool any = false;

	for (f = field_table(SCOPE_LOST); f->name; f++) {
		if (!field_u64(f, &iv->lost) || field_u64(f, &iv->lost) == MISSING)
			continue;
		fprintf(out, "%s %s %" PRIu64, any ? "," : "\nlost:", f->name,
			field_u64(f, &iv->lost));
		any = true;
	}
	fputs(any ? "\n" : "\nlost: nothing\n", out);
	if (!iv->host.settled)
		fputs("not settled: the kernel's counters moved while they were "
		      "read\n",
		      out);
}

static int view_text_interval(FILE *out, const struct interval *iv,
			      const struct view_options *options)
{
	text_print_head(out, iv, options);
	text_print_host(out, iv, options);
	text_print_table(out, iv, SCOPE_CPU, options);
	text_print_table(out, iv, SCOPE_NAPI, options);
	text_print_table(out, iv, SCOPE_IRQ, options);
	text_print_table(out, iv, SCOPE_DEV, options);
	text_print_hists(out, iv, options);
	text_print_lost(out, iv);
	if (options->lines)
		fputc('\n', out);
	return output_status(out);
}

const struct view view_text = {
	.name = "text",
	.shows = view_text_shows,
	.interval = view_text_interval,
};
