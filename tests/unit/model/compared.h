/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Intervals for a comparison, and what came of them. */
#ifndef TESTS_UNIT_MODEL_COMPARED_H
#define TESTS_UNIT_MODEL_COMPARED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/compare.h"

#define SECOND 1000000000ULL

/* An interval with one CPU that squeezed and did NET_RX runs. */
static void add_interval_of(struct compare *c, enum compare_side side,
			    uint64_t ns, uint64_t squeezes, uint64_t work)
{
	struct interval iv;
	struct cpu_row *cpu;

	interval_init(&iv);
	iv.ns = ns;
	cpu = table_add(&iv.cpus);
	rows_missing(SCOPE_CPU, cpu);
	cpu->cpu = 1;
	cpu->squeeze_time = squeezes;
	cpu->work = work;
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

static void add_interval(struct compare *c, enum compare_side side,
			 uint64_t squeezes, uint64_t work)
{
	add_interval_of(c, side, SECOND, squeezes, work);
}

static const struct compare_cell *cell(const struct compare *c,
				       const char *row_name, const char *field)
{
	const struct compare_cell *cell;
	const struct compare_row *row;

	table_for_each (&c->rows, row)
		if (!strcmp(row->name, row_name))
			table_for_each (&row->cells, cell)
				if (!strcmp(cell->field->name, field))
					return cell;
	fail();
	return NULL;
}

#endif /* TESTS_UNIT_MODEL_COMPARED_H */
