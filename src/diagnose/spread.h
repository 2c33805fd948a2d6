/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rules about load on one CPU have in common. */
#ifndef DIAGNOSE_SPREAD_H
#define DIAGNOSE_SPREAD_H

#include "diagnose/rule.h"

/* What puts the load there is the reason for all that it does there. */
#define ROOT_SPREAD 3

/* What not to change. */
extern const char spread_no_budget[];

/* Judges each CPU that receives a lot while another one has time and does not. */
void spread_each_cpu(struct context *c,
		     void (*judge)(struct context *c, const struct cpu_row *cpu));
/* Is nearly all work of the device on this CPU? */
bool spread_is_all(const struct context *c, const struct dev_row *dev,
		   const struct cpu_row *cpu);
/*
 * The NAPI with the most polling time on a CPU, and its share of NET_RX in percent.
 * What the CPU's backlog takes for packets that its devices received is not counted:
 * it goes where they go.  NULL, 0: none has any.
 */
const struct napi_row *spread_top(const struct context *c,
				  const struct cpu_row *cpu, double *pct);
enum severity spread_severity(const struct context *c, const struct cpu_row *cpu);
void spread_evidence(const struct context *c, struct finding *f,
		     const struct cpu_row *cpu);

#endif /* DIAGNOSE_SPREAD_H */
