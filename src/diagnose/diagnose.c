// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of rules, and what is done with each: see diagnose.h. */
#include "diagnose/diagnose.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "diagnose/rule.h"
#include "model/config.h"
#include "model/format.h"
#include "model/paragraph.h"

/*
 * To add a rule: its row in one of these tables.  Of findings that are as bad and of one
 * rank those of an earlier rule come first.
 */
static const struct rule *const tables[] = {
	rules_spread,  rules_queues, rules_rps, rules_drops, rules_squeeze,
	rules_machine, rules_late,   rules_irq, rules_napi,
};

#define NR_TABLES (sizeof(tables) / sizeof(*tables))

static const struct rule *rule_find(const char *id)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < NR_TABLES; i++)
		for (rule = tables[i]; rule->id; rule++)
			if (!strcmp(rule->id, id))
				return rule;
	return NULL;
}

static int rule_run(struct context *c, const struct rule *rule)
{
	const size_t before = c->verdict->findings.count;
	struct judged *judged = table_add(&c->verdict->rules);
	const char *lacking = needs_lacking(c->d, rule->needs);

	if (!judged)
		return -ENOMEM;
	judged->id = rule->id;
	judged->about = rule->about;
	c->rule = rule;
	if (lacking) {
		judged->state = RULE_NOT_MEASURED;
		snprintf(judged->why, sizeof(judged->why), "%s", lacking);
		return 0;
	}
	*c->unseen = '\0';
	rule->judge(c);
	if (c->verdict->findings.count > before)
		judged->state = RULE_FOUND;
	else if (*c->unseen)
		judged->state = RULE_NOT_MEASURED;
	else
		judged->state = RULE_CLEAR;
	snprintf(judged->why, sizeof(judged->why), "%s",
		 judged->state == RULE_NOT_MEASURED ? c->unseen : "");
	return c->failed ? -ENOMEM : 0;
}

/* Is it about a device's NAPI that is polled there, or of the device itself? */
static bool dev_is_at(const struct interval *iv, const char *dev, uint64_t cpu)
{
	const struct napi_row *n;

	table_for_each (&iv->pairs, n)
		if (n->cpu == cpu && n->polls && !strcmp(n->dev, dev))
			return true;
	return false;
}

/* "eth0", "eth0/1", "eth0@db": "eth0" */
static bool subject_is_of(const char *kind, const char *subject, const char *dev)
{
	const size_t length = strlen(dev);

	return (!strcmp(kind, "dev") || !strcmp(kind, "napi")) &&
	       !strncmp(subject, dev, length) && strchr("/@", subject[length]);
}

/* What it took in stands with it: another device may be the reason of a loss. */
static bool finding_is_of(const struct finding *f, const char *dev)
{
	unsigned int i;

	if (subject_is_of(f->kind, f->subject, dev) ||
	    subject_is_of("dev", f->about, dev))
		return true;
	for (i = 0; i < f->nr_joined; i++)
		if (subject_is_of(f->joined[i].kind, f->joined[i].subject, dev))
			return true;
	return false;
}

/* A CPU's finding says which device it is about in its cause. */
static bool cause_names(const struct finding *f, const char *dev)
{
	const size_t length = strlen(dev);
	const char *at = f->cause;

	while ((at = strstr(at, dev))) {
		if ((at == f->cause || at[-1] == ' ') && !isalnum(at[length]))
			return true;
		at += length;
	}
	return false;
}

/* What is about the machine as a whole is about each part of it. */
static bool finding_is_wanted(const struct diagnosis *d, const struct finding *f)
{
	const struct selection *sel = d->selection;

	if (sel->cpus && f->cpu != MISSING && !cpuset_has(sel->cpus, f->cpu))
		return false;
	return !sel->dev || !strcmp(f->kind, "host") ||
	       finding_is_of(f, sel->dev) || cause_names(f, sel->dev) ||
	       (!strcmp(f->kind, "cpu") && dev_is_at(d->iv, sel->dev, f->cpu));
}

static bool verdict_names(const struct verdict *v, const char *id)
{
	const struct finding *f;
	unsigned int i;

	table_for_each (&v->findings, f) {
		if (!strcmp(f->id, id))
			return true;
		for (i = 0; i < f->nr_joined; i++)
			if (!strcmp(f->joined[i].id, id))
				return true;
	}
	return false;
}

/* Of what is left. */
static void findings_recount(struct verdict *v)
{
	struct judged *rule;

	table_for_each (&v->rules, rule)
		if (rule->state == RULE_FOUND && !verdict_names(v, rule->id))
			rule->state = RULE_CLEAR;
}

static void findings_select(struct verdict *v, const struct diagnosis *d)
{
	struct finding *rows = v->findings.rows;
	size_t i, kept = 0;

	if (!d->selection || !selection_is_any(d->selection))
		return;
	for (i = 0; i < v->findings.count; i++) {
		if (!finding_is_wanted(d, &rows[i]))
			continue;
		if (kept != i)
			rows[kept] = rows[i];
		kept++;
	}
	v->findings.count = kept;
	findings_recount(v);
}

static bool is_stolen(const struct interval *iv, uint64_t cpu)
{
	const struct cpu_row key = { .cpu = cpu };
	const struct cpu_row *row = table_find(&iv->cpus, &key, cpu_row_cmp);

	return row && part_pct(known(row->stat_steal_ns), iv->ns) >=
			      limit(LIMIT_STEAL);
}

/*
 * Tasks may preempt softirqs where these run in threads, and a hypervisor anything:
 * the time of a run is then not all its own, and a CPU may look fuller than it is.
 */
static void findings_doubt(struct verdict *v, const struct diagnosis *d)
{
	const struct context c = { .d = d, .iv = d->iv };
	const bool realtime = context_is_realtime(&c);
	struct finding *f;

	table_for_each (&v->findings, f) {
		if (!(rule_find(f->id)->needs & (NEED_SOFTIRQ | NEED_POLL_NS)) ||
		    !(realtime || is_stolen(d->iv, f->cpu)))
			continue;
		if (f->severity > SEVERITY_WARNING)
			f->severity = SEVERITY_WARNING;
		/* More than what else versions are to it. */
		say(f->kernel, "%s",
		    realtime ? "PREEMPT_RT or threadirqs: these times include "
			       "tasks that preempt softirqs" :
			       "these times include what the hypervisor gave "
			       "to others");
	}
}

static int rules_run(const struct diagnosis *d, struct verdict *v)
{
	struct context c = { .d = d, .iv = d->iv, .verdict = v };
	const struct rule *rule;
	size_t i;
	int err = context_init_cpus(&c);

	for (i = 0; i < NR_TABLES; i++)
		for (rule = tables[i]; rule->id && !err; rule++)
			err = rule_run(&c, rule);
	context_fini_cpus(&c);
	return err;
}

int diagnose(const struct diagnosis *d, struct verdict *v)
{
	int err;

	verdict_clear(v);
	err = rules_run(d, v);
	if (err)
		return err;
	findings_doubt(v, d);
	findings_guard(v);
	err = findings_join(v, rule_find);
	if (err)
		return err;
	findings_select(v, d);
	/* Of what is left: who asks about a CPU is told of that. */
	err = findings_join_alike(v);
	if (err)
		return err;
	table_sort(&v->findings, finding_cmp);
	return 0;
}

/* --- what there is ------------------------------------------------------------ */

#define RULES_WIDTH 78

static void print_line(void *arg, const char *line)
{
	fprintf(arg, "%s\n", line);
}

/* Words behind so many blanks, in lines that fit. */
static void print_words(FILE *out, unsigned int indent, const char *text)
{
	struct paragraph p;

	paragraph_init(&p, RULES_WIDTH, print_line, out);
	paragraph_pad(&p, indent);
	paragraph_hang(&p, indent);
	paragraph_words(&p, text);
	paragraph_end(&p);
}

static void print_needs(FILE *out, const struct rule *rule)
{
	char text[512] = "needs: ";
	const char *sep = "";
	unsigned int bit;
	size_t used;

	for (bit = 0; bit < 32; bit++) {
		if (!(rule->needs >> bit & 1))
			continue;
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, "%s%s", sep,
			 need_name(1U << bit));
		sep = ", ";
	}
	if (rule->needs)
		print_words(out, 2, text);
}

/* "80 % of a CPU in NET_RX", "10 ms per packet" */
static void limit_text(const struct limit *l, char *text, size_t room)
{
	char value[FORMAT_ROOM];

	if (!strncmp(l->unit, "ns", 2))
		format_ns(l->value, value);
	else
		snprintf(value, sizeof(value), "%g", l->value);
	snprintf(text, room, "%s: %s%s%s", l->name, value,
		 strncmp(l->unit, "ns", 2) ? " " : "",
		 strncmp(l->unit, "ns", 2) ? l->unit : l->unit + 2);
}

static void print_limits(FILE *out, const struct rule *rule)
{
	char text[256];
	size_t i;

	for (i = 0; i < RULE_LIMITS && rule->limits[i]; i++) {
		limit_text(&limits[rule->limits[i]], text, sizeof(text));
		print_words(out, 2, text);
	}
}

void diagnose_print_rules(FILE *out)
{
	const struct rule *rule;
	const struct limit *l;
	char text[256];
	size_t i;

	for (i = 0; i < NR_TABLES; i++) {
		for (rule = tables[i]; rule->id; rule++) {
			fprintf(out, "%s: %s\n", rule->id, rule->about);
			print_needs(out, rule);
			print_limits(out, rule);
		}
	}
	fputs("\nthresholds, and why:\n", out);
	for (l = limits + 1; l < limits + NR_LIMITS; l++) {
		limit_text(l, text, sizeof(text));
		print_words(out, 2, text);
		print_words(out, 4, l->why);
	}
}
