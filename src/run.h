/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `top` and `report` share: taking intervals from a source and printing. */
#ifndef RUN_H
#define RUN_H

#include "model/interval.h"
#include "options.h"
#include "util/loop.h"

/* Two snapshots in turn and the interval between them. */
struct run {
	const struct options *options;
	struct source *source;
	struct loop *loop;
	struct snapshot snapshots[2];
	unsigned int latest;
	bool warned; /* that there is not room enough */
	struct interval interval;
};

/* Opens the source and takes the first snapshot.  0 or -errno, printed. */
int run_open(struct run *r, const struct options *options, struct source *source);
void run_close(struct run *r);

/* Reads on: 1 and r->interval is new, 0 at the end, or -errno, printed. */
int run_step(struct run *r);

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
