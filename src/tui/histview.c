// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See histview.h.  At the top the percentiles of every histogram that the row
 * has, below the bars of the one that is chosen.
 */
#include "tui/histview.h"

#include <curses.h>
#include <inttypes.h>

#include "model/bars.h"
#include "tui/keys.h"
#include "tui/pen.h"

#define NAME_WIDTH 22
#define COUNT_WIDTH 9
#define VALUE_WIDTH 8
#define LABEL_WIDTH 18
#define MOST_BAR 100

/* Of a node: in a table by node NAPIs and interrupts are those of the node. */
static bool histview_sum_node(const struct tui *tui, unsigned int kind,
			      uint64_t node, struct hist_row *sum)
{
	const struct napi_row napis = { .id = node, .cpu = MISSING };
	const struct irq_row irqs = { .irq = node, .id = node, .cpu = MISSING };
	const enum field_scope scope = hist_kinds[kind].scope;

	return hist_of_row(tui_grouped(tui), kind, scope,
			   scope == SCOPE_NAPI ? (const void *)&napis : &irqs,
			   sum);
}

static bool histview_sum(const struct tui *tui, unsigned int kind,
			 struct hist_row *sum)
{
	const struct panel *p = &tui->panels[tui->focus];
	const struct panel_line *line = panel_current(p);

	if (!line || line->folded)
		return false;
	/* A device stays what it is: its NAPIs are in what is not grouped. */
	if (p->class->scope == SCOPE_DEV)
		return hist_of_row(tui_shown(tui), kind, SCOPE_DEV, line->row,
				   sum);
	if (tui->grouping == GROUP_NODE && p->class->scope == SCOPE_CPU &&
	    hist_kinds[kind].scope != SCOPE_CPU)
		return histview_sum_node(
			tui, kind, ((const struct cpu_row *)line->row)->cpu, sum);
	return hist_of_row(tui_grouped(tui), kind, p->class->scope, line->row,
			   sum);
}

/* The kinds that the row has values of, as bits. */
static unsigned int histview_kinds(const struct tui *tui)
{
	unsigned int kind, kinds = 0;
	struct hist_row sum;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		if (histview_sum(tui, kind, &sum))
			kinds |= 1U << kind;
	return kinds;
}

/* The next kind in kinds after the chosen one (1), or the one before (-1). */
static void histview_step(struct tui *tui, unsigned int kinds, int step)
{
	int i, kind = tui->choice;

	for (i = 0; i < NAPI_NR_HIST_KINDS; i++) {
		kind = (kind + step + NAPI_NR_HIST_KINDS) % NAPI_NR_HIST_KINDS;
		if (kinds >> kind & 1) {
			tui->choice = kind;
			return;
		}
	}
}

static void draw_title(const struct tui *tui, int y)
{
	unsigned int title = look_attr(&tui->look, LOOK_FOCUS);
	const struct panel *p = &tui->panels[tui->focus];
	const struct panel_line *line = panel_current(p);
	static const char *const names[] = { "COUNT", "P50",   "P90",
					     "P99",   "P99.9", "MAX" };
	char name[TEXT_ROOM] = "nothing selected";
	struct pen pen = pen_line(y);
	unsigned int i;

	if (line && line->folded)
		panel_label_folded(line, name, sizeof(name));
	else if (line && p->class->sums)
		p->class->label(line->row, name, sizeof(name));
	else if (line)
		format_row_name(p->class->scope, line->row, name, sizeof(name));
	pen_skip(&pen, 1);
	pen_cell(&pen, title, name, NAME_WIDTH, true, CUT_MIDDLE);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		pen_cell(&pen, title, names[i], i ? VALUE_WIDTH : COUNT_WIDTH,
			 false, CUT_TAIL);
	pen_fill_to(&pen, title, pen.end);
}

static void draw_value(struct pen *pen, const struct hist_row *h, uint64_t value)
{
	char text[FORMAT_ROOM];

	bars_value(&hist_kinds[h->kind], value, text);
	pen_cell(pen, A_NORMAL, text, VALUE_WIDTH, false, CUT_TAIL);
}

static void draw_percentiles(const struct tui *tui, int y,
			     const struct hist_row *h)
{
	bool chosen = (int)h->kind == tui->choice;
	struct pen pen = pen_line(y);
	char count[FORMAT_ROOM];
	unsigned int i;

	pen.mix = chosen ? A_REVERSE : 0;
	format_count((double)hist_count(h), count);
	pen_put(&pen, A_NORMAL, chosen ? ">" : " ");
	pen_cell(&pen, A_NORMAL, hist_kinds[h->kind].title, NAME_WIDTH, true,
		 CUT_TAIL);
	pen_cell(&pen, A_NORMAL, count, COUNT_WIDTH, false, CUT_TAIL);
	for (i = 0; i < HIST_NR_PARTS; i++)
		draw_value(&pen, h, hist_percentile(h, hist_parts[i].permille));
	draw_value(&pen, h, h->max);
	pen_fill_to(&pen, A_NORMAL, pen.end);
}

static void draw_bar(const struct tui *tui, int y, const struct bars *b,
		     const struct hist_row *h, unsigned int at)
{
	unsigned int net = look_attr(&tui->look, LOOK_NET);
	uint64_t count = bars_count(b, h, at);
	char label[BAR_LABEL_ROOM], number[FORMAT_ROOM];
	struct pen pen = pen_line(y);
	int length, i;

	bars_label(b, h, at, label);
	format_count((double)count, number);
	pen_skip(&pen, 1);
	pen_cell(&pen, A_NORMAL, label, LABEL_WIDTH, false, CUT_TAIL);
	pen_cell(&pen, A_NORMAL, number, 7, false, CUT_TAIL);
	pen_print(&pen, A_NORMAL, " %5.1f%% ",
		  100.0 * (double)count / (double)hist_count(h));
	length = pen.end - pen.x - 1;
	if (length > MOST_BAR)
		length = MOST_BAR;
	length = (int)(length * (double)count / (double)b->most);
	for (i = 0; i < length || (count && !i); i++)
		pen_put(&pen, net, look_spark(&tui->look, 1));
}

static void draw_bars(const struct tui *tui, int y, int end,
		      const struct hist_row *h)
{
	struct bars b;
	unsigned int at;

	if (y >= end)
		return;
	bars_choose(&b, h, (unsigned int)(end - y));
	for (at = b.from; at <= b.to && y < end; at = bars_next(&b, at))
		draw_bar(tui, y++, &b, h, at);
}

static void draw_nothing(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_print(&pen, look_attr(&tui->look, LOOK_DIM),
		  " no values in this interval%s",
		  tui->owner.set_hists ? "; measuring them began with this "
					 "view" :
					 ", or none were recorded");
}

static void histview_draw(struct tui *tui, int top, int end)
{
	unsigned int kinds = histview_kinds(tui), kind;
	struct hist_row sum;
	int y = top;

	if (kinds && !(kinds >> tui->choice & 1))
		histview_step(tui, kinds, 1);
	draw_title(tui, y++);
	if (!kinds)
		draw_nothing(tui, y);
	for (kind = 0; kind < NAPI_NR_HIST_KINDS && y < end; kind++)
		if (histview_sum(tui, kind, &sum))
			draw_percentiles(tui, y++, &sum);
	if (kinds && histview_sum(tui, (unsigned int)tui->choice, &sum))
		draw_bars(tui, y + 1, end, &sum);
}

static void histview_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_put(&pen, look_attr(&tui->look, LOOK_HINT),
		" up, down: which histogram   left, right: which row   "
		"else: back ");
}

static unsigned int histview_move(struct tui *tui, int lines)
{
	panel_move(tui_focus(tui), lines);
	return REACT_DRAW;
}

static unsigned int histview_key(struct tui *tui, int code)
{
	if (keys_is_leave(code))
		return REACT_LEAVE;
	switch (code) {
	case KEYS_FN(KEY_UP):
	case 'k':
		histview_step(tui, histview_kinds(tui), -1);
		return REACT_DRAW;
	case KEYS_FN(KEY_DOWN):
	case 'j':
		histview_step(tui, histview_kinds(tui), 1);
		return REACT_DRAW;
	case KEYS_FN(KEY_LEFT):
		return histview_move(tui, -1);
	case KEYS_FN(KEY_RIGHT):
		return histview_move(tui, 1);
	default:
		tui->mode = NULL;
		return REACT_DRAW;
	}
}

unsigned int histview_open(struct tui *tui)
{
	static const struct mode mode = {
		.key = histview_key,
		.draw = histview_draw,
		.draw_footer = histview_draw_footer,
	};

	if (tui->owner.set_hists)
		tui->owner.set_hists(tui->owner.arg);
	/* It is of this row, whichever is the busiest then. */
	panel_move(tui_focus(tui), 0);
	tui->mode = &mode;
	tui->choice = NAPI_HIST_POLL_NS;
	return REACT_DRAW;
}
