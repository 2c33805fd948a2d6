// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers and CPU lists: what is taken, what is not, and the limits. */
#include "util/num.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define UNTOUCHED 4711

static int parse(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	*out = UNTOUCHED;
	return num_parse_u64(text, min, max, out);
}

static void test_u64(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(parse("0", 0, UINT64_MAX, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(parse("007", 0, UINT64_MAX, &value), 0);
	assert_int_equal(value, 7);
	assert_int_equal(parse("18446744073709551615", 0, UINT64_MAX, &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(parse("5", 5, 5, &value), 0);
	assert_int_equal(value, 5);
}

static void test_u64_range(void **state)
{
	uint64_t value;

	(void)state;
	assert_int_equal(parse("4", 5, 9, &value), -ERANGE);
	assert_int_equal(value, UNTOUCHED);
	assert_int_equal(parse("10", 5, 9, &value), -ERANGE);
	assert_int_equal(parse("18446744073709551616", 0, UINT64_MAX, &value),
			 -ERANGE);
	assert_int_equal(parse("99999999999999999999999", 0, UINT64_MAX, &value),
			 -ERANGE);
	assert_int_equal(value, UNTOUCHED);
}

static void test_u64_invalid(void **state)
{
	static const char *const texts[] = {
		"",    " ",    " 1",  "1 ",  "-1",
		"+1",  "0x10", "1e3", "1.0", "five",
		"1\n", "5x",   "--1", "1,2", "99999999999999999999x",
	};
	uint64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (parse(texts[i], 0, UINT64_MAX, &value) != -EINVAL)
			fail_msg("taken: \"%s\"", texts[i]);
		assert_int_equal(value, UNTOUCHED);
	}
}

static int seconds(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	*out = UNTOUCHED;
	return num_parse_seconds(text, min, max, out);
}

static void test_seconds(void **state)
{
	uint64_t ns;

	(void)state;
	assert_int_equal(seconds("1", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 1000000000);
	assert_int_equal(seconds("0.1", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 100000000);
	assert_int_equal(seconds(".5", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 500000000);
	assert_int_equal(seconds("2.050", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 2050000000);
	assert_int_equal(seconds("0.000000001", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 1);
	assert_int_equal(seconds("3.123456789", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 3123456789);
	assert_int_equal(seconds("0", 0, 0, &ns), 0);
	assert_int_equal(ns, 0);
	assert_int_equal(seconds("1.5", 1500000000, 1500000000, &ns), 0);
}

static void test_seconds_range(void **state)
{
	uint64_t ns;

	(void)state;
	assert_int_equal(seconds("0.09", 100000000, UINT64_MAX, &ns), -ERANGE);
	assert_int_equal(ns, UNTOUCHED);
	assert_int_equal(seconds("1.5", 0, 1499999999, &ns), -ERANGE);
	assert_int_equal(ns, UNTOUCHED);
	assert_int_equal(seconds("2", 0, 1999999999, &ns), -ERANGE);
	/* the last that fits, and what would wrap to a small one */
	assert_int_equal(seconds("18446744073.709551615", 0, UINT64_MAX, &ns), 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(seconds("18446744073.709551616", 0, UINT64_MAX, &ns),
			 -ERANGE);
	assert_int_equal(seconds("18446744074", 0, UINT64_MAX, &ns), -ERANGE);
	assert_int_equal(seconds("99999999999999999999", 0, UINT64_MAX, &ns),
			 -ERANGE);
}

static void test_seconds_invalid(void **state)
{
	static const char *const texts[] = {
		"",    ".",   "1.",    "1.x",  "1.5x",	       "1s",
		" 1",  "-1",  "1,5",   "1..5", "1.5.5",	       "1e1",
		"nan", "inf", "0x1p3", "1.-5", "1.1234567890",
	};
	uint64_t ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (seconds(texts[i], 0, UINT64_MAX, &ns) != -EINVAL)
			fail_msg("taken: \"%s\"", texts[i]);
		assert_int_equal(ns, UNTOUCHED);
	}
}

static int time_of(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	*out = UNTOUCHED;
	return num_parse_time(text, min, max, out);
}

static void test_time(void **state)
{
	uint64_t ns;

	(void)state;
	assert_int_equal(time_of("7ns", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 7);
	assert_int_equal(time_of("250us", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 250000);
	assert_int_equal(time_of("1.5ms", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 1500000);
	assert_int_equal(time_of("0.001us", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 1);
	assert_int_equal(time_of("2.000000001s", 0, UINT64_MAX, &ns), 0);
	assert_int_equal(ns, 2000000001);
	assert_int_equal(time_of("18446744073709551615ns", 0, UINT64_MAX, &ns),
			 0);
	assert_true(ns == UINT64_MAX);
	assert_int_equal(time_of("18446744073709551616ns", 0, UINT64_MAX, &ns),
			 -ERANGE);
	assert_int_equal(time_of("18446744074s", 0, UINT64_MAX, &ns), -ERANGE);
	assert_int_equal(time_of("4us", 4001, UINT64_MAX, &ns), -ERANGE);
	assert_int_equal(time_of("4us", 0, 3999, &ns), -ERANGE);
	assert_int_equal(ns, UNTOUCHED);
}

static void test_time_invalid(void **state)
{
	static const char *const texts[] = {
		"",	 "5",	  "us",	    "5 us",	" 5us",
		"-5us",	 "5usx",  "5m",	    "1h",	".5ms",
		"5.ms",	 "1.5ns", "1..5ms", "1.2.3ms",	"1,5ms",
		"0x5us", "1e3us", "5US",    "1.0001us", ".ms",
	};
	uint64_t ns;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (time_of(texts[i], 0, UINT64_MAX, &ns) != -EINVAL)
			fail_msg("taken: \"%s\"", texts[i]);
		assert_int_equal(ns, UNTOUCHED);
	}
}

static void check_set(const char *list, unsigned int count, unsigned int end)
{
	struct cpuset set;

	assert_int_equal(cpuset_parse(list, &set), 0);
	assert_int_equal(cpuset_count(&set), count);
	assert_int_equal(cpuset_end(&set), end);
	cpuset_fini(&set);
	assert_null(set.words);
	assert_int_equal(cpuset_end(&set), 0);
}

static void test_cpuset(void **state)
{
	(void)state;
	check_set("", 0, 0);
	check_set("\n", 0, 0);
	check_set("0", 1, 1);
	check_set("0-3,8", 5, 9);
	check_set("0-3,8\n", 5, 9);
	check_set("8,0-3", 5, 9);
	check_set("2,2,1-3", 3, 4);
	check_set("63", 1, 64);
	check_set("64", 1, 65);
	check_set("63-64", 2, 65);
	check_set("5-5", 1, 6);
	check_set("0-65535", 65536, 65536);
}

static void test_cpuset_has(void **state)
{
	struct cpuset empty = { 0 }, set;

	(void)state;
	assert_int_equal(cpuset_parse("1,63-64,130", &set), 0);
	assert_false(cpuset_has(&set, 0));
	assert_true(cpuset_has(&set, 1));
	assert_false(cpuset_has(&set, 62));
	assert_true(cpuset_has(&set, 63));
	assert_true(cpuset_has(&set, 64));
	assert_false(cpuset_has(&set, 65));
	assert_true(cpuset_has(&set, 130));
	assert_false(cpuset_has(&set, 191));
	assert_false(cpuset_has(&set, 192));
	assert_false(cpuset_has(&set, 4294967295U));
	cpuset_fini(&set);
	assert_false(cpuset_has(&empty, 0));
	assert_int_equal(cpuset_count(&empty), 0);
	cpuset_fini(&empty);
}

static void test_cpuset_invalid(void **state)
{
	static const char *const lists[] = {
		",",	      "0,",
		",0",	      "0,,1",
		"0,\n",	      "-",
		"0-",	      "-1",
		"3-1",	      "1-2-3",
		"0 1",	      " 0",
		"0 ",	      "a",
		"0-b",	      "0x1",
		"0\n1",	      "\n0",
		"65536",      "0-65536",
		"4294967296", "99999999999999999999",
		"0-31:1/2",   "(null)",
	};
	struct cpuset set;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (cpuset_parse(lists[i], &set) != -EINVAL)
			fail_msg("taken: \"%s\"", lists[i]);
		assert_null(set.words);
		assert_int_equal(set.nr_words, 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_u64_range),
		cmocka_unit_test(test_u64_invalid),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_seconds_range),
		cmocka_unit_test(test_seconds_invalid),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_time_invalid),
		cmocka_unit_test(test_cpuset),
		cmocka_unit_test(test_cpuset_has),
		cmocka_unit_test(test_cpuset_invalid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
