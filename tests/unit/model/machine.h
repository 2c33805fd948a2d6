/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A make-believe machine whose snapshots are recorded: CPUs, NAPIs on them,
 * interrupts, devices and settings, with numbers that grow as those of a
 * machine with traffic do.  The same seed gives the same numbers.
 */
#ifndef TESTS_MODEL_MACHINE_H
#define TESTS_MODEL_MACHINE_H

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/config.h"
#include "model/hist.h"
#include "model/snapshot.h"

struct machine {
	unsigned int cpus;
	unsigned int napis;
	unsigned int pairs;  /* at least as many as napis: some moved */
	unsigned int busy;   /* NAPIs with traffic; the others are idle */
	unsigned int spread; /* one of so many NAPIs is one of these */
	unsigned int queues; /* NAPIs of a device */
	uint64_t rng;
	struct snapshot s;
};

static inline uint64_t machine_random(struct machine *m)
{
	m->rng ^= m->rng << 13;
	m->rng ^= m->rng >> 7;
	m->rng ^= m->rng << 17;
	return m->rng;
}

/* About mean, as a count of independent events spreads. */
static inline uint64_t machine_about(struct machine *m, double mean)
{
	double sum = 0;
	int i;

	for (i = 0; i < 12; i++)
		sum += (double)(machine_random(m) >> 11) / (1ULL << 53);
	sum = mean + (sum - 6) * sqrt(mean);
	return sum < 0 ? 0 : (uint64_t)sum;
}

static inline bool machine_is_busy(const struct machine *m, uint64_t napi)
{
	return napi % m->spread == 0 && napi / m->spread < m->busy;
}

static inline void machine_add_napis(struct machine *m)
{
	struct napi_row *n;
	unsigned int i;

	for (i = 0; i < m->pairs; i++) {
		n = table_add(&m->s.pairs);
		memset(n, 0, sizeof(*n));
		n->id = i % m->napis;
		n->cpu = (i % m->napis + i / m->napis) % m->cpus;
		snprintf(n->dev, sizeof(n->dev), "eth%u",
			 i % m->napis / m->queues);
		snprintf(n->label, sizeof(n->label), "%.16s/%u", n->dev,
			 i % m->napis % m->queues);
		snprintf(n->poll_func, sizeof(n->poll_func),
			 "mlx5e_napi_poll [mlx5_core]");
		n->netns_ino = 4026531840;
		n->ifindex = 2 + i % m->napis / m->queues;
		n->napi_id = 8193 + i % m->napis;
		n->queue = i % m->napis % m->queues;
		n->irq = 100 + i % m->napis;
		n->irq_votes = MISSING;
		n->weight = 64;
		n->backlog_cpu = MISSING;
		n->watchdog_polls = MISSING;
	}
}

static inline void machine_add_irqs(struct machine *m)
{
	struct irq_row *irq;
	struct line_row *line;
	struct told_row *told;
	unsigned int i;

	for (i = 0; i < m->napis; i++) {
		irq = table_add(&m->s.irqs);
		irq->id = i;
		irq->irq = 100 + i;
		irq->cpu = i % m->cpus;
		snprintf(irq->name, sizeof(irq->name), "mlx5_comp%u@pci",
			 i % m->queues);
		line = table_add(&m->s.lines);
		line->irq = 100 + i;
		line->cpu = i % m->cpus;
		strcpy(line->flow, "edge");
		told = table_add(&m->s.told);
		told->netns_ino = 4026531840;
		told->napi_id = 8193 + i;
		told->ifindex = 2 + i / m->queues;
		told->irq = 100 + i;
		told->pid = MISSING;
		told->queue = i % m->queues;
	}
}

static inline void machine_add_settings(struct machine *m)
{
	static const char *const names[] = { "affinity", "effective_affinity",
					     "node" };
	char path[CONFIG_PATH], value[16];
	unsigned int i, k;

	for (i = 0; i < m->napis; i++) {
		for (k = 0; k < 3; k++) {
			snprintf(path, sizeof(path), "irq/%u/%s", 100 + i,
				 names[k]);
			snprintf(value, sizeof(value), "%u",
				 k < 2 ? i % m->cpus : 0);
			config_add(&m->s.config, path, value);
		}
		snprintf(path, sizeof(path), "dev/eth%u/queue/rx-%u/rps_cpus",
			 i / m->queues, i % m->queues);
		config_add(&m->s.config, path, "00000000,00000000");
	}
	config_add(&m->s.config, "sysctl/net.core.netdev_budget", "300");
}

/* Busy NAPIs stand spread apart, and devices have so many NAPIs. */
static inline void machine_init_shape(struct machine *m, unsigned int cpus,
				      unsigned int napis, unsigned int pairs,
				      unsigned int busy, unsigned int spread,
				      unsigned int queues)
{
	struct dev_row *dev;
	struct cpu_row *cpu;
	unsigned int i;

	memset(m, 0, sizeof(*m));
	m->cpus = cpus;
	m->napis = napis;
	m->pairs = pairs;
	m->busy = busy;
	m->spread = spread;
	m->queues = queues;
	m->rng = 0x9e3779b97f4a7c15;
	snapshot_init(&m->s);
	m->s.mono_ns = 86400000000000;
	m->s.real_ns = 1700000000000000000;
	strcpy(m->s.host.host, "db17");
	strcpy(m->s.host.kernel, "6.12.43-amd64");
	strcpy(m->s.host.tier, "fentry");
	m->s.host.nr_cpus = cpus;
	m->s.host.sample = MISSING;
	for (i = 0; i < cpus; i++) {
		cpu = table_add(&m->s.cpus);
		cpu->cpu = i;
	}
	for (i = 0; i < (napis + queues - 1) / queues; i++) {
		dev = table_add(&m->s.devs);
		dev->netns_ino = 4026531840;
		dev->ifindex = 2 + i;
		snprintf(dev->dev, sizeof(dev->dev), "eth%u", i);
	}
	machine_add_napis(m);
	machine_add_irqs(m);
	machine_add_settings(m);
	snapshot_sort(&m->s);
}

static inline void machine_init(struct machine *m, unsigned int cpus,
				unsigned int napis, unsigned int pairs,
				unsigned int busy)
{
	machine_init_shape(m, cpus, napis, pairs, busy, 1, 64);
}

static inline void machine_fini(struct machine *m)
{
	snapshot_fini(&m->s);
}

static inline void machine_grow_cpu(struct machine *m, struct cpu_row *cpu,
				    uint64_t polls, uint64_t work)
{
	static const double rates[NAPI_NR_VECS] = { 0, 250, 3,	0, 4,
						    0, 2,   60, 0, 120 };
	uint64_t runs;
	unsigned int v;

	for (v = 0; v < NAPI_NR_VECS; v++) {
		runs = rates[v] ? machine_about(m, rates[v]) : 0;
		if (v == NAPI_VEC_NET_RX)
			runs = polls * 9 / 10;
		cpu->softirqs[v] += runs;
		cpu->softirqs_kernel[v] += runs;
		cpu->softirq_vec_ns[v] += machine_about(m, runs * 2500.0);
	}
	cpu->hardirqs += polls / 3;
	cpu->hardirq_ns += machine_about(m, polls / 3 * 900.0);
	cpu->softnet_processed += work;
	cpu->stat_user_ns += machine_random(m) % 30 * 10000000;
	cpu->stat_system_ns += machine_random(m) % 8 * 10000000;
	cpu->stat_softirq_ns += machine_random(m) % 20 * 10000000;
	cpu->stat_idle_ns += machine_random(m) % 50 * 10000000;
}

/* 3,000 polls a second of about 10 packets each. */
static inline void machine_grow_napi(struct machine *m, struct napi_row *n,
				     struct irq_row *irq, struct line_row *line)
{
	uint64_t polls = machine_about(m, 3000), work = machine_about(m, 30000);
	struct cpu_row *cpu = table_at(&m->s.cpus, n->cpu);
	uint64_t sessions = polls / 3;

	n->inline_polls += polls;
	n->work += work;
	n->empty += machine_about(m, 40);
	n->exhausted += machine_about(m, 2);
	n->poll_ns += machine_about(m, work * 700.0);
	n->empty_ns += machine_about(m, 12000);
	n->schedules += sessions;
	n->completions += sessions;
	n->rearms += sessions;
	n->sessions += sessions;
	n->sched_ns += machine_about(m, sessions * 2500.0);
	n->sched_polls += sessions;
	n->residency_ns += machine_about(m, sessions * 9000.0);
	irq->count += sessions;
	irq->ns += machine_about(m, sessions * 900.0);
	line->count += sessions;
	machine_grow_cpu(m, cpu, polls, work);
}

/* Five histograms a NAPI and one an interrupt, after machine_init(). */
static inline void machine_add_hists(struct machine *m)
{
	struct hist_row *h;
	unsigned int i, kind;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++) {
		if (hist_kinds[kind].scope == SCOPE_CPU)
			continue;
		for (i = 0; i < m->busy; i++) {
			h = table_add(&m->s.hists);
			h->kind = kind;
			h->irq = hist_kinds[kind].scope == SCOPE_IRQ ?
					 100 + i * m->spread :
					 0;
			h->id = i * m->spread;
			h->cpu = h->id % m->cpus;
		}
	}
	snapshot_sort(&m->s);
}

/* 3,000 values a second, most of them within a factor of four. */
static inline void machine_grow_hists(struct machine *m)
{
	const int middle = 200, width = 32;
	struct cpu_row *cpu;
	struct hist_row *h;
	int k;

	if (m->s.hists.count)
		table_for_each (&m->s.cpus, cpu) {
			cpu->late_ns = 20000 + machine_random(m) % 4000;
			snprintf(cpu->late_comm, sizeof(cpu->late_comm),
				 "ksoftirqd/%u", (unsigned int)cpu->cpu);
		}

	table_for_each (&m->s.hists, h) {
		for (k = -width; k <= width; k++)
			h->counts[middle + k] += machine_about(
				m, 3000 * 0.066 * exp(-k * k / 72.0));
		h->sum += machine_about(m, 3000 * 9000.0);
		h->max = 20000 + machine_random(m) % 4000;
	}
}

/* A second passes. */
static inline void machine_run(struct machine *m)
{
	struct napi_row *napis = m->s.pairs.rows;
	struct dev_row *devs = m->s.devs.rows;
	unsigned int i, d;

	m->s.mono_ns += 1000000000 + machine_about(m, 20000);
	m->s.real_ns += 1000000000 + machine_about(m, 20000);
	m->s.host.self_cpu_ns += machine_about(m, 2000000);
	machine_grow_hists(m);
	for (i = 0; i < m->pairs; i++) {
		if (!machine_is_busy(m, napis[i].id) ||
		    napis[i].cpu != napis[i].id % m->cpus)
			continue;
		machine_grow_napi(m, &napis[i], table_at(&m->s.irqs, napis[i].id),
				  table_at(&m->s.lines, napis[i].id));
	}
	for (d = 0; d < m->s.devs.count; d++) {
		devs[d].rx_packets += machine_about(m, 30000.0 * m->busy);
		devs[d].rx_bytes += machine_about(m, 15000000.0 * m->busy);
		devs[d].tx_packets += machine_about(m, 20000.0 * m->busy);
		devs[d].tx_bytes += machine_about(m, 9000000.0 * m->busy);
	}
}

#endif /* TESTS_MODEL_MACHINE_H */
