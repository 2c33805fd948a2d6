// SPDX-License-Identifier: GPL-2.0-or-later
/* What looks like a rule's case and is none, and commands that would do harm. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenarios.h"

/* --- whose drops -------------------------------------------------------------- */

/* Of ice what was missed is the port's; the ring's own counter is beside it. */
static void test_a_port_is_no_ring(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	scene_dev(&s, 0)->rx_ring_drops = 0;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_FOUND);
	scene_set(&s, "dev/eth0/driver", "ice");
	assert_int_equal(state_of(&s, "ring-drops"), RULE_CLEAR);
	scene_fini(&s);
}

/* A new ring would reset what virtual machines have. */
static void test_virtual_functions(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	scene_set(&s, "dev/eth0/numvfs", "0");
	assert_non_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "\nethtool -G"));
	scene_set(&s, "dev/eth0/numvfs", "4");
	assert_int_equal(*scene_judged(&s, "ring-drops")->fix, '#');
	assert_null(strchr(scene_judged(&s, "ring-drops")->fix, '\n'));
	scene_fini(&s);
}

static void test_few_drops_of_many(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	scene_dev(&s, 0)->rx_packets = 999999;
	assert_int_equal(scene_judged(&s, "ring-drops")->severity,
			 SEVERITY_WARNING);
	scene_dev(&s, 0)->rx_packets = 1000001;
	assert_int_equal(scene_judged(&s, "ring-drops")->severity, SEVERITY_NOTE);
	scene_dev(&s, 0)->rx_missed = 10;
	scene_dev(&s, 0)->rx_packets = 100000000;
	assert_int_equal(scene_judged(&s, "ring-drops")->severity,
			 SEVERITY_WARNING);
	scene_fini(&s);
}

/* One packet in a hundred squeezes was not lost for them. */
static void test_squeezes_that_lose_little(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_lossy(&s);
	scene_dev(&s, 0)->rx_missed = scene_cpu(&s, 1)->squeeze_budget / 100;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_FOUND);
	scene_dev(&s, 0)->rx_missed--;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_CLEAR);
	scene_fini(&s);
}

/* The limit drops at one CPU, and the backlog of another is full. */
static void test_the_flow_limit_is_of_one_cpu(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_cpu(&s, 0)->softnet_flow_limit = 100000;
	scene_cpu(&s, 1)->softnet_dropped = 100000;
	scene_cpu(&s, 3)->softnet_dropped = 40000;
	scene_judge(&s);
	table_for_each (&s.verdict.findings, f)
		if (!strcmp(f->id, "backlog-drops"))
			assert_int_equal(f->severity, f->cpu == 3 ?
							      SEVERITY_WARNING :
							      SEVERITY_NOTE);
	assert_int_equal(scene_rule(&s, "backlog-drops")->state, RULE_FOUND);
	scene_fini(&s);
}

/* --- whose time --------------------------------------------------------------- */

static void test_stolen_runs(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_by_time(&s);
	assert_int_equal(state_of(&s, "squeeze-time"), RULE_FOUND);
	scene_cpu(&s, 1)->stat_steal_ns = NS / 4;
	assert_int_equal(state_of(&s, "squeeze-time"), RULE_CLEAR);
	assert_int_equal(scene_rule(&s, "squeeze-elsewhere")->state, RULE_FOUND);
	scene_fini(&s);
}

/* Threads wait for tasks in user mode, too. */
static void test_threads_do_not_preempt_tasks(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	scene_cpu(&s, 0)->stat_idle_ns = NS / 50;
	scene_cpu(&s, 0)->stat_user_ns = NS / 100 * 92;
	scene_polled(&s, 0, 4000, 40000, NS / 10);
	assert_non_null(strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G"));
	scene_set(&s, "host/cmdline", "threadirqs");
	assert_string_equal(scene_judged(&s, "ring-drops")->fix, "");
	scene_unset(&s, "host/cmdline");
	scene_set(&s, "host/realtime", "1");
	assert_string_equal(scene_judged(&s, "ring-drops")->fix, "");
	scene_fini(&s);
}

/* Full, and of threads that nobody times: that is not "nothing". */
static void test_threads_without_a_time(void **state)
{
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	threaded(&s);
	n = scene_napi(&s, 0);
	n->threaded_polls = n->polls;
	n->inline_polls = 0;
	n->poll_ns = MISSING;
	scene_place(&s, 0, 0);
	assert_int_equal(state_of(&s, "cpu-saturated"), RULE_CLEAR);
	scene_cpu(&s, 0)->stat_idle_ns = 0;
	assert_int_equal(state_of(&s, "cpu-saturated"), RULE_NOT_MEASURED);
	scene_fini(&s);
}

/* A task fills the CPU of a backlog's thread, which has little to do. */
static void test_a_threaded_backlog_beside_a_task(void **state)
{
	struct napi_row *backlog;
	struct scene s;

	(void)state;
	scene_init(&s);
	funnel(&s);
	backlog = scene_napi(&s, 4);
	backlog->threaded_polls = backlog->polls;
	backlog->inline_polls = 0;
	scene_cpu(&s, 1)->net_rx_ns = 0;
	scene_cpu(&s, 1)->stat_idle_ns = 0;
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_FOUND);
	backlog->poll_ns = NS / 50;
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_CLEAR);
	scene_fini(&s);
}

/* --- polls -------------------------------------------------------------------- */

/* After each interrupt the timer looks twice: it started none that found something. */
static void test_a_deferral_that_is_idle(void **state)
{
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	by_timer(&s);
	n = scene_napi(&s, 0);
	n->polls = n->inline_polls = 300;
	n->watchdog_polls = n->empty = 200;
	assert_int_equal(state_of(&s, "timer-polls"), RULE_CLEAR);
	n->empty = 100;
	assert_int_equal(state_of(&s, "timer-polls"), RULE_FOUND);
	scene_fini(&s);
}

static void test_wireguard_waits_for_other_cpus(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	empty(&s);
	assert_int_equal(scene_judged(&s, "empty-polls")->severity,
			 SEVERITY_WARNING);
	strcpy(scene_napi(&s, 0)->poll_func, "wg_packet_rx_poll");
	assert_int_equal(scene_judged(&s, "empty-polls")->severity,
			 SEVERITY_HARMLESS);
	scene_fini(&s);
}

/* Of eight channels the hash uses two: one of these may have two thirds. */
static void test_queues_that_the_hash_uses(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	skewed(&s);
	scene_polled(&s, 0, 8000, 500000, NS / 3);
	scene_napi(&s, 2)->work = scene_napi(&s, 3)->work = 0;
	assert_int_equal(state_of(&s, "hash-skew"), RULE_FOUND);
	scene_set(&s, "dev/eth0/rss/queues", "2");
	assert_int_equal(state_of(&s, "hash-skew"), RULE_CLEAR);
	scene_fini(&s);
}

/* --- where to ----------------------------------------------------------------- */

/* Two that starve are not given the same CPU. */
static void test_one_cpu_for_one_interrupt(void **state)
{
	const struct finding *f;
	unsigned int to[4] = { 0 }, i;
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	starved(&s);
	n = scene_add_napi(&s, "eth1/1", "eth1", 41, 0);
	n->ifindex = 3;
	scene_polled(&s, 5, 100, 300, NS / 100);
	scene_hist(&s, NAPI_HIST_SCHED_NS, 6, 0, hist_bucket(1000000), 20)->max =
		1000000;
	scene_judge(&s);
	table_for_each (&s.verdict.findings, f)
		if (!strcmp(f->id, "napi-starved") &&
		    sscanf(f->fix, "echo %u >", &i) == 1 && i < 4)
			to[i]++;
	assert_int_equal(to[0], 0);
	assert_int_equal(to[1] + to[2] + to[3], 2);
	assert_true(to[1] < 2 && to[2] < 2 && to[3] < 2);
	scene_fini(&s);
}

/* The other thread of a full core is no idle CPU. */
static void test_the_other_thread_is_full(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	for (i = 4; i < 6; i++)
		scene_add_cpu(&s, i);
	scene_set(&s, "cpu/online", "0-5");
	for (i = 0; i < 6; i++)
		scene_set_number(&s, "cpu/%u/siblings", i,
				 (const char *[]){ "0-1", "2-3", "4-5" }[i / 2]);
	assert_non_null(strstr(scene_judged(&s, "shared-cpu")->fix, "echo 2 >"));
	scene_cpu(&s, 3)->net_rx_ns = NS / 100 * 95;
	assert_non_null(strstr(scene_judged(&s, "shared-cpu")->fix, "echo 4 >"));
	scene_fini(&s);
}

/* One interrupt for both: to move it moves both. */
static void test_who_starves_for_the_same_interrupt(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	starved(&s);
	scene_napi(&s, 4)->irq = ETH0_IRQ;
	scene_place(&s, 4, 0);
	assert_string_equal(scene_judged(&s, "napi-starved")->fix, "");
	scene_fini(&s);
}

/* Who would undo it comes first, and what it waits for last. */
static void test_moves_that_would_not_hold(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	scene_napi(&s, 4)->sessions = 100;
	scene_place(&s, 4, 0);
	scene_polled(&s, 4, 8000, 300000, NS / 100 * 30);
	assert_string_equal(scene_judged(&s, "shared-cpu")->fix,
			    "echo 1 >/proc/irq/40/smp_affinity_list");
	scene_napi(&s, 4)->sessions = 0;
	scene_place(&s, 4, 0);
	scene_set(&s, "irqbalance/running", "1");
	f = scene_judged(&s, "shared-cpu");
	assert_int_equal(strncmp(f->fix, "# irqbalance", 12), 0);
	assert_non_null(strstr(f->fix, "\necho 1 >/proc/irq/40/"));
	assert_non_null(strstr(f->fix, "\n# it stays where it is polled"));
	scene_fini(&s);
}

/* All of two devices on one CPU: both are named, each with its share. */
static void test_two_devices_on_one_cpu(void **state)
{
	const struct finding *f;
	unsigned int i, times = 0;
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 50);
	scene_add_dev(&s, "eth1", 3)->rx_packets = 300000;
	for (i = 0; i < 2; i++) {
		n = scene_add_napi(&s, "eth1/x", "eth1", 40 + i, 2);
		n->ifindex = 3;
		scene_place(&s, 4 + i, 2);
		scene_polled(&s, 4 + i, 8000, 300000, NS / 100 * 22);
		scene_set_number(&s, "irq/%u/affinity", 40 + i, "2");
	}
	scene_cpu(&s, 2)->net_rx_ns = NS / 100 * 97;
	scene_judge(&s);
	table_for_each (&s.verdict.findings, f)
		if (!strcmp(f->id, "irqs-on-one-cpu"))
			times++;
	assert_int_equal(times, 2);
	scene_fini(&s);
}

/* RPS to a CPU that is full of something else would only drop there. */
static void test_masks_leave_out_who_is_full(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	assert_non_null(strstr(scene_judged(&s, "single-queue")->fix, "echo e "));
	scene_cpu(&s, 2)->net_rx_ns = NS / 100 * 95;
	assert_non_null(strstr(scene_judged(&s, "single-queue")->fix, "echo a "));
	/* One is no mask: it would move all of it. */
	scene_cpu(&s, 1)->net_rx_ns = NS / 100 * 95;
	assert_non_null(strstr(scene_judged(&s, "single-queue")->fix, "echo e "));
	scene_fini(&s);
}

/* Moderation is of all queues: of the busiest one it must not fill the ring. */
static void test_moderation_fits_the_busiest_queue(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	flapping(&s);
	assert_non_null(strstr(scene_judged(&s, "flapping")->fix, "rx-usecs 250"));
	scene_polled(&s, 3, 100000, 20000000, NS / 20);
	assert_non_null(strstr(scene_judged(&s, "flapping")->fix, "rx-usecs 128"));
	scene_fini(&s);
}

/* More than a finding has room for is kept in a file, before it is changed. */
static void test_long_affinities_have_a_way_back(void **state)
{
	char list[400] = "", path[32];
	const struct finding *f;
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	gathered(&s);
	for (i = 0; i < 80; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s%u", i ? "," : "", 2 + 2 * i);
	for (i = 0; i < NR_QUEUES; i++) {
		snprintf(path, sizeof(path), "irq/%u/affinity", ETH0_IRQ + i);
		scene_unset(&s, path);
		assert_int_equal(config_add(&s.iv.config, path, list), 0);
	}
	config_sort(&s.iv.config);
	f = scene_judged(&s, "irqs-on-one-cpu");
	assert_int_equal(
		strncmp(f->fix, "[ -e ~/affinities.before ] || for i in 24 ", 42),
		0);
	assert_non_null(strstr(f->fix, ">~/affinities.before\nset -- "));
	assert_non_null(strstr(f->undo, "<~/affinities.before"));
	scene_fini(&s);
}

/* A container's, which is called like the host's NIC and its interrupt. */
static void test_a_name_of_another_namespace(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	no_napi(&s);
	assert_int_equal(state_of(&s, "no-napi"), RULE_FOUND);
	scene_set(&s, "dev/eth9/driver", "macvlan");
	assert_int_equal(state_of(&s, "no-napi"), RULE_CLEAR);
	scene_fini(&s);
}

/* A setting of another device is no symptom of what gathers this one's. */
static void test_a_symptom_of_another_device(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	ring_drops(&s);
	scene_dev(&s, 0)->rx_missed = 0;
	scene_add_dev(&s, "eth1", 3)->rx_packets = 600000;
	scene_add_napi(&s, "eth1/0", "eth1", 40, 2)->ifindex = 3;
	scene_place(&s, 4, 2);
	scene_polled(&s, 4, 600000, 600000, NS / 50);
	scene_napi(&s, 4)->sessions = 600000;
	scene_place(&s, 4, 2);
	scene_add_irq(&s, 40, "eth1-rx-0", 600000, 600000 * 1000);
	scene_set(&s, "dev/eth1/coalesce/rx_usecs", "0");
	f = scene_judged(&s, "no-coalescing");
	assert_string_equal(f->id, "no-coalescing");
	assert_non_null(strstr(f->fix, "ethtool -C eth1"));
	assert_string_equal(scene_found(&s, "irqs-on-one-cpu")->id,
			    "irqs-on-one-cpu");
	scene_fini(&s);
}

/* Sixty-four queues in threads are one thing to know. */
static void test_notes_that_are_alike(void **state)
{
	unsigned int i, times = 0;
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	for (i = 0; i < NR_QUEUES; i++) {
		scene_polled(&s, i, 20000, 20000, NS / 20);
		scene_napi(&s, i)->threaded_polls = 20000;
		scene_napi(&s, i)->inline_polls = 0;
		scene_place(&s, i, i);
	}
	for (i = 0; i < NR_CPUS; i++)
		scene_cpu(&s, i)->stat_steal_ns = NS / 8;
	scene_judge(&s);
	table_for_each (&s.verdict.findings, f)
		times += !strcmp(f->id, "hidden-polls") ||
			 !strcmp(f->id, "steal");
	assert_int_equal(times, 2);
	assert_int_equal(scene_found(&s, "hidden-polls")->nr_joined,
			 NR_QUEUES - 1);
	assert_int_equal(scene_found(&s, "steal")->nr_joined, NR_CPUS - 1);
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_port_is_no_ring),
		cmocka_unit_test(test_virtual_functions),
		cmocka_unit_test(test_few_drops_of_many),
		cmocka_unit_test(test_squeezes_that_lose_little),
		cmocka_unit_test(test_the_flow_limit_is_of_one_cpu),
		cmocka_unit_test(test_stolen_runs),
		cmocka_unit_test(test_threads_do_not_preempt_tasks),
		cmocka_unit_test(test_threads_without_a_time),
		cmocka_unit_test(test_a_threaded_backlog_beside_a_task),
		cmocka_unit_test(test_a_deferral_that_is_idle),
		cmocka_unit_test(test_wireguard_waits_for_other_cpus),
		cmocka_unit_test(test_queues_that_the_hash_uses),
		cmocka_unit_test(test_one_cpu_for_one_interrupt),
		cmocka_unit_test(test_the_other_thread_is_full),
		cmocka_unit_test(test_who_starves_for_the_same_interrupt),
		cmocka_unit_test(test_moves_that_would_not_hold),
		cmocka_unit_test(test_two_devices_on_one_cpu),
		cmocka_unit_test(test_masks_leave_out_who_is_full),
		cmocka_unit_test(test_moderation_fits_the_busiest_queue),
		cmocka_unit_test(test_long_affinities_have_a_way_back),
		cmocka_unit_test(test_a_name_of_another_namespace),
		cmocka_unit_test(test_a_symptom_of_another_device),
		cmocka_unit_test(test_notes_that_are_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
