// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How it shows that what a rule looks at was measured.  A number that is missing
 * must never look like one that is fine.
 */
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

static bool any_cpu(const struct diagnosis *d, size_t offset)
{
	const struct cpu_row *cpu;

	table_for_each (&d->iv->cpus, cpu)
		if (*(const uint64_t *)((const char *)cpu + offset) != MISSING)
			return true;
	return false;
}

static bool has_softirq(const struct diagnosis *d)
{
	return any_cpu(d, offsetof(struct cpu_row, net_rx_ns));
}

static bool napi_counts(const struct napi_row *n)
{
	return n->polls && n->polls != MISSING;
}

/* Nobody polled: there is nothing that could be missing. */
static bool has_poll_ns(const struct diagnosis *d)
{
	const struct napi_row *n;
	bool any = false;

	table_for_each (&d->iv->napis, n) {
		if (!napi_counts(n))
			continue;
		if (n->poll_ns != MISSING)
			return true;
		any = true;
	}
	return !any;
}

static bool has_irqs(const struct diagnosis *d)
{
	return any_cpu(d, offsetof(struct cpu_row, hardirqs));
}

/* Is it of a PCI device?  Those on USB and without a bus have no interrupt. */
static bool has_interrupts(const struct diagnosis *d, const struct napi_row *n)
{
	unsigned int domain, bus, device, function;
	char path[CONFIG_PATH];
	const char *where;

	config_dev_path(path, n->dev, n->netns, "bus");
	where = config_find(&d->iv->config, path);
	return where && sscanf(where, "%x:%x:%x.%x", &domain, &bus, &device,
			       &function) == 4;
}

/*
 * A NAPI that never leaves poll mode has no interrupt that would show which is its
 * own: one that works a lot, without a link, and those of others say nothing.
 */
static bool has_links(const struct diagnosis *d)
{
	const double loaded = limit(LIMIT_LOADED_NAPI) * d->iv->ns / 1e9;
	const struct napi_row *n;
	bool any = false, linked = false;

	table_for_each (&d->iv->napis, n) {
		if (!napi_counts(n) || napi_is_backlog(n))
			continue;
		any = true;
		if (n->irq != MISSING)
			linked = true;
		else if (n->work >= loaded && !napi_is_hidden(n) &&
			 has_interrupts(d, n))
			return false;
	}
	return linked || !any;
}

/* Of every CPU: one that is not known may be the one that is squeezed. */
static bool has_squeeze(const struct diagnosis *d)
{
	const struct cpu_row *cpu;

	if (d->iv->host.netdev_budget == MISSING)
		return false;
	table_for_each (&d->iv->cpus, cpu)
		if (cpu->squeeze_budget == MISSING)
			return false;
	return true;
}

static bool has_softnet(const struct diagnosis *d)
{
	return any_cpu(d, offsetof(struct cpu_row, softnet_dropped));
}

static bool has_stat(const struct diagnosis *d)
{
	return any_cpu(d, offsetof(struct cpu_row, stat_softirq_ns));
}

static bool has_devs(const struct diagnosis *d)
{
	const struct dev_row *dev;

	table_for_each (&d->iv->devs, dev)
		if (dev->rx_packets != MISSING)
			return true;
	return false;
}

static bool probe_is_on(const struct diagnosis *d, const char *name)
{
	const struct probe_row *probe;

	table_for_each (&d->last->probes, probe)
		if (!strcmp(probe->name, name))
			return probe->on == 1;
	return false;
}

/* Both ends of it. */
static bool has_sched(const struct diagnosis *d)
{
	return probe_is_on(d, "schedule") &&
	       (probe_is_on(d, "poll_entry") || probe_is_on(d, "driver_poll"));
}

static bool has_watchdog(const struct diagnosis *d)
{
	return probe_is_on(d, "watchdog");
}

/* Without a poll there is no value. */
static bool has_hists(const struct diagnosis *d)
{
	const struct napi_row *n;

	if (d->iv->hists.count)
		return true;
	table_for_each (&d->iv->napis, n)
		if (napi_counts(n))
			return false;
	return true;
}

static bool has_raise(const struct diagnosis *d)
{
	return probe_is_on(d, "softirq_raise") && has_hists(d);
}

static bool has_config(const struct diagnosis *d)
{
	return d->iv->config.count && config_find(&d->iv->config, "cpu/online");
}

static bool has_udp(const struct diagnosis *d)
{
	return d->iv->host.udp_rcvbuf_errors != MISSING;
}

static bool has_nodes(const struct diagnosis *d)
{
	const struct cpu_row *cpu = d->iv->cpus.rows;
	const char *node = NULL;

	if (d->iv->cpus.count)
		node = config_findf(&d->iv->config, "cpu/%u/node",
				    (unsigned int)cpu->cpu);
	return node;
}

/* The kernel looks for stalls of a queue that has a threshold: by itself none has. */
static bool has_dql(const struct diagnosis *d)
{
	const struct config_row *row;

	if (!probe_is_on(d, "dql_stall"))
		return false;
	table_for_each (&d->iv->config, row)
		if (queue_is_watched(row))
			return true;
	return false;
}

static const struct {
	uint32_t need;
	const char *name;
	bool (*is_there)(const struct diagnosis *d);
	const char *lacking;
} needs[] = {
	{ NEED_SOFTIRQ, "softirq times", has_softirq,
	  "no softirq times: the softirq probes are off" },
	{ NEED_POLL_NS, "poll times", has_poll_ns,
	  "no poll was timed: this tier has none of these polls" },
	{ NEED_IRQS, "interrupt counts", has_irqs,
	  "no interrupts: the irq_handler probe is off" },
	{ NEED_LINKS, "the interrupts of NAPIs", has_links,
	  "no NAPI is linked to its interrupt yet" },
	{ NEED_SCHED, "schedule to poll", has_sched,
	  "no schedule to poll: probes of the fentry or kprobe tier are off" },
	{ NEED_WATCHDOG, "polls by timer", has_watchdog,
	  "no polls by timer: the watchdog probe is off (fentry or kprobe tier)" },
	{ NEED_SQUEEZE, "squeezes by kind", has_squeeze,
	  "squeezes of some CPUs have no kind: softnet_data or sysctls are "
	  "hidden" },
	{ NEED_SOFTNET, "/proc/net/softnet_stat", has_softnet,
	  "/proc/net/softnet_stat is hidden" },
	{ NEED_STAT, "/proc/stat", has_stat, "/proc/stat is hidden" },
	{ NEED_DEVS, "device statistics", has_devs,
	  "no device statistics: netlink is refused" },
	{ NEED_HISTS, "histograms", has_hists,
	  "no histograms: they were not measured" },
	{ NEED_RAISE, "raise to entry of NET_RX", has_raise,
	  "no raise to entry: the softirq_raise probe is off" },
	{ NEED_CONFIG, "settings", has_config,
	  "the settings of the machine are not known" },
	{ NEED_UDP, "UDP statistics", has_udp, "/proc/net/snmp is hidden" },
	{ NEED_NODES, "NUMA nodes", has_nodes, "NUMA nodes are not known" },
	{ NEED_DQL, "stalls of transmit queues", has_dql,
	  "no transmit queue is watched for stalls (from 6.9 on: milliseconds "
	  "into queues/tx-N/byte_queue_limits/stall_thrs)" },
};

const char *needs_lacking(const struct diagnosis *d, uint32_t wanted)
{
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (wanted & needs[i].need && !needs[i].is_there(d))
			return needs[i].lacking;
	return NULL;
}

const char *need_name(uint32_t need)
{
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (needs[i].need == need)
			return needs[i].name;
	return NULL;
}
