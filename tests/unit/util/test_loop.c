// SPDX-License-Identifier: GPL-2.0-or-later
/* Timers of the event loop: each who wants one has its own. */
#include "util/loop.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MS 1000000ULL

struct ticker {
	unsigned int ticks;
	unsigned int most; /* then the loop ends */
};

static int tick(void *arg, uint64_t count)
{
	struct ticker *t = arg;

	t->ticks += (unsigned int)count;
	return t->ticks < t->most ? LOOP_CONTINUE : 0;
}

static int tick_other(void *arg, uint64_t count)
{
	struct ticker *t = arg;

	(void)count;
	t->ticks += 1000;
	return 0;
}

static void test_each_has_its_own(void **state)
{
	struct ticker slow = { .most = 5 }, fast = { .most = UINT_MAX };
	struct loop *loop;

	(void)state;
	assert_int_equal(loop_open(&loop), 0);
	assert_int_equal(loop_set_timer(loop, 10 * MS, tick, &slow), 0);
	assert_int_equal(loop_set_timer(loop, MS, tick, &fast), 0);
	assert_int_equal(loop_run(loop), 0);
	assert_true(slow.ticks >= 5);
	assert_true(fast.ticks > slow.ticks);
	loop_close(loop);
}

static void test_one_that_is_stopped(void **state)
{
	struct ticker stopped = { .most = 1 }, other = { .most = 3 };
	struct loop *loop;

	(void)state;
	assert_int_equal(loop_open(&loop), 0);
	assert_int_equal(loop_set_timer(loop, MS, tick, &stopped), 0);
	assert_int_equal(loop_set_timer(loop, 5 * MS, tick, &other), 0);
	assert_int_equal(loop_set_timer(loop, 0, tick, &stopped), 0);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(stopped.ticks, 0);
	assert_true(other.ticks >= 3);
	loop_close(loop);
}

static void test_another_handler(void **state)
{
	struct ticker t = { .most = 1 };
	struct loop *loop;

	(void)state;
	assert_int_equal(loop_open(&loop), 0);
	assert_int_equal(loop_set_timer(loop, MS, tick, &t), 0);
	assert_int_equal(loop_set_timer(loop, MS, tick_other, &t), 0);
	assert_int_equal(loop_run(loop), 0);
	assert_int_equal(t.ticks, 1000);
	loop_close(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_has_its_own),
		cmocka_unit_test(test_one_that_is_stopped),
		cmocka_unit_test(test_another_handler),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
