/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of the running machine.  Each CPU has a ring of its own, in which
 * they stand roughly as they happened.  An event is held back for some time,
 * 20 ms by when it ended or 200 ms by when it began, and handed over sorted:
 * what comes even later (a longer softirq, a CPU that a hypervisor stopped) is
 * handed over when it comes, and counted.
 *
 * With a window per CPU nothing comes until one was kept: then a trigger, and
 * the last events of that CPU.
 */
#ifndef COLLECT_EVENTS_H
#define COLLECT_EVENTS_H

#include "collect/namer.h"

struct events;

/*
 * The loader was opened with a trace; snapshots, for names, come from source.
 * facts has what is known before the first event.  0 or -errno, printed.
 */
int events_open(struct events **out, struct loader *loader,
		struct source *source, const struct event_filter *filter,
		const struct trace_facts *facts);
struct event_source *events_source(struct events *ev);

/*
 * Readable when much has come: read then, and from time to time without it.
 * -1 with windows, which only time shows.
 */
int events_fd(const struct events *ev);

struct namer *events_namer(struct events *ev);

/* Reads from CPUs that came online, too: now and then.  0 or -errno. */
int events_follow_cpus(struct events *ev);

/* Detaches the programs: the next read() hands over what is left, all of it. */
void events_stop(struct events *ev);

#endif /* COLLECT_EVENTS_H */
