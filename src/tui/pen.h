/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Drawing on one line of the screen from left to right, clipped at its end. */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include <stdbool.h>

#include "tui/text.h"

struct pen {
	int y;
	int x;
	int end;	  /* first column that is not drawn to */
	unsigned int mix; /* toggled in all attributes: A_REVERSE or 0 */
};

/* A line of the screen, as wide as it is. */
struct pen pen_line(int y);
bool pen_is_full(const struct pen *pen);

/* Texts of any origin: they are made safe and clipped here. */
void pen_put(struct pen *pen, unsigned int attr, const char *text);
__attribute__((format(printf, 3, 4))) void
pen_print(struct pen *pen, unsigned int attr, const char *fmt, ...);
/* In a cell of width columns, padded; cut in the middle or at the tail. */
void pen_cell(struct pen *pen, unsigned int attr, const char *text, int width,
	      bool left, enum text_cut cut);
void pen_skip(struct pen *pen, int columns);
/* Blanks up to column x. */
void pen_fill_to(struct pen *pen, unsigned int attr, int x);

#endif /* TUI_PEN_H */
