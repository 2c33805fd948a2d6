// SPDX-License-Identifier: GPL-2.0-or-later
/* Totals of interrupts: which action a line is counted to, and what is forgotten. */
#include "total_state.h"

#include "model/hist.h"

static const struct irq_row *whole_irq(const struct fixture *f, const char *name)
{
	const struct irq_row *irq;

	table_for_each (&f->whole.irqs, irq)
		if (!strcmp(irq->name, name))
			return irq;
	return NULL;
}

static struct irq_row *action(struct snapshot *s, uint64_t id)
{
	struct irq_row *irq;

	table_for_each (&s->irqs, irq)
		if (irq->id == id)
			return irq;
	return NULL;
}

static void test_interrupts_are_counted_by_name(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct irq_row *irq;
	uint64_t i;

	for (i = 0; i < 2; i++) {
		add_action(s, 70 + i, "eth0-0")->count = 5;
		add(f);
		s = next(f, MSEC);
	}
	/* The kernel's count is as it is, however large. */
	add_line(s, 0, 3000000000ULL);
	add(f);
	assert_int_equal(f->whole.irqs.count, 1);
	irq = f->whole.irqs.rows;
	assert_int_equal(irq->count, 10);
	assert_true(irq->count_kernel == 3000000000ULL);
}

/* A driver that comes again begins anew, and one cell may wrap. */
static void test_lines_only_grow(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	const struct irq_row *irq;

	add_action(s, 77, "eth0-0")->count = 1;
	add_line(s, 0, 0xfffffff0);
	add_line(s, 1, 900);
	add(f);
	s = next(f, MSEC);
	((struct line_row *)table_at(&s->lines, 0))->count = 0x10;
	((struct line_row *)table_at(&s->lines, 1))->count = 910;
	add(f);
	irq = f->whole.irqs.rows;
	assert_true(irq->count_kernel == 0xfffffff0ULL + 900 + 0x20 + 10);
	s = next(f, MSEC);
	((struct line_row *)table_at(&s->lines, 1))->count = 3;
	add(f);
	irq = f->whole.irqs.rows;
	assert_true(irq->count_kernel >= 0xfffffff0ULL + 900 + 0x20 + 10);
}

/* Its action was freed, and the irq is another queue's. */
static void test_a_line_is_counted_to_who_lives(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	add_action(s, 77, "eth0-2")->count = 90;
	add_line(s, 0, 100);
	add(f);
	s = next(f, MSEC);
	add_action(s, 78, "eth0-3")->count = 7;
	((struct line_row *)table_at(&s->lines, 0))->count = 107;
	add(f);
	assert_int_equal(whole_irq(f, "eth0-2")->count_kernel, 100);
	assert_int_equal(whole_irq(f, "eth0-3")->count_kernel, 7);
	s = next(f, MSEC);
	action(s, 78)->count = 12;
	((struct line_row *)table_at(&s->lines, 0))->count = 112;
	add(f);
	assert_int_equal(whole_irq(f, "eth0-2")->count_kernel, 100);
	assert_int_equal(whole_irq(f, "eth0-3")->count_kernel, 12);
	assert_int_equal(whole_irq(f, "eth0-3")->count, 12);
}

/* Both handlers run, and the line is both's. */
static void test_a_line_that_is_shared(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	add_action(s, 77, "uhci")->count = 5;
	add_action(s, 78, "eth0")->count = 5;
	add_line(s, 0, 50);
	add(f);
	s = next(f, MSEC);
	action(s, 77)->count = 9;
	action(s, 78)->count = 9;
	((struct line_row *)table_at(&s->lines, 0))->count = 54;
	add(f);
	assert_int_equal(whole_irq(f, "uhci")->count_kernel, 54);
	assert_int_equal(whole_irq(f, "eth0")->count_kernel, 54);
}

/* The same name at another address: within one interval both may have run. */
static void test_one_that_was_requested_again_is_one(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	add_action(s, 77, "eth0-2")->count = 90;
	add_line(s, 0, 90);
	add(f);
	s = next(f, MSEC);
	action(s, 77)->count = 93;
	add_action(s, 78, "eth0-2")->count = 7;
	((struct line_row *)table_at(&s->lines, 0))->count = 100;
	add(f);
	assert_int_equal(f->whole.irqs.count, 1);
	assert_int_equal(whole_irq(f, "eth0-2")->count, 100);
	assert_int_equal(whole_irq(f, "eth0-2")->count_kernel, 100);
}

static struct hist_row *add_irq_hist(struct snapshot *s, uint64_t id)
{
	struct hist_row *h = table_add(&s->hists);

	h->kind = NAPI_HIST_IRQ_NS;
	h->id = id;
	h->irq = 24;
	h->counts[3] = 1;
	h->sum = 3;
	return h;
}

/* An hour later: one whose irq is another's, one without a line, one that is idle. */
static void test_who_is_gone_is_forgotten(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct irq_row *irq;

	add_action(s, 77, "eth0-2")->count = 90;
	add_irq_hist(s, 77);
	irq = add_action(s, 70, "nvme0");
	irq->irq = 25;
	irq->count = 4;
	irq = add_action(s, 71, "gone");
	irq->irq = 26;
	irq->count = 4;
	add_line(s, 0, 90);
	add_line(s, 0, 4);
	((struct line_row *)table_at(&s->lines, 1))->irq = 25;
	add(f);
	assert_int_equal(f->whole.irqs.count, 3);
	assert_int_equal(f->total.sum.hists.count, 1);
	s = next(f, HOUR / 2);
	add_action(s, 78, "eth0-3")->count = 7;
	add(f);
	assert_int_equal(f->whole.irqs.count, 4);
	s = next(f, HOUR / 2 + 1000);
	action(s, 78)->count = 8;
	add(f);
	s = next(f, MSEC);
	add(f);
	assert_null(whole_irq(f, "eth0-2"));
	assert_null(whole_irq(f, "gone"));
	assert_int_equal(whole_irq(f, "eth0-3")->count, 8);
	assert_int_equal(whole_irq(f, "nvme0")->count, 4);
	assert_int_equal(f->total.sum.hists.count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_interrupts_are_counted_by_name),
		TEST(test_lines_only_grow),
		TEST(test_a_line_is_counted_to_who_lives),
		TEST(test_a_line_that_is_shared),
		TEST(test_one_that_was_requested_again_is_one),
		TEST(test_who_is_gone_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
