// SPDX-License-Identifier: GPL-2.0-or-later
/* See table.h. */
#include "util/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int table_reserve(struct table *t, size_t room)
{
	void *rows;

	if (room <= t->room)
		return 0;
	rows = reallocarray(t->rows, room, t->row_size);
	if (!rows)
		return -ENOMEM;
	t->rows = rows;
	t->room = room;
	return 0;
}

void *table_add(struct table *t)
{
	void *row;

	if (t->count == t->room && table_reserve(t, t->room ? 2 * t->room : 16))
		return NULL;
	row = table_at(t, t->count++);
	memset(row, 0, t->row_size);
	return row;
}

void *table_insert(struct table *t, size_t i)
{
	char *row = table_add(t);

	if (!row)
		return NULL;
	row = table_at(t, i);
	memmove(row + t->row_size, row, (t->count - 1 - i) * t->row_size);
	memset(row, 0, t->row_size);
	return row;
}

void table_clear(struct table *t)
{
	t->count = 0;
}

void table_fini(struct table *t)
{
	free(t->rows);
	t->rows = NULL;
	t->count = 0;
	t->room = 0;
}

int table_copy(struct table *dst, const struct table *src)
{
	dst->count = 0;
	if (table_reserve(dst, src->count))
		return -ENOMEM;
	if (src->count)
		memcpy(dst->rows, src->rows, src->count * src->row_size);
	dst->count = src->count;
	return 0;
}

void table_sort(struct table *t, int (*cmp)(const void *, const void *))
{
	/* Most are in order, or become so once: to see it is n, not n log n. */
	for (size_t i = 1; i < t->count; i++) {
		if (cmp(table_at(t, i - 1), table_at(t, i)) > 0) {
			qsort(t->rows, t->count, t->row_size, cmp);
			return;
		}
	}
}

void table_keep(struct table *t, const void *row, size_t kept)
{
	void *to = table_at(t, kept);

	if (to != row)
		memcpy(to, row, t->row_size);
}

void table_merge(struct table *t, int (*cmp)(const void *, const void *),
		 void (*add)(void *to, const void *from))
{
	size_t i, kept = 0;

	table_sort(t, cmp);
	for (i = 0; i < t->count; i++) {
		if (kept && !cmp(table_at(t, kept - 1), table_at(t, i))) {
			if (add)
				add(table_at(t, kept - 1), table_at(t, i));
			continue;
		}
		table_keep(t, table_at(t, i), kept++);
	}
	t->count = kept;
}

void table_sort_unique(struct table *t, int (*cmp)(const void *, const void *))
{
	table_merge(t, cmp, NULL);
}

void *table_find(const struct table *t, const void *key,
		 int (*cmp)(const void *, const void *))
{
	if (!t->count)
		return NULL;
	return bsearch(key, t->rows, t->count, t->row_size, cmp);
}

size_t table_from(const struct table *t, const void *key,
		  int (*cmp)(const void *, const void *))
{
	size_t low = 0, high = t->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (cmp(table_at(t, middle), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
