/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loads and attaches the BPF programs of a plan, and maps their arrays.  The
 * programs are detached when the loader closes, or when the process ends in
 * any way: nothing is pinned.
 */
#ifndef COLLECT_LOADER_H
#define COLLECT_LOADER_H

#include "collect/probes.h"
#include "napi_types.h"
#include "util/num.h"
#include "util/table.h"

struct napiscope_bpf;
struct bpf_link;

struct loader_sizes {
	unsigned int cpus;	/* possible CPUs: highest number + 1 */
	unsigned int slots;	/* (NAPI, CPU) pairs, and NAPIs */
	unsigned int irq_slots; /* (irq action, CPU) pairs */
	unsigned int hists;	/* histograms, at least 1 */
};

/* What `trace` wants of the programs.  All zero: nothing. */
struct loader_trace {
	uint32_t events;    /* 1 << enum trace_type */
	uint32_t window;    /* events kept per CPU, a power of two; 0: rings */
	uint64_t longer_ns; /* of events; with a window of polls that keep it */
	const struct cpuset *cpus;   /* NULL: all */
	const struct cpuset *online; /* those that get a ring */
};

/* A poll function that has a kprobe of its own. */
struct driver_poll {
	char name[NAPI_FUNC_NAME];
	struct bpf_link *link; /* NULL: it cannot be hooked */
	/* Polls whose entry was seen, and not, in all slots; and at the last look */
	uint64_t exact, inferred;
	uint64_t was_exact, was_inferred;
};

struct loader {
	struct napiscope_bpf *skel;
	struct bpf_link *links[NR_PROBES][PROBE_MAX_PROGRAMS];
	struct table driver_polls; /* struct driver_poll */
	struct probe_plan plan;
	struct loader_sizes sizes;
	struct loader_trace trace;
	bool in_net_rx_action; /* the kernel says itself that work is left */
	uint32_t listed_mask;  /* NAPIF_STATE_LISTED; 0: absent */
	bool stopped;
	uint64_t missed; /* when it was stopped */
	int *rings;	 /* descriptors by CPU, -1: none; NULL: no trace */
	unsigned int nr_rings;
	unsigned int slots_used; /* the highest that ever was, + 1 */
	unsigned int irqs_used;	 /* the same of irqs */
	/* the arrays, shared with the programs */
	struct napi_cpu *cpus; /* ksoftirqd and softnet may be written */
	struct napi_slot *slots; /* written by reclaim*.c alone, as the next three */
	struct napi_rec *recs;
	struct irq_slot *irqs;
	struct napi_hist *hists;
	struct probe_control *control;
	struct trace_cpu *trace_cpus; /* NULL: no trace; frozen may be cleared */
	const struct trace_event *trace_window;
};

/*
 * Loads and attaches.  When an optional probe cannot be attached after all,
 * the plan goes on without it and a warning says so.  0, or -errno after the
 * error was printed.
 */
int loader_open(struct loader *l, const struct facts *facts,
		const struct probe_plan *plan, const struct loader_sizes *sizes,
		const struct loader_trace *trace, bool ksoftirqd_by_comm);
void loader_close(struct loader *l);

/*
 * Detaches every program.  The arrays stay as they are: what was counted and
 * the events of it are the same from then on.
 */
void loader_stop(struct loader *l);
/* Programs that found no room look for some again. */
void loader_look_again(const struct loader *l);

/*
 * Runs that the kernel skipped because a program was re-entered, over all
 * programs; MISSING where the kernel does not count them (before 5.12), and
 * in the kprobe tier.
 */
uint64_t loader_missed(const struct loader *l);

/*
 * Histograms from now on, if the plan has them at all.  0 or -errno: raise_ns
 * cannot be had.
 */
int loader_start_hists(struct loader *l);

/* What the kernel says of a program; runs and ns only count while its BPF
 * statistics are on. */
struct loader_stats {
	uint64_t insns;	   /* after the verifier's rewriting */
	uint64_t verified; /* instructions the verifier walked (5.16), or 0 */
	uint64_t runs;
	uint64_t ns;
};

/* Of program i of a probe; false when it is not in use. */
bool loader_stats(const struct loader *l, enum probe_id id, unsigned int i,
		  struct loader_stats *stats);

/*
 * Tells the programs where softnet_data of each CPU is, from the addresses of
 * two kernel symbols.  0 or -errno; the address is then learned from the
 * first poll of each CPU's backlog.
 */
int loader_set_softnet(struct loader *l, uint64_t softnet_data,
		       uint64_t per_cpu_offset);

/*
 * Where there is no __napi_poll, for each slot in use: hooks its poll function, unless
 * that is done.  One that cannot be hooked is warned of.
 */
void loader_follow_poll(struct loader *l, const char *function,
			const struct napi_slot *slot);
/* After all slots: hooks those anew whose entries are seen no more. */
void loader_hook_again(struct loader *l);

/* Memory of the mapped arrays. */
size_t loader_bytes(const struct loader_sizes *sizes);

/*
 * A NAPI as it is now; its record learns the namespace, which changes when a
 * device is moved and keeps its NAPI.  0, -ENODEV: it is gone, or another -errno.
 */
int loader_inspect(struct loader *l, unsigned int rec, struct napi_inspect *out);

#endif /* COLLECT_LOADER_H */
