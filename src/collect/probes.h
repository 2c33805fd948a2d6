/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probes, and the choice between them.  The choice is a pure function
 * over facts about the kernel (facts.h finds them), so that every kernel can
 * be tried in a unit test.
 */
#ifndef COLLECT_PROBES_H
#define COLLECT_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tier {
	TIER_TRACEPOINT,
	TIER_FENTRY,
	TIER_KPROBE,
	NR_TIERS,
	TIER_AUTO = NR_TIERS,
};

/* What programs attach to. */
enum target {
	TARGET_NAPI_POLL,
	TARGET_SOFTIRQ_ENTRY,
	TARGET_SOFTIRQ_EXIT,
	TARGET_SOFTIRQ_RAISE,
	TARGET_IRQ_HANDLER_ENTRY,
	TARGET_IRQ_HANDLER_EXIT,
	TARGET_LOCAL_TIMER_ENTRY,
	TARGET_LOCAL_TIMER_EXIT,
	TARGET_CALL_SINGLE_ENTRY,
	TARGET_CALL_SINGLE_EXIT,
	TARGET_CALL_MANY_ENTRY,
	TARGET_CALL_MANY_EXIT,
	TARGET_DQL_STALL,
	NR_TRACEPOINTS,

	TARGET_FN_NAPI_POLL = NR_TRACEPOINTS,
	TARGET_FN_NAPI_SCHEDULE,
	TARGET_FN_NAPI_SCHEDULE_IRQOFF,
	TARGET_FN_NAPI_COMPLETE_DONE,
	TARGET_FN_NAPI_WATCHDOG,
	TARGET_FN_DRIVER_POLL, /* each poll function, when it is first seen */
	NR_TARGETS,
};

/*
 * A place we listen to, by the name that `probes` and --without use; attached
 * in this order.
 */
enum probe_id {
	PROBE_SOFTIRQ,
	PROBE_NAPI_POLL,
	PROBE_IRQ_HANDLER,
	PROBE_SOFTIRQ_RAISE,
	PROBE_TIMER_VECTOR,
	PROBE_IPI_VECTORS,
	PROBE_DQL_STALL,
	PROBE_POLL_ENTRY,
	PROBE_DRIVER_POLL,
	PROBE_SCHEDULE,
	PROBE_COMPLETE,
	PROBE_WATCHDOG,
	NR_PROBES,
};

/* One program in the BPF object and what it attaches to, in which tier. */
struct probe_program {
	const char *name;
	enum tier tier; /* TIER_TRACEPOINT: in every tier */
	enum target target;
};

#define PROBE_MAX_PROGRAMS 4

struct probe {
	const char *name;
	const char *gives; /* which numbers, for people */
	bool required;
	struct probe_program programs[PROBE_MAX_PROGRAMS];
};

extern const struct probe probes[NR_PROBES];

const char *tier_name(enum tier tier);
/* TIER_AUTO for "auto"; -EINVAL for an unknown name. */
int tier_parse(const char *name, enum tier *out);
const char *target_name(enum target target);
/* -EINVAL for an unknown name. */
int probe_parse(const char *name, enum probe_id *out);

/* NAPI_STATE_*, whose numbers moved between kernels. */
enum napi_state {
	STATE_SCHED,
	STATE_MISSED,
	STATE_DISABLE,
	STATE_NPSVC,
	STATE_LISTED,
	STATE_NO_BUSY_POLL,
	STATE_IN_BUSY_POLL,
	STATE_PREFER_BUSY_POLL,
	STATE_THREADED,
	STATE_SCHED_THREADED,
	STATE_HAS_NOTIFIER,
	STATE_THREADED_BUSY_POLL,
	NR_NAPI_STATES,
};

/* As in the kernel, without NAPI_STATE_. */
const char *napi_state_name(enum napi_state state);

/* What is known of the kernel and the caller before anything is attached. */
struct facts {
	int btf_error;	  /* 0, or why there is no kernel BTF (-errno) */
	int tp_error;	  /* of loading a tracepoint program */
	int fentry_error; /* of loading, else of attaching an fentry program */
	bool fentry_at_load;	/* fentry_error is of loading */
	int kprobe_error;	/* of opening a kprobe */
	uint64_t targets;	/* 1 << enum target: it exists */
	uint64_t btf_functions; /* 1 << enum target: fentry can name it */
	bool realtime;		/* PREEMPT_RT */
	bool rings_sleep; /* under PREEMPT_RT a lock of theirs does, before 6.12 */
	bool in_net_rx_action;		   /* softnet_data has it (6.4) */
	bool symbol_names;		   /* bpf_snprintf() exists (5.13) */
	int8_t state_bits[NR_NAPI_STATES]; /* bit number, -1: it has none */
};

/* What the user asked for. */
struct probe_wish {
	enum tier tier;	  /* TIER_AUTO: the best one */
	uint32_t without; /* 1 << enum probe_id */
	bool hists;	  /* histograms */
	uint32_t sample;  /* time one run of so many; 0: each */
	uint32_t with;	  /* those too that are not needed for the counters */
};

struct probe_plan {
	enum tier tier;
	bool forced;	     /* the tier was asked for */
	bool realtime;	     /* __napi_schedule_irqoff calls the other */
	bool hists;	     /* histograms are kept */
	uint32_t sample;     /* as it was wished */
	uint32_t with_hists; /* 1 << enum probe_id: only on while they are */
	uint32_t on;	     /* 1 << enum probe_id */
	const char *why[NR_PROBES]; /* NULL, or why it is off */
	char tier_reason[160]; /* why no better tier; "" when it is the best */
};

/*
 * 0, or -errno and plan->tier_reason says in one line what is missing and
 * what to do.
 */
int probe_choose(const struct facts *facts, const struct probe_wish *wish,
		 struct probe_plan *plan);

/* Is the entry of poll functions seen, so that poll time is exact? */
bool probe_exact(const struct probe_plan *plan);

/* Turns off the probes whose partner is off: schedules need completions. */
void probe_settle(struct probe_plan *plan);

/*
 * What to go without after a failure, and the plan is the one without it: the
 * probe that failed to attach; when the object did not load (failed is NR_PROBES,
 * for one program fails all of them) what the tier adds, and after that what is
 * optional.  1 << enum probe_id; 0: nothing can be given up.
 */
uint32_t probe_give_up(struct probe_plan *plan, unsigned int failed);

/* Does program i of the probe run under this plan? */
bool probe_uses(const struct probe_plan *plan, enum probe_id id, unsigned int i);

#endif /* COLLECT_PROBES_H */
