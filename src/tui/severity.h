/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which numbers want attention: the colours and marks of the screen. */
#ifndef TUI_SEVERITY_H
#define TUI_SEVERITY_H

#include "model/interval.h"

enum severity {
	SEVERITY_NONE,
	SEVERITY_WARN,
	SEVERITY_CRIT,
};

enum severity severity_of_value(const struct interval *iv,
				const struct field *f, uint64_t value);
/* The worst of the row's values. */
enum severity severity_of_row(const struct interval *iv, enum field_scope scope,
			      const void *row);
/* What stands before a row, for eyes and terminals without colours. */
char severity_mark(enum severity severity);

#endif /* TUI_SEVERITY_H */
