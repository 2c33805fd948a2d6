// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reading half of codec.h; codec_rows.h says how it is written.  The file
 * may say anything: every length and count is bounded before it is used.
 */
#include "model/codec.h"

#include <errno.h>
#include <string.h>

#include "model/codec_rows.h"
#include "model/hist.h"

void decoder_init(struct decoder *d)
{
	memset(d, 0, sizeof(*d));
	schema_init(&d->schema);
	snapshot_init(&d->last);
	snapshot_init(&d->next);
	d->added.row_size = 1;
	d->counts.row_size = sizeof(size_t);
}

void decoder_fini(struct decoder *d)
{
	schema_fini(&d->schema);
	snapshot_fini(&d->last);
	snapshot_fini(&d->next);
	table_fini(&d->added);
	table_fini(&d->counts);
}

/* Where the rows of a scope come from; one that is not known has only a count. */
struct decode_merge {
	const struct schema_scope *s;
	const void *fresh; /* a row that was added, before its columns */
	size_t before_count;
	const struct table *before;
	struct table *now;
	struct table *added; /* uint8_t a row */
	size_t most;	     /* rows */
};

static int merge_rows(struct decode_merge *m, size_t from, size_t count,
		      bool added)
{
	uint8_t *flag;
	void *row;

	for (; count--; from++) {
		flag = table_add(m->added);
		if (!flag)
			return -ENOMEM;
		*flag = added;
		if (!m->now)
			continue;
		row = table_add(m->now);
		if (!row)
			return -ENOMEM;
		memcpy(row, added ? m->fresh : table_at(m->before, from),
		       m->s->row_size);
	}
	return 0;
}

/* See encode_merge(). */
static int decode_merge(struct decode_merge *m, struct reader *r)
{
	size_t count = reader_varint_max(r, m->most);
	size_t from = 0, keep, drop, add;
	int err = 0;

	table_clear(m->added);
	while (!err && m->added->count < count) {
		keep = reader_varint_max(r, m->before_count - from);
		drop = reader_varint_max(r, m->before_count - from - keep);
		add = reader_varint_max(r, r->left);
		if (r->failed || !(keep + drop + add) ||
		    keep + add > count - m->added->count)
			return -EBADMSG;
		err = merge_rows(m, from, keep, false);
		if (!err)
			err = merge_rows(m, 0, add, true);
		from += keep + drop;
	}
	return r->failed ? -EBADMSG : err;
}

/* The rows whose columns are being read; own is NULL if they are not known. */
struct decode_rows {
	struct table *own;
	const uint8_t *added;
	size_t count;
};

static bool decode_state(struct reader *r)
{
	return reader_varint_max(r, COLUMN_CHANGED) == COLUMN_CHANGED;
}

/* Where the value of a row that was added comes from: NULL: it is there. */
static const void *decode_base(const struct decode_rows *rows, size_t i)
{
	return rows->added[i] && i ? table_at(rows->own, i - 1) : NULL;
}

static void decode_number(struct reader *r, const struct column *c, uint32_t k,
			  const struct decode_rows *rows)
{
	bool changed = decode_state(r);
	bool known = rows->own && k < c->own_size;
	uint64_t grown, *to;
	const void *base;
	size_t i;

	if (!changed && !known)
		return;
	for (i = 0; i < rows->count && !r->failed; i++) {
		grown = changed ? unzigzag(reader_varint(r)) : 0;
		if (!known)
			continue;
		base = decode_base(rows, i);
		to = &row_numbers(table_at(rows->own, i), c)[k];
		if (base)
			*to = row_numbers(base, c)[k];
		*to += grown;
	}
}

/* Padded with zeros, and without a NUL inside: two of them compare whole. */
static void decode_text_row(struct reader *r, const struct column *c, char *to)
{
	size_t len = reader_varint(r);
	const uint8_t *text;

	if (!len)
		return;
	text = reader_take(r, --len);
	if (!text || !to)
		return;
	if (len >= c->own_size)
		len = c->own_size - 1;
	memset(to, 0, c->own_size);
	memcpy(to, text, strnlen((const char *)text, len));
}

static void decode_text(struct reader *r, const struct column *c,
			const struct decode_rows *rows)
{
	bool changed = decode_state(r);
	bool known = rows->own && c->own_size;
	const void *base;
	char *to = NULL;
	size_t i;

	if (!changed && !known)
		return;
	for (i = 0; i < rows->count && !r->failed; i++) {
		base = known ? decode_base(rows, i) : NULL;
		if (known)
			to = row_text(table_at(rows->own, i), c);
		if (base)
			memcpy(to, row_text(base, c), c->own_size);
		if (changed)
			decode_text_row(r, c, to);
	}
}

static void decode_sparse_row(struct reader *r, const struct column *c,
			      uint64_t *to)
{
	uint32_t count = reader_varint_max(r, c->size), next = 0, i;
	uint32_t at[SCHEMA_MAX_SIZE];
	uint64_t grown;

	for (i = 0; i < count; i++) {
		at[i] = next + reader_varint_max(r, c->size);
		next = at[i] + 1;
		if (r->failed || next > c->size) {
			r->failed = true;
			return;
		}
	}
	for (i = 0; i < count && !r->failed; i++) {
		grown = reader_varint(r);
		if (to && at[i] < c->own_size)
			to[at[i]] += grown;
	}
}

static void decode_sparse(struct reader *r, const struct column *c,
			  const struct decode_rows *rows)
{
	uint64_t *to = NULL;
	size_t i;

	if (!decode_state(r))
		return;
	for (i = 0; i < rows->count && !r->failed; i++) {
		if (rows->own && c->own_size)
			to = row_numbers(table_at(rows->own, i), c);
		decode_sparse_row(r, c, to);
	}
}

static void decode_column(struct reader *r, const struct column *c,
			  const struct decode_rows *rows)
{
	uint32_t k;

	switch (c->wire) {
	case WIRE_TEXT:
		decode_text(r, c, rows);
		break;
	case WIRE_SPARSE:
		decode_sparse(r, c, rows);
		break;
	default:
		for (k = 0; k < c->size; k++)
			decode_number(r, c, k, rows);
	}
}

static int decode_columns(struct decoder *d, const struct schema_scope *s,
			  struct reader *r, struct table *own)
{
	const struct column *c = table_at(&d->schema.columns, s->first);
	const struct decode_rows rows = { .own = own,
					  .added = d->added.rows,
					  .count = d->added.count };
	size_t i;

	for (i = 0; i < s->count && !r->failed; i++)
		decode_column(r, &c[i], &rows);
	return r->failed ? -EBADMSG : 0;
}

/* Host and lost are decoded like tables, and taken from their first row. */
static int decode_scope(struct decoder *d, const struct schema_scope *s,
			struct reader *r, size_t *count)
{
	uint64_t fresh[CODEC_MAX_ROW / sizeof(uint64_t)];
	struct table before, one = { .row_size = s->row_size };
	struct decode_merge m = {
		.s = s,
		.fresh = fresh,
		.added = &d->added,
		.before_count = *count,
		.most = codec_max_rows(s->row_size, d->left),
	};
	int err;

	if (s->row_size) {
		schema_init_row(&d->schema, s, fresh);
		before = scope_table(&d->last, s);
		m.before = &before;
		m.now = s->table ? snapshot_table(&d->next, s->table) : &one;
	}
	err = decode_merge(&m, r);
	if (!err)
		d->left -= d->added.count * s->row_size;
	if (!err)
		err = decode_columns(d, s, r, m.now);
	if (!err && m.now == &one && one.count)
		memcpy(scope_table(&d->next, s).rows, one.rows, s->row_size);
	/* Of host and lost one row is kept, whatever the file says. */
	*count = m.now == &one ? one.count > 0 : d->added.count;
	table_fini(&one);
	return err;
}

/* What has no scope in the file is as schema_init_row() has it. */
static void decoder_begin(struct decoder *d)
{
	const struct schema_scope host = { .scope = SCOPE_HOST,
					   .row_size = sizeof(d->next.host) };
	const struct schema_scope lost = { .scope = SCOPE_LOST,
					   .row_size = sizeof(d->next.lost) };

	schema_init_row(&d->schema, &host, &d->next.host);
	schema_init_row(&d->schema, &lost, &d->next.lost);
	snapshot_clear(&d->next);
}

static int decode_snapshot(struct decoder *d, struct reader *r)
{
	const struct schema_scope *s;
	size_t *count = d->counts.rows;
	int err = 0;

	decoder_begin(d);
	d->left = CODEC_MAX_SNAPSHOT;
	d->next.mono_ns = reader_varint(r);
	d->next.real_ns = reader_varint(r);
	table_for_each (&d->schema.scopes, s) {
		if (!err)
			err = decode_scope(d, s, r, count);
		count++;
	}
	return err ? err : r->failed || r->left ? -EBADMSG : 0;
}

/* How many rows each scope had before. */
static int decoder_reset_counts(struct decoder *d)
{
	size_t i;

	table_clear(&d->counts);
	for (i = 0; i < d->schema.scopes.count; i++)
		if (!table_add(&d->counts))
			return -ENOMEM;
	return 0;
}

static int decoder_take_schema(struct decoder *d, struct reader *r)
{
	int err = schema_decode(&d->schema, r);

	d->has_schema = !err;
	d->has_last = false;
	return err;
}

/* The kinds of histograms have numbers of their own in each version. */
static void decoder_name_hists(const struct decoder *d, struct snapshot *s)
{
	struct hist_row *h = s->hists.rows;
	size_t i, kept = 0;
	int kind;

	for (i = 0; i < s->hists.count; i++) {
		kind = schema_hist_kind(&d->schema, h[i].kind);
		if (kind < 0)
			continue;
		if (kept != i)
			h[kept] = h[i];
		h[kept++].kind = kind;
	}
	s->hists.count = kept;
}

static int decoder_take_snapshot(struct decoder *d, struct reader *r,
				 struct snapshot *s)
{
	uint64_t number = reader_varint(r);
	struct snapshot swap;
	int err;

	/* Frames that went unseen would make all that follows wrong. */
	if (d->has_last && number != d->number + 1) {
		d->has_last = false;
		return -EBADMSG;
	}
	d->number = number;
	err = decode_snapshot(d, r);

	d->has_last = !err;
	if (err)
		return err;
	swap = d->last;
	d->last = d->next;
	d->next = swap;
	err = snapshot_copy(s, &d->last);
	decoder_name_hists(d, s);
	/* A file may lie about that, and its readers rely on it. */
	snapshot_sort(s);
	return err ? err : 1;
}

int decoder_take(struct decoder *d, uint32_t type, const struct bytes *raw,
		 struct snapshot *s)
{
	struct reader r = reader_of(raw->data, raw->count);
	int err;

	switch (type) {
	case FRAME_SCHEMA:
		return decoder_take_schema(d, &r);
	case FRAME_KEY:
		if (!d->has_schema)
			return 0;
		d->has_last = false;
		err = decoder_reset_counts(d);
		return err ? err : decoder_take_snapshot(d, &r, s);
	case FRAME_DELTA:
		return d->has_last ? decoder_take_snapshot(d, &r, s) : 0;
	default: /* of a newer program */
		return 0;
	}
}
