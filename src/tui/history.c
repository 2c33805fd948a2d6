// SPDX-License-Identifier: GPL-2.0-or-later
/* See history.h. */
#include "tui/history.h"

#include <errno.h>
#include <math.h>

#define NSEC_PER_SEC 1000000000ULL

void history_init(struct history *h)
{
	*h = (struct history){ .rows = TABLE_INIT(struct history_row) };
}

void history_fini(struct history *h)
{
	table_fini(&h->rows);
}

int history_copy(struct history *copy, const struct history *h)
{
	int err = table_copy(&copy->rows, &h->rows);

	copy->nr_sorted = copy->rows.count;
	copy->cursor = 0;
	copy->from = h->from;
	copy->now = h->now;
	return err;
}

static int history_row_cmp(const void *a, const void *b)
{
	const struct history_row *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

void history_begin(struct history *h, uint64_t end_ns, uint64_t length_ns)
{
	uint64_t start_ns = end_ns > length_ns ? end_ns - length_ns : 0;

	h->now = end_ns / NSEC_PER_SEC;
	h->from = start_ns / NSEC_PER_SEC + 1;
	if (h->from > h->now)
		h->from = h->now;
	h->cursor = 0;
}

/* The row with this key among the sorted ones, or NULL. */
static struct history_row *history_find(const struct history *h, uint64_t key)
{
	struct history_row wanted = { .key = key };
	struct table sorted = h->rows;

	sorted.count = h->nr_sorted;
	return table_find(&sorted, &wanted, history_row_cmp);
}

static struct history_row *history_find_next(struct history *h, uint64_t key)
{
	struct history_row *row;

	if (h->cursor < h->nr_sorted) {
		row = table_at(&h->rows, h->cursor);
		if (row->key == key) {
			h->cursor++;
			return row;
		}
	}
	row = history_find(h, key);
	if (row)
		h->cursor =
			(size_t)(row - (struct history_row *)h->rows.rows) + 1;
	return row;
}

static struct history_row *history_new_row(struct history *h, uint64_t key)
{
	struct history_row *row = table_add(&h->rows);
	int i, j;

	if (!row)
		return NULL;
	row->key = key;
	for (i = 0; i < NR_HISTORY_SERIES; i++)
		for (j = 0; j < HISTORY_SECONDS; j++)
			row->values[i][j] = NAN;
	return row;
}

/* A second that several short intervals share holds their mean. */
static void history_mix(struct history_row *row, uint64_t second,
			const float values[NR_HISTORY_SERIES])
{
	float *value;
	int i;

	row->samples++;
	for (i = 0; i < NR_HISTORY_SERIES; i++) {
		value = &row->values[i][second % HISTORY_SECONDS];
		if (isnan(*value) || isnan(values[i]))
			*value = values[i];
		else
			*value += (values[i] - *value) / (float)row->samples;
	}
}

static void history_set(struct history_row *row, uint64_t second,
			const float values[NR_HISTORY_SERIES])
{
	int i;

	row->samples = 1;
	for (i = 0; i < NR_HISTORY_SERIES; i++)
		row->values[i][second % HISTORY_SECONDS] = values[i];
}

/*
 * A tick that came late or early makes a second without a sample, which the
 * next one fills; a row that was away leaves a gap.
 */
static void history_extend(struct history *h, struct history_row *row,
			   const float values[NR_HISTORY_SERIES])
{
	static const float unknown[NR_HISTORY_SERIES] = { NAN, NAN };
	uint64_t second = row->second + 1;

	if (row->second == h->now) {
		history_mix(row, h->now, values);
		return;
	}
	if (second + HISTORY_SECONDS <= h->now)
		second = h->now - HISTORY_SECONDS + 1;
	for (; second <= h->now; second++)
		history_set(row, second,
			    second + 1 >= h->from ? values : unknown);
	row->second = h->now;
}

int history_add(struct history *h, uint64_t key,
		const float values[NR_HISTORY_SERIES])
{
	struct history_row *row = history_find_next(h, key);

	if (!row) {
		row = history_new_row(h, key);
		if (!row)
			return -ENOMEM;
		row->second = h->from - 1;
	}
	history_extend(h, row, values);
	return 0;
}

static void history_drop_old(struct history *h)
{
	struct history_row *row, *kept = h->rows.rows;
	size_t n = 0;

	table_for_each (&h->rows, row) {
		if (row->second + HISTORY_SECONDS <= h->now)
			continue;
		if (&kept[n] != row)
			kept[n] = *row;
		n++;
	}
	h->rows.count = n;
}

void history_end(struct history *h)
{
	history_drop_old(h);
	/* Keys mostly come in order: then nothing moves. */
	if (h->nr_sorted != h->rows.count)
		table_sort(&h->rows, history_row_cmp);
	h->nr_sorted = h->rows.count;
}

void history_forget(struct history *h, enum history_series series)
{
	struct history_row *row;
	int i;

	table_for_each (&h->rows, row)
		for (i = 0; i < HISTORY_SECONDS; i++)
			row->values[series][i] = NAN;
}

/* Seconds after the newest one, and those before the first, are unknown. */
static float history_value(const struct history *h, const struct history_row *row,
			   enum history_series series, uint64_t second)
{
	if (second > row->second || second + HISTORY_SECONDS <= row->second ||
	    second > h->now)
		return NAN;
	return row->values[series][second % HISTORY_SECONDS];
}

/* The largest of the seconds [first, end): a short peak must stay visible. */
static float history_peak(const struct history *h, const struct history_row *row,
			  enum history_series series, uint64_t first,
			  uint64_t end)
{
	float peak = NAN;

	for (; first < end; first++)
		peak = fmaxf(peak, history_value(h, row, series, first));
	return peak;
}

float history_read(const struct history *h, uint64_t key,
		   enum history_series series, float *values, int width)
{
	const struct history_row *row = history_find(h, key);
	uint64_t start = h->now + 1 - HISTORY_SECONDS;
	uint64_t first, end;
	float peak = 0;
	int i;

	for (i = 0; i < width; i++) {
		values[i] = NAN;
		if (!row)
			continue;
		first = start + (uint64_t)(i * HISTORY_SECONDS / width);
		end = start + (uint64_t)((i + 1) * HISTORY_SECONDS / width);
		values[i] = history_peak(h, row, series, first, end);
		peak = fmaxf(peak, values[i]);
	}
	return peak;
}
