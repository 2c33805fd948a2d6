/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An interval whose rows are added up: CPUs, NAPIs and interrupts of each NUMA
 * node, or NAPIs and interrupts of each device.  Where a number is missing of some
 * rows the others add up, as everywhere; what is no sum, a percentile or a time per
 * packet, is computed anew.
 */
#ifndef MODEL_GROUP_H
#define MODEL_GROUP_H

#include "model/interval.h"

enum grouping {
	GROUP_NONE,
	GROUP_NODE,
	GROUP_DEV,
	NR_GROUPINGS,
};

/* The node of rows on a CPU whose node is not known. */
#define GROUP_NO_NODE (MISSING - 1)

/*
 * *out is replaced; it has a row as each of an interval, whose name is the group's.
 * A CPU's row has the node's number as its own, a NAPI's and an interrupt's has the
 * group's as its id, and its parts are on CPUs.  nodes: uint64_t by CPU, see
 * config_read_nodes().  By device CPUs stay what they are.  0 or -ENOMEM.
 */
int group_make(struct interval *out, const struct interval *iv,
	       enum grouping by, const struct table *nodes);

#endif /* MODEL_GROUP_H */
