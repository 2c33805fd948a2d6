/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a CPU's time went: contexts stacked on each other, squeezes above. */
#ifndef VIEW_SVG_CPU_H
#define VIEW_SVG_CPU_H

#include "view/svg_draw.h"

/* The end of the scale in percent, the same for all CPUs of a picture. */
double cpu_scale(const struct series *s, const struct series_row *const *rows,
		 size_t count);
/* With marks up to 38 above the plot. */
void cpu_draw(const struct svg_plot *plot, const struct series_row *row,
	      double scale_pct);
/* Two lines: contexts, and the marks. */
void cpu_legend(FILE *out, double x, double y);
/* Means and sums of the whole time, in words. */
void cpu_words(const struct series *s, const struct series_row *row, char *text,
	       size_t room);

#endif /* VIEW_SVG_CPU_H */
