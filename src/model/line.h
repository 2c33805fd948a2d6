/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of /proc/interrupts: what the kernel counted of an interrupt. */
#ifndef MODEL_LINE_H
#define MODEL_LINE_H

struct interval;
struct snapshot;

/* Of the lines that grew from a to b, those of which nobody knows it: MISSING. */
int lines_settle(struct interval *iv, const struct snapshot *a,
		 const struct snapshot *b);

/* The count and the flow of each irq, over all CPUs. */
void irqs_add_lines(struct interval *iv);

#endif /* MODEL_LINE_H */
