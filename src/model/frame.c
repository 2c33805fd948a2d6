// SPDX-License-Identifier: GPL-2.0-or-later
/* See frame.h. */
#include "model/frame.h"

#include <errno.h>
#include <string.h>
#include <zlib.h>

/* No text, and no likely part of what zlib makes. */
static const uint8_t frame_magic[FRAME_MAGIC_SIZE] = { 0xf7, 'N', 'S', 0x0f };

/* Where the members of a head are; the CRC begins with the type. */
#define AT_TYPE 4
#define AT_LENGTH 8
#define AT_RAW_LENGTH 12
#define AT_CRC 16

/* zlib makes at most so much of a byte. */
#define ZLIB_MAX_RATIO 1032

void frame_put_file_head(struct bytes *out)
{
	uint8_t version[4];

	bytes_put(out, FILE_MAGIC, FILE_MAGIC_SIZE);
	bytes_store_u32(version, FILE_VERSION);
	bytes_put(out, version, sizeof(version));
}

int frame_parse_file_head(const uint8_t head[FILE_HEAD])
{
	uint32_t version;

	if (memcmp(head, FILE_MAGIC, FILE_MAGIC_SIZE))
		return -EBADMSG;
	version = bytes_load_u32(head + FILE_MAGIC_SIZE);
	return version && version <= INT32_MAX ? (int)version : -EBADMSG;
}

static uint32_t frame_crc(const uint8_t *head, size_t length)
{
	uLong crc = crc32(0, head + AT_TYPE, AT_CRC - AT_TYPE);

	return crc32_z(crc, head + FRAME_HEAD, length);
}

int frame_pack(enum frame_type type, const struct bytes *raw, struct bytes *out)
{
	uLongf length = compressBound(raw->count);
	size_t start = out->count;
	uint8_t *head;

	if (raw->failed)
		return -ENOMEM;
	if (raw->count > FRAME_MAX_RAW || length > FRAME_MAX_LENGTH)
		return -EFBIG;
	head = bytes_extend(out, FRAME_HEAD + length);
	if (!head || compress(head + FRAME_HEAD, &length, raw->data, raw->count))
		return -ENOMEM;
	memcpy(head, frame_magic, FRAME_MAGIC_SIZE);
	bytes_store_u32(head + AT_TYPE, type);
	bytes_store_u32(head + AT_LENGTH, length);
	bytes_store_u32(head + AT_RAW_LENGTH, raw->count);
	bytes_store_u32(head + AT_CRC, frame_crc(head, length));
	out->count = start + FRAME_HEAD + length;
	return 0;
}

bool frame_may_begin(const uint8_t *at, size_t count)
{
	if (count > FRAME_MAGIC_SIZE)
		count = FRAME_MAGIC_SIZE;
	return !memcmp(at, frame_magic, count);
}

bool frame_parse_head(const uint8_t head[FRAME_HEAD], struct frame *f)
{
	f->type = bytes_load_u32(head + AT_TYPE);
	f->length = bytes_load_u32(head + AT_LENGTH);
	f->raw_length = bytes_load_u32(head + AT_RAW_LENGTH);
	f->crc = bytes_load_u32(head + AT_CRC);
	return frame_may_begin(head, FRAME_MAGIC_SIZE) &&
	       f->length <= FRAME_MAX_LENGTH && f->raw_length <= FRAME_MAX_RAW &&
	       f->raw_length / ZLIB_MAX_RATIO <= f->length;
}

int frame_unpack(const struct frame *f, const uint8_t *head, struct bytes *raw)
{
	uLongf length = f->raw_length;
	uint8_t *data;
	int err;

	if (frame_crc(head, f->length) != f->crc)
		return -EBADMSG;
	bytes_clear(raw);
	/* One more: zlib wants room even for nothing. */
	data = bytes_extend(raw, length + 1);
	if (!data)
		return -ENOMEM;
	err = uncompress(data, &length, head + FRAME_HEAD, f->length);
	if (err == Z_MEM_ERROR)
		return -ENOMEM;
	if (err || length != f->raw_length)
		return -EBADMSG;
	raw->count = length;
	return 0;
}
