/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule: a pure function from what was measured to findings. */
#ifndef DIAGNOSE_RULE_H
#define DIAGNOSE_RULE_H

#include "diagnose/commands.h"

#define RULE_LIMITS 7

/* A text of a finding: say(f->cause, "..."). */
#define say(member, ...) finding_print(member, sizeof(member), __VA_ARGS__)

/* What a rule looks at; needs.c says how it shows that it is there. */
enum need {
	NEED_SOFTIRQ = 1 << 0,
	NEED_POLL_NS = 1 << 1,
	NEED_IRQS = 1 << 2,
	NEED_LINKS = 1 << 3,
	NEED_SCHED = 1 << 4,
	NEED_SQUEEZE = 1 << 5,
	NEED_SOFTNET = 1 << 6,
	NEED_STAT = 1 << 7,
	NEED_DEVS = 1 << 8,
	NEED_HISTS = 1 << 9,
	NEED_RAISE = 1 << 10,
	NEED_CONFIG = 1 << 11,
	NEED_UDP = 1 << 12,
	NEED_NODES = 1 << 13,
	NEED_DQL = 1 << 14,
	NEED_WATCHDOG = 1 << 15,
};

/*
 * Of findings that are as bad: lost packets come before what is late, roots before
 * what they explain, and what can be helped at once before all of them.
 */
#define RANK_LOST 2
#define RANK_HELPED 5

struct rule {
	const char *id;
	const char *about; /* what it looks for, one line */
	uint32_t needs;	   /* enum need: without them it cannot look */
	/*
	 * Of findings on one CPU the one with the highest root is the reason for
	 * those that are symptoms, and takes them in.  0: neither.
	 */
	unsigned int root;
	bool symptom;
	/* Adds findings. */
	void (*judge)(struct context *c);
	enum limit_id limits[RULE_LIMITS]; /* LIMIT_NONE: no more */
};

/* Where the files of rules end: each a table that ends with an empty row. */
extern const struct rule rules_spread[];
extern const struct rule rules_queues[];
extern const struct rule rules_rps[];
extern const struct rule rules_squeeze[];
extern const struct rule rules_drops[];
extern const struct rule rules_late[];
extern const struct rule rules_irq[];
extern const struct rule rules_napi[];
extern const struct rule rules_machine[];

/* NULL: all that the rule needs is there; else what is not, for people. */
const char *needs_lacking(const struct diagnosis *d, uint32_t needs);
/* The name of a need, one bit. */
const char *need_name(uint32_t need);

/* No name from outside in a command that a shell would not take as a word. */
void findings_guard(struct verdict *v);

/* Takes symptoms into their roots.  0 or -ENOMEM. */
int findings_join(struct verdict *v, const struct rule *(*find)(const char *id));
/* Those of several CPUs that one command mends become one.  0 or -ENOMEM. */
int findings_join_alike(struct verdict *v);

#endif /* DIAGNOSE_RULE_H */
