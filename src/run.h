/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `top` and `report` share: taking intervals from a source and printing. */
#ifndef RUN_H
#define RUN_H

#include "model/interval.h"
#include "options.h"
#include "session.h"
#include "util/loop.h"

/*
 * Two snapshots of the whole machine in turn, the one before the last, and the
 * interval between them of the devices and CPUs that were asked for.
 */
struct run {
	const struct options *options;
	struct session *session;
	struct loop *loop;
	struct snapshot snapshots[2];
	struct snapshot before;	   /* the last but one that run_skip() read */
	struct snapshot chosen[2]; /* of two of them, what was asked for */
	unsigned int latest;
	bool has_next; /* the other one is newer */
	bool has_before;
	bool warned;	  /* that there is not room enough */
	bool warned_gone; /* that a device's numbers are too low for it */
	bool whole;	  /* the intervals are of the whole machine */
	bool sought; /* a device that no snapshot of the recording had so far */
	struct interval interval;
};

/* Takes the first snapshot of the session.  0 or -errno, printed. */
int run_open(struct run *r, struct session *session);
void run_close(struct run *r);

/* Reads on: 1 and r->interval is new, 0 at the end, or -errno, printed. */
int run_step(struct run *r);

/*
 * For one long interval: run_skip() reads on without making one (1, 0 at the
 * end, or -errno, printed), run_make() makes that from the first snapshot to
 * the last (1, 0: there is only one, or -errno, printed).
 */
int run_skip(struct run *r);
int run_make(struct run *r);
/* When all was read: 0, or -ENODEV after it was said that --dev came in none of it. */
int run_found(const struct run *r);
/* -ENODATA, after it was said that the recording has no interval; or as above. */
int run_too_short(const struct run *r);

/* How fast a recording is read that nobody watches: as fast as it goes. */
#define RUN_AT_ONCE_NS 1000

/* The interval between the last two readings into iv; 0 or -ENOMEM. */
int run_part(struct run *r, struct interval *iv);
/* Time from the first snapshot to the last that run_skip() read. */
uint64_t run_elapsed_ns(const struct run *r);

/*
 * Writes r->interval to standard output.  0, or -errno after it was printed
 * (-EPIPE silently: the reader has seen enough).
 */
int run_print(struct run *r, const struct view_options *view);

/* SIGINT, SIGTERM, SIGHUP and SIGQUIT end the loop through handler. */
int run_add_signals(struct run *r, loop_count_handler handler, void *arg);

/* Columns of the terminal, or of $COLUMNS, else 132. */
unsigned int run_width(void);

#endif /* RUN_H */
