/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the lines of the screen are shared out; pure. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

/* Panels from top to bottom. */
enum panel_id {
	PANEL_CPU,
	PANEL_NAPI,
	PANEL_IRQ,
	PANEL_DEV,
	NR_PANELS,
};

/* Below this the screen only says so. */
#define LAYOUT_MIN_WIDTH 60
#define LAYOUT_MIN_HEIGHT 12

/*
 * Lines of each panel with its title, 0: not shown.  needs[] is what a panel
 * could use.  The panel in focus is always there and gets the most; the
 * NAPIs use what nobody needs.  avail must be at least 3.
 */
void layout_panels(int avail, const int needs[NR_PANELS], enum panel_id focus,
		   int heights[NR_PANELS]);

#endif /* TUI_LAYOUT_H */
