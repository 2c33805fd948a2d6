/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which columns of a panel fit into a width.  Pure: the field table and a
 * panel's wishes go in, places and titles come out.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <stdbool.h>

#include "model/field.h"

#define COLUMNS_MAX 48
#define COLUMN_TITLE 24

enum column_kind {
	COLUMN_END, /* of a list of wishes */
	COLUMN_LABEL,
	COLUMN_FIELD,
	COLUMN_OF_ONE,	/* a field that means nothing in a sum of rows */
	COLUMN_BAR,	/* of one CPU: irq, NET_RX and other softirqs */
	COLUMN_CONTEXT, /* of a NAPI: where most of its polls ran */
	COLUMN_SPARK,	/* the last minute */
	COLUMN_NEVER,	/* a field that is part of the label */
};

/*
 * A wish, in the order of the screen.  Fields of the table that are not
 * named follow in its order, with less priority.
 */
struct column_spec {
	enum column_kind kind;
	const char *name;      /* of the field */
	unsigned int priority; /* 1 first */
	int width;	       /* at least; 0: as the field needs it */
	int widest;	       /* where there is room; 0: as width */
};

struct column {
	enum column_kind kind;
	const struct field *field; /* of COLUMN_FIELD */
	int x;
	int width;
	bool left; /* text stands left in it */
	char title[COLUMN_TITLE];
};

struct columns {
	struct column at[COLUMNS_MAX];
	unsigned int nr;
};

struct column_plan {
	enum field_scope scope;
	const struct column_spec *specs;
	bool sums; /* its rows are sums of several */
	const char *label_title;
	int label_width;	   /* of the longest label */
	const struct field *spark; /* what the sparkline shows */
	const struct field *sort;  /* always gets a column; or NULL */
	uint64_t absent; /* bit n: no row ever had field n of the table */
};

void columns_choose(struct columns *c, const struct column_plan *plan, int width);

/* The field is in the list of wishes. */
bool columns_names(const struct column_spec *specs, const struct field *f);

/* The title with its unit: counts are per second. */
void columns_make_title(const struct field *f, char title[COLUMN_TITLE]);

#endif /* TUI_COLUMNS_H */
