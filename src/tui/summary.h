/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the header says about an interval: the sums over all CPUs, and which
 * CPU and which NAPI on it had the most to do.
 */
#ifndef TUI_SUMMARY_H
#define TUI_SUMMARY_H

#include "model/interval.h"

struct summary {
	struct cpu_row sum; /* counters and derived numbers; no key */
	uint64_t squeezes;  /* of all kinds; MISSING: the split is not known */
	uint64_t unknown;   /* squeezes of CPUs where the split is not known */
	uint64_t lost;	    /* sum of the lost counters */
	const struct cpu_row *cpu;   /* the busiest, or NULL */
	const struct napi_row *napi; /* what it polled most, or NULL */
};

void summary_make(struct summary *s, const struct interval *iv);

#endif /* TUI_SUMMARY_H */
