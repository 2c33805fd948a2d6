/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How codec_encode.c and codec_decode.c write a snapshot.  It is its number
 * in the recording, its times, and by scope in the order of the schema: how
 * its rows come from those of the snapshot before (none, for a key frame), then
 * its columns, each row against its base.  That is the same row of the snapshot
 * before, or for a row that was added the row above it.  Columns, not rows:
 * neighbours are alike, and a column that did not change is one byte.
 *
 * A sparse column (a histogram) has for each row how many of its numbers
 * changed, of each of those the distance to the one before, and of each its
 * growth, that is never less than none; a row that was added begins with zeros.
 */
#ifndef MODEL_CODEC_ROWS_H
#define MODEL_CODEC_ROWS_H

#include "model/schema.h"
#include "model/snapshot.h"

/*
 * Of one table: 8,192 interrupts on 512 CPUs each, and not more memory than any of
 * ours has; and of all tables of a snapshot, of which a reader has five.  A row that is
 * added may take no byte of a recording.
 */
#define CODEC_MAX_ROWS (1U << 22)
#define CODEC_MAX_BYTES (128U << 20)
#define CODEC_MAX_SNAPSHOT (256U << 20)

/* What stands before the values of a column, and of each of its numbers. */
enum column_state {
	COLUMN_SAME, /* every row has what its base has, and nothing follows */
	COLUMN_CHANGED,
};

/* No row of ours is longer. */
#define CODEC_MAX_ROW 8192

/* Where so many bytes are left; row_size 0: of a scope that is passed over. */
static inline size_t codec_max_rows(size_t row_size, size_t left)
{
	size_t bytes = left < CODEC_MAX_BYTES ? left : CODEC_MAX_BYTES;
	size_t most = row_size ? bytes / row_size : CODEC_MAX_ROWS;

	return most < CODEC_MAX_ROWS ? most : CODEC_MAX_ROWS;
}

static inline uint64_t *row_numbers(const void *row, const struct column *c)
{
	return (uint64_t *)((char *)row + c->offset);
}

static inline char *row_text(const void *row, const struct column *c)
{
	return (char *)row + c->offset;
}

/* Host and lost, which are one row, look like tables. */
static inline struct table scope_table(struct snapshot *s,
				       const struct schema_scope *scope)
{
	struct table one = { .row_size = scope->row_size, .count = 1 };

	if (scope->table)
		return *snapshot_table(s, scope->table);
	one.rows = scope->scope == SCOPE_HOST ? (void *)&s->host :
						(void *)&s->lost;
	return one;
}

#endif /* MODEL_CODEC_ROWS_H */
