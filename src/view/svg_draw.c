// SPDX-License-Identifier: GPL-2.0-or-later
/* See svg_draw.h. */
#include "util/safe.h"
#include "view/svg_draw.h"

#include <stdarg.h>
#include <string.h>

#include "model/format.h"

#define TEXT_ROOM 1024
#define NS_PER_SEC 1e9
/* Room that a label of the time axis takes. */
#define TIME_LABEL_WIDTH 56

/* Colours that everybody can tell apart (Okabe and Ito); heat in one hue. */
static const char style[] =
	"text{font-family:sans-serif;font-size:12px;fill:#222}"
	".title{font-size:20px;font-weight:bold}"
	".head{font-size:16px;font-weight:bold}"
	".row{font-size:13px;font-weight:bold}"
	".words{font-weight:normal;font-size:12px;fill:#555}"
	".note{fill:#555}"
	".bad{fill:#b03a00;font-weight:bold}"
	".tick{font-size:10px;fill:#444}"
	".right{font-size:10px;fill:#444;text-anchor:end}"
	".lane{font-size:8px;fill:#444;text-anchor:end}"
	".mid{font-size:10px;fill:#444;text-anchor:middle}"
	".say{fill:#555;text-anchor:middle;font-style:italic}"
	".paper{fill:#fff}.plot{fill:#fafafa}"
	".grid{stroke:#ddd}.axis{stroke:#777}"
	".hover{fill:#fff;fill-opacity:0}"
	".irq{fill:#d55e00}.inline{fill:#0072b2}.ksoft{fill:#56b4e9}"
	".other{fill:#b8b8b8}.thread{fill:#009e73}"
	".left{fill:#222}.harmless{fill:none;stroke:#222;stroke-width:.8}"
	".unsplit{fill:#999}.drop{fill:#cc79a7}"
	".p99{fill:none;stroke:#d55e00;stroke-width:1.6}"
	".halo{fill:none;stroke:#fff;stroke-width:3.6}"
	".map{shape-rendering:crispEdges}"
	".h0{fill:#d3e3f3}.h1{fill:#b3d0e8}.h2{fill:#8abbdd}.h3{fill:#5fa3d0}"
	".h4{fill:#3b87c0}.h5{fill:#2068a8}.h6{fill:#104a86}.h7{fill:#08294f}";

void svg_begin(FILE *out, double height, const char *title)
{
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
		"viewBox=\"0 0 %d %.0f\" width=\"%d\" height=\"%.0f\">\n",
		SVG_WIDTH, height, SVG_WIDTH, height);
	svg_title(out, "%s", title);
	fprintf(out, "\n<style>%s</style>\n", style);
	svg_rect(out, (struct svg_box){ 0, 0, SVG_WIDTH, height }, "paper");
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

/* XML has no place for U+FFFE and U+FFFF, which are good UTF-8. */
static bool is_noncharacter(const char *text)
{
	return !strncmp(text, "\xef\xbf\xbe", 3) ||
	       !strncmp(text, "\xef\xbf\xbf", 3);
}

void svg_escape(FILE *out, const char *text)
{
	char safe[TEXT_ROOM];
	const char *c;

	safe_text(text, safe, sizeof(safe));
	for (c = safe; *c; c++) {
		if (*c == '&')
			fputs("&amp;", out);
		else if (*c == '<')
			fputs("&lt;", out);
		else if (*c == '>')
			fputs("&gt;", out);
		else if (*c == '"')
			fputs("&quot;", out);
		else if (is_noncharacter(c))
			fputc('?', out), c += 2;
		else
			fputc(*c, out);
	}
}

static void svg_vescape(FILE *out, const char *fmt, va_list args)
{
	char text[TEXT_ROOM];

	vsnprintf(text, sizeof(text), fmt, args);
	svg_escape(out, text);
}

void svg_text(FILE *out, double x, double y, const char *class, const char *fmt,
	      ...)
{
	va_list args;

	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	va_start(args, fmt);
	svg_vescape(out, fmt, args);
	va_end(args);
	fputs("</text>\n", out);
}

void svg_title(FILE *out, const char *fmt, ...)
{
	va_list args;

	fputs("<title>", out);
	va_start(args, fmt);
	svg_vescape(out, fmt, args);
	va_end(args);
	fputs("</title>", out);
}

void svg_rect(FILE *out, struct svg_box b, const char *class)
{
	fprintf(out,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
		"class=\"%s\"/>\n",
		b.x, b.y, b.w, b.h, class);
}

void svg_line(FILE *out, double x1, double y1, double x2, double y2,
	      const char *class)
{
	fprintf(out,
		"<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" "
		"class=\"%s\"/>\n",
		x1, y1, x2, y2, class);
}

/* --- over time ------------------------------------------------------------ */

static uint64_t series_start(const struct series *s)
{
	return s->spans[0].start_ns;
}

static double series_seconds(const struct series *s)
{
	return (double)(s->spans[s->count - 1].end_ns - series_start(s)) /
	       NS_PER_SEC;
}

static double plot_x(const struct svg_plot *plot, double seconds)
{
	return plot->box.x + plot->box.w * seconds / series_seconds(plot->series);
}

struct svg_box plot_column(const struct svg_plot *plot, unsigned int column)
{
	const struct series_span *span = &plot->series->spans[column];
	const uint64_t start = series_start(plot->series);
	double from = plot_x(plot, (double)(span->start_ns - start) / NS_PER_SEC);
	double to = plot_x(plot, (double)(span->end_ns - start) / NS_PER_SEC);

	return (struct svg_box){ from, plot->box.y, to - from, plot->box.h };
}

void plot_span(const struct svg_plot *plot, unsigned int column, char *text)
{
	const struct series_span *span = &plot->series->spans[column];
	const uint64_t start = series_start(plot->series);

	snprintf(text, SVG_SPAN_ROOM, "%.2f s to %.2f s",
		 (double)(span->start_ns - start) / NS_PER_SEC,
		 (double)(span->end_ns - start) / NS_PER_SEC);
}

/* Seconds between ticks: round ones, and room for their labels. */
static double time_step(const struct svg_plot *plot)
{
	static const double steps[] = {
		0.1,  0.2,   0.5,   1,	   2,	      5,	 10,   15,
		30,   60,    120,   300,   600,	      900,	 1800, 3600,
		7200, 21600, 43200, 86400, 7 * 86400, 30 * 86400
	};
	const unsigned int count = sizeof(steps) / sizeof(*steps);
	double seconds = series_seconds(plot->series);
	unsigned int i = 0;

	while (i + 1 < count &&
	       seconds / steps[i] > plot->box.w / TIME_LABEL_WIDTH)
		i++;
	return steps[i];
}

static void time_label(double seconds, double step, char *text)
{
	if (step < 60)
		snprintf(text, FORMAT_ROOM, "%g s", seconds);
	else if (step < 3600)
		snprintf(text, FORMAT_ROOM, "%g min", seconds / 60);
	else
		snprintf(text, FORMAT_ROOM, "%g h", seconds / 3600);
}

void plot_time_axis(const struct svg_plot *plot)
{
	const struct svg_box *b = &plot->box;
	double step = time_step(plot), bottom = b->y + b->h, x;
	char label[FORMAT_ROOM];
	unsigned int i;

	for (i = 0; i * step <= series_seconds(plot->series); i++) {
		x = plot_x(plot, i * step);
		time_label(i * step, step, label);
		svg_line(plot->out, x, bottom, x, bottom + 4, "axis");
		svg_text(plot->out, x, bottom + 15, "mid", "%s", label);
	}
	svg_line(plot->out, b->x, bottom, b->x + b->w, bottom, "axis");
	svg_line(plot->out, b->x, b->y, b->x, bottom, "axis");
}

void plot_tick(const struct svg_plot *plot, double height, const char *label)
{
	const struct svg_box *b = &plot->box;
	double y = b->y + b->h * (1 - height);

	svg_line(plot->out, b->x, y, b->x + b->w, y, "grid");
	svg_text(plot->out, b->x - 5, y + 3.5, "right", "%s", label);
}

void plot_say(const struct svg_plot *plot, const char *why)
{
	const struct svg_box *b = &plot->box;

	svg_rect(plot->out, *b, "plot");
	svg_text(plot->out, b->x + b->w / 2, b->y + b->h / 2 + 4, "say", "%s",
		 why);
}
