// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about how a device spreads packets over its queues. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/spread.h"

/* The device whose one NAPI takes most of what this CPU does; NULL: none does. */
static const struct dev_row *spread_dev(const struct context *c,
					const struct cpu_row *cpu)
{
	double share;
	const struct napi_row *top = spread_top(c, cpu, &share);
	const struct dev_row *dev;

	if (!top || napi_is_backlog(top) || share < limit(LIMIT_TOP_QUEUE))
		return NULL;
	dev = context_dev(c, top);
	return dev && spread_is_all(c, dev, cpu) ? dev : NULL;
}

/* A veth polls where who sends is, however many queues it has. */
static bool dev_spreads(const struct context *c, const struct dev_row *dev)
{
	return !dev_is_driven_by(c, dev, "veth");
}

static void one_queue_judge_cpu(struct context *c, const struct cpu_row *cpu)
{
	const struct dev_row *dev = spread_dev(c, cpu);
	char name[DEV_ROOM], exec[DEV_ROOM];
	uint64_t most, node, wanted;
	struct finding *f;
	bool both;
	const char *kind;

	if (!dev || dev_queues(c, dev) != 1 || !dev_spreads(c, dev))
		return;
	both = dev_number(c, dev, "channels/combined") == 1;
	kind = both ? "combined" : "rx";
	most = dev_number(c, dev,
			  both ? "channels/combined_max" : "channels/rx_max");
	if (most == MISSING || most < 2)
		return;
	node = dev_number(c, dev, "numa_node");
	wanted = context_nr_cores(c, node);
	if (wanted > most)
		wanted = most;
	if (wanted < 2)
		wanted = 2;
	dev_name(dev, name);
	dev_exec(dev, exec);
	f = context_add_cpu_of(c, spread_severity(c, cpu), cpu->cpu, dev->dev,
			       dev->netns);
	spread_evidence(c, f, cpu);
	finding_add_number(f, "receive queues", 1, "");
	finding_add_number(f, "receive queues possible", most, "");
	say(f->cause,
	    "%s has one receive queue and could have %" PRIu64
	    ", so that CPU %" PRIu64 " takes all that comes",
	    name, most, cpu->cpu);
	say(f->check, "%sethtool -l %s", exec, word(dev->dev));
	say(f->fix, LINK_FIRST "%sethtool -L %s %s %" PRIu64, exec,
	    word(dev->dev), kind, wanted);
	say(f->undo, "%sethtool -L %s %s 1", exec, word(dev->dev), kind);
	say(f->avoid, "%s", spread_no_budget);
}

static void judge_one_queue(struct context *c)
{
	spread_each_cpu(c, one_queue_judge_cpu);
}

/* By /sys, where the driver does not say how many it can have. */
static bool dev_has_one_queue(const struct context *c, const struct dev_row *dev)
{
	return dev_setting(c, dev, "queue/rx-0/rps_cpus") &&
	       !dev_setting(c, dev, "queue/rx-1/rps_cpus");
}

static bool dev_has_rps(const struct context *c, const struct dev_row *dev)
{
	char path[CONFIG_PATH], mask[LIST_ROOM];
	const struct cpu_row *cpu;

	config_dev_path(path, dev->dev, dev->netns, "queue/rx-0/rps_cpus");
	if (context_text(c, path, mask))
		return mask[strspn(mask, "0,")] != '\0';
	table_for_each (&c->iv->cpus, cpu)
		if (known(cpu->softnet_rps))
			return true;
	return false;
}

static void single_queue_commands(const struct context *c, struct finding *f,
				  const struct dev_row *dev, uint64_t cpu)
{
	char mask[CPUS_ROOM], path[ROW_NAME + 64];

	context_mask(c, cpu_node(c, cpu), context_rps_skip(c, cpu), cpu, mask);
	snprintf(path, sizeof(path), "/sys/class/net/%s/queues/rx-0/rps_cpus",
		 word(dev->dev));
	if (*dev->netns)
		say(f->check, "ip netns exec %s cat %s", word(dev->netns), path);
	else
		say(f->check, "cat %s", path);
	if (!*mask)
		return;
	if (*dev->netns) {
		say(f->fix, "ip netns exec %s sh -c 'echo %s >%s'",
		    word(dev->netns), mask, path);
		say(f->undo, "ip netns exec %s sh -c 'echo 0 >%s'",
		    word(dev->netns), path);
	} else {
		say(f->fix, "echo %s >%s", mask, path);
		say(f->undo, "echo 0 >%s", path);
	}
}

static void single_queue_judge_cpu(struct context *c, const struct cpu_row *cpu)
{
	const struct dev_row *dev = spread_dev(c, cpu);
	char name[DEV_ROOM];
	struct finding *f;
	uint64_t most;

	if (!dev || dev_has_rps(c, dev))
		return;
	most = dev_spreads(c, dev) ? dev_queues_max(c, dev) : dev_queues(c, dev);
	if (most == MISSING ? !dev_has_one_queue(c, dev) : most != 1)
		return;
	if (!context_nr_cpus(c, cpu_node(c, cpu->cpu), cpu->cpu))
		return;
	dev_name(dev, name);
	f = context_add_cpu_of(c, spread_severity(c, cpu), cpu->cpu, dev->dev,
			       dev->netns);
	spread_evidence(c, f, cpu);
	if (most == MISSING || !dev_spreads(c, dev))
		finding_add_number(f, "receive queues", 1, "");
	else
		finding_add_number(f, "receive queues possible", 1, "");
	say(f->cause, "%s has one receive queue%s, and RPS is off", name,
	    !dev_spreads(c, dev) ? ", which is polled where who sends is" :
	    most == MISSING	 ? "" :
				   " and can have no more");
	single_queue_commands(c, f, dev, cpu->cpu);
	if (context_rps_skip(c, cpu->cpu) == MISSING)
		say(f->avoid, "%s", spread_no_budget);
	else
		say(f->avoid,
		    "%s; the CPU of the interrupt (%" PRIu64
		    ") belongs in no RPS mask at this rate",
		    spread_no_budget, cpu->cpu);
}

static void judge_single_queue(struct context *c)
{
	spread_each_cpu(c, single_queue_judge_cpu);
}

/* --- flows -------------------------------------------------------------------- */

struct skew {
	const struct napi_row *top;
	uint64_t work;
	unsigned int queues; /* NAPIs that could have work */
};

/*
 * Queues are those that the device says; else the NAPIs that had work, if they are for
 * interrupts: those of tunnels are of CPUs, or of peers.
 */
static void skew_of(const struct context *c, const struct dev_row *dev,
		    struct skew *s)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const uint64_t used = dev_number(c, dev, "rss/queues");
	uint64_t queues = dev_queues(c, dev);
	const struct napi_row *n;
	size_t i;

	/* Of one queue that is what is wrong: see skew_commands(). */
	if (queues != MISSING && used > 1 && used < queues)
		queues = used;
	memset(s, 0, sizeof(*s));
	napi_refs_for_each (napis, i, n) {
		if (!n->work)
			continue;
		s->work += n->work;
		s->queues++;
		if (!s->top || n->work > s->top->work)
			s->top = n;
	}
	if (queues != MISSING && s->top)
		s->queues = queues;
	else if (s->top && s->top->irq == MISSING)
		s->queues = 0;
}

/* What the device hashes over, when that is too little; else nothing helps. */
static void skew_commands(const struct context *c, struct finding *f,
			  const struct dev_row *dev, const struct skew *s)
{
	const char *udp = dev_setting(c, dev, "flow_hash/udp4");
	uint64_t used = dev_number(c, dev, "rss/queues");
	char exec[DEV_ROOM], more[4 * DEV_ROOM] = "";

	dev_exec(dev, exec);
	if (used != MISSING)
		snprintf(more, sizeof(more),
			 "; %sethtool -x %s; %sethtool -n %s rx-flow-hash udp4",
			 exec, word(dev->dev), exec, word(dev->dev));
	check_flows(f, exec, dev->dev, more);
	if (used != MISSING)
		finding_add_number(f, "queues in the indirection table", used,
				   "");
	if (used == 1) {
		say(f->cause,
		    "the indirection table of %s sends its packets to one of "
		    "its %u queues",
		    dev->dev, s->queues);
		say(f->fix, "%s%sethtool -X %s equal %u",
		    known(dev->xdp) ? "# unless AF_XDP has the other queues: " :
				      "",
		    exec, word(dev->dev), s->queues);
		say(f->undo, "# as %sethtool -x %s shows it now: note it before",
		    exec, word(dev->dev));
	} else if (udp && !strcmp(udp, "sd")) {
		finding_add_text(f, "flow_hash/udp4", "%s", udp);
		say(f->fix,
		    "# only if these are many UDP flows: %sethtool -N %s "
		    "rx-flow-hash udp4 sdfn",
		    exec, word(dev->dev));
		say(f->undo, "%sethtool -N %s rx-flow-hash udp4 sd", exec,
		    word(dev->dev));
	}
}

/* Of two queues one may have the more by chance. */
static bool is_skewed(const struct skew *s)
{
	double share = part_pct(s->top->work, s->work);

	return share >=
	       limit(s->queues == 2 ? LIMIT_CONCENTRATED : LIMIT_TOP_QUEUE);
}

/*
 * All queues with work are here, and none has nearly all of it: their interrupts are
 * what is wrong.
 */
static bool skew_is_of_interrupts(const struct context *c,
				  const struct dev_row *dev,
				  const struct skew *s, const struct cpu_row *cpu)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	unsigned int here = 0;
	double share;
	size_t i;

	if (part_pct(s->top->work, s->work) >= limit(LIMIT_CONCENTRATED))
		return false;
	napi_refs_for_each (napis, i, n) {
		if (!n->work)
			continue;
		if (n->irq == MISSING || context_home(c, n) != cpu->cpu)
			return false;
		here++;
	}
	return here > 1 && spread_top(c, cpu, &share) &&
	       share < limit(LIMIT_CONCENTRATED);
}

/* Is this queue what its CPU is busy with? */
static bool skew_fills(const struct context *c, const struct skew *s,
		       const struct cpu_row *cpu)
{
	double share;
	const struct napi_row *top = spread_top(c, cpu, &share);

	return top && top->id == s->top->id && share >= limit(LIMIT_TOP_QUEUE);
}

static void judge_hash_skew(struct context *c)
{
	const struct dev_row *dev;
	const struct cpu_row *cpu;
	struct finding *f;
	struct skew s;
	char name[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		skew_of(c, dev, &s);
		if (s.queues < 2 || !is_skewed(&s) ||
		    context_rate(c, s.top->work) < limit(LIMIT_LOADED_NAPI))
			continue;
		cpu = context_cpu(c, context_home(c, s.top));
		if (!cpu || cpu_net_rx_pct(c, cpu) < limit(LIMIT_BUSY) ||
		    !skew_fills(c, &s, cpu) ||
		    skew_is_of_interrupts(c, dev, &s, cpu))
			continue;
		dev_name(dev, name);
		f = context_add_napi(c, spread_severity(c, cpu), s.top);
		f->share = cpu->net_rx_ns;
		finding_add_number(f, "work of the device",
				   part_pct(s.top->work, s.work), "%");
		finding_add_number(f, "work", context_rate(c, s.top->work), "/s");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		finding_add_number(f, "queues", s.queues, "");
		say(f->cause,
		    "one of the %u queues of %s gets most of its "
		    "packets: one large flow, or a hash over too few "
		    "fields",
		    s.queues, name);
		skew_commands(c, f, dev, &s);
		say(f->avoid, "more queues, or moving interrupts: one flow "
			      "stays on one queue");
	}
}

const struct rule rules_queues[] = {
	{ .id = "one-queue",
	  .about = "a device with one queue, that could have more",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_CONFIG,
	  .root = ROOT_SPREAD,
	  .judge = judge_one_queue,
	  .limits = { LIMIT_BUSY, LIMIT_SATURATED, LIMIT_CONCENTRATED,
		      LIMIT_TOP_QUEUE } },
	{ .id = "single-queue",
	  .about = "a device that can have one queue only, and no RPS",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_CONFIG,
	  .root = ROOT_SPREAD,
	  .judge = judge_single_queue,
	  .limits = { LIMIT_BUSY, LIMIT_SATURATED, LIMIT_CONCENTRATED,
		      LIMIT_TOP_QUEUE } },
	{ .id = "hash-skew",
	  .about = "several queues, and one of them has the load",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_CONFIG,
	  .root = ROOT_SPREAD,
	  .judge = judge_hash_skew,
	  .limits = { LIMIT_TOP_QUEUE, LIMIT_CONCENTRATED, LIMIT_LOADED_NAPI,
		      LIMIT_BUSY, LIMIT_SATURATED } },
	{ 0 },
};
