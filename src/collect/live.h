/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that reads the running machine. */
#ifndef COLLECT_LIVE_H
#define COLLECT_LIVE_H

#include "collect/loader.h"
#include "model/snapshot.h"

struct live_options {
	struct probe_wish wish;
	bool no_touch;	     /* send no datagram to learn addresses */
	unsigned int slots;  /* 0: by the number of CPUs */
	unsigned int settle; /* tries to read /proc and the maps as one */
};

struct live;

/* 0, or -errno after the error was printed. */
int live_open(struct live **out, const struct live_options *options);
struct source *live_source(struct live *live);
/* How often the next snapshots try to have /proc stand still. */
void live_set_settle(struct live *live, unsigned int tries);
/* For `probes`: what was found and chosen. */
const struct facts *live_facts(const struct live *live);
struct loader *live_loader(struct live *live);
const struct netdev *live_netdev(const struct live *live);
/* For `list`: the devices, and what netlink says of NAPIs, sorted by netdev_napi_cmp. */
const struct table *live_napis(const struct live *live);

#endif /* COLLECT_LIVE_H */
