/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names NAPI rows: device as it is called now, namespace, queue, irq, label. */
#ifndef COLLECT_NAMES_H
#define COLLECT_NAMES_H

#include "collect/netdev.h"
#include "model/snapshot.h"

/*
 * Completes every row of s->pairs from s->devs and napis (all sorted).  What
 * netlink says of an irq wins; else the link with the most votes does, if it
 * explains most stays in poll mode.
 */
void names_apply(const struct netdev *nd, struct snapshot *s,
		 const struct table *napis);

/*
 * The irq that the pairs of one NAPI, [first, end), have voted for; *exact: it was
 * seen, by one of them at least.  MISSING when none explains the NAPI's sessions.
 */
uint64_t names_elect(const struct napi_row *first, const struct napi_row *end,
		     bool *exact);

#endif /* COLLECT_NAMES_H */
