/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A growing array of rows of one size.  Rows move when it grows. */
#ifndef UTIL_TABLE_H
#define UTIL_TABLE_H

#include <stddef.h>

struct table {
	void *rows;
	size_t row_size;
	size_t count;
	size_t room;
};

#define TABLE_INIT(type)                 \
	{                                \
		.row_size = sizeof(type) \
	}

/* A zeroed row at the end; NULL when memory is out. */
void *table_add(struct table *t);
/* The same at place i, before what was there. */
void *table_insert(struct table *t, size_t i);
/* Row i, or the end; NULL in a table that never had a row. */
static inline void *table_at(const struct table *t, size_t i)
{
#ifdef __clang_analyzer__
	/* It cannot know that there are rows where i is below count. */
	if (!t->rows)
		__builtin_unreachable();
#endif
	return t->rows ? (char *)t->rows + i * t->row_size : NULL;
}

/* In a loop over all rows that drops some: this one is number kept, and count then. */
void table_keep(struct table *t, const void *row, size_t kept);
/* Empties it and keeps the memory. */
void table_clear(struct table *t);
void table_fini(struct table *t);
/* 0, or -ENOMEM and dst is empty. */
int table_copy(struct table *dst, const struct table *src);
void table_sort(struct table *t, int (*cmp)(const void *, const void *));
/* As above, and those that are equal become one: add() puts a row into another. */
void table_merge(struct table *t, int (*cmp)(const void *, const void *),
		 void (*add)(void *to, const void *from));
/* The same, and keeps any one of them. */
void table_sort_unique(struct table *t, int (*cmp)(const void *, const void *));
/* The row equal to key in a table sorted by cmp, or NULL. */
void *table_find(const struct table *t, const void *key,
		 int (*cmp)(const void *, const void *));

/* The first row, in a table sorted by cmp, that is not before key; else count. */
size_t table_from(const struct table *t, const void *key,
		  int (*cmp)(const void *, const void *));

/* An empty table may have no rows to add an offset to. */
#define table_for_each(t, row)                                               \
	for ((row) = (t)->rows;                                              \
	     (t)->rows &&                                                    \
	     (char *)(row) < (char *)(t)->rows + (t)->count * (t)->row_size; \
	     (row)++)

#endif /* UTIL_TABLE_H */
