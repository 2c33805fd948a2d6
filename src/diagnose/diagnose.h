/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules over what was measured, and what they say of it. */
#ifndef DIAGNOSE_DIAGNOSE_H
#define DIAGNOSE_DIAGNOSE_H

#include <stdio.h>

#include "model/finding.h"
#include "model/interval.h"
#include "model/select.h"

/* What there is to judge. */
struct diagnosis {
	const struct interval *iv;
	const struct snapshot *first; /* of the interval: settings as they were */
	const struct snapshot *last; /* and as they are; told, states, probes */
	/*
	 * What findings are wanted of, NULL: all.  The machine has to be whole: a
	 * part of it is no fair sample, and one CPU always has all of the load.
	 */
	const struct selection *selection;
};

/* Replaces *v.  0 or -ENOMEM. */
int diagnose(const struct diagnosis *d, struct verdict *v);

/* Every rule: what it looks for, what it needs, its thresholds and why those. */
void diagnose_print_rules(FILE *out);

#endif /* DIAGNOSE_DIAGNOSE_H */
