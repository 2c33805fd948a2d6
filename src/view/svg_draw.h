/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pictures are drawn with: SVG 1.1 that needs nothing else, neither
 * scripts nor fonts.  How things look is in the style sheet of svg_draw.c, by
 * class.  Errors of the output are for the caller to ask ferror() about.
 */
#ifndef VIEW_SVG_DRAW_H
#define VIEW_SVG_DRAW_H

#include <stdio.h>

#include "model/series.h"

#define SVG_WIDTH 1200
/* Colours of a heat map: classes h0 to h7, light to dark. */
#define SVG_HEATS 8

struct svg_box {
	double x, y, w, h; /* x, y: the upper left corner */
};

void svg_begin(FILE *out, double height, const char *title);
void svg_end(FILE *out);

/* For an element's text: not more than printable, and of no meaning in XML. */
void svg_escape(FILE *out, const char *text);
__attribute__((format(printf, 5, 6))) void svg_text(FILE *out, double x,
						    double y, const char *class,
						    const char *fmt, ...);
/* What is shown where the pointer is: a child of the element before. */
__attribute__((format(printf, 2, 3))) void svg_title(FILE *out, const char *fmt,
						     ...);
void svg_rect(FILE *out, struct svg_box box, const char *class);
void svg_line(FILE *out, double x1, double y1, double x2, double y2,
	      const char *class);

/* A box over the time of a series. */
struct svg_plot {
	FILE *out;
	const struct series *series;
	struct svg_box box;
};

/* The part of the box that is a column's. */
struct svg_box plot_column(const struct svg_plot *plot, unsigned int column);
/* "3 s to 4 s" of a column; text has SVG_SPAN_ROOM bytes. */
#define SVG_SPAN_ROOM 64
void plot_span(const struct svg_plot *plot, unsigned int column, char *text);
/* The axis below, and the frame. */
void plot_time_axis(const struct svg_plot *plot);
/* A line across and its label; height from 0 (bottom) to 1 (top). */
void plot_tick(const struct svg_plot *plot, double height, const char *label);
/* Where a picture would be: why there is none. */
void plot_say(const struct svg_plot *plot, const char *why);

#endif /* VIEW_SVG_DRAW_H */
