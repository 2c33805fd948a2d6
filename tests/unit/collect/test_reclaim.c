// SPDX-License-Identifier: GPL-2.0-or-later
/* Which slots are given back, and the rows of interrupts that were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collect/reclaim_irqs.h"
#include "model/hist.h"

#define SECOND 1000000000ULL
#define NOW (100 * SECOND)

#define ACTION 0xffff888012345600ULL

static int setup(void **state)
{
	static struct table slots;

	slots = (struct table)TABLE_INIT(struct reclaim_slot);
	*state = &slots;
	return 0;
}

static int teardown(void **state)
{
	table_fini(*state);
	return 0;
}

/* A slot that did nothing for so long; below 0: a free one. */
static struct reclaim_slot *add(struct table *slots, uint32_t group, int idle_s)
{
	struct reclaim_slot *s = table_add(slots);

	assert_non_null(s);
	s->group = group;
	if (idle_s >= 0)
		s->since_ns = NOW - idle_s * SECOND;
	return s;
}

static int choose(struct table *slots, unsigned int wanted, unsigned int hists)
{
	return reclaim_choose(slots, (struct reclaim_need){ wanted, hists }, NOW);
}

static bool chosen(const struct table *slots, size_t i)
{
	return ((struct reclaim_slot *)table_at(slots, i))->chosen;
}

static void test_idle_longest_first(void **state)
{
	add(*state, 0, 3);
	add(*state, 1, 7);
	add(*state, 2, -1);
	add(*state, 3, 5);
	assert_int_equal(choose(*state, 2, 0), 2);
	assert_false(chosen(*state, 0));
	assert_true(chosen(*state, 1));
	assert_false(chosen(*state, 2));
	assert_true(chosen(*state, 3));
	/* The next look begins anew. */
	assert_int_equal(choose(*state, 0, 0), 0);
	assert_false(chosen(*state, 1));
}

/* Its other slots go with it, and one that works keeps them. */
static void test_a_group_goes_as_a_whole(void **state)
{
	add(*state, 3, 9);
	add(*state, 1, 9);
	add(*state, 1, 0);
	add(*state, 3, 8);
	assert_int_equal(choose(*state, 1, 0), 1);
	assert_true(chosen(*state, 0));
	assert_true(chosen(*state, 3));
	assert_false(chosen(*state, 1));
	assert_false(chosen(*state, 2));
	assert_int_equal(choose(*state, 4, 0), 1);
}

static void test_what_is_kept(void **state)
{
	add(*state, 0, 9)->kept = true;
	add(*state, 1, 2);
	assert_int_equal(choose(*state, 2, 0), 1);
	assert_false(chosen(*state, 0));
	assert_true(chosen(*state, 1));
}

static void test_until_there_are_histograms(void **state)
{
	add(*state, 0, 9)->hists = 0;
	add(*state, 1, 8)->hists = 3;
	add(*state, 2, 7)->hists = 3;
	add(*state, 3, 6)->hists = 3;
	assert_int_equal(choose(*state, 0, 4), 3);
	assert_false(chosen(*state, 3));
}

static void test_when_a_slot_is_idle(void **state)
{
	struct reclaim_slot *s = add(*state, 0, -1);

	reclaim_see(s, 5, NOW - 3 * SECOND);
	reclaim_see(s, 5, NOW - 2 * SECOND);
	assert_int_equal(s->since_ns, NOW - 3 * SECOND);
	reclaim_see(s, 6, NOW - SECOND / 2);
	assert_int_equal(choose(*state, 1, 0), 0);
	reclaim_see(s, 6, NOW);
	s->since_ns = NOW - SECOND;
	assert_int_equal(choose(*state, 1, 0), 1);
}

static void again(struct reclaim *r, uint32_t irq, uint32_t times)
{
	struct reclaim_again *a = table_add(&r->again);

	assert_non_null(a);
	*a = (struct reclaim_again){ ACTION, irq, times };
}

static void add_irq(struct snapshot *s, uint32_t irq, uint64_t count)
{
	struct irq_row *row = table_add(&s->irqs);
	struct hist_row *hist = table_add(&s->hists);

	assert_true(row && hist);
	row->id = hist->id = ACTION;
	row->irq = hist->irq = irq;
	row->count = count;
	hist->kind = NAPI_HIST_IRQ_NS;
}

/* The same action on another line is another one. */
static void test_an_action_that_comes_again_has_another_id(void **state)
{
	const struct irq_row *rows;
	const struct hist_row *hists;
	struct irq_row *gone;
	struct snapshot s;
	struct reclaim r;

	(void)state;
	snapshot_init(&s);
	reclaim_init(&r);
	add_irq(&s, 40, 3);
	add_irq(&s, 41, 5);
	again(&r, 40, 1);
	gone = table_add(&r.gone_irqs);
	gone->id = IRQ_GONE(40);
	gone->irq = 40;
	gone->count = 1000;
	assert_int_equal(reclaim_irqs_add_rows(&r, &s), 0);
	rows = s.irqs.rows;
	hists = s.hists.rows;
	assert_int_equal(s.irqs.count, 3);
	assert_true(rows[0].id != ACTION && rows[0].id != IRQ_GONE(40));
	assert_true(rows[0].id == hists[0].id);
	assert_true(rows[1].id == ACTION && hists[1].id == ACTION);
	assert_true(rows[2].id == IRQ_GONE(40));
	assert_int_equal(rows[2].count, 1000);
	snapshot_fini(&s);
	reclaim_fini(&r);
}

/* Who has one keeps it, who was refused may ask again. */
static void test_histograms_are_offered_again(void **state)
{
	static struct napi_slot slots[2];
	static struct irq_slot irqs[1];
	static struct napi_cpu cpus[1];
	static struct loader l = {
		.slots = slots,
		.irqs = irqs,
		.cpus = cpus,
		.sizes = { .slots = 2, .irq_slots = 1, .cpus = 1 },
	};
	struct reclaim r;

	(void)state;
	reclaim_init(&r);
	slots[0].hists[NAPI_HIST_WORK] = 7;
	slots[1].hists[NAPI_HIST_WORK] = NAPI_HIST_NONE;
	irqs[0].hist = NAPI_HIST_NONE;
	cpus[0].raise_hist = NAPI_HIST_NONE;
	cpus[0].net_rx_hist = 9;
	reclaim_offer_hists(&r, &l);
	assert_true(slots[1].hists[NAPI_HIST_WORK] == NAPI_HIST_NONE);
	r.offer = true;
	reclaim_offer_hists(&r, &l);
	assert_int_equal(slots[0].hists[NAPI_HIST_WORK], 7);
	assert_int_equal(slots[1].hists[NAPI_HIST_WORK], 0);
	assert_int_equal(irqs[0].hist, 0);
	assert_int_equal(cpus[0].raise_hist, 0);
	assert_int_equal(cpus[0].net_rx_hist, 9);
	assert_false(r.offer);
	reclaim_fini(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_idle_longest_first),
		TEST(test_a_group_goes_as_a_whole),
		TEST(test_what_is_kept),
		TEST(test_until_there_are_histograms),
		TEST(test_when_a_slot_is_idle),
		TEST(test_an_action_that_comes_again_has_another_id),
		TEST(test_histograms_are_offered_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
