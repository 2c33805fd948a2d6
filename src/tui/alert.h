/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which numbers want attention: the colours and marks of the screen. */
#ifndef TUI_ALERT_H
#define TUI_ALERT_H

#include "model/interval.h"

enum alert {
	ALERT_NONE,
	ALERT_WARN,
	ALERT_CRIT,
};

enum alert alert_of_value(const struct interval *iv, const struct field *f,
			  uint64_t value);
/*
 * The worst of the row's values.  Of the sum of many rows a share of a CPU says
 * nothing: eight that are an eighth busy have the time of one.
 */
enum alert alert_of_row(const struct interval *iv, enum field_scope scope,
			const void *row, bool is_sum);
/* What stands before a row, for eyes and terminals without colours. */
char alert_mark(enum alert alert);

#endif /* TUI_ALERT_H */
