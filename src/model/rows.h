/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of a snapshot and of an interval, one structure a scope.  In a
 * snapshot a counter is its value since the probes were attached (kernel
 * counters: since boot), in an interval its growth.  Every member that anybody
 * sees stands in the field table (field.c); to add a number, add a member
 * here and a row there.
 *
 * Numbers are uint64_t.  What could not be had is MISSING, which is not zero:
 * "-" on the screen, absent from JSON.
 */
#ifndef MODEL_ROWS_H
#define MODEL_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "napi_types.h"

#define MISSING UINT64_MAX

/* Longest names: a device in another network namespace, an irq action. */
#define ROW_NAME 72
#define ROW_NETNS 64
#define ROW_FLOW 16
#define ROW_STATES 96
#define ROW_WHY 160

struct cpu_row {
	uint64_t cpu;
	/* traced */
	uint64_t softirqs[NAPI_NR_VECS];
	uint64_t softirq_vec_ns[NAPI_NR_VECS];
	uint64_t hardirqs;
	uint64_t hardirq_ns;
	uint64_t squeeze_budget;
	uint64_t squeeze_time;
	uint64_t squeeze_both;
	uint64_t squeeze_work_left;
	uint64_t dql_stalls;
	/* the kernel's own */
	uint64_t softirqs_kernel[NAPI_NR_VECS];
	uint64_t softnet_processed;
	uint64_t softnet_dropped;
	uint64_t softnet_squeezed;
	uint64_t softnet_rps;
	uint64_t softnet_flow_limit;
	uint64_t stat_user_ns; /* /proc/stat: sampled by the tick */
	uint64_t stat_system_ns;
	uint64_t stat_softirq_ns;
	uint64_t stat_irq_ns;
	uint64_t stat_steal_ns;
	uint64_t stat_idle_ns;
	/* summed over the NAPIs polled there, by interval_make() */
	uint64_t polls;
	uint64_t work;
	uint64_t exhausted;
	uint64_t ksoftirqd_polls;
	uint64_t poll_ns;
	/* from the vectors */
	uint64_t softirq_ns;
	uint64_t net_rx_runs;
	uint64_t net_rx_ns;
	uint64_t net_tx_ns;
	/* from histograms */
	uint64_t raise_p99_ns;
	uint64_t net_rx_p99_ns;
	/* traced with histograms: the longest raise to entry of NET_RX since
	 * the snapshot before, and the task that had the CPU at that entry */
	uint64_t late_ns;
	char late_comm[NAPI_COMM];
};

/* Which bits of napi_row.inferred say that a field was not seen but inferred. */
enum napi_inferred {
	INFERRED_SESSIONS = 1 << 0,
	INFERRED_IRQ = 1 << 1,
	INFERRED_POLL_NS = 1 << 2,
};

/*
 * The row of a CPU that has what NAPIs counted there that have no row any more:
 * they were idle, and others needed the room.
 */
#define NAPI_GONE (MISSING - 1)
#define NAPI_GONE_LABEL "gone"
/* The same of actions, of each irq and CPU: no action is there. */
#define IRQ_GONE(irq) (NAPI_GONE - (irq))
/*
 * Addresses of the kernel begin with ones: there the id of an action has how often its
 * room was given back.  Events have the address itself.
 */
#define IRQ_AGAIN_SHIFT 52
#define IRQ_ACTION(id) ((id) & ((1ULL << IRQ_AGAIN_SHIFT) - 1))

/*
 * A NAPI on one CPU in a snapshot and in interval.pairs (cpu set), a NAPI
 * over all CPUs in interval.napis (cpu MISSING).
 */
struct napi_row {
	uint64_t id;  /* unique in its source, never reused; NAPI_GONE */
	uint64_t cpu; /* MISSING: all */
	/* who it is */
	char label[ROW_NAME];  /* dev/queue, dev#id, poll function, backlog */
	char dev[ROW_NAME];    /* "": the backlog, or a dummy device */
	char netns[ROW_NETNS]; /* "": the tool's own */
	char poll_func[NAPI_FUNC_NAME];
	uint64_t netns_ino;
	uint64_t ifindex;
	uint64_t napi_id;
	uint64_t queue;
	uint64_t irq;
	uint64_t irq_votes; /* for this irq; UINT32_MAX: it was seen */
	uint64_t weight;
	uint64_t backlog_cpu; /* MISSING: not a backlog */
	uint64_t inferred;    /* enum napi_inferred */
	uint64_t exact;	      /* bool: __napi_poll was hooked */
	/* traced */
	uint64_t inline_polls;
	uint64_t ksoftirqd_polls;
	uint64_t threaded_polls;
	uint64_t busy_polls;
	uint64_t netpoll_polls;
	uint64_t work;
	uint64_t empty;
	uint64_t exhausted;
	uint64_t poll_ns;
	uint64_t empty_ns;
	uint64_t untimed_work;
	uint64_t untimed_polls;
	uint64_t schedules;
	uint64_t core_reschedules;
	uint64_t completions;
	uint64_t rearms;
	uint64_t watchdog_polls;
	uint64_t sched_ns;
	uint64_t sched_polls;
	uint64_t residency_ns;
	uint64_t sessions;
	/* computed by interval_make() */
	uint64_t polls;
	uint64_t ns_per_packet;
	uint64_t work_per_poll_milli; /* thousandths */
	uint64_t poll_p99_ns;	      /* from histograms */
	uint64_t sched_p99_ns;
	uint64_t residency_p99_ns;
};

/*
 * One action of an irq on one CPU; over all CPUs in interval.irqs.  The last
 * three members are filled in by interval_make(), two from the irq's lines, and in
 * totals by total.c.
 */
struct irq_row {
	uint64_t id; /* of the action, unique in its source; IRQ_GONE */
	uint64_t irq;
	uint64_t cpu; /* MISSING: all */
	char name[ROW_NAME];
	uint64_t count;
	uint64_t ns;
	char flow[ROW_FLOW]; /* "edge", "level", "fasteoi" ...; "": unknown */
	/* /proc/interrupts, of the whole line; missing of IRQ_GONE */
	uint64_t count_kernel;
	uint64_t p99_ns; /* from the histogram */
};

/*
 * A count of /proc/interrupts: one irq on one CPU.  Zeros have no row, but for
 * the first CPU of a line: an irq without any row has no line.
 */
struct line_row {
	uint64_t irq;
	uint64_t cpu;
	char flow[ROW_FLOW];
	uint64_t count;
};

struct dev_row {
	uint64_t netns_ino;
	uint64_t ifindex;
	char dev[ROW_NAME];
	char netns[ROW_NETNS];
	uint64_t xdp; /* XDP_ATTACHED_*: how a program is attached; 0: none */
	/* the kernel's own (rtnl stats64) */
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t rx_dropped;
	uint64_t rx_missed;
	uint64_t rx_fifo;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t tx_dropped;
	/* the driver's own (ethtool -S), only for those who ask */
	uint64_t rx_ring_drops;
	/* summed over its NAPIs by interval_make() */
	uint64_t polls;
	uint64_t work;
	uint64_t exhausted;
	uint64_t poll_ns;
};

/* What is not in the numbers above.  All zero: nothing was lost. */
struct lost_row {
	uint64_t slots;
	uint64_t missed;
	uint64_t unmatched;
	uint64_t squeeze_unsure;
	uint64_t squeeze_unattributed;
	uint64_t hists;
	uint64_t events;
};

/* What netlink tells of a NAPI (napi-get and queue-get, 6.8). */
struct told_row {
	uint64_t netns_ino;
	uint64_t napi_id;
	uint64_t ifindex;
	uint64_t irq;
	uint64_t pid;	/* of its thread */
	uint64_t queue; /* lowest rx queue, or lowest tx queue if it has none */
	uint64_t is_tx; /* 1: it serves tx queues only */
	uint64_t defer_hard_irqs;
	uint64_t gro_flush_timeout_ns;
};

/* A NAPI that was looked at in the kernel's memory, now and then. */
struct state_row {
	uint64_t id;		 /* as in struct napi_row */
	uint64_t thread;	 /* pid of its thread, 0: none */
	char states[ROW_STATES]; /* "SCHED,MISSED"; "": idle */
};

/* A probe of the plan: is it on, and why not. */
struct probe_row {
	uint64_t id; /* in the order of attaching */
	char name[24];
	char gives[ROW_WHY];
	char why[ROW_WHY];
	uint64_t required;
	uint64_t on;
};

/* One attached program of a probe, and what it has cost so far. */
struct program_row {
	uint64_t id; /* in the order of probes */
	uint64_t probe;
	char name[32];
	char target[48];
	uint64_t insns;
	uint64_t verified; /* instructions the verifier walked; 0: not known */
	uint64_t runs;	   /* MISSING: the kernel keeps no statistics now */
	uint64_t ns;
};

/* A setting of the machine: see config.h. */
struct config_row {
	char path[88];
	char value[168];
};

/* The machine and the run; the same for all rows. */
struct host_row {
	char host[ROW_NAME];
	char kernel[ROW_NAME];
	char tier[16];
	char tier_reason[ROW_WHY]; /* why no better one */
	uint64_t netdev_budget;
	uint64_t netdev_budget_usecs;
	uint64_t hz;
	uint64_t nr_cpus;     /* online */
	uint64_t settled;     /* 1: /proc and the maps are of one instant */
	uint64_t events;      /* probe programs run; MISSING: not known */
	uint64_t self_cpu_ns; /* own user-space CPU time */
	uint64_t napi_get; /* 1: the kernel tells of NAPIs (struct told_row) */
	uint64_t sample; /* one NET_RX run of so many was timed; MISSING: each */
	/* room and use of the programs' arrays */
	uint64_t slots;
	uint64_t irq_slots;
	uint64_t map_bytes;
	uint64_t possible_cpus;
	uint64_t softnet_known; /* CPUs whose softnet_data is known */
	uint64_t cache_misses;
	/* the kernel's own: UDP and UDP over IPv6, of the tool's namespace */
	uint64_t udp_in_datagrams;
	uint64_t udp_in_errors;
	uint64_t udp_rcvbuf_errors;
};

/* What to ask for with --slots where events found no room: twice what there was. */
uint64_t host_more_slots(const struct host_row *host);

int cpu_row_cmp(const void *a, const void *b);
int napi_row_cmp(const void *a, const void *b);
int irq_row_cmp(const void *a, const void *b);
/* The end of the rows, over all CPUs, that share an irq; ran: one of them ran. */
const struct irq_row *irqs_of_line(const struct irq_row *first,
				   const struct irq_row *end, bool *ran);
/* Poll time of two rows, of which one may have none that could be timed. */
uint64_t poll_ns_add(uint64_t a, uint64_t polls_a, uint64_t b, uint64_t polls_b);
/*
 * Every handler of a shared irq runs: one that did not, where another ran, is of an
 * action that was freed, and the irq another one's.
 */
bool irq_is_dead(const struct irq_row *irq, bool ran);
int line_row_cmp(const void *a, const void *b);
int dev_row_cmp(const void *a, const void *b);
int told_row_cmp(const void *a, const void *b);
int state_row_cmp(const void *a, const void *b);
int probe_row_cmp(const void *a, const void *b);
int program_row_cmp(const void *a, const void *b);
int config_row_cmp(const void *a, const void *b);

#endif /* MODEL_ROWS_H */
