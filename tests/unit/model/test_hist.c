// SPDX-License-Identifier: GPL-2.0-or-later
/* Bucket arithmetic of bpf/hist.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hist.h"

static void test_bounds_hold_every_value(void **state)
{
	__u64 v;
	__u32 b;

	(void)state;
	for (v = 0; v < 1 << 20; v++) {
		b = hist_bucket(v);
		assert_true(hist_low(b) <= v);
		assert_true(v < hist_low(b + 1));
	}
}

static void test_edges_of_powers(void **state)
{
	__u32 bits;
	__u64 v;

	(void)state;
	for (bits = HIST_SUB_BITS; bits < HIST_MAX_BITS; bits++) {
		v = 1ULL << bits;
		assert_int_equal(hist_low(hist_bucket(v)), v);
		assert_int_equal(hist_bucket(v - 1) + 1, hist_bucket(v));
		assert_int_equal(hist_log2(v), bits);
		assert_int_equal(hist_log2(2 * v - 1), bits);
	}
}

/* Buckets follow each other without a gap, and none is wider than 6.25 %. */
static void test_relative_error(void **state)
{
	__u64 low, high;
	__u32 b;

	(void)state;
	for (b = HIST_SUBS; b < HIST_BUCKETS - 1; b++) {
		low = hist_low(b);
		high = hist_low(b + 1);
		assert_true(high > low);
		assert_true((high - low) * 16 <= low);
		assert_int_equal(hist_bucket(low), b);
		assert_int_equal(hist_bucket(high - 1), b);
	}
}

static void test_last_bucket_takes_the_rest(void **state)
{
	(void)state;
	assert_int_equal(hist_bucket((1ULL << HIST_MAX_BITS) - 1),
			 HIST_BUCKETS - 1);
	assert_int_equal(hist_bucket(1ULL << HIST_MAX_BITS), HIST_BUCKETS - 1);
	assert_int_equal(hist_bucket(UINT64_MAX), HIST_BUCKETS - 1);
	assert_int_equal(hist_bucket(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds_hold_every_value),
		cmocka_unit_test(test_edges_of_powers),
		cmocka_unit_test(test_relative_error),
		cmocka_unit_test(test_last_bucket_takes_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
