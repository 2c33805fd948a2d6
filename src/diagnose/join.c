// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One root, one finding: a core that eight interrupts sit on is squeezed, drops,
 * and runs ksoftirqd, and that is one thing to mend.
 */
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

typedef const struct rule *(*rule_finder)(const char *id);

/* The saturated CPU itself is a symptom of what is known to saturate it. */
static bool may_join(const struct rule *rule)
{
	return rule->symptom || rule->root == 1;
}

/* Is any line of it more than a remark? */
static bool has_command(const char *fix)
{
	for (; fix && *fix; fix = strchr(fix, '\n')) {
		fix += *fix == '\n';
		if (*fix && *fix != '#')
			return true;
	}
	return false;
}

/*
 * The finding on this CPU that is the reason of a symptom, or NULL.  What is
 * harmless is no reason for anything, and who knows no command takes nobody in who
 * does.
 */
static struct finding *root_of(const struct verdict *v, const struct finding *f,
			       rule_finder find)
{
	const struct rule *rule = find(f->id), *r;
	unsigned int best = rule->root;
	struct finding *other, *root = NULL;

	if (f->cpu == MISSING || f->apart || !may_join(rule))
		return NULL;
	table_for_each (&v->findings, other) {
		r = find(other->id);
		if (other->cpu != f->cpu || r->root <= best ||
		    other->severity < SEVERITY_WARNING ||
		    (rule->symptom && has_command(f->fix) &&
		     !has_command(other->fix)))
			continue;
		best = r->root;
		root = other;
	}
	return root;
}

/* The first of those that one command mends, on whatever CPU; or NULL. */
static struct finding *like_of(const struct verdict *v, const struct finding *f)
{
	struct finding *other;

	if (f->cpu == MISSING || !has_command(f->fix))
		return NULL;
	table_for_each (&v->findings, other) {
		if (other == f)
			return NULL;
		if (!other->root && other->cpu != MISSING &&
		    other->severity == f->severity &&
		    !strcmp(other->id, f->id) && !strcmp(other->fix, f->fix))
			return other;
	}
	return NULL;
}

static bool finding_has(const struct finding *f, const char *name)
{
	unsigned int i;

	for (i = 0; i < f->nr_evidence; i++)
		if (!strcmp(f->evidence[i].name, name))
			return true;
	return false;
}

static void join(struct finding *root, const struct finding *symptom)
{
	const struct evidence *first = symptom->evidence;

	if (root->nr_joined < FINDING_JOINED) {
		root->joined[root->nr_joined].id = symptom->id;
		if (strcmp(symptom->kind, root->kind) ||
		    strcmp(symptom->subject, root->subject))
			snprintf(root->joined[root->nr_joined].subject,
				 sizeof(root->joined->subject), "%s",
				 symptom->subject);
		root->nr_joined++;
	}
	/* The number that it is about. */
	if (symptom->nr_evidence && root->nr_evidence < FINDING_EVIDENCE &&
	    !finding_has(root, first->name))
		root->evidence[root->nr_evidence++] = *first;
	if (symptom->severity > root->severity)
		root->severity = symptom->severity;
}

void findings_join(struct verdict *v, rule_finder find)
{
	struct finding *f, *root, *rows = v->findings.rows;
	size_t i, kept = 0;

	/* Who joins is decided before anybody's severity changes. */
	table_for_each (&v->findings, f) {
		root = root_of(v, f, find);
		if (!root)
			root = like_of(v, f);
		f->root = root ? root - rows + 1 : 0;
	}
	table_for_each (&v->findings, f)
		if (f->root)
			join(&rows[f->root - 1], f);
	for (i = 0; i < v->findings.count; i++) {
		if (rows[i].root)
			continue;
		if (kept != i)
			rows[kept] = rows[i];
		kept++;
	}
	v->findings.count = kept;
}
