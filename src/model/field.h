/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The field table: every number of an interval is named here once.  Views,
 * the screen, recordings and the man page are generic over it.
 */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rows.h"

struct interval;

enum field_scope {
	SCOPE_HOST,
	SCOPE_CPU,
	SCOPE_NAPI,
	SCOPE_IRQ,
	SCOPE_LINE, /* of /proc/interrupts; no view shows it */
	SCOPE_DEV,
	SCOPE_LOST,
	/* the setting, for commands and rules; no view shows them as rows */
	SCOPE_HIST,
	SCOPE_TOLD,
	SCOPE_STATE,
	SCOPE_PROBE,
	SCOPE_PROGRAM,
	SCOPE_CONFIG,
	NR_SCOPES,
};

enum field_kind {
	FIELD_KEY,     /* identity or setting, a number: taken over as it is */
	FIELD_TEXT,    /* char array: taken over as it is */
	FIELD_COUNTER, /* uint64_t that grows: an interval holds the growth */
	FIELD_COUNTER32, /* the kernel keeps 32 bits of it, which wrap */
	FIELD_VECTOR,	 /* FIELD_COUNTER per softirq vector */
	FIELD_VECTOR32,
	FIELD_MAX, /* uint64_t: largest since the snapshot before, taken over */
	FIELD_DERIVED, /* uint64_t computed by interval_make() */
	FIELD_BUCKETS, /* counters of a histogram */
	FIELD_LIST,    /* computed on demand by list() */
};

enum field_unit {
	UNIT_NONE,
	UNIT_COUNT,
	UNIT_NS,
	UNIT_BYTES,
	UNIT_USEC,
	UNIT_MILLI, /* thousandths of a count */
};

enum field_flag {
	FIELD_HIDDEN = 1 << 0,	/* for computing and recording; never shown */
	FIELD_KERNEL = 1 << 1,	/* the kernel's own counter, not traced */
	FIELD_SCHED = 1 << 2,	/* needs the fentry or kprobe tier */
	FIELD_WIDE = 1 << 3,	/* in text tables only when there is room */
	FIELD_NO_TEXT = 1 << 4, /* not a column of text tables */
	FIELD_RATIO = 1 << 5,	/* does not grow with time: shown as it is */
	FIELD_PEOPLE = 1 << 6,	/* a quotient for people; programs divide */
	FIELD_LESS_IS_BETTER = 1 << 7,
	FIELD_NAMES = 1 << 8, /* names its row: in every text table */
};

/* One item of a FIELD_LIST: a text, or up to three numbers. */
struct field_item {
	const char *text; /* NULL: numbers */
	uint64_t numbers[3];
	unsigned int nr_numbers; /* 1: a plain number, else a tuple */
};

typedef void (*field_emit_fn)(void *arg, const struct field_item *item);

struct field {
	const char *name;  /* as in JSON and --fields */
	const char *title; /* column heading */
	const char *help;  /* one sentence: what, unit, source */
	enum field_scope scope;
	enum field_kind kind;
	enum field_unit unit;
	unsigned int flags;
	size_t offset;
	size_t size; /* of the text array */
	void (*list)(const struct interval *iv, const void *row,
		     field_emit_fn emit, void *arg);
};

/* The rows of one scope, ended by a row with a NULL name. */
const struct field *field_table(enum field_scope scope);
/* Those of the setting: field_table() knows them too. */
extern const struct field hist_fields[], told_fields[], state_fields[],
	probe_fields[], program_fields[], config_fields[];
const char *field_scope_name(enum field_scope scope);
/* NULL: the scope has no such field. */
const struct field *field_find(enum field_scope scope, const char *name);

static inline uint64_t field_u64(const struct field *f, const void *row)
{
	return *(const uint64_t *)((const char *)row + f->offset);
}

static inline const uint64_t *field_vector(const struct field *f, const void *row)
{
	return (const uint64_t *)((const char *)row + f->offset);
}

static inline const char *field_text(const struct field *f, const void *row)
{
	return (const char *)row + f->offset;
}

/* Names as in /proc/softirqs; NULL past the last vector. */
const char *vec_name(unsigned int vec);

/* MISSING if either is. */
static inline uint64_t value_sub(uint64_t a, uint64_t b)
{
	return a == MISSING || b == MISSING ? MISSING : a - b;
}

/* The one that is there, if only one is: a part that cannot be had adds none. */
static inline uint64_t value_add(uint64_t a, uint64_t b)
{
	if (a == MISSING)
		return b;
	return b == MISSING ? a : a + b;
}

/*
 * Row arithmetic, over the whole scope.  Key and text fields of dst are left
 * alone.  rows_grow: dst = b - a for counters; with a NULL (a row that
 * appeared) dst = b for traced ones and MISSING for the kernel's, which count
 * from boot.  rows_sum: dst += src.  rows_sum_derived: the same for derived
 * numbers that add up.  rows_missing: all counters and maxima
 * MISSING.  rows_take_kernel: the kernel's counters of dst become those of src.
 * rows_follow_kernel: they go on by growth, or where that is not known up to raw,
 * and never back.  rows_grew: is any counter neither zero nor missing?
 * rows_unwrap: counters of 32 bits go on as if they had 64, from what they were before.
 */
void rows_grow(enum field_scope scope, void *dst, const void *a, const void *b);
void rows_sum(enum field_scope scope, void *dst, const void *src);
void rows_sum_derived(enum field_scope scope, void *dst, const void *src);
void rows_missing(enum field_scope scope, void *row);
void rows_take_kernel(enum field_scope scope, void *dst, const void *src);
void rows_follow_kernel(enum field_scope scope, void *dst, const void *growth,
			const void *raw);
bool rows_grew(enum field_scope scope, const void *row);
void rows_unwrap(enum field_scope scope, void *now, const void *before);

#endif /* MODEL_FIELD_H */
