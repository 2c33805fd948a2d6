/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The windows of `trace --around-squeeze`: the last events of each CPU. */
#ifndef COLLECT_WINDOW_H
#define COLLECT_WINDOW_H

#include "collect/loader.h"

/* What was taken out of one. */
struct window {
	unsigned int cpu;
	uint32_t why;	     /* enum trace_why */
	uint64_t torn;	     /* entries that were not whole */
	struct table events; /* struct trace_event, at most trace.window */
};

/*
 * The first CPU from *cpu on whose window was kept: copies what is new in it
 * and lets the programs have it back.  1, 0 when there is none, or -ENOMEM.
 * copied has two words a CPU, zero at first.  w->events is initialised once.
 */
int window_take(struct loader *l, uint32_t *copied, unsigned int *cpu,
		struct window *w);

#endif /* COLLECT_WINDOW_H */
