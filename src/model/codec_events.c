// SPDX-License-Identifier: GPL-2.0-or-later
/* See codec_events.h. */
#include "model/codec_events.h"

#include <errno.h>
#include <string.h>

#define EVENTS_MAX_NAMES 64
#define EVENTS_NAME 32
#define EVENTS_NR_TYPES (EVENT_TRIGGER + 1)

/* A member: signed ones are taken modulo their width. */
struct event_column {
	const char *name;
	size_t offset;
	size_t size;
};

#define COLUMN(member)                                            \
	{                                                         \
#member, offsetof(struct trace_event, member),    \
			sizeof(((struct trace_event *)0)->member) \
	}

static const struct event_column event_columns[] = {
	COLUMN(ts),   COLUMN(start), COLUMN(ns),    COLUMN(id),
	COLUMN(cpu),  COLUMN(irq),   COLUMN(work),  COLUMN(budget),
	COLUMN(type), COLUMN(what),  COLUMN(flags),
};

#define NR_COLUMNS (sizeof(event_columns) / sizeof(*event_columns))

static const struct {
	const char *name;
	size_t offset;
} fact_columns[] = {
	{ "base_ns", offsetof(struct trace_facts, base_ns) },
	{ "by_start", offsetof(struct trace_facts, by_start) },
	{ "window", offsetof(struct trace_facts, window) },
	{ "types", offsetof(struct trace_facts, types) },
	{ "lost", offsetof(struct trace_facts, lost) },
	{ "late", offsetof(struct trace_facts, late) },
	{ "triggers", offsetof(struct trace_facts, triggers) },
	{ "triggers_missed", offsetof(struct trace_facts, triggers_missed) },
};

#define NR_FACTS (sizeof(fact_columns) / sizeof(*fact_columns))

static uint64_t column_get(const struct event_column *c,
			   const struct trace_event *e)
{
	const void *at = (const char *)e + c->offset;

	switch (c->size) {
	case sizeof(uint64_t):
		return *(const uint64_t *)at;
	case sizeof(uint32_t):
		return *(const uint32_t *)at;
	default:
		return *(const uint8_t *)at;
	}
}

static void column_set(const struct event_column *c, struct trace_event *e,
		       uint64_t value)
{
	void *at = (char *)e + c->offset;

	switch (c->size) {
	case sizeof(uint64_t):
		*(uint64_t *)at = value;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)at = value;
		break;
	default:
		*(uint8_t *)at = value;
	}
}

/* --- types, which have other numbers in another version ---------------------- */

static void types_encode(struct bytes *raw)
{
	unsigned int type;

	bytes_put_varint(raw, EVENTS_NR_TYPES);
	for (type = 0; type < EVENTS_NR_TYPES; type++)
		bytes_put_text(raw, event_name(type));
}

static int type_by_name(const char *name)
{
	unsigned int type;

	for (type = 0; type < EVENTS_NR_TYPES; type++)
		if (!strcmp(event_name(type), name))
			return type;
	return -1;
}

/* Ours, by the file's number; -1: not known here. */
struct event_types {
	size_t count;
	int ours[EVENTS_MAX_NAMES];
};

static void types_decode(struct reader *r, struct event_types *types)
{
	char name[EVENTS_NAME];
	size_t i;

	types->count = reader_varint_max(r, EVENTS_MAX_NAMES);
	for (i = 0; i < types->count; i++) {
		reader_text(r, name, sizeof(name));
		types->ours[i] = type_by_name(name);
	}
}

static int types_ours(const struct event_types *types, uint64_t type)
{
	return type < types->count ? types->ours[type] : -1;
}

/* --- events ------------------------------------------------------------------ */

static void events_encode_column(const struct event_column *c,
				 const struct trace_event *events, size_t count,
				 struct bytes *raw)
{
	uint64_t before = 0, now;
	size_t i;

	for (i = 0; i < count; i++) {
		now = column_get(c, &events[i]);
		bytes_put_varint(raw, zigzag(now - before));
		before = now;
	}
}

void events_encode(const struct trace_event *events, size_t count,
		   struct bytes *raw)
{
	size_t i;

	types_encode(raw);
	bytes_put_varint(raw, NR_COLUMNS);
	for (i = 0; i < NR_COLUMNS; i++)
		bytes_put_text(raw, event_columns[i].name);
	bytes_put_varint(raw, count);
	for (i = 0; i < NR_COLUMNS; i++)
		events_encode_column(&event_columns[i], events, count, raw);
}

static const struct event_column *column_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < NR_COLUMNS; i++)
		if (!strcmp(event_columns[i].name, name))
			return &event_columns[i];
	return NULL;
}

/* c is NULL for one that is not known here. */
static void events_decode_column(struct reader *r, const struct event_column *c,
				 struct trace_event *events, size_t count)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < count && !r->failed; i++) {
		value += unzigzag(reader_varint(r));
		if (c)
			column_set(c, &events[i], value);
	}
}

/* Those of a type that is not known here go. */
static void events_name_types(struct table *events, size_t first,
			      const struct event_types *types)
{
	struct trace_event *e = events->rows;
	size_t i, kept = first;
	int type;

	for (i = first; i < events->count; i++) {
		type = types_ours(types, e[i].type);
		if (type < 0)
			continue;
		if (kept != i)
			e[kept] = e[i];
		e[kept++].type = type;
	}
	events->count = kept;
}

static int events_make_room(struct table *events, size_t count)
{
	while (count--)
		if (!table_add(events))
			return -ENOMEM;
	return 0;
}

int events_decode(const struct bytes *raw, struct table *events)
{
	const struct event_column *columns[EVENTS_MAX_NAMES];
	struct reader r = reader_of(raw->data, raw->count);
	const size_t first = events->count;
	char name[EVENTS_NAME];
	struct event_types types;
	size_t nr, count, i;
	int err;

	types_decode(&r, &types);
	nr = reader_varint_max(&r, EVENTS_MAX_NAMES);
	for (i = 0; i < nr; i++) {
		reader_text(&r, name, sizeof(name));
		columns[i] = column_by_name(name);
	}
	count = reader_varint_max(&r, CODEC_MAX_EVENTS);
	err = r.failed ? -EBADMSG : events_make_room(events, count);
	for (i = 0; !err && i < nr; i++)
		events_decode_column(&r, columns[i], table_at(events, first),
				     count);
	if (!err && (r.failed || r.left))
		err = -EBADMSG;
	if (err)
		events->count = first;
	else
		events_name_types(events, first, &types);
	return err;
}

/* --- facts ------------------------------------------------------------------- */

static uint64_t *fact_at(const struct trace_facts *facts, size_t i)
{
	return (uint64_t *)((char *)facts + fact_columns[i].offset);
}

void facts_encode(const struct trace_facts *facts, struct bytes *raw)
{
	size_t i;

	types_encode(raw);
	bytes_put_varint(raw, NR_FACTS);
	for (i = 0; i < NR_FACTS; i++) {
		bytes_put_text(raw, fact_columns[i].name);
		bytes_put_varint(raw, *fact_at(facts, i));
	}
}

static void facts_set(struct trace_facts *facts, const char *name, uint64_t value)
{
	size_t i;

	for (i = 0; i < NR_FACTS; i++)
		if (!strcmp(fact_columns[i].name, name))
			*fact_at(facts, i) = value;
}

static uint64_t facts_types(const struct event_types *types, uint64_t mask)
{
	uint64_t ours = 0;
	size_t i;

	for (i = 0; i < types->count; i++)
		if (mask >> i & 1 && types->ours[i] >= 0)
			ours |= 1ULL << types->ours[i];
	return ours;
}

int facts_decode(const struct bytes *raw, struct trace_facts *facts)
{
	struct reader r = reader_of(raw->data, raw->count);
	char name[EVENTS_NAME];
	struct event_types types;
	size_t count;

	trace_facts_init(facts);
	types_decode(&r, &types);
	count = reader_varint_max(&r, EVENTS_MAX_NAMES);
	while (count-- && !r.failed) {
		reader_text(&r, name, sizeof(name));
		facts_set(facts, name, reader_varint(&r));
	}
	if (r.failed || r.left)
		return -EBADMSG;
	if (facts->types != MISSING)
		facts->types = facts_types(&types, facts->types);
	return 0;
}
