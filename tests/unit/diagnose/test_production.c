// SPDX-License-Identifier: GPL-2.0-or-later
/* What servers have that no test machine has: verdicts that would send people astray. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "scenarios.h"

/* Which of two findings comes first; -1: one of them is not there by itself. */
static int place_of(const struct scene *s, const char *id)
{
	const struct finding *f = s->verdict.findings.rows;
	size_t i;

	for (i = 0; i < s->verdict.findings.count; i++)
		if (!strcmp(f[i].id, id))
			return (int)i;
	return -1;
}

static void add_eth1(struct scene *s, unsigned int cpu)
{
	struct napi_row *n;

	if (s->iv.devs.count == 1)
		scene_add_dev(s, "eth1", 3)->rx_packets = 300000;
	n = scene_add_napi(s, "eth1/0", "eth1", 40, cpu);
	n->ifindex = 3;
	n->sessions = 100;
	scene_place(s, NR_QUEUES, cpu);
	scene_add_irq(s, 40, "eth1-rx-0", 30000, 30000 * 1500);
	scene_set_number(s, "irq/%u/affinity", 40, "0");
}

/* The program of a bond runs in its ports, which do not say that they have one. */
static void test_a_program_on_the_bond(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	never_completes(&s);
	assert_int_equal(state_of(&s, "never-completes"), RULE_FOUND);
	assert_non_null(strstr(scene_found(&s, "never-completes")->fix,
			       "IPv6 addresses are lost"));
	scene_add_dev(&s, "bond0", 9)->xdp = 1;
	assert_int_equal(state_of(&s, "never-completes"), RULE_CLEAR);
	scene_fini(&s);
}

/* A loss of eth0 for which eth1 is the reason is one of eth0 all the same. */
static void test_the_reason_is_another_device(void **state)
{
	const struct selection eth0 = { .dev = "eth0" };
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	add_eth1(&s, 0);
	scene_load(&s, 0, NR_QUEUES, 95, 30000);
	scene_napi(&s, NR_QUEUES)->sessions = 100;
	scene_cpu(&s, 0)->stat_idle_ns = 0;
	ring_drops(&s);
	s.selection = &eth0;
	f = scene_judged(&s, "ring-drops");
	assert_non_null(f);
	assert_string_equal(f->id, "irq-not-masked");
	assert_string_equal(f->subject, "eth1/0");
	scene_fini(&s);
}

static void test_the_handler_of_a_device(void **state)
{
	const struct selection eth0 = { .dev = "eth0" }, eth1 = { .dev = "eth1" };
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_irq(&s, 0)->count = 12000;
	scene_irq(&s, 0)->ns = 12000 * 50000ULL;
	s.selection = &eth0;
	assert_int_equal(state_of(&s, "slow-handler"), RULE_FOUND);
	s.selection = &eth1;
	assert_int_equal(state_of(&s, "slow-handler"), RULE_CLEAR);
	scene_fini(&s);
}

/* Softirqs come before system calls, unless NET_RX is seen to be late. */
static void test_a_cpu_in_system_calls_has_time(void **state)
{
	struct cpu_row *cpu;
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	for (i = 0; i < NR_CPUS; i++) {
		cpu = scene_cpu(&s, i);
		cpu->stat_idle_ns = NS / 100;
		cpu->stat_system_ns = NS / 10 * 9;
	}
	assert_non_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G eth0"));
	for (i = 0; i < NR_CPUS; i++)
		scene_cpu(&s, i)->raise_p99_ns = 1000000;
	assert_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G eth0"));
	scene_fini(&s);
}

/* A thread that polls is a system time that nobody else gets. */
static void test_a_thread_that_polls_has_no_time(void **state)
{
	struct napi_row *n;
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	for (i = 0; i < NR_CPUS; i++) {
		scene_cpu(&s, i)->stat_idle_ns = NS / 100;
		scene_cpu(&s, i)->stat_system_ns = NS / 10 * 9;
		add_eth1(&s, i);
		scene_polled(&s, NR_QUEUES + i, 20000, 400000, NS / 10 * 9);
		n = scene_napi(&s, NR_QUEUES + i);
		n->inline_polls = 0;
		scene_place(&s, NR_QUEUES + i, i);
	}
	assert_non_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G eth0"));
	for (i = 0; i < NR_CPUS; i++) {
		n = scene_napi(&s, NR_QUEUES + i);
		n->threaded_polls = n->polls;
		scene_place(&s, NR_QUEUES + i, i);
	}
	assert_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G eth0"));
	scene_fini(&s);
}

/* A tick that books softirqs as system calls does not make time of them. */
static void test_what_was_traced_is_not_left(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	for (i = 0; i < NR_CPUS; i++) {
		scene_cpu(&s, i)->stat_idle_ns = 0;
		scene_cpu(&s, i)->stat_system_ns = NS;
		scene_cpu(&s, i)->softirq_ns = NS / 100 * 93;
		scene_cpu(&s, i)->net_rx_ns = NS / 2;
	}
	assert_null(
		strstr(scene_judged(&s, "ring-drops")->fix, "ethtool -G eth0"));
	scene_fini(&s);
}

/* Not long enough is not "nothing found". */
static void test_too_short_to_tell(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	never_completes(&s);
	s.iv.ns = 2000000000;
	assert_int_equal(state_of(&s, "never-completes"), RULE_NOT_MEASURED);
	scene_fini(&s);
}

/* A squeezed run goes on at once, but for ksoftirqd: one late entry is no loss by it. */
static void test_squeezes_without_ksoftirqd(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_lossy(&s);
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_FOUND);
	scene_cpu(&s, 1)->ksoftirqd_polls = 0;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_CLEAR);
	assert_non_null(
		strstr(scene_found(&s, "ring-drops")->fix, "ethtool -G eth0"));
	scene_fini(&s);
}

/* It is the timer that polls on: no need to take the device down. */
static void test_astray_by_deferral(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	astray(&s);
	scene_set(&s, "dev/eth0/napi_defer_hard_irqs", "100");
	assert_non_null(strstr(scene_judged(&s, "astray")->fix, "ip link set"));
	scene_set(&s, "dev/eth0/gro_flush_timeout", "200000");
	f = scene_judged(&s, "astray");
	assert_string_equal(
		f->fix,
		"echo 0 >/sys/class/net/eth0/napi_defer_hard_irqs; sleep 1; "
		"echo 100 >/sys/class/net/eth0/napi_defer_hard_irqs");
	scene_fini(&s);
}

/* In a namespace without a name each of its places in a line gets it. */
static void test_astray_in_a_container(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	astray(&s);
	snprintf(scene_dev(&s, 0)->netns, ROW_NETNS, "net:[4026532008]");
	scene_set(&s, "dev/eth0@net:[4026532008]/napi_defer_hard_irqs", "100");
	scene_set(&s, "dev/eth0@net:[4026532008]/gro_flush_timeout", "200000");
	f = scene_judged(&s, "astray");
	assert_null(strstr(f->fix, "net:["));
	assert_non_null(
		strstr(f->fix, "\nip netns exec n4026532008 sh -c 'echo 0 "));
	assert_non_null(
		strstr(f->fix, "; ip netns exec n4026532008 sh -c 'echo 100 "));
	scene_fini(&s);
}

/* By what the NAPI takes, not by what else is on its CPU. */
static void test_unmasked_and_small(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	unmasked(&s);
	assert_int_equal(scene_judged(&s, "irq-not-masked")->severity,
			 SEVERITY_WARNING);
	scene_polled(&s, 0, 2500, 20000, NS / 100);
	scene_cpu(&s, 0)->net_rx_ns = NS / 10 * 9;
	scene_judge(&s);
	assert_int_not_equal(place_of(&s, "irq-not-masked"), -1);
	assert_int_equal(scene_found(&s, "irq-not-masked")->severity,
			 SEVERITY_NOTE);
	scene_fini(&s);
}

/* Of findings as bad nanoseconds are not set against packets. */
static void test_order_is_of_rules(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	late(&s);
	tx_stall(&s);
	ring_drops(&s);
	slow_handler(&s);
	scene_judge(&s);
	assert_int_equal(place_of(&s, "ring-drops"), 0);
	assert_int_equal(place_of(&s, "tx-stall"), 1);
	assert_int_equal(place_of(&s, "late-softirq"), 2);
	assert_int_equal(place_of(&s, "slow-handler"), 3);
	scene_fini(&s);
}

/* 2,500 values that are one time in sixteen are 156. */
static void test_few_times_of_a_sample(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	late(&s);
	assert_int_equal(state_of(&s, "late-softirq"), RULE_FOUND);
	s.iv.host.sample = 16;
	assert_int_not_equal(state_of(&s, "late-softirq"), RULE_FOUND);
	scene_fini(&s);
}

static void test_where_interrupts_are_meant_to_go(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	assert_non_null(strstr(scene_judged(&s, "irqs-on-one-cpu")->fix,
			       "set -- 0 1 3 2"));
	scene_set(&s, "host/cmdline", "quiet irqaffinity=0,2 splash");
	assert_non_null(strstr(scene_judged(&s, "irqs-on-one-cpu")->fix,
			       "set -- 0 2;"));
	scene_fini(&s);
}

/* Either a combined channel or one to receive: it has one queue. */
static void test_maxima_that_exclude_each_other(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	single_queue(&s);
	scene_set(&s, "dev/eth0/channels/rx_max", "1");
	assert_int_equal(state_of(&s, "single-queue"), RULE_FOUND);
	scene_fini(&s);
}

static void test_a_device_that_counts_seldom(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_set(&s, "dev/eth0/driver", "gve");
	scene_dev(&s, 0)->rx_ring_drops = 0;
	scene_dev(&s, 0)->polls = 10000;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_NOT_MEASURED);
	assert_non_null(strstr(scene_rule(&s, "ring-drops")->why, "every 20 s"));
	scene_dev(&s, 0)->rx_ring_drops = 100;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_FOUND);
	scene_fini(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_program_on_the_bond),
		cmocka_unit_test(test_the_reason_is_another_device),
		cmocka_unit_test(test_the_handler_of_a_device),
		cmocka_unit_test(test_a_cpu_in_system_calls_has_time),
		cmocka_unit_test(test_a_thread_that_polls_has_no_time),
		cmocka_unit_test(test_what_was_traced_is_not_left),
		cmocka_unit_test(test_too_short_to_tell),
		cmocka_unit_test(test_squeezes_without_ksoftirqd),
		cmocka_unit_test(test_astray_by_deferral),
		cmocka_unit_test(test_astray_in_a_container),
		cmocka_unit_test(test_unmasked_and_small),
		cmocka_unit_test(test_order_is_of_rules),
		cmocka_unit_test(test_few_times_of_a_sample),
		cmocka_unit_test(test_where_interrupts_are_meant_to_go),
		cmocka_unit_test(test_maxima_that_exclude_each_other),
		cmocka_unit_test(test_a_device_that_counts_seldom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
