/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a diagnosis says: findings, worst first, and of every rule whether it
 * found something, found nothing, or could not look.  Rules make them
 * (diagnose/), views and the screen show them.
 */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rows.h"
#include "util/table.h"

enum severity {
	SEVERITY_HARMLESS, /* looks bad and costs nothing: leave it */
	SEVERITY_NOTE,	   /* good to know, nothing to mend */
	SEVERITY_WARNING,
	SEVERITY_CRITICAL,
	NR_SEVERITIES,
};

/* A number or a text that a finding rests on. */
struct evidence {
	char name[ROW_NAME]; /* of a field, or the path of a setting */
	char text[80];	     /* for people: "97.3 %", "0-3" */
	double number;	     /* the same, in unit; NAN: it is a text */
	const char *unit;    /* "%", "/s", "ns", "packets", "": none */
};

#define FINDING_EVIDENCE 12
#define FINDING_JOINED 12

/* A finding that another one took in. */
struct joined {
	const char *id;
	const char *kind;
	char subject[ROW_NAME + ROW_NETNS]; /* "": the same */
};

struct finding {
	const char *id; /* of its rule, "irqs-on-one-cpu" */
	enum severity severity;
	/* who it is about: "cpu" "3", "napi" "eth0/1", "dev" "eth0@db", "irq" */
	const char *kind; /* "host": the machine, and no subject */
	char subject[ROW_NAME + ROW_NETNS];
	uint64_t cpu; /* where it happens, MISSING: in no one place */
	char about[ROW_NAME + ROW_NETNS]; /* one device; "": none, or several */
	/* Of findings as bad, reasons come before what they explain. */
	unsigned int rank;
	unsigned int order; /* then in the order of the rules */
	uint64_t share;	    /* of one rule the larger first */
	struct evidence evidence[FINDING_EVIDENCE];
	unsigned int nr_evidence;
	char cause[256]; /* one sentence */
	/* Commands with this machine's names in them; "": there is none. */
	char check[512];
	char fix[1152];
	char undo[1152];
	char avoid[256]; /* what not to change, and why */
	char kernel[96]; /* where versions matter; "": they do not */
	/* Findings that have the same root, and are not listed again. */
	struct joined joined[FINDING_JOINED];
	unsigned int nr_joined;
	unsigned int more_joined; /* that found no room */
	bool apart;		  /* its reason is its own: it is not joined */
	size_t root; /* of the joining: 1 + the index of its root, 0: none */
};

enum rule_state {
	RULE_CLEAR, /* looked, and found nothing */
	RULE_FOUND,
	RULE_NOT_MEASURED, /* what it needs is not there */
};

/* What became of a rule. */
struct judged {
	const char *id;
	const char *about; /* what it looks for, one line */
	enum rule_state state;
	char why[ROW_WHY]; /* not measured: what is missing */
};

struct verdict {
	struct table findings; /* struct finding, worst first */
	struct table rules;    /* struct judged, in the order of the table */
};

void verdict_init(struct verdict *v);
void verdict_fini(struct verdict *v);
void verdict_clear(struct verdict *v);

/* "harmless", "note", "warning", "critical" */
const char *severity_name(enum severity severity);
/* The worst of all findings; SEVERITY_HARMLESS without any. */
enum severity verdict_worst(const struct verdict *v);
/* How many rules could not look. */
unsigned int verdict_not_measured(const struct verdict *v);

/* What does not fit is dropped: FINDING_EVIDENCE. */
void finding_add_number(struct finding *f, const char *name, double number,
			const char *unit);
__attribute__((format(printf, 3, 4))) void
finding_add_text(struct finding *f, const char *name, const char *fmt, ...);

/* Is any line of its fix more than a remark? */
bool finding_has_command(const struct finding *f);

/* Into a text of a finding; what does not fit is cut. */
__attribute__((format(printf, 3, 4))) void finding_print(char *text, size_t room,
							 const char *fmt, ...);

/* Worst first; then the higher rank, the earlier rule, the larger share, the subject. */
int finding_cmp(const void *a, const void *b);

#endif /* MODEL_FINDING_H */
