// SPDX-License-Identifier: GPL-2.0-or-later
/* The writing half of codec.h; codec_rows.h says how it is written. */
#include "model/codec.h"

#include <errno.h>
#include <string.h>

#include "model/codec_rows.h"

/* A damaged frame costs the snapshots up to the next key, a minute at 1 s. */
#define CODEC_KEY_EVERY 60
/* A damaged schema costs those up to the next one. */
#define CODEC_SCHEMA_EVERY (10 * CODEC_KEY_EVERY)

int encoder_init(struct encoder *e)
{
	memset(e, 0, sizeof(*e));
	schema_init(&e->schema);
	snapshot_init(&e->last);
	e->pairs.row_size = sizeof(struct encode_pair);
	return schema_make_own(&e->schema);
}

void encoder_fini(struct encoder *e)
{
	schema_fini(&e->schema);
	snapshot_fini(&e->last);
	bytes_fini(&e->raw);
	table_fini(&e->pairs);
}

static int one_row_cmp(const void *a, const void *b)
{
	(void)a;
	(void)b;
	return 0;
}

/* What the rows of a scope are written against. */
struct encode_merge {
	const struct table *before;
	const struct table *now;
	int (*cmp)(const void *a, const void *b);
	struct table *pairs; /* struct encode_pair, in the order of now */
	size_t i, j;	     /* next rows of before and now */
};

static int merge_cmp(const struct encode_merge *m)
{
	if (m->i == m->before->count)
		return 1;
	return m->cmp(table_at(m->before, m->i), table_at(m->now, m->j));
}

static void merge_pair(struct encode_merge *m, const void *base, bool added)
{
	struct encode_pair *pair = table_at(m->pairs, m->j);

	pair->row = table_at(m->now, m->j);
	pair->base = base;
	pair->added = added;
}

static size_t merge_keep(struct encode_merge *m)
{
	size_t start = m->j;

	for (; m->j < m->now->count && !merge_cmp(m); m->i++, m->j++)
		merge_pair(m, table_at(m->before, m->i), false);
	return m->j - start;
}

static size_t merge_drop(struct encode_merge *m)
{
	size_t start = m->i;

	while (m->j < m->now->count && merge_cmp(m) < 0)
		m->i++;
	return m->i - start;
}

static size_t merge_add(struct encode_merge *m)
{
	static const uint64_t zero[CODEC_MAX_ROW / sizeof(uint64_t)];
	size_t start = m->j;

	for (; m->j < m->now->count && merge_cmp(m) > 0; m->j++)
		merge_pair(m, m->j ? table_at(m->now, m->j - 1) : zero, true);
	return m->j - start;
}

/*
 * How many rows are kept, how many went, how many came, again and again until
 * all rows are there.
 */
static void encode_merge(struct bytes *out, struct encode_merge *m)
{
	bytes_put_varint(out, m->now->count);
	while (m->j < m->now->count) {
		bytes_put_varint(out, merge_keep(m));
		bytes_put_varint(out, merge_drop(m));
		bytes_put_varint(out, merge_add(m));
	}
}

/* A column that did not change after all is one byte. */
static void encode_end_column(struct bytes *out, size_t start, bool changed)
{
	if (changed || out->failed)
		return;
	out->count = start;
	bytes_put_u8(out, COLUMN_SAME);
}

static void encode_number(struct bytes *out, const struct column *c, uint32_t k,
			  const struct table *pairs)
{
	const struct encode_pair *p;
	size_t start = out->count;
	uint64_t grown, any = 0;

	bytes_put_u8(out, COLUMN_CHANGED);
	table_for_each (pairs, p) {
		grown = row_numbers(p->row, c)[k] - row_numbers(p->base, c)[k];
		any |= grown;
		bytes_put_varint(out, zigzag(grown));
	}
	encode_end_column(out, start, any);
}

/* 0: as its base; else its length + 1, and its bytes. */
static void encode_text(struct bytes *out, const struct column *c,
			const struct table *pairs)
{
	const struct encode_pair *p;
	size_t start = out->count, len;
	bool any = false;

	bytes_put_u8(out, COLUMN_CHANGED);
	table_for_each (pairs, p) {
		if (!strncmp(row_text(p->row, c), row_text(p->base, c),
			     c->own_size)) {
			bytes_put_u8(out, 0);
			continue;
		}
		any = true;
		len = strnlen(row_text(p->row, c), c->own_size);
		bytes_put_varint(out, len + 1);
		bytes_put(out, row_text(p->row, c), len);
	}
	encode_end_column(out, start, any);
}

static uint64_t sparse_grown(const struct column *c,
			     const struct encode_pair *p, uint32_t k)
{
	uint64_t now = row_numbers(p->row, c)[k];

	return p->added ? now : now - row_numbers(p->base, c)[k];
}

/* Which numbers changed, their distances first: those are alike in many rows. */
static bool encode_sparse_row(struct bytes *out, const struct column *c,
			      const struct encode_pair *p)
{
	uint64_t grown[SCHEMA_MAX_SIZE];
	uint32_t k, next = 0, count = 0, distances[SCHEMA_MAX_SIZE];

	for (k = 0; k < c->size; k++) {
		grown[count] = sparse_grown(c, p, k);
		if (!grown[count])
			continue;
		distances[count++] = k - next;
		next = k + 1;
	}
	bytes_put_varint(out, count);
	for (k = 0; k < count; k++)
		bytes_put_varint(out, distances[k]);
	for (k = 0; k < count; k++)
		bytes_put_varint(out, grown[k]);
	return count;
}

static void encode_sparse(struct bytes *out, const struct column *c,
			  const struct table *pairs)
{
	const struct encode_pair *p;
	size_t start = out->count;
	bool any = false;

	bytes_put_u8(out, COLUMN_CHANGED);
	table_for_each (pairs, p)
		any |= encode_sparse_row(out, c, p);
	encode_end_column(out, start, any);
}

static void encode_column(struct bytes *out, const struct column *c,
			  const struct table *pairs)
{
	uint32_t k;

	switch (c->wire) {
	case WIRE_TEXT:
		encode_text(out, c, pairs);
		break;
	case WIRE_SPARSE:
		encode_sparse(out, c, pairs);
		break;
	default:
		for (k = 0; k < c->size; k++)
			encode_number(out, c, k, pairs);
	}
}

static int encode_scope(struct encoder *e, const struct schema_scope *s,
			const struct table *before, const struct table *now)
{
	struct encode_merge m = { .before = before,
				  .now = now,
				  .pairs = &e->pairs,
				  .cmp = s->table ? s->table->cmp : one_row_cmp };
	const struct column *c = table_at(&e->schema.columns, s->first);
	size_t i;

	if (now->count > codec_max_rows(s->row_size, e->left) ||
	    s->row_size > CODEC_MAX_ROW)
		return -EFBIG;
	e->left -= now->count * s->row_size;
	table_clear(&e->pairs);
	for (i = 0; i < now->count; i++)
		if (!table_add(&e->pairs))
			return -ENOMEM;
	encode_merge(&e->raw, &m);
	for (i = 0; i < s->count; i++)
		encode_column(&e->raw, &c[i], &e->pairs);
	return 0;
}

/* A key frame is against nothing. */
static int encode_snapshot(struct encoder *e, struct snapshot *s, bool key)
{
	const struct schema_scope *scope;
	struct table before, now;
	int err = 0;

	e->left = CODEC_MAX_SNAPSHOT;
	bytes_clear(&e->raw);
	bytes_put_varint(&e->raw, e->snapshots);
	bytes_put_varint(&e->raw, s->mono_ns);
	bytes_put_varint(&e->raw, s->real_ns);
	table_for_each (&e->schema.scopes, scope) {
		before = scope_table(&e->last, scope);
		now = scope_table(s, scope);
		if (key)
			before.count = 0;
		if (!err)
			err = encode_scope(e, scope, &before, &now);
	}
	return err;
}

static int encoder_put_schema(struct encoder *e, struct bytes *out)
{
	if (!e->snapshots)
		frame_put_file_head(out);
	bytes_clear(&e->raw);
	schema_encode_own(&e->raw);
	return frame_pack(FRAME_SCHEMA, &e->raw, out);
}

int encoder_put(struct encoder *e, const struct snapshot *s, struct bytes *out)
{
	bool key = e->snapshots % CODEC_KEY_EVERY == 0;
	int err = 0;

	if (e->snapshots % CODEC_SCHEMA_EVERY == 0)
		err = encoder_put_schema(e, out);
	if (!err)
		err = encode_snapshot(e, (struct snapshot *)s, key);
	if (!err)
		err = frame_pack(key ? FRAME_KEY : FRAME_DELTA, &e->raw, out);
	if (!err)
		err = snapshot_copy(&e->last, s);
	e->snapshots++;
	return err ? err : out->failed ? -ENOMEM : 0;
}

int encoder_end(struct encoder *e, struct bytes *out)
{
	int err = e->snapshots ? 0 : encoder_put_schema(e, out);

	bytes_clear(&e->raw);
	bytes_put_varint(&e->raw, e->snapshots);
	return err ? err : frame_pack(FRAME_END, &e->raw, out);
}
