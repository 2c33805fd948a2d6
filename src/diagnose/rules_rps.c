// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about the backlog: RPS, and devices without a NAPI of their own. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

#define ROOT_RPS 3

/* A queue whose RPS mask has this CPU: how many CPUs it has, and where it is. */
struct rps_mask {
	const char *path; /* of the setting */
	unsigned int cpus;
};

static unsigned int mask_count(const char *mask)
{
	unsigned int count = 0, digit;

	for (; *mask; mask++) {
		if (sscanf((char[]){ *mask, '\0' }, "%x", &digit) == 1)
			count += __builtin_popcount(digit);
	}
	return count;
}

/* Words of eight digits, the highest first. */
static bool mask_has(const char *mask, uint64_t cpu)
{
	uint64_t at = 0;
	size_t i = strlen(mask);
	unsigned int digit;

	while (i--) {
		if (mask[i] == ',')
			continue;
		if (cpu / 4 == at++)
			return sscanf((char[]){ mask[i], '\0' }, "%x", &digit) ==
				       1 &&
			       digit >> cpu % 4 & 1;
	}
	return false;
}

/* The mask is of which queue, and how many CPUs are in it. */
static bool rps_mask_at(const struct config_row *row, uint64_t cpu,
			struct rps_mask *m, struct queue_where *w)
{
	/* A longer one than a row holds is not read: see config_add(). */
	if (!queue_setting_is(row, "rps_cpus") ||
	    strlen(row->value) + 1 >= CONFIG_VALUE ||
	    row->value[strspn(row->value, "0123456789abcdef,")] ||
	    !mask_has(row->value, cpu))
		return false;
	m->path = row->path;
	m->cpus = mask_count(row->value);
	return queue_where(row->path, w);
}

/* IPIs that brought it its packets. */
static uint64_t rps_received(const struct context *c, uint64_t cpu)
{
	const struct cpu_row *row = context_cpu(c, cpu);

	return row ? known(row->softnet_rps) : 0;
}

/* A backlog may have a thread (6.10, PREEMPT_RT), whose time is not NET_RX's. */
static bool rps_is_threaded(const struct napi_row *n)
{
	return part_pct(known(n->threaded_polls), n->polls) >=
	       limit(LIMIT_HIDDEN_POLLS);
}

/* The CPU has little time left, and that is for what the backlog does. */
static bool rps_is_busy(const struct context *c, const struct napi_row *n)
{
	const struct cpu_row *cpu = context_cpu(c, n->backlog_cpu);

	if (!rps_is_threaded(n))
		return cpu_net_rx_pct(c, cpu) >= limit(LIMIT_BUSY);
	return !cpu_is_idle(c, cpu) &&
	       (n->poll_ns == MISSING ||
		context_pct(c, n->poll_ns) >= limit(LIMIT_SHARED));
}

static struct finding *rps_add(struct context *c, const struct napi_row *n,
			       const struct queue_where *w)
{
	const struct cpu_row *cpu = context_cpu(c, n->backlog_cpu);
	double pct = cpu_net_rx_pct(c, cpu);
	bool threaded = rps_is_threaded(n);
	struct finding *f;

	f = context_add_cpu_of(c,
			       threaded || pct >= limit(LIMIT_SATURATED) ?
				       SEVERITY_CRITICAL :
				       SEVERITY_WARNING,
			       n->backlog_cpu, w->dev, w->netns);
	f->share = cpu ? known(cpu->net_rx_ns) : 0;
	finding_add_number(f, "net_rx_ns", pct, "%");
	if (threaded && cpu) {
		finding_add_number(f, "threaded_polls",
				   context_rate(c, n->threaded_polls), "/s");
		finding_add_number(f, "stat_idle_ns",
				   context_pct(c, known(cpu->stat_idle_ns)), "%");
	}
	finding_add_number(f, "work of the backlog", context_rate(c, n->work),
			   "/s");
	/* Few, or none, are no sign: see rps_each(). */
	if (rps_received(c, n->backlog_cpu))
		finding_add_number(
			f, "softnet_rps",
			context_rate(c, rps_received(c, n->backlog_cpu)), "/s");
	return f;
}

/* Is it a NAPI of the device, with work? */
static bool rps_is_of(const struct napi_row *n, const struct queue_where *w)
{
	return !napi_is_backlog(n) && n->work && !strcmp(n->dev, w->dev) &&
	       !strcmp(n->netns, w->netns);
}

/* Does the device receive most of what this backlog works on? */
static bool rps_feeds(const struct context *c, const struct queue_where *w,
		      const struct napi_row *backlog)
{
	const struct napi_row *n;
	uint64_t work = 0;

	table_for_each (&c->iv->napis, n)
		if (rps_is_of(n, w))
			work += n->work;
	return part_pct(work, backlog->work) >= limit(LIMIT_RPS_SHARE);
}

/* The settings of a device's queues, and the next of them that is a mask; or NULL. */
struct rps_masks {
	char prefix[CONFIG_PATH];
	size_t at;
};

static void rps_masks_of(const struct context *c, const struct queue_where *w,
			 struct rps_masks *masks)
{
	struct config_row key;

	config_dev_path(masks->prefix, w->dev, w->netns, "queue/");
	snprintf(key.path, sizeof(key.path), "%s", masks->prefix);
	masks->at = table_from(&c->iv->config, &key, config_row_cmp);
}

static const struct config_row *rps_next_mask(const struct context *c,
					      struct rps_masks *masks)
{
	const struct config_row *row;

	for (; masks->at < c->iv->config.count; masks->at++) {
		row = table_at(&c->iv->config, masks->at);
		if (strncmp(row->path, masks->prefix, strlen(masks->prefix)))
			break;
		if (!strstr(row->path, "/rps_cpus"))
			continue;
		masks->at++;
		return row;
	}
	return NULL;
}

/* Is the CPU in any of the device's masks? */
static bool rps_sends_to(const struct context *c, const struct queue_where *w,
			 uint64_t cpu)
{
	const struct config_row *row;
	struct rps_masks masks;

	rps_masks_of(c, w, &masks);
	while ((row = rps_next_mask(c, &masks)))
		if (mask_has(row->value, cpu))
			return true;
	return false;
}

/* The work of all backlogs that a device sends to; of the device before it is known. */
struct rps_sum {
	struct queue_where of;
	uint64_t work;
};

static uint64_t rps_work(const struct context *c, const struct queue_where *w,
			 struct rps_sum *sum)
{
	const struct napi_row *n;

	if (!strcmp(sum->of.dev, w->dev) && !strcmp(sum->of.netns, w->netns))
		return sum->work;
	sum->of = *w;
	sum->work = 0;
	table_for_each (&c->iv->napis, n)
		if (napi_is_backlog(n) && rps_sends_to(c, w, n->backlog_cpu))
			sum->work += n->work;
	return sum->work;
}

/*
 * Judges each backlog of a CPU that RPS sends to, and that has little time left.
 * IPIs show nothing here: a backlog that is never empty needs none.
 */
static void rps_each(struct context *c,
		     void (*judge)(struct context *c, const struct napi_row *n,
				   const struct rps_mask *m,
				   struct queue_where *w))
{
	struct rps_sum sum = { .work = 0 };
	const struct config_row *row;
	const struct napi_row *n;
	struct queue_where w;
	struct rps_mask m;

	table_for_each (&c->iv->napis, n) {
		if (!napi_is_backlog(n) || !rps_is_busy(c, n) ||
		    context_rate(c, n->work) < limit(LIMIT_LOADED_NAPI))
			continue;
		table_for_each (&c->iv->config, row) {
			if (!rps_mask_at(row, n->backlog_cpu, &m, &w) ||
			    !rps_feeds(c, &w, n))
				continue;
			if (part_pct(n->work, rps_work(c, &w, &sum)) >=
			    limit(LIMIT_CONCENTRATED))
				judge(c, n, &m, &w);
			break;
		}
	}
}

/* The CPU where most of a device's polls are. */
static uint64_t rps_home(const struct context *c, const struct queue_where *w)
{
	const struct napi_row *n, *top = NULL;

	table_for_each (&c->iv->napis, n)
		if (rps_is_of(n, w) && (!top || n->work > top->work))
			top = n;
	return top ? context_home(c, top) : MISSING;
}

/* The CPUs where a device is polled, as bits; 0: none, or one beyond the bits. */
static uint32_t rps_pollers(const struct context *c, const struct queue_where *w)
{
	const struct napi_row *n;
	uint32_t cpus = 0;
	uint64_t home;

	table_for_each (&c->iv->napis, n) {
		if (!rps_is_of(n, w))
			continue;
		home = context_home(c, n);
		if (home >= 32)
			return 0;
		cpus |= 1U << home;
	}
	return cpus;
}

/* Receive queues of a device, and of them those with this mask. */
static unsigned int rps_queues(const struct context *c,
			       const struct queue_where *w, const char *mask,
			       unsigned int *alike)
{
	const struct config_row *row;
	struct rps_masks masks;
	unsigned int all = 0;

	*alike = 0;
	rps_masks_of(c, w, &masks);
	while ((row = rps_next_mask(c, &masks))) {
		all++;
		*alike += !strcmp(row->value, mask);
	}
	return all;
}

/* One of them, or all. */
#define ALL_QUEUES "rx-*"

static const char *queue_word(const struct queue_where *w)
{
	return strcmp(w->queue, ALL_QUEUES) ? word(w->queue) : ALL_QUEUES;
}

/* How to write a mask: /sys shows the devices of one namespace. */
static void rps_write(char *text, size_t room, const struct queue_where *w,
		      const char *mask)
{
	const bool all = !strcmp(w->queue, ALL_QUEUES);

	if (*w->netns)
		finding_print(text, room,
			      "ip netns exec %s sh -c 'echo %s %s"
			      "/sys/class/net/%s/queues/%s/rps_cpus%s'",
			      word(w->netns), word(mask), all ? "| tee " : ">",
			      word(w->dev), queue_word(w),
			      all ? " >/dev/null" : "");
	else
		finding_print(text, room,
			      "echo %s %s/sys/class/net/%s/queues/%s/rps_cpus%s",
			      word(mask), all ? "| tee " : ">", word(w->dev),
			      queue_word(w), all ? " >/dev/null" : "");
}

static void rps_check(struct finding *f, const struct queue_where *w)
{
	say(f->check, "%s%s%sgrep . /sys/class/net/%s/queues/%s/rps_cpus%s",
	    *w->netns ? "ip netns exec " : "", word(w->netns),
	    *w->netns ? " sh -c '" : "", word(w->dev), queue_word(w),
	    *w->netns ? "'" : "");
}

static void funnel_judge(struct context *c, const struct napi_row *n,
			 const struct rps_mask *m, struct queue_where *w)
{
	unsigned int alike, queues;
	char mask[CPUS_ROOM];
	const char *before;
	struct finding *f;

	if (m->cpus != 1)
		return;
	context_mask(c, cpu_node(c, n->backlog_cpu),
		     context_rps_skip(c, rps_home(c, w)), n->backlog_cpu, mask);
	f = rps_add(c, n, w);
	before = config_find(&c->iv->config, m->path);
	finding_add_text(f, m->path, "%s", before);
	queues = rps_queues(c, w, before, &alike);
	if (alike > 1) {
		finding_add_number(f, "queues with this mask", alike, "");
		snprintf(w->queue, sizeof(w->queue), "%s", ALL_QUEUES);
	}
	say(f->cause, "RPS of %s%s%s %s sends everything to CPU %" PRIu64,
	    w->dev, *w->netns ? "@" : "", w->netns, w->queue, n->backlog_cpu);
	rps_check(f, w);
	if (alike > 1 && alike < queues) {
		say(f->fix, "# a wider mask%s%s, into each of these",
		    *mask ? ", for example " : "", mask);
	} else if (*mask && context_nr_cpus(c, cpu_node(c, n->backlog_cpu),
					    MISSING) > 1) {
		rps_write(f->fix, sizeof(f->fix), w, mask);
		rps_write(f->undo, sizeof(f->undo), w, before);
	}
	say(f->avoid, "net.core.netdev_max_backlog: a longer queue is not a "
		      "faster CPU; and a single flow stays on one CPU with any "
		      "mask");
}

static void judge_rps_funnel(struct context *c)
{
	rps_each(c, funnel_judge);
}

static bool rfs_is_on(const struct context *c)
{
	return known(config_number(&c->iv->config,
				   "sysctl/net.core.rps_sock_flow_entries"));
}

/* The flow limit is looked at by the CPU that puts packets into the backlog. */
static void flow_limit_commands(const struct context *c, struct finding *f,
				const struct queue_where *w)
{
	const char *before = config_find(
		&c->iv->config, "sysctl/net.core.flow_limit_cpu_bitmap");
	uint32_t cpus = rps_pollers(c, w);

	/* Others' bits are theirs. */
	if (!before || before[strspn(before, "0,")] || !cpus)
		return;
	say(f->fix,
	    "# no setting divides a flow: more of them, or less to do for each "
	    "packet\n# keeps other flows alive: sysctl -w "
	    "net.core.flow_limit_cpu_bitmap=%x",
	    cpus);
	say(f->undo, "sysctl -w net.core.flow_limit_cpu_bitmap=%s", word(before));
}

static void one_flow_judge(struct context *c, const struct napi_row *n,
			   const struct rps_mask *m, struct queue_where *w)
{
	char exec[DEV_ROOM] = "";
	struct finding *f;

	if (m->cpus < 2)
		return;
	f = rps_add(c, n, w);
	finding_add_number(f, "CPUs in the RPS mask", m->cpus, "");
	if (rfs_is_on(c)) {
		say(f->cause,
		    "RFS sends most packets to CPU %" PRIu64
		    ": their reader runs there, or one flow has most of them",
		    n->backlog_cpu);
		say(f->check, "perf top -C %" PRIu64 " --sort comm",
		    n->backlog_cpu);
		say(f->avoid, "a wider RPS mask: with RFS it is the reader's CPU "
			      "that counts");
		return;
	}
	say(f->cause,
	    "RPS may use %u CPUs and uses CPU %" PRIu64
	    ": one flow has most of the packets",
	    m->cpus, n->backlog_cpu);
	if (*w->netns)
		snprintf(exec, sizeof(exec), "ip netns exec %s ", word(w->netns));
	check_flows(f, exec, w->dev, "");
	flow_limit_commands(c, f, w);
	say(f->avoid, "a wider RPS mask: one flow stays on one CPU; the flow "
		      "limit only keeps the other flows alive");
}

static void judge_rps_one_flow(struct context *c)
{
	rps_each(c, one_flow_judge);
}

/* --- no NAPI ------------------------------------------------------------------ */

static bool dev_polls(const struct context *c, const struct dev_row *dev)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (napis, i, n)
		if (n->polls)
			return true;
	return false;
}

/* Is this action's interrupt some NAPI's? */
static bool irq_has_napi(const struct context *c, const struct irq_row *irq)
{
	struct napi_refs napis = napi_index_of_irq(&c->iv->index, irq->irq);
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (napis, i, n)
		if (n->polls)
			return true;
	return false;
}

/* "eth1", or "eth1-rx-0", and not "eth10". */
static bool irq_is_called(const struct irq_row *irq, const struct dev_row *dev)
{
	const size_t length = strlen(dev->dev);

	return !strncmp(irq->name, dev->dev, length) &&
	       (!irq->name[length] || strchr("-_:@", irq->name[length]));
}

/* Has none of its own, whatever an interrupt of another namespace is called. */
static bool dev_is_virtual(const struct context *c, const struct dev_row *dev)
{
	static const char *const drivers[] = { "802.1Q", "bond",    "bridge",
					       "ipvlan", "macvlan", "tun",
					       "veth" };
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (dev_is_driven_by(c, dev, drivers[i]))
			return true;
	return false;
}

/* The busiest interrupt that is called like the device, and no NAPI's; or NULL. */
static const struct irq_row *dev_busiest_irq(const struct context *c,
					     const struct dev_row *dev)
{
	const struct irq_row *irq, *top = NULL;

	table_for_each (&c->iv->irqs, irq)
		if (irq_is_called(irq, dev) && (!top || irq->count > top->count))
			top = irq;
	return top && top->count && !irq_has_napi(c, top) ? top : NULL;
}

static void judge_no_napi(struct context *c)
{
	const struct irq_row *irq;
	const struct dev_row *dev;
	struct finding *f;
	char name[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		if (context_rate(c, known(dev->rx_packets)) <
			    limit(LIMIT_LOADED_NAPI) ||
		    dev_polls(c, dev) || dev_is_virtual(c, dev))
			continue;
		/* Of few: it asks every interrupt for its name. */
		irq = dev_busiest_irq(c, dev);
		if (!irq)
			continue;
		dev_name(dev, name);
		f = context_add_dev(c, SEVERITY_WARNING, dev, MISSING);
		f->share = known(irq->ns);
		finding_add_number(f, "rx_packets",
				   context_rate(c, dev->rx_packets), "/s");
		finding_add_number(f, "polls", 0, "/s");
		finding_add_number(f, "interrupts", context_rate(c, irq->count),
				   "/s");
		finding_add_number(f, "time in the handler",
				   context_pct(c, known(irq->ns)), "%");
		say(f->cause,
		    "the driver of %s has no NAPI: it takes packets "
		    "in its interrupt handler, into the backlog",
		    name);
		say(f->check,
		    "napiscope list -D %s; grep -E '^ *%" PRIu64
		    ":' /proc/interrupts",
		    word(dev->dev), irq->irq);
		say(f->avoid, "net.core.netdev_budget: overload takes the CPU "
			      "in the handler, before any budget");
	}
}

const struct rule rules_rps[] = {
	{ .id = "rps-funnel",
	  .about = "RPS sends everything to one CPU, which is busy",
	  .needs = NEED_SOFTIRQ | NEED_SOFTNET | NEED_CONFIG,
	  .root = ROOT_RPS,
	  .judge = judge_rps_funnel,
	  .limits = { LIMIT_BUSY, LIMIT_SATURATED, LIMIT_CONCENTRATED,
		      LIMIT_LOADED_NAPI, LIMIT_RPS_SHARE, LIMIT_HIDDEN_POLLS,
		      LIMIT_NO_IDLE } },
	{ .id = "rps-one-flow",
	  .about = "RPS over several CPUs, and one of them has the load",
	  .needs = NEED_SOFTIRQ | NEED_SOFTNET | NEED_CONFIG,
	  .root = ROOT_RPS,
	  .judge = judge_rps_one_flow,
	  .limits = { LIMIT_BUSY, LIMIT_SATURATED, LIMIT_CONCENTRATED,
		      LIMIT_LOADED_NAPI, LIMIT_RPS_SHARE, LIMIT_HIDDEN_POLLS,
		      LIMIT_NO_IDLE } },
	{ .id = "no-napi",
	  .about = "a driver that receives in its interrupt handler",
	  .needs = NEED_IRQS | NEED_DEVS,
	  .judge = judge_no_napi,
	  .limits = { LIMIT_LOADED_NAPI } },
	{ 0 },
};
