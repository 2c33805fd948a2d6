/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What intervals add up to, for those who count for months.  Rows are told apart
 * by names alone, of a device, its queue, an interrupt: a driver that was
 * reloaded goes on where it was.  The kernel's own counters are as they are now, but
 * for those of /proc/interrupts, which begin anew: what they grow by is added up.
 */
#ifndef MODEL_TOTAL_H
#define MODEL_TOTAL_H

#include "model/interval.h"

/* The label of what NAPIs without a place of their own have in common. */
#define TOTAL_OTHER "other"
/* A NAPI that did nothing for so long, and whose device is gone, is forgotten. */
#define TOTAL_FORGET_NS 3600000000000ULL
/* How often it is asked whether it is. */
#define TOTAL_ASK_NS 60000000000ULL

struct total {
	/* As a snapshot of the live machine, with ids that follow from names. */
	struct snapshot sum;
	uint64_t ns;	   /* length of all intervals */
	size_t max_napis;  /* with a place of their own; so many devices, too */
	bool hists_by_dev; /* histograms of NAPIs have the id of their device */
	struct table names; /* struct total_name: NAPIs that have one, by id */
	struct table ids;   /* struct total_id: of the last interval's NAPIs */
	struct table ids_before; /* the same, of the one before */
	struct table devs;  /* struct total_dev: sums of their NAPIs, by name */
	struct table irqs;  /* struct total_irq */
	struct table fresh; /* rows of one kind that sum did not have */
	struct table gone;  /* uint64_t: ids to forget */
};

void total_init(struct total *t, size_t max_napis, bool hists_by_dev);
void total_fini(struct total *t);
/* The id of a device's histograms. */
uint64_t total_dev_id(const char *netns, const char *dev);
/* now is the snapshot at the end of iv.  0 or -ENOMEM. */
int total_add(struct total *t, const struct interval *iv,
	      const struct snapshot *now);

#endif /* MODEL_TOTAL_H */
