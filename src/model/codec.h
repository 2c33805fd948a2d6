/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots as bytes and back: the frames of a recording, of which frame.h
 * has the outside and schema.h the names.  Pure: whoever has a file reads and
 * writes it.
 */
#ifndef MODEL_CODEC_H
#define MODEL_CODEC_H

#include "model/frame.h"
#include "model/schema.h"
#include "model/snapshot.h"

/* A row, and what it is written against. */
struct encode_pair {
	const void *row;
	const void *base;
	bool added; /* the snapshot before did not have it */
};

struct encoder {
	struct schema schema;
	struct snapshot last; /* that the next delta is against */
	uint64_t snapshots;   /* encoded so far */
	struct bytes raw;
	size_t left;	    /* bytes that the snapshot's rows may still have */
	struct table pairs; /* struct encode_pair, of the present scope */
};

int encoder_init(struct encoder *e);
void encoder_fini(struct encoder *e);

/*
 * Appends the frames of the next snapshot (before the first one the head of
 * the file and the schema), or of the end.  0, -ENOMEM, or -EFBIG: more rows
 * than a reader would take.
 */
int encoder_put(struct encoder *e, const struct snapshot *s, struct bytes *out);
int encoder_end(struct encoder *e, struct bytes *out);

struct decoder {
	struct schema schema;
	bool has_schema;
	bool has_last;	 /* false: only a key frame can go on */
	uint64_t number; /* of the last snapshot */
	struct snapshot last;
	struct snapshot next; /* being decoded */
	size_t left;	      /* bytes that its rows may still have */
	struct table added;   /* uint8_t, by row of the present scope */
	struct table counts;  /* size_t, rows of each scope before */
};

void decoder_init(struct decoder *d);
void decoder_fini(struct decoder *d);

/*
 * Decodes the contents of a frame.  1: s is the next snapshot; 0: there is
 * none in it, or none without the key frame before; -ENOMEM; or -EBADMSG.
 */
int decoder_take(struct decoder *d, uint32_t type, const struct bytes *raw,
		 struct snapshot *s);

#endif /* MODEL_CODEC_H */
