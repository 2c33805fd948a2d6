/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong, as the owner of the screen judges it, in place of the panels. */
#ifndef TUI_FINDVIEW_H
#define TUI_FINDVIEW_H

struct tui;

/* For an owner who can; returns enum reaction bits. */
unsigned int findview_open(struct tui *tui);

#endif /* TUI_FINDVIEW_H */
