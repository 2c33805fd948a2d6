/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heat maps: time to the right, buckets upwards, the colour says how many. */
#ifndef VIEW_SVG_HEAT_H
#define VIEW_SVG_HEAT_H

#include "view/svg_draw.h"

/*
 * A map of rows of one kind: where its numbers are in a column, and what they
 * are.  from and to are its lowest and highest bucket, the same for all of a
 * picture, so that they can be compared.
 */
struct svg_map {
	const char *what; /* "schedule -> poll" */
	const char *unit; /* what is counted: "polls" */
	bool times;	  /* buckets of time, else of work */
	size_t counts;	  /* offset in the column */
	size_t p99;	  /* also; 0: has none */
	unsigned int from, to;
};

/* So many in the fullest cell of a picture. */
struct svg_heat {
	uint64_t most;
};

/* Takes what the rows have into the range of a map and the scale. */
void heat_measure(const struct series *s, const struct series_row *const *rows,
		  size_t count, size_t column_size, struct svg_map *map,
		  struct svg_heat *heat);
/* Does any row have a value?  After heat_measure(). */
bool heat_has_values(const struct svg_map *map);
/* All values of a row. */
uint64_t heat_total(const struct series *s, const struct series_row *row,
		    size_t column_size, const struct svg_map *map);

/* Draws a row's map, or says why not where it has no values. */
void heat_draw(const struct svg_plot *plot, const struct series_row *row,
	       size_t column_size, const struct svg_map *map,
	       const struct svg_heat *heat, const char *why_not);
/* What the colours mean, and the line; merged: columns are of several readings. */
void heat_legend(FILE *out, double x, double y, const struct svg_heat *heat,
		 bool merged);

#endif /* VIEW_SVG_HEAT_H */
