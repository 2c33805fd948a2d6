// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Servers that look as if something were wrong, or as if it were something else: what
 * a rule must not say of them.
 */
#include "scenarios.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A part of the machine is judged by the whole of it. */
static void test_a_part_is_no_machine(void **state)
{
	struct cpuset two = { 0 }, one = { 0 };
	const struct selection here = { .cpus = &two }, there = { .cpus = &one };
	const struct selection eth0 = { .dev = "eth0" }, eth = { .dev = "eth" };
	struct scene s;

	(void)state;
	assert_int_equal(cpuset_parse("2", &two), 0);
	assert_int_equal(cpuset_parse("1", &one), 0);
	scene_init(&s);
	gathered(&s);
	s.selection = &there;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	assert_int_equal(s.verdict.findings.count, 0);
	s.selection = &here;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	s.selection = &eth0;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	s.selection = &eth;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_fini(&s);
	cpuset_fini(&two);
	cpuset_fini(&one);
}

/* How many findings there are of a rule. */
static unsigned int findings_of(const struct scene *s, const char *id)
{
	const struct finding *f;
	unsigned int n = 0;

	table_for_each (&s->verdict.findings, f)
		n += !strcmp(f->id, id);
	return n;
}

/* A CPU may be full while others are: it is about a device, and who has time. */
static void test_more_than_one_cpu_is_full(void **state)
{
	unsigned int cpu;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	scene_cpu(&s, 0)->net_rx_ns = NS;
	scene_cpu(&s, 1)->net_rx_ns = NS / 2;
	scene_cpu(&s, 1)->stat_idle_ns = NS / 2;
	scene_cpu(&s, 3)->net_rx_ns = NS / 5;
	scene_cpu(&s, 3)->stat_idle_ns = NS / 100 * 75;
	scene_cpu(&s, 0)->stat_idle_ns = 0;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	/* A packet somewhere else changes nothing, a third of them does. */
	scene_polled(&s, 0, 1, 1, 1000);
	scene_place(&s, 0, 3);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	scene_polled(&s, 0, 20000, 600000, NS / 5);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_fini(&s);

	scene_init(&s);
	gathered(&s);
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		scene_cpu(&s, cpu)->net_rx_ns = NS / 100 * 97;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_fini(&s);
}

/* The ports of a bond, each with its one queue on a CPU of its own. */
static void test_two_single_queues(void **state)
{
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	scene_add_dev(&s, "eth1", 3)->rx_packets = 1000000;
	n = scene_add_napi(&s, "eth1/0", "eth1", 40, 1);
	n->ifindex = 3;
	scene_load(&s, 1, 1, 95, 100000);
	scene_set(&s, "dev/eth1/channels/combined", "1");
	scene_set(&s, "dev/eth1/channels/combined_max", "1");
	scene_set(&s, "dev/eth1/queue/rx-0/rps_cpus", "0");
	scene_judge(&s);
	assert_int_equal(findings_of(&s, "single-queue"), 2);
	scene_fini(&s);
}

/* One queue has most of a device's packets, and its CPU is full of another's. */
static void test_skew_is_not_the_load(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	skewed(&s);
	scene_polled(&s, 1, 20000, 1000000, NS / 10);
	assert_int_equal(state_of(&s, "hash-skew"), RULE_CLEAR);
	scene_fini(&s);
}

/* Two queues, each with a mask of one CPU: that is a spread, not a funnel. */
static void test_a_mask_for_each_queue(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	funnel(&s);
	scene_add_napi(&s, "backlog/2", "", MISSING, 2);
	scene_load(&s, 2, 5, 90, 90000);
	/* Whatever else is in a backlog, this device sends to one. */
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_FOUND);
	scene_set(&s, "dev/eth0/queue/rx-1/rps_cpus", "4");
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_CLEAR);
	scene_fini(&s);
}

/* Of the interrupts of the second device that one which takes the time moves. */
static void test_the_busy_interrupt_moves(void **state)
{
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	n = scene_add_napi(&s, "eth1/1", "eth1", 41, 0);
	n->ifindex = 3;
	scene_place(&s, 5, 0);
	scene_polled(&s, 5, 9000, 400000, NS / 100 * 25);
	scene_polled(&s, 4, 10, 10, NS / 1000);
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "shared-cpu")->fix,
			       ">/proc/irq/41/smp_affinity_list"));
	scene_fini(&s);
}

/* 64 queues share the packets, and moderation that adapts is not too long. */
static void test_moderation_is_of_a_queue(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	late_interrupt(&s);
	assert_int_equal(state_of(&s, "late-interrupt"), RULE_FOUND);
	scene_set(&s, "dev/eth0/channels/combined", "64");
	assert_int_equal(state_of(&s, "late-interrupt"), RULE_CLEAR);
	assert_int_equal(scene_rule(&s, "ring-drops")->state, RULE_FOUND);
	scene_set(&s, "dev/eth0/channels/combined", "4");
	scene_set(&s, "dev/eth0/coalesce/adaptive_rx", "1");
	assert_int_equal(state_of(&s, "late-interrupt"), RULE_CLEAR);
	scene_set(&s, "dev/eth0/coalesce/adaptive_rx", "0");
	scene_set(&s, "dev/eth0/coalesce/rx_frames", "32");
	assert_int_equal(state_of(&s, "late-interrupt"), RULE_CLEAR);
	scene_fini(&s);
}

/* The backlog has a thread: NET_RX is not what the CPU is full of. */
static void test_a_backlog_with_a_thread(void **state)
{
	struct napi_row *backlog;
	struct scene s;

	(void)state;
	scene_init(&s);
	funnel(&s);
	backlog = scene_napi(&s, 4);
	backlog->threaded_polls = backlog->polls;
	backlog->inline_polls = backlog->ksoftirqd_polls = 0;
	scene_cpu(&s, 1)->net_rx_ns = 0;
	scene_cpu(&s, 1)->stat_idle_ns = NS / 100 * 10;
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_CLEAR);
	scene_cpu(&s, 1)->stat_idle_ns--;
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_FOUND);
	backlog->threaded_polls = backlog->polls / 2 - 1;
	assert_int_equal(state_of(&s, "rps-funnel"), RULE_CLEAR);
	scene_fini(&s);
}

/* A CPU that is somebody's alone is given to nobody. */
static void test_tickless_cpus_are_taken(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	scene_set(&s, "cpu/nohz_full", "1-2");
	scene_judge(&s);
	assert_non_null(
		strstr(scene_found(&s, "irqs-on-one-cpu")->fix, "set -- 0 3;"));
	scene_set(&s, "cpu/nohz_full", "(null)");
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "irqs-on-one-cpu")->fix,
			       "set -- 0 1 3 2;"));
	scene_fini(&s);
}

/* Nor one that a busy poller has all of. */
static void test_a_full_cpu_is_no_way_out(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	scene_cpu(&s, 1)->stat_idle_ns = 0;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "shared-cpu")->fix, "echo 2 >"));
	scene_fini(&s);
}

/* Who waits keeps the command that helps, beside what fills the CPU. */
static void test_a_command_is_not_lost(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	starved(&s);
	scene_polled(&s, 0, 8000, 80000, NS / 100 * 85);
	scene_dev(&s, 0)->rx_packets = 140000;
	scene_dev(&s, 0)->rx_bytes = 140000 * 1000ULL;
	scene_polled(&s, 4, 100, 300, NS / 1000);
	scene_judge(&s);
	assert_string_equal(scene_found(&s, "dear-packets")->id, "dear-packets");
	f = s.verdict.findings.rows;
	assert_string_equal(f->id, "napi-starved");
	assert_non_null(strstr(f->fix, "/proc/irq/40/smp_affinity_list"));
	scene_fini(&s);
}

/* What the device lost is one finding, not one of each CPU. */
static void test_one_command_is_one_finding(void **state)
{
	unsigned int i, found = 0;
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_dev(&s, 0)->rx_missed = 100;
	scene_dev(&s, 0)->rx_packets = 4000000;
	for (i = 0; i < NR_CPUS; i++) {
		scene_cpu(&s, i)->late_ns = 3000000;
		scene_cpu(&s, i)->ksoftirqd_polls = 100;
		scene_cpu(&s, i)->squeeze_budget = 1000;
		scene_cpu(&s, i)->squeeze_work_left = 1000;
		scene_napi(&s, i)->exhausted = 1000;
		scene_place(&s, i, i);
	}
	scene_judge(&s);
	table_for_each (&s.verdict.findings, f)
		found += !strcmp(f->id, "squeeze-budget");
	assert_int_equal(found, 1);
	f = scene_found(&s, "squeeze-budget");
	for (i = 0, found = 0; i < f->nr_joined; i++)
		found += !strcmp(f->joined[i].id, "squeeze-budget") &&
			 strchr("123", f->joined[i].subject[0]);
	assert_int_equal(found, NR_CPUS - 1);
	scene_fini(&s);
}

/* What waits is not "called again at once", nor is it the budget's fault. */
static void test_late_squeezes(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed(&s);
	scene_cpu(&s, 1)->raise_p99_ns = 5000000;
	assert_int_equal(state_of(&s, "squeeze-harmless"), RULE_CLEAR);
	assert_int_equal(scene_rule(&s, "late-softirq")->state, RULE_FOUND);
	scene_cpu(&s, 1)->raise_p99_ns = 20000000;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_CLEAR);
	scene_fini(&s);
}

/* Empty polls of a device that sends nothing clean up nothing. */
static void test_empty_for_nothing(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_polled(&s, 0, 61400, 0, NS / 20);
	scene_napi(&s, 0)->empty = 61400;
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "empty-polls")->severity,
			 SEVERITY_WARNING);
	scene_dev(&s, 0)->tx_packets = 61400;
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "empty-polls")->severity,
			 SEVERITY_HARMLESS);
	scene_fini(&s);
}

/* Without a threshold the kernel looks for no stall. */
static void test_stalls_nobody_looks_for(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_set(&s, "dev/eth0/queue/tx-0/stall_thrs", "0");
	assert_int_equal(state_of(&s, "tx-stall"), RULE_NOT_MEASURED);
	scene_fini(&s);
}

/* 40 KB in one, several that the device merged, and acknowledgements. */
static void test_large_units_are_not_dear(void **state)
{
	struct dev_row *dev;
	struct scene s;

	(void)state;
	scene_init(&s);
	dear(&s);
	assert_int_equal(state_of(&s, "dear-packets"), RULE_FOUND);
	dev = scene_dev(&s, 0);
	dev->rx_bytes = dev->rx_packets * 40000ULL;
	assert_int_equal(state_of(&s, "dear-packets"), RULE_CLEAR);
	dev->rx_bytes = dev->rx_packets * 1514ULL;
	dev->rx_packets *= 3;
	dev->rx_bytes *= 3;
	assert_int_equal(state_of(&s, "dear-packets"), RULE_CLEAR);
	dear(&s);
	dev->rx_bytes = dev->rx_packets * 66ULL;
	dev->tx_bytes = dev->rx_packets * 3000ULL;
	assert_int_equal(state_of(&s, "dear-packets"), RULE_CLEAR);
	scene_fini(&s);
}

/* With RFS it is the reader that is there. */
static void test_rfs_follows_the_reader(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	rps_flow(&s);
	scene_set(&s, "sysctl/net.core.rps_sock_flow_entries", "32768");
	scene_judge(&s);
	f = scene_found(&s, "rps-one-flow");
	assert_non_null(strstr(f->cause, "reader"));
	assert_int_equal(*f->fix, '\0');
	scene_fini(&s);
}

/* All queues with one mask are one command. */
static void test_rps_of_all_queues(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	funnel(&s);
	scene_set(&s, "dev/eth0/queue/rx-1/rps_cpus", "2");
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "rps-funnel")->fix,
			       "/queues/rx-*/rps_cpus"));
	scene_set(&s, "dev/eth0/queue/rx-2/rps_cpus", "0");
	scene_judge(&s);
	assert_int_equal(*scene_found(&s, "rps-funnel")->fix, '#');
	scene_fini(&s);
}

/* Of two queues one may have 70 % by chance; of none is known that it is the one. */
static void test_two_queues(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.iv.napis.count = s.iv.pairs.count = 2;
	scene_load(&s, 1, 1, 85, 70000);
	scene_load(&s, 0, 0, 40, 30000);
	scene_set(&s, "dev/eth0/channels/combined", "2");
	assert_int_equal(state_of(&s, "hash-skew"), RULE_CLEAR);
	scene_load(&s, 0, 0, 10, 10000);
	assert_int_equal(state_of(&s, "hash-skew"), RULE_FOUND);
	scene_set(&s, "dev/eth0/rss/queues", "1");
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "hash-skew")->fix,
			       "ethtool -X eth0 equal 2"));
	scene_fini(&s);
}

/* xen-netfront has queues, and does not say how many. */
static void test_queues_that_are_not_known(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	scene_unset(&s, "dev/eth0/channels/combined");
	scene_unset(&s, "dev/eth0/channels/combined_max");
	assert_int_equal(state_of(&s, "single-queue"), RULE_FOUND);
	scene_set(&s, "dev/eth0/queue/rx-1/rps_cpus", "0");
	assert_int_equal(state_of(&s, "single-queue"), RULE_CLEAR);
	scene_fini(&s);
}

/* Interrupts of a NAPI that only sends are not one for each packet. */
static void test_interrupts_of_senders(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	unmoderated(&s);
	scene_polled(&s, 0, 200000, 10000, NS / 4);
	assert_int_equal(state_of(&s, "no-coalescing"), RULE_CLEAR);
	packet_by_packet(&s);
	scene_polled(&s, 0, 100000, 10000, NS / 10);
	assert_int_equal(state_of(&s, "busy-poll"), RULE_CLEAR);
	scene_fini(&s);
}

/* What nobody knows is not put back; what is short is moderation. */
static void test_timers(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	by_timer(&s);
	scene_unset(&s, "dev/eth0/napi_defer_hard_irqs");
	scene_judge(&s);
	assert_int_equal(*scene_found(&s, "timer-polls")->fix, '\0');
	scene_set(&s, "dev/eth0/gro_flush_timeout", "20000");
	assert_int_equal(state_of(&s, "timer-polls"), RULE_CLEAR);
	scene_fini(&s);
}

/* Long runs of others, or of its own before 6.4: no task is to blame. */
static void test_late_behind_softirqs(void **state)
{
	struct cpu_row *cpu;
	struct scene s;

	(void)state;
	scene_init(&s);
	late(&s);
	cpu = scene_cpu(&s, 2);
	cpu->softirqs[NAPI_VEC_TIMER] = 100;
	cpu->softirq_vec_ns[NAPI_VEC_TIMER] = 100 * 3000000ULL;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "late-softirq")->cause, "TIMER"));
	cpu->softirqs[NAPI_VEC_TIMER] = 0;
	cpu->net_rx_p99_ns = 4000000;
	scene_judge(&s);
	assert_non_null(
		strstr(scene_found(&s, "late-softirq")->cause, "cadvisor"));
	strcpy(s.iv.host.kernel, "6.1.0");
	scene_judge(&s);
	assert_null(strstr(scene_found(&s, "late-softirq")->cause, "cadvisor"));
	scene_fini(&s);
}

/* Packets that are lost come before what is late, whatever the numbers are. */
static void test_losses_come_first(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	late(&s);
	scene_cpu(&s, 1)->softnet_dropped = 10;
	scene_judge(&s);
	assert_int_equal(s.verdict.findings.count, 2);
	assert_string_equal(
		((struct finding *)table_at(&s.verdict.findings, 0))->id,
		"backlog-drops");
	scene_fini(&s);
}

/* A FIFO task makes a softirq look long there. */
static void test_realtime(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	scene_set(&s, "host/version", "Linux version 6.12 #1 SMP PREEMPT_RT");
	scene_judge(&s);
	f = scene_found(&s, "irqs-on-one-cpu");
	assert_int_equal(f->severity, SEVERITY_WARNING);
	assert_non_null(strstr(f->kernel, "PREEMPT_RT"));
	scene_fini(&s);
}

/* Two threads of a core receive as much as one. */
static void test_threads_are_no_cores(void **state)
{
	struct scene s;
	unsigned int i;

	(void)state;
	scene_init(&s);
	one_queue(&s);
	for (i = 0; i < NR_CPUS; i++)
		scene_set_number(&s, "cpu/%u/siblings", i, i < 2 ? "0-1" : "2-3");
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "one-queue")->fix, "combined 2"));
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_part_is_no_machine),
		cmocka_unit_test(test_more_than_one_cpu_is_full),
		cmocka_unit_test(test_two_single_queues),
		cmocka_unit_test(test_skew_is_not_the_load),
		cmocka_unit_test(test_a_mask_for_each_queue),
		cmocka_unit_test(test_the_busy_interrupt_moves),
		cmocka_unit_test(test_moderation_is_of_a_queue),
		cmocka_unit_test(test_a_backlog_with_a_thread),
		cmocka_unit_test(test_tickless_cpus_are_taken),
		cmocka_unit_test(test_a_full_cpu_is_no_way_out),
		cmocka_unit_test(test_a_command_is_not_lost),
		cmocka_unit_test(test_one_command_is_one_finding),
		cmocka_unit_test(test_late_squeezes),
		cmocka_unit_test(test_empty_for_nothing),
		cmocka_unit_test(test_stalls_nobody_looks_for),
		cmocka_unit_test(test_large_units_are_not_dear),
		cmocka_unit_test(test_rfs_follows_the_reader),
		cmocka_unit_test(test_rps_of_all_queues),
		cmocka_unit_test(test_two_queues),
		cmocka_unit_test(test_queues_that_are_not_known),
		cmocka_unit_test(test_interrupts_of_senders),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_late_behind_softirqs),
		cmocka_unit_test(test_losses_come_first),
		cmocka_unit_test(test_realtime),
		cmocka_unit_test(test_threads_are_no_cores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
