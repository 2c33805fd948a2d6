/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The histograms of the row under the cursor, instead of the panels. */
#ifndef TUI_HISTVIEW_H
#define TUI_HISTVIEW_H

#include "tui/state.h"

/* Key handler: opens it, and has the histograms measured from now on. */
unsigned int histview_open(struct tui *tui);

#endif /* TUI_HISTVIEW_H */
