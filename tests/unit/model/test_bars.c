// SPDX-License-Identifier: GPL-2.0-or-later
/* Bars of a histogram: no value without one, however little room there is. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include "model/bars.h"

static unsigned int bars_sum(const struct bars *b, const struct hist_row *h,
			     uint64_t *sum)
{
	unsigned int at, bars = 0;

	*sum = 0;
	for (at = b->from; at <= b->to; at = bars_next(b, at)) {
		*sum += bars_count(b, h, at);
		bars++;
	}
	return bars;
}

/* 1 to 9,999, each once in its bucket. */
static struct hist_row counts(unsigned int kind)
{
	struct hist_row h = { .kind = kind, .max = 9999 };
	unsigned int i;

	for (i = hist_bucket(1); i <= hist_bucket(9999); i++)
		h.counts[i] = 1;
	return h;
}

static void test_all_values_have_room(void **state)
{
	static const unsigned int kinds[] = { NAPI_HIST_SESSION_POLLS,
					      NAPI_HIST_POLL_NS };
	unsigned int k, room;
	struct hist_row h;
	struct bars b;
	uint64_t sum;

	(void)state;
	for (k = 0; k < 2; k++)
		for (room = 1; room < 40; room++) {
			h = counts(kinds[k]);
			bars_choose(&b, &h, room);
			assert_true(bars_sum(&b, &h, &sum) <= room);
			assert_int_equal(sum, hist_count(&h));
		}
}

/* The smallest are one: who looks for the longest sees them. */
static void test_the_smallest_are_one(void **state)
{
	struct hist_row h = counts(NAPI_HIST_SESSION_POLLS);
	char label[BAR_LABEL_ROOM];
	struct bars b;

	(void)state;
	bars_choose(&b, &h, 100);
	bars_label(&b, &h, b.from, label);
	assert_string_equal(label, "1");
	bars_choose(&b, &h, 3);
	bars_label(&b, &h, b.from, label);
	assert_string_equal(label, "1 to    4095");
	bars_label(&b, &h, b.to, label);
	assert_string_equal(label, "8192 to    9999");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_values_have_room),
		cmocka_unit_test(test_the_smallest_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
