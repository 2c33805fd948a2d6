// SPDX-License-Identifier: GPL-2.0-or-later
/* Which slots are given back, and the rows of interrupts that were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collect/maps.h"
#include "collect/reclaim_irqs.h"
#include "model/hist.h"

#define SECOND 1000000000ULL
#define NOW (100 * SECOND)

/* With five levels of page tables it does not begin with as many ones. */
#define ACTION 0xff11000012345600ULL
/* For histograms of slots that are chosen alone */
#define ROOM 4

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
	struct reclaim_need need = { wanted, hists, ROOM, true };

	return reclaim_choose(slots, &need, NOW);
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

static bool left(const struct table *slots, size_t i)
{
	return ((struct reclaim_slot *)table_at(slots, i))->left;
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

/* One slot of a NAPI that goes on elsewhere; not of one that is idle as a whole. */
static void test_a_slot_that_was_left(void **state)
{
	add(*state, 0, 30);
	add(*state, 0, 0);
	add(*state, 1, 9);
	add(*state, 1, 0);
	add(*state, 2, 50);
	add(*state, 3, 40)->kept = true;
	add(*state, 3, 0);
	assert_int_equal(choose(*state, 1, 0), 1);
	assert_true(chosen(*state, 0) && left(*state, 0));
	assert_false(chosen(*state, 4));
	reclaim_see(table_at(*state, 0), 0, NOW);
	assert_int_equal(choose(*state, 5, 0), 2);
	assert_true(chosen(*state, 4) && !left(*state, 4));
	/* it comes back sooner */
	assert_false(chosen(*state, 2));
	assert_false(chosen(*state, 5));
}

/* They are kept, and take room elsewhere. */
static void test_histograms_that_were_left(void **state)
{
	struct reclaim_need need = { .hists = 9, .room = ROOM };

	add(*state, 0, 40);
	add(*state, 0, 30)->hists = 3;
	add(*state, 0, 20)->hists = 2;
	add(*state, 0, 15)->hists = 1;
	add(*state, 0, 0)->hists = 3;
	add(*state, 1, 60)->hists = 3;
	assert_int_equal(reclaim_choose(*state, &need, NOW), 2);
	assert_false(chosen(*state, 0));
	assert_true(left(*state, 1) && left(*state, 3));
	assert_false(chosen(*state, 2));
	/* whole ones only where it is said */
	assert_false(chosen(*state, 5));
	assert_int_equal(need.hists, 5);
	assert_int_equal(need.room, 0);
	need.whole = true;
	assert_int_equal(reclaim_choose(*state, &need, NOW), 1);
	assert_true(chosen(*state, 5));
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
	*a = (struct reclaim_again){ ACTION, irq, times, false };
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

#define REUSE 3

/* A NAPI with two slots' worth of histograms; an action with one. */
static struct napi_rec recs[2] = {
	{ 0 }, { .ident = 5ULL << 32 | 8193, .dev = 1, .reuse = REUSE }
};
static struct napi_hist hists[2];
static struct probe_control control = { .hist_epoch = 7 };
static struct loader loader = {
	.recs = recs,
	.hists = hists,
	.control = &control,
	.sizes = { .hists = 2, .slots = 2, .irq_slots = 2 },
};

static struct napi_slot slot_of(uint32_t cpu, uint64_t polls)
{
	return (struct napi_slot){ .rec = 1,
				   .reuse = REUSE,
				   .cpu = cpu,
				   .inline_polls = polls,
				   .work = 2 * polls };
}

static void add_pair(struct snapshot *s, uint32_t cpu, uint64_t polls)
{
	const struct napi_slot slot = slot_of(cpu, polls);
	struct napi_row *row = table_add(&s->pairs);

	assert_non_null(row);
	maps_read_pair(&loader, &slot, row);
}

static void fill_hist(unsigned int i, uint64_t value, uint64_t epoch)
{
	memset(&hists[i], 0, sizeof(hists[i]));
	hists[i].counts[hist_bucket(value)] = 1;
	hists[i].sum = value;
	hists[i].max[0] = value;
	hists[i].max_epoch[0] = epoch;
}

static void read_hist(struct snapshot *s, uint32_t cell, uint32_t cpu)
{
	const struct hist_row key = { .id = (uint64_t)REUSE << 32 | 1,
				      .cpu = cpu };

	assert_int_equal(maps_read_hist(&loader, cell, &key, control.hist_epoch,
					&s->hists),
			 0);
}

/* It left CPU 2 twice and is there again, and left CPU 1. */
static void test_rows_are_as_if_nobody_had_left(void **state)
{
	struct reclaim_left l;
	const struct napi_row *rows;
	const struct hist_row *h;
	struct napi_slot slot;
	struct snapshot s;
	unsigned int i;

	(void)state;
	left_init(&l);
	snapshot_init(&s);
	add_pair(&s, 2, 1000);
	assert_int_equal(left_add_rows(&l, &loader, &s, false), 0);
	assert_int_equal(s.pairs.count, 1);
	fill_hist(0, 3, control.hist_epoch + 1);
	fill_hist(1, 5, control.hist_epoch);
	for (i = 0; i < 3; i++) {
		slot = slot_of(i == 1 ? 1 : 2, 10 << i);
		slot.hists[NAPI_HIST_WORK] = i < 2 ? 1 + i : NAPI_HIST_NONE;
		assert_int_equal(left_keep_napi(&l, &loader, &slot), 0);
	}
	left_end(&l);
	read_hist(&s, 1, 2);
	recs[1].netns = 77;
	assert_int_equal(left_add_rows(&l, &loader, &s, false), 0);
	snapshot_sort(&s);
	rows = s.pairs.rows;
	assert_int_equal(s.pairs.count, 2);
	assert_int_equal(rows[0].cpu, 1);
	assert_int_equal(rows[0].inline_polls, 20);
	assert_int_equal(rows[0].ifindex, 5);
	assert_int_equal(rows[0].napi_id, 8193);
	assert_int_equal(rows[0].netns_ino, 77);
	assert_int_equal(rows[1].cpu, 2);
	assert_int_equal(rows[1].inline_polls, 1000 + 10 + 40);
	assert_int_equal(rows[1].work, 2 * rows[1].inline_polls);
	assert_int_equal(rows[1].schedules, MISSING);
	h = s.hists.rows;
	assert_int_equal(s.hists.count, 2);
	assert_true(h[0].cpu == 1 && h[0].id == rows[0].id);
	assert_true(h[0].sum == 5 && h[0].max == 5);
	assert_true(h[1].cpu == 2 && h[1].sum == 6 && h[1].max == 3);
	assert_int_equal(hist_count(&h[1]), 2);
	snapshot_fini(&s);
	left_fini(&l);
}

/* Of CPU 1 and 2; cell: that of a slot which is there again on CPU 2, or 0. */
static void read_left(struct reclaim_left *l, struct snapshot *s, uint32_t cell)
{
	snapshot_clear(s);
	if (cell)
		read_hist(s, cell, 2);
	assert_int_equal(left_add_rows(l, &loader, s, true), 0);
	snapshot_sort(s);
}

/*
 * What a snapshot had is not in the next one, unless it grows: then it would go back.
 * That on CPU 2 comes back after one snapshot, that on CPU 1 after the next.
 */
static void test_who_forgets_what_was_left(void **state)
{
	const struct hist_row *h;
	struct reclaim_left l;
	struct napi_slot slot;
	struct snapshot s;
	uint32_t cpu;

	(void)state;
	left_init(&l);
	snapshot_init(&s);
	fill_hist(0, 3, control.hist_epoch + 1);
	fill_hist(1, 5, control.hist_epoch);
	for (cpu = 1; cpu <= 2; cpu++) {
		slot = slot_of(cpu, 1);
		slot.hists[NAPI_HIST_WORK] = 1;
		assert_int_equal(left_keep_napi(&l, &loader, &slot), 0);
	}
	left_end(&l);
	assert_int_equal(left_room(&l, &loader), 0);
	read_left(&l, &s, 0);
	h = s.hists.rows;
	assert_int_equal(s.hists.count, 2);
	assert_true(h[0].sum == 3 && h[0].max == 3 && h[1].sum == 3);
	read_left(&l, &s, 2);
	h = s.hists.rows;
	assert_int_equal(s.hists.count, 1);
	assert_true(h->cpu == 2 && h->sum == 8 && h->max == 5);
	read_left(&l, &s, 2);
	h = s.hists.rows;
	assert_true(s.hists.count == 1 && h->sum == 8);
	/* It left once more: that has to be read before it is dropped. */
	slot = slot_of(2, 1);
	slot.hists[NAPI_HIST_WORK] = 2;
	assert_int_equal(left_keep_napi(&l, &loader, &slot), 0);
	left_end(&l);
	read_left(&l, &s, 0);
	h = s.hists.rows;
	assert_true(s.hists.count == 1 && h->sum == 8);
	read_left(&l, &s, 0);
	assert_int_equal(s.hists.count, 0);
	assert_int_equal(l.hists.count, 0);
	assert_int_equal(l.napis.count, 2);
	snapshot_fini(&s);
	left_fini(&l);
}

static void vote(uint64_t votes[2], uint32_t irq, uint32_t n)
{
	struct napi_slot slot = slot_of(1, 1);
	const struct napi_row *row;
	struct reclaim_left l;
	struct snapshot s;

	left_init(&l);
	snapshot_init(&s);
	slot.irq_vote = 1 + irq;
	slot.irq_votes = n;
	assert_int_equal(left_keep_napi(&l, &loader, &slot), 0);
	slot.irq_vote = 1 + votes[0];
	slot.irq_votes = votes[1];
	row = table_add(&s.pairs);
	maps_read_pair(&loader, &slot, (struct napi_row *)row);
	assert_int_equal(left_add_rows(&l, &loader, &s, false), 0);
	row = s.pairs.rows;
	votes[0] = row->irq;
	votes[1] = row->irq_votes;
	snapshot_fini(&s);
	left_fini(&l);
}

static void test_votes_that_were_left(void **state)
{
	uint64_t votes[2] = { 40, 10 };

	(void)state;
	vote(votes, 40, 5);
	assert_true(votes[0] == 40 && votes[1] == 15);
	vote(votes, 41, 5);
	assert_true(votes[0] == 40 && votes[1] == 10);
	vote(votes, 41, 12);
	assert_true(votes[0] == 41 && votes[1] == 2);
	vote(votes, 41, NAPI_VOTES_MOST);
	assert_int_equal(votes[1], NAPI_VOTES_MOST);
	vote(votes, 42, MAPS_VOTES_EXACT);
	assert_true(votes[0] == 42 && votes[1] == MAPS_VOTES_EXACT);
	/* as it is now */
	vote(votes, 43, MAPS_VOTES_EXACT);
	assert_int_equal(votes[0], 42);
}

static void test_actions_that_left(void **state)
{
	const struct irq_slot slot = {
		.irq = 40, .cpu = 1, .count = 7, .ns = 70, .hist = 1, .name = "eth0"
	};
	const struct irq_row *rows;
	const struct hist_row *h;
	struct snapshot s;
	struct reclaim r;

	(void)state;
	snapshot_init(&s);
	reclaim_init(&r);
	fill_hist(0, 3, control.hist_epoch);
	assert_int_equal(left_keep_irq(&r.left, &loader, &slot, ACTION), 0);
	left_end(&r.left);
	add_irq(&s, 40, 3);
	add_irq(&s, 41, 5);
	again(&r, 40, 1);
	assert_int_equal(reclaim_add_rows(&r, &loader, &s, false), 0);
	snapshot_sort(&s);
	rows = s.irqs.rows;
	h = s.hists.rows;
	assert_int_equal(s.irqs.count, 3);
	assert_true(rows[0].cpu == 0 && rows[0].count == 3);
	assert_true(rows[1].cpu == 1 && rows[1].count == 7);
	assert_true(rows[1].irq == 40 && rows[1].id == rows[0].id);
	assert_string_equal(rows[1].name, "eth0");
	assert_true(rows[2].irq == 41);
	assert_int_equal(s.hists.count, 3);
	assert_true(h[1].cpu == 1 && h[1].irq == 40 && h[1].id == rows[0].id);
	snapshot_fini(&s);
	reclaim_fini(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_idle_longest_first),
		TEST(test_a_group_goes_as_a_whole),
		TEST(test_a_slot_that_was_left),
		TEST(test_histograms_that_were_left),
		TEST(test_what_is_kept),
		TEST(test_until_there_are_histograms),
		TEST(test_when_a_slot_is_idle),
		TEST(test_an_action_that_comes_again_has_another_id),
		TEST(test_histograms_are_offered_again),
		TEST(test_rows_are_as_if_nobody_had_left),
		TEST(test_who_forgets_what_was_left),
		TEST(test_votes_that_were_left),
		TEST(test_actions_that_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
