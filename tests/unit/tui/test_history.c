// SPDX-License-Identifier: GPL-2.0-or-later
/* The last minute of each row. */
#include "fake.h"

#include <math.h>

#include "tui/history.h"

static void add_at(struct history *h, uint64_t end_ns, uint64_t length_ns,
		   uint64_t key, float value)
{
	float values[NR_HISTORY_SERIES] = { value, 2 * value };

	history_begin(h, end_ns, length_ns);
	assert_int_equal(history_add(h, key, values), 0);
	history_end(h);
}

static void assert_newest(const struct history *h, uint64_t key, float value)
{
	float values[HISTORY_SECONDS];

	history_read(h, key, HISTORY_USUAL, values, HISTORY_SECONDS);
	assert_true(fabsf(values[HISTORY_SECONDS - 1] - value) < 0.001f);
}

static void test_one_second_each(void **state)
{
	float values[HISTORY_SECONDS];
	struct history h;
	unsigned int i;

	(void)state;
	history_init(&h);
	for (i = 1; i <= 100; i++)
		add_at(&h, (1000 + i) * SECOND + 7, SECOND, 5, (float)i);
	assert_true(history_read(&h, 5, HISTORY_USUAL, values,
				 HISTORY_SECONDS) == 100);
	for (i = 0; i < HISTORY_SECONDS; i++)
		assert_true(values[i] == (float)(41 + i));
	assert_true(history_read(&h, 5, HISTORY_SORT, values, HISTORY_SECONDS) ==
		    200);
	assert_true(history_read(&h, 6, HISTORY_USUAL, values, 10) == 0);
	assert_true(isnan(values[0]) && isnan(values[9]));
	history_fini(&h);
}

/* Ticks that come late or early leave no holes. */
static void test_jitter(void **state)
{
	float values[HISTORY_SECONDS];
	uint64_t end = 500 * SECOND, length;
	struct history h;
	int i;

	(void)state;
	history_init(&h);
	for (i = 0; i < 100; i++) {
		length = SECOND + (i % 7) * 100000 - (i % 3) * 150000;
		end += length;
		add_at(&h, end, length, 1, 3);
	}
	history_read(&h, 1, HISTORY_USUAL, values, HISTORY_SECONDS);
	for (i = 0; i < HISTORY_SECONDS; i++)
		assert_true(values[i] == 3);
	history_fini(&h);
}

static void test_short_intervals_are_averaged(void **state)
{
	struct history h;
	int i;

	(void)state;
	history_init(&h);
	for (i = 1; i <= 10; i++)
		add_at(&h, 100 * SECOND + (uint64_t)i * SECOND / 10 - 1,
		       SECOND / 10, 1, (float)i);
	assert_newest(&h, 1, 5.5f);
	history_fini(&h);
}

static void test_long_interval_fills(void **state)
{
	float values[HISTORY_SECONDS];
	struct history h;
	int i;

	(void)state;
	history_init(&h);
	add_at(&h, 100 * SECOND, 10 * SECOND, 1, 4);
	history_read(&h, 1, HISTORY_USUAL, values, HISTORY_SECONDS);
	for (i = 0; i < HISTORY_SECONDS; i++)
		assert_true(i < 50 ? isnan(values[i]) : values[i] == 4);
	add_at(&h, 300 * SECOND, 200 * SECOND, 1, 5);
	history_read(&h, 1, HISTORY_USUAL, values, HISTORY_SECONDS);
	for (i = 0; i < HISTORY_SECONDS; i++)
		assert_true(values[i] == 5);
	history_fini(&h);
}

/* A row that was away leaves a gap, not a line. */
static void test_gap(void **state)
{
	float values[HISTORY_SECONDS];
	struct history h;
	int i;

	(void)state;
	history_init(&h);
	add_at(&h, 100 * SECOND, SECOND, 1, 7);
	for (i = 101; i < 110; i++)
		add_at(&h, (uint64_t)i * SECOND, SECOND, 2, 1);
	add_at(&h, 110 * SECOND, SECOND, 1, 8);
	history_read(&h, 1, HISTORY_USUAL, values, HISTORY_SECONDS);
	assert_true(values[HISTORY_SECONDS - 1] == 8);
	assert_true(isnan(values[HISTORY_SECONDS - 5]));
	assert_true(values[HISTORY_SECONDS - 11] == 7);
	history_fini(&h);
}

static void test_old_rows_are_dropped(void **state)
{
	struct history h;
	uint64_t i;

	(void)state;
	history_init(&h);
	for (i = 0; i < 1000; i++)
		add_at(&h, (1000 + i) * SECOND, SECOND, i, 1);
	assert_true(h.rows.count <= HISTORY_SECONDS + 1);
	history_fini(&h);
}

/* Any order of keys, other ones each time. */
static void test_unordered_keys(void **state)
{
	float values[NR_HISTORY_SERIES] = { 0, 0 };
	struct history h;
	uint64_t i, round;

	(void)state;
	history_init(&h);
	for (round = 1; round <= 3; round++) {
		history_begin(&h, (1000 + round) * SECOND, SECOND);
		for (i = 0; i < 997; i++) {
			values[0] = (float)(i * round);
			assert_int_equal(history_add(&h, i * 7919 % 997 + round,
						     values),
					 0);
		}
		history_end(&h);
	}
	assert_int_equal(h.rows.count, 999);
	for (i = 0; i < 997; i++)
		assert_newest(&h, i * 7919 % 997 + 3, (float)(i * 3));
	history_fini(&h);
}

static void test_peak_stays_visible(void **state)
{
	float values[10];
	struct history h;
	uint64_t i;

	(void)state;
	history_init(&h);
	for (i = 0; i < 60; i++)
		add_at(&h, (1000 + i) * SECOND, SECOND, 1, i == 31 ? 9 : 1);
	assert_true(history_read(&h, 1, HISTORY_USUAL, values, 10) == 9);
	assert_true(values[5] == 9);
	assert_true(values[4] == 1 && values[6] == 1);
	history_fini(&h);
}

static void test_forget_and_copy(void **state)
{
	float values[HISTORY_SECONDS];
	struct history h, held;

	(void)state;
	history_init(&h);
	history_init(&held);
	add_at(&h, 100 * SECOND, SECOND, 1, 4);
	assert_int_equal(history_copy(&held, &h), 0);
	history_forget(&h, HISTORY_SORT);
	assert_true(history_read(&h, 1, HISTORY_SORT, values, 60) == 0);
	assert_true(history_read(&h, 1, HISTORY_USUAL, values, 60) == 4);
	assert_true(history_read(&held, 1, HISTORY_SORT, values, 60) == 8);
	history_fini(&held);
	history_fini(&h);
}

static void test_missing_is_not_zero(void **state)
{
	float values[HISTORY_SECONDS];
	struct history h;

	(void)state;
	history_init(&h);
	add_at(&h, 100 * SECOND, SECOND, 1, 0);
	add_at(&h, 101 * SECOND, SECOND, 1, NAN);
	assert_true(history_read(&h, 1, HISTORY_USUAL, values, 60) == 0);
	assert_true(values[58] == 0);
	assert_true(isnan(values[59]));
	history_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_second_each),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_short_intervals_are_averaged),
		cmocka_unit_test(test_long_interval_fills),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_old_rows_are_dropped),
		cmocka_unit_test(test_unordered_keys),
		cmocka_unit_test(test_peak_stays_visible),
		cmocka_unit_test(test_forget_and_copy),
		cmocka_unit_test(test_missing_is_not_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
