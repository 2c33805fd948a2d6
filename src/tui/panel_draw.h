/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts a panel on the screen: only the rows that are in sight are formatted. */
#ifndef TUI_PANEL_DRAW_H
#define TUI_PANEL_DRAW_H

#include "tui/state.h"

/* In height lines from y on, its title included. */
void panel_draw(struct tui *tui, enum panel_id id, int y, int height);

#endif /* TUI_PANEL_DRAW_H */
