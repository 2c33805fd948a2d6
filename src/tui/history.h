/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last minute of each row of a panel, second by second, whatever the
 * refresh interval.  Memory is bounded: a row not seen for a minute is dropped.
 */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdint.h>

#include "util/table.h"

#define HISTORY_SECONDS 60

/* What is kept of a row: the panel's usual number, and what it is sorted by. */
enum history_series {
	HISTORY_USUAL,
	HISTORY_SORT,
	NR_HISTORY_SERIES,
};

struct history {
	struct table rows; /* struct history_row, sorted by key */
	size_t cursor;	   /* where the next key is expected */
	size_t nr_sorted;  /* new rows wait behind these for the sorting */
	uint64_t from;	   /* seconds that the current interval covers */
	uint64_t now;
};

struct history_row {
	uint64_t key;
	uint64_t second;      /* of the newest value */
	unsigned int samples; /* in that second */
	float values[NR_HISTORY_SERIES][HISTORY_SECONDS]; /* NAN: unknown */
};

void history_init(struct history *h);
void history_fini(struct history *h);
/* 0, or -ENOMEM and copy is empty. */
int history_copy(struct history *copy, const struct history *h);

/*
 * One interval: begin, add each row once, end.  Rows are found fastest in the
 * order of the interval before.  Values are NAN when missing; 0 or -ENOMEM.
 */
void history_begin(struct history *h, uint64_t end_ns, uint64_t length_ns);
int history_add(struct history *h, uint64_t key,
		const float values[NR_HISTORY_SERIES]);
void history_end(struct history *h);

/* Another number is sorted by: what was kept of the last one is void. */
void history_forget(struct history *h, enum history_series series);

/*
 * The last minute as width values (at most HISTORY_SECONDS), oldest first, NAN
 * where nothing is known.  Returns the largest, 0 when there is none.
 */
float history_read(const struct history *h, uint64_t key,
		   enum history_series series, float *values, int width);

#endif /* TUI_HISTORY_H */
