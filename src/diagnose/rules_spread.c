// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about load that is on one CPU and could be on several. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnose/spread.h"

#define ROOT_SHARED 3

#define SPREAD_IRQS 512
/* In a command: as many CPUs, and runs of numbers from so many on as one word. */
#define SPREAD_CPUS 64
#define SPREAD_RUN 8
#define SPREAD_UNDO_LINES 16
/* Their texts: two of the one and one of the other fit into a finding's fix. */
#define SPREAD_IRQS_ROOM 200
#define SPREAD_CPUS_ROOM 272

const char spread_no_budget[] =
	"net.core.netdev_budget: a larger one gives this CPU no more time";

enum severity spread_severity(const struct context *c, const struct cpu_row *cpu)
{
	return cpu_net_rx_pct(c, cpu) >= limit(LIMIT_SATURATED) ?
		       SEVERITY_CRITICAL :
		       SEVERITY_WARNING;
}

static bool spread_can(const struct context *c, const struct cpu_row *cpu)
{
	const double here = cpu_net_rx_pct(c, cpu);
	uint64_t to;

	if (here < limit(LIMIT_BUSY))
		return false;
	to = context_idlest_cpu(c, MISSING, cpu->cpu);
	return to != MISSING &&
	       here >= limit(LIMIT_CONCENTRATED) / 100 *
			       (here + cpu_net_rx_pct(c, context_cpu(c, to)));
}

void spread_each_cpu(struct context *c,
		     void (*judge)(struct context *c, const struct cpu_row *cpu))
{
	const struct cpu_row *cpu;

	table_for_each (&c->iv->cpus, cpu)
		if (spread_can(c, cpu))
			judge(c, cpu);
}

bool spread_is_all(const struct context *c, const struct dev_row *dev,
		   const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	uint64_t here = 0, all = 0;
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (pairs, i, n) {
		all += n->work;
		if (n->cpu == cpu->cpu)
			here += n->work;
	}
	return part_pct(here, all) >= limit(LIMIT_CONCENTRATED);
}

/* Polled, for an interrupt that is known. */
static bool spread_has_irq(const struct napi_row *n)
{
	return n->polls && !napi_is_backlog(n) && n->irq != MISSING;
}

/* It gets what another NAPI of its CPU received: veths, forwarding, tunnels. */
static bool is_second(const struct context *c, const struct napi_row *n)
{
	const struct dev_row *dev = context_dev(c, n);

	return napi_is_backlog(n) || !strcmp(n->poll_func, "gro_cell_poll") ||
	       (dev && dev_is_driven_by(c, dev, "veth"));
}

/*
 * What no other CPU sends to, and that holds no more than twice what this CPU's
 * devices receive, is theirs.
 */
static uint64_t spread_own_seconds(const struct context *c,
				   const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	uint64_t received = 0, most = 0, ns = 0;
	const struct napi_row *n;
	size_t i;

	if (cpu->softnet_rps)
		return 0;
	napi_refs_for_each (pairs, i, n) {
		if (!is_second(c, n)) {
			received += spread_has_irq(n) ? n->work : 0;
			continue;
		}
		ns += known(n->poll_ns);
		if (n->work > most)
			most = n->work;
	}
	return part_pct(received, most) >= limit(LIMIT_RPS_SHARE) ? ns : 0;
}

const struct napi_row *spread_top(const struct context *c,
				  const struct cpu_row *cpu, double *pct)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	const uint64_t own = spread_own_seconds(c, cpu);
	const struct napi_row *n, *top = NULL;
	size_t i;

	napi_refs_for_each (pairs, i, n)
		if (known(n->poll_ns) && !(own && is_second(c, n)) &&
		    (!top || n->poll_ns > top->poll_ns))
			top = n;
	*pct = top ? part_pct(top->poll_ns, value_sub(cpu->net_rx_ns, own)) : 0;
	return top;
}

void spread_evidence(const struct context *c, struct finding *f,
		     const struct cpu_row *cpu)
{
	const struct cpu_row *row;
	double others = 0;
	unsigned int n = 0;

	f->share = cpu->net_rx_ns;
	finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
	table_for_each (&c->iv->cpus, row) {
		if (row == cpu)
			continue;
		others += cpu_net_rx_pct(c, row);
		n++;
	}
	if (n)
		finding_add_number(f, "net_rx_ns of the other CPUs", others / n,
				   "%");
	if (cpu->stat_softirq_ns != MISSING)
		finding_add_number(f, "stat_softirq_ns (%si)",
				   context_pct(c, cpu->stat_softirq_ns), "%");
}

/* Polling time of a device on a CPU. */
static uint64_t shared_ns(const struct context *c, const struct dev_row *dev,
			  uint64_t cpu)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	uint64_t ns = 0;
	size_t i;

	napi_refs_for_each (pairs, i, n)
		if (n->cpu == cpu)
			ns += known(n->poll_ns);
	return ns;
}

/* And of what gets its packets there, where it is the first of the devices. */
static uint64_t shared_all_ns(const struct context *c, const struct dev_row *dev,
			      const struct cpu_row *cpu)
{
	uint64_t ns = shared_ns(c, dev, cpu->cpu);
	const struct napi_row *top;
	double share;

	top = spread_top(c, cpu, &share);
	return top && napi_is_of(top, dev) ? ns + spread_own_seconds(c, cpu) : ns;
}

struct irq_list {
	uint64_t irqs[SPREAD_IRQS];
	unsigned int count;
	uint64_t poll_ns;	   /* of their NAPIs */
	const struct dev_row *dev; /* the one with several of them */
	bool held; /* one of their NAPIs never leaves poll mode */
};

static bool irq_list_has(const struct irq_list *l, uint64_t irq)
{
	unsigned int i;

	for (i = 0; i < l->count; i++)
		if (l->irqs[i] == irq)
			return true;
	return false;
}

static int number_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The interrupts of one device, in order, whose NAPIs receive, at home where "at" says. */
static void irq_list_of_dev(const struct context *c, const struct dev_row *dev,
			    bool (*at)(const struct context *c, uint64_t home,
				       uint64_t place),
			    uint64_t place, struct irq_list *l)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	size_t i;

	memset(l, 0, sizeof(*l));
	l->dev = dev;
	napi_refs_for_each (napis, i, n)
		if (spread_has_irq(n) && n->work && !napi_is_hidden(n) &&
		    at(c, context_home(c, n), place) &&
		    l->count < SPREAD_IRQS && !irq_list_has(l, n->irq)) {
			l->irqs[l->count++] = n->irq;
			l->poll_ns += known(n->poll_ns);
			l->held = l->held || n->sessions == 0;
		}
	qsort(l->irqs, l->count, sizeof(*l->irqs), number_cmp);
}

/* How many CPUs these need to fill half of each. */
static unsigned int irq_list_cpus(const struct context *c,
				  const struct irq_list *l)
{
	uint64_t cpus = 1 + 2 * l->poll_ns / c->iv->ns;

	return cpus < l->count ? cpus : l->count;
}

static bool at_cpu(const struct context *c, uint64_t home, uint64_t cpu)
{
	(void)c;
	return home == cpu;
}

/* Those of one socket, where it is divided, are near each other. */
static bool at_other_node(const struct context *c, uint64_t home, uint64_t node)
{
	return cpu_node(c, home) != MISSING &&
	       node_distance(c, cpu_node(c, home), node) > limit(LIMIT_NEAR_NODE);
}

/* How many go up by the same step, from the first on. */
static unsigned int run_length(const uint64_t *numbers, unsigned int count)
{
	unsigned int n = 1;

	while (n < count && numbers[n] > numbers[n - 1] &&
	       numbers[n] - numbers[n - 1] == numbers[1] - numbers[0])
		n++;
	return n;
}

/* Words of a shell, "7 9 $(seq 12 2 42)"; false: not all have room. */
static bool numbers_text(const uint64_t *numbers, unsigned int count,
			 char *text, size_t room)
{
	unsigned int i, run;
	size_t used = 0;

	*text = '\0';
	for (i = 0; i < count && used < room; i += run) {
		const char *space = i ? " " : "";

		run = run_length(numbers + i, count - i);
		if (run < SPREAD_RUN) {
			run = 1;
			used += snprintf(text + used, room - used, "%s%" PRIu64,
					 space, numbers[i]);
		} else {
			used += snprintf(text + used, room - used,
					 "%s$(seq %" PRIu64 " %" PRIu64
					 " %" PRIu64 ")",
					 space, numbers[i],
					 numbers[i + 1] - numbers[i],
					 numbers[i + run - 1]);
		}
	}
	return used < room;
}

/* CPUs of the device's node, or all, the best ones first; how many there are. */
static unsigned int spread_cpus_text(const struct context *c,
				     const struct irq_list *l, uint64_t relieved,
				     char text[SPREAD_CPUS_ROOM])
{
	uint64_t node = dev_number(c, l->dev, "numa_node");
	uint64_t cpus[SPREAD_CPUS];
	unsigned int count = context_best_cpus(
		c, node, relieved, cpus,
		l->count < SPREAD_CPUS ? l->count : SPREAD_CPUS);

	while (!numbers_text(cpus, count, text, SPREAD_CPUS_ROOM))
		count--;
	return count;
}

/* Each as it is; false: not all of that is known, or they are too many lines. */
static bool irqs_undo(const struct context *c, struct finding *f,
		      const struct irq_list *l)
{
	char text[LIST_ROOM];
	size_t used = 0;
	unsigned int i;

	if (l->count > SPREAD_UNDO_LINES)
		return false;
	for (i = 0; i < l->count; i++) {
		if (!irq_affinity(c, l->irqs[i], text) ||
		    used + strlen(text) + 48 > sizeof(f->undo))
			return false;
		used += snprintf(f->undo + used, sizeof(f->undo) - used,
				 "%secho %s >/proc/irq/%" PRIu64
				 "/smp_affinity_list",
				 i ? "\n" : "", text, l->irqs[i]);
	}
	return true;
}

/* Where the affinities are kept that no command has room for. */
#define SPREAD_FILE "~/affinities.before"

/*
 * Gives them the CPUs of the device's node by turns, if these are at least so many;
 * and says what not to do.
 */
static void irqs_commands(const struct context *c, struct finding *f,
			  const struct irq_list *l, unsigned int least,
			  const char *avoid)
{
	char irqs[SPREAD_IRQS_ROOM], cpus[SPREAD_CPUS_ROOM];
	char keep[SPREAD_IRQS_ROOM + 120] = "";

	say(f->avoid, "%s", avoid);
	if (!numbers_text(l->irqs, l->count, irqs, sizeof(irqs))) {
		say(f->check, "grep . /proc/irq/*/effective_affinity_list");
		say(f->fix,
		    "# %sthe script for affinities that came with the "
		    "driver",
		    irqbalance_runs(c) ? "irqbalance runs and leaves them so: "
					 "see why (banned, or a policy), or use " :
					 "start irqbalance, or use ");
		return;
	}
	say(f->check,
	    "for i in %s; do echo $i $(cat "
	    "/proc/irq/$i/effective_affinity_list); done",
	    irqs);
	if (spread_cpus_text(c, l, f->cpu, cpus) < least)
		return;
	if (!irqs_undo(c, f, l)) {
		snprintf(keep, sizeof(keep),
			 "[ -e " SPREAD_FILE " ] || for i in %s; do echo $i $(cat "
			 "/proc/irq/$i/smp_affinity_list); done >" SPREAD_FILE
			 "\n",
			 irqs);
		say(f->undo, "while read i to; do echo $to "
			     ">/proc/irq/$i/smp_affinity_list; done "
			     "<" SPREAD_FILE);
	}
	say(f->fix,
	    "%s%sset -- %s; for i in %s; do echo $1 "
	    ">/proc/irq/$i/smp_affinity_list; set -- \"$@\" $1; shift; done%s",
	    irqbalance_first(c), keep, cpus, irqs,
	    l->held ? "\n" STAYS_POLLED : "");
}

/* Has one NAPI most of what the device receives? */
static bool dev_has_one(const struct context *c, const struct dev_row *dev)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	uint64_t most = 0, all = 0;
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (napis, i, n) {
		all += n->work;
		if (n->work > most)
			most = n->work;
	}
	return part_pct(most, all) >= limit(LIMIT_CONCENTRATED);
}

/*
 * False: these may go elsewhere and do not, or one of their NAPIs has all the load,
 * which no move would spread.
 */
static bool irqs_are_bound(const struct context *c, const struct irq_list *l,
			   const struct cpu_row *cpu)
{
	double share;
	unsigned int i;

	spread_top(c, cpu, &share);
	if (share >= limit(LIMIT_CONCENTRATED) || dev_has_one(c, l->dev))
		return false;
	for (i = 0; i < l->count; i++)
		if (!irq_may_run_on(c, l->irqs[i], cpu->cpu))
			return false;
	return true;
}

static void irqs_judge_cpu(struct context *c, const struct cpu_row *cpu)
{
	const struct dev_row *dev;
	struct irq_list l;
	struct finding *f;
	char name[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		irq_list_of_dev(c, dev, at_cpu, cpu->cpu, &l);
		if (l.count < 2 || !spread_is_all(c, dev, cpu) ||
		    context_pct(c, shared_all_ns(c, dev, cpu)) <
			    limit(LIMIT_SHARED) ||
		    !irqs_are_bound(c, &l, cpu))
			continue;
		dev_name(dev, name);
		f = context_add_cpu_of(c, spread_severity(c, cpu), cpu->cpu,
				       dev->dev, dev->netns);
		spread_evidence(c, f, cpu);
		f->share = shared_all_ns(c, dev, cpu);
		finding_add_number(f, "interrupts here", l.count, "");
		say(f->cause,
		    "%u interrupts of %s, which bring nearly all that it "
		    "receives, are delivered to CPU %" PRIu64,
		    l.count, name, cpu->cpu);
		irqs_commands(c, f, &l, 2, spread_no_budget);
	}
}

static void judge_irqs_on_one_cpu(struct context *c)
{
	spread_each_cpu(c, irqs_judge_cpu);
}

/* --- two on one CPU ----------------------------------------------------------- */

/* The NAPI that takes most of them, of those whose interrupt has its home there. */
static const struct napi_row *shared_napi(const struct context *c,
					  const struct dev_row *dev, uint64_t cpu)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	const struct napi_row *n, *top = NULL;
	size_t i;

	napi_refs_for_each (pairs, i, n) {
		if (n->cpu != cpu || !spread_has_irq(n) || napi_is_hidden(n) ||
		    (top && known(n->poll_ns) < known(top->poll_ns)) ||
		    context_home(c, n) != cpu)
			continue;
		top = n;
	}
	return top;
}

static void shared_find(struct context *c, const struct cpu_row *cpu,
			const struct dev_row *one, const struct dev_row *two)
{
	const struct napi_row *other = shared_napi(c, one, cpu->cpu);
	const struct napi_row *n = shared_napi(c, two, cpu->cpu);
	uint64_t to = context_idlest_cpu(c, cpu_node(c, cpu->cpu), cpu->cpu);
	char first[DEV_ROOM], second[DEV_ROOM];
	struct finding *f;

	/* Polled for another's interrupt (tunnels) they would move with it. */
	if (!n || !other || n->irq == other->irq || to == MISSING)
		return;
	dev_name(one, first);
	dev_name(two, second);
	f = context_add_cpu(c, SEVERITY_CRITICAL, cpu->cpu);
	spread_evidence(c, f, cpu);
	finding_add_number(f, first,
			   context_pct(c, shared_ns(c, one, cpu->cpu)), "%");
	finding_add_number(f, second,
			   context_pct(c, shared_ns(c, two, cpu->cpu)), "%");
	say(f->cause, "%s and %s share CPU %" PRIu64 ", and it has no time left",
	    first, second, cpu->cpu);
	irq_move(c, f, n, to);
	say(f->avoid, "net.core.dev_weight: it is of the backlog, devices have "
		      "their own");
}

/* The devices that a CPU polls, the first two of them that take a share of it. */
static void shared_judge_cpu(struct context *c, const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	const struct dev_row *dev, *last = NULL, *first = NULL;
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (pairs, i, n) {
		dev = context_dev(c, n);
		if (!dev || dev == last)
			continue;
		last = dev;
		if (context_pct(c, shared_ns(c, dev, cpu->cpu)) <
		    limit(LIMIT_SHARED))
			continue;
		if (first) {
			shared_find(c, cpu, first, dev);
			return;
		}
		first = dev;
	}
}

static void judge_shared_cpu(struct context *c)
{
	const struct cpu_row *cpu;

	table_for_each (&c->iv->cpus, cpu)
		if (cpu_net_rx_pct(c, cpu) >= limit(LIMIT_SATURATED))
			shared_judge_cpu(c, cpu);
}

/* --- on another node ---------------------------------------------------------- */

/* Work of a device on CPUs of another node, and of all. */
static uint64_t remote_work(const struct context *c, const struct dev_row *dev,
			    uint64_t node, uint64_t *all)
{
	struct napi_refs pairs = napi_index_pairs_of_dev(&c->iv->index, dev);
	const struct napi_row *n;
	uint64_t remote = 0;
	size_t i;

	*all = 0;
	napi_refs_for_each (pairs, i, n) {
		*all += n->work;
		if (at_other_node(c, n->cpu, node))
			remote += n->work;
	}
	return remote;
}

static void judge_remote_node(struct context *c)
{
	const struct dev_row *dev;
	uint64_t node, remote, all;
	struct irq_list l;
	struct finding *f;
	char name[DEV_ROOM], exec[DEV_ROOM];

	table_for_each (&c->iv->devs, dev) {
		/* "-1" is no number: the machine does not say. */
		node = dev_number(c, dev, "numa_node");
		if (node == MISSING || !context_nr_cpus(c, node, MISSING))
			continue;
		remote = remote_work(c, dev, node, &all);
		if (part_pct(remote, all) <= limit(LIMIT_REMOTE_WORK) ||
		    context_rate(c, all) < limit(LIMIT_LOADED_NAPI))
			continue;
		dev_name(dev, name);
		f = context_add_dev(c, SEVERITY_NOTE, dev, MISSING);
		f->share = remote;
		finding_add_number(f, "numa_node", node, "");
		finding_add_number(f, "work on another node",
				   part_pct(remote, all), "%");
		finding_add_number(f, "work", context_rate(c, all), "/s");
		say(f->cause,
		    "%s is on node %" PRIu64
		    " and most of its packets are received on another",
		    name, node);
		irq_list_of_dev(c, dev, at_other_node, node, &l);
		if (l.count)
			irqs_commands(c, f, &l, irq_list_cpus(c, &l),
				      "RPS masks across nodes: they add a "
				      "second move");
		else
			say(f->check,
			    "%scat /sys/class/net/%s/device/local_cpulist",
			    dev_exec(dev, exec), word(dev->dev));
	}
}

const struct rule rules_spread[] = {
	{ .id = "irqs-on-one-cpu",
	  .about = "all interrupts of a device on one CPU, which is busy",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_LINKS | NEED_CONFIG,
	  .root = ROOT_SPREAD,
	  .judge = judge_irqs_on_one_cpu,
	  .limits = { LIMIT_BUSY, LIMIT_SATURATED, LIMIT_CONCENTRATED,
		      LIMIT_SHARED } },
	{ .id = "shared-cpu",
	  .about = "two devices on one CPU that has no time left",
	  .needs = NEED_SOFTIRQ | NEED_POLL_NS | NEED_LINKS | NEED_CONFIG,
	  .root = ROOT_SHARED,
	  .judge = judge_shared_cpu,
	  .limits = { LIMIT_SATURATED, LIMIT_SHARED } },
	{ .id = "remote-node",
	  .about = "packets received on another NUMA node than the device's",
	  .needs = NEED_NODES | NEED_CONFIG,
	  .judge = judge_remote_node,
	  .limits = { LIMIT_NEAR_NODE, LIMIT_REMOTE_WORK, LIMIT_LOADED_NAPI } },
	{ 0 },
};
