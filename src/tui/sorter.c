// SPDX-License-Identifier: GPL-2.0-or-later
/* See sorter.h. */
#include "tui/sorter.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

#include "tui/keys.h"
#include "tui/pen.h"

#define TITLE_WIDTH 12
#define HELP_LINES 2

/* Line n of the list; NULL for the first: busiest first. */
static const struct field *sorter_field(const struct panel *p, int n)
{
	const struct field *f = field_table(p->class->scope);

	for (; f->name && n > 0; f++)
		if (panel_can_sort_by(p, f) && --n == 0)
			return f;
	return NULL;
}

static int sorter_nr_lines(const struct panel *p)
{
	const struct field *f = field_table(p->class->scope);
	int n = 1;

	for (; f->name; f++)
		n += panel_can_sort_by(p, f);
	return n;
}

static int sorter_line_of(const struct panel *p, const struct field *f)
{
	int i;

	for (i = sorter_nr_lines(p) - 1; i > 0; i--)
		if (sorter_field(p, i) == f)
			return i;
	return 0;
}

static const char *sorter_help(const struct field *f)
{
	return f ? f->help : "What takes the most time first.";
}

static void sorter_draw_line(const struct tui *tui, const struct panel *p,
			     int y, int n)
{
	const struct field *f = sorter_field(p, n);
	char title[COLUMN_TITLE] = "busiest";
	struct pen pen = pen_line(y);

	if (n == tui->choice)
		pen.mix = A_REVERSE;
	if (f)
		columns_make_title(f, title);
	pen_put(&pen, look_attr(&tui->look, LOOK_PLAIN), " ");
	pen_cell(&pen, look_attr(&tui->look, LOOK_BOLD), title, TITLE_WIDTH,
		 true, CUT_TAIL);
	pen_put(&pen, look_attr(&tui->look, LOOK_PLAIN), " ");
	pen_put(&pen, look_attr(&tui->look, LOOK_PLAIN), sorter_help(f));
	pen_fill_to(&pen, 0, pen.end);
}

/* The sentence about the chosen field, whole. */
static void sorter_draw_help(const struct tui *tui, int y, const char *help)
{
	unsigned int plain = look_attr(&tui->look, LOOK_PLAIN);
	struct pen pen = pen_line(y);
	char first[TEXT_ROOM];
	char *space;

	snprintf(first, sizeof(first), "%s", help);
	if (strlen(first) < (size_t)pen.end) {
		pen_put(&pen, plain, first);
		return;
	}
	first[pen.end] = '\0';
	space = strrchr(first, ' ');
	if (space)
		*space = '\0';
	pen_put(&pen, plain, first);
	pen = pen_line(y + 1);
	pen_put(&pen, plain, help + strlen(first) + 1);
}

static void sorter_draw(struct tui *tui, int top, int end)
{
	unsigned int title = look_attr(&tui->look, LOOK_FOCUS);
	const struct panel *p = tui_focus(tui);
	int lines = end - top - 1 - HELP_LINES, total = sorter_nr_lines(p), i;
	struct pen pen = pen_line(top);

	if (tui->choice < tui->scroll)
		tui->scroll = tui->choice;
	if (tui->choice >= tui->scroll + lines)
		tui->scroll = tui->choice - lines + 1;
	pen_print(&pen, title, " Sort the %s by", p->class->name);
	pen_fill_to(&pen, title, pen.end);
	for (i = 0; i < lines && tui->scroll + i < total; i++)
		sorter_draw_line(tui, p, top + 1 + i, tui->scroll + i);
	sorter_draw_help(tui, end - HELP_LINES,
			 sorter_help(sorter_field(p, tui->choice)));
}

static void sorter_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_put(&pen, look_attr(&tui->look, LOOK_HINT),
		" arrows choose, Enter takes it, Esc goes back ");
}

static unsigned int sorter_take(struct tui *tui)
{
	struct panel *p = tui_focus(tui);

	panel_sort_by(p, sorter_field(p, tui->choice));
	tui->mode = NULL;
	return REACT_BUILD;
}

static void sorter_step(struct tui *tui, int lines)
{
	int last = sorter_nr_lines(tui_focus(tui)) - 1;

	tui->choice += lines;
	if (tui->choice > last)
		tui->choice = last;
	if (tui->choice < 0)
		tui->choice = 0;
}

static unsigned int sorter_key(struct tui *tui, int code)
{
	if (keys_is_leave(code))
		return REACT_LEAVE;
	if (keys_is_enter(code))
		return sorter_take(tui);
	if (code == KEYS_FN(KEY_UP) || code == 'k')
		sorter_step(tui, -1);
	else if (code == KEYS_FN(KEY_DOWN) || code == 'j')
		sorter_step(tui, 1);
	else if (code == KEYS_FN(KEY_PPAGE))
		sorter_step(tui, -10);
	else if (code == KEYS_FN(KEY_NPAGE))
		sorter_step(tui, 10);
	else if (code == KEYS_ESC || code == 'q' || code == 's')
		tui->mode = NULL;
	return REACT_DRAW;
}

unsigned int sorter_open(struct tui *tui)
{
	static const struct mode sorter_mode = {
		.key = sorter_key,
		.draw = sorter_draw,
		.draw_footer = sorter_draw_footer,
	};
	const struct panel *p = tui_focus(tui);

	tui->mode = &sorter_mode;
	tui->scroll = 0;
	tui->choice = sorter_line_of(p, p->sort);
	return REACT_DRAW;
}
