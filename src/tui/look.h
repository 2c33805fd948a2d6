/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What things look like: styles with and without colour, and the characters
 * of bars and sparklines that the terminal can show.
 */
#ifndef TUI_LOOK_H
#define TUI_LOOK_H

#include <stdbool.h>

enum look_style {
	LOOK_PLAIN,
	LOOK_DIM,
	LOOK_BOLD,
	LOOK_NAME,   /* of the tool, and of what is pointed out */
	LOOK_TITLE,  /* column titles */
	LOOK_FOCUS,  /* column titles of the panel that takes the keys */
	LOOK_SORT,   /* the title that is sorted by */
	LOOK_KERNEL, /* the kernel's own counters */
	LOOK_WARN,
	LOOK_CRIT,
	LOOK_HINT, /* footer: what a key does */
	LOOK_IRQ,  /* parts of the bar of a CPU */
	LOOK_NET,
	LOOK_SOFT,
	NR_LOOK_STYLES,
};

struct look {
	bool color;
	bool blocks; /* Unicode block characters */
};

/* Defines the colours; call after start_color(). */
void look_init_colors(void);
/* Attributes for attrset(). */
unsigned int look_attr(const struct look *look, enum look_style style);

/* Height of a column of a sparkline: share is 0 to 1. */
const char *look_spark(const struct look *look, double share);

#endif /* TUI_LOOK_H */
