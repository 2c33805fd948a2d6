/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a recording, as they were handed over when it was made, between
 * the same snapshots.  A view that wants them in the other order gets them sorted
 * within 200 ms, or within a window.
 */
#ifndef COLLECT_EVENTS_REPLAY_H
#define COLLECT_EVENTS_REPLAY_H

#include "collect/replay.h"
#include "collect/tee.h"

/*
 * Reads up to where the events begin; r stays the caller's, and so does tee (NULL:
 * none), which gets the snapshots between them.  0, or -errno after
 * the error was printed: -ENODATA, trace did not make it.
 */
int events_replay_open(struct event_source **out, struct replay *r,
		       struct tee *tee, const char *path,
		       const struct event_filter *filter, bool by_start);

#endif /* COLLECT_EVENTS_REPLAY_H */
