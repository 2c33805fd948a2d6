// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparison of runs: noise stays noise, and changes are found. */
#include "compared.h"

#define RUNS 2000

static uint64_t random_state = 1;

/* Uniform in [0, 1): the same numbers everywhere. */
static double uniform(void)
{
	random_state =
		random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

/* About normal, with mean 0 and deviation 1. */
static double normal(void)
{
	double sum = 0;
	int i;

	for (i = 0; i < 12; i++)
		sum += uniform();
	return sum - 6;
}

/* Values that change slowly tell less than as many that do not. */
static void test_effective(void **state)
{
	struct moments slow = { 0 }, fast = { 0 };
	double value = 0;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		value = 0.8 * value + normal();
		moments_add(&slow, value);
		moments_add(&fast, normal());
	}
	/* (1 - r) / (1 + r) of 1000 with r = 0.8 is 111. */
	assert_true(moments_effective(&slow) > 80);
	assert_true(moments_effective(&slow) < 150);
	assert_true(moments_effective(&fast) > 850);
}

static void test_change(void **state)
{
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 50 + (uint64_t)(5 * normal()), 1000);
		add_interval(&c, SIDE_B, 0, 2000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_BETTER);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_MORE);
	assert_true(compare_ratio(cell(&c, "1", "work")) == 2);
	/* never had */
	assert_int_equal(cell(&c, "1", "squeeze_budget")->word, COMPARE_NONE);
	compare_fini(&c);
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 0, 2000);
		add_interval(&c, SIDE_B, 50, 1000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_WORSE);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_LESS);
	assert_true(isnan(compare_ratio(cell(&c, "1", "squeeze_time"))));
	compare_fini(&c);
}

static void test_too_few(void **state)
{
	struct compare c;

	(void)state;
	compare_init(&c);
	add_interval(&c, SIDE_A, 50, 1000);
	add_interval(&c, SIDE_B, 0, 1000);
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_UNSURE);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_SAME);
	compare_fini(&c);
}

/* How many of RUNS comparisons of the same noise, slow or not, find a change. */
static int false_alarms(double slowness, int intervals)
{
	int run, i, alarms = 0;
	struct compare c;
	double value[2];

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		value[0] = value[1] = 0;
		for (i = 0; i < 2 * intervals; i++) {
			value[i & 1] = slowness * value[i & 1] + normal();
			add_interval(&c, i & 1, 0,
				     (uint64_t)(1000 + 100 * value[i & 1]));
		}
		assert_int_equal(compare_judge(&c), 0);
		alarms += cell(&c, "1", "work")->word != COMPARE_SAME;
		compare_fini(&c);
	}
	return alarms;
}

/* Events that are rare: the same mean on both sides. */
static uint64_t rare(double mean)
{
	double left = exp(-mean), product = uniform();
	uint64_t n = 0;

	for (; product > left; n++)
		product *= uniform();
	return n;
}

static bool is_change(enum compare_word word)
{
	return word != COMPARE_SAME && word != COMPARE_UNSURE &&
	       word != COMPARE_NONE;
}

static int false_rare_alarms(double mean, int intervals)
{
	int run, i, alarms = 0;
	struct compare c;

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		for (i = 0; i < 2 * intervals; i++)
			add_interval(&c, i & 1, rare(mean), 1000);
		assert_int_equal(compare_judge(&c), 0);
		alarms += is_change(cell(&c, "1", "squeeze_time")->word);
		compare_fini(&c);
	}
	return alarms;
}

/* Drops and squeezes that come now and then, in recordings that are short. */
static void test_what_is_rare_is_no_change(void **state)
{
	static const int intervals[] = { 3, 4, 5, 8, 20 };
	static const double means[] = { 0.2, 0.5, 1, 3 };
	size_t i, k;
	int alarms;

	(void)state;
	for (i = 0; i < sizeof(intervals) / sizeof(*intervals); i++)
		for (k = 0; k < sizeof(means) / sizeof(*means); k++) {
			alarms = false_rare_alarms(means[k], intervals[i]);
			if (alarms > RUNS / 500)
				fail_msg("%d of %d at %.1f in %d intervals",
					 alarms, RUNS, means[k], intervals[i]);
		}
}

/* One in a thousand where values are independent; few where they are not. */
static void test_noise_is_no_change(void **state)
{
	(void)state;
	assert_true(false_alarms(0, 5) <= RUNS / 500);
	assert_true(false_alarms(0, 30) <= RUNS / 500);
	assert_true(false_alarms(0.5, 10) <= RUNS / 100);
	assert_true(false_alarms(0.5, 30) <= RUNS / 200);
	assert_true(false_alarms(0.7, 30) <= RUNS / 100);
}

/* Noise, and an interval in eight that stood still. */
static uint64_t stalled(uint64_t mean)
{
	return uniform() < 0.125 ?
		       0 :
		       (uint64_t)((double)mean * (1 + 0.1 * normal()));
}

/* How many of RUNS comparisons find a change. */
static int stalled_changes(uint64_t before, uint64_t after, int intervals)
{
	int run, i, found = 0;
	struct compare c;

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		for (i = 0; i < 2 * intervals; i++)
			add_interval(&c, i & 1, 0,
				     stalled(i & 1 ? after : before));
		assert_int_equal(compare_judge(&c), 0);
		found += cell(&c, "1", "work")->word != COMPARE_SAME;
		compare_fini(&c);
	}
	return found;
}

/* Single intervals that are far off neither hide a change nor make one. */
static void test_outliers(void **state)
{
	int found;

	(void)state;
	found = stalled_changes(1000, 700, 20);
	/* By Welch's t alone it is one in ten. */
	if (found < RUNS * 2 / 3)
		fail_msg("%d of %d are found", found, RUNS);
	assert_true(stalled_changes(1000, 1000, 8) <= RUNS / 500);
	assert_true(stalled_changes(1000, 1000, 20) <= RUNS / 500);
	assert_true(stalled_changes(1000, 1000, 100) <= RUNS / 500);
}

/* A change of a third, in noise of a tenth, is found in 20 intervals of each. */
static void test_change_in_noise(void **state)
{
	int run, i, found = 0;
	struct compare c;

	(void)state;
	for (run = 0; run < 100; run++) {
		compare_init(&c);
		for (i = 0; i < 40; i++)
			add_interval(&c, i & 1, 0,
				     (uint64_t)((i & 1 ? 1333 : 1000) *
						(1 + 0.1 * normal())));
		assert_int_equal(compare_judge(&c), 0);
		found += cell(&c, "1", "work")->word == COMPARE_MORE;
		compare_fini(&c);
	}
	assert_true(found >= 90);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effective),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_noise_is_no_change),
		cmocka_unit_test(test_change_in_noise),
		cmocka_unit_test(test_outliers),
		cmocka_unit_test(test_what_is_rare_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
