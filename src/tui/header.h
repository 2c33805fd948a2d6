/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top of the screen: the run and its cost, sums over all CPUs, squeezes,
 * and a sentence that names the busiest CPU and what it polls.
 */
#ifndef TUI_HEADER_H
#define TUI_HEADER_H

#include "tui/state.h"

/* Returns how many lines it took. */
int header_draw(const struct tui *tui);

#endif /* TUI_HEADER_H */
