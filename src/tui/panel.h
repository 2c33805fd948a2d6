/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A panel: the rows of one scope, filtered, sorted, opened up into their
 * parts, with a cursor that stays on its row.  It draws nothing.
 */
#ifndef TUI_PANEL_H
#define TUI_PANEL_H

#include <stdbool.h>

#include "model/interval.h"
#include "tui/columns.h"
#include "tui/history.h"

/* What all panels look at. */
struct panel_view {
	const struct interval *iv;
	const char *filter; /* "": none */
	bool show_idle;
	uint64_t only_cpu; /* NAPIs of this CPU; MISSING: all */
};

struct panel_class {
	enum field_scope scope;
	const char *name;
	const char *label_title;
	const struct column_spec *specs;
	const char *spark; /* field of the sparkline, if none is sorted by */
	uint64_t (*busy)(const void *row);
	bool busy_is_time; /* in ns, shown as a share of the interval */
	uint64_t (*key)(const void *row);
	uint64_t (*cpu)(const void *row); /* of a part; NULL: rows have none */
	void (*label)(const void *row, char *out, size_t room);
	/* NULL: no row ever is */
	bool (*is_idle)(const void *row);
	bool sums;	   /* over CPUs or NAPIs: shares may pass 100 % */
	size_t fold_above; /* with no more rows than that idle ones stay */
	/* NULL: the filter does not apply */
	bool (*matches)(const void *row, const char *filter);
	/* The parts of a row, by CPU; NULL: it has none */
	struct field_rows (*parts)(const struct interval *iv, const void *row);
	/* The rows on one CPU; NULL: that does not apply */
	struct field_rows (*on_cpu)(const struct interval *iv);
};

/* Which row, across intervals. */
struct panel_row_id {
	uint64_t key;
	uint64_t cpu; /* of a part, else MISSING */
};

struct panel_line {
	const void *row; /* in view->iv of the last panel_build() */
	struct panel_row_id id;
	bool part;
	size_t folded; /* it stands for so many idle ones; 0: for itself */
};

struct panel {
	const struct panel_class *class;
	const struct field *sort; /* NULL: busiest first */
	bool reverse;
	struct table lines;   /* struct panel_line, as shown */
	struct table entries; /* struct panel_entry, while building */
	struct table opened;  /* uint64_t: keys of rows shown with parts */
	size_t nr_rows;	      /* that passed the filter, folded ones too */
	size_t nr_folded;     /* of these, idle ones that are not shown */
	struct table folded;  /* one row, their sum */
	bool folds;	      /* idle rows are folded */
	size_t cursor;
	size_t top;  /* first line on the screen */
	size_t page; /* lines on the screen */
	bool pinned; /* nobody moved the cursor: it stays on top */
	struct panel_row_id selected;
	size_t most_lines; /* that it ever had */
	int label_width;
	uint64_t absent; /* see struct column_plan */
	struct history history;
	struct history held; /* what is shown while paused */
};

void panel_init(struct panel *p, const struct panel_class *class);
void panel_fini(struct panel *p);

/* Other rows: what was kept of those before is void. */
void panel_set_class(struct panel *p, const struct panel_class *class);

/* A new interval for the history and the columns.  0 or -ENOMEM. */
int panel_record(struct panel *p, const struct interval *iv);
/* Are the parts of the row with this key shown? */
bool panel_is_open(const struct panel *p, uint64_t key);
/* Lines from rows; also after any change of order or filter.  0 or -ENOMEM. */
int panel_build(struct panel *p, const struct panel_view *view);

/* "230 idle" */
void panel_label_folded(const struct panel_line *line, char *out, size_t room);

/* NULL when the panel is empty. */
const struct panel_line *panel_current(const struct panel *p);
void panel_move(struct panel *p, long lines);
/* To the top, and back to staying there. */
void panel_home(struct panel *p);
/* Sets how many lines are on the screen and moves the cursor into sight. */
void panel_scroll(struct panel *p, size_t page);

bool panel_can_sort_by(const struct panel *p, const struct field *f);
/* NULL: busiest first.  False when nobody can sort by it. */
bool panel_sort_by(struct panel *p, const struct field *f);
/* The next field that usually has a column (1), or the one before (-1). */
void panel_sort_step(struct panel *p, int step);
/* Shows or hides the parts of the current row. */
int panel_toggle_parts(struct panel *p);

/* The field of the sparkline, and its place in the history. */
const struct field *panel_spark(const struct panel *p,
				enum history_series *series);

#endif /* TUI_PANEL_H */
