// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the decoder: the input is the contents of frames, one behind the
 * other, as type (a byte), length (two bytes) and so many bytes, without zlib
 * and CRC, which would keep the fuzzer out.
 */
#include "fuzz.h"
#include "model/codec.h"
#include "model/codec_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_of(data, size);
	struct table events = TABLE_INIT(struct trace_event);
	struct trace_facts facts;
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
		if (type == FRAME_EVENTS && !events_decode(&raw, &events))
			fuzz_trace(&f, &events);
		else if (type == FRAME_FACTS)
			facts_decode(&raw, &facts);
		else if (decoder_take(&d, type, &raw, fuzz_next(&f)) == 1)
			fuzz_use(&f);
	}
	table_fini(&events);
	bytes_fini(&raw);
	decoder_fini(&d);
	fuzz_fini(&f);
	return 0;
}
