// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about packets that are lost before and behind NET_RX. */
#include <inttypes.h>

#include "diagnose/rule.h"

/* Few notice it, and it is at most 20,000 interrupts a second. */
#define MODERATE_USECS 50
/* A ring is made longer by at most that at a time. */
#define RING_STEP 4

/* net.core.netdev_max_backlog, where nobody changed it. */
#define BACKLOG_DEFAULT 1000
/* Where the counter is of a full backlog alone. */
#define KERNEL_BACKLOG_ALONE 610

/* A part of a device's work that counts beside the largest. */
static bool is_real_part(uint64_t work, uint64_t most)
{
	return work >= most / 10;
}

/*
 * The fullest CPU that polls a device, and not just now and then: what drops may drop
 * there; NULL: none.
 */
static const struct cpu_row *dev_cpu(const struct context *c,
				     const struct dev_row *dev)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	const struct cpu_row *cpu, *top = NULL;
	const struct napi_row *n;
	uint64_t most = 0;
	size_t i;

	napi_refs_for_each (pairs, i, n)
		if (n->work > most)
			most = n->work;
	napi_refs_for_each (pairs, i, n) {
		cpu = n->polls && is_real_part(n->work, most) ?
			      context_cpu(c, n->cpu) :
			      NULL;
		if (cpu &&
		    (!top || cpu_polling_pct(c, cpu) > cpu_polling_pct(c, top)))
			top = cpu;
	}
	return top;
}

/* Its NAPI with the most work, over all CPUs; NULL: none polls. */
static const struct napi_row *dev_napi(const struct context *c,
				       const struct dev_row *dev)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const struct napi_row *n, *top = NULL;
	size_t i;

	napi_refs_for_each (napis, i, n)
		if (n->polls && (!top || n->work > top->work))
			top = n;
	return top;
}

static void ring_evidence(const struct context *c, struct finding *f,
			  const struct dev_row *dev, const struct cpu_row *cpu)
{
	uint64_t ring = dev_number(c, dev, "ring/rx");

	f->rank = RANK_LOST;
	f->share = dev_ring_drops(c, dev);
	finding_add_number(f, "dropped in the ring",
			   context_rate(c, dev_ring_drops(c, dev)), "/s");
	finding_add_number(f, "rx_packets",
			   context_rate(c, known(dev->rx_packets)), "/s");
	if (ring != MISSING)
		finding_add_number(f, "ring/rx", ring, "");
	if (!cpu)
		return;
	finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
	if (cpu->raise_p99_ns != MISSING)
		finding_add_number(f, "raise_p99_ns", cpu->raise_p99_ns, "ns");
}

/*
 * Packets of one queue that come while moderation holds its interrupt back; 0: not
 * known, or it is held back by less than the fix would have it, or what holds it
 * back adapts itself, or counts the packets.
 */
static double held_back(const struct context *c, const struct dev_row *dev,
			uint64_t ring)
{
	uint64_t usecs = dev_number(c, dev, "coalesce/rx_usecs");
	uint64_t frames = known(dev_number(c, dev, "coalesce/rx_frames"));
	uint64_t queues = dev_queues(c, dev);
	double rate = context_rate(c, known(dev->rx_packets)) +
		      context_rate(c, known(dev_ring_drops(c, dev)));

	if (usecs == MISSING || usecs <= MODERATE_USECS || queues == MISSING ||
	    !queues || dev_number(c, dev, "coalesce/adaptive_rx") == 1 ||
	    (frames && frames < ring * limit(LIMIT_HELD_BACK) / 100))
		return 0;
	return rate / queues * usecs / 1e6;
}

static bool ring_has_time(const struct context *c, const struct dev_row *dev,
			  const struct cpu_row *cpu)
{
	const struct napi_row *n = dev_napi(c, dev);

	return n && napi_is_hidden(n) ? cpu_is_idle(c, cpu) :
					cpu_has_time(c, cpu);
}

/* The ring waits for its interrupt: nobody polls, or it is moderated too long. */
static bool ring_waits(const struct context *c, const struct dev_row *dev,
		       const struct cpu_row *cpu)
{
	uint64_t ring = dev_number(c, dev, "ring/rx");

	if (!dev_napi(c, dev))
		return dev_has_napi(c, dev);
	return ring != MISSING && cpu &&
	       cpu_net_rx_pct(c, cpu) < limit(LIMIT_IDLE) &&
	       ring_has_time(c, dev, cpu) &&
	       held_back(c, dev, ring) >= ring * limit(LIMIT_HELD_BACK) / 100;
}

/* A ring of its own is full: bonds add up what their ports say. */
static bool dev_drops(const struct context *c, const struct dev_row *dev)
{
	return known(dev_ring_drops(c, dev)) > limit(LIMIT_RING_DROPS) &&
	       (dev->rx_ring_drops != MISSING ||
		dev_number(c, dev, "ring/rx") != MISSING || dev_napi(c, dev));
}

static void ring_check(struct finding *f, const struct dev_row *dev)
{
	char exec[DEV_ROOM];

	dev_exec(dev, exec);
	say(f->check,
	    "%sethtool -S %s | grep -iE "
	    "'missed|no_buf|no_dma|out_of_buf|oob|discard|drop|fifo'; "
	    "%sethtool -g %s",
	    exec, word(dev->dev), exec, word(dev->dev));
}

static void ring_commands(const struct context *c, struct finding *f,
			  const struct dev_row *dev)
{
	uint64_t ring = dev_number(c, dev, "ring/rx");
	uint64_t most = dev_number(c, dev, "ring/rx_max");
	char exec[DEV_ROOM];

	ring_check(f, dev);
	dev_exec(dev, exec);
	if (ring == MISSING || most == MISSING || ring >= most)
		return;
	/* Their links go down with it, and what the port missed may be theirs. */
	if (known(dev_number(c, dev, "numvfs"))) {
		finding_add_number(f, "virtual functions",
				   dev_number(c, dev, "numvfs"), "");
		say(f->fix,
		    "# a longer ring (%" PRIu64 " at most) resets its virtual "
		    "functions, too, and the drops may be theirs: "
		    "ip -s link show %s",
		    most, word(dev->dev));
		return;
	}
	/* By steps: buffers of all queues, and packets wait in a longer one. */
	if (most > RING_STEP * ring)
		most = RING_STEP * ring;
	say(f->fix, LINK_FIRST "%sethtool -G %s rx %" PRIu64, exec,
	    word(dev->dev), most);
	say(f->undo, "%sethtool -G %s rx %" PRIu64, exec, word(dev->dev), ring);
}

/*
 * Those whose drivers put such packets nowhere, or into rx_dropped, where the stack
 * counts, too: virtio_net before 6.10, or where the hypervisor does not count.
 */
static bool dev_counts_drops(const struct context *c, const struct dev_row *dev)
{
	static const char *const silent[] = { "ena",   "hv_netvsc",
					      "ionic", "ixgbevf",
					      "mana",  "virtio_net",
					      "vif" };
	size_t i;

	if (known(dev->rx_ring_drops) || known(dev->rx_missed) ||
	    known(dev->rx_fifo))
		return true;
	for (i = 0; i < sizeof(silent) / sizeof(*silent); i++)
		if (dev->rx_ring_drops == MISSING &&
		    dev_is_driven_by(c, dev, silent[i]))
			return false;
	return true;
}

/* gve: the device writes its statistics that often. */
#define GVE_SECONDS 20

static bool dev_counts_seldom(const struct context *c, const struct dev_row *dev)
{
	return !known(dev->rx_ring_drops) && dev_is_driven_by(c, dev, "gve") &&
	       (double)c->iv->ns < GVE_SECONDS * 1e9;
}

/* Few in a long time, and of many, are nobody's trouble. */
static enum severity drops_severity(const struct context *c,
				    const struct dev_row *dev)
{
	const uint64_t drops = dev_ring_drops(c, dev);

	return context_rate(c, drops) < 1 &&
			       part_pct(drops, known(dev->rx_packets)) <
				       limit(LIMIT_RARE_DROPS) ?
		       SEVERITY_NOTE :
		       SEVERITY_WARNING;
}

static void judge_ring_drops(struct context *c)
{
	const struct dev_row *dev;
	const struct cpu_row *cpu;
	struct finding *f;
	char name[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		if (known(dev->polls) && dev_counts_seldom(c, dev))
			say(c->unseen,
			    "%s counts them every %d s only: watch longer (-d)",
			    dev->dev, GVE_SECONDS);
		if (known(dev->polls) && !dev_counts_drops(c, dev))
			say(c->unseen,
			    "the driver of %s has no counter for them%s",
			    dev->dev,
			    known(dev->rx_dropped) ?
				    "; rx_dropped grows, and may be them" :
				    "");
		if (!dev_drops(c, dev))
			continue;
		cpu = dev_cpu(c, dev);
		if (ring_waits(c, dev, cpu))
			continue;
		dev_name(dev, name);
		f = context_add_dev(c, drops_severity(c, dev), dev,
				    cpu ? cpu->cpu : MISSING);
		ring_evidence(c, f, dev, cpu);
		if (!ring_has_time(c, dev, cpu)) {
			say(f->cause,
			    "packets find the ring of %s full: its CPU "
			    "has no time left",
			    name);
			ring_check(f, dev);
			say(f->avoid, "a longer ring: it delays packets and "
				      "loses as many");
			continue;
		}
		say(f->cause,
		    "packets find the ring of %s full although its CPU "
		    "has time: bursts, or polls that come late",
		    name);
		ring_commands(c, f, dev);
		say(f->avoid, "net.core.netdev_budget: without squeezes it is "
			      "not used up");
	}
}

static void moderation_commands(const struct context *c, struct finding *f,
				const struct dev_row *dev)
{
	char exec[DEV_ROOM];

	dev_exec(dev, exec);
	finding_add_number(f, "packets while the interrupt is held back",
			   held_back(c, dev, dev_number(c, dev, "ring/rx")),
			   "packets");
	say(f->check, "%sethtool -c %s", exec, word(dev->dev));
	say(f->fix, "%sethtool -C %s rx-usecs %d", exec, word(dev->dev),
	    MODERATE_USECS);
	say(f->undo, "%sethtool -C %s rx-usecs %" PRIu64, exec, word(dev->dev),
	    dev_number(c, dev, "coalesce/rx_usecs"));
}

/* Interrupts of the device, by number: few drivers name them like it. */
static void silent_check(const struct context *c, struct finding *f,
			 const struct dev_row *dev)
{
	const struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const struct told_row *told;
	const struct napi_row *n;
	char irqs[100] = "", exec[DEV_ROOM];
	size_t used = 0, i;

	napi_refs_for_each (napis, i, n)
		if (n->irq != MISSING && used + 12 < sizeof(irqs))
			used += snprintf(irqs + used, sizeof(irqs) - used,
					 "%s%" PRIu64, used ? "|" : "", n->irq);
	table_for_each (&c->d->last->told, told)
		if (!napis.count && told->netns_ino == dev->netns_ino &&
		    told->ifindex == dev->ifindex && told->irq != MISSING &&
		    used + 12 < sizeof(irqs))
			used += snprintf(irqs + used, sizeof(irqs) - used,
					 "%s%" PRIu64, used ? "|" : "",
					 told->irq);
	if (used)
		say(f->check,
		    "grep -E '^ *(%s):' /proc/interrupts; sleep 1; "
		    "grep -E '^ *(%s):' /proc/interrupts",
		    irqs, irqs);
	else
		/* Of virtio it is the parent that has them; of a PCI NIC that is
		 * the port. */
		say(f->check,
		    "for n in 1 2; do for i in $(%sls "
		    "/sys/class/net/%s/device/%smsi_irqs); do "
		    "grep \"^ *$i:\" /proc/interrupts; done; sleep 1; done",
		    dev_exec(dev, exec), word(dev->dev),
		    dev_is_driven_by(c, dev, "virtio") ? "../" : "");
}

static void judge_late_interrupt(struct context *c)
{
	const struct dev_row *dev;
	const struct cpu_row *cpu;
	struct finding *f;
	char name[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		cpu = dev_cpu(c, dev);
		if (!dev_drops(c, dev) || !ring_waits(c, dev, cpu))
			continue;
		dev_name(dev, name);
		f = context_add_dev(c, SEVERITY_WARNING, dev,
				    cpu ? cpu->cpu : MISSING);
		ring_evidence(c, f, dev, cpu);
		say(f->avoid, "the ring's size and net.core.netdev_budget: what "
			      "is late is the interrupt");
		if (cpu) {
			say(f->cause,
			    "the ring of %s fills up while its CPU is "
			    "idle: its interrupt is held back for too "
			    "long",
			    name);
			moderation_commands(c, f, dev);
			continue;
		}
		say(f->cause,
		    "the ring of %s is full and nobody polls it: its "
		    "interrupt was lost, or is disabled",
		    name);
		silent_check(c, f, dev);
		dev_down_up(f, dev,
			    "not where virtual functions share its port, for the "
			    "drops may be theirs: ",
			    true);
	}
}

/* --- the backlog -------------------------------------------------------------- */

/*
 * Does the flow limit, which begins at half of the backlog, drop most of it?  The CPU
 * that it sends to counts the drops, the one that sends counts the flow limit: those of
 * a CPU are of it for sure where what the limit did not drop are fewer.
 */
static bool drops_are_limited(const struct context *c, const struct cpu_row *at)
{
	uint64_t dropped = 0, limited = 0;
	const struct cpu_row *cpu;

	table_for_each (&c->iv->cpus, cpu) {
		dropped += known(cpu->softnet_dropped);
		limited += known(cpu->softnet_flow_limit);
	}
	return part_pct(limited, dropped) >= limit(LIMIT_FLOW_LIMITED) &&
	       (limited >= dropped || at->softnet_dropped > dropped - limited);
}

static void drops_say_limited(struct finding *f, const struct cpu_row *cpu)
{
	say(f->cause,
	    "the flow limit drops packets of the flows that have most of the "
	    "backlog of CPU %" PRIu64 ", so that others are kept",
	    cpu->cpu);
	check_softnet(f, "\"dropped\", $2, \"by the flow limit\", $11");
	say(f->avoid, "net.core.netdev_max_backlog: the backlog is not full, "
		      "the limit is half of it");
}

/* Before 6.10 packets for a device that is taken down are counted alike. */
static bool drops_may_be_of_the_dead(const struct context *c,
				     const struct cpu_row *cpu)
{
	const unsigned int kernel = context_kernel(c);

	return kernel && kernel < KERNEL_BACKLOG_ALONE &&
	       context_rate(c, cpu->softnet_dropped) < limit(LIMIT_DISMANTLED);
}

static void judge_backlog_drops(struct context *c)
{
	const uint64_t max = config_number(&c->iv->config,
					   "sysctl/net.core.netdev_max_backlog");
	const struct cpu_row *cpu;
	struct finding *f;
	bool limited;

	table_for_each (&c->iv->cpus, cpu) {
		if (known(cpu->softnet_dropped) <= limit(LIMIT_BACKLOG_DROPS))
			continue;
		limited = drops_are_limited(c, cpu);
		f = context_add_cpu(c, limited ? SEVERITY_NOTE : SEVERITY_WARNING,
				    cpu->cpu);
		f->rank = RANK_LOST;
		f->share = cpu->softnet_dropped;
		finding_add_number(f, "softnet_dropped",
				   context_rate(c, cpu->softnet_dropped), "/s");
		finding_add_number(f, "softnet_processed",
				   context_rate(c, known(cpu->softnet_processed)),
				   "/s");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		if (max != MISSING)
			finding_add_number(f, "net.core.netdev_max_backlog",
					   max, "");
		if (limited) {
			drops_say_limited(f, cpu);
			continue;
		}
		if (drops_may_be_of_the_dead(c, cpu)) {
			f->severity = SEVERITY_NOTE;
			say(f->cause,
			    "the backlog of CPU %" PRIu64
			    " was full for a moment, or a device was taken "
			    "down while packets for it were there",
			    cpu->cpu);
			check_softnet(f, "\"dropped\", $2");
			say(f->kernel, "before 6.10 both are counted alike");
			continue;
		}
		say(f->cause,
		    "the backlog of CPU %" PRIu64
		    " is full when packets come, and they are dropped",
		    cpu->cpu);
		check_softnet(f, "\"dropped\", $2");
		if (cpu_has_time(c, cpu) && max != MISSING) {
			say(f->fix,
			    "sysctl -w net.core.netdev_max_backlog=%" PRIu64,
			    max < BACKLOG_DEFAULT ? BACKLOG_DEFAULT : 2 * max);
			say(f->undo,
			    "sysctl -w net.core.netdev_max_backlog=%" PRIu64,
			    max);
		}
		say(f->avoid, "net.core.netdev_budget: it is not what is short%s",
		    *f->fix ? "" :
			      "; nor netdev_max_backlog: the CPU is full, "
			      "spread the load");
	}
}

/* --- sockets ------------------------------------------------------------------ */

static void udp_starved_find(struct context *c, const struct cpu_row *cpu)
{
	const struct host_row *h = &c->iv->host;
	struct finding *f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);

	f->rank = RANK_LOST;
	f->share = known(cpu->net_rx_ns);
	finding_add_number(f, "udp_rcvbuf_errors",
			   context_rate(c, h->udp_rcvbuf_errors), "/s");
	finding_add_number(f, "udp_in_datagrams",
			   context_rate(c, known(h->udp_in_datagrams)), "/s");
	finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
	if (cpu->stat_user_ns != MISSING)
		finding_add_number(f, "stat_user_ns",
				   context_pct(c, cpu->stat_user_ns), "%");
	say(f->cause,
	    "UDP sockets overflow, and CPU %" PRIu64
	    " only receives: a reader there does not get to run; one elsewhere "
	    "is too slow itself",
	    cpu->cpu);
	say(f->check, "ss -lunmp; perf top -C %" PRIu64 " --sort comm", cpu->cpu);
	say(f->fix, "# if the reader is there, run it, or the interrupt, on "
		    "another CPU: taskset -cp CPUS PID, smp_affinity; or give "
		    "the NAPI a thread: /sys/class/net/DEV/threaded");
	say(f->avoid, "net.core.rmem_max: a larger buffer fills up as well, "
		      "unless it is bursts that overflow it");
	say(f->kernel, "from 6.5 on softirqs run over the task; before, "
		       "ksoftirqd shared the CPU with it");
}

static void judge_udp_starved(struct context *c)
{
	const struct cpu_row *cpu = context_top_cpu(c);

	if (context_rate(c, known(c->iv->host.udp_rcvbuf_errors)) <
		    limit(LIMIT_UDP_ERRORS) ||
	    cpu_net_rx_pct(c, cpu) < limit(LIMIT_SATURATED))
		return;
	udp_starved_find(c, cpu);
}

const struct rule rules_drops[] = {
	{ .id = "ring-drops",
	  .about = "packets that found no descriptor",
	  .needs = NEED_DEVS | NEED_SOFTIRQ | NEED_CONFIG,
	  .symptom = true,
	  .judge = judge_ring_drops,
	  .limits = { LIMIT_RING_DROPS, LIMIT_RARE_DROPS, LIMIT_SATURATED,
		      LIMIT_NO_IDLE, LIMIT_IDLE, LIMIT_HELD_BACK } },
	{ .id = "late-interrupt",
	  .about = "a ring that fills up while its CPU is idle",
	  .needs = NEED_DEVS | NEED_SOFTIRQ | NEED_CONFIG,
	  .judge = judge_late_interrupt,
	  .limits = { LIMIT_RING_DROPS, LIMIT_IDLE, LIMIT_HELD_BACK } },
	{ .id = "backlog-drops",
	  .about = "packets that found the backlog full",
	  .needs = NEED_SOFTNET,
	  .symptom = true,
	  .judge = judge_backlog_drops,
	  .limits = { LIMIT_BACKLOG_DROPS, LIMIT_SATURATED, LIMIT_NO_IDLE,
		      LIMIT_FLOW_LIMITED, LIMIT_DISMANTLED } },
	{ .id = "udp-starved",
	  .about = "UDP sockets of this namespace that overflow because softirqs "
		   "have the CPU",
	  .needs = NEED_UDP | NEED_SOFTIRQ,
	  .symptom = true,
	  .judge = judge_udp_starved,
	  .limits = { LIMIT_UDP_ERRORS, LIMIT_SATURATED } },
	{ 0 },
};
