// SPDX-License-Identifier: GPL-2.0-or-later
/* Totals: by name, through reloads, changes of sysctls, and with little room. */
#include "total_state.h"

#include "model/hist.h"

static void test_adds_up_over_cpus_and_intervals(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	poll(add_pair(s, 1, 0, "eth0", 0), 3, 30);
	poll(add_pair(s, 1, 1, "eth0", 0), 2, 20);
	add(f);
	s = next(f, 500);
	poll(table_at(&s->pairs, 1), 10, 100);
	add(f);
	assert_int_equal(f->whole.napis.count, 1);
	assert_int_equal(whole_napi(f, "eth0/0")->polls, 15);
	assert_int_equal(whole_napi(f, "eth0/0")->work, 150);
	assert_int_equal(f->whole.ns, MSEC + 500);
}

static void test_what_was_there_before_is_not_in_it(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = &f->snapshots[0];

	poll(add_pair(s, 1, 0, "eth0", 0), 1000, 1000);
	s = next(f, MSEC);
	poll(table_at(&s->pairs, 0), 1, 5);
	add(f);
	assert_int_equal(whole_napi(f, "eth0/0")->work, 5);
}

static void test_a_reloaded_driver_goes_on(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	poll(add_pair(s, 1, 0, "eth0", 0), 3, 30);
	add_dev(s, 7, "eth0", 30);
	add(f);
	/* Another ifindex, another NAPI id, the same name; the old row stays. */
	s = next(f, MSEC);
	poll(add_pair(s, 2, 0, "eth0", 0), 4, 40);
	((struct napi_row *)table_at(&s->pairs, 1))->ifindex = 8;
	table_clear(&s->devs);
	add_dev(s, 8, "eth0", 40);
	add(f);
	assert_int_equal(f->whole.napis.count, 1);
	assert_int_equal(whole_napi(f, "eth0/0")->work, 70);
	/* The device is the new one, the kernel's count its own. */
	assert_int_equal(f->whole.devs.count, 1);
	assert_int_equal(((struct dev_row *)f->whole.devs.rows)->rx_packets, 40);
	assert_int_equal(((struct dev_row *)f->whole.devs.rows)->work, 70);
}

static const struct dev_row *whole_dev(const struct fixture *f, const char *dev)
{
	const struct dev_row *row;

	table_for_each (&f->whole.devs, row)
		if (!strcmp(row->dev, dev))
			return row;
	return NULL;
}

/* Wherever its NAPIs are polled first, and whatever polled before. */
static void test_a_reloaded_device_goes_on_with_all_its_queues(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct napi_row *row;
	uint64_t cpu;

	for (cpu = 0; cpu < 4; cpu++)
		poll(add_pair(s, 1, cpu, "eth0", 0), 1, 100);
	poll(add_pair(s, 2, 0, "eth0", 1), 1, 50);
	add_dev(s, 7, "eth0", 450);
	add(f);
	assert_int_equal(whole_dev(f, "eth0")->work, 450);
	s = next(f, MSEC);
	row = add_pair(s, 3, 3, "eth0", 0);
	row->ifindex = 8;
	poll(row, 1, 1);
	table_clear(&s->devs);
	add_dev(s, 8, "eth0", 1);
	add(f);
	assert_int_equal(whole_dev(f, "eth0")->work, 451);
	assert_int_equal(whole_dev(f, "eth0")->rx_packets, 1);
}

/* The numbers of a namespace and of a device are given out again. */
static void test_a_name_is_not_its_numbers(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct dev_row *dev;

	poll(add_pair(s, 1, 0, "eth0", 0), 1, 1000);
	add_dev(s, 7, "eth0", 1000);
	add(f);
	/* Renamed. */
	s = next(f, MSEC);
	dev = table_at(&s->devs, 0);
	snprintf(dev->dev, sizeof(dev->dev), "wan0");
	snprintf(((struct napi_row *)table_at(&s->pairs, 0))->dev, ROW_NAME,
		 "wan0");
	snprintf(((struct napi_row *)table_at(&s->pairs, 0))->label, ROW_NAME,
		 "wan0/0");
	poll(table_at(&s->pairs, 0), 1, 100);
	add(f);
	assert_null(whole_dev(f, "eth0"));
	assert_int_equal(whole_dev(f, "wan0")->work, 100);
	assert_int_equal(whole_napi(f, "wan0/0")->work, 100);
}

static void test_cpus_keep_what_was_polled_by_who_is_forgotten(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);

	((struct cpu_row *)table_add(&s->cpus))->cpu = 0;
	poll(add_pair(s, 1, 0, "eth0", 0), 1, 1000);
	poll(add_pair(s, 2, 0, "veth1", 0), 1, 50);
	((struct napi_row *)table_at(&s->pairs, 1))->ifindex = 8;
	add_dev(s, 7, "eth0", 1000);
	add(f);
	s = next(f, HOUR);
	poll(table_at(&s->pairs, 0), 1, 1);
	add(f);
	assert_null(whole_napi(f, "veth1/0"));
	assert_int_equal(((struct cpu_row *)f->whole.cpus.rows)->work, 1051);
	assert_int_equal(((struct cpu_row *)f->whole.cpus.rows)->polls, 3);
}

static void test_who_is_other_is_in_its_device(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	uint64_t i;

	for (i = 0; i < 5; i++)
		poll(add_pair(s, i + 1, 0, "eth0", i), 1, 1);
	add_dev(s, 7, "eth0", 5);
	add(f);
	assert_int_equal(whole_dev(f, "eth0")->work, 5);
}

static void test_histograms_of_a_device_go_on(void **state)
{
	struct fixture *f = *state;
	struct napi_row key = { .id = total_dev_id("", "eth0"), .cpu = MISSING };
	struct hist_row *h, sum;
	struct snapshot *s;
	uint64_t id;

	f->total.hists_by_dev = true;
	for (id = 1; id < 4; id++) {
		s = next(f, MSEC);
		poll(add_pair(s, id, 0, "eth0", 0), 1, 10);
		h = table_add(&s->hists);
		h->kind = NAPI_HIST_WORK;
		h->id = id;
		h->counts[hist_bucket(10)] = 1;
		h->sum = 10;
		if (id == 1)
			add_dev(s, 7, "eth0", 10);
		add(f);
	}
	assert_true(
		hist_of_row(&f->whole, NAPI_HIST_WORK, SCOPE_NAPI, &key, &sum));
	assert_int_equal(hist_count(&sum), 3);
	assert_int_equal(sum.sum, 30);
}

/* What has no row is shown nowhere, and would stay for good. */
static void test_histograms_of_a_device_that_has_no_row(void **state)
{
	struct fixture *f = *state;
	struct hist_row *h;
	struct snapshot *s;

	f->total.hists_by_dev = true;
	s = next(f, MSEC);
	poll(add_pair(s, 1, 0, "tap0", 0), 1, 10);
	h = table_add(&s->hists);
	h->kind = NAPI_HIST_WORK;
	h->id = 1;
	h->counts[hist_bucket(10)] = 1;
	add(f);
	assert_int_equal(f->total.sum.hists.count, 0);
}

/* Its interrupt was lost: nothing polls, and its ring runs over. */
static void test_a_device_that_drops_is_shown(void **state)
{
	struct fixture *f = *state;
	struct dev_row *dev;

	dev = add_dev(&f->snapshots[0], 7, "eth0", 5);
	dev->rx_missed = 100;
	add_dev(&f->snapshots[0], 8, "eth1", 5)->rx_missed = 100;
	dev = table_at(&next(f, MSEC)->devs, 0);
	dev->rx_missed = 190;
	add(f);
	assert_int_equal(f->whole.devs.count, 1);
	assert_int_equal(whole_dev(f, "eth0")->rx_missed, 190);
}

static void test_what_cannot_be_had_is_missing(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = &f->snapshots[0];

	s->lost.missed = MISSING;
	s = next(f, MSEC);
	s->lost.slots = 3;
	add(f);
	assert_true(f->whole.lost.missed == MISSING);
	assert_int_equal(f->whole.lost.slots, 3);
}

/* Threads that the tracepoint tier cannot time; then one in the softirq. */
static void test_polls_without_a_time_have_none(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct napi_row *row = add_pair(s, 1, 0, "eth0", 0);

	((struct cpu_row *)table_add(&s->cpus))->cpu = 0;
	add_dev(s, 7, "eth0", 5);
	row->threaded_polls = 5;
	row->work = 5;
	add(f);
	assert_int_equal(whole_dev(f, "eth0")->polls, 5);
	assert_true(whole_dev(f, "eth0")->poll_ns == MISSING);
	assert_true(((struct cpu_row *)f->whole.cpus.rows)->poll_ns == MISSING);
	assert_true(whole_napi(f, "eth0/0")->poll_ns == MISSING);
	s = next(f, MSEC);
	row = table_at(&s->pairs, 0);
	poll(row, 1, 1);
	row->poll_ns += 700;
	add(f);
	assert_int_equal(whole_dev(f, "eth0")->poll_ns, 700);
	assert_int_equal(((struct cpu_row *)f->whole.cpus.rows)->poll_ns, 700);
	assert_int_equal(whole_napi(f, "eth0/0")->poll_ns, 700);
}

/* A CPU that goes, and comes back; a counter of 32 bits that wraps. */
static void test_the_kernels_counters_do_not_go_back(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = &f->snapshots[0];
	struct cpu_row *cpu = table_add(&s->cpus);

	cpu->softnet_processed = 0xfffffff0;
	cpu->stat_steal_ns = 500;
	s = next(f, MSEC);
	cpu = table_at(&s->cpus, 0);
	cpu->softnet_processed = 0xfffffff8;
	add_action(s, 77, "eth0-0")->count = 1;
	add_line(s, 1, 900);
	add_line(s, 0, 100);
	add(f);
	cpu = f->whole.cpus.rows;
	assert_true(cpu->softnet_processed == 0xfffffff8);
	assert_int_equal(((struct irq_row *)f->whole.irqs.rows)->count_kernel,
			 1000);
	s = next(f, MSEC);
	cpu = table_at(&s->cpus, 0);
	cpu->softnet_processed = 8;
	cpu->stat_steal_ns = 490;
	s->lines.count = 1;
	add(f);
	cpu = f->whole.cpus.rows;
	assert_true(cpu->softnet_processed == 0x100000008ULL);
	assert_int_equal(cpu->stat_steal_ns, 500);
	assert_int_equal(((struct irq_row *)f->whole.irqs.rows)->count_kernel,
			 1000);
	/* Offline: nothing is known, and nothing lost. */
	s = next(f, MSEC);
	rows_missing(SCOPE_CPU, table_at(&s->cpus, 0));
	add(f);
	cpu = f->whole.cpus.rows;
	assert_true(cpu->softnet_processed == 0x100000008ULL);
}

static void test_a_gone_one_that_lost_its_queue_gets_no_new_name(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct napi_row *row;

	poll(add_pair(s, 1, 0, "eth0", 0), 3, 30);
	add(f);
	s = next(f, MSEC);
	row = table_at(&s->pairs, 0);
	row->queue = MISSING;
	snprintf(row->label, sizeof(row->label), "eth0#8001");
	add(f);
	assert_int_equal(f->whole.napis.count, 1);
	assert_non_null(whole_napi(f, "eth0/0"));
}

static void test_without_a_queue_its_interrupt_names_it(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct napi_row *row = add_pair(s, 1, 0, "eth0", MISSING);

	row->irq = 24;
	poll(row, 3, 30);
	add_action(s, 77, "eth0-TxRx-0");
	add(f);
	/* Down and up: it is freed, and requested at another address. */
	s = next(f, MSEC);
	poll(table_at(&s->pairs, 0), 1, 7);
	add_action(s, 79, "eth0-TxRx-0");
	add(f);
	assert_int_equal(whole_napi(f, "eth0-TxRx-0")->work, 37);
	/* While which one it is is undecided, the name stays. */
	s = next(f, MSEC);
	row = table_at(&s->pairs, 0);
	poll(row, 1, 2);
	row->irq = MISSING;
	add(f);
	s = next(f, MSEC);
	add(f);
	s = next(f, MSEC);
	row = table_at(&s->pairs, 0);
	poll(row, 1, 1);
	add(f);
	assert_int_equal(whole_napi(f, "eth0-TxRx-0")->work, 40);
	assert_null(whole_napi(f, "eth0#8001"));
	/* Two actions on the line: which one is not known. */
	s = next(f, MSEC);
	row = table_at(&s->pairs, 0);
	poll(row, 1, 1);
	row->irq = 24;
	add_action(s, 78, "uhci");
	add(f);
	assert_int_equal(whole_napi(f, "eth0#8001")->work, 1);
}

static void test_who_finds_no_place_is_other(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	uint64_t i, work = 0;

	for (i = 0; i < 5; i++)
		poll(add_pair(s, i + 1, 0, "eth0", i), 1, 1);
	add(f);
	assert_int_equal(f->whole.napis.count, 3);
	assert_int_equal(whole_napi(f, TOTAL_OTHER)->work, 3);
	/* Who has a place keeps it. */
	s = next(f, MSEC);
	poll(table_at(&s->pairs, 0), 1, 10);
	poll(table_at(&s->pairs, 4), 1, 100);
	add(f);
	assert_int_equal(whole_napi(f, "eth0/0")->work, 11);
	assert_int_equal(whole_napi(f, TOTAL_OTHER)->work, 103);
	for (i = 0; i < f->whole.napis.count; i++)
		work += ((struct napi_row *)table_at(&f->whole.napis, i))->work;
	assert_int_equal(work, 115);
}

/* The backlog of a CPU that comes late, too. */
static void test_a_backlog_always_has_a_place(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct napi_row *row;
	uint64_t i;

	for (i = 0; i < 5; i++)
		poll(add_pair(s, i + 1, 0, "eth0", i), 1, 1);
	add(f);
	s = next(f, MSEC);
	row = add_pair(s, 9, 2, "", MISSING);
	row->backlog_cpu = 2;
	snprintf(row->label, sizeof(row->label), "backlog/2");
	poll(row, 1, 7);
	add(f);
	assert_int_equal(whole_napi(f, "backlog/2")->work, 7);
	assert_int_equal(whole_napi(f, TOTAL_OTHER)->work, 3);
}

static void idle_for_an_hour(struct fixture *f, size_t room)
{
	struct snapshot *s;

	f->total.max_napis = room;
	s = next(f, MSEC);
	poll(add_pair(s, 1, 0, "veth1", 0), 1, 1);
	poll(add_pair(s, 2, 0, "veth2", 0), 1, 1);
	((struct napi_row *)table_at(&s->pairs, 1))->ifindex = 8;
	add_dev(s, 7, "veth1", 1);
	add(f);
	s = next(f, HOUR);
	poll(add_pair(s, 3, 0, "veth3", 0), 1, 1);
	add(f);
	assert_null(whole_napi(f, "veth2/0"));
	assert_non_null(whole_napi(f, "veth3/0"));
	assert_null(whole_napi(f, TOTAL_OTHER));
}

static void test_a_place_is_free_an_hour_after_its_device_went(void **state)
{
	struct fixture *f = *state;

	idle_for_an_hour(f, 3);
	/* The first has its device, however idle it is. */
	assert_non_null(whole_napi(f, "veth1/0"));
}

static void test_without_room_whoever_was_idle_for_an_hour_goes(void **state)
{
	struct fixture *f = *state;

	idle_for_an_hour(f, 2);
	assert_null(whole_napi(f, "veth1/0"));
}

static void test_histograms_follow_their_rows(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = next(f, MSEC);
	struct hist_row *h, sum;
	uint64_t cpu;

	for (cpu = 0; cpu < 2; cpu++) {
		poll(add_pair(s, 1, cpu, "eth0", 0), 3, 30);
		h = table_add(&s->hists);
		h->kind = NAPI_HIST_WORK;
		h->id = 1;
		h->cpu = cpu;
		h->counts[hist_bucket(10)] = 3;
		h->sum = 30;
	}
	h = table_add(&s->hists);
	h->kind = NAPI_HIST_RAISE_NS;
	h->cpu = 1;
	h->counts[hist_bucket(5)] = 1;
	((struct cpu_row *)table_add(&s->cpus))->cpu = 1;
	add(f);
	s = next(f, MSEC);
	poll(table_at(&s->pairs, 0), 1, 10);
	((struct hist_row *)table_at(&s->hists, 0))->counts[hist_bucket(10)]++;
	add(f);
	assert_true(hist_of_row(&f->whole, NAPI_HIST_WORK, SCOPE_NAPI,
				whole_napi(f, "eth0/0"), &sum));
	assert_int_equal(hist_count(&sum), 7);
	assert_true(hist_of_row(&f->whole, NAPI_HIST_RAISE_NS, SCOPE_CPU,
				f->whole.cpus.rows, &sum));
	assert_int_equal(hist_count(&sum), 1);
}

static void test_squeezes_of_a_changed_budget_have_no_kind(void **state)
{
	struct fixture *f = *state;
	struct snapshot *s = &f->snapshots[0];
	struct cpu_row *cpu = table_add(&s->cpus);

	s->host.netdev_budget = 300;
	s = next(f, MSEC);
	cpu = table_at(&s->cpus, 0);
	cpu->squeeze_budget = 3;
	cpu->softnet_squeezed = 1003;
	add(f);
	s = next(f, MSEC);
	s->host.netdev_budget = 600;
	cpu = table_at(&s->cpus, 0);
	cpu->squeeze_budget = 10;
	cpu->softnet_squeezed = 1010;
	add(f);
	cpu = f->whole.cpus.rows;
	assert_int_equal(cpu->squeeze_budget, 3);
	assert_int_equal(f->whole.lost.squeeze_unattributed, 7);
	assert_int_equal(cpu->softnet_squeezed, 1010);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_adds_up_over_cpus_and_intervals),
		TEST(test_what_was_there_before_is_not_in_it),
		TEST(test_a_reloaded_driver_goes_on),
		TEST(test_a_reloaded_device_goes_on_with_all_its_queues),
		TEST(test_a_name_is_not_its_numbers),
		TEST(test_cpus_keep_what_was_polled_by_who_is_forgotten),
		TEST(test_who_is_other_is_in_its_device),
		TEST(test_histograms_of_a_device_go_on),
		TEST(test_histograms_of_a_device_that_has_no_row),
		TEST(test_what_cannot_be_had_is_missing),
		TEST(test_a_device_that_drops_is_shown),
		TEST(test_polls_without_a_time_have_none),
		TEST(test_the_kernels_counters_do_not_go_back),
		TEST(test_a_gone_one_that_lost_its_queue_gets_no_new_name),
		TEST(test_without_a_queue_its_interrupt_names_it),
		TEST(test_who_finds_no_place_is_other),
		TEST(test_a_backlog_always_has_a_place),
		TEST(test_a_place_is_free_an_hour_after_its_device_went),
		TEST(test_without_room_whoever_was_idle_for_an_hour_goes),
		TEST(test_histograms_follow_their_rows),
		TEST(test_squeezes_of_a_changed_budget_have_no_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
