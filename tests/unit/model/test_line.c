// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel counted of interrupts, and when nobody knows. */
#include "interval_state.h"

static void test_irqs_take_count_and_flow_of_their_line(void **state)
{
	struct fixture *f = *state;
	const struct irq_row *irq;
	struct irq_row *row;
	struct line_row *line;
	unsigned int action;

	add_cpu(&f->a, 0);
	add_cpu(&f->a, 1);
	for (action = 1; action <= 2; action++) {
		row = table_add(&f->b.irqs);
		row->irq = 11;
		row->id = action;
		row->cpu = 1;
		row->count = 5;
	}
	line = table_add(&f->a.lines);
	line->irq = 11;
	line->count = 40;
	line = table_add(&f->b.lines);
	line->irq = 11;
	line->count = 42;
	strcpy(line->flow, "fasteoi");
	line = table_add(&f->b.lines);
	line->irq = 11;
	line->cpu = 1;
	line->count = 3;
	strcpy(line->flow, "fasteoi");
	make(f);
	assert_int_equal(f->iv.irqs.count, 2);
	irq = table_at(&f->iv.irqs, 1);
	assert_int_equal(irq->count, 5);
	assert_int_equal(irq->count_kernel, 5);
	assert_string_equal(irq->flow, "fasteoi");
}

/* Its handler did not run, that of the same irq did: the irq is the other's. */
static void test_a_freed_action_has_no_share_of_the_line(void **state)
{
	struct fixture *f = *state;
	struct irq_row *row;
	struct line_row *line;
	uint64_t action;

	add_cpu(&f->a, 0);
	for (action = 1; action <= 4; action++) {
		row = table_add(&f->b.irqs);
		row->irq = action < 3 ? 11 : 8 + action;
		row->id = action;
		row->count = action == 2 ? 7 : 0;
	}
	line = table_add(&f->a.lines);
	line->irq = 11;
	line = table_add(&f->b.lines);
	line->irq = 11;
	line->count = 7;
	make(f);
	row = f->iv.irqs.rows;
	assert_int_equal(row[0].count_kernel, MISSING);
	assert_int_equal(row[1].count_kernel, 7);
}

/* ip link up shows a line again, a CPU that comes a column: old counts. */
static void test_lines_that_appear_are_no_growth(void **state)
{
	struct fixture *f = *state;
	uint64_t irq;

	add_cpu(&f->a, 0);
	for (irq = 1; irq <= 4; irq++)
		((struct irq_row *)table_add(&f->b.irqs))->irq = irq;
	add_line(&f->b, 1, 0, 5000); /* no line before */
	add_line(&f->a, 2, 0, 0);
	add_line(&f->b, 2, 0, 0);
	add_line(&f->b, 2, 7, 5000); /* no column before */
	add_line(&f->a, 3, 0, 50);   /* the descriptor is a new one */
	add_line(&f->b, 3, 0, 2);
	add_line(&f->a, 4, 0, 0);
	add_line(&f->b, 4, 0, 9);
	make(f);
	for (irq = 0; irq < 3; irq++)
		assert_int_equal(
			((struct irq_row *)table_at(&f->iv.irqs, irq))->count_kernel,
			MISSING);
	assert_int_equal(
		((struct irq_row *)table_at(&f->iv.irqs, 3))->count_kernel, 9);
}

/* A CPU that goes takes its column along, and what it counted since. */
static void test_lines_of_a_cpu_that_went_are_no_growth(void **state)
{
	struct fixture *f = *state;
	uint64_t irq;

	add_cpu(&f->a, 0);
	add_cpu(&f->a, 1);
	add_cpu(&f->b, 0);
	add_cpu(&f->b, 1)->softnet_processed = MISSING;
	for (irq = 1; irq <= 2; irq++)
		((struct irq_row *)table_add(&f->b.irqs))->irq = irq;
	add_line(&f->a, 1, 0, 10);
	add_line(&f->a, 1, 1, 500);
	add_line(&f->a, 2, 0, 10);
	add_line(&f->b, 1, 0, 17);
	add_line(&f->b, 2, 0, 19);
	make(f);
	assert_int_equal(((struct irq_row *)table_at(&f->iv.irqs, 0))->count_kernel,
			 MISSING);
	assert_int_equal(
		((struct irq_row *)table_at(&f->iv.irqs, 1))->count_kernel, 9);
}

/* A reset of its device made an interrupt anew: what it counted since is not known. */
static void test_lines_that_were_made_anew_are_no_growth(void **state)
{
	struct fixture *f = *state;
	struct irq_row *irqs;
	uint64_t irq;

	add_cpu(&f->a, 0);
	add_cpu(&f->a, 1);
	add_cpu(&f->b, 0);
	add_cpu(&f->b, 1);
	for (irq = 1; irq <= 3; irq++)
		((struct irq_row *)table_add(&f->b.irqs))->irq = irq;
	f->b.mono_ns = f->a.mono_ns + 1000000000;
	/* Less than half of what 32 bits count, and far more than a CPU can take. */
	add_line(&f->a, 1, 0, 3000000000);
	add_line(&f->b, 1, 0, 10);
	/* It goes to another CPU now: the first one's column is empty. */
	add_line(&f->a, 2, 0, 5000);
	add_line(&f->b, 2, 1, 7);
	/* It never came to the first one, whose row said that there is such a line. */
	add_line(&f->a, 3, 0, 0);
	add_line(&f->b, 3, 1, 7);
	make(f);
	irqs = f->iv.irqs.rows;
	assert_int_equal(irqs[0].count_kernel, MISSING);
	assert_int_equal(irqs[1].count_kernel, MISSING);
	assert_int_equal(irqs[2].count_kernel, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_irqs_take_count_and_flow_of_their_line),
		TEST(test_a_freed_action_has_no_share_of_the_line),
		TEST(test_lines_that_appear_are_no_growth),
		TEST(test_lines_of_a_cpu_that_went_are_no_growth),
		TEST(test_lines_that_were_made_anew_are_no_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
