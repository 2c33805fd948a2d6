/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One frame of the live screen, from the state alone. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

struct tui;

void screen_draw(struct tui *tui, int wait_ms);

#endif /* TUI_SCREEN_H */
