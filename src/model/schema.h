/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the snapshots of a recording are made of: scopes and their columns, by
 * name.  A writer makes it of its own field tables, a reader of the file; what
 * a reader does not know it passes over, what the file does not have is
 * missing.
 */
#ifndef MODEL_SCHEMA_H
#define MODEL_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/snapshot.h"
#include "util/bytes.h"

/* Numbers or bytes of one column in the file; more is no schema. */
#define SCHEMA_MAX_SIZE 4096

/* How the values of a column are written; see codec.c. */
enum wire {
	WIRE_NUMBERS = 1,
	WIRE_TEXT,
	WIRE_SPARSE, /* many numbers, most of which do not change */
	NR_WIRES,
};

struct column {
	enum wire wire;
	uint32_t size;	   /* in the file: numbers, or bytes of a text */
	uint32_t own_size; /* in our row; 0: we have no such field */
	size_t offset;	   /* in our row */
};

struct schema_scope {
	int scope; /* enum field_scope, -1: not known here */
	const struct snapshot_table *table; /* NULL: host, lost, not known */
	size_t row_size;		    /* of our row; 0: not known here */
	size_t first;			    /* of its columns */
	size_t count;
};

struct schema {
	struct table scopes;  /* struct schema_scope */
	struct table columns; /* struct column */
	struct table kinds; /* int: enum napi_hist_kind, by number in the file */
};

void schema_init(struct schema *schema);
void schema_fini(struct schema *schema);

/* That of this program: 0 or -ENOMEM. */
int schema_make_own(struct schema *schema);
/* Our kind of histogram for the file's: -1: it is not known here. */
int schema_hist_kind(const struct schema *schema, uint64_t kind);
/* The own one as the contents of a frame. */
void schema_encode_own(struct bytes *out);
/* 0, -ENOMEM, or -EBADMSG: it is no schema. */
int schema_decode(struct schema *schema, struct reader *r);

/*
 * A new row of a scope, before its columns are set: what the file does not
 * have is missing, all else is zero.
 */
void schema_init_row(const struct schema *schema, const struct schema_scope *s,
		     void *row);

#endif /* MODEL_SCHEMA_H */
