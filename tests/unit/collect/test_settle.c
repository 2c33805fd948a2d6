// SPDX-License-Identifier: GPL-2.0-or-later
/* How often a reading is tried again, by a clock that the test sets. */
#include "collect/settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define START 1000000000ULL
#define MS 1000000ULL

/* Tries that are made when each takes so long and none settles. */
static unsigned int tries_made(unsigned int tries, uint64_t each_ns)
{
	uint64_t now = START;
	unsigned int made = 0;
	struct settle s;

	settle_begin(&s, tries, now);
	do {
		made++;
		now += each_ns;
	} while (settle_again(&s, now));
	return made;
}

static void test_quick(void **state)
{
	(void)state;
	assert_int_equal(tries_made(50, 2 * MS), 50);
	assert_int_equal(tries_made(5, 39 * MS), 5);
	assert_int_equal(tries_made(1, 0), 1);
	/* Nobody asks for it: what was read once is what there is. */
	assert_int_equal(tries_made(0, 0), 1);
}

/* Fifty tries of 300 ms would take fifteen seconds: two it is. */
static void test_slow(void **state)
{
	(void)state;
	assert_int_equal(tries_made(50, 300 * MS), 7);
	/* Once a second there is a fifth of one for it, and the one begun. */
	assert_int_equal(tries_made(5, 100 * MS), 2);
	assert_int_equal(tries_made(5, 300 * MS), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quick),
		cmocka_unit_test(test_slow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
