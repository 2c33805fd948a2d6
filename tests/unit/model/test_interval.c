// SPDX-License-Identifier: GPL-2.0-or-later
/* Intervals: growth, wrap, rows that come and go, sums, the squeeze rule. */
#include "interval_state.h"
#include "model/select.h"

static struct napi_row *add_pair(struct snapshot *s, uint64_t id, uint64_t cpu)
{
	struct napi_row *row = table_add(&s->pairs);

	row->id = id;
	row->cpu = cpu;
	row->ifindex = 7;
	row->netns_ino = 9;
	row->irq = MISSING;
	row->backlog_cpu = MISSING;
	return row;
}

static const struct napi_row *napi_at(const struct fixture *f, size_t i)
{
	return table_at(&f->iv.napis, i);
}

static const struct cpu_row *cpu_at(const struct fixture *f, size_t i)
{
	return table_at(&f->iv.cpus, i);
}

static void test_contexts_add_up(void **state)
{
	struct fixture *f = *state;
	struct napi_row *row = add_pair(&f->a, 1, 0);

	row->inline_polls = 100;
	row = add_pair(&f->b, 1, 0);
	row->inline_polls = 103;
	row->ksoftirqd_polls = 5;
	row->threaded_polls = 7;
	row->busy_polls = 11;
	row->netpoll_polls = 13;
	make(f);
	assert_int_equal(napi_at(f, 0)->polls, 3 + 5 + 7 + 11 + 13);
}

static void test_a_pair_that_appears_counts_from_zero(void **state)
{
	struct fixture *f = *state;

	add_cpu(&f->a, 0);
	add_cpu(&f->b, 0);
	add_cpu(&f->b, 1);
	add_pair(&f->a, 1, 0)->inline_polls = 10;
	add_pair(&f->b, 1, 0)->inline_polls = 12;
	add_pair(&f->b, 1, 1)->inline_polls = 30;
	make(f);
	assert_int_equal(f->iv.napis.count, 1);
	assert_int_equal(napi_at(f, 0)->polls, 32);
	assert_int_equal(napi_at(f, 0)->cpu, MISSING);
	assert_int_equal(cpu_at(f, 0)->polls, 2);
	assert_int_equal(cpu_at(f, 1)->polls, 30);
}

static void test_a_row_that_vanishes_is_dropped(void **state)
{
	struct fixture *f = *state;

	add_pair(&f->a, 1, 0)->inline_polls = 10;
	add_pair(&f->a, 2, 0)->inline_polls = 10;
	add_pair(&f->b, 2, 0)->inline_polls = 11;
	make(f);
	assert_int_equal(f->iv.napis.count, 1);
	assert_int_equal(napi_at(f, 0)->id, 2);
	assert_int_equal(napi_at(f, 0)->polls, 1);
}

static void test_kernel_counters_wrap_at_32_bits(void **state)
{
	struct fixture *f = *state;
	struct cpu_row *row = add_cpu(&f->a, 0);

	row->softnet_squeezed = 0xfffffffe;
	row->softirqs_kernel[NAPI_VEC_NET_RX] = 0xffffffff;
	row->softirqs[NAPI_VEC_NET_RX] = 0xffffffff;
	row = add_cpu(&f->b, 0);
	row->softnet_squeezed = 3;
	row->softirqs_kernel[NAPI_VEC_NET_RX] = 0;
	row->softirqs[NAPI_VEC_NET_RX] = 0x100000000;
	make(f);
	assert_int_equal(cpu_at(f, 0)->softnet_squeezed, 5);
	assert_int_equal(cpu_at(f, 0)->softirqs_kernel[NAPI_VEC_NET_RX], 1);
	assert_int_equal(cpu_at(f, 0)->net_rx_runs, 1);
}

/* Between two that are subtracted are others: 3e9 each, and none of it is lost. */
static void test_counters_that_wrap_more_than_once(void **state)
{
	struct fixture *f = *state;
	struct snapshot now;
	struct cpu_row *row = add_cpu(&f->a, 0);
	uint64_t whole = 4000000000;
	unsigned int i;

	row->softnet_processed = whole;
	row->softirqs_kernel[NAPI_VEC_NET_RX] = whole;
	row->softnet_dropped = MISSING;
	assert_int_equal(snapshot_copy(&f->b, &f->a), 0);
	snapshot_init(&now);
	for (i = 0; i < 4; i++) {
		whole += 3000000000;
		snapshot_clear(&now);
		row = add_cpu(&now, 0);
		row->softnet_processed = (uint32_t)whole;
		row->softirqs_kernel[NAPI_VEC_NET_RX] = (uint32_t)whole;
		row->softnet_dropped = 5;
		snapshot_unwrap(&now, &f->b);
		assert_int_equal(snapshot_copy(&f->b, &now), 0);
	}
	f->b.mono_ns = 2000000000000;
	make(f);
	assert_int_equal(cpu_at(f, 0)->softnet_processed, 12000000000);
	assert_int_equal(cpu_at(f, 0)->softirqs_kernel[NAPI_VEC_NET_RX],
			 12000000000);
	assert_int_equal(cpu_at(f, 0)->softnet_dropped, MISSING);
	snapshot_fini(&now);
}

/* The kernel counts from boot: the first sight of a CPU is no growth. */
static void test_kernel_counters_of_a_new_cpu_are_missing(void **state)
{
	struct fixture *f = *state;
	struct cpu_row *row = add_cpu(&f->b, 3);

	row->softnet_processed = 5000;
	row->softirqs[NAPI_VEC_TIMER] = 4;
	make(f);
	assert_int_equal(cpu_at(f, 0)->softnet_processed, MISSING);
	assert_int_equal(cpu_at(f, 0)->softirqs[NAPI_VEC_TIMER], 4);
}

static void test_missing_stays_missing(void **state)
{
	struct fixture *f = *state;

	add_pair(&f->a, 1, 0)->schedules = MISSING;
	add_pair(&f->b, 1, 0)->schedules = MISSING;
	add_pair(&f->b, 1, 1)->schedules = MISSING;
	make(f);
	assert_int_equal(napi_at(f, 0)->schedules, MISSING);
}

static void test_a_reset_device_counter_is_missing(void **state)
{
	struct fixture *f = *state;
	struct dev_row *row = table_add(&f->a.devs);

	row->ifindex = 7;
	row->netns_ino = 9;
	row->rx_packets = 100;
	row = table_add(&f->b.devs);
	row->ifindex = 7;
	row->netns_ino = 9;
	row->rx_packets = 60;
	add_pair(&f->b, 1, 0)->work = 44;
	make(f);
	row = table_at(&f->iv.devs, 0);
	assert_int_equal(row->rx_packets, MISSING);
	assert_int_equal(row->work, 44);
}

/* Polls that could not be timed are in neither side of ns_per_packet. */
static void test_ns_per_packet_is_of_timed_work(void **state)
{
	struct fixture *f = *state;
	struct napi_row *row = add_pair(&f->b, 1, 0);

	row->inline_polls = 3;
	row->threaded_polls = 1;
	row->work = 150;
	row->untimed_work = 50;
	row->poll_ns = 1200;
	row->empty_ns = 200;
	make(f);
	assert_int_equal(napi_at(f, 0)->ns_per_packet, 10);
}

static void test_poll_time_of_untimed_contexts_is_missing(void **state)
{
	struct fixture *f = *state;
	struct napi_row *row = add_pair(&f->b, 1, 0);

	row->threaded_polls = 4;
	row->work = 9;
	row->untimed_work = 9;
	row = add_pair(&f->b, 2, 0);
	row->threaded_polls = 4;
	row->exact = 1;
	row->poll_ns = 77;
	row = add_pair(&f->b, 3, 0);
	row->threaded_polls = 4;
	row->untimed_polls = 4;
	row->exact = 1;
	row = add_pair(&f->b, 4, 0);
	row->threaded_polls = 4;
	row->untimed_polls = 3;
	row->exact = 1;
	row->poll_ns = 78;
	make(f);
	assert_int_equal(napi_at(f, 0)->poll_ns, MISSING);
	assert_int_equal(napi_at(f, 0)->ns_per_packet, MISSING);
	assert_int_equal(napi_at(f, 1)->poll_ns, 77);
	assert_int_equal(napi_at(f, 2)->poll_ns, MISSING);
	assert_int_equal(napi_at(f, 3)->poll_ns, 78);
}

static void test_squeezes_across_a_sysctl_change_have_no_kind(void **state)
{
	struct fixture *f = *state;
	struct cpu_row *row;

	add_cpu(&f->a, 0);
	row = add_cpu(&f->b, 0);
	row->squeeze_budget = 3;
	row->squeeze_time = 4;
	row->squeeze_both = 5;
	f->a.host.netdev_budget = 300;
	f->b.host.netdev_budget = 600;
	make(f);
	assert_int_equal(cpu_at(f, 0)->squeeze_budget, MISSING);
	assert_int_equal(cpu_at(f, 0)->squeeze_time, MISSING);
	assert_int_equal(cpu_at(f, 0)->squeeze_both, MISSING);
	assert_int_equal(cpu_at(f, 0)->squeeze_work_left, MISSING);
	assert_int_equal(f->iv.lost.squeeze_unattributed, 12);
}

static void test_selection_by_device_and_cpu(void **state)
{
	struct fixture *f = *state;
	struct cpuset cpus;
	const struct selection sel = { .dev = "eth0", .cpus = &cpus };
	struct napi_row *row;

	assert_int_equal(cpuset_parse("1", &cpus), 0);
	row = add_pair(&f->b, 1, 0);
	strcpy(row->dev, "eth0");
	row = add_pair(&f->b, 1, 1);
	strcpy(row->dev, "eth0");
	row->inline_polls = 6;
	row = add_pair(&f->b, 2, 1);
	strcpy(row->dev, "eth1");
	snapshot_select(&f->b, &sel);
	make(f);
	assert_int_equal(f->iv.napis.count, 1);
	assert_int_equal(napi_at(f, 0)->polls, 6);
	cpuset_fini(&cpus);
}

static void test_what_was_renamed_is_selected_with_its_past(void **state)
{
	struct fixture *f = *state;
	const struct selection sel = { .dev = "wan0" };
	struct napi_row *row;

	row = add_pair(&f->a, 1, 0);
	strcpy(row->dev, "eth0");
	row->inline_polls = 100;
	row = add_pair(&f->b, 1, 0);
	strcpy(row->dev, "wan0");
	row->inline_polls = 106;
	snapshots_select(&f->a, &f->b, &sel);
	make(f);
	assert_int_equal(f->iv.napis.count, 1);
	assert_int_equal(napi_at(f, 0)->polls, 6);
}

static void test_sort_puts_missing_last(void **state)
{
	struct fixture *f = *state;

	add_pair(&f->b, 1, 0)->schedules = MISSING;
	add_pair(&f->b, 2, 0)->schedules = 5;
	add_pair(&f->b, 3, 0)->schedules = 50;
	make(f);
	assert_int_equal(interval_sort(&f->iv, "schedules"), 0);
	assert_int_equal(napi_at(f, 0)->id, 3);
	assert_int_equal(napi_at(f, 2)->id, 1);
	assert_true(interval_sort(&f->iv, "dev") < 0);
	assert_true(interval_sort(&f->iv, "nonsense") < 0);
}

static void test_growth_over_many_rows(void **state)
{
	struct fixture *f = *state;
	uint64_t id;

	for (id = 0; id < 1000; id++) {
		add_pair(&f->a, id, id % 4)->work = id;
		add_pair(&f->b, id, id % 4)->work = 3 * id;
	}
	make(f);
	assert_int_equal(f->iv.napis.count, 1000);
	for (id = 0; id < 1000; id++)
		assert_int_equal(napi_at(f, id)->work, 2 * id);
}

/* What gave its place back grew until then, and others are untouched by it. */
static void test_what_is_gone_is_not_lost(void **state)
{
	struct fixture *f = *state;
	size_t last;

	add_pair(&f->a, 1, 0)->work = 100;
	add_pair(&f->a, 1, 1)->work = 20;
	add_pair(&f->a, 2, 0)->work = 7;
	add_pair(&f->a, NAPI_GONE, 0)->work = 1000;
	/* 1 is gone after 5 more, and one that came and went after a had 31. */
	add_pair(&f->b, 2, 0)->work = 9;
	add_pair(&f->b, NAPI_GONE, 0)->work = 1000 + 105 + 31;
	add_pair(&f->b, NAPI_GONE, 1)->work = 20;
	make(f);
	assert_int_equal(f->iv.napis.count, 2);
	last = f->iv.napis.count - 1;
	assert_int_equal(napi_at(f, 0)->work, 2);
	assert_true(napi_at(f, last)->id == NAPI_GONE);
	assert_int_equal(napi_at(f, last)->work, 5 + 31);
}

static struct irq_row *add_irq(struct snapshot *s, uint64_t id, uint64_t cpu,
			       uint64_t count)
{
	struct irq_row *row = table_add(&s->irqs);

	row->irq = 40;
	row->id = id;
	row->cpu = cpu;
	row->count = count;
	return row;
}

/* Of the line all of them together have what the kernel has. */
static void test_an_action_that_is_gone_is_not_lost(void **state)
{
	struct fixture *f = *state;
	const struct irq_row *irqs;

	add_irq(&f->a, 1, 0, 100);
	add_irq(&f->a, 1, 1, 20);
	add_irq(&f->a, IRQ_GONE(40), 0, 1000);
	/* 1 is gone after 5 more, and there is another one. */
	add_irq(&f->b, 2, 0, 7);
	add_irq(&f->b, IRQ_GONE(40), 0, 1000 + 105);
	add_irq(&f->b, IRQ_GONE(40), 1, 20);
	add_line(&f->a, 40, 0, 2000);
	add_line(&f->b, 40, 0, 2000 + 5 + 7);
	make(f);
	irqs = f->iv.irqs.rows;
	assert_int_equal(f->iv.irqs.count, 2);
	assert_int_equal(irqs[0].count, 7);
	assert_int_equal(irqs[0].count_kernel, 12);
	assert_true(irqs[1].id == IRQ_GONE(40));
	assert_int_equal(irqs[1].count, 5);
	assert_int_equal(irqs[1].count_kernel, MISSING);
}

/* Nothing is taken from those that are gone for a row that was not chosen. */
static void test_without_a_row_for_the_gone(void **state)
{
	struct fixture *f = *state;

	add_pair(&f->a, 1, 0)->work = 100;
	add_pair(&f->b, 2, 0)->work = 9;
	make(f);
	assert_int_equal(f->iv.napis.count, 1);
	assert_int_equal(napi_at(f, 0)->work, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_contexts_add_up),
		TEST(test_a_pair_that_appears_counts_from_zero),
		TEST(test_a_row_that_vanishes_is_dropped),
		TEST(test_kernel_counters_wrap_at_32_bits),
		TEST(test_counters_that_wrap_more_than_once),
		TEST(test_kernel_counters_of_a_new_cpu_are_missing),
		TEST(test_missing_stays_missing),
		TEST(test_a_reset_device_counter_is_missing),
		TEST(test_ns_per_packet_is_of_timed_work),
		TEST(test_poll_time_of_untimed_contexts_is_missing),
		TEST(test_squeezes_across_a_sysctl_change_have_no_kind),
		TEST(test_selection_by_device_and_cpu),
		TEST(test_what_was_renamed_is_selected_with_its_past),
		TEST(test_sort_puts_missing_last),
		TEST(test_growth_over_many_rows),
		TEST(test_what_is_gone_is_not_lost),
		TEST(test_an_action_that_is_gone_is_not_lost),
		TEST(test_without_a_row_for_the_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
