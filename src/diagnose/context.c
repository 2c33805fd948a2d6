// SPDX-License-Identifier: GPL-2.0-or-later
/* See context.h. */
#include "diagnose/context.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"
#include "model/format.h"
#include "model/hist.h"

struct finding *context_add(struct context *c, enum severity severity,
			    const char *kind, const char *subject, uint64_t cpu)
{
	struct finding *f = table_add(&c->verdict->findings);

	if (!f) {
		c->failed = true;
		f = &c->spare;
		memset(f, 0, sizeof(*f));
	}
	f->id = c->rule->id;
	f->rank = c->rule->root;
	f->order = c->verdict->rules.count;
	f->severity = severity;
	f->kind = kind;
	f->cpu = cpu;
	snprintf(f->subject, sizeof(f->subject), "%s", subject);
	return f;
}

struct finding *context_add_cpu(struct context *c, enum severity severity,
				uint64_t cpu)
{
	char subject[FORMAT_ROOM];

	snprintf(subject, sizeof(subject), "%" PRIu64, cpu);
	return context_add(c, severity, "cpu", subject, cpu);
}

void finding_set_about(struct finding *f, const char *dev, const char *netns)
{
	snprintf(f->about, sizeof(f->about), "%s%s%s", dev, *netns ? "@" : "",
		 netns);
}

struct finding *context_add_cpu_of(struct context *c, enum severity severity,
				   uint64_t cpu, const char *dev,
				   const char *netns)
{
	struct finding *f = context_add_cpu(c, severity, cpu);

	finding_set_about(f, dev, netns);
	return f;
}

struct finding *context_add_napi(struct context *c, enum severity severity,
				 const struct napi_row *n)
{
	char subject[DEV_ROOM];
	struct finding *f;

	napi_name(n, subject);
	f = context_add(c, severity, "napi", subject, context_home(c, n));
	if (*n->dev)
		finding_set_about(f, n->dev, n->netns);
	return f;
}

struct finding *context_add_dev(struct context *c, enum severity severity,
				const struct dev_row *dev, uint64_t cpu)
{
	char subject[DEV_ROOM];
	struct finding *f;

	dev_name(dev, subject);
	f = context_add(c, severity, "dev", subject, cpu);
	finding_set_about(f, dev->dev, dev->netns);
	return f;
}

/* --- numbers ------------------------------------------------------------------ */

double part_pct(uint64_t part, uint64_t whole)
{
	return whole && part != MISSING && whole != MISSING ?
		       100.0 * part / whole :
		       0;
}

double context_pct(const struct context *c, uint64_t ns)
{
	return part_pct(ns, c->iv->ns);
}

double context_rate(const struct context *c, uint64_t count)
{
	return interval_rate(c->iv, count);
}

/* --- rows --------------------------------------------------------------------- */

const struct cpu_row *context_cpu(const struct context *c, uint64_t cpu)
{
	const struct cpu_row key = { .cpu = cpu };

	return table_find(&c->iv->cpus, &key, cpu_row_cmp);
}

double cpu_net_rx_pct(const struct context *c, const struct cpu_row *cpu)
{
	return cpu ? context_pct(c, cpu->net_rx_ns) : 0;
}

bool context_is_realtime(const struct context *c)
{
	const struct table *config = &c->iv->config;
	const char *version = config_find(config, "host/version");
	char cmdline[LIST_ROOM];

	return config_number(config, "host/realtime") == 1 ||
	       (version && strstr(version, "PREEMPT_RT")) ||
	       (context_text(c, "host/cmdline", cmdline) &&
		strstr(cmdline, "threadirqs"));
}

/*
 * Softirqs come before system calls, too, unless these keep them out: then NET_RX is
 * late.  What polls by itself is a system time of its own.
 */
static uint64_t cpu_system_left_ns(const struct context *c,
				   const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	uint64_t ns = known(cpu->stat_system_ns);
	const struct napi_row *n;
	size_t i;

	if (cpu->raise_p99_ns == MISSING ||
	    cpu->raise_p99_ns >= limit(LIMIT_LATE))
		return 0;
	napi_refs_for_each (pairs, i, n) {
		if (!napi_is_hidden(n))
			continue;
		if (n->poll_ns == MISSING)
			return 0;
		ns -= n->poll_ns < ns ? n->poll_ns : ns;
	}
	return ns;
}

uint64_t cpu_left_ns(const struct context *c, const struct cpu_row *cpu)
{
	uint64_t left, taken;

	if (cpu->stat_idle_ns == MISSING || context_is_realtime(c) ||
	    part_pct(cpu->ksoftirqd_polls, cpu->polls) >= limit(LIMIT_KSOFTIRQD))
		return cpu->stat_idle_ns;
	left = cpu->stat_idle_ns + known(cpu->stat_user_ns) +
	       cpu_system_left_ns(c, cpu);
	/* The tick may have booked as a system call what was traced. */
	taken = known(cpu->softirq_ns) + known(cpu->hardirq_ns);
	taken = taken < c->iv->ns ? taken : c->iv->ns;
	return left < c->iv->ns - taken ? left : c->iv->ns - taken;
}

static bool cpu_has(const struct context *c, const struct cpu_row *cpu,
		    uint64_t left_ns)
{
	return cpu_net_rx_pct(c, cpu) < limit(LIMIT_SATURATED) &&
	       (left_ns == MISSING ||
		context_pct(c, left_ns) >= limit(LIMIT_NO_IDLE));
}

bool cpu_has_time(const struct context *c, const struct cpu_row *cpu)
{
	return !cpu || cpu_has(c, cpu, cpu_left_ns(c, cpu));
}

bool cpu_is_idle(const struct context *c, const struct cpu_row *cpu)
{
	return !cpu || cpu_has(c, cpu, cpu->stat_idle_ns);
}

/* Threads and busy pollers look for packets, and time without any is not theirs. */
static uint64_t cpu_looked_ns(const struct context *c, uint64_t cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu);
	const struct napi_row *n;
	uint64_t ns = 0;
	size_t i;

	napi_refs_for_each (pairs, i, n)
		if (napi_is_hidden(n))
			ns += known(n->empty_ns);
	return ns;
}

double cpu_polling_pct(const struct context *c, const struct cpu_row *cpu)
{
	double net_rx = cpu_net_rx_pct(c, cpu), polls = 0;

	if (cpu)
		polls = context_pct(c, value_sub(cpu->poll_ns,
						 cpu_looked_ns(c, cpu->cpu)));
	return net_rx > polls ? net_rx : polls;
}

const struct cpu_row *context_top_cpu(const struct context *c)
{
	const struct cpu_row *row, *top = NULL;

	table_for_each (&c->iv->cpus, row)
		if (known(row->net_rx_ns) &&
		    (!top || row->net_rx_ns > top->net_rx_ns))
			top = row;
	return top;
}

const struct napi_row *context_top_napi(const struct context *c, uint64_t cpu)
{
	struct napi_refs refs = napi_index_pairs_on_cpu(&c->iv->index, cpu);
	const struct napi_row *row, *top = NULL;
	size_t i;

	napi_refs_for_each (refs, i, row)
		if (known(row->poll_ns) &&
		    (!top || row->poll_ns > top->poll_ns ||
		     (row->poll_ns == top->poll_ns && row->id < top->id)))
			top = row;
	return top;
}

const struct napi_row *context_napi(const struct context *c, uint64_t id)
{
	const struct napi_row key = { .id = id, .cpu = MISSING };

	return table_find(&c->iv->napis, &key, napi_row_cmp);
}

uint64_t context_home(const struct context *c, const struct napi_row *n)
{
	const struct napi_row key = { .id = n->id };
	const struct napi_row *row, *home = NULL;
	const struct table *pairs = &c->iv->pairs;
	size_t i;

	for (i = table_from(pairs, &key, napi_row_cmp); i < pairs->count; i++) {
		row = table_at(pairs, i);
		if (row->id != n->id)
			break;
		if (row->polls &&
		    (!home || row->work > home->work ||
		     (row->work == home->work && row->polls > home->polls)))
			home = row;
	}
	return home ? home->cpu : MISSING;
}

bool napi_is_of(const struct napi_row *n, const struct dev_row *dev)
{
	return *n->dev && n->netns_ino == dev->netns_ino &&
	       n->ifindex == dev->ifindex;
}

const struct dev_row *context_dev(const struct context *c,
				  const struct napi_row *n)
{
	const struct dev_row key = { .netns_ino = n->netns_ino,
				     .ifindex = n->ifindex };

	return *n->dev ? table_find(&c->iv->devs, &key, dev_row_cmp) : NULL;
}

bool napi_is_backlog(const struct napi_row *n)
{
	return n->backlog_cpu != MISSING;
}

bool napi_is_hidden(const struct napi_row *n)
{
	return part_pct(known(n->threaded_polls) + known(n->busy_polls),
			n->polls) >= limit(LIMIT_HIDDEN_POLLS);
}

/*
 * Drivers that fill in stats64 often have the same number in ethtool -S.  Of ice what was
 * missed is the port's, whose packets may have been for a virtual function.
 */
uint64_t dev_ring_drops(const struct context *c, const struct dev_row *dev)
{
	const uint64_t counted[] = { dev->rx_missed, dev->rx_fifo,
				     dev->rx_ring_drops };
	uint64_t most = MISSING;
	size_t i;

	if (dev->rx_ring_drops != MISSING && dev_is_driven_by(c, dev, "ice"))
		return dev->rx_ring_drops;
	for (i = 0; i < sizeof(counted) / sizeof(*counted); i++)
		if (counted[i] != MISSING &&
		    (most == MISSING || counted[i] > most))
			most = counted[i];
	return most;
}

bool dev_has_napi(const struct context *c, const struct dev_row *dev)
{
	const struct told_row *told;

	if (napi_index_of_dev(&c->iv->index, dev).count)
		return true;
	table_for_each (&c->d->last->told, told)
		if (told->netns_ino == dev->netns_ino &&
		    told->ifindex == dev->ifindex)
			return true;
	return false;
}

bool dev_is_driven_by(const struct context *c, const struct dev_row *dev,
		      const char *driver)
{
	const char *name = dev ? dev_setting(c, dev, "driver") : NULL;

	return name && !strncmp(name, driver, strlen(driver));
}

/* Of times: one of N was taken, and counts for all of them. */
static double values_timed(const struct context *c, const struct hist_row *h)
{
	const uint64_t sample = c->iv->host.sample;

	return (double)hist_count(h) /
	       (sample == MISSING || !sample ? 1 : (double)sample);
}

uint64_t cpu_late_p99(const struct context *c, const struct cpu_row *cpu)
{
	struct hist_row sum;

	if (!hist_of_row(c->iv, NAPI_HIST_RAISE_NS, SCOPE_CPU, cpu, &sum))
		return MISSING;
	return values_timed(c, &sum) >= limit(LIMIT_SAMPLES) ? cpu->raise_p99_ns :
							       MISSING;
}

uint64_t napi_wait_median(const struct context *c, const struct napi_row *n)
{
	struct hist_row sum;

	if (!hist_of_row(c->iv, NAPI_HIST_SCHED_NS, SCOPE_NAPI, n, &sum))
		return MISSING;
	return values_timed(c, &sum) >= limit(LIMIT_WAITS) ?
		       hist_percentile(&sum, 500) :
		       MISSING;
}

uint64_t cpu_long_runs(const struct context *c, const struct cpu_row *cpu,
		       uint64_t ns)
{
	struct hist_row sum;
	uint64_t runs = 0;
	unsigned int k;

	if (!hist_of_row(c->iv, NAPI_HIST_NET_RX_NS, SCOPE_CPU, cpu, &sum))
		return 0;
	for (k = 0; k < HIST_BUCKETS; k++)
		if (hist_low(k) >= ns)
			runs += sum.counts[k];
	return runs;
}

/* --- names -------------------------------------------------------------------- */

void dev_name(const struct dev_row *dev, char name[DEV_ROOM])
{
	snprintf(name, DEV_ROOM, "%s%s%s", dev->dev, *dev->netns ? "@" : "",
		 dev->netns);
}

const char *napi_name(const struct napi_row *n, char name[DEV_ROOM])
{
	snprintf(name, DEV_ROOM, "%s%s%s", n->label, *n->netns ? "@" : "",
		 n->netns);
	return name;
}

unsigned int context_kernel(const struct context *c)
{
	unsigned int major, minor;

	if (sscanf(c->iv->host.kernel, "%u.%u", &major, &minor) != 2 || minor > 99)
		return 0;
	return major * 100 + minor;
}

/* --- settings ----------------------------------------------------------------- */

const char *dev_setting(const struct context *c, const struct dev_row *dev,
			const char *what)
{
	char path[CONFIG_PATH];

	config_dev_path(path, dev->dev, dev->netns, what);
	return config_find(&c->iv->config, path);
}

uint64_t dev_number(const struct context *c, const struct dev_row *dev,
		    const char *what)
{
	char path[CONFIG_PATH];

	config_dev_path(path, dev->dev, dev->netns, what);
	return config_number(&c->iv->config, path);
}

/* Combined channels, and those for receiving alone. */
uint64_t dev_queues(const struct context *c, const struct dev_row *dev)
{
	return value_add(dev_number(c, dev, "channels/combined"),
			 dev_number(c, dev, "channels/rx"));
}

/* Of these two a driver may have either, and not both. */
uint64_t dev_queues_max(const struct context *c, const struct dev_row *dev)
{
	uint64_t both = dev_number(c, dev, "channels/combined_max");
	uint64_t only = dev_number(c, dev, "channels/rx_max");

	if (both == MISSING || (only != MISSING && only > both))
		return only;
	return both;
}

uint64_t cpu_node(const struct context *c, uint64_t cpu)
{
	const uint64_t *nodes = c->cpus.nodes.rows;

	return cpu < c->cpus.nodes.count ? nodes[cpu] : MISSING;
}

bool context_text(const struct context *c, const char *path, char text[LIST_ROOM])
{
	const char *more = config_find(&c->iv->config, path);
	unsigned int part = 0;
	size_t used = 0;

	*text = '\0';
	for (; more && used + strlen(more) < LIST_ROOM; part++) {
		used += snprintf(text + used, LIST_ROOM - used, "%s", more);
		more = config_findf(&c->iv->config, "%s+%u", path, part + 1);
	}
	return part && !more;
}

/* The effective one, where the kernel says it. */
const struct told_row *napi_told(const struct context *c,
				 const struct napi_row *n)
{
	const struct told_row key = { .netns_ino = n->netns_ino,
				      .napi_id = n->napi_id };

	return table_find(&c->d->last->told, &key, told_row_cmp);
}

static bool is_told_as(uint64_t told, uint64_t setting)
{
	return told == MISSING || told == setting;
}

bool napis_defer_alike(const struct context *c, const struct dev_row *dev)
{
	const uint64_t polls = dev_number(c, dev, "napi_defer_hard_irqs");
	const uint64_t timeout = dev_number(c, dev, "gro_flush_timeout");
	const struct told_row *told;

	table_for_each (&c->d->last->told, told)
		if (told->netns_ino == dev->netns_ino &&
		    told->ifindex == dev->ifindex &&
		    !(is_told_as(told->defer_hard_irqs, polls) &&
		      is_told_as(told->gro_flush_timeout_ns, timeout)))
			return false;
	return true;
}

static bool irq_affinity_text(const struct context *c, uint64_t irq,
			      char text[LIST_ROOM])
{
	char path[CONFIG_PATH];

	snprintf(path, sizeof(path), "irq/%" PRIu64 "/effective_affinity", irq);
	if (context_text(c, path, text) && *text)
		return true;
	snprintf(path, sizeof(path), "irq/%" PRIu64 "/affinity", irq);
	return context_text(c, path, text) && *text;
}

bool irq_affinity_known(const struct context *c, uint64_t irq)
{
	char text[LIST_ROOM];

	return irq != MISSING && irq_affinity_text(c, irq, text);
}

static bool list_has_cpu(const char *list, uint64_t cpu)
{
	struct cpuset set = { 0 };
	bool has;

	if (!list || cpuset_parse(list, &set))
		return false;
	has = cpuset_has(&set, cpu);
	cpuset_fini(&set);
	return has;
}

bool irq_may_run_on(const struct context *c, uint64_t irq, uint64_t cpu)
{
	char text[LIST_ROOM];

	return irq_affinity_text(c, irq, text) && list_has_cpu(text, cpu);
}

/* It is printed in commands: a recording may say anything. */
bool irq_affinity(const struct context *c, uint64_t irq, char text[LIST_ROOM])
{
	struct cpuset set = { 0 };
	char path[CONFIG_PATH];
	bool is_list;

	snprintf(path, sizeof(path), "irq/%" PRIu64 "/affinity", irq);
	is_list = context_text(c, path, text) && *text &&
		  !cpuset_parse(text, &set);
	cpuset_fini(&set);
	return is_list;
}

bool irq_is_meant_for(const struct context *c, uint64_t irq, uint64_t cpu)
{
	char text[LIST_ROOM];

	/* What is not known is not wrong. */
	return !irq_affinity(c, irq, text) || list_has_cpu(text, cpu);
}

bool irqbalance_runs(const struct context *c)
{
	return config_number(&c->iv->config, "irqbalance/running") == 1;
}
