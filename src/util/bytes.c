// SPDX-License-Identifier: GPL-2.0-or-later
/* See bytes.h. */
#include "util/bytes.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_FIRST_ROOM 4096
#define VARINT_MAX_BYTES 10

void bytes_fini(struct bytes *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void bytes_clear(struct bytes *b)
{
	b->count = 0;
	b->failed = false;
}

static bool bytes_reserve(struct bytes *b, size_t count)
{
	size_t room = b->room ? b->room : BYTES_FIRST_ROOM;
	uint8_t *data;

	while (room - b->count < count)
		room *= 2;
	if (room == b->room)
		return true;
	data = realloc(b->data, room);
	if (!data)
		return false;
	b->data = data;
	b->room = room;
	return true;
}

void *bytes_extend(struct bytes *b, size_t count)
{
	void *end;

	if (b->failed || !bytes_reserve(b, count)) {
		b->failed = true;
		return NULL;
	}
	end = b->data + b->count;
	b->count += count;
	return end;
}

void bytes_put(struct bytes *b, const void *data, size_t count)
{
	void *end = bytes_extend(b, count);

	if (end && count)
		memcpy(end, data, count);
}

void bytes_put_u8(struct bytes *b, uint8_t value)
{
	uint8_t *end = bytes_extend(b, 1);

	if (end)
		*end = value;
}

void bytes_put_varint(struct bytes *b, uint64_t value)
{
	uint8_t digits[VARINT_MAX_BYTES];
	unsigned int count = 0;

	while (value > 0x7f) {
		digits[count++] = value | 0x80;
		value >>= 7;
	}
	digits[count++] = value;
	bytes_put(b, digits, count);
}

void bytes_put_text(struct bytes *b, const char *text)
{
	size_t len = strlen(text);

	bytes_put_varint(b, len);
	bytes_put(b, text, len);
}

const uint8_t *reader_take(struct reader *r, size_t count)
{
	const uint8_t *at = r->at;

	if (r->failed || count > r->left) {
		r->failed = true;
		return NULL;
	}
	r->at += count;
	r->left -= count;
	return at;
}

uint8_t reader_u8(struct reader *r)
{
	const uint8_t *at = reader_take(r, 1);

	return at ? *at : 0;
}

uint64_t reader_varint(struct reader *r)
{
	unsigned int shift = 0;
	uint64_t value = 0;
	uint8_t digit;

	do {
		digit = reader_u8(r);
		/* The tenth digit has one bit, and is the last. */
		if (r->failed || (shift == 63 && digit > 1)) {
			r->failed = true;
			return 0;
		}
		value |= (uint64_t)(digit & 0x7f) << shift;
		shift += 7;
	} while (digit & 0x80);
	return value;
}

uint64_t reader_varint_max(struct reader *r, uint64_t most)
{
	uint64_t value = reader_varint(r);

	if (value <= most)
		return value;
	r->failed = true;
	return 0;
}

void reader_text(struct reader *r, char *text, size_t room)
{
	size_t len = reader_varint(r);
	const uint8_t *at = reader_take(r, len);

	*text = '\0';
	if (!at)
		return;
	if (len > room - 1)
		len = room - 1;
	memcpy(text, at, len);
	text[len] = '\0';
}
