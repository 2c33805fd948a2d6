// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules about what else the machine does, and how far the numbers can be trusted. */
#include <inttypes.h>
#include <string.h>

#include "diagnose/spread.h"

#define ROOT_SATURATED 1

/* The vector with the most time that is not the network's. */
static unsigned int other_vector(const struct cpu_row *cpu, uint64_t *all)
{
	unsigned int vec, top = NAPI_VEC_HI;

	*all = 0;
	for (vec = 0; vec < NAPI_NR_VECS; vec++) {
		if (vec == NAPI_VEC_NET_RX || vec == NAPI_VEC_NET_TX)
			continue;
		*all += known(cpu->softirq_vec_ns[vec]);
		if (known(cpu->softirq_vec_ns[vec]) >
		    known(cpu->softirq_vec_ns[top]))
			top = vec;
	}
	return top;
}

/* Whose a vector is, and where to look. */
static const char *const vector_owner[NAPI_NR_VECS] = {
	[NAPI_VEC_HI] = "tasklets of drivers",
	[NAPI_VEC_TIMER] = "timers, TCP's and ARP's among them: perf top",
	[NAPI_VEC_NET_TX] = "transmit",
	[NAPI_VEC_NET_RX] = "receive",
	[NAPI_VEC_BLOCK] = "disks: iostat -x 1",
	[NAPI_VEC_IRQ_POLL] = "disks that poll: iostat -x 1",
	[NAPI_VEC_TASKLET] = "tasklets of drivers, and of TCP: perf top",
	[NAPI_VEC_SCHED] = "the scheduler's load balancing: perf sched",
	[NAPI_VEC_HRTIMER] = "high resolution timers: perf top",
	[NAPI_VEC_RCU] = "RCU callbacks, often closing of files or sockets",
};

static void judge_other_softirq(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;
	unsigned int vec;
	uint64_t all;

	table_for_each (&c->iv->cpus, cpu) {
		vec = other_vector(cpu, &all);
		if (context_pct(c, all) < limit(LIMIT_OTHER_VECTOR) ||
		    known(cpu->net_rx_ns) > all)
			continue;
		f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);
		f->share = all;
		finding_add_number(f, "other softirqs", context_pct(c, all), "%");
		finding_add_number(f, vec_name(vec),
				   context_pct(c, cpu->softirq_vec_ns[vec]), "%");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		say(f->cause,
		    "the softirqs of CPU %" PRIu64
		    " are not NET_RX: most is %s, %s",
		    cpu->cpu, vec_name(vec), vector_owner[vec]);
		say(f->check, "perf top -C %" PRIu64, cpu->cpu);
		say(f->avoid, "net.core.netdev_budget, rings and queues: "
			      "receiving is not what is busy");
	}
}

static void judge_steal(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (context_pct(c, known(cpu->stat_steal_ns)) <
			    limit(LIMIT_STEAL) ||
		    !cpu->polls)
			continue;
		f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);
		f->share = cpu->stat_steal_ns;
		finding_add_number(f, "stat_steal_ns",
				   context_pct(c, cpu->stat_steal_ns), "%");
		finding_add_number(f, "net_rx_ns", cpu_net_rx_pct(c, cpu), "%");
		say(f->cause, "the hypervisor gives time of this CPU to other "
			      "machines: whatever is late here may be late for "
			      "that");
		say(f->check, "mpstat -P %" PRIu64 " 1 5", cpu->cpu);
		say(f->avoid, "every setting of the network, until this is gone");
	}
}

/* Percent of a CPU that the tick says, minus what was traced. */
static double tick_differs(const struct context *c, const struct cpu_row *cpu)
{
	return context_pct(c, cpu->stat_softirq_ns) -
	       context_pct(c, known(cpu->softirq_ns));
}

static void judge_tick(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;
	double more;

	table_for_each (&c->iv->cpus, cpu) {
		if (cpu->stat_softirq_ns == MISSING)
			continue;
		more = tick_differs(c, cpu);
		if (more < limit(LIMIT_TICK_DIFFERS) &&
		    -more < limit(LIMIT_TICK_DIFFERS))
			continue;
		f = context_add_cpu(c, SEVERITY_HARMLESS, cpu->cpu);
		f->share = known(cpu->softirq_ns);
		finding_add_number(f, "softirq_ns",
				   context_pct(c, known(cpu->softirq_ns)), "%");
		finding_add_number(f, "stat_softirq_ns (%si)",
				   context_pct(c, cpu->stat_softirq_ns), "%");
		say(f->cause,
		    "%%si of top and mpstat is %s than what was measured: %" PRIu64
		    " times a second a whole tick is charged to what it finds, "
		    "%s",
		    more < 0 ? "less" : "more", known(c->iv->host.hz),
		    more < 0 ? "and what runs between ticks, or holds them up, "
			       "is not found" :
			       "the way into softirqs and observers included");
		say(f->check, "mpstat -P %" PRIu64 " 1 5", cpu->cpu);
		say(f->avoid,
		    "decisions by %%si on this CPU: NETRX%% is measured");
		say(f->kernel, "CONFIG_IRQ_TIME_ACCOUNTING makes %%si exact");
	}
}

static void judge_lost(struct context *c)
{
	const struct lost_row *lost = &c->iv->lost;
	struct finding *f;

	if (!known(lost->slots) && !known(lost->missed) && !known(lost->unmatched))
		return;
	f = context_add(c, SEVERITY_NOTE, "host", "", MISSING);
	finding_add_number(f, "lost.slots", known(lost->slots), "");
	finding_add_number(f, "lost.missed", known(lost->missed), "");
	finding_add_number(f, "lost.unmatched", known(lost->unmatched), "");
	say(f->cause, "events are missing in these numbers: what was found is "
		      "there, and there may be more of it");
	if (known(lost->slots))
		say(f->fix, "napiscope diagnose --slots %" PRIu64,
		    host_more_slots(&c->iv->host));
}

/* Of devices with a queue that is watched: the event does not say whose it is. */
static void stall_check(const struct context *c, struct finding *f)
{
	struct queue_where w, last = { 0 };
	const struct config_row *row;
	size_t used;

	table_for_each (&c->iv->config, row) {
		if (!queue_is_watched(row) || !queue_where(row->path, &w) ||
		    (!strcmp(w.dev, last.dev) && !strcmp(w.netns, last.netns)))
			continue;
		last = w;
		used = strlen(f->check);
		finding_print(f->check + used, sizeof(f->check) - used,
			      "%s%s%s%sgrep -H . /sys/class/net/%s/queues/tx-*/"
			      "byte_queue_limits/stall_cnt%s",
			      used ? "\n" : "", *w.netns ? "ip netns exec " : "",
			      word(w.netns), *w.netns ? " sh -c '" : "",
			      word(w.dev), *w.netns ? "'" : "");
	}
}

static void judge_tx_stall(struct context *c)
{
	const struct cpu_row *cpu;
	struct finding *f;

	table_for_each (&c->iv->cpus, cpu) {
		if (!known(cpu->dql_stalls))
			continue;
		f = context_add_cpu(c, SEVERITY_WARNING, cpu->cpu);
		f->share = cpu->dql_stalls;
		finding_add_number(f, "dql_stalls",
				   context_rate(c, cpu->dql_stalls), "/s");
		say(f->cause, "a transmit queue stood still: its completion "
			      "interrupts came late, or were lost");
		stall_check(c, f);
		say(f->avoid, "the receive side: this is the transmit queue's "
			      "interrupt, driver or firmware");
	}
}

/* --- whatever the reason ------------------------------------------------------ */

/* Full, and of polls whose time is not in NET_RX's and is not known. */
static bool cpu_polls_untimed(const struct context *c, const struct cpu_row *cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&c->iv->index, cpu->cpu);
	const struct napi_row *n;
	size_t i;

	if (cpu_is_idle(c, cpu))
		return false;
	napi_refs_for_each (pairs, i, n)
		if (n->poll_ns == MISSING &&
		    context_rate(c, known(n->threaded_polls)) >=
			    limit(LIMIT_LOADED_NAPI))
			return true;
	return false;
}

static void judge_saturated(struct context *c)
{
	const struct cpu_row *cpu;
	const struct napi_row *n;
	struct finding *f;
	char name[DEV_ROOM];

	table_for_each (&c->iv->cpus, cpu) {
		if (cpu_polls_untimed(c, cpu))
			say(c->unseen,
			    "threads poll on CPU %" PRIu64
			    ", which this tier does not time",
			    cpu->cpu);
		if (cpu_polling_pct(c, cpu) < limit(LIMIT_SATURATED))
			continue;
		n = context_top_napi(c, cpu->cpu);
		snprintf(name, sizeof(name), "no NAPI that was timed");
		f = context_add_cpu(c, SEVERITY_CRITICAL, cpu->cpu);
		spread_evidence(c, f, cpu);
		if (n) {
			f->share = known(cpu->net_rx_ns) > known(cpu->poll_ns) ?
					   cpu->net_rx_ns :
					   known(cpu->poll_ns);
			napi_name(n, name);
			finding_add_number(f, name, context_pct(c, n->poll_ns),
					   "%");
			finding_add_number(f, "work", context_rate(c, n->work),
					   "/s");
			if (n->ns_per_packet != MISSING)
				finding_add_number(f, "ns_per_packet",
						   n->ns_per_packet, "ns");
		}
		say(f->cause,
		    "CPU %" PRIu64 " does hardly anything but receive; "
		    "most of it for %s",
		    cpu->cpu, name);
		say(f->check, "perf top -C %" PRIu64, cpu->cpu);
		say(f->avoid, "%s", spread_no_budget);
	}
}

const struct rule rules_machine[] = {
	{ .id = "cpu-saturated",
	  .about = "a CPU that does hardly anything but receive",
	  .needs = NEED_SOFTIRQ,
	  .root = ROOT_SATURATED,
	  .judge = judge_saturated,
	  .limits = { LIMIT_SATURATED } },
	{ .id = "other-softirq",
	  .about = "softirqs that are busy with something else",
	  .needs = NEED_SOFTIRQ,
	  .judge = judge_other_softirq,
	  .limits = { LIMIT_OTHER_VECTOR } },
	{ .id = "steal",
	  .about = "a virtual CPU whose time is given to others",
	  .needs = NEED_STAT,
	  .judge = judge_steal,
	  .limits = { LIMIT_STEAL } },
	{ .id = "tick-differs",
	  .about = "%si that is far from what was measured",
	  .needs = NEED_STAT | NEED_SOFTIRQ,
	  .judge = judge_tick,
	  .limits = { LIMIT_TICK_DIFFERS } },
	{ .id = "tx-stall",
	  .about = "transmit queues that stood still",
	  .needs = NEED_DQL,
	  .judge = judge_tx_stall },
	{ .id = "lost-events",
	  .about = "events that these numbers lack",
	  .judge = judge_lost },
	{ 0 },
};
