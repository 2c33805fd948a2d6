// SPDX-License-Identifier: GPL-2.0-or-later
/* See finding.h. */
#include "model/finding.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/format.h"

void verdict_init(struct verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->findings.row_size = sizeof(struct finding);
	v->rules.row_size = sizeof(struct judged);
}

void verdict_fini(struct verdict *v)
{
	table_fini(&v->findings);
	table_fini(&v->rules);
}

void verdict_clear(struct verdict *v)
{
	table_clear(&v->findings);
	table_clear(&v->rules);
}

const char *severity_name(enum severity severity)
{
	static const char *const names[NR_SEVERITIES] = {
		[SEVERITY_HARMLESS] = "harmless",
		[SEVERITY_NOTE] = "note",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_CRITICAL] = "critical",
	};

	return names[severity];
}

enum severity verdict_worst(const struct verdict *v)
{
	enum severity worst = SEVERITY_HARMLESS;
	const struct finding *f;

	table_for_each (&v->findings, f)
		if (f->severity > worst)
			worst = f->severity;
	return worst;
}

unsigned int verdict_not_measured(const struct verdict *v)
{
	const struct judged *rule;
	unsigned int n = 0;

	table_for_each (&v->rules, rule)
		n += rule->state == RULE_NOT_MEASURED;
	return n;
}

static struct evidence *finding_add(struct finding *f, const char *name,
				    const char *unit)
{
	struct evidence *e;

	if (f->nr_evidence == FINDING_EVIDENCE)
		return NULL;
	e = &f->evidence[f->nr_evidence++];
	snprintf(e->name, sizeof(e->name), "%s", name);
	e->unit = unit;
	return e;
}

/* Times as the tables have them, counts short, shares with a digit. */
static void evidence_format(struct evidence *e)
{
	char text[FORMAT_ROOM];

	if (!strcmp(e->unit, "%")) {
		snprintf(e->text, sizeof(e->text), "%.1f %%", e->number);
		return;
	}
	if (!strcmp(e->unit, "ns")) {
		format_ns(e->number, text);
		snprintf(e->text, sizeof(e->text), "%s", text);
		return;
	}
	format_count(e->number, text);
	snprintf(e->text, sizeof(e->text), "%s%s%s", text,
		 *e->unit && *e->unit != '/' ? " " : "", e->unit);
}

void finding_add_number(struct finding *f, const char *name, double number,
			const char *unit)
{
	struct evidence *e = finding_add(f, name, unit);

	if (!e)
		return;
	e->number = number;
	evidence_format(e);
}

void finding_add_text(struct finding *f, const char *name, const char *fmt, ...)
{
	struct evidence *e = finding_add(f, name, "");
	va_list args;

	if (!e)
		return;
	e->number = NAN;
	va_start(args, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
}

void finding_print(char *text, size_t room, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, room, fmt, args);
	va_end(args);
}

int finding_cmp(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	if (x->share != y->share)
		return x->share > y->share ? -1 : 1;
	return strcmp(x->subject, y->subject);
}

bool finding_has_command(const struct finding *f)
{
	const char *line = f->fix;

	for (; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (*line && *line != '#')
			return true;
	}
	return false;
}
