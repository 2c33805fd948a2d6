// SPDX-License-Identifier: GPL-2.0-or-later
/* See screen.h. */
#include "tui/screen.h"

#include <curses.h>
#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "tui/header.h"
#include "tui/keys.h"
#include "tui/panel_draw.h"
#include "tui/pen.h"
#include "tui/terminal.h"

/* More than any screen has. */
#define MOST_LINES 10000

static void screen_draw_too_small(void)
{
	struct pen pen = pen_line(0);

	pen_print(&pen, A_BOLD, "%dx%d is too small, %dx%d needed", COLS, LINES,
		  LAYOUT_MIN_WIDTH, LAYOUT_MIN_HEIGHT);
}

/*
 * By the most that a panel ever had to show: panels must not move up and down
 * while somebody reads them.
 */
static void screen_find_needs(const struct tui *tui, int needs[NR_PANELS])
{
	size_t lines;
	int id;

	for (id = 0; id < NR_PANELS; id++) {
		lines = tui->panels[id].most_lines;
		needs[id] = 2 + (int)(lines < MOST_LINES ? lines : MOST_LINES);
	}
}

static void screen_draw_panels(struct tui *tui, int y, int end)
{
	int needs[NR_PANELS], heights[NR_PANELS], id;

	if (tui->zoomed) {
		panel_draw(tui, tui->focus, y, end - y);
		return;
	}
	screen_find_needs(tui, needs);
	layout_panels(end - y, needs, tui->focus, heights);
	for (id = 0; id < NR_PANELS; id++) {
		panel_draw(tui, id, y, heights[id]);
		y += heights[id];
	}
}

static void screen_draw_state(const struct tui *tui, struct pen *pen)
{
	unsigned int warn = look_attr(&tui->look, LOOK_WARN);

	if (*tui->dev)
		pen_print(pen, warn, "%s alone ", tui->dev);
	if (tui->some_cpus)
		pen_put(pen, warn, "some CPUs (-C) ");
	if (*tui->filter)
		pen_print(pen, warn, "filter \"%s\" (Esc) ", tui->filter);
	if (tui->grouping)
		pen_print(pen, warn, "by %s (n) ",
			  tui->grouping == GROUP_DEV ? "device" :
			  tui->nodes.count	     ? "node" :
					     "node, which are being read");
	if (tui->only_cpu != MISSING)
		pen_print(pen, warn, "NAPIs of CPU %" PRIu64 " (Esc) ",
			  tui->only_cpu);
	if (*tui->message)
		pen_print(pen, warn, "%s ", tui->message);
}

static void screen_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);
	const struct key *key;

	screen_draw_state(tui, &pen);
	for (key = keys_table(); key->name; key++) {
		if (!key->hint || !keys_is_there(tui, key))
			continue;
		pen_put(&pen, look_attr(&tui->look, LOOK_BOLD), key->name);
		pen_put(&pen, look_attr(&tui->look, LOOK_HINT), key->hint);
		pen_put(&pen, 0, " ");
	}
}

static void screen_draw_frame(struct tui *tui)
{
	int footer = LINES - 1, top;

	if (COLS < LAYOUT_MIN_WIDTH || LINES < LAYOUT_MIN_HEIGHT) {
		screen_draw_too_small();
		return;
	}
	top = tui->filled ? header_draw(tui) : 0;
	if (tui->mode && tui->mode->draw)
		tui->mode->draw(tui, top, footer);
	else if (tui->filled)
		screen_draw_panels(tui, top, footer);
	else
		mvaddstr(0, 0, "napiscope: measuring the first interval");
	if (tui->mode && tui->mode->draw_footer)
		tui->mode->draw_footer(tui, footer);
	else
		screen_draw_footer(tui, footer);
}

/*
 * Erased in memory, compared by curses: only what changed is sent.  Not to a terminal
 * that takes nothing in that time: who waits for it reads no numbers.
 */
void screen_draw(struct tui *tui, int wait_ms)
{
	struct pollfd at = { .fd = STDOUT_FILENO, .events = POLLOUT };

	if (!poll(&at, 1, wait_ms))
		return;
	werase(stdscr);
	screen_draw_frame(tui);
	wnoutrefresh(stdscr);
	terminal_update();
}
