// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: names, lists of them, order, and filters. */
#include "model/event.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_parse(void **state)
{
	const char *bad = NULL;
	uint32_t types;

	(void)state;
	assert_int_equal(event_parse("irq", &types, &bad), 0);
	assert_int_equal(types, 1 << TRACE_IRQ);
	assert_int_equal(event_parse("poll,squeeze,poll", &types, &bad), 0);
	assert_int_equal(types, 1 << TRACE_POLL | 1 << TRACE_SQUEEZE);
	assert_int_equal(event_parse("all", &types, &bad), 0);
	assert_int_equal(types, (1 << TRACE_NR) - 1);
	assert_null(bad);
}

static void test_parse_invalid(void **state)
{
	static const char *const lists[][2] = {
		{ "", "" },
		{ "polls", "polls" },
		{ "pol", "pol" },
		{ "poll,", "" },
		{ ",poll", ",poll" },
		{ "irq,x,poll", "x,poll" },
		{ "POLL", "POLL" },
		{ "poll irq", "poll irq" },
		{ "trigger", "trigger" },
	};
	const char *bad;
	uint32_t types;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		assert_int_equal(event_parse(lists[i][0], &types, &bad), -EINVAL);
		assert_string_equal(bad, lists[i][1]);
	}
}

static void test_every_type_has_a_name_that_parses(void **state)
{
	const char *bad;
	uint32_t types;
	unsigned int type;

	(void)state;
	for (type = 0; type < TRACE_NR; type++) {
		assert_int_equal(event_parse(event_name(type), &types, &bad), 0);
		assert_int_equal(types, 1U << type);
	}
	assert_string_equal(event_name(EVENT_TRIGGER), "trigger");
	assert_string_equal(event_name(EVENT_TRIGGER + 1), "unknown");
	assert_string_equal(event_context_name(NAPI_NR_CTX), "unknown");
	assert_string_equal(event_squeeze_name(TRACE_SQUEEZE_BOTH + 1),
			    "unknown");
}

/* Softirq and its first poll begin at once; its last one ends with it. */
static const struct trace_event nested[] = {
	{ .type = TRACE_SOFTIRQ, .start = 100, .ts = 900 },
	{ .type = TRACE_POLL, .start = 100, .ts = 500 },
	{ .type = TRACE_IRQ, .start = 100, .ts = 500 },
	{ .type = TRACE_SQUEEZE, .ts = 500 },
	{ .type = TRACE_POLL, .start = 500, .ts = 900 },
};

#define NR_NESTED (sizeof(nested) / sizeof(*nested))

static void shuffle_sort(struct trace_event *e, unsigned int by,
			 int (*cmp)(const void *, const void *))
{
	unsigned int i;

	for (i = 0; i < NR_NESTED; i++)
		e[i] = nested[(i * by + by) % NR_NESTED];
	qsort(e, NR_NESTED, sizeof(*e), cmp);
}

static void test_order_by_start(void **state)
{
	static const unsigned int expected[] = { 0, 1, 2, 4, 3 };
	struct trace_event e[NR_NESTED];
	unsigned int by, i;

	(void)state;
	for (by = 1; by < NR_NESTED; by++) {
		shuffle_sort(e, by, event_start_cmp);
		for (i = 0; i < NR_NESTED; i++)
			assert_memory_equal(&e[i], &nested[expected[i]],
					    sizeof(*e));
	}
}

static void test_order_by_end(void **state)
{
	static const unsigned int expected[] = { 3, 2, 1, 4, 0 };
	struct trace_event e[NR_NESTED];
	unsigned int by, i;

	(void)state;
	for (by = 1; by < NR_NESTED; by++) {
		shuffle_sort(e, by, event_end_cmp);
		for (i = 0; i < NR_NESTED; i++)
			assert_memory_equal(&e[i], &nested[expected[i]],
					    sizeof(*e));
	}
}

static void test_filter(void **state)
{
	const struct napi_row eth0 = { .label = "eth0/1",
				       .dev = "eth0",
				       .napi_id = 8193 };
	const struct napi_row none = { .label = "backlog/0", .napi_id = MISSING };
	const struct event_filter all = { .napi_id = MISSING };
	const struct event_filter dev = { .dev = "eth0", .napi_id = MISSING };
	const struct event_filter label = { .napi = "backlog/0",
					    .napi_id = MISSING };
	const struct event_filter id = { .napi_id = 8193 };
	const struct event_filter wrong = { .dev = "eth1", .napi_id = 8193 };

	(void)state;
	assert_true(event_filter_napi(&all, &eth0));
	assert_true(event_filter_napi(&dev, &eth0));
	assert_false(event_filter_napi(&dev, &none));
	assert_true(event_filter_napi(&label, &none));
	assert_false(event_filter_napi(&label, &eth0));
	assert_true(event_filter_napi(&id, &eth0));
	assert_false(event_filter_napi(&id, &none));
	assert_false(event_filter_napi(&wrong, &eth0));
}

static bool wanted(const struct event_filter *f, unsigned int type,
		   unsigned int vec, const struct napi_row *napi, bool linked)
{
	const struct event e = { .type = type, .vec = vec, .napi = napi };

	return event_wanted(f, &e, linked);
}

static void test_wanted(void **state)
{
	const struct napi_row eth0 = { .dev = "eth0", .napi_id = 8193 };
	const struct napi_row eth1 = { .dev = "eth1", .napi_id = 8194 };
	const struct event_filter all = { .napi_id = MISSING };
	const struct event_filter f = { .dev = "eth0", .napi_id = MISSING };

	(void)state;
	assert_true(wanted(&all, TRACE_SOFTIRQ, NAPI_VEC_TIMER, NULL, false));
	assert_true(wanted(&all, TRACE_POLL, 0, NULL, false));
	assert_true(wanted(&f, TRACE_POLL, 0, &eth0, false));
	assert_false(wanted(&f, TRACE_POLL, 0, &eth1, true));
	assert_false(wanted(&f, TRACE_COMPLETE, 0, NULL, true));
	assert_false(wanted(&f, TRACE_SCHEDULE, 0, &eth1, true));
	assert_true(wanted(&f, TRACE_SOFTIRQ, NAPI_VEC_NET_RX, NULL, true));
	assert_false(wanted(&f, TRACE_SOFTIRQ, NAPI_VEC_NET_RX, NULL, false));
	assert_false(wanted(&f, TRACE_SOFTIRQ, NAPI_VEC_TIMER, NULL, true));
	assert_false(wanted(&f, TRACE_RAISE, NAPI_VEC_TIMER, NULL, true));
	assert_true(wanted(&f, TRACE_IRQ, 0, NULL, true));
	assert_false(wanted(&f, TRACE_IRQ, 0, NULL, false));
	assert_true(wanted(&f, TRACE_SQUEEZE, 0, NULL, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_invalid),
		cmocka_unit_test(test_every_type_has_a_name_that_parses),
		cmocka_unit_test(test_order_by_start),
		cmocka_unit_test(test_order_by_end),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
