/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames of a recording: each is compressed and checked for itself, so that a
 * file is readable up to where it was cut, and behind where it was damaged.
 *
 *	file	FILE_MAGIC, version (32 bits), frames
 *	frame	FRAME_MAGIC, type, length, raw length, CRC-32 (32 bits each,
 *		little endian), length bytes of zlib
 *
 * The CRC is that of type, both lengths, and the bytes of zlib.
 */
#ifndef MODEL_FRAME_H
#define MODEL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/bytes.h"

/* As PNG has it: a copy as text or in seven bits does not survive unseen. */
#define FILE_MAGIC "\x89NAPI\r\n\x1a"
#define FILE_MAGIC_SIZE 8
#define FILE_HEAD (FILE_MAGIC_SIZE + 4)
#define FILE_VERSION 1

#define FRAME_MAGIC_SIZE 4
#define FRAME_HEAD 20
/* Of zlib, and of what is in it. */
#define FRAME_MAX_LENGTH (32U << 20)
#define FRAME_MAX_RAW (64U << 20)

enum frame_type {
	FRAME_SCHEMA = 1, /* what the next snapshots are made of */
	FRAME_KEY,	  /* a snapshot */
	FRAME_DELTA,	  /* a snapshot, against the one before */
	FRAME_END,	  /* the recording was ended, not cut off */
	FRAME_EVENTS,	  /* of trace, between two snapshots */
	FRAME_FACTS,	  /* of trace: struct trace_facts */
};

struct frame {
	uint32_t type;
	uint32_t length;
	uint32_t raw_length;
	uint32_t crc;
};

void frame_put_file_head(struct bytes *out);
/* The version, or -EBADMSG: this is no recording. */
int frame_parse_file_head(const uint8_t head[FILE_HEAD]);

/* Appends the frame of raw.  0, -ENOMEM, or -EFBIG: it would not be read. */
int frame_pack(enum frame_type type, const struct bytes *raw, struct bytes *out);

/* False: here is no frame. */
bool frame_parse_head(const uint8_t head[FRAME_HEAD], struct frame *f);
/* The same bytes, of which less are there: may a frame begin with them? */
bool frame_may_begin(const uint8_t *at, size_t count);

/*
 * The contents of a frame, from its f->length bytes of zlib behind head.  0,
 * -ENOMEM, or -EBADMSG: they are damaged.
 */
int frame_unpack(const struct frame *f, const uint8_t *head, struct bytes *raw);

#endif /* MODEL_FRAME_H */
