/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of an interval as text for people: short, and the same everywhere. */
#ifndef MODEL_FORMAT_H
#define MODEL_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "model/field.h"
#include "model/rows.h"

/* Longest text of format_value(), with its NUL. */
#define FORMAT_ROOM 24
#define FORMAT_TIME_ROOM 32

/*
 * The value of a number field: counts per second of the interval, times in
 * percent of it, settings and keys as they are; "-" when it is missing.
 * text has FORMAT_ROOM bytes.
 */
void format_value(const struct field *f, const struct interval *iv,
		  uint64_t value, char *text);

/* As format_value(), with the counts of the whole interval, every digit. */
void format_total(const struct field *f, const struct interval *iv,
		  uint64_t value, char *text);

/* Every digit, "-" when it is missing. */
void format_number(uint64_t value, char *text);
/* "0", "853", "12.3k", "4.56M": at most five characters up to 999G. */
void format_count(double value, char *text);
/* Nanoseconds: "830ns", "12.3us", "4.56ms", "7.89s". */
void format_ns(double ns, char *text);

/* "2026-01-02 03:04:05 +0000": CLOCK_REALTIME where the reader is. */
void format_time(uint64_t real_ns, char text[FORMAT_TIME_ROOM]);

/* What a recording says of its machine, safe as above. */
struct format_machine {
	char host[ROW_NAME];
	char kernel[ROW_NAME];
	char tier[sizeof(((struct host_row *)0)->tier)];
};

void format_machine(const struct host_row *h, struct format_machine *out);

/*
 * What tells a row of this scope from the others, safe as above: "3", "eth0/1",
 * "eth0#17@blue", "24:eth0-rx-0"; "" for scopes with one row.
 */
void format_row_name(enum field_scope scope, const void *row, char *out,
		     size_t room);

#endif /* MODEL_FORMAT_H */
