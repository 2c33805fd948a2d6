/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a reading, and whose NAPIs are whose: namespaces are looked for when a
 * NAPI has a device that none of the known ones has, and now and then.
 */
#ifndef COLLECT_DEVICES_H
#define COLLECT_DEVICES_H

#include <stdbool.h>

#include "collect/loader.h"
#include "collect/netdev.h"
#include "model/snapshot.h"

struct looked;

struct devices {
	struct netdev *netdev;
	struct loader *loader;
	struct looked *looked; /* by record */
	uint64_t scanned_ns;   /* when namespaces were last looked for */
	bool named, warned;    /* they could be read, and then could not */
	bool strict; /* no reading without them: its rows go by names */
};

/* The loader's sizes are known.  0 or -ENOMEM; fini in either case. */
int devices_init(struct devices *d, struct netdev *netdev, struct loader *loader);
void devices_fini(struct devices *d);

/*
 * Fills s->devs and s->told, with the statistics of drivers where those are wanted, and
 * names the rows that are there.  0 or -errno: only of the first reading, unless strict;
 * later what cannot be read is missing, and that is said.
 */
int devices_read(struct devices *d, struct snapshot *s, bool stats);

#endif /* COLLECT_DEVICES_H */
