/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the records of the trace programs, or of a recording, to events with
 * names.
 */
#ifndef COLLECT_NAMER_H
#define COLLECT_NAMER_H

#include "collect/loader.h"
#include "model/event.h"

struct namer {
	struct loader *loader; /* NULL: the events are of a recording */
	struct source *source; /* of snapshots, that have the names */
	struct event_filter filter;
	struct snapshot names;
	struct table irqs;   /* struct irq_row, sorted by id */
	struct table linked; /* uint64_t: irqs of the NAPIs asked for */
	bool found;	     /* one of those has been seen */
};

/* 0 or -errno, printed; of a recording, namer_take() is to follow. */
int namer_open(struct namer *n, struct loader *loader, struct source *source,
	       const struct event_filter *filter);
void namer_close(struct namer *n);

/*
 * Reads who is there now, and tells the programs which NAPIs are asked for.
 * 0 or -errno, printed.
 */
int namer_refresh(struct namer *n);
/* As if n->names, which has just been replaced, had been read. */
int namer_take(struct namer *n);

/*
 * Names an event; somebody new is looked for at once.  1 and *e is to be
 * shown, 0 when it was filtered out, or -errno, printed.
 */
int namer_decode(struct namer *n, const struct trace_event *raw, struct event *e);

/* Has a NAPI that is asked for been seen? */
bool namer_found(const struct namer *n);

/* Up to the last refresh: events that found no slot, and are not traced. */
uint64_t namer_lost_slots(const struct namer *n);
const struct host_row *namer_host(const struct namer *n);

#endif /* COLLECT_NAMER_H */
