// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each collector is taken away in turn: what needs it says so, and never that all
 * is well.
 */
#include "scenarios.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FORGET(row, member) ((row)->member = MISSING)

static void without_softirq_times(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu)
		FORGET(cpu, net_rx_ns);
}

static void without_poll_times(struct scene *s)
{
	struct napi_row *n;

	table_for_each (&s->iv.napis, n)
		FORGET(n, poll_ns);
	table_for_each (&s->iv.pairs, n)
		FORGET(n, poll_ns);
}

static void without_irqs(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu)
		FORGET(cpu, hardirqs);
	s->iv.irqs.count = 0;
}

static void without_links(struct scene *s)
{
	struct napi_row *n;

	table_for_each (&s->iv.napis, n)
		FORGET(n, irq);
	table_for_each (&s->iv.pairs, n)
		FORGET(n, irq);
}

static void without_probe(struct scene *s, const char *name)
{
	struct probe_row *probe;

	table_for_each (&s->last.probes, probe)
		if (!strcmp(probe->name, name))
			probe->on = 0;
}

static void without_schedules(struct scene *s)
{
	struct napi_row *n;

	without_probe(s, "schedule");
	table_for_each (&s->iv.napis, n) {
		FORGET(n, schedules);
		FORGET(n, sched_p99_ns);
	}
}

static void without_poll_entries(struct scene *s)
{
	struct napi_row *n;

	without_probe(s, "poll_entry");
	table_for_each (&s->iv.napis, n)
		FORGET(n, sched_p99_ns);
}

static void without_watchdog(struct scene *s)
{
	struct napi_row *n;

	without_probe(s, "watchdog");
	table_for_each (&s->iv.napis, n)
		FORGET(n, watchdog_polls);
}

static void without_squeezes(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu) {
		FORGET(cpu, squeeze_budget);
		FORGET(cpu, squeeze_time);
		FORGET(cpu, squeeze_both);
		FORGET(cpu, squeeze_work_left);
	}
}

static void without_softnet(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu) {
		FORGET(cpu, softnet_dropped);
		FORGET(cpu, softnet_rps);
		FORGET(cpu, softnet_processed);
	}
}

static void without_stat(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu) {
		FORGET(cpu, stat_softirq_ns);
		FORGET(cpu, stat_steal_ns);
		FORGET(cpu, stat_user_ns);
	}
}

static void without_devices(struct scene *s)
{
	struct dev_row *dev;

	table_for_each (&s->iv.devs, dev) {
		FORGET(dev, rx_packets);
		FORGET(dev, rx_missed);
		FORGET(dev, rx_fifo);
		FORGET(dev, rx_ring_drops);
	}
}

static void without_hists(struct scene *s)
{
	struct cpu_row *cpu;
	struct napi_row *n;

	s->iv.hists.count = 0;
	table_for_each (&s->iv.cpus, cpu)
		FORGET(cpu, raise_p99_ns);
	table_for_each (&s->iv.napis, n)
		FORGET(n, sched_p99_ns);
}

static void without_raise(struct scene *s)
{
	struct cpu_row *cpu;

	table_for_each (&s->iv.cpus, cpu)
		FORGET(cpu, raise_p99_ns);
	without_probe(s, "softirq_raise");
}

static void without_config(struct scene *s)
{
	s->iv.config.count = 0;
	s->first.config.count = 0;
}

static void without_udp(struct scene *s)
{
	FORGET(&s->iv.host, udp_rcvbuf_errors);
	FORGET(&s->iv.host, udp_in_datagrams);
}

static void without_nodes(struct scene *s)
{
	unsigned int cpu;
	char path[CONFIG_PATH];

	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		snprintf(path, sizeof(path), "cpu/%u/node", cpu);
		scene_unset(s, path);
	}
}

static void without_dql(struct scene *s)
{
	struct cpu_row *cpu;

	scene_unset(s, "dev/eth0/queue/tx-0/stall_thrs");
	without_probe(s, "dql_stall");
	table_for_each (&s->iv.cpus, cpu)
		FORGET(cpu, dql_stalls);
}

static const struct {
	const char *name;
	void (*forget)(struct scene *s);
	const char *blinds; /* one rule that cannot look then, at least */
} collectors[] = {
	{ "softirq times", without_softirq_times, "cpu-saturated" },
	{ "poll times", without_poll_times, "one-queue" },
	{ "interrupts", without_irqs, "slow-handler" },
	{ "links", without_links, "irqs-on-one-cpu" },
	{ "schedules", without_schedules, "napi-starved" },
	{ "entries of polls", without_poll_entries, "napi-starved" },
	{ "watchdog", without_watchdog, "timer-polls" },
	{ "squeezes", without_squeezes, "squeeze-time" },
	{ "softnet_stat", without_softnet, "backlog-drops" },
	{ "stat", without_stat, "steal" },
	{ "device statistics", without_devices, "ring-drops" },
	{ "histograms", without_hists, "over-budget" },
	{ "raise", without_raise, "late-softirq" },
	{ "settings", without_config, "astray" },
	{ "udp", without_udp, "udp-starved" },
	{ "nodes", without_nodes, "remote-node" },
	{ "dql", without_dql, "tx-stall" },
};

#define NR_COLLECTORS (sizeof(collectors) / sizeof(*collectors))

/* What would have been found is found all the same, or it is said why not. */
static void check_without(const struct scenario *sc, size_t k)
{
	const struct judged *rule;
	struct scene s;

	scene_init(&s);
	sc->fire(&s);
	collectors[k].forget(&s);
	scene_judge(&s);
	rule = scene_rule(&s, sc->id);
	if (rule->state == RULE_CLEAR)
		fail_msg("without %s, %s says that all is well",
			 collectors[k].name, sc->id);
	if (rule->state == RULE_NOT_MEASURED && !*rule->why)
		fail_msg("%s does not say why", sc->id);
	scene_fini(&s);
}

static void test_what_is_missing_is_not_fine(void **state)
{
	struct scene s;
	size_t i, k;

	(void)state;
	for (k = 0; k < NR_COLLECTORS; k++) {
		scene_init(&s);
		collectors[k].forget(&s);
		scene_judge(&s);
		if (scene_rule(&s, collectors[k].blinds)->state !=
		    RULE_NOT_MEASURED)
			fail_msg("%s looks without %s", collectors[k].blinds,
				 collectors[k].name);
		scene_fini(&s);
		for (i = 0; i < NR_SCENARIOS; i++)
			check_without(&scenarios[i], k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_missing_is_not_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
