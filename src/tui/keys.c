// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See keys.h.  A handler changes the state and says what has to follow; it
 * does not draw.
 */
#include "tui/keys.h"

#include <curses.h>
#include <stdio.h>

#include "tui/findview.h"
#include "tui/help.h"
#include "tui/histview.h"
#include "tui/prompts.h"
#include "tui/sorter.h"

static unsigned int key_press_up(struct tui *tui)
{
	panel_move(tui_focus(tui), -1);
	return REACT_DRAW;
}

static unsigned int key_press_down(struct tui *tui)
{
	panel_move(tui_focus(tui), 1);
	return REACT_DRAW;
}

static unsigned int key_press_page_up(struct tui *tui)
{
	panel_move(tui_focus(tui), -(long)tui_focus(tui)->page);
	return REACT_DRAW;
}

static unsigned int key_press_page_down(struct tui *tui)
{
	panel_move(tui_focus(tui), (long)tui_focus(tui)->page);
	return REACT_DRAW;
}

static unsigned int key_press_home(struct tui *tui)
{
	panel_home(tui_focus(tui));
	return REACT_DRAW;
}

static unsigned int key_press_end(struct tui *tui)
{
	panel_move(tui_focus(tui), (long)tui_focus(tui)->lines.count);
	return REACT_DRAW;
}

static unsigned int key_press_next_panel(struct tui *tui)
{
	tui->focus = (tui->focus + 1) % NR_PANELS;
	return REACT_DRAW;
}

static unsigned int key_press_last_panel(struct tui *tui)
{
	tui->focus = (tui->focus + NR_PANELS - 1) % NR_PANELS;
	return REACT_DRAW;
}

/* A CPU opens into the NAPIs that it polls: these have a panel already. */
static unsigned int key_open_cpu(struct tui *tui, const struct panel_line *line)
{
	if (tui->grouping == GROUP_NODE) {
		snprintf(tui->message, sizeof(tui->message),
			 "n shows the CPUs of the node one by one");
		return REACT_DRAW;
	}
	tui->only_cpu = tui->only_cpu == line->id.key ? MISSING : line->id.key;
	if (tui->only_cpu != MISSING) {
		tui->focus = PANEL_NAPI;
		panel_home(tui_focus(tui));
	}
	return REACT_BUILD;
}

static unsigned int key_press_open(struct tui *tui)
{
	const struct panel_line *line = panel_current(tui_focus(tui));

	if (!line)
		return REACT_NONE;
	if (line->folded) {
		tui->show_idle = true;
		return REACT_BUILD;
	}
	if (tui->focus == PANEL_CPU)
		return key_open_cpu(tui, line);
	panel_toggle_parts(tui_focus(tui));
	return REACT_BUILD;
}

static unsigned int key_press_sort(struct tui *tui)
{
	return sorter_open(tui);
}

static unsigned int key_press_sort_next(struct tui *tui)
{
	panel_sort_step(tui_focus(tui), 1);
	return REACT_BUILD;
}

static unsigned int key_press_sort_last(struct tui *tui)
{
	panel_sort_step(tui_focus(tui), -1);
	return REACT_BUILD;
}

static unsigned int key_press_reverse(struct tui *tui)
{
	tui_focus(tui)->reverse = !tui_focus(tui)->reverse;
	return REACT_BUILD;
}

static unsigned int key_press_filter(struct tui *tui)
{
	return prompts_open_filter(tui);
}

static unsigned int key_press_escape(struct tui *tui)
{
	tui->filter[0] = '\0';
	tui->only_cpu = MISSING;
	return REACT_BUILD;
}

/* The two data sets change places: what came meanwhile is shown at once. */
static void key_resume(struct tui *tui)
{
	tui->paused = false;
	if (!tui->pending)
		return;
	tui->shown = 1 - tui->shown;
	tui->filled = true;
	tui->pending = false;
}

static unsigned int key_press_pause(struct tui *tui)
{
	struct panel *p;

	if (!tui->filled)
		return REACT_NONE;
	if (tui->owner.set_paused)
		tui->owner.set_paused(tui->owner.arg, !tui->paused);
	if (tui->paused) {
		key_resume(tui);
		return REACT_BUILD;
	}
	tui->paused = true;
	for (p = tui->panels; p < tui->panels + NR_PANELS; p++)
		history_copy(&p->held, &p->history);
	return REACT_DRAW;
}

/* What the panels needed is not what they will. */
static void keys_forget_heights(struct tui *tui)
{
	struct panel *p;

	for (p = tui->panels; p < tui->panels + NR_PANELS; p++)
		p->most_lines = 0;
}

static unsigned int key_press_idle(struct tui *tui)
{
	tui->show_idle = !tui->show_idle;
	keys_forget_heights(tui);
	return REACT_BUILD;
}

void keys_need_settings(const struct tui *tui)
{
	if (tui->owner.set_settings)
		tui->owner.set_settings(tui->owner.arg,
					tui->grouping == GROUP_NODE ?
						TUI_NODES :
						TUI_NO_SETTINGS);
}

/* One by one, by node, by device. */
static unsigned int key_press_group(struct tui *tui)
{
	int id;

	tui->grouping = (tui->grouping + 1) % NR_GROUPINGS;
	tui->only_cpu = MISSING;
	for (id = 0; id < NR_PANELS; id++)
		panel_set_class(&tui->panels[id],
				panels_class_of(id, tui->grouping));
	keys_need_settings(tui);
	return REACT_BUILD;
}

static unsigned int key_press_zoom(struct tui *tui)
{
	tui->zoomed = !tui->zoomed;
	return REACT_DRAW;
}

static unsigned int key_press_hists(struct tui *tui)
{
	return histview_open(tui);
}

static unsigned int key_press_findings(struct tui *tui)
{
	return findview_open(tui);
}

static unsigned int key_press_slower(struct tui *tui)
{
	return prompts_step_interval(tui, 1);
}

static unsigned int key_press_faster(struct tui *tui)
{
	return prompts_step_interval(tui, -1);
}

static unsigned int key_press_interval(struct tui *tui)
{
	return prompts_open_interval(tui);
}

static unsigned int key_press_redraw(struct tui *tui)
{
	(void)tui;
	return REACT_CLEAR | REACT_DRAW;
}

static unsigned int key_press_help(struct tui *tui)
{
	return help_open(tui);
}

static unsigned int key_press_leave(struct tui *tui)
{
	(void)tui;
	return REACT_LEAVE;
}

static const struct key keys[] = {
	{ { '?', 'h', KEYS_FN(KEY_F(1)) },
	  "?",
	  "Help",
	  "this help; also h, F1",
	  key_press_help },
	{ { '\t' },
	  "Tab",
	  "Panel",
	  "next panel: CPUs, NAPI instances, interrupts, devices",
	  key_press_next_panel },
	{ { KEYS_FN(KEY_BTAB) },
	  "Shift-Tab",
	  NULL,
	  "the panel before",
	  key_press_last_panel },
	{ { '\r', '\n', KEYS_FN(KEY_ENTER) },
	  "Enter",
	  "CPUs",
	  "NAPI, interrupt: split by CPU.  CPU: only the NAPIs it polls",
	  key_press_open },
	{ { 's', KEYS_FN(KEY_F(6)) },
	  "s",
	  "Sort",
	  "choose what to sort by; explains every number; also F6",
	  key_press_sort },
	{ { '<' }, "<", NULL, "sort by the field before", key_press_sort_last },
	{ { '>' }, ">", NULL, "sort by the next field", key_press_sort_next },
	{ { 'r' }, "r", NULL, "reverse the order", key_press_reverse },
	{ { '/', KEYS_FN(KEY_F(4)) },
	  "/",
	  "Filter",
	  "only rows with a text: name, poll function, irq, netns; also F4",
	  key_press_filter },
	{ { KEYS_ESC },
	  "Esc",
	  NULL,
	  "everything again: no filter, all CPUs",
	  key_press_escape },
	{ { ' ' },
	  "Space",
	  "Pause",
	  "hold the screen; measuring goes on, a recording stops",
	  key_press_pause },
	{ { 'i' }, "i", "Idle", "show or fold what did nothing", key_press_idle },
	{ { 'n' },
	  "n",
	  "Node",
	  "sums by NUMA node, by device, or each row for itself",
	  key_press_group },
	{ { 'z' }, "z", NULL, "this panel alone, or all", key_press_zoom },
	{ { 'H' },
	  "H",
	  "Hist",
	  "histograms of this row; measured, with the 99s, from now on",
	  key_press_hists },
	{ { 'd' },
	  "d",
	  "Diag",
	  "diagnose: what is wrong, what is harmless, what to do",
	  key_press_findings },
	{ { '+', '=' }, "+", NULL, "longer interval", key_press_slower },
	{ { '-' }, "-", NULL, "shorter interval", key_press_faster },
	{ { 't' },
	  "t",
	  NULL,
	  "type the interval, 0.1 to 60 seconds",
	  key_press_interval },
	{ { KEYS_FN(KEY_UP), 'k' }, "Up", NULL, "up one row; also k", key_press_up },
	{ { KEYS_FN(KEY_DOWN), 'j' },
	  "Down",
	  NULL,
	  "down one row; also j",
	  key_press_down },
	{ { KEYS_FN(KEY_PPAGE) }, "PgUp", NULL, "up one page", key_press_page_up },
	{ { KEYS_FN(KEY_NPAGE) }, "PgDn", NULL, "down one page", key_press_page_down },
	{ { KEYS_FN(KEY_HOME), 'g' },
	  "Home",
	  NULL,
	  "to the top, and stay there while rows move; also g",
	  key_press_home },
	{ { KEYS_FN(KEY_END), 'G' }, "End", NULL, "to the end; also G", key_press_end },
	{ { KEYS_CTRL('l') }, "Ctrl-L", NULL, "draw everything anew", key_press_redraw },
	{ { 'q', KEYS_FN(KEY_F(10)), KEYS_CTRL('c') },
	  "q",
	  "Quit",
	  "leave; also F10, Ctrl-C",
	  key_press_leave },
	{ { 0 }, NULL, NULL, NULL, NULL },
};

const struct key *keys_table(void)
{
	return keys;
}

const struct key *keys_find(int code)
{
	const struct key *key;
	int i;

	for (key = keys; key->name; key++)
		for (i = 0; i < KEYS_MAX_CODES; i++)
			if (code && key->codes[i] == code)
				return key;
	return NULL;
}

bool keys_is_there(const struct tui *tui, const struct key *key)
{
	return key->press != key_press_findings || tui->owner.diagnose;
}

bool keys_is_enter(int code)
{
	return code == '\r' || code == '\n' || code == KEYS_FN(KEY_ENTER);
}

bool keys_is_leave(int code)
{
	return code == KEYS_FN(KEY_F(10)) || code == KEYS_CTRL('c');
}
