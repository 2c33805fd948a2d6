/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `report` and `diagnose` share: watching for a time, live or in a
 * recording, for one long interval or for one after the other.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "run.h"

/* Of the live machine, where no --duration is given. */
#define WATCH_DURATION_NS 10000000000ULL

struct watch {
	struct run *run;
	uint64_t duration_ns; /* 0: a recording, all of it */
	bool between; /* read each --interval too, not only at its end */
	bool details; /* those at the end are read then: see details.h */
	/* After each reading: 0, or -errno, printed.  NULL: nothing to do. */
	int (*read)(void *arg);
	/*
	 * The time is over, what run_make() makes is the interval of it:
	 * LOOP_CONTINUE, to watch for another, or a result <= 0.  NULL: 0.
	 */
	int (*over)(void *arg);
	void *arg;
	uint64_t due_ns; /* the next reading, CLOCK_MONOTONIC */
	bool last;	 /* the next reading is at the end */
	bool signalled;	 /* that is why it ended */
};

/*
 * Returns 0 when the time was over, the recording at its end, or a signal came:
 * the run then has what was read since (run_make()).  Or -errno, printed.
 */
int watch_run(struct watch *w);

#endif /* WATCH_H */
