// SPDX-License-Identifier: GPL-2.0-or-later
/* See look.h. */
#include "tui/look.h"

#include <curses.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

struct look_row {
	short fg;
	short bg; /* -1: the terminal's own */
	unsigned int attr;
	unsigned int mono; /* instead, on a terminal without colours */
};

static const struct look_row look_rows[NR_LOOK_STYLES] = {
	[LOOK_PLAIN] = { -1, -1, A_NORMAL, A_NORMAL },
	[LOOK_DIM] = { -1, -1, A_DIM, A_DIM },
	[LOOK_BOLD] = { -1, -1, A_BOLD, A_BOLD },
	[LOOK_NAME] = { COLOR_CYAN, -1, A_BOLD, A_BOLD },
	[LOOK_TITLE] = { COLOR_BLACK, COLOR_WHITE, A_NORMAL, A_REVERSE },
	[LOOK_FOCUS] = { COLOR_BLACK, COLOR_GREEN, A_NORMAL, A_REVERSE | A_BOLD },
	[LOOK_SORT] = { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_BOLD },
	[LOOK_KERNEL] = { COLOR_CYAN, -1, A_NORMAL, A_NORMAL },
	[LOOK_WARN] = { COLOR_YELLOW, -1, A_BOLD, A_BOLD },
	[LOOK_CRIT] = { COLOR_RED, -1, A_BOLD, A_BOLD | A_REVERSE },
	[LOOK_HINT] = { COLOR_BLACK, COLOR_CYAN, A_NORMAL, A_REVERSE },
	[LOOK_IRQ] = { COLOR_MAGENTA, -1, A_BOLD, A_NORMAL },
	[LOOK_NET] = { COLOR_GREEN, -1, A_BOLD, A_BOLD },
	[LOOK_SOFT] = { COLOR_BLUE, -1, A_BOLD, A_NORMAL },
};

void look_init_colors(void)
{
	int i;

	use_default_colors();
	for (i = 0; i < NR_LOOK_STYLES; i++)
		init_pair((short)(i + 1), look_rows[i].fg, look_rows[i].bg);
}

unsigned int look_attr(const struct look *look, enum look_style style)
{
	if (!look->color)
		return look_rows[style].mono;
	return look_rows[style].attr | (unsigned int)COLOR_PAIR(style + 1);
}

/* The first glyph is for exactly nothing: a little must not look like it. */
const char *look_spark(const struct look *look, double share)
{
	static const char *const blocks[] = { ".", "▁", "▂", "▃", "▄",
					      "▅", "▆", "▇", "█" };
	static const char *const ascii[] = { ".", ":", "-", "=", "+",
					     "*", "%", "#", "@" };
	int level = share > 0 ? 1 + (int)(share * 8) : 0;

	if (level >= (int)ARRAY_SIZE(blocks))
		level = ARRAY_SIZE(blocks) - 1;
	return look->blocks ? blocks[level] : ascii[level];
}
