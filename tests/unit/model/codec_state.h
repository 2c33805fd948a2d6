/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An encoder, a decoder and the file between them, for the tests of both. */
#ifndef TESTS_MODEL_CODEC_STATE_H
#define TESTS_MODEL_CODEC_STATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "machine.h"
#include "model/codec.h"
#include "same.h"

struct fixture {
	struct encoder e;
	struct decoder d;
	struct snapshot s;
	struct bytes file;
	size_t read; /* of file */
	struct bytes raw;
};

static inline int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	assert_int_equal(encoder_init(&f.e), 0);
	decoder_init(&f.d);
	snapshot_init(&f.s);
	*state = &f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	encoder_fini(&f->e);
	decoder_fini(&f->d);
	snapshot_fini(&f->s);
	bytes_fini(&f->file);
	bytes_fini(&f->raw);
	return 0;
}

/* The next frame of the file: its type, and what is in it in f->raw. */
static inline uint32_t next_frame(struct fixture *f)
{
	const uint8_t *head;
	struct frame frame;

	if (!f->read) {
		assert_int_equal(frame_parse_file_head(f->file.data), 1);
		f->read = FILE_HEAD;
	}
	head = f->file.data + f->read;
	assert_true(f->read + FRAME_HEAD <= f->file.count);
	assert_true(frame_parse_head(head, &frame));
	assert_int_equal(frame_unpack(&frame, head, &f->raw), 0);
	f->read += FRAME_HEAD + frame.length;
	return frame.type;
}

/* Writes a snapshot, and reads on until there is one. */
static inline uint32_t pass(struct fixture *f, const struct snapshot *s)
{
	uint32_t type;
	int got;

	assert_int_equal(encoder_put(&f->e, s, &f->file), 0);
	do {
		type = next_frame(f);
		got = decoder_take(&f->d, type, &f->raw, &f->s);
		assert_true(got >= 0);
	} while (!got);
	assert_int_equal(f->read, f->file.count);
	return type;
}

#endif /* TESTS_MODEL_CODEC_STATE_H */
