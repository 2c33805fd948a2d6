/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: taken over with curses, and given back on every way out,
 * crashes included.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "tui/look.h"

/*
 * Sends what changed on the screen.  A signal that ends the program, which is blocked
 * otherwise, does not wait for a terminal that takes nothing.
 */
void terminal_update(void);

/*
 * 0 and what the terminal can show; -ENOTTY when standard input or output is
 * no terminal, -EOPNOTSUPP when TERM is unknown or cannot place the cursor.
 */
int terminal_open(struct look *look);
void terminal_close(void);

/* Asks the kernel for the size again. */
void terminal_resize(void);
/* Standard input is readable but has nothing: the terminal has gone. */
bool terminal_is_gone(void);

#endif /* TUI_TERMINAL_H */
