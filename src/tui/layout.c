// SPDX-License-Identifier: GPL-2.0-or-later
/* See layout.h. */
#include "tui/layout.h"

#include <stdbool.h>

/* The title, three rows and a line that says what is folded. */
#define MIN_LINES 5
/* With less for all of them, the devices show only when they have the focus. */
#define ROOMY_LINES 24

static int min(int a, int b)
{
	return a < b ? a : b;
}

/* Gives the panel its first lines if they are left.  False: no room. */
static bool layout_admit(int *avail, int need, int *height)
{
	int lines = min(need, MIN_LINES);

	if (*height || lines > *avail)
		return false;
	*height = lines;
	*avail -= lines;
	return true;
}

static int layout_weight(enum panel_id id, enum panel_id focus)
{
	return 1 + (id == PANEL_NAPI) + 2 * (id == focus);
}

/* One round of sharing; returns how many lines it gave away. */
static int layout_share(int avail, const int needs[NR_PANELS],
			enum panel_id focus, int heights[NR_PANELS])
{
	int id, given = 0, lines;

	for (id = 0; id < NR_PANELS; id++) {
		if (!heights[id])
			continue;
		lines = min(layout_weight(id, focus), needs[id] - heights[id]);
		lines = min(lines, avail - given);
		heights[id] += lines;
		given += lines;
	}
	return given;
}

void layout_panels(int avail, const int needs[NR_PANELS], enum panel_id focus,
		   int heights[NR_PANELS])
{
	static const enum panel_id order[] = { PANEL_NAPI, PANEL_CPU, PANEL_IRQ,
					       PANEL_DEV };
	int nr_shown = avail < ROOMY_LINES ? NR_PANELS - 1 : NR_PANELS;
	int i, given;

	for (i = 0; i < NR_PANELS; i++)
		heights[i] = 0;
	if (!layout_admit(&avail, needs[focus], &heights[focus])) {
		heights[focus] = avail;
		return;
	}
	for (i = 0; i < nr_shown; i++)
		layout_admit(&avail, needs[order[i]], &heights[order[i]]);
	do {
		given = layout_share(avail, needs, focus, heights);
		avail -= given;
	} while (given);
	if (heights[PANEL_NAPI])
		heights[PANEL_NAPI] += avail;
	else
		heights[focus] += avail;
}
