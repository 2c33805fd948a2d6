// SPDX-License-Identifier: GPL-2.0-or-later
/* See help.h. */
#include "tui/help.h"

#include <curses.h>

#include "tui/keys.h"
#include "tui/pen.h"

#define NAME_WIDTH 10

/* How to read the screen, before the keys. */
static const char *const help_texts[] = {
	"Counts are per second, % is the share of one CPU's time.",
	"! critical, * warning: before the row, and in colour at the number.",
	"CAPITALS: measured by tracing.  small: the kernel's own counters.",
	"-  not known with this kernel, probe tier or privilege; never a zero.",
	"W/POLL work per poll; near the budget (64) the poll had more to do.",
	"eth0/3 queue 3 of eth0; eth0#ID by NAPI id, eth0:FUNCTION without one, where",
	"        no queue is known; @ a network namespace; ~ a name that was cut.",
	"CONTEXT where most polls ran: inline in a softirq, ksoftirqd, the NAPI's",
	"        thread, busy poll, netpoll.  60s: the last minute, newest right.",
	"Of a node or a device % are sums: 250.0 is the time of two CPUs and a half.",
	"Bar of a CPU: i interrupts, r NET_RX, s other softirqs, p other polls.",
	"",
	NULL,
};

static int help_nr_texts(void)
{
	int n = 0;

	while (help_texts[n])
		n++;
	return n;
}

static int help_nr_lines(const struct tui *tui)
{
	const struct key *key = keys_table();
	int n = help_nr_texts();

	for (; key->name; key++)
		n += keys_is_there(tui, key);
	return n;
}

/* The n-th of those that are there. */
static const struct key *help_key_at(const struct tui *tui, int n)
{
	const struct key *key = keys_table();

	while (!keys_is_there(tui, key) || n--)
		key++;
	return key;
}

static void help_draw_line(const struct tui *tui, int y, int n)
{
	unsigned int plain = look_attr(&tui->look, LOOK_PLAIN);
	unsigned int bold = look_attr(&tui->look, LOOK_BOLD);
	int texts = help_nr_texts();
	struct pen pen = pen_line(y);
	const struct key *key;

	pen_skip(&pen, 1);
	if (n < texts) {
		pen_put(&pen, plain, help_texts[n]);
		return;
	}
	key = help_key_at(tui, n - texts);
	pen_cell(&pen, bold, key->name, NAME_WIDTH, false, CUT_TAIL);
	pen_put(&pen, plain, "  ");
	pen_put(&pen, plain, key->help);
}

static void help_draw(struct tui *tui, int top, int end)
{
	unsigned int title = look_attr(&tui->look, LOOK_FOCUS);
	int lines = end - top - 1, total = help_nr_lines(tui), i;
	struct pen pen = pen_line(top);

	if (tui->scroll > total - lines)
		tui->scroll = total - lines;
	if (tui->scroll < 0)
		tui->scroll = 0;
	pen_print(&pen, title, " Help%s",
		  total > lines ? " (arrows scroll)" : "");
	pen_fill_to(&pen, title, pen.end);
	for (i = 0; i < lines && tui->scroll + i < total; i++)
		help_draw_line(tui, top + 1 + i, tui->scroll + i);
}

static void help_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_put(&pen, look_attr(&tui->look, LOOK_HINT),
		" any other key goes back ");
}

static int help_scroll_by(int code)
{
	switch (code) {
	case KEYS_FN(KEY_UP):
	case 'k':
		return -1;
	case KEYS_FN(KEY_DOWN):
	case 'j':
		return 1;
	case KEYS_FN(KEY_PPAGE):
		return -10;
	case KEYS_FN(KEY_NPAGE):
		return 10;
	default:
		return 0;
	}
}

static unsigned int help_key(struct tui *tui, int code)
{
	int lines = help_scroll_by(code);

	if (keys_is_leave(code))
		return REACT_LEAVE;
	if (lines)
		tui->scroll += lines;
	else
		tui->mode = NULL;
	return REACT_DRAW;
}

unsigned int help_open(struct tui *tui)
{
	static const struct mode help_mode = {
		.key = help_key,
		.draw = help_draw,
		.draw_footer = help_draw_footer,
	};

	tui->mode = &help_mode;
	tui->scroll = 0;
	return REACT_DRAW;
}
