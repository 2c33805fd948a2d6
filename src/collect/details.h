/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The details of a snapshot: configuration, states of NAPIs, probes and what
 * their programs cost.  Read when the source opens and again every ten
 * seconds; in between a snapshot has those that were read last.
 */
#ifndef COLLECT_DETAILS_H
#define COLLECT_DETAILS_H

#include "collect/loader.h"
#include "collect/netdev.h"
#include "model/snapshot.h"

struct details {
	struct snapshot kept; /* its tables of details */
	uint64_t read_ns;     /* when; 0: not yet */
	bool timed;	      /* the kernel keeps statistics of programs */
};

void details_init(struct details *d);
void details_fini(struct details *d);

/* Fills those tables of s; the others are there.  0 or -ENOMEM. */
int details_read(struct details *d, struct loader *l, const struct facts *facts,
		 const struct netdev *nd, struct snapshot *s);

#endif /* COLLECT_DETAILS_H */
