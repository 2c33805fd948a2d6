// SPDX-License-Identifier: GPL-2.0-or-later
/* How often a reading is tried again, by a clock that the test sets, and until when. */
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
	assert_int_equal(tries_made(5, 9 * MS), 5);
	assert_int_equal(tries_made(1, 0), 1);
	/* Nobody asks for it: what was read once is what there is. */
	assert_int_equal(tries_made(0, 0), 1);
}

/* Fifty tries of 300 ms would take fifteen seconds: two it is. */
static void test_slow(void **state)
{
	(void)state;
	assert_int_equal(tries_made(50, 300 * MS), 7);
	/* Once a second there is a twentieth of one for it, and the one begun. */
	assert_int_equal(tries_made(5, 20 * MS), 3);
	assert_int_equal(tries_made(5, 60 * MS), 1);
}

/* --- one instant -------------------------------------------------------------- */

#define NIC 40
#define TIMER 11

static void add_line(struct snapshot *s, uint64_t irq, uint64_t cpu,
		     uint64_t count)
{
	struct line_row *row = table_add(&s->lines);

	assert_non_null(row);
	row->irq = irq;
	row->cpu = cpu;
	row->count = count;
}

/* Two CPUs, each with a timer; the NIC's action ran so often, by both. */
static void machine(struct snapshot *s, uint64_t timer, uint64_t line,
		    uint64_t traced)
{
	struct irq_row *irq;
	struct cpu_row *cpu;

	snapshot_init(s);
	cpu = table_add(&s->cpus);
	irq = table_add(&s->irqs);
	assert_true(cpu && irq);
	cpu->softirqs[NAPI_VEC_NET_RX] = traced;
	cpu->softirqs_kernel[NAPI_VEC_NET_RX] = line;
	irq->irq = NIC;
	irq->count = traced;
	add_line(s, TIMER, 0, timer);
	add_line(s, TIMER, 1, timer);
	add_line(s, NIC, 0, line);
}

static bool agrees(struct snapshot *a, struct snapshot *b)
{
	bool yes = settle_agrees(a, b);

	snapshot_fini(a);
	snapshot_fini(b);
	return yes;
}

static void test_what_stands_still(void **state)
{
	struct snapshot a, b;

	(void)state;
	machine(&a, 100, 7, 7);
	machine(&b, 100, 7, 7);
	assert_true(agrees(&a, &b));
	machine(&a, 100, 7, 7);
	machine(&b, 100, 8, 7);
	assert_false(agrees(&a, &b));
	machine(&a, 100, 7, 7);
	machine(&b, 100, 7, 8);
	assert_false(agrees(&a, &b));
}

/* No program counts it. */
static void test_a_timer_with_a_number(void **state)
{
	struct snapshot a, b;

	(void)state;
	machine(&a, 100, 7, 7);
	machine(&b, 101, 7, 7);
	assert_true(agrees(&a, &b));
	/* On a CPU where it had not come before */
	machine(&a, 100, 7, 7);
	machine(&b, 101, 7, 7);
	add_line(&a, NIC + 1, 0, 1);
	add_line(&b, NIC + 1, 0, 1);
	add_line(&b, NIC + 1, 1, 1);
	assert_true(agrees(&a, &b));
}

/* The same of one that is traced is an interrupt that only one side knows. */
static void test_a_line_that_comes(void **state)
{
	struct snapshot a, b;

	(void)state;
	machine(&a, 100, 7, 7);
	machine(&b, 100, 7, 7);
	add_line(&b, NIC, 1, 1);
	assert_false(agrees(&a, &b));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quick),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_what_stands_still),
		cmocka_unit_test(test_a_timer_with_a_number),
		cmocka_unit_test(test_a_line_that_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
