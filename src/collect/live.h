/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that reads the running machine. */
#ifndef COLLECT_LIVE_H
#define COLLECT_LIVE_H

#include "collect/loader.h"
#include "model/snapshot.h"

struct live_options {
	struct probe_wish wish;
	bool no_touch;	  /* send no datagram to learn addresses */
	bool hists_later; /* histograms are measured when they are asked for */
	unsigned int slots; /* 0: by the number of CPUs */
	bool forget; /* only what grew from one snapshot to the next is asked for */
	struct loader_trace trace;
	unsigned int settle; /* tries to read /proc and the maps as one */
	bool details;	     /* snapshots have them: see details.h */
	bool dev_stats;	     /* snapshots have rx_ring_drops: see ethtool.h */
};

struct live;

/* 0, or -errno after the error was printed. */
int live_open(struct live **out, const struct live_options *options);
struct source *live_source(struct live *live);
/* How often the next snapshots try to have /proc stand still. */
void live_set_settle(struct live *live, unsigned int tries);
/* The next snapshot has details, read anew, and those after it have some. */
void live_renew_details(struct live *live, bool dev_stats);
/* From the next one on they have what they were opened to have. */
void live_end_details(struct live *live);
/*
 * BPF statistics, while the descriptor that this returns is open: until then the details
 * have the runs and times of programs.  -errno where CAP_SYS_ADMIN is missing.
 */
int live_time_programs(struct live *live);
/* Histograms from now on; nothing without wish.hists. */
void live_start_hists(struct live *live);
/*
 * Once in LIVE_KEEP_NS, where nothing is read: lets go of namespaces that nobody else
 * has, and where NAPIs come and go, those that are idle make room for new ones.
 */
#define LIVE_KEEP_NS 1000000000ULL
void live_keep(struct live *live);
/* For the events of `trace`. */
struct loader *live_loader(struct live *live);

#endif /* COLLECT_LIVE_H */
