/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in a cell of a panel; pure. */
#ifndef TUI_CELL_H
#define TUI_CELL_H

#include "tui/panel.h"
#include "tui/alert.h"
#include "tui/text.h"

struct cell {
	char text[TEXT_ROOM]; /* may be wider than the column: cut it */
	enum alert alert;
	bool quiet; /* a zero or a missing number */
};

void cell_fill(struct cell *cell, const struct interval *iv,
	       const struct panel_class *class, const struct panel_line *line,
	       const struct column *column);

#define CELL_CONTEXT_ROOM 32
/* Where most of the polls ran, and their share if not all did: "ksoft 80%". */
void cell_name_context(char text[CELL_CONTEXT_ROOM], const struct napi_row *n);

/* "0-3,7": neighbours as ranges; "12cpus" when that does not fit. */
void cell_list_cpus(char *out, const uint64_t *cpus, size_t n, int width);

#endif /* TUI_CELL_H */
