// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See findview.h.  The verdict is asked for when the view opens and with each
 * interval; its lines are laid out anew for each frame, for the width that there
 * is.
 */
#include "tui/findview.h"

#include <curses.h>
#include <errno.h>
#include <string.h>

#include "tui/keys.h"
#include "tui/pen.h"

/* A longer line is hard to read. */
#define WIDEST 120
/* A verdict is as old as this at most. */
#define FINDVIEW_ANEW_NS 950000000ULL

/* Lines of the verdict, of which those from skip on have a place. */
struct painter {
	const struct tui *tui;
	int y;
	int end;
	int skip;
	int total;
};

static unsigned int severity_attr(const struct tui *tui, enum severity severity)
{
	switch (severity) {
	case SEVERITY_CRITICAL:
		return look_attr(&tui->look, LOOK_CRIT);
	case SEVERITY_WARNING:
		return look_attr(&tui->look, LOOK_WARN);
	default:
		return look_attr(&tui->look, LOOK_BOLD);
	}
}

static void draw_line(struct painter *p, const struct finding_line *line)
{
	struct pen pen = pen_line(p->y++);

	pen_skip(&pen, 1);
	if (line->command)
		pen_put(&pen, look_attr(&p->tui->look, LOOK_BOLD), line->text);
	else
		pen_print(&pen, severity_attr(p->tui, line->severity), "%.*s",
			  (int)line->marked, line->text);
	if (!line->command)
		pen_put(&pen, look_attr(&p->tui->look, LOOK_PLAIN),
			line->text + line->marked);
}

static void take_line(void *arg, const struct finding_line *line)
{
	struct painter *p = arg;

	if (p->total++ >= p->skip && p->y < p->end)
		draw_line(p, line);
}

/* With nowhere to draw to the lines are only counted. */
static void painter_run(struct painter *p)
{
	const struct finding_sink sink = {
		.width = COLS - 2 < WIDEST ? (unsigned int)COLS - 2 : WIDEST,
		.fold = true,
		.line = take_line,
		.arg = p,
	};

	verdict_lines(&p->tui->verdict, &p->tui->verdict_scope, &sink);
}

static int count_lines(const struct tui *tui)
{
	struct painter counter = { .tui = tui };

	painter_run(&counter);
	return counter.total;
}

static void draw_title(const struct tui *tui, int y, int lines, int total)
{
	unsigned int title = look_attr(&tui->look, LOOK_FOCUS);
	int last = tui->scroll + lines < total ? tui->scroll + lines : total;
	struct pen pen = pen_line(y);

	pen_print(&pen, title, " Findings of the last %.1f s%s",
		  (double)tui->verdict_scope.ns / 1e9,
		  tui->paused ? ", until you asked" : "");
	if (total > lines)
		pen_print(&pen, title, ", lines %d to %d of %d",
			  tui->scroll + 1, last, total);
	pen_fill_to(&pen, title, pen.end);
}

static void draw_failure(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	if (tui->verdict_err == -ENODATA)
		pen_put(&pen, look_attr(&tui->look, LOOK_PLAIN),
			" measuring the first interval");
	else
		pen_print(&pen, look_attr(&tui->look, LOOK_WARN),
			  " no verdict: %s", strerror(-tui->verdict_err));
}

static void findview_draw(struct tui *tui, int top, int end)
{
	struct painter painter = { .tui = tui, .y = top + 1, .end = end };
	int lines = end - top - 1, total;

	if (tui->verdict_err) {
		draw_failure(tui, top);
		return;
	}
	total = count_lines(tui);
	tui->page = lines > 1 ? lines - 1 : 1;
	if (tui->scroll > total - lines)
		tui->scroll = total - lines;
	if (tui->scroll < 0)
		tui->scroll = 0;
	painter.skip = tui->scroll;
	draw_title(tui, top, lines, total);
	painter_run(&painter);
}

static void findview_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_put(&pen, look_attr(&tui->look, LOOK_HINT),
		" up, down, PgUp, PgDn: scroll   Esc, d: back ");
}

/* Lines to scroll by; as many as there may be for the ends, 0: no such key. */
static int findview_scroll_by(const struct tui *tui, int code)
{
	switch (code) {
	case KEYS_FN(KEY_UP):
	case 'k':
		return -1;
	case KEYS_FN(KEY_DOWN):
	case 'j':
		return 1;
	case KEYS_FN(KEY_PPAGE):
		return -tui->page;
	case KEYS_FN(KEY_NPAGE):
	case ' ':
		return tui->page;
	case KEYS_FN(KEY_HOME):
	case 'g':
		return -tui->scroll;
	case KEYS_FN(KEY_END):
	case 'G':
		return count_lines(tui);
	default:
		return 0;
	}
}

static unsigned int findview_key(struct tui *tui, int code)
{
	if (keys_is_leave(code))
		return REACT_LEAVE;
	if (code == KEYS_ESC || code == 'd' || code == 'q') {
		tui->mode = NULL;
		keys_need_settings(tui);
		return REACT_DRAW;
	}
	tui->scroll += findview_scroll_by(tui, code);
	return REACT_DRAW;
}

static void findview_ask(struct tui *tui, bool anew)
{
	tui->verdict_ns = tui->filled ? tui_shown(tui)->mono_ns : 0;
	tui->verdict_err = tui->owner.diagnose(
		tui->owner.arg, anew, &tui->verdict, &tui->verdict_scope);
}

/* Drivers are asked for it: not with each of ten intervals a second. */
static void findview_update(struct tui *tui)
{
	if (tui->verdict_err ||
	    tui_shown(tui)->mono_ns - tui->verdict_ns >= FINDVIEW_ANEW_NS)
		findview_ask(tui, tui->verdict_err != 0);
}

unsigned int findview_open(struct tui *tui)
{
	static const struct mode mode = {
		.key = findview_key,
		.draw = findview_draw,
		.draw_footer = findview_draw_footer,
		.update = findview_update,
	};

	/* Some rules judge by them. */
	if (tui->owner.set_hists)
		tui->owner.set_hists(tui->owner.arg);
	if (tui->owner.set_settings)
		tui->owner.set_settings(tui->owner.arg, TUI_ALL_SETTINGS);
	findview_ask(tui, true);
	tui->mode = &mode;
	tui->scroll = 0;
	tui->page = 1;
	return REACT_DRAW;
}
