/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes written one after the other, and read again.  A failure sticks: the
 * caller writes or reads on, and asks at the end.
 */
#ifndef UTIL_BYTES_H
#define UTIL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data;
	size_t count;
	size_t room;
	bool failed; /* memory was out: data is not whole */
};

void bytes_fini(struct bytes *b);
void bytes_clear(struct bytes *b);
/* count more bytes, to be filled; NULL when memory is out. */
void *bytes_extend(struct bytes *b, size_t count);
void bytes_put(struct bytes *b, const void *data, size_t count);
void bytes_put_u8(struct bytes *b, uint8_t value);
/* Seven bits a byte, lowest first; the highest bit says that more follow. */
void bytes_put_varint(struct bytes *b, uint64_t value);
/* A length, and so many bytes. */
void bytes_put_text(struct bytes *b, const char *text);

/* What is left to read. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool failed; /* it ended early, or was no such thing */
};

static inline struct reader reader_of(const void *data, size_t count)
{
	return (struct reader){ .at = data, .left = count };
}

/* count bytes, or NULL. */
const uint8_t *reader_take(struct reader *r, size_t count);
/* 0 after a failure. */
uint8_t reader_u8(struct reader *r);
uint64_t reader_varint(struct reader *r);
/* As above, and a failure if it is more than most. */
uint64_t reader_varint_max(struct reader *r, uint64_t most);
/* At most room - 1 bytes of the text go to text, and a NUL. */
void reader_text(struct reader *r, char *text, size_t room);

/* Little endian, at any address. */
static inline void bytes_store_u32(uint8_t *to, uint32_t value)
{
	to[0] = value;
	to[1] = value >> 8;
	to[2] = value >> 16;
	to[3] = value >> 24;
}

static inline uint32_t bytes_load_u32(const uint8_t *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 | (uint32_t)from[3] << 24;
}

/* A small number for a small one of either sign, modulo 2^64. */
static inline uint64_t zigzag(uint64_t value)
{
	return value << 1 ^ -(value >> 63);
}

static inline uint64_t unzigzag(uint64_t value)
{
	return value >> 1 ^ -(value & 1);
}

#endif /* UTIL_BYTES_H */
