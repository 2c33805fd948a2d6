// SPDX-License-Identifier: GPL-2.0-or-later
/* See sheet.h. */
#include "view/sheet.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"
#include "util/output.h"
#include "util/safe.h"
#include "view/json.h"

#define SHEET_COLUMNS 32

struct sheet_row {
	double weight;
	size_t cell; /* its first */
};

enum sheet_kind {
	SHEET_NUMBER,
	SHEET_REAL,
	SHEET_TEXT,
	SHEET_LINES,
};

struct sheet_cell {
	enum sheet_kind kind;
	const char *name;
	const char *title;
	uint64_t number;
	double real;
	char *text; /* allocated; NULL: there is none */
};

void sheet_init(struct sheet *s)
{
	memset(s, 0, sizeof(*s));
	s->rows.row_size = sizeof(struct sheet_row);
	s->cells.row_size = sizeof(struct sheet_cell);
}

void sheet_fini(struct sheet *s)
{
	struct sheet_cell *cell;

	table_for_each (&s->cells, cell)
		free(cell->text);
	table_fini(&s->rows);
	table_fini(&s->cells);
}

void sheet_add_row(struct sheet *s, double weight)
{
	struct sheet_row *row = table_add(&s->rows);

	if (!row)
		return;
	row->weight = weight;
	row->cell = s->cells.count;
	s->columns = 0;
}

/* NULL: memory is out, which sheet_is_whole() notices. */
static struct sheet_cell *sheet_add(struct sheet *s, enum sheet_kind kind,
				    const char *name, const char *title)
{
	struct sheet_cell *cell = table_add(&s->cells);

	s->columns++;
	if (!cell)
		return NULL;
	cell->kind = kind;
	cell->name = name;
	cell->title = title;
	return cell;
}

void sheet_add_number(struct sheet *s, const char *name, const char *title,
		      uint64_t number)
{
	struct sheet_cell *cell = sheet_add(s, SHEET_NUMBER, name, title);

	if (!cell || number == MISSING)
		return;
	cell->number = number;
	if (asprintf(&cell->text, "%" PRIu64, number) < 0)
		cell->text = NULL;
}

void sheet_add_text(struct sheet *s, const char *name, const char *title,
		    const char *text)
{
	struct sheet_cell *cell = sheet_add(s, SHEET_TEXT, name, title);

	if (!cell || !*text)
		return;
	cell->text = strdup(text);
	/* What only programs read is as it is. */
	if (title && cell->text)
		safe_text(text, cell->text, strlen(text) + 1);
}

void sheet_add_lines(struct sheet *s, const char *name, const char *lines)
{
	struct sheet_cell *cell = sheet_add(s, SHEET_LINES, name, NULL);

	if (cell && *lines)
		cell->text = strdup(lines);
}

void sheet_add_real(struct sheet *s, const char *name, const char *title,
		    double value, const char *text)
{
	struct sheet_cell *cell = sheet_add(s, SHEET_REAL, name, title);

	if (!cell || isnan(value))
		return;
	cell->real = value;
	cell->text = strdup(text);
}

static int row_cmp(const void *a, const void *b)
{
	const struct sheet_row *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return (x->cell > y->cell) - (x->cell < y->cell);
}

void sheet_sort(struct sheet *s)
{
	table_sort(&s->rows, row_cmp);
}

static const struct sheet_cell *sheet_cells(const struct sheet *s,
					    const struct sheet_row *row)
{
	return table_at(&s->cells, row->cell);
}

static bool sheet_is_whole(const struct sheet *s)
{
	return s->columns <= SHEET_COLUMNS &&
	       s->cells.count == s->rows.count * s->columns;
}

static const char *cell_text(const struct sheet_cell *cell)
{
	return cell->text ? cell->text : "-";
}

static void sheet_measure(const struct sheet *s, int *width)
{
	const struct sheet_cell *cells;
	const struct sheet_row *row;
	unsigned int i;
	int length;

	table_for_each (&s->rows, row) {
		cells = sheet_cells(s, row);
		for (i = 0; i < s->columns; i++) {
			if (!cells[i].title)
				continue;
			length = strlen(cell_text(&cells[i]));
			if (length < (int)strlen(cells[i].title))
				length = strlen(cells[i].title);
			if (length > width[i])
				width[i] = length;
		}
	}
}

/* Measurements to the right; nothing after the last column. */
static void print_cell(FILE *out, const struct sheet_cell *cell, unsigned int i,
		       int width, bool last, const char *text)
{
	if (cell->kind == SHEET_REAL && i)
		fprintf(out, "%*s", width, text);
	else if (last)
		fputs(text, out);
	else
		fprintf(out, "%-*s", width, text);
}

static void print_line(FILE *out, const struct sheet *s,
		       const struct sheet_cell *cells, const int *width,
		       bool heading)
{
	unsigned int i, last = s->columns - 1;

	while (last && !cells[last].title)
		last--;
	for (i = 0; i <= last; i++) {
		if (!cells[i].title)
			continue;
		print_cell(out, &cells[i], i, width[i], i == last,
			   heading ? cells[i].title : cell_text(&cells[i]));
		fputc(i == last ? '\n' : ' ', out);
	}
}

int sheet_print_text(FILE *out, const struct sheet *s)
{
	int width[SHEET_COLUMNS] = { 0 };
	const struct sheet_row *row;

	if (!sheet_is_whole(s))
		return -ENOMEM;
	sheet_measure(s, width);
	table_for_each (&s->rows, row) {
		if (row == s->rows.rows)
			print_line(out, s, sheet_cells(s, row), width, true);
		print_line(out, s, sheet_cells(s, row), width, false);
	}
	return output_status(out);
}

static json_t *json_cell(const struct sheet_cell *cell)
{
	switch (cell->kind) {
	case SHEET_NUMBER:
		return json_integer(cell->number);
	case SHEET_REAL:
		return json_real(cell->real);
	case SHEET_LINES:
		return view_json_lines(cell->text);
	default:
		return view_json_text(cell->text);
	}
}

static json_t *json_row(const struct sheet *s, const struct sheet_cell *cells)
{
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; i < s->columns; i++)
		if (cells[i].text)
			json_object_set_new(object, cells[i].name,
					    json_cell(&cells[i]));
	return object;
}

int sheet_print_json(FILE *out, const struct sheet *s)
{
	json_t *array = json_array();
	const struct sheet_row *row;

	if (!array || !sheet_is_whole(s)) {
		json_decref(array);
		return -ENOMEM;
	}
	table_for_each (&s->rows, row)
		json_array_append_new(array, json_row(s, sheet_cells(s, row)));
	return view_json_print(out, array, false);
}
