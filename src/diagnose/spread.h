/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules about load on one CPU have in common. */
#ifndef DIAGNOSE_SPREAD_H
#define DIAGNOSE_SPREAD_H

#include "diagnose/rule.h"

/* What puts the load there is the reason for all that it does there. */
#define ROOT_SPREAD 3

/* What not to change. */
extern const char spread_no_budget[];

/* The CPU that has most of the receive work, and a lot of it; or NULL. */
const struct cpu_row *spread_cpu(const struct context *c);
enum severity spread_severity(const struct context *c, const struct cpu_row *cpu);
void spread_evidence(const struct context *c, struct finding *f,
		     const struct cpu_row *cpu);

#endif /* DIAGNOSE_SPREAD_H */
