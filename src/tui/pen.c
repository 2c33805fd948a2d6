// SPDX-License-Identifier: GPL-2.0-or-later
/* See pen.h. */
#include "tui/pen.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>

struct pen pen_line(int y)
{
	return (struct pen){ .y = y, .end = getmaxx(stdscr) };
}

bool pen_is_full(const struct pen *pen)
{
	return pen->x >= pen->end;
}

static void pen_write(struct pen *pen, unsigned int attr, const char *text)
{
	(void)attrset((int)(attr ^ pen->mix));
	mvaddstr(pen->y, pen->x, text);
	pen->x += text_width(text);
}

void pen_put(struct pen *pen, unsigned int attr, const char *text)
{
	char fitted[TEXT_ROOM];

	if (pen_is_full(pen))
		return;
	text_fit(fitted, sizeof(fitted), text, pen->end - pen->x, CUT_TAIL);
	pen_write(pen, attr, fitted);
}

void pen_print(struct pen *pen, unsigned int attr, const char *fmt, ...)
{
	char text[TEXT_ROOM];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	pen_put(pen, attr, text);
}

void pen_cell(struct pen *pen, unsigned int attr, const char *text, int width,
	      bool left, enum text_cut cut)
{
	int end = pen->x + width;
	char fitted[TEXT_ROOM];

	if (end > pen->end)
		return;
	text_fit(fitted, sizeof(fitted), text, width, cut);
	if (!left)
		pen_fill_to(pen, attr, end - text_width(fitted));
	pen_write(pen, attr, fitted);
	pen_fill_to(pen, attr, end);
}

void pen_skip(struct pen *pen, int columns)
{
	pen->x += columns;
}

void pen_fill_to(struct pen *pen, unsigned int attr, int x)
{
	if (x > pen->end)
		x = pen->end;
	if (x <= pen->x)
		return;
	(void)attrset((int)(attr ^ pen->mix));
	mvhline(pen->y, pen->x, ' ' | (chtype)(attr ^ pen->mix), x - pen->x);
	pen->x = x;
}
