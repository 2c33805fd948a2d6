// SPDX-License-Identifier: GPL-2.0-or-later
/* Taking a kept window: which half, how much of it, and what is torn. */
#include "collect/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define CPUS 3
#define SIZE 8

struct fake {
	struct loader l;
	struct trace_cpu cpus[CPUS];
	struct trace_event events[CPUS * 2 * SIZE];
	uint32_t copied[2 * CPUS];
	struct window w;
};

static void fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->l.sizes.cpus = CPUS;
	f->l.trace.window = SIZE;
	f->l.trace_cpus = f->cpus;
	f->l.trace_window = f->events;
	f->w.events.row_size = sizeof(struct trace_event);
}

/* As the programs do: n events more, whose time is their index. */
static void fake_write(struct fake *f, unsigned int cpu, unsigned int n)
{
	struct trace_cpu *t = &f->cpus[cpu];
	struct trace_event *e;
	uint32_t at;

	while (n--) {
		at = t->head[t->half]++;
		e = &f->events[(2 * cpu + t->half) * SIZE + at % SIZE];
		e->index = at + 1;
		e->seq = at + 1;
		e->ts = at + 1;
	}
}

static void fake_keep(struct fake *f, unsigned int cpu, uint32_t why)
{
	f->cpus[cpu].frozen = why | (f->cpus[cpu].half ? TRACE_FROZEN_HALF : 0);
	f->cpus[cpu].half ^= 1;
}

static void check_events(const struct fake *f, uint64_t first, size_t count)
{
	const struct trace_event *e;

	assert_int_equal(f->w.events.count, count);
	table_for_each (&f->w.events, e)
		assert_int_equal(e->ts, first++);
}

static int take(struct fake *f, unsigned int *cpu)
{
	return window_take(&f->l, f->copied, cpu, &f->w);
}

static void test_nothing(void **state)
{
	struct fake f;
	unsigned int cpu = 0;

	(void)state;
	fake_init(&f);
	fake_write(&f, 1, 5);
	assert_int_equal(take(&f, &cpu), 0);
	table_fini(&f.w.events);
}

static void test_few_and_many(void **state)
{
	struct fake f;
	unsigned int cpu = 0;

	(void)state;
	fake_init(&f);
	fake_write(&f, 0, 3);
	fake_keep(&f, 0, TRACE_WHY_SQUEEZE);
	fake_write(&f, 2, 21);
	fake_keep(&f, 2, TRACE_WHY_POLL);
	assert_int_equal(take(&f, &cpu), 1);
	assert_int_equal(f.w.cpu, 0);
	assert_int_equal(f.w.why, TRACE_WHY_SQUEEZE);
	assert_int_equal(f.cpus[0].frozen, 0);
	check_events(&f, 1, 3);
	assert_int_equal(take(&f, &cpu), 1);
	assert_int_equal(f.w.cpu, 2);
	check_events(&f, 14, SIZE);
	assert_int_equal(f.w.torn, 0);
	assert_int_equal(take(&f, &cpu), 0);
	table_fini(&f.w.events);
}

/* Each half comes with what is new in it since it was taken before. */
static void test_halves_in_turn(void **state)
{
	struct fake f;
	unsigned int cpu, round;

	(void)state;
	fake_init(&f);
	for (round = 0; round < 6; round++) {
		fake_write(&f, 1, 2);
		fake_keep(&f, 1, TRACE_WHY_SQUEEZE);
		cpu = 0;
		assert_int_equal(take(&f, &cpu), 1);
		check_events(&f, round / 2 * 2 + 1, 2);
	}
	fake_keep(&f, 1, TRACE_WHY_SQUEEZE);
	cpu = 0;
	assert_int_equal(take(&f, &cpu), 1);
	check_events(&f, 0, 0);
	table_fini(&f.w.events);
}

static void test_torn(void **state)
{
	struct fake f;
	unsigned int cpu = 0;

	(void)state;
	fake_init(&f);
	fake_write(&f, 0, 12);
	/* being written, and one of the round before that was never written */
	f.events[11 % SIZE].seq = 0;
	f.events[10 % SIZE].index = f.events[10 % SIZE].seq = 3;
	fake_keep(&f, 0, TRACE_WHY_SQUEEZE);
	assert_int_equal(take(&f, &cpu), 1);
	assert_int_equal(f.w.torn, 2);
	check_events(&f, 5, SIZE - 2);
	table_fini(&f.w.events);
}

/* Indexes have 32 bits, and a busy CPU uses them up within hours. */
static void test_wrap(void **state)
{
	struct fake f;
	unsigned int cpu = 0;

	(void)state;
	fake_init(&f);
	f.cpus[0].head[0] = UINT32_MAX - 3;
	f.copied[0] = UINT32_MAX - 3;
	fake_write(&f, 0, 6);
	fake_keep(&f, 0, TRACE_WHY_SQUEEZE);
	assert_int_equal(take(&f, &cpu), 1);
	assert_int_equal(f.w.events.count + f.w.torn, 6);
	assert_int_equal(f.w.torn, 0);
	table_fini(&f.w.events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_few_and_many),
		cmocka_unit_test(test_halves_in_turn),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
