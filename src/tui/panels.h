/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The panels of the screen: one row of a table each. */
#ifndef TUI_PANELS_H
#define TUI_PANELS_H

#include "model/group.h"
#include "tui/layout.h"
#include "tui/panel.h"

const struct panel_class *panels_class(enum panel_id id);
/* The one whose rows are sums. */
const struct panel_class *panels_class_of(enum panel_id id, enum grouping by);

#endif /* TUI_PANELS_H */
