/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table that is none of an interval's: rows of the same cells, in columns as
 * wide as what is in them, or as a JSON array of objects.
 */
#ifndef VIEW_SHEET_H
#define VIEW_SHEET_H

#include <stdint.h>
#include <stdio.h>

#include "util/table.h"

struct sheet {
	struct table rows;  /* struct sheet_row */
	struct table cells; /* struct sheet_cell, by row */
	unsigned int columns;
};

void sheet_init(struct sheet *s);
void sheet_fini(struct sheet *s);

/*
 * Begins a row; the cells that follow are its.  Every row has the same ones, in
 * the same order.  weight: see sheet_sort().
 */
void sheet_add_row(struct sheet *s, double weight);
/* Largest weight first, else as they were added. */
void sheet_sort(struct sheet *s);

/*
 * A cell: name in JSON, where what is missing is left out, and title of its
 * column (NULL: in JSON only).  sheet_add_real: value in JSON (NAN: missing), text
 * for people.
 */
void sheet_add_number(struct sheet *s, const char *name, const char *title,
		      uint64_t number);
void sheet_add_text(struct sheet *s, const char *name, const char *title,
		    const char *text);
/* Several lines; in JSON only. */
void sheet_add_lines(struct sheet *s, const char *name, const char *lines);
void sheet_add_real(struct sheet *s, const char *name, const char *title,
		    double value, const char *text);

/* 0, -ENOMEM (of a cell before, too) or -errno of the output. */
int sheet_print_text(FILE *out, const struct sheet *s);
int sheet_print_json(FILE *out, const struct sheet *s);

#endif /* VIEW_SHEET_H */
