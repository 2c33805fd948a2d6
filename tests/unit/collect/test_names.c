// SPDX-License-Identifier: GPL-2.0-or-later
/* Which irq is a NAPI's, by the votes of its pairs. */
#include "collect/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "collect/maps.h"
#include "model/field.h"

static struct napi_row pair(uint64_t irq, uint64_t votes, uint64_t sessions)
{
	return (struct napi_row){ .irq = irq,
				  .irq_votes = votes,
				  .sessions = sessions };
}

static void elects(const struct napi_row *rows, size_t n, uint64_t irq)
{
	bool exact;

	assert_int_equal(names_elect(rows, rows + n, &exact), irq);
	assert_false(exact);
}

static void test_votes_of_all_cpus_are_summed(void **state)
{
	const struct napi_row served_by_four[] = { pair(24, 90, 100),
						   pair(24, 80, 100),
						   pair(24, 85, 100),
						   pair(24, 95, 100) };
	const struct napi_row one_strays[] = { pair(24, 90, 100), pair(31, 9, 10),
					       pair(24, 60, 100) };

	(void)state;
	elects(served_by_four, 4, 24);
	elects(one_strays, 3, 24);
}

static void test_what_explains_less_than_half_is_no_link(void **state)
{
	const struct napi_row few[] = { pair(24, 2, 2) };
	const struct napi_row noise[] = { pair(24, 40, 100), pair(25, 45, 100) };
	const struct napi_row none[] = { pair(MISSING, 0, 100) };

	(void)state;
	elects(few, 1, MISSING);
	elects(noise, 2, MISSING);
	elects(none, 1, MISSING);
}

/* Votes end at some number, sessions do not. */
static void test_days_later_it_is_still_the_same(void **state)
{
	const struct napi_row row[] = { pair(24, NAPI_VOTES_MOST, 1ULL << 34) };

	(void)state;
	elects(row, 1, 24);
}

static void test_what_was_seen_needs_no_votes(void **state)
{
	const struct napi_row rows[] = { pair(31, 900, 1000),
					 pair(24, MAPS_VOTES_EXACT, 5) };
	bool exact;

	(void)state;
	assert_int_equal(names_elect(rows, rows + 2, &exact), 24);
	assert_true(exact);
}

/* A handler of another device may poll it once (netpoll), on a CPU that comes first. */
static void test_what_was_seen_most_often_is_it(void **state)
{
	struct napi_row rows[] = { pair(31, MAPS_VOTES_EXACT, 1),
				   pair(24, MAPS_VOTES_EXACT, 5) };
	bool exact;

	(void)state;
	rows[0].schedules = 1;
	rows[1].schedules = 5000000;
	assert_int_equal(names_elect(rows, rows + 2, &exact), 24);
	assert_true(exact);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_votes_of_all_cpus_are_summed),
		cmocka_unit_test(test_what_explains_less_than_half_is_no_link),
		cmocka_unit_test(test_days_later_it_is_still_the_same),
		cmocka_unit_test(test_what_was_seen_needs_no_votes),
		cmocka_unit_test(test_what_was_seen_most_often_is_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
