// SPDX-License-Identifier: GPL-2.0-or-later
/* See schema.h. */
#include "model/schema.h"

#include <errno.h>
#include <string.h>

#include "model/hist.h"

/* More than that is no schema. */
#define SCHEMA_MAX_SCOPES 64
#define SCHEMA_MAX_COLUMNS 512 /* a scope */
#define SCHEMA_NAME 64
#define SCHEMA_MAX_KINDS 256

void schema_init(struct schema *schema)
{
	memset(schema, 0, sizeof(*schema));
	schema->scopes.row_size = sizeof(struct schema_scope);
	schema->columns.row_size = sizeof(struct column);
	schema->kinds.row_size = sizeof(int);
}

void schema_fini(struct schema *schema)
{
	table_fini(&schema->scopes);
	table_fini(&schema->columns);
	table_fini(&schema->kinds);
}

/* Computed ones are computed again by whoever reads. */
static bool field_is_stored(const struct field *f)
{
	return f->kind != FIELD_DERIVED && f->kind != FIELD_LIST;
}

static const char *field_kind_name(const struct field *f)
{
	static const char *const names[] = {
		[FIELD_KEY] = "key",	     [FIELD_TEXT] = "text",
		[FIELD_COUNTER] = "counter", [FIELD_COUNTER32] = "counter32",
		[FIELD_VECTOR] = "counter",  [FIELD_VECTOR32] = "counter32",
		[FIELD_BUCKETS] = "buckets", [FIELD_MAX] = "max",
	};

	return names[f->kind];
}

/* As this program would write it. */
static struct column column_of(const struct field *f)
{
	struct column c = { .wire = WIRE_NUMBERS, .offset = f->offset };

	c.own_size = f->size;
	if (f->kind == FIELD_TEXT)
		c.wire = WIRE_TEXT;
	else
		c.own_size /= sizeof(uint64_t);
	if (f->kind == FIELD_BUCKETS)
		c.wire = WIRE_SPARSE;
	c.size = c.own_size;
	return c;
}

/* Host and lost have one row and are no tables. */
static void scope_find_table(struct schema_scope *s)
{
	const struct snapshot_table *t;

	if (s->scope == SCOPE_HOST)
		s->row_size = sizeof(struct host_row);
	if (s->scope == SCOPE_LOST)
		s->row_size = sizeof(struct lost_row);
	for (t = snapshot_tables; t->cmp; t++) {
		if ((int)t->scope != s->scope)
			continue;
		s->table = t;
		s->row_size = t->row_size;
	}
}

static struct schema_scope *schema_add_scope(struct schema *schema, int scope)
{
	struct schema_scope *s = table_add(&schema->scopes);

	if (!s)
		return NULL;
	s->scope = scope;
	s->first = schema->columns.count;
	scope_find_table(s);
	return s;
}

int schema_make_own(struct schema *schema)
{
	struct schema_scope *s;
	const struct field *f;
	struct column *c;
	unsigned int scope;

	for (scope = 0; scope < NR_SCOPES; scope++) {
		s = schema_add_scope(schema, scope);
		if (!s)
			return -ENOMEM;
		for (f = field_table(scope); f->name; f++) {
			if (!field_is_stored(f))
				continue;
			c = table_add(&schema->columns);
			if (!c)
				return -ENOMEM;
			*c = column_of(f);
			s->count++;
		}
	}
	return 0;
}

static void schema_encode_scope(struct bytes *out, enum field_scope scope)
{
	const struct field *f;
	struct column c;
	size_t count = 0;

	for (f = field_table(scope); f->name; f++)
		count += field_is_stored(f);
	bytes_put_text(out, field_scope_name(scope));
	bytes_put_varint(out, count);
	for (f = field_table(scope); f->name; f++) {
		if (!field_is_stored(f))
			continue;
		c = column_of(f);
		bytes_put_text(out, f->name);
		bytes_put_text(out, field_kind_name(f));
		bytes_put_u8(out, c.wire);
		bytes_put_varint(out, c.size);
	}
}

/* Of which width the buckets are, and the kinds by their numbers. */
static void schema_encode_hists(struct bytes *out)
{
	unsigned int kind;

	bytes_put_varint(out, HIST_SUB_BITS);
	bytes_put_varint(out, HIST_MAX_BITS);
	bytes_put_varint(out, NAPI_NR_HIST_KINDS);
	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		bytes_put_text(out, hist_kinds[kind].name);
}

void schema_encode_own(struct bytes *out)
{
	unsigned int scope;

	bytes_put_varint(out, NR_SCOPES);
	for (scope = 0; scope < NR_SCOPES; scope++)
		schema_encode_scope(out, scope);
	schema_encode_hists(out);
}

static int scope_by_name(const char *name)
{
	unsigned int scope;

	for (scope = 0; scope < NR_SCOPES; scope++)
		if (!strcmp(field_scope_name(scope), name))
			return scope;
	return -1;
}

/* Whether it is one of ours, and where it goes then. */
static void column_match(struct column *c, int scope, const char *name)
{
	const struct field *f = scope < 0 ? NULL : field_find(scope, name);
	struct column own;

	if (!f || !field_is_stored(f))
		return;
	own = column_of(f);
	if (own.wire != c->wire)
		return;
	c->own_size = own.own_size;
	c->offset = own.offset;
}

static int schema_decode_column(struct schema *schema, int scope,
				struct reader *r)
{
	char name[SCHEMA_NAME], kind[SCHEMA_NAME];
	struct column *c = table_add(&schema->columns);

	if (!c)
		return -ENOMEM;
	reader_text(r, name, sizeof(name));
	reader_text(r, kind, sizeof(kind));
	c->wire = reader_u8(r);
	c->size = reader_varint_max(r, SCHEMA_MAX_SIZE);
	if (r->failed || c->wire < WIRE_NUMBERS || c->wire >= NR_WIRES)
		return -EBADMSG;
	column_match(c, scope, name);
	return 0;
}

/* A scope that comes twice would be two tables in one. */
static bool schema_has(const struct schema *schema, int scope)
{
	const struct schema_scope *s;

	table_for_each (&schema->scopes, s)
		if (scope >= 0 && s->scope == scope)
			return true;
	return false;
}

static int schema_decode_scope(struct schema *schema, struct reader *r)
{
	char name[SCHEMA_NAME];
	struct schema_scope *s;
	size_t count;
	int scope, err;

	reader_text(r, name, sizeof(name));
	scope = scope_by_name(name);
	if (r->failed || schema_has(schema, scope))
		return -EBADMSG;
	count = reader_varint_max(r, SCHEMA_MAX_COLUMNS);
	s = schema_add_scope(schema, scope);
	if (!s)
		return -ENOMEM;
	s->count = count;
	while (count--) {
		err = schema_decode_column(schema, scope, r);
		if (err)
			return err;
	}
	return 0;
}

static int hist_kind_by_name(const char *name)
{
	unsigned int kind;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		if (!strcmp(hist_kinds[kind].name, name))
			return kind;
	return -1;
}

int schema_hist_kind(const struct schema *schema, uint64_t kind)
{
	if (kind >= schema->kinds.count)
		return -1;
	return *(int *)table_at(&schema->kinds, kind);
}

/* With buckets of another width no histogram is known. */
static int schema_decode_hists(struct schema *schema, struct reader *r)
{
	bool same = reader_varint(r) == HIST_SUB_BITS;
	char name[SCHEMA_NAME];
	size_t count;
	int *kind;

	same &= reader_varint(r) == HIST_MAX_BITS;
	count = reader_varint_max(r, SCHEMA_MAX_KINDS);
	table_clear(&schema->kinds);
	while (count-- && !r->failed) {
		reader_text(r, name, sizeof(name));
		kind = table_add(&schema->kinds);
		if (!kind)
			return -ENOMEM;
		*kind = same ? hist_kind_by_name(name) : -1;
	}
	/* A later version may say more. */
	return r->failed ? -EBADMSG : 0;
}

int schema_decode(struct schema *schema, struct reader *r)
{
	size_t count = reader_varint_max(r, SCHEMA_MAX_SCOPES);
	int err;

	table_clear(&schema->scopes);
	table_clear(&schema->columns);
	while (count--) {
		err = schema_decode_scope(schema, r);
		if (err)
			return err;
	}
	return schema_decode_hists(schema, r);
}

static const struct column *schema_find_column(const struct schema *schema,
					       const struct schema_scope *s,
					       size_t offset)
{
	const struct column *c = table_at(&schema->columns, s->first);
	size_t i;

	for (i = 0; i < s->count; i++)
		if (c[i].own_size && c[i].offset == offset)
			return &c[i];
	return NULL;
}

void schema_init_row(const struct schema *schema, const struct schema_scope *s,
		     void *row)
{
	const struct column *c;
	const struct field *f;
	struct column own;
	uint32_t i;

	memset(row, 0, s->row_size);
	for (f = field_table(s->scope); f->name; f++) {
		if (!field_is_stored(f) || f->kind == FIELD_TEXT)
			continue;
		own = column_of(f);
		c = schema_find_column(schema, s, f->offset);
		for (i = c ? c->size : 0; i < own.own_size; i++)
			((uint64_t *)((char *)row + own.offset))[i] = MISSING;
	}
}
