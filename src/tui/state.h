/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live screen's state, for the files of this directory only. */
#ifndef TUI_STATE_H
#define TUI_STATE_H

#include "model/group.h"
#include "tui/look.h"
#include "tui/panels.h"
#include "tui/summary.h"
#include "tui/tui.h"

/* What handling a key asks for: handlers themselves never draw. */
enum reaction {
	REACT_NONE = 0,
	REACT_DRAW = 1 << 0,
	REACT_BUILD = 1 << 1, /* other rows or another order, and draw */
	REACT_CLEAR = 1 << 2, /* the terminal may show something else */
	REACT_LEAVE = 1 << 3,
};

#define PROMPT_ROOM 64
#define BANNER_ROOM 256
#define MESSAGE_ROOM 80

/* A text being typed on the last line. */
struct prompt {
	const char *label;
	char text[PROMPT_ROOM];
	unsigned int (*changed)(struct tui *tui); /* NULL: only at the end */
	unsigned int (*done)(struct tui *tui);
	unsigned int (*cancelled)(struct tui *tui);
};

/* Takes the keys while it is on: help, a list, the prompt. */
struct mode {
	unsigned int (*key)(struct tui *tui, int code);
	/* Instead of the panels, in lines [top, end); NULL: panels stay. */
	void (*draw)(struct tui *tui, int top, int end);
	/* Instead of the key hints. */
	void (*draw_footer)(const struct tui *tui, int y);
	/* A new interval is shown; NULL: it does not matter. */
	void (*update)(struct tui *tui);
};

struct tui {
	struct tui_owner owner;
	uint64_t interval_ns;
	char banner[BANNER_ROOM];
	char dev[ROW_NAME]; /* all is of this one; "": of all */
	bool some_cpus;
	struct look look;

	/* data: what is shown, and while paused what came meanwhile */
	struct interval data[2];
	unsigned int shown;	    /* index */
	bool filled;		    /* there is something to show */
	bool pending;		    /* the other one is newer */
	struct interval grouped[2]; /* the same, while rows are grouped */
	struct {
		enum grouping by;
		uint64_t mono_ns;
		size_t nodes;
	} grouped_of[2];	/* what they were made of */
	struct table nodes;	/* uint64_t by CPU: their NUMA nodes */
	struct summary summary; /* of the shown one */
	struct lost_row lost;	/* since the start */

	/* what the user chose */
	bool paused;
	bool show_idle;
	bool zoomed;
	enum grouping grouping;
	uint64_t only_cpu; /* MISSING: NAPIs of all CPUs */
	char filter[PROMPT_ROOM];
	enum panel_id focus;

	struct panel panels[NR_PANELS];
	const struct mode *mode; /* NULL: the panels take the keys */
	struct prompt prompt;
	int choice; /* line of a mode's list */
	int scroll;
	int page; /* lines to scroll by */

	/* what the owner found, while that is on the screen */
	struct verdict verdict;
	struct verdict_scope verdict_scope;
	int verdict_err;
	uint64_t verdict_ns; /* when */

	char message[MESSAGE_ROOM]; /* until the next key */
};

static inline const struct interval *tui_shown(const struct tui *tui)
{
	return &tui->data[tui->shown];
}

/* What the panels show of it. */
static inline const struct interval *tui_grouped(const struct tui *tui)
{
	return tui->grouping ? &tui->grouped[tui->shown] : tui_shown(tui);
}

static inline struct panel *tui_focus(struct tui *tui)
{
	return &tui->panels[tui->focus];
}

#endif /* TUI_STATE_H */
