// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about time_squeeze: what kind, whether it matters, what to do. */
#include <inttypes.h>
#include <linux/if_ether.h>
#include <stdio.h>

#include "diagnose/rule.h"

/* Ethernet's header and check sum, and tags of VLANs and tunnels. */
#define FRAME_ROOM 100

/* net.core.netdev_budget, where nobody changed it. */
#define BUDGET_DEFAULT 300

static uint64_t squeezes(const struct cpu_row *cpu)
{
	return known(cpu->squeeze_budget) + known(cpu->squeeze_time) +
	       known(cpu->squeeze_both);
}

/* The time was over, whatever else was: more packets are no way out. */
static uint64_t squeezes_by_time(const struct cpu_row *cpu)
{
	return known(cpu->squeeze_time) + known(cpu->squeeze_both);
}

static bool squeezed_often(const struct context *c, uint64_t count)
{
	return context_rate(c, count) >= limit(LIMIT_SQUEEZES);
}

/* Does it take a part of this CPU's NET_RX? */
static bool dev_is_polled_on(const struct context *c, const struct cpu_row *cpu,
			     const struct dev_row *dev)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (pairs, i, n)
		if (n->cpu == cpu->cpu && n->work)
			return true;
	return false;
}

/* Packets that this CPU's backlog lost, and devices that are polled here. */
static uint64_t squeeze_drops(const struct context *c, const struct cpu_row *cpu)
{
	uint64_t drops = known(cpu->softnet_dropped);
	const struct dev_row *dev;

	table_for_each (&c->iv->devs, dev)
		if (known(dev_ring_drops(c, dev)) && dev_is_polled_on(c, cpu, dev))
			drops += dev_ring_drops(c, dev);
	return drops;
}

/* NET_RX is known to begin again in time: even the longest of few did. */
static bool squeeze_is_in_time(const struct cpu_row *cpu)
{
	return cpu->raise_p99_ns != MISSING &&
	       cpu->raise_p99_ns < limit(LIMIT_LATE);
}

/* Is a good part of this room what comes while NET_RX waits to begin again? */
static bool wait_fills(const struct cpu_row *cpu, double rate, uint64_t room)
{
	if (cpu->late_ns == MISSING)
		return !squeeze_is_in_time(cpu);
	if (room == MISSING)
		return cpu->late_ns >= limit(LIMIT_LATE);
	return rate * cpu->late_ns / 1e9 >= room * limit(LIMIT_HELD_BACK) / 100;
}

static bool wait_fills_ring(const struct context *c, const struct cpu_row *cpu,
			    const struct dev_row *dev)
{
	const uint64_t queues = dev_queues(c, dev);
	double rate = context_rate(c, known(dev->rx_packets)) +
		      context_rate(c, known(dev_ring_drops(c, dev)));

	if (queues == MISSING || !queues)
		return wait_fills(cpu, rate, MISSING);
	return wait_fills(cpu, rate / queues, dev_number(c, dev, "ring/rx"));
}

/* What the CPU received by all of its NAPIs may have gone through its backlog. */
static bool wait_fills_backlog(const struct context *c, const struct cpu_row *cpu)
{
	double rate = context_rate(c, known(cpu->softnet_processed)) +
		      context_rate(c, known(cpu->softnet_dropped));

	return wait_fills(cpu, rate,
			  config_number(&c->iv->config,
					"sysctl/net.core.netdev_max_backlog"));
}

/* Of so few nobody can say that squeezes lost them. */
static bool squeeze_loses(const struct cpu_row *cpu, uint64_t drops)
{
	return part_pct(drops, squeezes(cpu)) >= limit(LIMIT_SQUEEZE_LOSES);
}

/*
 * What is full, and not for that, is full of a burst.  A softirq that was raised in its
 * run is called again at once; only ksoftirqd lets it wait.
 */
static bool squeeze_may_drop(const struct context *c, const struct cpu_row *cpu)
{
	const struct dev_row *dev;

	if (!known(cpu->ksoftirqd_polls))
		return false;
	if (squeeze_loses(cpu, known(cpu->softnet_dropped)) &&
	    wait_fills_backlog(c, cpu))
		return true;
	table_for_each (&c->iv->devs, dev)
		if (squeeze_loses(cpu, known(dev_ring_drops(c, dev))) &&
		    dev_is_polled_on(c, cpu, dev) && wait_fills_ring(c, cpu, dev))
			return true;
	return false;
}

/* First the number that it is about. */
static void squeeze_evidence(const struct context *c, struct finding *f,
			     const struct cpu_row *cpu)
{
	const uint64_t budget = known(cpu->squeeze_budget);
	const uint64_t time = known(cpu->squeeze_time);

	f->share = squeezes(cpu);
	if (time > budget)
		finding_add_number(f, "squeeze_time", context_rate(c, time),
				   "/s");
	finding_add_number(f, "squeeze_budget", context_rate(c, budget), "/s");
	if (time <= budget)
		finding_add_number(f, "squeeze_time", context_rate(c, time),
				   "/s");
	finding_add_number(f, "squeeze_both",
			   context_rate(c, known(cpu->squeeze_both)), "/s");
	if (cpu->squeeze_work_left != MISSING)
		finding_add_number(f, "squeeze_work_left",
				   context_rate(c, cpu->squeeze_work_left), "/s");
	finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
	finding_add_number(f, "dropped", squeeze_drops(c, cpu), "packets");
	if (cpu->raise_p99_ns != MISSING)
		finding_add_number(f, "raise_p99_ns", cpu->raise_p99_ns, "ns");
}

/* Most by budget, nothing lost, and NET_RX begins again in time. */
static void judge_squeeze_harmless(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (!squeezed_often(c, squeezes(cpu)) ||
		    cpu->squeeze_budget < squeezes_by_time(cpu) ||
		    squeeze_drops(c, cpu) || !squeeze_is_in_time(cpu))
			continue;
		f = context_add_cpu(c, SEVERITY_HARMLESS, cpu->cpu);
		squeeze_evidence(c, f, cpu);
		say(f->cause,
		    "the budget of %" PRIu64
		    " packets ends NET_RX runs, and the softirq is "
		    "called again at once: no loss was counted",
		    known(c->iv->host.netdev_budget));
		check_softnet(f, "\"dropped\", $2, \"squeezed\", $3");
		say(f->avoid,
		    "net.core.netdev_budget and netdev_budget_usecs: "
		    "longer runs make everything else on this CPU wait");
	}
}

static void judge_squeeze_budget(struct context *c)
{
	const uint64_t budget = known(c->iv->host.netdev_budget);
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (!squeezed_often(c, known(cpu->squeeze_work_left)) ||
		    cpu->squeeze_budget < squeezes_by_time(cpu) ||
		    !squeeze_may_drop(c, cpu))
			continue;
		f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);
		squeeze_evidence(c, f, cpu);
		say(f->cause,
		    "NET_RX runs end with work left after %" PRIu64
		    " packets, and packets are lost meanwhile",
		    budget);
		say(f->check, "napiscope top -C %" PRIu64, cpu->cpu);
		if (cpu_net_rx_pct(c, cpu) < limit(LIMIT_SATURATED)) {
			say(f->fix, "sysctl -w net.core.netdev_budget=%" PRIu64,
			    budget < BUDGET_DEFAULT ? BUDGET_DEFAULT :
						      2 * budget);
			say(f->undo,
			    "sysctl -w net.core.netdev_budget=%" PRIu64, budget);
		}
		say(f->avoid, "more than twice at a time; and first spread the "
			      "load, if one CPU has it all");
	}
}

/* --- by time ------------------------------------------------------------------ */

/* What a packet costs this CPU, of the NAPI where it is most; 0: not known. */
static double dearest_ns(const struct context *c, const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	const struct napi_row *n;
	double most = 0, ns;
	size_t i;

	napi_refs_for_each (pairs, i, n) {
		if (!n->work || n->poll_ns == MISSING)
			continue;
		ns = (double)n->poll_ns / n->work;
		if (ns > most)
			most = ns;
	}
	return most;
}

/*
 * How many of the squeezed runs spent the time themselves: those that took half of
 * the limit, net of interrupts; none, where a whole budget of the dearest packets
 * does not take as long.
 */
static double squeeze_polled_pct(const struct context *c,
				 const struct cpu_row *cpu)
{
	const uint64_t half_ns = known(c->iv->host.netdev_budget_usecs) * 500;
	const uint64_t budget = c->iv->host.netdev_budget;
	const double dearest = dearest_ns(c, cpu);

	if (dearest > 0 && budget != MISSING && dearest * budget < half_ns)
		return 0;
	/* A run that was stopped is as long, whatever its packets cost. */
	if (context_pct(c, known(cpu->stat_steal_ns)) >= limit(LIMIT_STEAL))
		return 0;
	return part_pct(cpu_long_runs(c, cpu, half_ns), squeezes_by_time(cpu));
}

/* What runs there, and how much of it may be rules, in the NAPI's namespace. */
static void check_cost(const struct context *c, struct finding *f,
		       const struct cpu_row *cpu, const struct napi_row *n)
{
	const struct dev_row *dev = n ? context_dev(c, n) : NULL;
	char exec[DEV_ROOM] = "", xdp[2 * DEV_ROOM + 32] = "";

	if (dev) {
		dev_exec(dev, exec);
		snprintf(xdp, sizeof(xdp), "; %sip link show %s | grep xdp",
			 exec, word(dev->dev));
	}
	say(f->check,
	    "perf record -C %" PRIu64
	    " -- sleep 5 && perf report --stdio | head -40; %snft list ruleset "
	    "| wc -l; %siptables-save | wc -l; %sip6tables-save | wc -l%s",
	    cpu->cpu, exec, exec, exec, xdp);
}

static void time_commands(const struct context *c, struct finding *f)
{
	const uint64_t usecs = known(c->iv->host.netdev_budget_usecs);

	say(f->fix,
	    "# make packets cheaper: sets and maps in place of long "
	    "chains, an nft flowtable, XDP; if that cannot be, sysctl -w "
	    "net.core.netdev_budget_usecs=%" PRIu64 " (it is %" PRIu64 ")",
	    2 * usecs, usecs);
	say(f->kernel, "netdev_budget_usecs counts in jiffies of %" PRIu64 " us",
	    c->iv->host.hz ? 1000000 / c->iv->host.hz : 0);
}

/*
 * With a budget that somebody raised, cheap packets last until the time is over: of
 * them the usual budget is far from that.
 */
static bool budget_is_raised(const struct context *c, const struct cpu_row *cpu)
{
	const uint64_t half_ns = known(c->iv->host.netdev_budget_usecs) * 500;
	const double dearest = dearest_ns(c, cpu);

	return known(c->iv->host.netdev_budget) > BUDGET_DEFAULT &&
	       dearest > 0 && dearest * BUDGET_DEFAULT < half_ns &&
	       dearest < limit(LIMIT_DEAR_PACKET);
}

static void raised_say(const struct context *c, struct finding *f,
		       const struct cpu_row *cpu)
{
	const uint64_t budget = c->iv->host.netdev_budget;

	if (!squeeze_drops(c, cpu))
		f->severity = SEVERITY_NOTE;
	finding_add_number(f, "netdev_budget", budget, "packets");
	say(f->cause,
	    "NET_RX runs on CPU %" PRIu64 " end by time, with a budget of %" PRIu64
	    " packets: that many come, and each is cheap",
	    cpu->cpu, budget);
	say(f->check,
	    "sysctl net.core.netdev_budget net.core.netdev_budget_usecs");
	/* Who loses packets may have raised it for that. */
	if (!squeeze_drops(c, cpu)) {
		say(f->fix, "sysctl -w net.core.netdev_budget=%d",
		    BUDGET_DEFAULT);
		say(f->undo, "sysctl -w net.core.netdev_budget=%" PRIu64, budget);
	}
	say(f->avoid,
	    "net.core.netdev_budget_usecs: longer runs make everything "
	    "else on this CPU wait; spread the load, if it is too much");
}

static void judge_squeeze_time(struct context *c)
{
	const struct napi_row *n;
	const struct cpu_row *cpu;
	struct finding *f;
	bool matters;

	table_for_each (&c->iv->cpus, cpu) {
		if (!squeezed_often(c, squeezes_by_time(cpu)) ||
		    squeezes_by_time(cpu) <= known(cpu->squeeze_budget) ||
		    squeeze_polled_pct(c, cpu) < limit(LIMIT_SQUEEZE_POLLED))
			continue;
		matters = squeeze_drops(c, cpu) ||
			  (squeezed_often(c, known(cpu->squeeze_work_left)) &&
			   cpu_net_rx_pct(c, cpu) >= limit(LIMIT_BUSY));
		n = context_top_napi(c, cpu->cpu);
		f = context_add_cpu(
			c, matters ? SEVERITY_WARNING : SEVERITY_HARMLESS,
			cpu->cpu);
		squeeze_evidence(c, f, cpu);
		if (n && n->ns_per_packet != MISSING)
			finding_add_number(f, "ns_per_packet", n->ns_per_packet,
					   "ns");
		if (budget_is_raised(c, cpu)) {
			raised_say(c, f, cpu);
			continue;
		}
		say(f->cause,
		    "NET_RX runs on CPU %" PRIu64
		    " reach their time limit of %" PRIu64
		    " us: packets cost too much, not too many come",
		    cpu->cpu, known(c->iv->host.netdev_budget_usecs));
		check_cost(c, f, cpu, n);
		if (matters)
			time_commands(c, f);
		say(f->avoid, "net.core.netdev_budget: these runs end by time, "
			      "not by packets");
	}
}

static const char *squeeze_thief(const struct context *c,
				 const struct cpu_row *cpu)
{
	if (context_pct(c, known(cpu->stat_steal_ns)) >= limit(LIMIT_STEAL))
		return "the hypervisor gives the CPU to others";
	if (context_pct(c, known(cpu->hardirq_ns)) >= limit(LIMIT_HANDLER_TIME))
		return "interrupt handlers take it";
	return "a timer tick, firmware (SMI) or a hypervisor takes it";
}

static void judge_squeeze_elsewhere(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (!squeezed_often(c, squeezes_by_time(cpu)) ||
		    squeeze_polled_pct(c, cpu) >= limit(LIMIT_SQUEEZE_POLLED))
			continue;
		f = context_add_cpu(c, SEVERITY_NOTE, cpu->cpu);
		squeeze_evidence(c, f, cpu);
		if (cpu->stat_steal_ns != MISSING)
			finding_add_number(f, "stat_steal_ns",
					   context_pct(c, cpu->stat_steal_ns),
					   "%");
		if (cpu->hardirq_ns != MISSING)
			finding_add_number(f, "hardirq_ns",
					   context_pct(c, cpu->hardirq_ns), "%");
		say(f->cause,
		    "NET_RX runs reach their time limit, and packets do not "
		    "use it up: %s",
		    squeeze_thief(c, cpu));
		say(f->check, "mpstat -P %" PRIu64 " 1 5; cat /proc/interrupts",
		    cpu->cpu);
		say(f->avoid, "net.core.netdev_budget and netdev_budget_usecs: "
			      "something else takes what they give");
	}
}

/* --- what a packet costs ------------------------------------------------------ */

/* Work of all NAPIs of a device. */
static uint64_t dev_work(const struct context *c, const struct dev_row *dev)
{
	const struct napi_row *n;
	uint64_t work = 0;

	table_for_each (&c->iv->napis, n)
		if (napi_is_of(n, dev))
			work += n->work;
	return work;
}

/*
 * Is a unit of its work a packet of the wire?  Those of a backlog, of a veth or of
 * a virtual NIC may be 64 KB that are one, and receive offload in hardware makes
 * several into one.
 */
static bool units_are_packets(const struct context *c, const struct dev_row *dev)
{
	const uint64_t packets = known(dev->rx_packets);
	uint64_t mtu = dev_number(c, dev, "mtu");

	if (!packets)
		return false;
	if (mtu == MISSING)
		mtu = ETH_DATA_LEN;
	return (double)known(dev->rx_bytes) / packets <= mtu + FRAME_ROOM &&
	       part_pct(dev_work(c, dev), packets) >= limit(LIMIT_MERGED);
}

/* Acknowledgements, whose polls send what they acknowledge room for. */
static bool packets_clock_out_data(const struct dev_row *dev)
{
	return part_pct(known(dev->rx_bytes), known(dev->tx_bytes)) <
		       limit(LIMIT_ACKS) &&
	       known(dev->tx_bytes) > known(dev->rx_bytes);
}

static bool packets_are_dear(const struct context *c, const struct cpu_row *cpu,
			     const struct napi_row *n)
{
	const struct dev_row *dev = n ? context_dev(c, n) : NULL;

	return dev && units_are_packets(c, dev) &&
	       !packets_clock_out_data(dev) && n->ns_per_packet != MISSING &&
	       n->ns_per_packet >= limit(LIMIT_DEAR_PACKET) &&
	       cpu_net_rx_pct(c, cpu) >= limit(LIMIT_BUSY) &&
	       context_pct(c, n->poll_ns) >= limit(LIMIT_BUSY);
}

static void judge_dear_packets(struct context *c)
{
	const struct napi_row *n;
	const struct cpu_row *cpu;
	char name[DEV_ROOM];
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		n = context_top_napi(c, cpu->cpu);
		if (!packets_are_dear(c, cpu, n))
			continue;
		napi_name(n, name);
		f = context_add_cpu(c,
				    cpu_net_rx_pct(c, cpu) >=
						    limit(LIMIT_SATURATED) ?
					    SEVERITY_CRITICAL :
					    SEVERITY_WARNING,
				    cpu->cpu);
		f->share = cpu->net_rx_ns;
		finding_add_number(f, "ns_per_packet", n->ns_per_packet, "ns");
		finding_add_number(f, "work", context_rate(c, n->work), "/s");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		say(f->cause,
		    "each packet of %s costs CPU %" PRIu64
		    " more than a driver and a plain stack do: rules, "
		    "conntrack, XDP or copies",
		    name, cpu->cpu);
		check_cost(c, f, cpu, n);
		say(f->fix,
		    "# make packets cheaper: sets and maps in place of long "
		    "chains, an nft flowtable, fewer taps (tcpdump), "
		    "XDP for what is dropped");
		say(f->avoid, "net.core.netdev_budget and netdev_budget_usecs: "
			      "they share out time, and there is too little");
	}
}

const struct rule rules_squeeze[] = {
	{ .id = "squeeze-harmless",
	  .about = "squeezes by budget that cost nothing",
	  .needs = NEED_SQUEEZE | NEED_SOFTNET | NEED_DEVS | NEED_RAISE,
	  .symptom = true,
	  .judge = judge_squeeze_harmless,
	  .limits = { LIMIT_SQUEEZES, LIMIT_LATE } },
	{ .id = "squeeze-budget",
	  .about = "squeezes by budget with packets lost",
	  .needs = NEED_SQUEEZE | NEED_SOFTNET | NEED_DEVS,
	  .root = 1,
	  .symptom = true,
	  .judge = judge_squeeze_budget,
	  .limits = { LIMIT_SQUEEZES, LIMIT_SQUEEZE_LOSES, LIMIT_LATE,
		      LIMIT_HELD_BACK, LIMIT_SATURATED } },
	{ .id = "squeeze-time",
	  .about = "squeezes by time: packets that cost too much",
	  .needs = NEED_SQUEEZE | NEED_SOFTNET | NEED_DEVS | NEED_SOFTIRQ |
		   NEED_HISTS,
	  .root = 1,
	  .symptom = true,
	  .judge = judge_squeeze_time,
	  .limits = { LIMIT_SQUEEZES, LIMIT_SQUEEZE_POLLED, LIMIT_BUSY,
		      LIMIT_STEAL, LIMIT_DEAR_PACKET } },
	{ .id = "dear-packets",
	  .about = "a busy CPU to which each packet costs a lot",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_DEVS,
	  .root = 2,
	  .judge = judge_dear_packets,
	  .limits = { LIMIT_DEAR_PACKET, LIMIT_BUSY, LIMIT_SATURATED,
		      LIMIT_MERGED, LIMIT_ACKS } },
	{ .id = "squeeze-elsewhere",
	  .about = "squeezes by time that NET_RX did not spend",
	  .needs = NEED_SQUEEZE | NEED_SOFTIRQ | NEED_STAT | NEED_HISTS,
	  .symptom = true,
	  .judge = judge_squeeze_elsewhere,
	  .limits = { LIMIT_SQUEEZES, LIMIT_SQUEEZE_POLLED, LIMIT_STEAL,
		      LIMIT_HANDLER_TIME } },
	{ 0 },
};
