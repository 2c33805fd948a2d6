/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help, made of the key table. */
#ifndef TUI_HELP_H
#define TUI_HELP_H

struct tui;

/* Returns enum reaction bits. */
unsigned int help_open(struct tui *tui);

#endif /* TUI_HELP_H */
