// SPDX-License-Identifier: GPL-2.0-or-later
/* See svg_heat.h. */
#include "view/svg_heat.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/format.h"

/* A map of times has at least so many buckets. */
#define HEAT_ROWS_MIN 8
/* Up to so many, the axis has 1, 2 and 5 of each power of ten. */
#define HEAT_ROWS_FEW 19
#define SWATCH_WIDTH 34
#define LEGEND_WORDS 184

static const void *column_of(const struct series_row *row, size_t size,
			     unsigned int column)
{
	return (const char *)row->columns + column * size;
}

static const uint64_t *map_counts(const struct svg_map *map, const void *column)
{
	return (const uint64_t *)((const char *)column + map->counts);
}

static unsigned int map_buckets(const struct svg_map *map)
{
	return map->times ? SERIES_TIMES : SERIES_WORKS;
}

static void map_measure(struct svg_map *map, const void *column,
			struct svg_heat *heat)
{
	const uint64_t *counts = map_counts(map, column);
	unsigned int i;

	for (i = 0; i < map_buckets(map); i++) {
		if (!counts[i])
			continue;
		if (i < map->from)
			map->from = i;
		if (i > map->to)
			map->to = i;
		if (counts[i] > heat->most)
			heat->most = counts[i];
	}
}

/* Room for the scale: work always up to a whole budget. */
static void map_widen(struct svg_map *map)
{
	const unsigned int last = map_buckets(map) - 1;

	if (!heat_has_values(map))
		return;
	if (!map->times) {
		map->from = 0;
		map->to = map->to < last ? last - 1 : last;
		return;
	}
	while (map->to - map->from + 1 < HEAT_ROWS_MIN) {
		if (map->to < last)
			map->to++;
		if (map->from)
			map->from--;
	}
}

void heat_measure(const struct series *s, const struct series_row *const *rows,
		  size_t count, size_t column_size, struct svg_map *map,
		  struct svg_heat *heat)
{
	unsigned int column;
	size_t i;

	map->from = map_buckets(map);
	map->to = 0;
	for (i = 0; i < count; i++)
		for (column = 0; column < s->count; column++)
			map_measure(map, column_of(rows[i], column_size, column),
				    heat);
	map_widen(map);
}

bool heat_has_values(const struct svg_map *map)
{
	return map->from < map_buckets(map);
}

uint64_t heat_total(const struct series *s, const struct series_row *row,
		    size_t column_size, const struct svg_map *map)
{
	const uint64_t *counts;
	uint64_t total = 0;
	unsigned int column, i;

	for (column = 0; column < s->count; column++) {
		counts = map_counts(map, column_of(row, column_size, column));
		for (i = 0; i < map_buckets(map); i++)
			total += counts[i];
	}
	return total;
}

/* Class of a count: the logarithm of it, of that of the most. */
static unsigned int heat_level(const struct svg_heat *heat, uint64_t count)
{
	double part = log((double)count) / log((double)heat->most + 1);

	return (unsigned int)(part * SVG_HEATS);
}

static uint64_t heat_level_low(const struct svg_heat *heat, unsigned int level)
{
	return (uint64_t)ceil(
		pow((double)heat->most + 1, (double)level / SVG_HEATS) - 1e-9);
}

/* Height of a time in buckets: 0 at the lower end of the first. */
static double time_height(double ns)
{
	int bits;
	double part;

	if (ns < 1ULL << SERIES_TIME_MIN_BITS)
		return ns / (1ULL << SERIES_TIME_MIN_BITS);
	part = frexp(ns, &bits) * 2 - 1;
	return 2 * (bits - 1 - SERIES_TIME_MIN_BITS) + 2 * part;
}

static double map_part(const struct svg_map *map, double bucket)
{
	return (bucket - map->from) / (map->to - map->from + 1);
}

/* --- axes ----------------------------------------------------------------- */

static void time_tick(const struct svg_plot *plot, const struct svg_map *map,
		      double ns)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double part = map_part(map, time_height(ns));
	char label[FORMAT_ROOM];
	unsigned int i = 0;

	if (part < 0 || part > 1)
		return;
	for (; ns >= 1000 && i < 3; i++)
		ns /= 1000;
	snprintf(label, sizeof(label), "%g %s", ns, units[i]);
	plot_tick(plot, part, label);
}

static void time_ticks(const struct svg_plot *plot, const struct svg_map *map)
{
	bool few = map->to - map->from < HEAT_ROWS_FEW;
	double ten;

	/* Below is the first bucket, which is not to scale. */
	for (ten = 100; ten < 1e12; ten *= 10) {
		time_tick(plot, map, ten);
		if (few) {
			time_tick(plot, map, 2 * ten);
			time_tick(plot, map, 5 * ten);
		}
	}
}

#define WORK_LABEL_ROOM (2 * FORMAT_ROOM)

/* "0", "4 to 7", "64 up" */
static void work_label(unsigned int bucket, bool last, char *text)
{
	uint64_t low = series_work_low(bucket);
	uint64_t high = series_work_low(bucket + 1) - 1;

	if (last)
		snprintf(text, WORK_LABEL_ROOM, "%" PRIu64 " up", low);
	else if (low >= high)
		snprintf(text, WORK_LABEL_ROOM, "%" PRIu64, low);
	else
		snprintf(text, WORK_LABEL_ROOM, "%" PRIu64 " to %" PRIu64, low,
			 high);
}

static void work_ticks(const struct svg_plot *plot, const struct svg_map *map)
{
	char label[WORK_LABEL_ROOM];
	unsigned int i;

	for (i = map->from; i <= map->to; i++) {
		work_label(i, i == map->to, label);
		svg_text(plot->out, plot->box.x - 5,
			 plot->box.y +
				 plot->box.h * (1 - map_part(map, i + 0.5)) + 3.5,
			 "right", "%s", label);
	}
}

/* --- cells ---------------------------------------------------------------- */

static void cell_title(const struct svg_plot *plot, const struct svg_map *map,
		       unsigned int column, unsigned int bucket, uint64_t count)
{
	char span[SVG_SPAN_ROOM], low[WORK_LABEL_ROOM], high[FORMAT_ROOM];

	plot_span(plot, column, span);
	if (map->times) {
		format_ns((double)series_time_low(bucket), low);
		format_ns((double)series_time_low(bucket + 1), high);
		svg_title(plot->out, "%s, %s to %s: %" PRIu64 " %s", span, low,
			  high, count, map->unit);
	} else {
		work_label(bucket, bucket == map->to, low);
		svg_title(plot->out, "%s, work %s: %" PRIu64 " %s", span, low,
			  count, map->unit);
	}
}

static void cell_draw(const struct svg_plot *plot, const struct svg_map *map,
		      unsigned int column, unsigned int bucket, uint64_t count,
		      unsigned int level)
{
	struct svg_box box = plot_column(plot, column);
	double height = box.h / (map->to - map->from + 1);

	fprintf(plot->out,
		"<path class=\"h%u\" d=\"M%.1f %.1fh%.2fv%.2fh-%.2fz\">", level,
		box.x, box.y + box.h - height * (bucket - map->from + 1), box.w,
		height, box.w);
	cell_title(plot, map, column, bucket, count);
	fputs("</path>\n", plot->out);
}

static void cells_draw(const struct svg_plot *plot,
		       const struct series_row *row, size_t column_size,
		       const struct svg_map *map, const struct svg_heat *heat)
{
	const uint64_t *counts;
	unsigned int column, i;

	fputs("<g class=\"map\">", plot->out);
	svg_title(plot->out, "%s: %s", row->name, map->what);
	fputc('\n', plot->out);
	for (column = 0; column < plot->series->count; column++) {
		counts = map_counts(map, column_of(row, column_size, column));
		for (i = map->from; i <= map->to; i++)
			if (counts[i])
				cell_draw(plot, map, column, i, counts[i],
					  heat_level(heat, counts[i]));
	}
	fputs("</g>\n", plot->out);
}

/* One line with steps, interrupted where a column has no values. */
static void p99_draw(const struct svg_plot *plot, const struct series_row *row,
		     size_t column_size, const struct svg_map *map,
		     const char *class)
{
	struct svg_box box;
	unsigned int column;
	bool drawn = false;
	const char *data;
	double part;
	uint64_t ns;

	fprintf(plot->out, "<path class=\"%s\" d=\"", class);
	for (column = 0; column < plot->series->count; column++) {
		data = column_of(row, column_size, column);
		ns = *(const uint64_t *)(data + map->p99);
		box = plot_column(plot, column);
		part = fmin(map_part(map, time_height((double)ns)), 1);
		if (ns)
			fprintf(plot->out, "%c%.1f %.1fH%.1f", drawn ? 'L' : 'M',
				box.x, box.y + box.h * (1 - part), box.x + box.w);
		drawn = ns;
	}
	fputs("\"/>\n", plot->out);
}

void heat_draw(const struct svg_plot *plot, const struct series_row *row,
	       size_t column_size, const struct svg_map *map,
	       const struct svg_heat *heat, const char *why_not)
{
	if (!heat_has_values(map) ||
	    !heat_total(plot->series, row, column_size, map)) {
		plot_say(plot, why_not);
		return;
	}
	svg_rect(plot->out, plot->box, "plot");
	if (map->times)
		time_ticks(plot, map);
	else
		work_ticks(plot, map);
	cells_draw(plot, row, column_size, map, heat);
	if (map->p99) {
		p99_draw(plot, row, column_size, map, "halo");
		p99_draw(plot, row, column_size, map, "p99");
	}
	plot_time_axis(plot);
}

void heat_legend(FILE *out, double x, double y, const struct svg_heat *heat,
		 bool merged)
{
	char class[] = "h0", text[FORMAT_ROOM];
	unsigned int i, next;

	svg_text(out, x, y, "note", "polls or runs in a cell, from");
	x += LEGEND_WORDS;
	for (i = 0; heat->most && i < SVG_HEATS; i = next) {
		/* With few values some colours stand for none. */
		for (next = i + 1;
		     next < SVG_HEATS &&
		     heat_level_low(heat, next) == heat_level_low(heat, i);)
			next++;
		class[1] = (char)('0' + next - 1);
		format_count((double)heat_level_low(heat, i), text);
		svg_rect(out, (struct svg_box){ x, y - 10, SWATCH_WIDTH, 12 },
			 class);
		svg_text(out, x, y + 13, "tick", "%s", text);
		x += SWATCH_WIDTH;
	}
	svg_line(out, x + 14, y - 4, x + 40, y - 4, "p99");
	svg_text(out, x + 46, y, "note", "99th percentile%s",
		 merged ? ", highest" : "");
}
