/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule is given, and what rules have in common: shares, names, sets. */
#ifndef DIAGNOSE_CONTEXT_H
#define DIAGNOSE_CONTEXT_H

#include <stdbool.h>

#include "diagnose/diagnose.h"
#include "diagnose/limits.h"
#include "model/config.h"
#include "util/num.h"

struct rule;

/*
 * CPUs that softirqs may be given: online, and neither isolated nor without a tick,
 * which are somebody's alone.  And the node of each, whatever it is.
 */
struct context_cpus {
	struct cpuset online;
	struct cpuset isolated;
	struct cpuset partitioned; /* isolated, by a cpuset */
	struct cpuset tickless;
	struct cpuset meant; /* for interrupts, by the command line; empty: all */
	unsigned int end;    /* of those that may be given; 0: none may */
	struct table nodes; /* uint64_t by CPU; MISSING: not known */
	struct table cores; /* struct context_core by CPU */
};

struct context_core {
	uint64_t first;	    /* thread of this CPU's core */
	uint64_t net_rx_ns; /* of the other ones */
	unsigned int given; /* interrupts that a fix moves here */
};

struct context {
	const struct diagnosis *d;
	const struct interval *iv;
	const struct rule *rule;
	struct verdict *verdict;
	struct context_cpus cpus;
	bool failed; /* memory is out */
	/* What the rule could not look at: it is not clear, whatever else it saw. */
	char unseen[ROW_WHY];
	struct finding spare;
};

/* "eth0", or "eth0@netns" */
#define DEV_ROOM (ROW_NAME + ROW_NETNS)
/* "0-3,8", a mask of up to 896 CPUs, or commands about a few things. */
#define CPUS_ROOM 256
/* A list of CPUs as the kernel writes it: every other one of 512. */
#define LIST_ROOM 2048

/* What all rules look up.  0 or -ENOMEM; fini in either case. */
int context_init_cpus(struct context *c);
void context_fini_cpus(struct context *c);

/*
 * A finding of this rule, to be filled in; never NULL.  cpu is MISSING where it
 * happens in no one place.
 */
struct finding *context_add(struct context *c, enum severity severity,
			    const char *kind, const char *subject, uint64_t cpu);
struct finding *context_add_cpu(struct context *c, enum severity severity,
				uint64_t cpu);
struct finding *context_add_napi(struct context *c, enum severity severity,
				 const struct napi_row *n);
struct finding *context_add_dev(struct context *c, enum severity severity,
				const struct dev_row *dev, uint64_t cpu);
/* What happens on a CPU, and is one device's. */
struct finding *context_add_cpu_of(struct context *c, enum severity severity,
				   uint64_t cpu, const char *dev,
				   const char *netns);
/* Of whatever kind it is, it is of this device alone. */
void finding_set_about(struct finding *f, const char *dev, const char *netns);

/* --- numbers: 0 for what is missing ------------------------------------------ */

double context_pct(const struct context *c, uint64_t ns);
double context_rate(const struct context *c, uint64_t count);
double part_pct(uint64_t part, uint64_t whole);
static inline uint64_t known(uint64_t value)
{
	return value == MISSING ? 0 : value;
}

/* --- rows -------------------------------------------------------------------- */

const struct cpu_row *context_cpu(const struct context *c, uint64_t cpu);
/* NET_RX of a CPU, in percent of it; 0 where it is missing. */
double cpu_net_rx_pct(const struct context *c, const struct cpu_row *cpu);
/* The same with the polls of threads, where they are timed. */
double cpu_polling_pct(const struct context *c, const struct cpu_row *cpu);
/*
 * What softirqs could have besides: idle time, and that of tasks in user mode, which
 * give way, but not to threads.  MISSING: nobody knows.
 */
uint64_t cpu_left_ns(const struct context *c, const struct cpu_row *cpu);
/* Not full of NET_RX, and softirqs could have more.  NULL is a CPU nobody knows. */
bool cpu_has_time(const struct context *c, const struct cpu_row *cpu);
/* The same for threads, which take turns with tasks. */
bool cpu_is_idle(const struct context *c, const struct cpu_row *cpu);
/* The CPU with the most NET_RX time; NULL: none has any. */
const struct cpu_row *context_top_cpu(const struct context *c);
/* The NAPI with the most polling time on a CPU, its row of that CPU, or NULL. */
const struct napi_row *context_top_napi(const struct context *c, uint64_t cpu);
/* Over all CPUs. */
const struct napi_row *context_napi(const struct context *c, uint64_t id);
/* The CPU where a NAPI did most of its work; MISSING: nowhere. */
uint64_t context_home(const struct context *c, const struct napi_row *n);
const struct dev_row *context_dev(const struct context *c,
				  const struct napi_row *n);
bool napi_is_of(const struct napi_row *n, const struct dev_row *dev);
bool napi_is_backlog(const struct napi_row *n);
/* Do threads or busy pollers most of its polls, wherever its interrupt goes? */
bool napi_is_hidden(const struct napi_row *n);
/* Does it have any, polled or not?  Bonds and the like have none. */
bool dev_has_napi(const struct context *c, const struct dev_row *dev);
/* Does its driver's name begin so? */
bool dev_is_driven_by(const struct context *c, const struct dev_row *dev,
		      const char *driver);
/*
 * 99th percentile of raise to entry; MISSING with so few values that it would be their
 * maximum.
 */
uint64_t cpu_late_p99(const struct context *c, const struct cpu_row *cpu);
/* Median of schedule to poll; MISSING with so few values that a stall makes it. */
uint64_t napi_wait_median(const struct context *c, const struct napi_row *n);
/* NET_RX runs of at least ns. */
uint64_t cpu_long_runs(const struct context *c, const struct cpu_row *cpu,
		       uint64_t ns);
/* Ring drops that anybody counts; MISSING: nobody does. */
uint64_t dev_ring_drops(const struct context *c, const struct dev_row *dev);
/* A kernel whose softirqs are tasks': they wait for others, user mode or not. */
bool context_is_realtime(const struct context *c);

/* --- names ------------------------------------------------------------------- */

void dev_name(const struct dev_row *dev, char name[DEV_ROOM]);
const char *napi_name(const struct napi_row *n, char name[DEV_ROOM]);
/* Major and minor as one number: 6.12 is 612; 0: not known. */
unsigned int context_kernel(const struct context *c);

/* --- settings ---------------------------------------------------------------- */

/* A device's setting; NULL or MISSING: not known. */
const char *dev_setting(const struct context *c, const struct dev_row *dev,
			const char *what);
uint64_t dev_number(const struct context *c, const struct dev_row *dev,
		    const char *what);
/*
 * A setting that may be longer than a row, and then goes on in others: see
 * config_add().  False: it is not known, or too long.
 */
bool context_text(const struct context *c, const char *path,
		  char text[LIST_ROOM]);
/* Rx queues that it has, and that it could have; MISSING: not known. */
uint64_t dev_queues(const struct context *c, const struct dev_row *dev);
uint64_t dev_queues_max(const struct context *c, const struct dev_row *dev);
/* What the kernel tells of a NAPI (6.8, its deferral 6.13); NULL: nothing. */
const struct told_row *napi_told(const struct context *c,
				 const struct napi_row *n);
/*
 * Have all NAPIs of a device its own deferral of interrupts, as far as is known?  A
 * write to the device's replaces that of each.
 */
bool napis_defer_alike(const struct context *c, const struct dev_row *dev);
uint64_t cpu_node(const struct context *c, uint64_t cpu);
/* As firmware says it: 10 is the node itself.  Not known: 10, or far more. */
uint64_t node_distance(const struct context *c, uint64_t from, uint64_t to);
/* Is an interrupt's effective affinity (else its affinity) known, and is cpu in
 * it? */
bool irq_affinity_known(const struct context *c, uint64_t irq);
bool irq_may_run_on(const struct context *c, uint64_t irq, uint64_t cpu);
/* The same of the affinity that is set, which a move may not have reached yet. */
bool irq_is_meant_for(const struct context *c, uint64_t irq, uint64_t cpu);
/* The setting itself; false: it is not known, or too long. */
bool irq_affinity(const struct context *c, uint64_t irq, char text[LIST_ROOM]);
bool irqbalance_runs(const struct context *c);

/*
 * The free CPU with the most time left, on node (MISSING: any), not skip, and not
 * another thread of its core if one elsewhere has any; idle ones come first.  Time
 * that the other threads of its core receive in, and half a CPU for each interrupt that
 * was given to it, it has not.  MISSING: none has any.
 */
uint64_t context_idlest_cpu(const struct context *c, uint64_t node,
			    uint64_t skip);
/* An interrupt will be moved there: the next one had better go elsewhere. */
void context_give_cpu(struct context *c, uint64_t cpu);
/*
 * CPUs for interrupts on node (MISSING: any): first the first threads of cores with
 * time left, then the others, those with most time first.  What relieved receives in
 * (MISSING: none) it will have.  At most room, how many.
 */
unsigned int context_best_cpus(const struct context *c, uint64_t node,
			       uint64_t relieved, uint64_t *cpus,
			       unsigned int room);
unsigned int context_nr_cpus(const struct context *c, uint64_t node,
			     uint64_t skip);
/* Those that are the first thread of their core. */
unsigned int context_nr_cores(const struct context *c, uint64_t node);
/*
 * The CPU that an RPS mask is to leave out: that of the interrupt, which has enough
 * to do.  MISSING where one other is all there is: a mask of that one would only
 * move the load.
 */
uint64_t context_rps_skip(const struct context *c, uint64_t cpu);
/*
 * All of those as a mask for rps_cpus: "f", "ff,ffffffff"; "": there is no room.  CPUs
 * without time are left out while two others are there; busy is the one whose time
 * goes to what is spread.
 */
void context_mask(const struct context *c, uint64_t node, uint64_t skip,
		  uint64_t busy, char mask[CPUS_ROOM]);

#endif /* DIAGNOSE_CONTEXT_H */
