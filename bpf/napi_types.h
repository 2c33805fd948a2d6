/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only types that the BPF programs and user space share.
 *
 * Every structure here is the value of a BPF_F_MMAPABLE array: the programs
 * write it, user space reads it through the mapping without a system call.
 * Each counter has exactly one program that writes it, so that one in hardirq
 * context never races one in softirq context; where a member has two writers,
 * they cannot interrupt each other on a CPU, or it holds a hint and no count.
 * All times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef NAPI_TYPES_H
#define NAPI_TYPES_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#include "hist.h"

#define NAPI_CACHELINE 64

/* include/linux/interrupt.h; the order is ABI through /proc/softirqs. */
enum napi_vec {
	NAPI_VEC_HI,
	NAPI_VEC_TIMER,
	NAPI_VEC_NET_TX,
	NAPI_VEC_NET_RX,
	NAPI_VEC_BLOCK,
	NAPI_VEC_IRQ_POLL,
	NAPI_VEC_TASKLET,
	NAPI_VEC_SCHED,
	NAPI_VEC_HRTIMER,
	NAPI_VEC_RCU,
	NAPI_NR_VECS,
};

/* A power of two: a masked index needs no branch to satisfy the verifier. */
#define NAPI_VEC_ROOM 16

/* Indexes that fill_queues__run puts into each queue at once. */
#define NAPI_FILL_STEP 256

/* Where a poll ran. */
enum napi_context {
	NAPI_CTX_INLINE,    /* NET_RX softirq on whatever task was there */
	NAPI_CTX_KSOFTIRQD, /* NET_RX softirq in this CPU's ksoftirqd */
	NAPI_CTX_THREADED,  /* napi->thread or a backlog thread */
	NAPI_CTX_BUSY,	    /* a task polls for itself */
	NAPI_CTX_NETPOLL,   /* budget 0 */
	NAPI_NR_CTX,
};

/*
 * Constants of one run, set before load: the verifier removes what is off.
 * NAPI_STATE_* is an anonymous enum, which CO-RE cannot relocate: user space
 * looks its members up by name in the kernel's BTF.
 */
struct probe_config {
	__u32 busy_poll_mask;	/* NAPIF_STATE_IN_BUSY_POLL; 0: absent */
	__u32 busy_thread_mask; /* NAPIF_STATE_THREADED_BUSY_POLL; 0: absent */
	__u32 sched_mask;	/* NAPIF_STATE_SCHED | NAPIF_STATE_DISABLE */
	__u32 disable_mask;	/* NAPIF_STATE_DISABLE */
	__u32 core_mask;	/* that, and NAPIF_STATE_PREFER_BUSY_POLL */
	__u8 exact_poll;	/* a program marks the entry of polls */
	__u8 poll_entry;	/* of all of them: __napi_poll's */
	__u8 schedule;		/* schedule and completion programs are on */
	__u8 raise;		/* softirq_raise is on */
	__u8 ksoftirqd_by_comm; /* /proc shows no ksoftirqd: go by name */
	__u8 symbol_names;	/* bpf_snprintf("%ps") exists (5.13) */
	__u8 hists;		/* histograms are wanted */
	__u32 sample; /* time one run of so many, see sample.bpf.h; 0: each */
	__u32 trace_events; /* 1 << enum trace_type: events; 0: no trace */
	__u32 trace_window; /* events kept per CPU, a power of two; 0: ring */
	__u64 trace_longer; /* only events, or triggers, of so many ns */
};

#define NAPI_TRACE_IDENTS 4

/* What may change while programs run; written by user space, but for the last line. */
struct probe_control {
	__u32 budget;	     /* net.core.netdev_budget */
	__u32 budget_valid;  /* 0: the sysctls are hidden, no split */
	__u64 limit_jiffies; /* net.core.netdev_budget_usecs */
	__u64 hist_epoch;    /* from 1; each snapshot begins one: napi_hist */
	__u64 hists;	     /* 0: not now */
	/* trace: events of NAPIs with (ident & mask) == one of these; 0: all */
	__u32 trace_idents_used;
	__u32 stopping; /* the beginning of softirqs is seen no more */
	__u64 begun_ns; /* until then a softirq may have begun unseen */
	__u64 trace_mask;
	__u64 trace_ident[NAPI_TRACE_IDENTS];
	/* Queues that a program found empty: none asks until user space clears it. */
	__u32 no_slots;
	__u32 no_irqs;
};

/* One NAPI looked at on demand: inspect_napi__run */
struct napi_inspect {
	__u64 state; /* NAPI_STATE_* bits */
	__s32 weight;
	__u32 thread; /* pid, 0: none */
	__u32 netns;  /* inode number, 0: none */
	__u32 pad;
};

/*
 * What histograms there are.  Each is of a NAPI on a CPU, of an irq action on
 * a CPU, or of a CPU, and has one program that writes it.
 */
enum napi_hist_kind {
	/* of a NAPI on a CPU */
	NAPI_HIST_WORK,		 /* of each poll: napi_poll */
	NAPI_HIST_POLL_NS,	 /* of each poll that is timed: napi_poll */
	NAPI_HIST_SESSION_POLLS, /* napi_complete_done exit, else napi_poll */
	NAPI_HIST_SCHED_NS,	 /* entry of __napi_poll */
	NAPI_HIST_RESIDENCY_NS,	 /* napi_complete_done exit */
	NAPI_NR_HISTS,
	/* of an irq action on a CPU */
	NAPI_HIST_IRQ_NS = NAPI_NR_HISTS, /* irq_handler_exit */
	/* of a CPU */
	NAPI_HIST_RAISE_NS,  /* softirq_raise to softirq_entry */
	NAPI_HIST_NET_RX_NS, /* softirq_exit */
	NAPI_NR_HIST_KINDS,
};

/*
 * NET_RX that a handler raised begins when it is over: what begins later than that was
 * raised by somebody else.  A slow CPU, or one that a hypervisor takes away, casts no
 * vote then.
 */
#define NAPI_VOTE_NS 20000
/* No task schedules a NAPI that is in poll mode and was not seen for so long. */
#define NAPI_STAY_NS 1000000000ULL

/* More votes for an irq than that say nothing more, and it may change one day. */
#define NAPI_VOTES_MOST (1U << 20)

#define NAPI_CACHE_SLOTS 256 /* per CPU, direct mapped; a power of two */
#define NAPI_CACHE_IRQ_BITS 6
#define NAPI_CACHE_IRQS (1 << NAPI_CACHE_IRQ_BITS)

#define NAPI_COMM 16 /* TASK_COMM_LEN */

/* In napi_cpu.irq_now: it runs in another handler; another one ran in it. */
#define NAPI_IRQ_INNER (1U << 31)
#define NAPI_IRQ_OUTER (1U << 30)

/* Which of what comes one after the other are timed: sample.bpf.h */
struct napi_sample {
	__u32 weight; /* how many the one that runs stands for; 0: not timed */
	__u32 passed; /* since the last that was timed */
	__u32 gap;    /* from that to the next */
};

/*
 * One per possible CPU.  The first two lines are what every poll touches.
 */
struct napi_cpu {
	/* line 0, the softirq run in progress: softirq_entry, softirq_exit */
	__u32 run_seq;	  /* odd while run_*, vec_*, late_* are being changed */
	__u32 run_vec;	  /* 1 + vector that runs, 0: none */
	__u64 run_ts;	  /* 0: it is not timed */
	__u64 run_irq_ns; /* irq_ns at run_ts */
	__u64 run_jiffies;
	__u64 squeeze_seen; /* 1 + softnet_data.time_squeeze last read */
	__u64 softnet;	    /* address of softnet_data, 0: not known yet */
	__u32 run_ctx;	    /* enum napi_context of polls in this run */
	__u32 ksoftirqd;    /* pid, written by user space; 0: not known */
	__u32 run_raised;   /* NET_RX raised after the last poll: raise */
	__u32 run_vote; /* irq_vote that began it; the first poll takes it */

	/* line 1, polls: napi_poll (and the entry of __napi_poll) */
	__u64 mark_ts; /* where the next poll is timed from; 0: it is not */
	__u64 mark_irq_ns;
	__u64 mark_napi; /* != 0: the mark is this NAPI's own entry */
	__u64 poll_jiffies;
	__u64 run_work;	  /* work of this run; softirq_entry clears it */
	__u64 after_poll; /* the core still works on this NAPI */
	__u64 completing; /* inside napi_complete_done of this NAPI */
	__u64 watchdog;	  /* inside napi_watchdog of this NAPI */

	/* line 2, interrupt handlers: irq_handler_entry, irq_handler_exit */
	__u64 irq_ts; /* start, and while none runs the end; 0: it is not timed */
	/* sum of all handlers and traced vectors that what is timed may hold */
	__u64 irq_ns;
	__u64 irqs;
	__u32 irq_now;	/* 1 + irq whose handler runs, NAPI_IRQ_*; 0: none */
	__u32 irq_vote; /* 1 + the only irq since NET_RX or a vector, or ~0 */
	__u64 irq_handler_ns; /* device handlers alone */
	__u64 vector_ts;
	__u64 vectors;	/* timer and IPI vectors that were timed */
	__u64 raise_ts; /* NET_RX was raised and has not begun; 0: no */

	/* lines 3 to 6, per vector: softirq_entry counts, _exit times */
	__u64 vec_count[NAPI_VEC_ROOM];
	__u64 vec_ns[NAPI_VEC_ROOM];

	/* line 7, squeezes: softirq_exit */
	__u64 squeeze_budget;
	__u64 squeeze_time;
	__u64 squeeze_both;
	__u64 squeeze_work_left;
	__u64 squeeze_unsure; /* in squeeze_both, not certain */
	__u64 squeeze_unattributed;
	__u64 poll_from;  /* mark_ts of the poll that ended: trace */
	__u64 dql_stalls; /* dql_stall_detected */

	/* line 8, what was lost: each by the program it names */
	__u64 lost_polls;     /* napi_poll: no slot */
	__u64 lost_schedules; /* schedule and completion: no slot */
	__u64 lost_irqs;      /* irq_handler_exit: no slot */
	__u64 unmatched_runs; /* softirq_exit without its entry */
	__u64 unmatched_irqs; /* irq_handler_exit without its entry */
	__u64 cache_misses;   /* roughly: the hash was asked */
	__u64 lost_hists;     /* roughly: values without a histogram */
	__u32 raise_hist;     /* struct napi_hist: softirq_entry */
	__u32 net_rx_hist;    /* softirq_exit */

	/* line 9, the longest raise to entry of NET_RX, as in napi_hist, and
	 * the task that had the CPU then: softirq_entry */
	__u64 late_ns[2];
	__u64 late_epoch[2];
	char late_comm[2][NAPI_COMM];

	/* line 10, with --sample: softirq_entry, irq_handler_entry */
	struct napi_sample run_sample; /* NET_RX */
	struct napi_sample irq_sample;
	/* with NAPI_IRQ_INNER, of the handler that it runs in */
	__u64 outer_ts;	 /* irq_ts */
	__u32 outer_irq; /* irq_now */
	__u32 pad[7];

	__u32 slot_cache[NAPI_CACHE_SLOTS]; /* 1 + index, verified by the slot's key */
	__u32 irq_cache[NAPI_CACHE_IRQS]; /* the same */
	__u64 spare[8]; /* to a power of two: a CPU's is found by a shift */
};

/*
 * Numbers of namespaces begin here, and no napi_id will be as large: they are given
 * out in order.  include/linux/proc_fs.h, since 6.18 include/uapi/linux/nsfs.h.
 * Their cookies, which count up, are put there too.
 */
#define NAPI_ID_END 0xefffff00U
#define NAPI_NET_ID 0xf0000000U

/*
 * One per (NAPI, CPU) pair that occurred.  A driver may complete inside its
 * poll, so another CPU can poll the same NAPI before this CPU's event fires:
 * a slot per pair needs no atomics.
 */
struct napi_slot {
	/* line 0, all that a usual poll touches: napi_poll */
	__u64 napi;  /* address; written last, publishes the slot */
	__u64 ident; /* napi_id, without one the namespace | ifindex << 32 */
	__u32 cpu;
	__u32 rec;     /* index into napi_recs */
	__u32 seq;     /* odd while the napi_poll fields are changed */
	__u32 polling; /* the last poll here used up its budget */
	__u64 inline_polls;
	__u64 ksoftirqd_polls;
	__u64 work;
	__u64 poll_ns;

	/* line 1: napi_poll */
	__u64 threaded_polls;
	__u64 busy_polls;
	__u64 netpoll_polls;
	__u64 exhausted;
	__u64 empty;
	__u64 empty_ns;	    /* part of poll_ns: polls with work 0 */
	__u64 untimed_work; /* part of work: polls without a start mark */
	__u32 irq_vote;	    /* 1 + irq, by majority */
	__u32 irq_votes;

	/* line 2 */
	__u64 schedules;	/* __napi_schedule* */
	__u64 core_reschedules; /* __napi_schedule* */
	__u64 completions;	/* napi_complete_done entry */
	__u64 rearms;		/* napi_complete_done exit */
	__u64 residency_ns;	/* all of them */
	__u64 watchdog_polls;	/* napi_watchdog entry */
	__u64 sched_ns;		/* entry of __napi_poll */
	__u64 sched_polls;	/* entry of __napi_poll: parts of sched_ns */

	/* line 3: napi_poll */
	__u64 busy_exhausted; /* part of exhausted: in busy polls */
	__u64 inferred_polls; /* timed by difference in a tier that hooks entries */
	__u64 session_polls; /* since the last that ended a session */
	__u64 held_polls; /* part of threaded: did not end one, see poll_is_held */
	__u64 untimed_polls; /* in NET_RX or a thread, without a start mark */
	__u32 hists[NAPI_NR_HISTS]; /* 1 + index into napi_hists, 0: none yet */
	__u32 reuse; /* of its record, as long as it has this slot */
};

#define NAPI_DEV_NAME 16
#define NAPI_FUNC_NAME 48

/* One per NAPI instance: who it is, and its stay in poll mode. */
struct napi_rec {
	__u64 napi; /* address; written last, publishes the record */
	__u64 ident;
	__u64 dev;	  /* 0: the backlog of a CPU */
	__u64 sched_ts;	  /* __napi_schedule*; 0: no poll is waited for */
	__u64 session_ts; /* start of the stay in poll mode, 0: not in it */
	__u64 booked_ts;  /* residency_ns has the stay up to then */
	__u32 netns;	  /* inode number; user space follows moves */
	__u32 cpu;	  /* of the backlog; else where it was first seen */
	__s32 weight;
	__u32 session_polls; /* entries of __napi_poll since session_ts */

	char dev_name[NAPI_DEV_NAME];
	char poll_name[NAPI_FUNC_NAME]; /* "": not known to the kernel side */
	__u64 poll;			/* address of the poll function */
	__u32 reuse; /* how often it was given back; written by user space */
	__u32 pad0;
	__u64 pad[6];
};

#define NAPI_IRQ_NAME 32

/* One per (action, CPU): a shared line has several actions. */
struct irq_slot {
	__u64 action; /* address; written last, publishes the slot */
	__u32 irq;
	__u32 cpu;
	__u64 count; /* irq_handler_exit */
	__u64 ns;    /* irq_handler_exit */
	__u32 seq;   /* odd while count, ns and the histogram are changed */
	__u32 hist;  /* 1 + index into napi_hists, 0: none yet */
	__u64 pad0[3];

	/* line 1, who it is */
	char name[NAPI_IRQ_NAME];
	__u64 pad[4];
};

/*
 * A histogram, taken from a pool when its first value comes.  The largest value
 * is that of an epoch, which ends with each snapshot: there are two in turn, so
 * that none is lost that comes while they are read.
 */
struct napi_hist {
	__u64 sum;
	__u64 max[2];
	__u64 max_epoch[2]; /* of which epoch max is */
	__u64 pad[3];
	__u64 counts[HIST_BUCKETS];
};

/* raise_ts: in an interrupt, whose end will be the time. */
#define NAPI_RAISE_IN_IRQ 1

/* vector_ts: in it, and it is not timed. */
#define NAPI_VECTOR_UNTIMED 1

/* In a cell for a 1 + index: there was none left. */
#define NAPI_HIST_NONE (~0U)
/* --- trace ----------------------------------------------------------------- */

enum trace_type {
	TRACE_IRQ,	/* a handler returned */
	TRACE_RAISE,	/* a softirq was raised, perhaps once more */
	TRACE_SOFTIRQ,	/* a softirq ended */
	TRACE_SCHEDULE, /* __napi_schedule*, or the NAPI's timer */
	TRACE_POLL,	/* a poll ended */
	TRACE_COMPLETE, /* napi_complete_done returned */
	TRACE_SQUEEZE,	/* net_rx_action left its loop early */
	TRACE_NR,
};

enum trace_flag {
	TRACE_INFERRED = 1 << 0, /* poll: timed by difference */
	TRACE_CORE = 1 << 1, /* schedule, complete: the core's, not the driver's */
	TRACE_TIMER = 1 << 2,	/* schedule: by the NAPI's timer */
	TRACE_REARMED = 1 << 3, /* complete: interrupts are on again */
	TRACE_LEFT = 1 << 4,	/* squeeze: work was left behind */
};

/* trace_event.what of TRACE_SQUEEZE */
enum trace_squeeze {
	TRACE_SQUEEZE_UNKNOWN,
	TRACE_SQUEEZE_BUDGET,
	TRACE_SQUEEZE_TIME,
	TRACE_SQUEEZE_BOTH,
};

/* One event: a record of a CPU's ring, or an entry of its window. */
struct trace_event {
	__u64 ts;    /* of its end, or when it happened */
	__u64 start; /* 0: not known, or it takes no time */
	__u64 ns;    /* as in the counters: without interrupts in between */
	__u64 id; /* record of the NAPI | reuse << 32; address of the irq's action */
	__u32 index; /* window: 1 + position ever since */
	__u32 seq;   /* window: the index, once all of it is written */
	__u32 cpu;
	__u32 irq; /* 1 + irq: itself, or the handler that schedules */
	__s32 work;
	__s32 budget;
	__u8 type;
	__u8 what; /* vector; enum napi_context, trace_squeeze */
	__u8 flags;
	__u8 pad[5];
};

/* Why a window was kept: trace_cpu.due and .frozen. */
enum trace_why {
	TRACE_WHY_SQUEEZE = 1 << 0,
	TRACE_WHY_POLL = 1 << 1,
};

#define TRACE_FROZEN_HALF (1U << 31)

/*
 * One per possible CPU.  A window has two halves, and is written to one; with
 * a trigger the other one's turn comes, until user space has copied this one
 * and clears frozen.  That says in one word which half it is, and why: BPF has
 * no barrier that would keep two in order.
 */
struct trace_cpu {
	__u32 on; /* written by user space */
	__u32 due;
	__u32 half;   /* the one that is written to */
	__u32 frozen; /* trace_why of the one that waits | TRACE_FROZEN_HALF */
	__u32 head[2];
	__u64 lost; /* events without room, or without a ring */
	__u64 triggers;
	__u64 triggers_missed; /* came while the other half waited */
	__u64 records;	       /* roughly: when to wake user space */
	__u32 polled; /* this NET_RX run polled a NAPI that is asked for */
	__u32 pad;
};

/* The key of slot_of, rec_of (cpu == NAPI_ANY_CPU) and irq_of. */
struct napi_key {
	__u64 object; /* napi or action */
	__u64 ident;  /* as above; irq for an action */
	__u64 cpu;
};

#define NAPI_ANY_CPU (~0ULL)

_Static_assert(sizeof(struct napi_cpu) == 32 * NAPI_CACHELINE, "napi_cpu");
_Static_assert(sizeof(struct napi_slot) == 4 * NAPI_CACHELINE, "napi_slot");
_Static_assert(sizeof(struct napi_rec) == 3 * NAPI_CACHELINE, "napi_rec");
_Static_assert(sizeof(struct irq_slot) == 2 * NAPI_CACHELINE, "irq_slot");
_Static_assert(sizeof(struct napi_hist) % NAPI_CACHELINE == 0, "napi_hist");
_Static_assert(sizeof(struct trace_event) == NAPI_CACHELINE, "trace_event");
_Static_assert(sizeof(struct trace_cpu) == NAPI_CACHELINE, "trace_cpu");

#endif /* NAPI_TYPES_H */
