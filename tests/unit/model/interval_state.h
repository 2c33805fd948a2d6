/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two snapshots, and the interval between them. */
#ifndef TESTS_UNIT_MODEL_INTERVAL_STATE_H
#define TESTS_UNIT_MODEL_INTERVAL_STATE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/interval.h"

struct fixture {
	struct snapshot a;
	struct snapshot b;
	struct interval iv;
};

static int setup(void **state)
{
	static struct fixture f;

	snapshot_init(&f.a);
	snapshot_init(&f.b);
	interval_init(&f.iv);
	f.a.mono_ns = 1000;
	f.b.mono_ns = 1000000001000;
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	snapshot_fini(&f->a);
	snapshot_fini(&f->b);
	interval_fini(&f->iv);
	return 0;
}

static struct cpu_row *add_cpu(struct snapshot *s, uint64_t cpu)
{
	struct cpu_row *row = table_add(&s->cpus);

	row->cpu = cpu;
	return row;
}

static struct line_row *add_line(struct snapshot *s, uint64_t irq, uint64_t cpu,
				 uint64_t count)
{
	struct line_row *line = table_add(&s->lines);

	line->irq = irq;
	line->cpu = cpu;
	line->count = count;
	return line;
}

static void make(struct fixture *f)
{
	snapshot_sort(&f->a);
	snapshot_sort(&f->b);
	assert_int_equal(interval_make(&f->iv, &f->a, &f->b), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* TESTS_UNIT_MODEL_INTERVAL_STATE_H */
