// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of a trace as bytes and back, also of a version that is not ours. */
#include "model/codec_events.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NR_EVENTS 1009

/* Every member anything, but those that a recording does not have. */
static void events_make(struct trace_event *e)
{
	uint32_t random = 1;
	uint8_t *byte;
	size_t i, k;

	for (i = 0; i < NR_EVENTS; i++) {
		byte = (uint8_t *)&e[i];
		for (k = 0; k < sizeof(*e); k++) {
			random = random * 1664525 + 1013904223;
			byte[k] = random >> 24;
		}
		e[i].type %= EVENT_TRIGGER + 1;
		e[i].index = 0;
		e[i].seq = 0;
		memset(e[i].pad, 0, sizeof(e[i].pad));
	}
}

static void test_events_come_back(void **state)
{
	struct table back = TABLE_INIT(struct trace_event);
	struct trace_event events[NR_EVENTS];
	struct bytes raw = { 0 };

	(void)state;
	events_make(events);
	events_encode(events, NR_EVENTS, &raw);
	assert_int_equal(events_decode(&raw, &back), 0);
	assert_int_equal(back.count, NR_EVENTS);
	assert_memory_equal(back.rows, events, sizeof(events));
	/* The next frame goes behind it. */
	bytes_clear(&raw);
	events_encode(events, 1, &raw);
	assert_int_equal(events_decode(&raw, &back), 0);
	assert_int_equal(back.count, NR_EVENTS + 1);
	assert_memory_equal(table_at(&back, NR_EVENTS), events, sizeof(*events));
	bytes_fini(&raw);
	table_fini(&back);
}

static void test_cut_events_are_none(void **state)
{
	struct table back = TABLE_INIT(struct trace_event);
	struct trace_event events[NR_EVENTS];
	struct bytes raw = { 0 }, cut;

	(void)state;
	events_make(events);
	events_encode(events, 3, &raw);
	cut = raw;
	for (cut.count = 0; cut.count < raw.count; cut.count++)
		assert_int_equal(events_decode(&cut, &back), -EBADMSG);
	assert_int_equal(back.count, 0);
	bytes_put_u8(&raw, 0);
	assert_int_equal(events_decode(&raw, &back), -EBADMSG);
	assert_int_equal(back.count, 0);
	bytes_fini(&raw);
	table_fini(&back);
}

/* Types and columns that we do not know, and ours with other numbers. */
static void test_another_version(void **state)
{
	static const char *const types[] = { "doorbell", "poll", "irq" };
	static const char *const columns[] = { "type", "colour", "work" };
	static const uint64_t values[][4] = { { 0, 1, 2, 1 },
					      { 7, 7, 7, 7 },
					      { 1, 64, 0, 10 } };
	struct table back = TABLE_INIT(struct trace_event);
	const struct trace_event *e;
	struct bytes raw = { 0 };
	size_t i, k;

	(void)state;
	bytes_put_varint(&raw, 3);
	for (i = 0; i < 3; i++)
		bytes_put_text(&raw, types[i]);
	bytes_put_varint(&raw, 3);
	for (i = 0; i < 3; i++)
		bytes_put_text(&raw, columns[i]);
	bytes_put_varint(&raw, 4);
	for (i = 0; i < 3; i++)
		for (k = 0; k < 4; k++)
			bytes_put_varint(&raw,
					 zigzag(values[i][k] -
						(k ? values[i][k - 1] : 0)));
	assert_int_equal(events_decode(&raw, &back), 0);
	assert_int_equal(back.count, 3);
	e = back.rows;
	assert_int_equal(e[0].type, TRACE_POLL);
	assert_int_equal(e[0].work, 64);
	assert_int_equal(e[1].type, TRACE_IRQ);
	assert_int_equal(e[2].type, TRACE_POLL);
	assert_int_equal(e[2].work, 10);
	bytes_fini(&raw);
	table_fini(&back);
}

static void test_facts_come_back(void **state)
{
	struct trace_facts facts, back;
	struct bytes raw = { 0 }, cut;

	(void)state;
	trace_facts_init(&facts);
	facts.base_ns = 1ULL << 60;
	facts.window = 512;
	facts.types = 1 << TRACE_POLL | 1 << TRACE_SQUEEZE;
	facts.lost = 0;
	facts_encode(&facts, &raw);
	assert_int_equal(facts_decode(&raw, &back), 0);
	assert_memory_equal(&back, &facts, sizeof(facts));
	cut = raw;
	for (cut.count = 0; cut.count < raw.count; cut.count++)
		assert_int_equal(facts_decode(&cut, &back), -EBADMSG);
	bytes_fini(&raw);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events_come_back),
		cmocka_unit_test(test_cut_events_are_none),
		cmocka_unit_test(test_another_version),
		cmocka_unit_test(test_facts_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
