/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of total.c: actions of interrupts, told apart by irq and name.  What a line of
 * /proc/interrupts grows by is counted to those that live meanwhile.
 */
#ifndef MODEL_TOTAL_IRQ_H
#define MODEL_TOTAL_IRQ_H

#include "model/total.h"

struct total_irq {
	uint64_t irq;
	uint64_t id; /* total_irq_id() */
	uint64_t count_kernel;
	uint64_t grew_ns;  /* CLOCK_MONOTONIC, when it ran */
	uint64_t taken_ns; /* and when it was given what its line grew by */
	bool gone;	   /* to be forgotten */
};

/* For sum.irqs, which has the pairs of the interval already.  0 or -ENOMEM. */
int total_take_lines(struct total *t, const struct interval *iv,
		     const struct snapshot *now);
/*
 * Drops those that were idle for TOTAL_FORGET_NS and have no line any more, or one
 * that is another action's now.
 */
void total_forget_irqs(struct total *t, const struct snapshot *now);

#endif /* MODEL_TOTAL_IRQ_H */
