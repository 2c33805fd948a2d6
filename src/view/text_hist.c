// SPDX-License-Identifier: GPL-2.0-or-later
/* See text_hist.h.  Everything fits 80 columns. */
#include "view/text_hist.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/bars.h"

#define HIST_NAME_WIDTH 24
#define HIST_NAME 120
/* Columns of a line without its name. */
#define HIST_REST 51
/* Rows of a table; a busy server has hundreds of NAPIs. */
#define HIST_TABLE_ROWS 16
#define HIST_BARS 16
#define HIST_BAR_WIDTH 40

/* A row that has values. */
struct hist_line {
	char name[HIST_NAME];
	uint64_t count;
	struct hist_row sum;
};

static int hist_line_cmp(const void *a, const void *b)
{
	const struct hist_line *x = a, *y = b;

	return (x->count < y->count) - (x->count > y->count);
}

static void lines_collect(const struct interval *iv, unsigned int kind,
			  struct table *lines)
{
	const enum field_scope scope = hist_kinds[kind].scope;
	struct field_rows rows = interval_rows(iv, scope);
	struct hist_line *line;
	struct hist_row sum;
	const void *row;
	size_t i, used;

	for (i = 0; i < rows.count; i++) {
		row = (const char *)rows.rows + i * rows.row_size;
		if (!hist_of_row(iv, kind, scope, row, &sum))
			continue;
		line = table_add(lines);
		if (!line)
			return;
		line->sum = sum;
		line->count = hist_count(&sum);
		used = scope == SCOPE_CPU ?
			       snprintf(line->name, sizeof(line->name), "CPU ") :
			       0;
		format_row_name(scope, row, line->name + used,
				sizeof(line->name) - used);
	}
	table_sort(lines, hist_line_cmp);
}

/* As the longest name wants it, if so much fits. */
static int names_width(const struct table *lines, unsigned int columns)
{
	const struct hist_line *line = lines->rows;
	size_t i, width = HIST_NAME_WIDTH;
	size_t room = columns > HIST_REST ? columns - HIST_REST : 0;

	for (i = 0; i < lines->count && i < HIST_TABLE_ROWS; i++)
		while (width < strlen(line[i].name) && width < room)
			width++;
	return (int)width;
}

/* Both ends: what tells names apart may be at either.  Cut where a character begins. */
static void name_fit(const char *name, size_t width, char text[HIST_NAME])
{
	const size_t length = strlen(name);
	size_t head = width / 2, tail = length - (width - head - 1);

	if (length <= width) {
		snprintf(text, HIST_NAME, "%s", name);
		return;
	}
	while (head && (name[head] & 0xc0) == 0x80)
		head--;
	while (name[tail] && (name[tail] & 0xc0) == 0x80)
		tail++;
	snprintf(text, HIST_NAME, "%.*s~%s", (int)head, name, name + tail);
}

static void print_heading(FILE *out, const struct hist_kind *kind, int width)
{
	fprintf(out, "\n%-*s %10s %7s %7s %7s %7s %7s\n", width, kind->title,
		"COUNT", "P50", "P90", "P99", "P99.9", "MAX");
}

static void print_line(FILE *out, const struct hist_line *line, int width)
{
	const struct hist_kind *kind = &hist_kinds[line->sum.kind];
	char text[FORMAT_ROOM], name[HIST_NAME];
	unsigned int i;

	name_fit(line->name, width, name);
	fprintf(out, "%-*s %10" PRIu64, width, name, line->count);
	for (i = 0; i < HIST_NR_PARTS; i++) {
		bars_value(kind,
			   hist_percentile(&line->sum, hist_parts[i].permille),
			   text);
		fprintf(out, " %7s", text);
	}
	bars_value(kind, line->sum.max, text);
	fprintf(out, " %7s\n", text);
}

static void print_bar(FILE *out, const struct hist_line *line,
		      const struct bars *b, unsigned int at)
{
	static const char hashes[] = "########################################";
	uint64_t count = bars_count(b, &line->sum, at);
	/* Counts of a file may be any, and sum to nothing. */
	double part = b->most ? (double)count / (double)b->most : 0;
	int length = (int)(HIST_BAR_WIDTH * part);
	char label[BAR_LABEL_ROOM];

	_Static_assert(sizeof(hashes) == HIST_BAR_WIDTH + 1, "a full bar");
	bars_label(b, &line->sum, at, label);
	fprintf(out, "  %18s %10" PRIu64 " %5.1f%%%s%.*s\n", label, count,
		100 * (double)count / (double)line->count, count ? " " : "",
		count && !length ? 1 : length, hashes);
}

static void print_bars(FILE *out, const struct hist_line *line)
{
	struct bars b;
	unsigned int at;

	bars_choose(&b, &line->sum, HIST_BARS);
	fprintf(out, "  %s:\n", line->name);
	for (at = b.from; at <= b.to; at = bars_next(&b, at))
		print_bar(out, line, &b, at);
}

static void print_kind(FILE *out, const struct interval *iv, unsigned int kind,
		       unsigned int columns)
{
	struct table lines = TABLE_INIT(struct hist_line);
	size_t i;
	int width;

	lines_collect(iv, kind, &lines);
	if (lines.count) {
		width = names_width(&lines, columns);
		print_heading(out, &hist_kinds[kind], width);
		for (i = 0; i < lines.count && i < HIST_TABLE_ROWS; i++)
			print_line(out, table_at(&lines, i), width);
		if (i < lines.count)
			fprintf(out, "(%zu more: choose with --dev or --cpu)\n",
				lines.count - i);
		print_bars(out, table_at(&lines, 0));
	}
	table_fini(&lines);
}

void text_print_hists(FILE *out, const struct interval *iv,
		      const struct view_options *options)
{
	unsigned int kind;

	if (!view_wants_hists(options))
		return;
	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		print_kind(out, iv, kind, options->width);
}
