// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about softirqs and polls that come late, or where %si does not look. */
#include <inttypes.h>
#include <string.h>

#include "diagnose/rule.h"

/* From then on a NAPI that is scheduled during a run raises nothing. */
#define KERNEL_NO_RAISE_IN_RUN 604
/* The revert of "softirq: let ksoftirqd do its job". */
#define KERNEL_NO_DEFERRING 605

static bool is_ksoftirqd(const char *comm)
{
	return !strncmp(comm, "ksoftirqd/", 10);
}

/*
 * A task had the CPU.  What ksoftirqd is to do may also begin at the end of an
 * interrupt, on top of who runs then: that one need not have kept softirqs off.
 */
static void late_cause_task(struct finding *f, const struct cpu_row *cpu)
{
	double in_ksoftirqd = part_pct(known(cpu->ksoftirqd_polls), cpu->polls);

	if (in_ksoftirqd >= limit(LIMIT_KSOFTIRQD))
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " waits for ksoftirqd, and that for '%s' and others to "
		    "leave it the CPU",
		    cpu->cpu, cpu->late_comm);
	else if (in_ksoftirqd > 0)
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " begins late: '%s' had the CPU, with softirqs off or others "
		    "before it, or while ksoftirqd waited",
		    cpu->cpu, cpu->late_comm);
	else
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " begins late: '%s' had the CPU, with softirqs off or others "
		    "before it",
		    cpu->cpu, cpu->late_comm);
	f->apart = in_ksoftirqd < limit(LIMIT_KSOFTIRQD);
}

static void late_cause_idle(struct finding *f, const struct cpu_row *cpu)
{
	say(f->cause,
	    "NET_RX on CPU %" PRIu64
	    " begins late although the CPU is idle: it wakes up slowly, a "
	    "hypervisor has stopped it, or other softirqs came first",
	    cpu->cpu);
	f->apart = true;
}

/* The vector whose runs take that long themselves; MISSING: none is known to. */
static uint64_t late_vector(const struct cpu_row *cpu)
{
	unsigned int vec;

	for (vec = 0; vec < NAPI_NR_VECS; vec++)
		if (vec != NAPI_VEC_NET_RX && known(cpu->softirqs[vec]) &&
		    known(cpu->softirq_vec_ns[vec]) / cpu->softirqs[vec] >=
			    limit(LIMIT_LATE))
			return vec;
	return MISSING;
}

/*
 * Raised by an interrupt while it runs, it begins again when the run is over: where
 * runs are as long as the wait, and nobody waits for ksoftirqd.
 */
static bool late_is_own_run(const struct context *c, const struct cpu_row *cpu)
{
	return context_kernel(c) && context_kernel(c) < KERNEL_NO_RAISE_IN_RUN &&
	       !is_ksoftirqd(cpu->late_comm) && cpu->net_rx_p99_ns != MISSING &&
	       cpu->net_rx_p99_ns >= cpu->raise_p99_ns / 2;
}

/* Who holds the CPU is nobody's symptom; that ksoftirqd waits is. */
static void late_cause(const struct context *c, struct finding *f,
		       const struct cpu_row *cpu)
{
	const uint64_t vec = late_vector(cpu);

	if (vec != MISSING)
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " begins late: runs of the %s softirq come before it, and "
		    "are long",
		    cpu->cpu, vec_name(vec));
	else if (late_is_own_run(c, cpu))
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " is raised while it runs, and its runs are long: what is "
		    "late is the next one",
		    cpu->cpu);
	else if (!*cpu->late_comm)
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " begins late: something holds the CPU",
		    cpu->cpu);
	else if (is_ksoftirqd(cpu->late_comm))
		say(f->cause,
		    "NET_RX on CPU %" PRIu64
		    " waits for ksoftirqd to get its turn among the tasks there",
		    cpu->cpu);
	else if (strncmp(cpu->late_comm, "swapper/", 8))
		late_cause_task(f, cpu);
	else
		late_cause_idle(f, cpu);
}

static void judge_late_softirq(struct context *c)
{
	const struct cpu_row *cpu;
	uint64_t p99;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		p99 = cpu_late_p99(c, cpu);
		if (p99 == MISSING || p99 < limit(LIMIT_LATE))
			continue;
		f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);
		f->share = cpu->raise_p99_ns;
		finding_add_number(f, "raise_p99_ns", cpu->raise_p99_ns, "ns");
		if (cpu->late_ns != MISSING)
			finding_add_number(f, "late_ns", cpu->late_ns, "ns");
		if (*cpu->late_comm)
			finding_add_text(f, "late_comm", "%s", cpu->late_comm);
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		late_cause(c, f, cpu);
		say(f->check,
		    "napiscope trace -C %" PRIu64
		    " --events raise,softirq,irq -n 100; perf top -C %" PRIu64
		    " --sort comm",
		    cpu->cpu, cpu->cpu);
		say(f->fix, "# keep what holds it off this CPU (taskset, cpusets, "
			    "isolcpus), or the interrupt off it (smp_affinity)");
		say(f->avoid, "net.core.netdev_budget, for this: longer runs do "
			      "not begin earlier");
	}
}

/* --- ksoftirqd ---------------------------------------------------------------- */

static void judge_ksoftirqd(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (part_pct(cpu->ksoftirqd_polls, cpu->polls) <
			    limit(LIMIT_KSOFTIRQD) ||
		    cpu_net_rx_pct(c, cpu) < limit(LIMIT_BUSY))
			continue;
		f = context_add_cpu(c, SEVERITY_NOTE, cpu->cpu);
		f->share = known(cpu->net_rx_ns);
		finding_add_number(f, "ksoftirqd_polls",
				   part_pct(cpu->ksoftirqd_polls, cpu->polls),
				   "%");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		if (cpu->raise_p99_ns != MISSING)
			finding_add_number(f, "raise_p99_ns", cpu->raise_p99_ns,
					   "ns");
		say(f->cause,
		    "most polls of CPU %" PRIu64 " run in ksoftirqd/%" PRIu64
		    ": there is more than softirqs may take at a time",
		    cpu->cpu, cpu->cpu);
		say(f->check,
		    "perf top -C %" PRIu64
		    " --sort comm; napiscope top -C %" PRIu64,
		    cpu->cpu, cpu->cpu);
		say(f->avoid, "the priority of ksoftirqd: spread the load first");
		if (context_kernel(c) && context_kernel(c) < KERNEL_NO_DEFERRING)
			say(f->kernel, "before 6.5 NET_RX of this CPU waits "
				       "for ksoftirqd while that runs");
	}
}

/* --- timer -------------------------------------------------------------------- */

static uint64_t timer_wait(const struct context *c, const struct napi_row *n,
			   const struct dev_row *dev)
{
	const struct told_row *told = napi_told(c, n);

	if (told && told->gro_flush_timeout_ns != MISSING)
		return told->gro_flush_timeout_ns;
	return dev ? dev_number(c, dev, "gro_flush_timeout") : MISSING;
}

/* Where the device's setting is the NAPI's, and can be put back. */
static void timer_commands(const struct context *c, struct finding *f,
			   const struct dev_row *dev, uint64_t wait)
{
	uint64_t timeout = dev_number(c, dev, "gro_flush_timeout");
	uint64_t polls = dev_number(c, dev, "napi_defer_hard_irqs");

	dev_check_deferral(f->check, sizeof(f->check), dev);
	if (timeout == MISSING || polls == MISSING || timeout != wait ||
	    !napis_defer_alike(c, dev))
		return;
	dev_write_deferral(f->fix, sizeof(f->fix), dev, 0, 0);
	dev_write_deferral(f->undo, sizeof(f->undo), dev, polls, timeout);
}

/*
 * Of the polls that found something: after each interrupt the timer starts as many that
 * find nothing as napi_defer_hard_irqs says.
 */
static double timer_polls_pct(const struct napi_row *n)
{
	const uint64_t timer = known(n->watchdog_polls);
	const uint64_t found = n->polls - n->empty;

	return timer > n->empty ? part_pct(timer - n->empty, found) : 0;
}

static void judge_timer_polls(struct context *c)
{
	const struct dev_row *dev;
	const struct napi_row *n;
	struct finding *f;
	uint64_t timeout;

	table_for_each (&c->iv->napis, n) {
		if (timer_polls_pct(n) < limit(LIMIT_TIMER_POLLS))
			continue;
		dev = context_dev(c, n);
		timeout = timer_wait(c, n, dev);
		if (timeout < limit(LIMIT_TIMER_WAIT))
			continue;
		f = context_add_napi(c, SEVERITY_NOTE, n);
		f->share = n->watchdog_polls;
		finding_add_number(f, "watchdog_polls",
				   part_pct(n->watchdog_polls, n->polls), "%");
		finding_add_number(f, "of those with work, at least",
				   timer_polls_pct(n), "%");
		finding_add_number(f, "polls", context_rate(c, n->polls), "/s");
		finding_add_number(f, "work", context_rate(c, n->work), "/s");
		if (timeout != MISSING)
			finding_add_number(f, "gro_flush_timeout", timeout, "ns");
		say(f->cause, "most polls are started by the NAPI's timer, not "
			      "by an interrupt: packets wait for "
			      "gro_flush_timeout");
		if (!dev)
			continue;
		if (known(n->busy_polls)) {
			say(f->avoid,
			    "gro_flush_timeout and napi_defer_hard_irqs: "
			    "a busy poller needs them, and the timer is "
			    "for when it does not poll");
			continue;
		}
		timer_commands(c, f, dev, timeout);
		say(f->avoid, "this, where throughput counts and latency does "
			      "not: the deferral saves interrupts");
	}
}

/* --- not in %si --------------------------------------------------------------- */

static void judge_hidden_polls(struct context *c)
{
	const struct napi_row *n;
	const char *who;
	struct finding *f;
	uint64_t hidden;

	table_for_each (&c->iv->napis, n) {
		hidden = known(n->threaded_polls) + known(n->busy_polls);
		if (!napi_is_hidden(n) ||
		    (context_rate(c, n->polls) < limit(LIMIT_LOADED_NAPI) &&
		     context_rate(c, n->work) < limit(LIMIT_LOADED_NAPI)))
			continue;
		who = known(n->threaded_polls) > known(n->busy_polls) ?
			      "a thread of its own" :
			      "busy polling tasks";
		f = context_add_napi(c, SEVERITY_NOTE, n);
		f->share = hidden;
		finding_add_number(f, "threaded_polls",
				   context_rate(c, known(n->threaded_polls)),
				   "/s");
		finding_add_number(f, "busy_polls",
				   context_rate(c, known(n->busy_polls)), "/s");
		finding_add_number(f, "inline_polls",
				   context_rate(c, known(n->inline_polls)), "/s");
		say(f->cause,
		    "polled by %s: the time is that task's, as sy, and "
		    "not in %%si",
		    who);
		if (*n->dev && !*n->netns)
			say(f->check,
			    "cat /sys/class/net/%s/threaded; sysctl "
			    "net.core.busy_poll net.core.busy_read; ps "
			    "-eLo psr,pcpu,comm | grep napi/",
			    word(n->dev));
		say(f->avoid, "anything for softirqs, budgets included: none of "
			      "it applies here");
	}
}

/* --- two on one CPU ----------------------------------------------------------- */

/*
 * Waits for another NAPI of this CPU, which has most of the polling time.  The longer it
 * waits the fewer waits there are, and half of them are not due to a stall.
 */
static bool napi_is_starved(const struct context *c, const struct napi_row *n,
			    const struct napi_row *top, const struct cpu_row *cpu)
{
	const uint64_t median = n->polls ? napi_wait_median(c, n) : MISSING;

	return top && top->id != n->id && median != MISSING &&
	       median >= limit(LIMIT_LATE) &&
	       part_pct(top->poll_ns, known(cpu->poll_ns)) >=
		       limit(LIMIT_STARVED) &&
	       cpu_net_rx_pct(c, cpu) >= limit(LIMIT_SATURATED);
}

static void judge_starved(struct context *c)
{
	const struct napi_row *n, *top;
	const struct cpu_row *cpu;
	uint64_t to;
	char name[DEV_ROOM];
	struct finding *f;

	table_for_each (&c->iv->napis, n) {
		cpu = context_cpu(c, context_home(c, n));
		top = cpu ? context_top_napi(c, cpu->cpu) : NULL;
		if (!cpu || napi_is_backlog(n) ||
		    !napi_is_starved(c, n, top, cpu))
			continue;
		napi_name(top, name);
		f = context_add_napi(c, SEVERITY_CRITICAL, n);
		/* It can be helped at once, before what fills the CPU. */
		f->rank = RANK_HELPED;
		f->share = napi_wait_median(c, n);
		finding_add_number(f, "median of schedule to poll", f->share,
				   "ns");
		finding_add_number(f, "sched_p99_ns", n->sched_p99_ns, "ns");
		finding_add_number(f, name,
				   part_pct(top->poll_ns, known(cpu->poll_ns)),
				   "%");
		say(f->cause,
		    "waits for its polls: %s has most of the time of "
		    "CPU %" PRIu64,
		    name, cpu->cpu);
		to = context_idlest_cpu(c, cpu_node(c, cpu->cpu), cpu->cpu);
		say(f->avoid,
		    "net.core.netdev_budget: it shares out the same time");
		/* Of one interrupt both would move. */
		if (n->irq == MISSING || n->irq == top->irq || to == MISSING ||
		    napi_is_hidden(n))
			continue;
		irq_move(c, f, n, to);
	}
}

/* --- latency ------------------------------------------------------------------ */

static bool busy_polling_is_off(const struct context *c)
{
	const struct table *config = &c->iv->config;

	return config_number(config, "sysctl/net.core.busy_read") == 0 &&
	       config_number(config, "sysctl/net.core.busy_poll") == 0;
}

static void judge_busy_poll(struct context *c)
{
	const struct cpu_row *cpu;
	const struct napi_row *n;
	struct finding *f;

	if (!busy_polling_is_off(c))
		return;
	table_for_each (&c->iv->napis, n) {
		cpu = context_cpu(c, context_home(c, n));
		if (!cpu || n->irq == MISSING || !known(n->sessions) ||
		    known(n->busy_polls) ||
		    context_rate(c, n->sessions) < limit(LIMIT_FLAP_RATE) ||
		    (double)n->work / n->sessions >= limit(LIMIT_FEW_PACKETS) ||
		    (double)n->work / n->sessions < limit(LIMIT_SOME_PACKETS) ||
		    cpu_net_rx_pct(c, cpu) >= limit(LIMIT_IDLE) ||
		    !cpu_is_idle(c, cpu))
			continue;
		f = context_add_napi(c, SEVERITY_NOTE, n);
		f->share = n->sessions;
		finding_add_number(f, "sessions", context_rate(c, n->sessions),
				   "/s");
		finding_add_number(f, "work a session",
				   (double)n->work / n->sessions, "packets");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		say(f->cause, "each packet or two waits for an interrupt, a "
			      "softirq and a wakeup, and the CPU has time to "
			      "spare");
		say(f->check, "sysctl net.core.busy_read net.core.busy_poll");
		say(f->fix, "# where latency is all that counts, and programs "
			    "here read it: for sockets made from then on; or "
			    "SO_BUSY_POLL in the application\n"
			    "sysctl -w net.core.busy_read=50");
		say(f->undo, "sysctl -w net.core.busy_read=0");
		say(f->avoid, "it where CPU time or power counts: a busy poller "
			      "takes all of its CPU");
	}
}

const struct rule rules_late[] = {
	{ .id = "late-softirq",
	  .about = "NET_RX that begins long after it was raised, and why",
	  .needs = NEED_RAISE | NEED_SOFTIRQ,
	  .symptom = true,
	  .judge = judge_late_softirq,
	  .limits = { LIMIT_LATE, LIMIT_SAMPLES, LIMIT_KSOFTIRQD } },
	{ .id = "ksoftirqd",
	  .about = "a busy CPU whose polls run in ksoftirqd",
	  .needs = NEED_SOFTIRQ,
	  .symptom = true,
	  .judge = judge_ksoftirqd,
	  .limits = { LIMIT_KSOFTIRQD, LIMIT_BUSY } },
	{ .id = "timer-polls",
	  .about = "polls that gro_flush_timeout starts, not an interrupt",
	  .needs = NEED_WATCHDOG,
	  .judge = judge_timer_polls,
	  .limits = { LIMIT_TIMER_POLLS, LIMIT_TIMER_WAIT } },
	{ .id = "hidden-polls",
	  .about = "polls by threads and busy pollers, which %si does not show",
	  .judge = judge_hidden_polls,
	  .limits = { LIMIT_HIDDEN_POLLS, LIMIT_LOADED_NAPI } },
	{ .id = "busy-poll",
	  .about = "packet by packet by interrupt, with CPU to spare",
	  .needs = NEED_SOFTIRQ | NEED_LINKS | NEED_CONFIG,
	  .judge = judge_busy_poll,
	  .limits = { LIMIT_FLAP_RATE, LIMIT_FEW_PACKETS, LIMIT_SOME_PACKETS,
		      LIMIT_IDLE } },
	{ .id = "napi-starved",
	  .about = "a NAPI that waits for another one on its CPU",
	  .needs = NEED_SCHED | NEED_HISTS | NEED_SOFTIRQ | NEED_POLL_NS |
		   NEED_CONFIG,
	  .symptom = true,
	  .judge = judge_starved,
	  .limits = { LIMIT_LATE, LIMIT_WAITS, LIMIT_STARVED, LIMIT_SATURATED } },
	{ 0 },
};
