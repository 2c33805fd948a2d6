// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the decoder: the input is the contents of frames, one behind the
 * other, as type (a byte), length (two bytes) and so many bytes, without zlib
 * and CRC, which would keep the fuzzer out.
 */
#include "fuzz.h"
#include "model/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_of(data, size);
	struct bytes raw = { 0 };
	struct decoder d;
	struct fuzz f;
	size_t length;
	uint32_t type;

	fuzz_init(&f);
	decoder_init(&d);
	while (r.left) {
		type = reader_u8(&r);
		length = reader_u8(&r);
		length |= reader_u8(&r) << 8;
		if (length > r.left)
			length = r.left;
		bytes_clear(&raw);
		bytes_put(&raw, reader_take(&r, length), length);
		if (decoder_take(&d, type, &raw, fuzz_next(&f)) == 1)
			fuzz_use(&f);
	}
	bytes_fini(&raw);
	decoder_fini(&d);
	fuzz_fini(&f);
	return 0;
}
