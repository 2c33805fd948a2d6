/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scenario for each rule: what fires it, and what just does not. */
#ifndef TESTS_UNIT_DIAGNOSE_SCENARIOS_H
#define TESTS_UNIT_DIAGNOSE_SCENARIOS_H

#include "scene.h"

struct scenario {
	const char *id;
	enum severity severity;
	void (*fire)(struct scene *s);
	void (*spare)(struct scene *s); /* what differs from fire, after it */
	const char *fix; /* a part of the command, NULL: there is none */
};

/* --- spread ------------------------------------------------------------------- */

static void gathered(struct scene *s)
{
	scene_gather(s, 2, 97);
}

static void gathered_with_room(struct scene *s)
{
	scene_gather(s, 2, 49);
}

static void one_queue(struct scene *s)
{
	unsigned int i;

	s->iv.napis.count = s->iv.pairs.count = 1;
	for (i = 0; i < NR_CPUS; i++)
		scene_cpu(s, i)->net_rx_ns = 0;
	scene_load(s, 0, 0, 95, 100000);
	scene_set(s, "dev/eth0/channels/combined", "1");
	scene_dev(s, 0)->rx_packets = 1000000;
}

static void has_four_queues(struct scene *s)
{
	scene_set(s, "dev/eth0/channels/combined", "4");
}

static void single_queue(struct scene *s)
{
	one_queue(s);
	scene_set(s, "dev/eth0/channels/combined_max", "1");
}

static void has_rps(struct scene *s)
{
	scene_set(s, "dev/eth0/queue/rx-0/rps_cpus", "e");
}

static void skewed(struct scene *s)
{
	scene_load(s, 1, 1, 85, 100000);
	scene_set(s, "dev/eth0/flow_hash/udp4", "sd");
	scene_dev(s, 0)->rx_packets = 1060000;
}

static void skewed_little(struct scene *s)
{
	scene_load(s, 1, 1, 85, 8900);
}

static void two_devices(struct scene *s)
{
	struct napi_row *n;

	scene_add_dev(s, "eth1", 3)->rx_packets = 300000;
	n = scene_add_napi(s, "eth1/0", "eth1", 40, 0);
	n->ifindex = 3;
	scene_place(s, 4, 0);
	scene_load(s, 0, 0, 90, 50000);
	scene_polled(s, 0, 8000, 500000, NS / 100 * 60);
	scene_polled(s, 4, 8000, 300000, NS / 100 * 30);
	scene_set(s, "irq/40/affinity", "0");
	scene_dev(s, 0)->rx_packets = 560000;
}

static void second_is_small(struct scene *s)
{
	scene_polled(s, 4, 8000, 300000, NS / 100 * 19);
}

static void saturated(struct scene *s)
{
	scene_load(s, 3, 3, 81, 3000);
}

static void not_saturated(struct scene *s)
{
	scene_load(s, 3, 3, 79, 3000);
}

/* --- backlog ------------------------------------------------------------------ */

static void funnel(struct scene *s)
{
	scene_polled(s, 0, 10000, 1000000, NS / 20);
	scene_add_napi(s, "backlog/1", "", MISSING, 1);
	scene_load(s, 1, 4, 90, 100000);
	scene_cpu(s, 1)->softnet_rps = 10000;
	scene_set(s, "dev/eth0/queue/rx-0/rps_cpus", "2");
}

static void funnel_of_another(struct scene *s)
{
	scene_polled(s, 0, 10000, 430000, NS / 20);
}

static void rps_flow(struct scene *s)
{
	funnel(s);
	scene_set(s, "dev/eth0/queue/rx-0/rps_cpus", "e");
}

static void rps_spread(struct scene *s)
{
	scene_add_napi(s, "backlog/2", "", MISSING, 2);
	scene_polled(s, 5, 10000, 500000, NS / 3);
}

static void backlog_full(struct scene *s)
{
	scene_cpu(s, 1)->softnet_dropped = 1;
}

static void backlog_not_full(struct scene *s)
{
	scene_cpu(s, 1)->softnet_dropped = 0;
}

static void no_napi(struct scene *s)
{
	scene_add_dev(s, "eth9", 9)->rx_packets = 100000;
	scene_add_irq(s, 50, "eth9", 100000, NS / 50);
}

static void no_napi_is_slow(struct scene *s)
{
	scene_dev(s, 1)->rx_packets = 9000;
}

/* --- squeezes ----------------------------------------------------------------- */

static void squeezed(struct scene *s)
{
	scene_cpu(s, 1)->squeeze_budget = 1000;
	scene_cpu(s, 1)->squeeze_work_left = 1000;
}

static void squeezed_seldom(struct scene *s)
{
	scene_cpu(s, 1)->squeeze_budget = 9;
	scene_cpu(s, 1)->squeeze_work_left = 9;
}

static void squeezed_lossy(struct scene *s)
{
	squeezed(s);
	scene_dev(s, 0)->rx_missed = 17;
	scene_dev(s, 0)->rx_packets = 4000000;
	scene_cpu(s, 1)->late_ns = 3000000;
	scene_cpu(s, 1)->ksoftirqd_polls = 100;
	scene_napi(s, 1)->exhausted = 5000;
	scene_place(s, 1, 1);
}

static void squeezed_nothing_lost(struct scene *s)
{
	scene_dev(s, 0)->rx_missed = 0;
}

static void squeezed_by_time(struct scene *s)
{
	scene_load(s, 1, 1, 70, 3000);
	scene_hist(s, NAPI_HIST_NET_RX_NS, 0, 1, hist_bucket(8000000), 400);
	scene_cpu(s, 1)->squeeze_time = 500;
	scene_cpu(s, 1)->squeeze_work_left = 500;
}

static void time_seldom(struct scene *s)
{
	scene_cpu(s, 1)->squeeze_time = 9;
}

static void dear(struct scene *s)
{
	scene_load(s, 3, 3, 90, 90000);
	scene_load(s, 1, 1, 90, 90000);
	scene_dev(s, 0)->rx_packets = 1840000;
	scene_dev(s, 0)->rx_bytes = 1840000 * 1514ULL;
}

static void not_dear(struct scene *s)
{
	scene_load(s, 3, 3, 90, 90001);
	scene_load(s, 1, 1, 90, 90001);
}

static void time_elsewhere(struct scene *s)
{
	scene_cpu(s, 1)->squeeze_time = 500;
	scene_cpu(s, 1)->net_rx_ns = NS / 10;
	scene_cpu(s, 1)->stat_steal_ns = NS / 3;
}

static void time_in_net_rx(struct scene *s)
{
	scene_cpu(s, 1)->stat_steal_ns = 0;
	scene_hist(s, NAPI_HIST_NET_RX_NS, 0, 1, hist_bucket(5000000), 250);
}

/* --- drops -------------------------------------------------------------------- */

static void ring_drops(struct scene *s)
{
	scene_dev(s, 0)->rx_missed = 1;
}

static void no_ring_drops(struct scene *s)
{
	scene_dev(s, 0)->rx_missed = 0;
}

static void late_interrupt(struct scene *s)
{
	scene_dev(s, 0)->rx_ring_drops = 1000;
	scene_set(s, "dev/eth0/coalesce/rx_usecs", "150000");
}

static void interrupt_in_time(struct scene *s)
{
	scene_set(s, "dev/eth0/coalesce/rx_usecs", "100000");
}

static void udp_starved(struct scene *s)
{
	saturated(s);
	s->iv.host.udp_rcvbuf_errors = 1000;
}

static void udp_not_starved(struct scene *s)
{
	s->iv.host.udp_rcvbuf_errors = 999;
}

/* --- late --------------------------------------------------------------------- */

static void late(struct scene *s)
{
	struct cpu_row *cpu = scene_cpu(s, 2);

	cpu->raise_p99_ns = 1000000;
	cpu->late_ns = 7000000;
	strcpy(cpu->late_comm, "cadvisor");
}

static void not_late(struct scene *s)
{
	scene_cpu(s, 2)->raise_p99_ns = 999999;
}

static void in_ksoftirqd(struct scene *s)
{
	struct cpu_row *cpu = scene_cpu(s, 2);

	cpu->net_rx_ns = NS / 2;
	cpu->ksoftirqd_polls = cpu->polls / 2;
}

static void seldom_in_ksoftirqd(struct scene *s)
{
	scene_cpu(s, 2)->ksoftirqd_polls--;
}

static void by_timer(struct scene *s)
{
	scene_napi(s, 0)->watchdog_polls = 1250;
	scene_set(s, "dev/eth0/gro_flush_timeout", "200000");
}

static void not_by_timer(struct scene *s)
{
	scene_napi(s, 0)->watchdog_polls = 1249;
}

static void threaded(struct scene *s)
{
	scene_polled(s, 0, 20000, 20000, NS / 20);
	scene_napi(s, 0)->inline_polls = 10000;
	scene_napi(s, 0)->threaded_polls = 10000;
}

static void seldom_threaded(struct scene *s)
{
	scene_napi(s, 0)->inline_polls = 10001;
	scene_napi(s, 0)->threaded_polls = 9999;
}

static void starved(struct scene *s)
{
	two_devices(s);
	scene_polled(s, 0, 8000, 500000, NS / 100 * 80);
	scene_polled(s, 4, 100, 300, NS / 100);
	scene_napi(s, 4)->sched_p99_ns = 1000000;
	scene_hist(s, NAPI_HIST_SCHED_NS, 5, 0, hist_bucket(1000000), 20)->max =
		1000000;
}

static void not_starved(struct scene *s)
{
	struct hist_row *h;

	/* Half of the waits are short. */
	h = scene_hist(s, NAPI_HIST_SCHED_NS, 5, 0, hist_bucket(100000), 10);
	h->counts[hist_bucket(1000000)] = 10;
	h->max = 1000000;
}

static void packet_by_packet(struct scene *s)
{
	scene_polled(s, 0, 100000, 100000, NS / 10);
	scene_napi(s, 0)->sessions = 100000;
	scene_irq(s, 0)->count = 100000;
}

static void busy_polls_already(struct scene *s)
{
	scene_set(s, "sysctl/net.core.busy_read", "50");
}

/* --- interrupts --------------------------------------------------------------- */

static void unmoderated(struct scene *s)
{
	scene_polled(s, 0, 200000, 300000, NS / 4);
	scene_napi(s, 0)->sessions = 200000;
	scene_irq(s, 0)->count = 200000;
}

static void moderated(struct scene *s)
{
	scene_polled(s, 0, 200000, 800000, NS / 4);
}

static void flapping(struct scene *s)
{
	scene_load(s, 0, 0, 60, 50000);
	scene_polled(s, 0, 55000, 500000, NS / 3);
	scene_polled(s, 1, 30000, 400000, NS / 20);
	scene_napi(s, 0)->sessions = 50000;
	scene_irq(s, 0)->count = 50000;
}

static void flapping_seldom(struct scene *s)
{
	scene_napi(s, 0)->sessions = 49999;
}

static void unmasked(struct scene *s)
{
	scene_irq(s, 0)->count = 10000;
	scene_polled(s, 0, 5000, 40000, NS / 4);
	scene_napi(s, 0)->sessions = 5000;
}

static void masked(struct scene *s)
{
	scene_irq(s, 0)->count = 9999;
}

static void slow_handler(struct scene *s)
{
	scene_add_irq(s, 77, "megaraid", 12000, 12000 * 50000ULL);
}

static void quick_handler(struct scene *s)
{
	scene_irq(s, NR_QUEUES)->ns--;
}

static void astray(struct scene *s)
{
	scene_polled(s, 0, 20000, 1280000, NS / 4);
	scene_napi(s, 0)->sessions = 0;
	scene_place(s, 0, 0);
	scene_set(s, "irq/24/affinity", "3");
	scene_dev(s, 0)->rx_packets = 1340000;
}

static void not_astray(struct scene *s)
{
	scene_set(s, "irq/24/affinity", "0,3");
}

static void irqbalance(struct scene *s)
{
	scene_set(s, "irqbalance/running", "1");
	scene_set(s, "irq/24/affinity", "1");
}

static void irqbalance_stopped(struct scene *s)
{
	scene_set(s, "irqbalance/running", "0");
}

/* --- polls -------------------------------------------------------------------- */

static void empty(struct scene *s)
{
	scene_polled(s, 0, 20000, 20000, NS / 20);
	scene_napi(s, 0)->empty = 10000;
}

static void seldom_empty(struct scene *s)
{
	scene_napi(s, 0)->empty = 9999;
}

static void over_budget(struct scene *s)
{
	scene_hist(s, NAPI_HIST_WORK, 1, 0, 40, 0)->max = 65;
}

static void at_budget(struct scene *s)
{
	scene_hist(s, NAPI_HIST_WORK, 1, 0, 40, 0)->max = 64;
}

static void never_completes(struct scene *s)
{
	scene_load(s, 0, 0, 99, 640000);
	scene_napi(s, 0)->sessions = 0;
	scene_place(s, 0, 0);
}

static void overload(struct scene *s)
{
	scene_dev(s, 0)->rx_packets = 6460000;
}

static void remote(struct scene *s)
{
	scene_polled(s, 0, 2500, 20001, NS / 25);
	scene_set(s, "cpu/0/node", "1");
	scene_set(s, "cpu/1/node", "1");
}

static void half_remote(struct scene *s)
{
	scene_polled(s, 0, 2500, 20000, NS / 25);
}

/* --- the machine -------------------------------------------------------------- */

static void timers(struct scene *s)
{
	scene_cpu(s, 0)->softirq_vec_ns[NAPI_VEC_TIMER] = NS / 100 * 30;
	scene_cpu(s, 0)->softirq_ns = NS / 100 * 36;
	scene_cpu(s, 0)->stat_softirq_ns = NS / 100 * 36;
}

static void few_timers(struct scene *s)
{
	scene_cpu(s, 0)->softirq_vec_ns[NAPI_VEC_TIMER] = NS / 100 * 30 - 1000000;
}

static void stolen(struct scene *s)
{
	scene_cpu(s, 0)->stat_steal_ns = NS / 10;
}

static void seldom_stolen(struct scene *s)
{
	scene_cpu(s, 0)->stat_steal_ns--;
}

static void tick_blind(struct scene *s)
{
	scene_cpu(s, 0)->stat_softirq_ns = 0;
	scene_cpu(s, 0)->softirq_ns = NS / 5;
}

static void tick_sees(struct scene *s)
{
	scene_cpu(s, 0)->softirq_ns--;
}

static void tx_stall(struct scene *s)
{
	scene_cpu(s, 0)->dql_stalls = 1;
}

static void no_tx_stall(struct scene *s)
{
	scene_cpu(s, 0)->dql_stalls = 0;
}

static void lost(struct scene *s)
{
	s->iv.lost.slots = 1;
}

static void not_lost(struct scene *s)
{
	s->iv.lost.slots = 0;
}

static const struct scenario scenarios[] = {
	{ "irqs-on-one-cpu", SEVERITY_CRITICAL, gathered, gathered_with_room,
	  "for i in 24 25 26 27; do echo $1 >/proc/irq/$i/smp_affinity_list" },
	{ "one-queue", SEVERITY_CRITICAL, one_queue, has_four_queues,
	  "ethtool -L eth0 combined 4" },
	{ "single-queue", SEVERITY_CRITICAL, single_queue, has_rps,
	  "echo e >/sys/class/net/eth0/queues/rx-0/rps_cpus" },
	{ "hash-skew", SEVERITY_CRITICAL, skewed, skewed_little,
	  "# only if these are many UDP flows: ethtool -N eth0 rx-flow-hash" },
	{ "shared-cpu", SEVERITY_CRITICAL, two_devices, second_is_small,
	  "echo 1 >/proc/irq/40/smp_affinity_list" },
	{ "cpu-saturated", SEVERITY_CRITICAL, saturated, not_saturated, NULL },
	{ "rps-funnel", SEVERITY_CRITICAL, funnel, funnel_of_another,
	  "echo e >/sys/class/net/eth0/queues/rx-0/rps_cpus" },
	{ "rps-one-flow", SEVERITY_CRITICAL, rps_flow, rps_spread,
	  "flow_limit_cpu_bitmap=f" },
	{ "backlog-drops", SEVERITY_WARNING, backlog_full, backlog_not_full,
	  "sysctl -w net.core.netdev_max_backlog=2000" },
	{ "no-napi", SEVERITY_WARNING, no_napi, no_napi_is_slow, NULL },
	{ "squeeze-harmless", SEVERITY_HARMLESS, squeezed, squeezed_seldom, NULL },
	{ "squeeze-budget", SEVERITY_WARNING, squeezed_lossy,
	  squeezed_nothing_lost, "sysctl -w net.core.netdev_budget=600" },
	{ "squeeze-time", SEVERITY_WARNING, squeezed_by_time, time_seldom,
	  "netdev_budget_usecs=16000" },
	{ "dear-packets", SEVERITY_CRITICAL, dear, not_dear, "flowtable" },
	{ "squeeze-elsewhere", SEVERITY_NOTE, time_elsewhere, time_in_net_rx,
	  NULL },
	{ "ring-drops", SEVERITY_WARNING, ring_drops, no_ring_drops,
	  "ethtool -G eth0 rx 2048" },
	{ "late-interrupt", SEVERITY_WARNING, late_interrupt, interrupt_in_time,
	  "ethtool -C eth0 rx-usecs" },
	{ "udp-starved", SEVERITY_CRITICAL, udp_starved, udp_not_starved,
	  "taskset" },
	{ "late-softirq", SEVERITY_WARNING, late, not_late, "taskset" },
	{ "ksoftirqd", SEVERITY_NOTE, in_ksoftirqd, seldom_in_ksoftirqd, NULL },
	{ "timer-polls", SEVERITY_NOTE, by_timer, not_by_timer,
	  "echo 0 >/sys/class/net/eth0/gro_flush_timeout" },
	{ "hidden-polls", SEVERITY_NOTE, threaded, seldom_threaded, NULL },
	{ "napi-starved", SEVERITY_CRITICAL, starved, not_starved,
	  "echo 1 >/proc/irq/40/smp_affinity_list" },
	{ "busy-poll", SEVERITY_NOTE, packet_by_packet, busy_polls_already,
	  "net.core.busy_read=50" },
	{ "no-coalescing", SEVERITY_NOTE, unmoderated, moderated,
	  "ethtool -C eth0 rx-usecs 50" },
	{ "flapping", SEVERITY_NOTE, flapping, flapping_seldom,
	  "ethtool -C eth0 rx-usecs 250" },
	{ "irq-not-masked", SEVERITY_WARNING, unmasked, masked, NULL },
	{ "slow-handler", SEVERITY_WARNING, slow_handler, quick_handler,
	  "threadirqs" },
	{ "astray", SEVERITY_WARNING, astray, not_astray, "down and up" },
	{ "irqbalance", SEVERITY_NOTE, irqbalance, irqbalance_stopped,
	  "--banirq" },
	{ "empty-polls", SEVERITY_WARNING, empty, seldom_empty, NULL },
	{ "over-budget", SEVERITY_WARNING, over_budget, at_budget, NULL },
	{ "never-completes", SEVERITY_CRITICAL, never_completes, overload,
	  "down and up" },
	{ "remote-node", SEVERITY_NOTE, remote, half_remote,
	  "set -- 2 3; for i in" },
	{ "other-softirq", SEVERITY_WARNING, timers, few_timers, NULL },
	{ "steal", SEVERITY_WARNING, stolen, seldom_stolen, NULL },
	{ "tick-differs", SEVERITY_HARMLESS, tick_blind, tick_sees, NULL },
	{ "tx-stall", SEVERITY_WARNING, tx_stall, no_tx_stall, NULL },
	{ "lost-events", SEVERITY_NOTE, lost, not_lost, "--slots 2048" },
};

#define NR_SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))

#endif /* TESTS_UNIT_DIAGNOSE_SCENARIOS_H */
