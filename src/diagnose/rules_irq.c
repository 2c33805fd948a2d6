// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about interrupts: how many, how long, where, and whether masked. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

/* Few notice it, and it is at most 20,000 interrupts a second. */
#define COALESCE_USECS 50
#define COALESCE_FRAMES 32
/* As many stays in poll mode as this allows cost little: 4,000 a second. */
#define FLAP_USECS 250

/*
 * An interrupt of this NAPI alone, and of one action; 0: none is.  What does not run
 * may be gone, as the one before a driver was loaded again.
 */
static uint64_t irq_runs(const struct context *c, const struct napi_row *n)
{
	const struct irq_row *actions = c->iv->irqs.rows;
	const struct irq_row key = { .irq = n->irq };
	const struct napi_row *other;
	struct napi_refs napis;
	size_t i, nr = c->iv->irqs.count;
	uint64_t runs = 0;

	if (n->irq == MISSING || !n->polls)
		return 0;
	napis = napi_index_of_irq(&c->iv->index, n->irq);
	napi_refs_for_each (napis, i, other)
		if (other->id != n->id && other->polls)
			return 0;
	i = table_from(&c->iv->irqs, &key, irq_row_cmp);
	for (; i < nr && actions[i].irq == n->irq; i++) {
		if (runs && known(actions[i].count))
			return 0;
		runs += known(actions[i].count);
	}
	return runs;
}

/*
 * Whose interrupt is of more than its NAPI: completions of RDMA, queues that are
 * armed one by one.  And who polls for himself has interrupts beside it.
 */
static bool irq_has_more(const struct context *c, const struct napi_row *n)
{
	return known(n->busy_polls) ||
	       dev_is_driven_by(c, context_dev(c, n), "mlx");
}

static double per(uint64_t amount, uint64_t each)
{
	return each ? (double)amount / each : 0;
}

/* Interrupts are put off in software: for so long that two waits are usecs. */
static void deferral_commands(const struct context *c, struct finding *f,
			      const struct dev_row *dev, unsigned int usecs)
{
	uint64_t polls = dev_number(c, dev, "napi_defer_hard_irqs");
	uint64_t timeout = dev_number(c, dev, "gro_flush_timeout");

	dev_check_deferral(f->check, sizeof(f->check), dev);
	say(f->avoid,
	    "it where latency counts: packets wait up to %u us; nor "
	    "gro_flush_timeout alone: it only delays what GRO holds, and saves "
	    "no interrupt",
	    usecs);
	if (polls != 0 || timeout != 0 || !napis_defer_alike(c, dev))
		return;
	dev_write_deferral(f->fix, sizeof(f->fix), dev, 2, usecs * 1000 / 2);
	dev_write_deferral(f->undo, sizeof(f->undo), dev, 0, 0);
}

/* Does the driver choose?  In some Intel drivers 1 and 3 are no times: they mean it. */
static bool dev_adapts(const struct context *c, const struct dev_row *dev)
{
	uint64_t usecs = dev_number(c, dev, "coalesce/rx_usecs");

	if (dev_number(c, dev, "coalesce/adaptive_rx") == 1)
		return true;
	if (usecs == 1 && dev_is_driven_by(c, dev, "ixgbe"))
		return true;
	return (usecs == 1 || usecs == 3) && (dev_is_driven_by(c, dev, "e1000") ||
					      dev_is_driven_by(c, dev, "igb") ||
					      dev_is_driven_by(c, dev, "igc"));
}

/*
 * No longer than the ring has room for what comes meanwhile, of the busiest queue: the
 * setting is of all.
 */
static unsigned int coalesce_usecs(const struct context *c,
				   const struct dev_row *dev, unsigned int usecs)
{
	struct napi_refs napis = napi_index_of_dev(&c->iv->index, dev);
	uint64_t ring = dev_number(c, dev, "ring/rx"), work = 0;
	const struct napi_row *n;
	double rate, most;
	size_t i;

	napi_refs_for_each (napis, i, n)
		if (n->work > work)
			work = n->work;
	rate = context_rate(c, work);
	if (ring == MISSING || rate <= 0)
		return usecs;
	most = ring * limit(LIMIT_HELD_BACK) / 100 / rate * 1e6;
	return most < usecs ? most : usecs;
}

/* A frame or two that end the wait are as good as none. */
static void coalesce_say(const struct context *c, struct finding *f,
			 const struct dev_row *dev, const char *exec,
			 unsigned int to_usecs)
{
	uint64_t usecs = dev_number(c, dev, "coalesce/rx_usecs");
	uint64_t frames = known(dev_number(c, dev, "coalesce/rx_frames"));
	char to[32] = "", back[40] = "";

	if (frames && frames < limit(LIMIT_FEW_PACKETS)) {
		snprintf(to, sizeof(to), " rx-frames %d", COALESCE_FRAMES);
		snprintf(back, sizeof(back), " rx-frames %" PRIu64, frames);
	}
	say(f->fix, "%sethtool -C %s rx-usecs %u%s", exec, word(dev->dev),
	    to_usecs, to);
	say(f->undo, "%sethtool -C %s rx-usecs %" PRIu64 "%s", exec,
	    word(dev->dev), usecs, back);
}

static void coalesce_commands(const struct context *c, struct finding *f,
			      const struct napi_row *n, unsigned int to_usecs)
{
	const struct dev_row *dev = context_dev(c, n);
	char exec[DEV_ROOM];
	uint64_t usecs;

	if (!dev)
		return;
	usecs = dev_number(c, dev, "coalesce/rx_usecs");
	to_usecs = coalesce_usecs(c, dev, to_usecs);
	/* virtio answers the question, and often cannot be told. */
	if (usecs == MISSING || dev_is_driven_by(c, dev, "virtio")) {
		deferral_commands(c, f, dev, to_usecs);
		return;
	}
	dev_exec(dev, exec);
	finding_add_number(f, "coalesce/rx_usecs", usecs, "us");
	say(f->check, "%sethtool -c %s", exec, word(dev->dev));
	say(f->avoid,
	    "it where latency counts: packets wait up to %u us; '%sethtool -C %s "
	    "adaptive-rx on' lets the driver choose, where it can; and ixgbe may "
	    "reset the link for either",
	    to_usecs, exec, word(dev->dev));
	if (usecs >= to_usecs || dev_adapts(c, dev))
		return;
	coalesce_say(c, f, dev, exec, to_usecs);
}

static bool irq_is_adaptive(const struct context *c, const struct napi_row *n)
{
	const struct dev_row *dev = context_dev(c, n);

	return dev && dev_adapts(c, dev);
}

/* Does the CPU feel it?  Then it is worth a change. */
static enum severity irq_severity(const struct context *c,
				  const struct napi_row *n)
{
	return cpu_net_rx_pct(c, context_cpu(c, context_home(c, n))) >=
			       limit(LIMIT_BUSY) ?
		       SEVERITY_WARNING :
		       SEVERITY_NOTE;
}

static void judge_no_coalescing(struct context *c)
{
	const struct napi_row *n;
	struct finding *f;
	uint64_t runs;

	table_for_each (&c->iv->napis, n) {
		runs = irq_runs(c, n);
		if (context_rate(c, runs) < limit(LIMIT_IRQ_RATE) ||
		    per(n->work, runs) >= limit(LIMIT_FEW_PACKETS) ||
		    per(n->work, runs) < limit(LIMIT_SOME_PACKETS))
			continue;
		f = context_add_napi(c, irq_severity(c, n), n);
		f->share = runs;
		finding_add_number(f, "interrupts", context_rate(c, runs), "/s");
		finding_add_number(f, "work", context_rate(c, n->work), "/s");
		finding_add_number(f, "packets an interrupt",
				   per(n->work, runs), "packets");
		say(f->cause,
		    "nearly every packet has an interrupt of its own: %s",
		    irq_is_adaptive(c, n) ?
			    "the driver adapts, and has chosen that" :
			    "they are not moderated");
		coalesce_commands(c, f, n, COALESCE_USECS);
	}
}

static void judge_flapping(struct context *c)
{
	const struct napi_row *n;
	struct finding *f;
	double work;

	table_for_each (&c->iv->napis, n) {
		/* A device without interrupts has none to save. */
		if (n->irq == MISSING || !known(n->sessions))
			continue;
		work = per(n->work, n->sessions);
		if (context_rate(c, n->sessions) < limit(LIMIT_FLAP_RATE) ||
		    work < limit(LIMIT_FEW_PACKETS) ||
		    work > limit(LIMIT_FLAP_WORK) ||
		    cpu_net_rx_pct(c, context_cpu(c, context_home(c, n))) <
			    limit(LIMIT_BUSY))
			continue;
		f = context_add_napi(c, SEVERITY_NOTE, n);
		f->share = n->sessions;
		finding_add_number(f, "sessions", context_rate(c, n->sessions),
				   "/s");
		finding_add_number(f, "polls a session",
				   per(n->polls, n->sessions), "");
		finding_add_number(f, "work a session", work, "packets");
		say(f->cause, "goes into poll mode and out of it all the time: "
			      "at this load NAPI costs most");
		coalesce_commands(c, f, n, FLAP_USECS);
	}
}

/* What its polls and its handler take of a CPU; without times the CPU's NET_RX. */
static double unmasked_pct(const struct context *c, const struct napi_row *n)
{
	const struct irq_row *actions = c->iv->irqs.rows;
	const struct irq_row key = { .irq = n->irq };
	size_t i = table_from(&c->iv->irqs, &key, irq_row_cmp);
	uint64_t ns = n->poll_ns;

	if (ns == MISSING)
		return cpu_net_rx_pct(c, context_cpu(c, context_home(c, n)));
	for (; i < c->iv->irqs.count && actions[i].irq == n->irq; i++)
		ns += known(actions[i].ns);
	return context_pct(c, ns);
}

/*
 * A NAPI that takes little of its CPU does no harm so, nor is it why that is full; but
 * of many interrupts the most is what comes before the handler and after it.
 */
static enum severity unmasked_severity(const struct context *c,
				       const struct napi_row *n, uint64_t runs)
{
	double pct = unmasked_pct(c, n);

	if (pct < limit(LIMIT_SHARED) &&
	    context_rate(c, runs) < limit(LIMIT_IRQ_RATE))
		return SEVERITY_NOTE;
	return pct >= limit(LIMIT_SATURATED) ? SEVERITY_CRITICAL :
					       SEVERITY_WARNING;
}

static void judge_unmasked(struct context *c)
{
	const struct napi_row *n;
	char name[NAPI_WORD_ROOM];
	struct finding *f;
	uint64_t runs;

	table_for_each (&c->iv->napis, n) {
		runs = irq_runs(c, n);
		if (context_rate(c, runs) < limit(LIMIT_LOADED_NAPI) ||
		    n->sessions == MISSING || irq_has_more(c, n) ||
		    runs < limit(LIMIT_UNMASKED) * n->sessions ||
		    c->iv->ns < limit(LIMIT_WATCHED) * 1e9)
			continue;
		f = context_add_napi(c, unmasked_severity(c, n, runs), n);
		f->share = runs;
		finding_add_number(f, "interrupts", context_rate(c, runs), "/s");
		finding_add_number(f, "sessions", context_rate(c, n->sessions),
				   "/s");
		finding_add_number(f, "polls", context_rate(c, n->polls), "/s");
		say(f->cause, "interrupts go on while the NAPI is in poll mode: "
			      "its driver or device does not disable them");
		say(f->check,
		    "napiscope trace --napi %s --events irq,poll -n 100",
		    napi_word(n, name));
		say(f->avoid, "tuning: report it to the driver's maintainers, "
			      "with a recording (napiscope report -w FILE)");
	}
}

/* The device of the NAPIs that it schedules, where it is one. */
static void irq_say_about(const struct context *c, struct finding *f,
			  const struct irq_row *irq)
{
	struct napi_refs napis = napi_index_of_irq(&c->iv->index, irq->irq);
	const struct napi_row *n;
	size_t i;

	napi_refs_for_each (napis, i, n)
		if (n->ifindex != napis.at[0]->ifindex ||
		    n->netns_ino != napis.at[0]->netns_ino)
			return;
	if (napis.count)
		finding_set_about(f, napis.at[0]->dev, napis.at[0]->netns);
}

static void judge_slow_handler(struct context *c)
{
	const struct irq_row *irq;
	char name[DEV_ROOM];
	struct finding *f;

	table_for_each (&c->iv->irqs, irq) {
		if (per(known(irq->ns), known(irq->count)) <
			    limit(LIMIT_SLOW_HANDLER) ||
		    context_pct(c, irq->ns) < limit(LIMIT_HANDLER_TIME))
			continue;
		snprintf(name, sizeof(name), "%" PRIu64 ":%s", irq->irq,
			 irq->name);
		f = context_add(c, SEVERITY_WARNING, "irq", name, MISSING);
		irq_say_about(c, f, irq);
		f->share = irq->ns;
		finding_add_number(f, "time of a run", per(irq->ns, irq->count),
				   "ns");
		if (irq->p99_ns != MISSING)
			finding_add_number(f, "p99_ns", irq->p99_ns, "ns");
		finding_add_number(f, "count", context_rate(c, irq->count), "/s");
		finding_add_number(f, "ns", context_pct(c, irq->ns), "%");
		say(f->cause, "its interrupt handler is slow, and nothing else "
			      "runs on that CPU meanwhile, softirqs included");
		say(f->check, "napiscope trace --events irq --longer-than 50us "
			      "-n 100");
		say(f->fix, "# threadirqs on the kernel's command line, if the "
			    "driver cannot be mended");
		say(f->avoid, "net.core.netdev_budget: it is not NET_RX that "
			      "takes the time");
	}
}

/* --- where -------------------------------------------------------------------- */

/*
 * With interrupts deferred it is the timer that polls on here, with few packets, too:
 * without them for a second the next interrupt comes, and goes where it may.
 */
static bool astray_release(const struct context *c, struct finding *f,
			   const struct dev_row *dev)
{
	uint64_t polls = dev ? dev_number(c, dev, "napi_defer_hard_irqs") : 0;
	size_t used;

	if (!known(polls) || !known(dev_number(c, dev, "gro_flush_timeout")) ||
	    !napis_defer_alike(c, dev))
		return false;
	finding_add_number(f, "napi_defer_hard_irqs", polls, "");
	dev_write(f->fix, sizeof(f->fix), dev, "napi_defer_hard_irqs", 0);
	used = strlen(f->fix);
	used += snprintf(f->fix + used, sizeof(f->fix) - used, "; sleep 1; ");
	dev_write(f->fix + used, sizeof(f->fix) - used, dev,
		  "napi_defer_hard_irqs", polls);
	return true;
}

static void astray_find(struct context *c, const struct napi_row *n)
{
	double pct = cpu_net_rx_pct(c, context_cpu(c, n->cpu));
	char affinity[LIST_ROOM];
	struct finding *f = context_add_napi(c,
					     pct >= limit(LIMIT_SATURATED) ?
						     SEVERITY_CRITICAL :
						     SEVERITY_WARNING,
					     n);

	f->cpu = n->cpu;
	f->share = n->polls;
	finding_add_number(f, "polled on CPU", n->cpu, "");
	if (irq_affinity(c, n->irq, affinity))
		finding_add_text(f, "affinity of its irq", "%s", affinity);
	finding_add_number(f, "polls", context_rate(c, n->polls), "/s");
	finding_add_number(f, "sessions", 0, "");
	say(f->cause,
	    "still polled on CPU %" PRIu64
	    ", where its interrupt may not go: it never leaves poll mode, so no "
	    "interrupt can move it",
	    n->cpu);
	say(f->check, "cat /proc/irq/%" PRIu64 "/smp_affinity_list", n->irq);
	if (!astray_release(c, f, context_dev(c, n)))
		dev_down_up(f, context_dev(c, n),
			    "let it run dry for a moment: less load; or ", false);
	say(f->avoid, "smp_affinity again: it is set, and waits for the next "
		      "interrupt");
}

/* A NAPI that its interrupt's affinity does not explain. */
static void judge_astray(struct context *c)
{
	const struct napi_row *n;

	if (c->iv->ns < limit(LIMIT_WATCHED) * 1e9)
		return;
	table_for_each (&c->iv->pairs, n)
		if (known(n->inline_polls) + known(n->ksoftirqd_polls) ==
			    n->polls &&
		    context_rate(c, n->work) >= limit(LIMIT_LOADED_NAPI) &&
		    n->sessions == 0 && irq_affinity_known(c, n->irq) &&
		    !irq_is_meant_for(c, n->irq, n->cpu))
			astray_find(c, n);
}

/* "irq/24/affinity" whose value was another when the watch began. */
static bool irq_moved(const struct context *c, const struct config_row *row)
{
	static const char end[] = "/affinity";
	size_t length = strlen(row->path);
	const char *before;

	if (strncmp(row->path, "irq/", 4) || length < sizeof(end) ||
	    strcmp(row->path + length - sizeof(end) + 1, end))
		return false;
	before = config_find(&c->d->first->config, row->path);
	return before && strcmp(before, row->value);
}

static void judge_irqbalance(struct context *c)
{
	const struct config_row *row;
	struct finding *f = NULL;
	unsigned int moved = 0;

	if (!irqbalance_runs(c))
		return;
	table_for_each (&c->iv->config, row) {
		if (!irq_moved(c, row))
			continue;
		if (!moved++)
			f = context_add(c, SEVERITY_NOTE, "host", "", MISSING);
		finding_add_text(f, row->path, "%s -> %s",
				 config_find(&c->d->first->config, row->path),
				 row->value);
	}
	if (!moved)
		return;
	f->share = moved;
	say(f->cause, "irqbalance moved %u interrupt%s while this watched",
	    moved, moved > 1 ? "s" : "");
	say(f->check, "systemctl status irqbalance");
	say(f->fix, "# to pin interrupts by hand, ban them (--banirq=N in "
		    "/etc/default/irqbalance or /etc/sysconfig/irqbalance), or "
		    "stop it (systemctl stop irqbalance)");
	say(f->avoid, "stopping it in a cloud whose provider relies on it");
}

const struct rule rules_irq[] = {
	{ .id = "no-coalescing",
	  .about = "an interrupt for nearly every packet",
	  .needs = NEED_IRQS | NEED_LINKS,
	  .symptom = true,
	  .judge = judge_no_coalescing,
	  .limits = { LIMIT_IRQ_RATE, LIMIT_FEW_PACKETS, LIMIT_SOME_PACKETS,
		      LIMIT_BUSY } },
	{ .id = "flapping",
	  .about = "in and out of poll mode all the time, where NAPI costs most",
	  .needs = NEED_SOFTIRQ | NEED_LINKS,
	  .symptom = true,
	  .judge = judge_flapping,
	  .limits = { LIMIT_FLAP_RATE, LIMIT_FEW_PACKETS, LIMIT_FLAP_WORK,
		      LIMIT_BUSY } },
	{ .id = "irq-not-masked",
	  .about = "interrupts that go on while their NAPI is polled",
	  .needs = NEED_IRQS | NEED_LINKS,
	  .root = 4,
	  .judge = judge_unmasked,
	  .limits = { LIMIT_UNMASKED, LIMIT_LOADED_NAPI, LIMIT_WATCHED,
		      LIMIT_SHARED, LIMIT_IRQ_RATE, LIMIT_SATURATED } },
	{ .id = "slow-handler",
	  .about = "an interrupt handler that takes long",
	  .needs = NEED_IRQS,
	  .judge = judge_slow_handler,
	  .limits = { LIMIT_SLOW_HANDLER, LIMIT_HANDLER_TIME } },
	{ .id = "astray",
	  .about = "a NAPI polled where its interrupt may not go any more",
	  .needs = NEED_LINKS | NEED_CONFIG,
	  .root = 4,
	  .judge = judge_astray,
	  .limits = { LIMIT_LOADED_NAPI, LIMIT_WATCHED, LIMIT_SATURATED } },
	{ .id = "irqbalance",
	  .about = "interrupts that irqbalance moved meanwhile",
	  .needs = NEED_CONFIG,
	  .judge = judge_irqbalance },
	{ 0 },
};
