// SPDX-License-Identifier: GPL-2.0-or-later
/* See probes.h. */
#include "collect/probes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * In a probe the exit comes before the entry: attached in this order, nothing
 * is ever entered whose exit will not be seen.
 */
#define TP TIER_TRACEPOINT
#define FE TIER_FENTRY
#define KP TIER_KPROBE

const struct probe probes[NR_PROBES] = {
	[PROBE_NAPI_POLL] = {
		"napi_poll",
		"polls by context, work, empty, exhausted, squeezes by kind",
		true,
		{ { "napi_poll__tp", TP, TARGET_NAPI_POLL } },
	},
	[PROBE_SOFTIRQ] = {
		"softirq",
		"softirq counts and times by vector, squeezes, poll time by "
		"difference",
		true,
		{ { "softirq_exit__tp", TP, TARGET_SOFTIRQ_EXIT },
		  { "softirq_entry__tp", TP, TARGET_SOFTIRQ_ENTRY } },
	},
	[PROBE_IRQ_HANDLER] = {
		"irq_handler",
		"interrupt counts and times, times net of interrupts, "
		"irq -> NAPI links",
		false,
		{ { "irq_handler_exit__tp", TP, TARGET_IRQ_HANDLER_EXIT },
		  { "irq_handler_entry__tp", TP, TARGET_IRQ_HANDLER_ENTRY } },
	},
	[PROBE_SOFTIRQ_RAISE] = {
		"softirq_raise",
		"raise -> entry; squeezes that left work behind, before Linux "
		"6.4",
		false,
		{ { "softirq_raise__tp", TP, TARGET_SOFTIRQ_RAISE } },
	},
	[PROBE_TIMER_VECTOR] = {
		"timer_vector",
		"times net of the local timer interrupt (x86)",
		false,
		{ { "local_timer_exit__tp", TP, TARGET_LOCAL_TIMER_EXIT },
		  { "local_timer_entry__tp", TP, TARGET_LOCAL_TIMER_ENTRY } },
	},
	[PROBE_IPI_VECTORS] = {
		"ipi_vectors",
		"times net of function-call interrupts (x86)",
		false,
		{ { "call_single_exit__tp", TP, TARGET_CALL_SINGLE_EXIT },
		  { "call_single_entry__tp", TP, TARGET_CALL_SINGLE_ENTRY },
		  { "call_many_exit__tp", TP, TARGET_CALL_MANY_EXIT },
		  { "call_many_entry__tp", TP, TARGET_CALL_MANY_ENTRY } },
	},
	[PROBE_DQL_STALL] = {
		"dql_stall",
		"transmit queues that stood still",
		false,
		{ { "dql_stall__tp", TP, TARGET_DQL_STALL } },
	},
	[PROBE_POLL_ENTRY] = {
		"poll_entry",
		"exact poll time, schedule -> poll",
		false,
		{ { "napi_poll_in__fe", FE, TARGET_FN_NAPI_POLL },
		  { "napi_poll_in__kp", KP, TARGET_FN_NAPI_POLL } },
	},
	[PROBE_DRIVER_POLL] = {
		"driver_poll",
		"exact poll time where there is no __napi_poll (before 5.12)",
		false,
		/* A kprobe in either tier. */
		{ { "driver_poll_in__kp", FE, TARGET_FN_DRIVER_POLL },
		  { "driver_poll_in__kp", KP, TARGET_FN_DRIVER_POLL } },
	},
	[PROBE_SCHEDULE] = {
		"schedule",
		"schedules, core reschedules, exact irq -> NAPI links",
		false,
		{ { "napi_schedule__fe", FE, TARGET_FN_NAPI_SCHEDULE },
		  { "napi_schedule_irqoff__fe", FE,
		    TARGET_FN_NAPI_SCHEDULE_IRQOFF },
		  { "napi_schedule__kp", KP, TARGET_FN_NAPI_SCHEDULE },
		  { "napi_schedule_irqoff__kp", KP,
		    TARGET_FN_NAPI_SCHEDULE_IRQOFF } },
	},
	[PROBE_COMPLETE] = {
		"complete",
		"completions, re-arms, sessions, residency in poll mode",
		false,
		{ { "napi_complete_out__fe", FE, TARGET_FN_NAPI_COMPLETE_DONE },
		  { "napi_complete_in__fe", FE, TARGET_FN_NAPI_COMPLETE_DONE },
		  { "napi_complete_out__kp", KP, TARGET_FN_NAPI_COMPLETE_DONE },
		  { "napi_complete_in__kp", KP,
		    TARGET_FN_NAPI_COMPLETE_DONE } },
	},
	[PROBE_WATCHDOG] = {
		"watchdog",
		"polls started by the NAPI's timer",
		false,
		{ { "napi_watchdog_out__fe", FE, TARGET_FN_NAPI_WATCHDOG },
		  { "napi_watchdog_in__fe", FE, TARGET_FN_NAPI_WATCHDOG },
		  { "napi_watchdog_out__kp", KP, TARGET_FN_NAPI_WATCHDOG },
		  { "napi_watchdog_in__kp", KP, TARGET_FN_NAPI_WATCHDOG } },
	},
};

static const char *const tier_names[] = {
	[TIER_TRACEPOINT] = "tracepoint",
	[TIER_FENTRY] = "fentry",
	[TIER_KPROBE] = "kprobe",
	[TIER_AUTO] = "auto",
};

const char *tier_name(enum tier tier)
{
	return tier_names[tier];
}

int tier_parse(const char *name, enum tier *out)
{
	unsigned int i;

	for (i = 0; i <= TIER_AUTO; i++) {
		if (strcmp(name, tier_names[i]))
			continue;
		*out = i;
		return 0;
	}
	return -EINVAL;
}

const char *target_name(enum target target)
{
	static const char *const names[NR_TARGETS] = {
		[TARGET_NAPI_POLL] = "napi_poll",
		[TARGET_SOFTIRQ_ENTRY] = "softirq_entry",
		[TARGET_SOFTIRQ_EXIT] = "softirq_exit",
		[TARGET_SOFTIRQ_RAISE] = "softirq_raise",
		[TARGET_IRQ_HANDLER_ENTRY] = "irq_handler_entry",
		[TARGET_IRQ_HANDLER_EXIT] = "irq_handler_exit",
		[TARGET_LOCAL_TIMER_ENTRY] = "local_timer_entry",
		[TARGET_LOCAL_TIMER_EXIT] = "local_timer_exit",
		[TARGET_CALL_SINGLE_ENTRY] = "call_function_single_entry",
		[TARGET_CALL_SINGLE_EXIT] = "call_function_single_exit",
		[TARGET_CALL_MANY_ENTRY] = "call_function_entry",
		[TARGET_CALL_MANY_EXIT] = "call_function_exit",
		[TARGET_DQL_STALL] = "dql_stall_detected",
		[TARGET_FN_NAPI_POLL] = "__napi_poll",
		[TARGET_FN_NAPI_SCHEDULE] = "__napi_schedule",
		[TARGET_FN_NAPI_SCHEDULE_IRQOFF] = "__napi_schedule_irqoff",
		[TARGET_FN_NAPI_COMPLETE_DONE] = "napi_complete_done",
		[TARGET_FN_NAPI_WATCHDOG] = "napi_watchdog",
		[TARGET_FN_DRIVER_POLL] = "(each poll function)",
	};

	return names[target];
}

const char *napi_state_name(enum napi_state state)
{
	static const char *const names[NR_NAPI_STATES] = {
		[STATE_SCHED] = "SCHED",
		[STATE_MISSED] = "MISSED",
		[STATE_DISABLE] = "DISABLE",
		[STATE_NPSVC] = "NPSVC",
		[STATE_LISTED] = "LISTED",
		[STATE_NO_BUSY_POLL] = "NO_BUSY_POLL",
		[STATE_IN_BUSY_POLL] = "IN_BUSY_POLL",
		[STATE_PREFER_BUSY_POLL] = "PREFER_BUSY_POLL",
		[STATE_THREADED] = "THREADED",
		[STATE_SCHED_THREADED] = "SCHED_THREADED",
		[STATE_HAS_NOTIFIER] = "HAS_NOTIFIER",
		[STATE_THREADED_BUSY_POLL] = "THREADED_BUSY_POLL",
	};

	return names[state];
}

int probe_parse(const char *name, enum probe_id *out)
{
	unsigned int i;

	for (i = 0; i < NR_PROBES; i++) {
		if (strcmp(name, probes[i].name))
			continue;
		*out = i;
		return 0;
	}
	return -EINVAL;
}

/* Why this tier cannot be had; NULL: it can. */
static const char *tier_refused(const struct facts *facts, enum tier tier)
{
	switch (tier) {
	case TIER_FENTRY:
		if (facts->fentry_error == -EPERM)
			return "the kernel refuses fentry programs (EPERM): "
			       "it is locked down";
		if (facts->fentry_error && facts->fentry_at_load)
			return "the kernel cannot load fentry programs";
		if (facts->fentry_error)
			return "this kernel has no trampolines to attach "
			       "fentry programs to";
		return NULL;
	case TIER_KPROBE:
		if (facts->kprobe_error == -EACCES)
			return "kprobes need CAP_SYS_ADMIN here "
			       "(kernel.perf_event_paranoid is above 2)";
		return facts->kprobe_error ?
			       "the kernel has no kprobes or refuses them" :
			       NULL;
	default:
		return NULL;
	}
}

static int choose_reject(struct probe_plan *plan, int error, const char *text,
			 const char *detail)
{
	snprintf(plan->tier_reason, sizeof(plan->tier_reason), text, detail);
	return error;
}

static int choose_required(struct probe_plan *plan, enum probe_id id)
{
	snprintf(plan->tier_reason, sizeof(plan->tier_reason),
		 "the probe %s is required: %s", probes[id].name, plan->why[id]);
	return -ENOENT;
}

static int choose_preconditions(const struct facts *facts, struct probe_plan *plan)
{
	if (facts->btf_error)
		return choose_reject(
			plan, facts->btf_error,
			"this kernel has no BTF (/sys/kernel/btf/vmlinux): "
			"use a kernel built with CONFIG_DEBUG_INFO_BTF%s",
			"");
	if (facts->tp_error == -EPERM || facts->tp_error == -EACCES)
		return choose_reject(
			plan, facts->tp_error,
			"no permission to load tracing programs: run as root, "
			"or with CAP_BPF and CAP_PERFMON (a container's root "
			"lacks them)%s",
			"");
	if (facts->tp_error)
		return choose_reject(plan, facts->tp_error,
				     "the kernel refuses tracing programs: %s",
				     strerror(-facts->tp_error));
	return 0;
}

static int choose_tier(const struct facts *facts, enum tier wish,
		       struct probe_plan *plan)
{
	const char *no_fentry = tier_refused(facts, TIER_FENTRY);
	const char *no_kprobe = tier_refused(facts, TIER_KPROBE);
	const char *refused;

	if (wish != TIER_AUTO) {
		refused = tier_refused(facts, wish);
		plan->tier = wish;
		plan->forced = true;
		if (refused)
			return choose_reject(plan, -EOPNOTSUPP,
					     "%s; leave --tier out", refused);
		return 0;
	}
	plan->tier = !no_fentry ? TIER_FENTRY :
		     !no_kprobe ? TIER_KPROBE :
				  TIER_TRACEPOINT;
	if (no_fentry)
		snprintf(plan->tier_reason, sizeof(plan->tier_reason), "%s%s%s",
			 no_fentry, no_kprobe ? "; " : "",
			 no_kprobe ? no_kprobe : "");
	return 0;
}

static bool program_in_tier(const struct probe_program *p, enum tier tier)
{
	return p->name && (p->tier == TIER_TRACEPOINT || p->tier == tier);
}

/* With PREEMPT_RT one function calls the other, or is the other: count once. */
static bool program_is_twice(const struct probe_program *p, bool realtime)
{
	return realtime && p->target == TARGET_FN_NAPI_SCHEDULE_IRQOFF;
}

/* NULL when every program of the probe in this tier has its target. */
static const char *probe_refused(const struct facts *facts, enum tier tier,
				 const struct probe *probe)
{
	const struct probe_program *p;
	unsigned int i, programs = 0;
	uint64_t have;

	for (i = 0; i < PROBE_MAX_PROGRAMS; i++) {
		p = &probe->programs[i];
		if (!program_in_tier(p, tier) ||
		    program_is_twice(p, facts->realtime))
			continue;
		have = p->tier == TIER_FENTRY ? facts->btf_functions :
						facts->targets;
		if (!(have >> p->target & 1))
			return p->tier == TIER_TRACEPOINT ?
				       "this kernel lacks the tracepoint" :
				       "the function cannot be hooked here";
		programs++;
	}
	return programs ? NULL : "not in this tier";
}

static const char *choose_probe(const struct facts *facts,
				const struct probe_wish *wish, enum tier tier,
				enum probe_id id)
{
	if (wish->without >> id & 1)
		return "left out by --without";
	if (id == PROBE_SOFTIRQ_RAISE && facts->in_net_rx_action &&
	    !wish->hists && !(wish->with >> id & 1))
		return "not needed: this kernel says itself that work is left";
	if (id == PROBE_DRIVER_POLL && tier != TIER_TRACEPOINT &&
	    facts->targets >> TARGET_FN_NAPI_POLL & 1)
		return "not needed: __napi_poll can be hooked";
	return probe_refused(facts, tier, &probes[id]);
}

void probe_settle(struct probe_plan *plan)
{
	static const enum probe_id ids[] = { PROBE_SCHEDULE, PROBE_COMPLETE };
	unsigned int i;

	if (plan->on >> PROBE_SCHEDULE & 1 && plan->on >> PROBE_COMPLETE & 1)
		return;
	for (i = 0; i < 2; i++) {
		if (!plan->why[ids[i]])
			plan->why[ids[i]] = "its partner is missing";
		plan->on &= ~(1U << ids[i]);
	}
}

/* Those that only a better tier than the tracepoints' has. */
static uint32_t probes_of_tier(const struct probe_plan *plan)
{
	uint32_t of_tier = 0;
	unsigned int id, i;

	for (id = 0; id < NR_PROBES; id++)
		for (i = 0; i < PROBE_MAX_PROGRAMS; i++)
			if (probe_uses(plan, id, i) &&
			    probes[id].programs[i].tier != TIER_TRACEPOINT)
				of_tier |= 1U << id;
	return of_tier;
}

static uint32_t probes_to_drop(const struct probe_plan *plan, unsigned int failed)
{
	uint32_t of_tier = probes_of_tier(plan), optional = 0;
	unsigned int id;

	for (id = 0; id < NR_PROBES; id++)
		if (!probes[id].required && plan->on >> id & 1)
			optional |= 1U << id;
	if (failed < NR_PROBES)
		return optional & 1U << failed;
	return of_tier ? of_tier : optional;
}

uint32_t probe_give_up(struct probe_plan *plan, unsigned int failed)
{
	uint32_t before = plan->on, drop = probes_to_drop(plan, failed);
	unsigned int id;

	plan->on &= ~drop;
	for (id = 0; id < NR_PROBES; id++)
		if (drop >> id & 1)
			plan->why[id] = "the kernel refused it";
	probe_settle(plan);
	if (plan->tier == TIER_TRACEPOINT || probes_of_tier(plan))
		return before & ~plan->on;
	if (plan->forced)
		return 0;
	snprintf(plan->tier_reason, sizeof(plan->tier_reason),
		 "the kernel refused the programs of the %s tier",
		 tier_name(plan->tier));
	plan->tier = TIER_TRACEPOINT;
	return before & ~plan->on;
}

int probe_choose(const struct facts *facts, const struct probe_wish *wish,
		 struct probe_plan *plan)
{
	unsigned int id;
	int err;

	memset(plan, 0, sizeof(*plan));
	plan->realtime = facts->realtime;
	plan->hists = wish->hists;
	plan->sample = wish->sample;
	if (facts->in_net_rx_action && !(wish->with >> PROBE_SOFTIRQ_RAISE & 1))
		plan->with_hists = 1U << PROBE_SOFTIRQ_RAISE;
	err = choose_preconditions(facts, plan);
	if (err)
		return err;
	err = choose_tier(facts, wish->tier, plan);
	if (err)
		return err;
	for (id = 0; id < NR_PROBES; id++) {
		plan->why[id] = choose_probe(facts, wish, plan->tier, id);
		if (!plan->why[id])
			plan->on |= 1U << id;
		else if (probes[id].required)
			return choose_required(plan, id);
	}
	probe_settle(plan);
	return 0;
}

bool probe_exact(const struct probe_plan *plan)
{
	return plan->on >> PROBE_POLL_ENTRY & 1 ||
	       plan->on >> PROBE_DRIVER_POLL & 1;
}

bool probe_uses(const struct probe_plan *plan, enum probe_id id, unsigned int i)
{
	const struct probe_program *p = &probes[id].programs[i];

	return plan->on >> id & 1 && program_in_tier(p, plan->tier) &&
	       !program_is_twice(p, plan->realtime);
}
