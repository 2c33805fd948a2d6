// SPDX-License-Identifier: GPL-2.0-or-later
/* Moments of a series, in one pass. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/moments.h"

static void test_moments(void **state)
{
	struct moments m = { 0 };
	int i;

	(void)state;
	assert_true(isnan(moments_mean(&m)));
	for (i = 1; i <= 5; i++)
		moments_add(&m, 1e9 + i);
	assert_true(fabs(moments_mean(&m) - (1e9 + 3)) < 1e-6);
	assert_true(fabs(moments_variance(&m) - 2.5) < 1e-6);
}

/* Many at once are as many one by one. */
static void test_zeros(void **state)
{
	struct moments at_once, one_by_one;
	unsigned int before, zeros, i;

	(void)state;
	for (before = 0; before < 5; before++)
		for (zeros = 0; zeros < 200; zeros++) {
			memset(&at_once, 0, sizeof(at_once));
			memset(&one_by_one, 0, sizeof(one_by_one));
			for (i = 0; i < before; i++) {
				moments_add(&at_once, 3 + i);
				moments_add(&one_by_one, 3 + i);
			}
			moments_add_zeros(&at_once, zeros);
			for (i = 0; i < zeros; i++)
				moments_add(&one_by_one, 0);
			moments_add(&at_once, 7);
			moments_add(&one_by_one, 7);
			assert_memory_equal(&at_once, &one_by_one,
					    sizeof(at_once));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_zeros),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
