// SPDX-License-Identifier: GPL-2.0-or-later
/* Slots that are given back, from arrays of our own and a kernel that does as told. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <bpf/bpf.h>

#include "collect/maps.h"
#include "collect/reclaim.h"
#include "model/hist.h"
#include "model/interval.h"
#include "napiscope.skel.h"

#define SLOTS 4
#define HISTS 8
#define CPUS 3
#define SECOND 1000000000ULL
#define ACTION 0xff11000012345600ULL
#define NAPI 0xff11000087654300ULL
#define REUSE 3

static struct napiscope_bpf skel;
static struct napi_cpu cpus[CPUS];
static struct napi_slot slots[SLOTS];
static struct napi_rec recs[SLOTS];
static struct irq_slot irqs[SLOTS];
static struct napi_hist hists[HISTS];
static struct probe_control control;
static struct loader l;
static struct reclaim r;
static unsigned int deleted, refuse_from;

/* In place of libbpf's. */
int bpf_map_delete_elem(int fd, const void *key)
{
	(void)fd;
	(void)key;
	if (++deleted < refuse_from)
		return 0;
	errno = EPERM;
	return -1;
}

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	(void)fd;
	(void)key;
	(void)value;
	(void)flags;
	return 0;
}

static void napi_at(unsigned int i, unsigned int rec, uint32_t cpu)
{
	slots[i] = (struct napi_slot){
		.napi = NAPI + 64 * rec,
		.ident = 8193 + rec,
		.cpu = cpu,
		.rec = rec,
		.reuse = REUSE,
	};
	recs[rec] = (struct napi_rec){ .napi = slots[i].napi,
				       .ident = slots[i].ident,
				       .dev = 1,
				       .reuse = REUSE };
}

static void irq_at(unsigned int i, unsigned int nr, uint32_t cpu)
{
	irqs[i] = (struct irq_slot){ .action = ACTION + 64 * nr,
				     .irq = 40 + nr,
				     .cpu = cpu,
				     .name = "eth0" };
}

/* So many polls of one packet, or interrupts of 3 ns. */
static void work(unsigned int i, unsigned int n)
{
	slots[i].inline_polls += n;
	slots[i].work += n;
	if (slots[i].hists[NAPI_HIST_WORK]) {
		hists[slots[i].hists[NAPI_HIST_WORK] - 1].counts[1] += n;
		hists[slots[i].hists[NAPI_HIST_WORK] - 1].sum += n;
	}
}

static void interrupt(unsigned int i, unsigned int n)
{
	irqs[i].count += n;
	irqs[i].ns += 3 * n;
	if (irqs[i].hist) {
		hists[irqs[i].hist - 1].counts[3] += n;
		hists[irqs[i].hist - 1].sum += 3 * n;
	}
}

static int setup(void **state)
{
	(void)state;
	memset(cpus, 0, sizeof(cpus));
	memset(slots, 0, sizeof(slots));
	memset(recs, 0, sizeof(recs));
	memset(irqs, 0, sizeof(irqs));
	memset(hists, 0, sizeof(hists));
	control = (struct probe_control){ .hist_epoch = 7 };
	l = (struct loader){ .skel = &skel,
			     .cpus = cpus,
			     .slots = slots,
			     .recs = recs,
			     .irqs = irqs,
			     .hists = hists,
			     .control = &control,
			     .sizes = { CPUS, SLOTS, SLOTS, HISTS } };
	reclaim_init(&r);
	deleted = 0;
	refuse_from = UINT32_MAX;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reclaim_fini(&r);
	return 0;
}

/* As if the last look had been so long ago, and all had stood still from then on. */
static int look_after(uint64_t seconds)
{
	struct reclaim_slot *s;

	table_for_each (&r.seen, s)
		s->since_ns -= s->since_ns ? seconds * SECOND : 0;
	table_for_each (&r.seen_irqs, s)
		s->since_ns -= s->since_ns ? seconds * SECOND : 0;
	r.looked_ns = 0;
	return reclaim_run(&r, &l);
}

static void read_all(struct snapshot *s)
{
	snapshot_clear(s);
	l.slots_used = l.irqs_used = SLOTS;
	assert_int_equal(maps_read_pairs(&l, s), 0);
	assert_int_equal(maps_read_irqs(&l, s), 0);
	assert_int_equal(reclaim_add_rows(&r, &l, s, false), 0);
	snapshot_sort(s);
}

static const struct napi_row *pair(const struct snapshot *s, uint32_t rec,
				   uint32_t cpu)
{
	const struct napi_row key = { .id = (uint64_t)REUSE << 32 | rec,
				      .cpu = cpu };

	return table_find(&s->pairs, &key, napi_row_cmp);
}

static const struct irq_row *irq(const struct snapshot *s, uint64_t id,
				 uint32_t cpu)
{
	const struct irq_row key = { .irq = 40, .id = id, .cpu = cpu };

	return table_find(&s->irqs, &key, irq_row_cmp);
}

static const struct hist_row *hist(const struct snapshot *s, uint64_t kind,
				   uint64_t irq_nr, uint64_t id, uint32_t cpu)
{
	static struct hist_row key;

	key.kind = kind;
	key.irq = irq_nr;
	key.id = id;
	key.cpu = cpu;
	return table_find(&s->hists, &key, hist_row_cmp);
}

/* NAPI 0 on CPUs 0 and 1, and NAPI 1 on CPU 1: one more than half of the room. */
static void fill_napis(void)
{
	napi_at(0, 0, 0);
	napi_at(1, 0, 1);
	napi_at(2, 1, 1);
	slots[0].hists[NAPI_HIST_WORK] = 1;
	cpus[0].slot_cache[5] = 1;
	work(0, 10);
	work(1, 20);
	work(2, 30);
}

static void test_a_napi_leaves_and_comes_back(void **state)
{
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	fill_napis();
	assert_int_equal(look_after(0), 0);
	work(1, 1);
	work(2, 1);
	assert_int_equal(look_after(11), 0);
	assert_int_equal(deleted, 1);
	assert_int_equal(slots[0].napi, 0);
	assert_int_equal(cpus[0].slot_cache[5], 0);
	assert_int_equal(hists[0].sum, 0);
	assert_int_equal(recs[0].napi, NAPI);
	read_all(&s);
	assert_int_equal(s.pairs.count, 3);
	assert_int_equal(pair(&s, 0, 0)->work, 10);
	assert_int_equal(pair(&s, 0, 1)->work, 21);
	assert_int_equal(hist(&s, NAPI_HIST_WORK, 0, pair(&s, 0, 0)->id, 0)->sum,
			 10);
	/* another slot, and another histogram */
	napi_at(3, 0, 0);
	slots[3].hists[NAPI_HIST_WORK] = 4;
	work(3, 5);
	read_all(&s);
	assert_int_equal(s.pairs.count, 3);
	assert_int_equal(pair(&s, 0, 0)->work, 15);
	assert_int_equal(hist(&s, NAPI_HIST_WORK, 0, pair(&s, 0, 0)->id, 0)->sum,
			 15);
	snapshot_fini(&s);
}

/* Another one comes, and it is idle longest. */
static void the_first_goes(void)
{
	napi_at(3, 2, 2);
	work(3, 3);
	assert_int_equal(look_after(0), 0);
	work(2, 1);
	work(3, 1);
	assert_int_equal(look_after(2), 0);
	assert_int_equal(recs[0].reuse, REUSE + 1);
}

/* What it had left goes with it. */
static void test_a_napi_that_left_goes(void **state)
{
	struct napi_row key = { .id = NAPI_GONE };
	const struct napi_row *gone;
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	fill_napis();
	slots[1].hists[NAPI_HIST_WORK] = 2;
	hists[1].counts[1] = hists[1].sum = 20;
	assert_int_equal(look_after(0), 0);
	work(1, 1);
	work(2, 1);
	assert_int_equal(look_after(11), 0);
	the_first_goes();
	read_all(&s);
	gone = table_find(&s.pairs, &key, napi_row_cmp);
	assert_non_null(gone);
	assert_int_equal(gone->work, 10);
	key.cpu = 1;
	gone = table_find(&s.pairs, &key, napi_row_cmp);
	assert_non_null(gone);
	assert_int_equal(gone->work, 21);
	assert_null(pair(&s, 0, 0));
	assert_int_equal(s.hists.count, 2);
	assert_int_equal(hist(&s, NAPI_HIST_WORK, 0, NAPI_GONE, 0)->sum, 10);
	assert_int_equal(hist(&s, NAPI_HIST_WORK, 0, NAPI_GONE, 1)->sum, 21);
	snapshot_fini(&s);
}

/* Of what grew, what the snapshot before had of it is no part. */
static void test_the_growth_of_what_went(void **state)
{
	struct snapshot before, now;
	struct interval iv;

	(void)state;
	snapshot_init(&before);
	snapshot_init(&now);
	interval_init(&iv);
	fill_napis();
	assert_int_equal(look_after(0), 0);
	read_all(&before);
	work(0, 3);
	work(1, 1);
	work(2, 1);
	assert_int_equal(look_after(0), 0);
	the_first_goes();
	read_all(&now);
	assert_int_equal(hist(&now, NAPI_HIST_WORK, 0, NAPI_GONE, 0)->sum, 13);
	assert_int_equal(interval_make(&iv, &before, &now), 0);
	assert_int_equal(iv.hists.count, 1);
	assert_int_equal(((struct hist_row *)iv.hists.rows)->id, NAPI_GONE);
	assert_int_equal(((struct hist_row *)iv.hists.rows)->sum, 3);
	assert_int_equal(hist_count(iv.hists.rows), 3);
	interval_fini(&iv);
	snapshot_fini(&before);
	snapshot_fini(&now);
}

/* What went had done nothing since: it is no row without a value. */
static void test_what_went_idle_has_no_growth(void **state)
{
	struct snapshot before, now;
	struct interval iv;

	(void)state;
	snapshot_init(&before);
	snapshot_init(&now);
	interval_init(&iv);
	fill_napis();
	assert_int_equal(look_after(0), 0);
	work(1, 1);
	work(2, 1);
	read_all(&before);
	assert_int_equal(look_after(0), 0);
	the_first_goes();
	read_all(&now);
	assert_non_null(hist(&now, NAPI_HIST_WORK, 0, NAPI_GONE, 0));
	assert_int_equal(interval_make(&iv, &before, &now), 0);
	assert_int_equal(iv.hists.count, 0);
	interval_fini(&iv);
	snapshot_fini(&before);
	snapshot_fini(&now);
}

/* Nothing is cleared that programs still find. */
static void test_a_kernel_that_refuses(void **state)
{
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	refuse_from = 1;
	fill_napis();
	assert_int_equal(look_after(0), 0);
	work(1, 1);
	work(2, 1);
	assert_int_equal(look_after(11), -EPERM);
	assert_true(r.refused);
	assert_int_equal(slots[0].napi, NAPI);
	read_all(&s);
	assert_int_equal(pair(&s, 0, 0)->work, 10);
	assert_int_equal(hist(&s, NAPI_HIST_WORK, 0, pair(&s, 0, 0)->id, 0)->sum,
			 10);
	snapshot_fini(&s);
}

static void fill_irqs(void)
{
	irq_at(0, 0, 0);
	irq_at(1, 0, 1);
	irq_at(2, 1, 1);
	irqs[0].hist = 1;
	interrupt(0, 10);
	interrupt(1, 20);
	interrupt(2, 30);
}

static void test_an_irq_leaves_and_comes_back(void **state)
{
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	fill_irqs();
	assert_int_equal(look_after(0), 0);
	interrupt(1, 1);
	interrupt(2, 1);
	assert_int_equal(look_after(11), 0);
	assert_int_equal(irqs[0].action, 0);
	assert_int_equal(irqs[0].count, 0);
	irq_at(3, 0, 0);
	irqs[3].hist = 4;
	interrupt(3, 5);
	read_all(&s);
	assert_int_equal(s.irqs.count, 3);
	assert_int_equal(irq(&s, ACTION, 0)->count, 15);
	assert_int_equal(irq(&s, ACTION, 1)->count, 21);
	assert_int_equal(hist(&s, NAPI_HIST_IRQ_NS, 40, ACTION, 0)->sum, 45);
	snapshot_fini(&s);
}

/* An action that goes as a whole, and what it had left; then it comes again. */
static void test_an_irq_that_left_goes(void **state)
{
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	fill_irqs();
	irqs[1].hist = 2;
	hists[1].counts[3] = 20;
	hists[1].sum = 60;
	assert_int_equal(look_after(0), 0);
	interrupt(1, 1);
	interrupt(2, 1);
	assert_int_equal(look_after(11), 0);
	irq_at(3, 2, 2);
	assert_int_equal(look_after(0), 0);
	interrupt(2, 1);
	interrupt(3, 1);
	assert_int_equal(look_after(2), 0);
	assert_int_equal(irqs[1].action, 0);
	read_all(&s);
	assert_int_equal(irq(&s, IRQ_GONE(40), 0)->count, 10);
	assert_int_equal(irq(&s, IRQ_GONE(40), 1)->count, 21);
	assert_null(irq(&s, ACTION, 0));
	assert_int_equal(s.hists.count, 2);
	assert_int_equal(hist(&s, NAPI_HIST_IRQ_NS, 40, IRQ_GONE(40), 0)->sum,
			 30);
	assert_int_equal(hist(&s, NAPI_HIST_IRQ_NS, 40, IRQ_GONE(40), 1)->sum,
			 63);
	irq_at(0, 0, 0);
	interrupt(0, 2);
	read_all(&s);
	assert_int_equal(irq(&s, IRQ_GONE(40), 0)->count, 10);
	assert_int_equal(s.irqs.count, 5);
	assert_null(irq(&s, ACTION, 0));
	snapshot_fini(&s);
}

/* Who has more interrupts than NAPIs: theirs make room, too, and none goes whole. */
static void test_histograms_of_irqs(void **state)
{
	struct snapshot s;
	unsigned int i;

	(void)state;
	snapshot_init(&s);
	fill_irqs();
	irqs[2] = (struct irq_slot){ 0 };
	irqs[1].hist = 2;
	for (i = 0; i < HISTS; i++)
		hists[i].counts[3]++;
	napi_at(0, 0, 0);
	for (i = 0; i < NAPI_NR_HISTS; i++)
		slots[0].hists[i] = 3 + i;
	assert_int_equal(look_after(0), 0);
	interrupt(1, 1);
	work(0, 1);
	assert_int_equal(look_after(11), 0);
	assert_int_equal(irqs[0].action, 0);
	assert_int_equal(irqs[1].action, ACTION);
	assert_int_equal(slots[0].napi, NAPI);
	snapshot_fini(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_napi_leaves_and_comes_back),
		TEST(test_a_napi_that_left_goes),
		TEST(test_the_growth_of_what_went),
		TEST(test_what_went_idle_has_no_growth),
		TEST(test_a_kernel_that_refuses),
		TEST(test_an_irq_leaves_and_comes_back),
		TEST(test_an_irq_that_left_goes),
		TEST(test_histograms_of_irqs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
