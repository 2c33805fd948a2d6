/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panels of the screen: one row of a table each. */
#ifndef TUI_PANELS_H
#define TUI_PANELS_H

#include "tui/layout.h"
#include "tui/panel.h"

const struct panel_class *panels_class(enum panel_id id);

#endif /* TUI_PANELS_H */
