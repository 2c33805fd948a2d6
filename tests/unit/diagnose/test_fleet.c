// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Servers as they are found: full of tasks, of containers, of tunnels, of threads.
 * What a rule must still say of them, and whom it must not take for a NIC.
 */
#include "scenarios.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* --- what tasks have ---------------------------------------------------------- */

/* Each CPU, in percent. */
static void busy_with(struct scene *s, unsigned int user, unsigned int idle)
{
	unsigned int cpu;

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		scene_cpu(s, cpu)->stat_user_ns = NS / 100 * user;
		scene_cpu(s, cpu)->stat_idle_ns = NS / 100 * idle;
	}
}

/* Softirqs come before tasks in user mode, and after what the kernel does. */
static void test_tasks_give_way(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	busy_with(&s, 93, 2);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	busy_with(&s, 3, 2);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_fini(&s);

	scene_init(&s);
	two_devices(&s);
	busy_with(&s, 80, 5);
	scene_cpu(&s, 3)->stat_idle_ns = NS / 5;
	scene_cpu(&s, 3)->stat_user_ns = NS / 5;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "shared-cpu")->fix, "echo 3 >"));
	scene_fini(&s);
}

/* ksoftirqd is a task among them. */
static void test_a_burst_among_tasks(void **state)
{
	struct scene s;
	unsigned int cpu;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	busy_with(&s, 88, 2);
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "ring-drops")->fix,
			       "ethtool -G eth0 rx 2048"));
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		scene_cpu(&s, cpu)->ksoftirqd_polls = 1250;
	scene_judge(&s);
	assert_int_equal(*scene_found(&s, "ring-drops")->fix, '\0');
	scene_fini(&s);
}

/* --- which NAPIs are queues --------------------------------------------------- */

/* Those that only send have nothing to spread, nor has one that receives it all. */
static void test_interrupts_that_receive(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	for (i = 1; i < NR_QUEUES; i++)
		scene_polled(&s, i, 9000, 0, NS / 10);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_polled(&s, 1, 9000, 1, NS / 10);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_polled(&s, 1, 9000, scene_napi(&s, 0)->work / 2, NS / 10);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	/* It fills the CPU, and not all of its time: then it is the flows. */
	scene_polled(&s, 0, 9000, scene_napi(&s, 1)->work * 9, NS / 10 * 7);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	assert_int_equal(scene_rule(&s, "hash-skew")->state, RULE_FOUND);
	scene_fini(&s);
}

/* A tunnel is polled by the NIC's poll: it has no place of its own. */
static void test_a_tunnel_is_no_nic(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	two_devices(&s);
	assert_int_equal(state_of(&s, "shared-cpu"), RULE_FOUND);
	scene_napi(&s, 4)->irq = MISSING;
	scene_place(&s, 4, 0);
	assert_int_equal(state_of(&s, "shared-cpu"), RULE_CLEAR);
	scene_fini(&s);

	scene_init(&s);
	skewed(&s);
	scene_unset(&s, "dev/eth0/channels/combined");
	assert_int_equal(state_of(&s, "hash-skew"), RULE_FOUND);
	scene_napi(&s, 1)->irq = MISSING;
	scene_place(&s, 1, 1);
	assert_int_equal(state_of(&s, "hash-skew"), RULE_CLEAR);
	scene_fini(&s);
}

/* What a CPU hands to its own backlog, for containers, goes where its device goes. */
static void test_containers_behind_a_nic(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	one_queue(&s);
	scene_polled(&s, 0, 20000, 1000000, NS / 100 * 42);
	scene_add_napi(&s, "backlog/0", "", MISSING, 0);
	scene_polled(&s, 1, 20000, 1000000, NS / 100 * 50);
	assert_int_equal(state_of(&s, "one-queue"), RULE_FOUND);
	scene_cpu(&s, 0)->softnet_rps = 1000;
	assert_int_equal(state_of(&s, "one-queue"), RULE_CLEAR);
	scene_cpu(&s, 0)->softnet_rps = 0;
	scene_polled(&s, 1, 20000, 3000000, NS / 100 * 50);
	assert_int_equal(state_of(&s, "one-queue"), RULE_CLEAR);
	scene_fini(&s);

	scene_init(&s);
	gathered(&s);
	for (i = 0; i < NR_QUEUES; i++)
		scene_polled(&s, i, 9000, 50000, NS / 100 * 5);
	scene_add_napi(&s, "backlog/2", "", MISSING, 2);
	scene_polled(&s, 4, 20000, 200000, NS / 100 * 81);
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_FOUND);
	scene_cpu(&s, 2)->softnet_rps = 1000;
	assert_int_equal(state_of(&s, "irqs-on-one-cpu"), RULE_CLEAR);
	scene_fini(&s);
}

/* --- threads ------------------------------------------------------------------ */

/* One that has all of CPU 3 is not in NET_RX, and is not to be looked for on CPU 2. */
static void test_a_full_thread(void **state)
{
	struct napi_row *n;
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	scene_polled(&s, 3, 15000, 960000, NS / 100 * 97);
	n = scene_napi(&s, 3);
	n->threaded_polls = n->polls;
	n->inline_polls = 0;
	scene_place(&s, 3, 3);
	scene_cpu(&s, 3)->net_rx_ns = 0;
	scene_cpu(&s, 3)->poll_ns = n->poll_ns;
	scene_cpu(&s, 3)->stat_idle_ns = 0;
	scene_cpu(&s, 2)->net_rx_ns = NS / 10;
	scene_judge(&s);
	f = scene_found(&s, "cpu-saturated");
	assert_non_null(f);
	assert_int_equal(f->cpu, 3);
	assert_non_null(scene_found(&s, "hidden-polls"));
	/* It is the reason for these. */
	assert_ptr_equal(scene_found(&s, "ring-drops"), f);
	/* Few polls, and full ones. */
	scene_polled(&s, 3, 9000, 576000, NS / 100 * 97);
	n->threaded_polls = n->polls;
	n->inline_polls = 0;
	assert_int_equal(state_of(&s, "hidden-polls"), RULE_FOUND);
	scene_fini(&s);
}

/* --- what squeezes are the reason of ------------------------------------------ */

static void test_the_budget_drops_nothing_in_time(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_lossy(&s);
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_FOUND);
	scene_cpu(&s, 1)->late_ns = 2500000;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_CLEAR);
	assert_non_null(strstr(scene_found(&s, "ring-drops")->fix,
			       "ethtool -G eth0 rx 2048"));
	/* A burst into the backlog: that is too short, not the budget. */
	scene_cpu(&s, 1)->softnet_dropped = 100;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_CLEAR);
	assert_non_null(strstr(scene_found(&s, "backlog-drops")->fix,
			       "netdev_max_backlog=2000"));
	/* 250,000 a second fill half of it in these 2.5 ms. */
	scene_cpu(&s, 1)->softnet_processed = 2500000;
	assert_int_equal(state_of(&s, "squeeze-budget"), RULE_FOUND);
	s.iv.host.netdev_budget = 5;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "squeeze-budget")->fix,
			       "netdev_budget=300"));
	scene_fini(&s);
}

/* Before 6.10 a pod that goes away under traffic looks like a full backlog. */
static void test_drops_of_the_dead(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_cpu(&s, 1)->softnet_dropped = 3;
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "backlog-drops")->severity,
			 SEVERITY_WARNING);
	strcpy(s.iv.host.kernel, "6.1.0-28-amd64");
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "backlog-drops")->severity,
			 SEVERITY_NOTE);
	assert_string_equal(scene_found(&s, "backlog-drops")->fix, "");
	scene_cpu(&s, 1)->softnet_dropped = 3000;
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "backlog-drops")->severity,
			 SEVERITY_WARNING);
	scene_fini(&s);
}

/* From 6.19 on a NAPI's thread may be told to poll on and on. */
static void test_a_thread_that_polls_on(void **state)
{
	struct state_row *told;
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_load(&s, 3, 3, 97, 1000);
	scene_cpu(&s, 3)->net_rx_ns = 0;
	n = scene_napi(&s, 3);
	n->polls = n->threaded_polls = 1000000;
	n->inline_polls = 0;
	n->empty = 990000;
	n->empty_ns = n->poll_ns / 100 * 95;
	s.iv.pairs.count = 0;
	*(struct napi_row *)scene_row(&s.iv.pairs) = *n;
	scene_place(&s, 3, 3);
	((struct napi_row *)s.iv.pairs.rows)->cpu = 3;
	s.last.states.row_size = sizeof(*told);
	told = scene_row(&s.last.states);
	*told = (struct state_row){ .id = n->id };
	strcpy(told->states, "SCHED,THREADED,THREADED_BUSY_POLL");
	assert_int_equal(state_of(&s, "cpu-saturated"), RULE_CLEAR);
	assert_int_equal(scene_found(&s, "empty-polls")->severity,
			 SEVERITY_HARMLESS);
	assert_int_equal(scene_rule(&s, "hidden-polls")->state, RULE_FOUND);
	scene_fini(&s);
}

/* Behind a tunnel: its NAPI has the time, and has no interrupt to be moved. */
static void test_a_tunnel_behind_the_nic(void **state)
{
	const struct finding *f;
	struct napi_row *n;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_gather(&s, 2, 18);
	scene_add_dev(&s, "vxlan.1", 7)->rx_packets = 80000;
	scene_set(&s, "dev/vxlan.1/driver", "vxlan");
	n = scene_add_napi(&s, "vxlan.1#9", "vxlan.1", MISSING, 2);
	n->ifindex = 7;
	strcpy(n->poll_func, "gro_cell_poll");
	scene_place(&s, NR_QUEUES, 2);
	scene_polled(&s, NR_QUEUES, 20000, 80000, NS / 100 * 75);
	scene_cpu(&s, 2)->net_rx_ns = NS / 100 * 95;
	scene_judge(&s);
	f = scene_found(&s, "irqs-on-one-cpu");
	assert_non_null(f);
	assert_string_equal(f->id, "irqs-on-one-cpu");
	assert_null(scene_found(&s, "single-queue"));
	scene_fini(&s);
}

/* 60,000 packets of 2 us take all the time: they are many, and not dear. */
static void test_a_raised_budget(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_by_time(&s);
	scene_load(&s, 1, 1, 70, 3500000);
	s.iv.host.netdev_budget = 65535;
	scene_judge(&s);
	f = scene_found(&s, "squeeze-time");
	assert_non_null(f);
	assert_int_equal(f->severity, SEVERITY_NOTE);
	assert_string_equal(f->fix, "sysctl -w net.core.netdev_budget=300");
	assert_string_equal(f->undo, "sysctl -w net.core.netdev_budget=65535");
	assert_null(scene_found(&s, "squeeze-elsewhere"));
	/* Those are dear whatever the budget is. */
	scene_load(&s, 1, 1, 70, 3000);
	scene_judge(&s);
	assert_int_equal(scene_found(&s, "squeeze-time")->severity,
			 SEVERITY_WARNING);
	scene_fini(&s);
}

/* 300 packets of 2 us are 0.6 ms: what takes 8 is something else. */
static void test_cheap_packets_take_no_time(void **state)
{
	const struct finding *f;
	struct scene s;

	(void)state;
	scene_init(&s);
	squeezed_by_time(&s);
	snprintf(scene_dev(&s, 0)->netns, ROW_NETNS, "db");
	scene_judge(&s);
	f = scene_found(&s, "squeeze-time");
	assert_non_null(f);
	/* The rules of the namespace that the packets are in. */
	assert_non_null(strstr(f->check, "; ip netns exec db nft list ruleset"));
	assert_non_null(strstr(f->avoid, "netdev_budget"));
	scene_load(&s, 1, 1, 60, 300000);
	scene_judge(&s);
	assert_int_equal(scene_rule(&s, "squeeze-time")->state, RULE_CLEAR);
	assert_int_equal(scene_rule(&s, "squeeze-elsewhere")->state, RULE_FOUND);
	/* Those of another NAPI there may. */
	scene_load(&s, 1, 0, 20, 1000);
	scene_load(&s, 1, 1, 60, 300000);
	assert_int_equal(state_of(&s, "squeeze-time"), RULE_FOUND);
	scene_fini(&s);
}

/* --- veth --------------------------------------------------------------------- */

/* More queues are polled where who sends is; RPS spreads. */
static void test_queues_of_a_veth(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	one_queue(&s);
	assert_int_equal(state_of(&s, "one-queue"), RULE_FOUND);
	scene_set(&s, "dev/eth0/driver", "veth");
	assert_int_equal(state_of(&s, "one-queue"), RULE_CLEAR);
	assert_non_null(strstr(scene_found(&s, "single-queue")->fix, "rps_cpus"));
	has_rps(&s);
	assert_int_equal(state_of(&s, "single-queue"), RULE_CLEAR);
	scene_fini(&s);

	scene_init(&s);
	one_queue(&s);
	scene_set(&s, "dev/eth0/driver", "veth");
	has_four_queues(&s);
	assert_int_equal(state_of(&s, "single-queue"), RULE_CLEAR);
	scene_fini(&s);
}

/* --- stalls ------------------------------------------------------------------- */

static void test_stalls_of_which_queue(void **state)
{
	const char *check;
	struct scene s;

	(void)state;
	scene_init(&s);
	tx_stall(&s);
	scene_set(&s, "dev/eth0/queue/tx-0/stall_thrs", "0");
	scene_set(&s, "dev/eth0/queue/tx-1/stall_thrs", "100");
	scene_set(&s, "dev/eth1@db/queue/tx-3/stall_thrs", "100");
	scene_judge(&s);
	check = scene_found(&s, "tx-stall")->check;
	assert_non_null(
		strstr(check, "grep -H . /sys/class/net/eth0/queues/tx-*/"));
	assert_non_null(strstr(check, "\nip netns exec db sh -c 'grep -H . "
				      "/sys/class/net/eth1/queues/tx-*/"));
	assert_int_equal(strstr(check, "eth0") > strstr(check, "eth1"), 0);
	scene_fini(&s);
}

/* --- drivers that do not count ------------------------------------------------ */

static void test_a_driver_without_a_counter(void **state)
{
	const struct judged *rule;
	struct scene s;

	(void)state;
	scene_init(&s);
	scene_dev(&s, 0)->polls = 10000;
	scene_dev(&s, 0)->rx_dropped = 17;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_CLEAR);
	scene_set(&s, "dev/eth0/driver", "ena");
	scene_judge(&s);
	rule = scene_rule(&s, "ring-drops");
	assert_int_equal(rule->state, RULE_NOT_MEASURED);
	assert_non_null(strstr(rule->why, "eth0"));
	assert_non_null(strstr(rule->why, "rx_dropped"));
	scene_dev(&s, 0)->rx_ring_drops = 0;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_CLEAR);
	scene_dev(&s, 0)->rx_ring_drops = 1;
	assert_int_equal(state_of(&s, "ring-drops"), RULE_FOUND);
	scene_fini(&s);
}

/* By number: mlx5_comp3@pci:0000:3b:00.0 is not called like eth0. */
static void test_interrupts_are_checked_by_number(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	ring_drops(&s);
	for (i = 0; i < NR_QUEUES; i++)
		scene_polled(&s, i, 0, 0, 0);
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "late-interrupt")->check,
			       "'^ *(24|25|26|27):' /proc/interrupts"));
	scene_fini(&s);
}

/* --- which CPUs --------------------------------------------------------------- */

/* Two threads of a core are one place, and so is a socket that is divided. */
static void test_cores_and_sockets(void **state)
{
	unsigned int i;
	struct scene s;

	(void)state;
	scene_init(&s);
	gathered(&s);
	for (i = 0; i < NR_CPUS; i++)
		scene_set_number(&s, "cpu/%u/siblings", i,
				 (const char *[]){ "0-1", "2-3" }[i / 2]);
	scene_cpu(&s, 2)->stat_idle_ns = 0;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "irqs-on-one-cpu")->fix,
			       "set -- 0 2 1 3;"));
	scene_fini(&s);

	scene_init(&s);
	two_devices(&s);
	for (i = 0; i < NR_CPUS; i++)
		scene_set_number(&s, "cpu/%u/siblings", i,
				 (const char *[]){ "0-1", "2-3" }[i / 2]);
	scene_cpu(&s, 1)->stat_idle_ns = NS;
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "shared-cpu")->fix, "echo 2 >"));
	scene_fini(&s);
}

/* Interrupts of a device on node 1, polled on node 0. */
static void far_away(struct scene *s)
{
	unsigned int i;

	for (i = 0; i < NR_CPUS; i++)
		scene_set_number(s, "cpu/%u/node", i, i == 3 ? "1" : "0");
	scene_set(s, "dev/eth0/numa_node", "1");
	for (i = 0; i < NR_QUEUES; i++) {
		scene_polled(s, i, 20000, 100000, NS / 4);
		scene_place(s, i, i % 3);
	}
	scene_dev(s, 0)->rx_packets = 400000;
}

static void test_nodes(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	far_away(&s);
	scene_judge(&s);
	/* One CPU for a whole one's work: better none. */
	assert_int_equal(*scene_found(&s, "remote-node")->fix, '\0');
	scene_polled(&s, 0, 20000, 100000, NS / 100);
	scene_polled(&s, 1, 20000, 100000, NS / 100);
	scene_polled(&s, 2, 20000, 100000, NS / 100);
	scene_polled(&s, 3, 20000, 100000, NS / 100);
	scene_judge(&s);
	assert_non_null(strstr(scene_found(&s, "remote-node")->fix, "set -- 3;"));
	scene_set(&s, "node/0/distance", "10 12");
	scene_set(&s, "node/1/distance", "12 10");
	assert_int_equal(state_of(&s, "remote-node"), RULE_CLEAR);
	scene_set(&s, "node/0/distance", "10 21");
	assert_int_equal(state_of(&s, "remote-node"), RULE_FOUND);
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tasks_give_way),
		cmocka_unit_test(test_a_burst_among_tasks),
		cmocka_unit_test(test_interrupts_that_receive),
		cmocka_unit_test(test_a_tunnel_is_no_nic),
		cmocka_unit_test(test_containers_behind_a_nic),
		cmocka_unit_test(test_a_full_thread),
		cmocka_unit_test(test_the_budget_drops_nothing_in_time),
		cmocka_unit_test(test_a_raised_budget),
		cmocka_unit_test(test_a_tunnel_behind_the_nic),
		cmocka_unit_test(test_a_thread_that_polls_on),
		cmocka_unit_test(test_drops_of_the_dead),
		cmocka_unit_test(test_a_driver_without_a_counter),
		cmocka_unit_test(test_interrupts_are_checked_by_number),
		cmocka_unit_test(test_cores_and_sockets),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_cheap_packets_take_no_time),
		cmocka_unit_test(test_queues_of_a_veth),
		cmocka_unit_test(test_stalls_of_which_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
