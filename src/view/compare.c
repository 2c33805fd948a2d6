// SPDX-License-Identifier: GPL-2.0-or-later
/* See compare.h. */
#include "util/safe.h"
#include "view/compare.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "model/config.h"
#include "model/config_diff.h"
#include "model/format.h"
#include "util/output.h"

#define PATH_WIDTH 44
#define NAME_WIDTH 22
#define VALUE_WIDTH 12

static const char *const side_names[NR_SIDES] = { "A", "B" };

struct config_print {
	FILE *out;
	bool any;
};

/* Digits enough to tell two small ones from each other. */
static void format_share(double percent, char *text)
{
	snprintf(text, FORMAT_ROOM, "%.*f%%",
		 percent < 0.1 ? 3 :
		 percent < 1   ? 2 :
				 1,
		 percent);
}

static void format_rate(double rate, char *text)
{
	char number[FORMAT_ROOM];

	if (rate > 0 && rate < 0.1)
		snprintf(number, sizeof(number), "%.2g", rate);
	else
		format_count(rate, number);
	snprintf(text, FORMAT_ROOM, "%.*s/s", FORMAT_ROOM - 3, number);
}

/* "1.20k/s", "43.0%", "604ns", "64": as the cell's series were made. */
static void format_mean(const struct field *f, double mean, char *text)
{
	if (isnan(mean))
		snprintf(text, FORMAT_ROOM, "-");
	else if (f->flags & FIELD_RATIO && f->unit == UNIT_NS)
		format_ns(mean, text);
	else if (f->flags & FIELD_RATIO)
		format_count(f->unit == UNIT_MILLI ? mean / 1000 : mean, text);
	else if (f->unit == UNIT_NS)
		format_share(100 * mean, text);
	else
		format_rate(mean, text);
}

static void print_run(FILE *out, const char *side, const struct compared *run,
		      uint64_t intervals)
{
	time_t second = (time_t)(run->from_ns / 1000000000);
	struct format_machine machine;
	struct tm tm;
	char when[32];

	format_machine(&run->last.host, &machine);
	strftime(when, sizeof(when), "%F %T UTC", gmtime_r(&second, &tm));
	fprintf(out,
		"%s  %s: %s  Linux %s  tier %s  %s, %" PRIu64
		" intervals, %.1f s\n",
		side, run->file, machine.host, machine.kernel, machine.tier,
		when, intervals, (double)run->ns / 1e9);
}

static void print_setting(void *arg, const char *path, const char *a,
			  const char *b)
{
	struct config_print *p = arg;
	char safe[2][256], name[CONFIG_PATH];

	if (!p->any)
		fprintf(p->out, "\nconfiguration:\n");
	p->any = true;
	safe_text(a ? a : "-", safe[0], sizeof(safe[0]));
	safe_text(b ? b : "-", safe[1], sizeof(safe[1]));
	safe_text(path, name, sizeof(name));
	fprintf(p->out, "  %-*s  %s -> %s\n", PATH_WIDTH, name, safe[0], safe[1]);
}

static bool cell_moved(const struct compare_cell *cell)
{
	switch (cell->word) {
	case COMPARE_BETTER:
	case COMPARE_WORSE:
	case COMPARE_MORE:
	case COMPARE_LESS:
		return true;
	default:
		return false;
	}
}

static void print_cell(FILE *out, const struct compare_cell *cell)
{
	char from[FORMAT_ROOM], to[FORMAT_ROOM], ratio[FORMAT_ROOM] = "";

	format_mean(cell->field, moments_mean(&cell->sides[SIDE_A]), from);
	format_mean(cell->field, moments_mean(&cell->sides[SIDE_B]), to);
	if (!isnan(compare_ratio(cell)))
		snprintf(ratio, sizeof(ratio), "x%.2f", compare_ratio(cell));
	fprintf(out, "  %-*s %*s -> %-*s %8s  %s\n", NAME_WIDTH,
		cell->field->name, VALUE_WIDTH, from, VALUE_WIDTH, to, ratio,
		compare_word_name(cell->word));
}

static const char *scope_title(enum field_scope scope)
{
	switch (scope) {
	case SCOPE_CPU:
		return "CPU ";
	case SCOPE_NAPI:
		return "NAPI ";
	case SCOPE_IRQ:
		return "interrupt ";
	case SCOPE_DEV:
		return "device ";
	default:
		return "lost";
	}
}

static void print_row(FILE *out, const struct compare_row *row)
{
	const struct compare_cell *cell;
	bool any = false;

	table_for_each (&row->cells, cell) {
		if (!cell_moved(cell))
			continue;
		if (!any)
			fprintf(out, "\n%s%s\n", scope_title(row->scope),
				row->name);
		any = true;
		print_cell(out, cell);
	}
}

static void print_only(FILE *out, const struct compare *c, enum compare_side side)
{
	const struct compare_row *row;
	bool any = false;

	table_for_each (&c->rows, row) {
		if (row->seen[!side])
			continue;
		fprintf(out, "%s %s%s", any ? "," : "\nactive only in",
			any ? "" : side_names[side], any ? "" : ":");
		fprintf(out, " %s%s", scope_title(row->scope), row->name);
		any = true;
	}
	if (any)
		fputc('\n', out);
}

static void count_words(const struct compare *c, size_t counts[NR_COMPARE_WORDS])
{
	const struct compare_cell *cell;
	const struct compare_row *row;

	table_for_each (&c->rows, row)
		if (row->seen[SIDE_A] && row->seen[SIDE_B])
			table_for_each (&row->cells, cell)
				counts[cell->word]++;
}

static void print_summary(FILE *out, const struct compare *c)
{
	size_t counts[NR_COMPARE_WORDS] = { 0 };
	size_t moved;

	count_words(c, counts);
	moved = counts[COMPARE_BETTER] + counts[COMPARE_WORSE] +
		counts[COMPARE_MORE] + counts[COMPARE_LESS];
	if (moved)
		fprintf(out,
			"\n%zu numbers moved: %zu better, %zu worse, %zu more, %zu less; ",
			moved, counts[COMPARE_BETTER], counts[COMPARE_WORSE],
			counts[COMPARE_MORE], counts[COMPARE_LESS]);
	else if (counts[COMPARE_UNSURE])
		fprintf(out, "\nundecided: ");
	else
		fprintf(out, "\nno difference: ");
	fprintf(out, "%zu did not move beyond what they vary by themselves\n",
		counts[COMPARE_SAME]);
	if (counts[COMPARE_MISSING])
		fprintf(out,
			"%zu are known of one run only: nothing came in the "
			"other, another tier or kernel, or no histograms\n",
			counts[COMPARE_MISSING]);
	if (counts[COMPARE_UNSURE])
		fprintf(out,
			"%zu differ, in too few intervals to tell change "
			"from noise: record twenty or more of each\n",
			counts[COMPARE_UNSURE]);
}

/* How many times more, or less: what was nothing before is beyond all. */
static double cell_factor(const struct compare_cell *cell)
{
	double ratio = compare_ratio(cell);

	if (isnan(ratio) || ratio == 0)
		return INFINITY;
	return ratio < 1 ? 1 / ratio : ratio;
}

/* A time that nobody notices, however many times more it is. */
static bool cell_is_small(const struct compare_cell *cell)
{
	return cell->field->unit == UNIT_NS &&
	       !(cell->field->flags & FIELD_RATIO) &&
	       moments_mean(&cell->sides[SIDE_B]) < 0.001;
}

static bool cell_is_worse(const struct compare_cell *cell,
			  const struct compare_cell *than)
{
	if (cell_is_small(cell) != cell_is_small(than))
		return cell_is_small(than);
	return cell_factor(cell) > cell_factor(than);
}

static const struct compare_cell *find_worst(const struct compare *c,
					     const struct compare_row **of)
{
	const struct compare_cell *cell, *worst = NULL;
	const struct compare_row *row;

	table_for_each (&c->rows, row) {
		table_for_each (&row->cells, cell) {
			if (cell->word != COMPARE_WORSE ||
			    (worst && !cell_is_worse(cell, worst)))
				continue;
			worst = cell;
			*of = row;
		}
	}
	return worst;
}

static void ignore_setting(void *arg, const char *path, const char *a,
			   const char *b)
{
	(void)arg;
	(void)path;
	(void)a;
	(void)b;
}

void compare_summarize(const struct compare *c,
		       const struct compared runs[NR_SIDES],
		       struct compare_summary *out)
{
	char from[FORMAT_ROOM], to[FORMAT_ROOM];
	const struct compare_row *row = NULL;
	const struct compare_cell *worst = find_worst(c, &row);

	memset(out, 0, sizeof(*out));
	count_words(c, out->counts);
	out->settings = config_diff(&runs[SIDE_A].last, &runs[SIDE_B].last,
				    ignore_setting, NULL);
	if (!worst)
		return;
	format_mean(worst->field, moments_mean(&worst->sides[SIDE_A]), from);
	format_mean(worst->field, moments_mean(&worst->sides[SIDE_B]), to);
	snprintf(out->worst, sizeof(out->worst), "%s%.80s %s %s -> %s",
		 scope_title(row->scope), row->name, worst->field->name, from,
		 to);
}

int compare_print_text(FILE *out, const struct compare *c,
		       const struct compared runs[NR_SIDES])
{
	struct config_print config = { .out = out };
	const struct compare_row *row;
	int side;

	for (side = 0; side < NR_SIDES; side++)
		print_run(out, side_names[side], &runs[side], c->intervals[side]);
	if (!config_diff(&runs[SIDE_A].last, &runs[SIDE_B].last, print_setting,
			 &config))
		fputs("\nconfiguration: the same\n", out);
	table_for_each (&c->rows, row)
		print_row(out, row);
	print_only(out, c, SIDE_A);
	print_only(out, c, SIDE_B);
	print_summary(out, c);
	return output_status(out);
}
