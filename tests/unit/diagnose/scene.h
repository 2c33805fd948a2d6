/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A make-believe server that was watched for ten seconds: four CPUs, eth0 with
 * four queues of 2,000 packets/s each, nothing wrong.  Scenarios change it.
 */
#ifndef TESTS_UNIT_DIAGNOSE_SCENE_H
#define TESTS_UNIT_DIAGNOSE_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnose/diagnose.h"
#include "model/config.h"
#include "model/hist.h"

#define SECONDS 10ULL
#define NS (SECONDS * 1000000000ULL)
#define NR_CPUS 4
#define NR_QUEUES 4
#define ETH0_IRQ 24

struct scene {
	struct interval iv;
	struct snapshot first;
	struct snapshot last;
	struct verdict verdict;
	const struct selection *selection; /* NULL: all of it */
};

static inline void *scene_row(struct table *t)
{
	void *row = table_add(t);

	if (!row)
		abort();
	return row;
}

static inline struct cpu_row *scene_cpu(struct scene *s, unsigned int cpu)
{
	return table_at(&s->iv.cpus, cpu);
}

/* The row of all CPUs; the pair of its CPU has the same numbers. */
static inline struct napi_row *scene_napi(struct scene *s, unsigned int i)
{
	return table_at(&s->iv.napis, i);
}

static inline struct dev_row *scene_dev(struct scene *s, unsigned int i)
{
	return table_at(&s->iv.devs, i);
}

static inline struct irq_row *scene_irq(struct scene *s, unsigned int i)
{
	return table_at(&s->iv.irqs, i);
}

static inline void scene_set(struct scene *s, const char *path, const char *value)
{
	struct config_row *row;

	table_for_each (&s->iv.config, row) {
		if (strcmp(row->path, path))
			continue;
		snprintf(row->value, sizeof(row->value), "%s", value);
		return;
	}
	if (config_add(&s->iv.config, path, value))
		abort();
	config_sort(&s->iv.config);
}

static inline void scene_unset(struct scene *s, const char *path)
{
	struct config_row *row = s->iv.config.rows;
	size_t i, kept = 0;

	for (i = 0; i < s->iv.config.count; i++)
		if (strcmp(row[i].path, path))
			row[kept++] = row[i];
	s->iv.config.count = kept;
}

static inline void scene_set_number(struct scene *s, const char *fmt,
				    unsigned int n, const char *value)
{
	char path[CONFIG_PATH];

	snprintf(path, sizeof(path), fmt, n);
	scene_set(s, path, value);
}

/* What a NAPI did is what its one pair did, on that CPU. */
static inline void scene_place(struct scene *s, unsigned int i, unsigned int cpu)
{
	struct napi_row *pair = table_at(&s->iv.pairs, i);

	*pair = *scene_napi(s, i);
	pair->cpu = cpu;
}

/* polls polls with work packets in all, taking ns. */
static inline void scene_polled(struct scene *s, unsigned int i, uint64_t polls,
				uint64_t work, uint64_t ns)
{
	struct napi_row *n = scene_napi(s, i);
	struct napi_row *pair = table_at(&s->iv.pairs, i);

	n->polls = polls;
	n->inline_polls = polls;
	n->work = work;
	n->poll_ns = ns;
	n->ns_per_packet = work ? ns / work : MISSING;
	scene_place(s, i, pair->cpu);
}

static inline struct napi_row *scene_add_napi(struct scene *s, const char *label,
					      const char *dev, uint64_t irq,
					      unsigned int cpu)
{
	struct napi_row *n = scene_row(&s->iv.napis);

	n->id = s->iv.napis.count;
	n->cpu = MISSING;
	n->irq = irq;
	n->weight = 64;
	n->napi_id = 500 + n->id;
	n->queue = 0;
	n->backlog_cpu = *dev ? MISSING : cpu;
	n->ifindex = *dev ? 2 : 0;
	snprintf(n->label, sizeof(n->label), "%s", label);
	snprintf(n->dev, sizeof(n->dev), "%s", dev);
	snprintf(n->poll_func, sizeof(n->poll_func), "%s_poll", dev);
	n->sched_p99_ns = MISSING;
	n->poll_p99_ns = MISSING;
	n->residency_p99_ns = MISSING;
	scene_row(&s->iv.pairs);
	scene_place(s, s->iv.napis.count - 1, cpu);
	return scene_napi(s, s->iv.napis.count - 1);
}

static inline struct dev_row *scene_add_dev(struct scene *s, const char *name,
					    uint64_t ifindex)
{
	struct dev_row *dev = scene_row(&s->iv.devs);

	dev->ifindex = ifindex;
	snprintf(dev->dev, sizeof(dev->dev), "%s", name);
	dev->rx_ring_drops = MISSING;
	return dev;
}

static inline struct irq_row *scene_add_irq(struct scene *s, uint64_t irq,
					    const char *name, uint64_t count,
					    uint64_t ns)
{
	struct irq_row *row = scene_row(&s->iv.irqs);

	row->id = irq;
	row->irq = irq;
	row->cpu = MISSING;
	row->count = count;
	row->ns = ns;
	row->p99_ns = MISSING;
	snprintf(row->name, sizeof(row->name), "%s", name);
	return row;
}

static inline struct hist_row *scene_hist(struct scene *s, unsigned int kind,
					  uint64_t id, uint64_t cpu,
					  unsigned int bucket, uint64_t count)
{
	struct hist_row *h;

	table_for_each (&s->iv.hists, h)
		if (h->kind == kind && h->id == id && h->cpu == cpu)
			goto found;
	h = scene_row(&s->iv.hists);
	h->kind = kind;
	h->id = id;
	h->cpu = cpu;
found:
	h->counts[bucket] += count;
	h->max = hist_low(bucket);
	return h;
}

static inline void scene_add_cpu(struct scene *s, unsigned int cpu)
{
	struct cpu_row *row = scene_row(&s->iv.cpus);

	row->cpu = cpu;
	row->net_rx_ns = NS / 20;
	row->softirq_ns = NS / 15;
	row->softirq_vec_ns[NAPI_VEC_NET_RX] = NS / 20;
	row->stat_softirq_ns = NS / 16;
	row->stat_idle_ns = NS / 10 * 9;
	row->polls = 2500;
	row->raise_p99_ns = 3000;
	row->net_rx_p99_ns = 30000;
	row->late_ns = 40000;
	row->softnet_processed = 20000;
	scene_hist(s, NAPI_HIST_RAISE_NS, 0, cpu, hist_bucket(2000), 2500);
	scene_hist(s, NAPI_HIST_NET_RX_NS, 0, cpu, hist_bucket(20000), 2500);
	scene_set_number(s, "cpu/%u/node", cpu, "0");
}

static inline void scene_add_probe(struct scene *s, const char *name)
{
	struct probe_row *probe = scene_row(&s->last.probes);

	snprintf(probe->name, sizeof(probe->name), "%s", name);
	probe->on = 1;
}

static inline void scene_add_queue(struct scene *s, unsigned int i)
{
	char label[16], name[16];
	struct napi_row *n;

	snprintf(label, sizeof(label), "eth0/%u", i);
	snprintf(name, sizeof(name), "eth0-rx-%u", i);
	n = scene_add_napi(s, label, "eth0", ETH0_IRQ + i, i);
	n->schedules = n->sessions = n->completions = n->rearms = 2500;
	n->sched_p99_ns = 5000;
	scene_polled(s, i, 2500, 20000, NS / 25);
	scene_add_irq(s, ETH0_IRQ + i, name, 2500, 2500 * 1500);
	scene_set_number(s, "irq/%u/affinity", ETH0_IRQ + i,
			 (const char *[]){ "0", "1", "2", "3" }[i]);
	scene_hist(s, NAPI_HIST_WORK, n->id, i, 40, 2500);
	scene_hist(s, NAPI_HIST_SCHED_NS, n->id, i, hist_bucket(5000), 2500);
}

static inline void scene_settings(struct scene *s)
{
	static const char *const settings[][2] = {
		{ "cpu/online", "0-3" },
		{ "cpu/isolated", "" },
		{ "dev/eth0/channels/combined", "4" },
		{ "dev/eth0/channels/combined_max", "8" },
		{ "dev/eth0/ring/rx", "512" },
		{ "dev/eth0/ring/rx_max", "4096" },
		{ "dev/eth0/coalesce/rx_usecs", "3" },
		{ "dev/eth0/coalesce/adaptive_rx", "0" },
		{ "dev/eth0/napi_defer_hard_irqs", "0" },
		{ "dev/eth0/gro_flush_timeout", "0" },
		{ "dev/eth0/numa_node", "0" },
		{ "dev/eth0/flow_hash/udp4", "sdfn" },
		{ "dev/eth0/rss/queues", "4" },
		{ "dev/eth0/queue/rx-0/rps_cpus", "0" },
		{ "dev/eth0/queue/tx-0/stall_thrs", "1000" },
		{ "irqbalance/running", "0" },
		{ "sysctl/net.core.netdev_max_backlog", "1000" },
		{ "sysctl/net.core.flow_limit_cpu_bitmap", "0" },
		{ "sysctl/net.core.busy_poll", "0" },
		{ "sysctl/net.core.busy_read", "0" },
	};
	size_t i;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++)
		scene_set(s, settings[i][0], settings[i][1]);
}

static inline void scene_init(struct scene *s)
{
	static const char *const probes[] = { "softirq_raise", "dql_stall",
					      "poll_entry",    "schedule",
					      "complete",      "watchdog" };
	unsigned int i;

	s->selection = NULL;
	interval_init(&s->iv);
	snapshot_init(&s->first);
	snapshot_init(&s->last);
	verdict_init(&s->verdict);
	s->iv.ns = NS;
	s->iv.host = (struct host_row){ .netdev_budget = 300,
					.netdev_budget_usecs = 8000,
					.hz = 250,
					.nr_cpus = NR_CPUS,
					.slots = 1024 };
	strcpy(s->iv.host.host, "db17");
	strcpy(s->iv.host.kernel, "6.12.5");
	strcpy(s->iv.host.tier, "fentry");
	for (i = 0; i < NR_CPUS; i++)
		scene_add_cpu(s, i);
	scene_add_dev(s, "eth0", 2)->rx_packets = 80000;
	scene_dev(s, 0)->rx_bytes = 80000 * 800;
	for (i = 0; i < NR_QUEUES; i++)
		scene_add_queue(s, i);
	scene_settings(s);
	for (i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		scene_add_probe(s, probes[i]);
	if (table_copy(&s->first.config, &s->iv.config))
		abort();
}

static inline void scene_fini(struct scene *s)
{
	interval_fini(&s->iv);
	snapshot_fini(&s->first);
	snapshot_fini(&s->last);
	verdict_fini(&s->verdict);
}

static inline void scene_judge(struct scene *s)
{
	const struct diagnosis d = { .iv = &s->iv,
				     .first = &s->first,
				     .last = &s->last,
				     .selection = s->selection };

	table_sort(&s->iv.hists, hist_row_cmp);
	if (napi_index_make(&s->iv.index, &s->iv) || diagnose(&d, &s->verdict))
		abort();
}

/* The finding of a rule, or the one that it joined; NULL: there is none. */
static inline const struct finding *scene_found(const struct scene *s,
						const char *id)
{
	const struct finding *f;
	unsigned int i;

	table_for_each (&s->verdict.findings, f) {
		if (!strcmp(f->id, id))
			return f;
		for (i = 0; i < f->nr_joined; i++)
			if (!strcmp(f->joined[i].id, id))
				return f;
	}
	return NULL;
}

/* The same, as things are now. */
static inline const struct finding *scene_judged(struct scene *s, const char *id)
{
	scene_judge(s);
	return scene_found(s, id);
}

static inline const struct judged *scene_rule(const struct scene *s,
					      const char *id)
{
	const struct judged *rule;

	table_for_each (&s->verdict.rules, rule)
		if (!strcmp(rule->id, id))
			return rule;
	return NULL;
}

/* What becomes of a rule, as things are now. */
static inline enum rule_state state_of(struct scene *s, const char *id)
{
	scene_judge(s);
	return scene_rule(s, id)->state;
}

/* A CPU that receives pct percent of the time, all of it for one NAPI. */
static inline void scene_load(struct scene *s, unsigned int cpu,
			      unsigned int napi, unsigned int pct, uint64_t pps)
{
	struct cpu_row *row = scene_cpu(s, cpu);
	uint64_t ns = NS / 100 * pct, work = pps * SECONDS;

	row->net_rx_ns = ns;
	row->softirq_ns = ns;
	row->softirq_vec_ns[NAPI_VEC_NET_RX] = ns;
	row->stat_softirq_ns = ns;
	row->poll_ns = ns;
	scene_polled(s, napi, work / 64 + 1, work, ns);
	scene_place(s, napi, cpu);
	row->polls = work / 64 + 1;
}

/* All four queues on one CPU. */
static inline void scene_gather(struct scene *s, unsigned int cpu,
				unsigned int pct)
{
	char text[8];
	unsigned int i;

	snprintf(text, sizeof(text), "%u", cpu);
	for (i = 0; i < NR_QUEUES; i++) {
		scene_polled(s, i, 20000, 400000, NS / 100 * pct / NR_QUEUES);
		scene_place(s, i, cpu);
		scene_set_number(s, "irq/%u/affinity", ETH0_IRQ + i, text);
	}
	for (i = 0; i < NR_CPUS; i++)
		scene_cpu(s, i)->net_rx_ns = NS / 1000;
	scene_cpu(s, cpu)->net_rx_ns = NS / 100 * pct;
	scene_cpu(s, cpu)->softirq_ns = NS / 100 * pct;
	scene_cpu(s, cpu)->stat_softirq_ns = NS / 100 * pct;
	scene_cpu(s, cpu)->poll_ns = NS / 100 * pct;
	scene_cpu(s, cpu)->polls = 80000;
	scene_dev(s, 0)->rx_packets = 1600000;
}

#endif /* TESTS_UNIT_DIAGNOSE_SCENE_H */
