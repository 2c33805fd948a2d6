// SPDX-License-Identifier: GPL-2.0-or-later
/* See svg_cpu.h. */
#include "view/svg_cpu.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "model/format.h"

#define LANE_HEIGHT 8
#define MARK_WIDTH_MIN 1.5
/* Of the usual fonts the widest; which one it will be nobody knows. */
#define LETTER_WIDTH 7

/* From the bottom of the stack. */
enum cpu_layer {
	LAYER_IRQ,
	LAYER_INLINE,
	LAYER_KSOFT,
	LAYER_OTHER,
	LAYER_THREAD,
	NR_LAYERS,
};

static const struct {
	const char *class;
	const char *name;
	const char *legend;
} layers[NR_LAYERS] = {
	[LAYER_IRQ] = { "irq", "interrupts", "device interrupts" },
	[LAYER_INLINE] = { "inline", "NET_RX inline",
			   "NET_RX inline, on any task" },
	[LAYER_KSOFT] = { "ksoft", "ksoftirqd",
			  "NET_RX in ksoftirqd (by its share of polls)" },
	[LAYER_OTHER] = { "other", "other softirqs", "other softirqs" },
	[LAYER_THREAD] = { "thread", "threaded polls", "threaded polls" },
};

static uint64_t known(uint64_t value)
{
	return value == MISSING ? 0 : value;
}

static double layer_ns(const struct series_cpu *c, enum cpu_layer layer)
{
	switch (layer) {
	case LAYER_IRQ:
		return (double)known(c->hardirq_ns);
	case LAYER_INLINE:
		return (double)known(c->net_rx_ns) -
		       (double)known(c->ksoftirqd_ns);
	case LAYER_KSOFT:
		return (double)known(c->ksoftirqd_ns);
	case LAYER_OTHER:
		return (double)known(c->softirq_ns);
	case LAYER_THREAD:
		return (double)known(c->threaded_ns);
	default:
		return 0;
	}
}

static double span_pct(const struct series *s, unsigned int column, double ns)
{
	const struct series_span *span = &s->spans[column];

	return 100 * ns / (double)(span->end_ns - span->start_ns);
}

/* Of the layers below this one. */
static double stack_pct(const struct series *s, const struct series_row *row,
			unsigned int column, unsigned int end)
{
	const struct series_cpu *c = series_cpu_at(row, column);
	unsigned int layer;
	double ns = 0;

	for (layer = 0; layer < end; layer++)
		ns += layer_ns(c, layer);
	return span_pct(s, column, ns);
}

double cpu_scale(const struct series *s, const struct series_row *const *rows,
		 size_t count)
{
	static const double ends[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100 };
	unsigned int column, end = 0;
	size_t i;

	for (i = 0; i < count; i++)
		for (column = 0; column < s->count; column++)
			while (end < 9 && stack_pct(s, rows[i], column,
						    NR_LAYERS) > ends[end])
				end++;
	return ends[end];
}

/* --- the stack ------------------------------------------------------------ */

static double plot_y(const struct svg_plot *plot, const struct series_row *row,
		     unsigned int column, unsigned int layers_below,
		     double scale_pct)
{
	double pct = stack_pct(plot->series, row, column, layers_below);

	return plot->box.y + plot->box.h * (1 - fmin(pct / scale_pct, 1));
}

/* Along its upper edge, and back along the lower one. */
static void layer_draw(const struct svg_plot *plot, const struct series_row *row,
		       enum cpu_layer layer, double scale_pct)
{
	const unsigned int count = plot->series->count;
	struct svg_box box;
	unsigned int i;

	fprintf(plot->out, "<path class=\"%s\" d=\"", layers[layer].class);
	for (i = 0; i < count; i++) {
		box = plot_column(plot, i);
		fprintf(plot->out, "%c%.1f %.1fH%.1f", i ? 'L' : 'M', box.x,
			plot_y(plot, row, i, layer + 1, scale_pct),
			box.x + box.w);
	}
	while (i--) {
		box = plot_column(plot, i);
		fprintf(plot->out, "L%.1f %.1fH%.1f", box.x + box.w,
			plot_y(plot, row, i, layer, scale_pct), box.x);
	}
	fputs("z\"/>\n", plot->out);
}

static bool layer_used(const struct series *s, const struct series_row *row,
		       enum cpu_layer layer)
{
	unsigned int i;

	for (i = 0; i < s->count; i++)
		if (layer_ns(series_cpu_at(row, i), layer) > 0)
			return true;
	return false;
}

/* Over a column: its numbers. */
static void column_hover(const struct svg_plot *plot,
			 const struct series_row *row, unsigned int column)
{
	const struct series_cpu *c = series_cpu_at(row, column);
	struct svg_box b = plot_column(plot, column);
	char span[SVG_SPAN_ROOM], text[256] = "";
	unsigned int layer;
	size_t used;

	plot_span(plot, column, span);
	for (layer = 0; layer < NR_LAYERS; layer++) {
		if (layer == LAYER_IRQ && c->hardirq_ns == MISSING)
			continue;
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, ", %s %.2f %%",
			 layers[layer].name,
			 span_pct(plot->series, column, layer_ns(c, layer)));
	}
	fprintf(plot->out,
		"<rect class=\"hover\" x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" "
		"height=\"%.1f\">",
		b.x, b.y, b.w, b.h);
	svg_title(plot->out, "%s%s", span, text);
	fputs("</rect>\n", plot->out);
}

/* --- marks ---------------------------------------------------------------- */

struct lane {
	const char *name;
	size_t offset;
};

static const struct lane lanes[] = {
	{ "budget", offsetof(struct series_cpu, squeeze_budget) },
	{ "time", offsetof(struct series_cpu, squeeze_time) },
	{ "both", offsetof(struct series_cpu, squeeze_both) },
	{ "dropped", offsetof(struct series_cpu, dropped) },
};

#define NR_LANES (sizeof(lanes) / sizeof(*lanes))

static uint64_t lane_value(const struct lane *lane, const struct series_cpu *c)
{
	return *(const uint64_t *)((const char *)c + lane->offset);
}

static bool lane_is_squeeze(const struct lane *lane)
{
	return lane != &lanes[NR_LANES - 1];
}

/* Where the kind is not known, the kernel's count says that there were some. */
static bool lane_unsplit(const struct lane *lane, const struct series_cpu *c)
{
	return lane_is_squeeze(lane) && lane_value(lane, c) == MISSING &&
	       known(c->squeezes_kernel);
}

static const char *lane_class(const struct lane *lane, const struct series_cpu *c)
{
	if (!lane_is_squeeze(lane))
		return "drop";
	if (lane_unsplit(lane, c) || c->squeeze_work_left == MISSING)
		return "unsplit";
	return c->squeeze_work_left ? "left" : "harmless";
}

static void mark_title(const struct svg_plot *plot, const struct lane *lane,
		       const struct series_cpu *c, unsigned int column)
{
	char span[SVG_SPAN_ROOM], left[FORMAT_ROOM];

	plot_span(plot, column, span);
	format_number(c->squeeze_work_left, left);
	if (!lane_is_squeeze(lane))
		svg_title(plot->out,
			  "%s: %" PRIu64 " packets dropped by the backlog",
			  span, c->dropped);
	else if (lane_unsplit(lane, c))
		svg_title(plot->out,
			  "%s: the kernel counted %" PRIu64
			  " squeezes, of no known kind",
			  span, c->squeezes_kernel);
	else
		svg_title(plot->out,
			  "%s: %" PRIu64 " squeezes by %s; of all "
			  "kinds %s left work",
			  span, lane_value(lane, c), lane->name, left);
}

static void lane_draw(const struct svg_plot *plot, const struct series_row *row,
		      const struct lane *lane, double y)
{
	const struct series_cpu *c;
	struct svg_box b;
	unsigned int i;

	svg_text(plot->out, plot->box.x - 5, y + LANE_HEIGHT - 1, "lane", "%s",
		 lane->name);
	for (i = 0; i < plot->series->count; i++) {
		c = series_cpu_at(row, i);
		if (!known(lane_value(lane, c)) && !lane_unsplit(lane, c))
			continue;
		b = plot_column(plot, i);
		fprintf(plot->out,
			"<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" "
			"width=\"%.2f\" height=\"%d\">",
			lane_class(lane, c), b.x + .4, y + 1,
			fmax(b.w - .8, MARK_WIDTH_MIN), LANE_HEIGHT - 2);
		mark_title(plot, lane, c, i);
		fputs("</rect>\n", plot->out);
	}
}

static bool lane_used(const struct series *s, const struct series_row *row,
		      const struct lane *lane)
{
	const struct series_cpu *c;
	unsigned int i;

	for (i = 0; i < s->count; i++) {
		c = series_cpu_at(row, i);
		if (known(lane_value(lane, c)) || lane_unsplit(lane, c))
			return true;
	}
	return false;
}

/* The lowest next to the plot. */
static void lanes_draw(const struct svg_plot *plot, const struct series_row *row)
{
	double y = plot->box.y - 6;
	size_t i = NR_LANES;

	while (i--)
		if (lane_used(plot->series, row, &lanes[i])) {
			y -= LANE_HEIGHT;
			lane_draw(plot, row, &lanes[i], y);
		}
}

void cpu_draw(const struct svg_plot *plot, const struct series_row *row,
	      double scale_pct)
{
	char label[32];
	unsigned int i;

	svg_rect(plot->out, plot->box, "plot");
	for (i = 0; i <= 2; i++) {
		snprintf(label, sizeof(label), "%g %%", scale_pct * i / 2);
		plot_tick(plot, i / 2.0, label);
	}
	for (i = 0; i < NR_LAYERS; i++)
		if (layer_used(plot->series, row, i))
			layer_draw(plot, row, i, scale_pct);
	for (i = 0; i < plot->series->count; i++)
		column_hover(plot, row, i);
	lanes_draw(plot, row);
	plot_time_axis(plot);
}

/* --- words ---------------------------------------------------------------- */

static double legend_entry(FILE *out, double x, double y, const char *class,
			   const char *words)
{
	svg_rect(out, (struct svg_box){ x, y - 9, 12, 10 }, class);
	svg_text(out, x + 17, y, "note", "%s", words);
	return x + 17 + LETTER_WIDTH * (double)strlen(words) + 14;
}

void cpu_legend(FILE *out, double x, double y)
{
	double at = x;
	unsigned int i;

	for (i = 0; i < NR_LAYERS; i++)
		at = legend_entry(out, at, y, layers[i].class, layers[i].legend);
	y += 18;
	svg_text(out, x, y, "note", "marks: squeezes by kind");
	at = legend_entry(out, x + 170, y, "left", "work was left");
	at = legend_entry(out, at, y, "harmless", "nothing was left: harmless");
	at = legend_entry(out, at, y, "unsplit", "not known which");
	legend_entry(out, at, y, "drop", "packets dropped by the backlog");
}

/* MISSING where a column's is. */
static uint64_t lane_sum(const struct series *s, const struct series_row *row,
			 size_t offset)
{
	const struct lane lane = { .offset = offset };
	uint64_t sum = 0, value;
	unsigned int i;

	for (i = 0; i < s->count; i++) {
		value = lane_value(&lane, series_cpu_at(row, i));
		if (value == MISSING)
			return MISSING;
		sum += value;
	}
	return sum;
}

/* Of the columns where the kernel says it; MISSING: of none. */
static uint64_t kernel_sum(const struct series *s, const struct series_row *row)
{
	uint64_t sum = MISSING;
	unsigned int i;

	for (i = 0; i < s->count; i++)
		sum = value_add(sum, series_cpu_at(row, i)->squeezes_kernel);
	return sum;
}

#define SUM_OF(s, row, member) \
	lane_sum(s, row, offsetof(struct series_cpu, member))

static void squeeze_words(const struct series *s, const struct series_row *row,
			  char *text, size_t room)
{
	uint64_t budget = SUM_OF(s, row, squeeze_budget);
	uint64_t time = SUM_OF(s, row, squeeze_time);
	uint64_t both = SUM_OF(s, row, squeeze_both);
	uint64_t left = SUM_OF(s, row, squeeze_work_left);
	char kernel[FORMAT_ROOM], of_left[FORMAT_ROOM];

	format_number(kernel_sum(s, row), kernel);
	format_number(left, of_left);
	if (budget == MISSING || time == MISSING || both == MISSING)
		snprintf(text, room, "squeezes: %s, kinds not known", kernel);
	else if (!(budget + time + both))
		snprintf(text, room, "no squeezes");
	else
		snprintf(text, room,
			 "squeezes: budget %" PRIu64 ", time %" PRIu64
			 ", both %" PRIu64 "; %s left work",
			 budget, time, both, of_left);
}

void cpu_words(const struct series *s, const struct series_row *row, char *text,
	       size_t room)
{
	double all =
		(double)(s->spans[s->count - 1].end_ns - s->spans[0].start_ns);
	uint64_t untimed = SUM_OF(s, row, untimed_polls);
	char squeezes[160], more[80] = "";
	double ns[NR_LAYERS] = { 0 }, sum = 0;
	unsigned int i, layer;

	for (i = 0; i < s->count; i++)
		for (layer = 0; layer < NR_LAYERS; layer++)
			ns[layer] += layer_ns(series_cpu_at(row, i), layer);
	for (layer = 0; layer < NR_LAYERS; layer++)
		sum += ns[layer];
	squeeze_words(s, row, squeezes, sizeof(squeezes));
	if (untimed)
		snprintf(more, sizeof(more),
			 "; not timed: %" PRIu64 " threaded and busy polls",
			 untimed);
	snprintf(text, room, "%.1f %% on average, ksoftirqd %.1f %%; %s%s",
		 100 * sum / all, 100 * ns[LAYER_KSOFT] / all, squeezes, more);
}
