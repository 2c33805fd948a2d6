// SPDX-License-Identifier: GPL-2.0-or-later
/* See finding_lines.h. */
#include "model/finding_lines.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/format.h"
#include "model/paragraph.h"
#include "util/safe.h"

/* Columns where text begins: of a headline, and beside a label. */
#define HEAD_COLUMN 10
#define LABEL_COLUMN 12
#define COMMAND_COLUMN 4
#define RULES_COLUMN 4
/* Names of evidence that are longer do not move the others' texts. */
#define MOST_NAME 40

/* The severity's name is at the start of the first line. */
struct lines {
	const struct finding_sink *sink;
	struct finding_line next;
};

static void lines_emit(void *arg, const char *text)
{
	struct lines *l = arg;

	l->next.text = text;
	l->sink->line(l->sink->arg, &l->next);
	l->next.marked = 0;
}

static void lines_begin(struct lines *l, struct paragraph *p,
			const struct finding_sink *sink)
{
	*l = (struct lines){ .sink = sink };
	paragraph_init(p, sink->width, lines_emit, l);
}

static void lines_blank(const struct finding_sink *sink)
{
	const struct finding_line line = { .text = "" };

	sink->line(sink->arg, &line);
}

/* --- headline -------------------------------------------------------------- */

/* "cpu 3:", "napi eth0/1 on cpu 3:", "host:" */
static void put_who(struct paragraph *p, const struct finding *f)
{
	char who[sizeof(f->subject) + 64], cpu[32] = "";

	if (f->cpu != MISSING && strcmp(f->kind, "cpu"))
		snprintf(cpu, sizeof(cpu), " on cpu %" PRIu64, f->cpu);
	snprintf(who, sizeof(who), "%s%s%s%s:", f->kind, *f->subject ? " " : "",
		 f->subject, cpu);
	paragraph_words(p, who);
}

void finding_headline(const struct finding *f, const char *before,
		      const struct finding_sink *sink)
{
	const char *name = severity_name(f->severity);
	struct paragraph p;
	struct lines l;
	char upper[HEAD_COLUMN];
	size_t i;

	for (i = 0; i < sizeof(upper) - 1 && name[i]; i++)
		upper[i] = (char)toupper((unsigned char)name[i]);
	upper[i] = '\0';
	lines_begin(&l, &p, sink);
	paragraph_put(&p, before);
	paragraph_put(&p, upper);
	l.next.marked = *before ? 0 : (unsigned int)p.bytes;
	l.next.severity = f->severity;
	paragraph_hang(&p, paragraph_columns(before) + HEAD_COLUMN);
	paragraph_pad(&p, p.hang);
	put_who(&p, f);
	paragraph_words(&p, f->cause);
	paragraph_end(&p);
}

/* --- what a finding has ---------------------------------------------------- */

static void add_text(const struct finding_sink *sink, const char *label,
		     const char *text)
{
	struct paragraph p;
	struct lines l;

	if (!*text)
		return;
	lines_begin(&l, &p, sink);
	paragraph_put(&p, label);
	paragraph_hang(&p, LABEL_COLUMN);
	paragraph_pad(&p, LABEL_COLUMN);
	paragraph_words(&p, text);
	paragraph_end(&p);
}

static unsigned int evidence_columns(const struct finding *f)
{
	unsigned int most = 0, columns, i;

	for (i = 0; i < f->nr_evidence; i++) {
		columns = paragraph_columns(f->evidence[i].name);
		if (columns > most && columns <= MOST_NAME)
			most = columns;
	}
	return most;
}

static void add_evidence(const struct finding_sink *sink, const struct finding *f)
{
	unsigned int column = LABEL_COLUMN + evidence_columns(f) + 2, i;
	struct paragraph p;
	struct lines l;

	for (i = 0; i < f->nr_evidence; i++) {
		lines_begin(&l, &p, sink);
		paragraph_put(&p, i ? "" : "  evidence");
		paragraph_pad(&p, LABEL_COLUMN);
		paragraph_put(&p, f->evidence[i].name);
		paragraph_hang(&p, column);
		paragraph_pad(&p, column);
		paragraph_words(&p, f->evidence[i].text);
		paragraph_end(&p);
	}
}

static void add_joined(const struct finding_sink *sink, const struct finding *f)
{
	char text[FINDING_JOINED * 64] = "";
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < f->nr_joined && used < sizeof(text); i++) {
		const char *subject = f->joined[i].subject;

		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s%s", i ? ", " : "", f->joined[i].id);
		if (*subject && used < sizeof(text))
			used += (size_t)snprintf(text + used,
						 sizeof(text) - used, " (%s %s)",
						 f->joined[i].kind, subject);
	}
	if (f->more_joined && used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, ", and %u more",
			 f->more_joined);
	add_text(sink, "  also here", text);
}

/* --- commands -------------------------------------------------------------- */

/*
 * Bytes of a command that fit into so many columns; it ends at a blank that
 * means nothing to a shell, so that one is chosen that is too far if there is no
 * other.
 */
static size_t command_part(const char *command, unsigned int room)
{
	size_t i, best = 0, columns = 0;
	char quote = '\0';

	for (i = 0; command[i]; i++) {
		if (!quote && command[i] == ' ') {
			if (columns > room && best)
				break;
			best = i;
		} else if (command[i] == '\\' && quote != '\'' && command[i + 1]) {
			i++;
			columns++;
		} else if (quote) {
			quote = command[i] == quote ? '\0' : quote;
		} else if (command[i] == '\'' || command[i] == '"') {
			quote = command[i];
		}
		columns += (command[i] & 0xc0) != 0x80;
	}
	return columns <= room || !best ? strlen(command) : best;
}

/* It goes on as a shell reads it: after a backslash, deeper than it began. */
static void command_fold(const struct finding_sink *sink, const char *command)
{
	struct finding_line line = { .command = true };
	char text[PARAGRAPH_ROOM];
	unsigned int indent = COMMAND_COLUMN;
	size_t bytes;

	line.text = text;
	while (*command) {
		bytes = strlen(command);
		if (sink->fold &&
		    paragraph_columns(command) + indent > sink->width)
			bytes = command_part(command, sink->width - indent - 2);
		snprintf(text, sizeof(text), "%*s%.*s%s", (int)indent, "",
			 (int)bytes, command, command[bytes] ? " \\" : "");
		sink->line(sink->arg, &line);
		command += bytes + strspn(command + bytes, " ");
		indent = COMMAND_COLUMN + 2;
	}
}

/* What no command can do: a comment, which does no harm where it is copied. */
static void add_comment(const struct finding_sink *sink, const char *text)
{
	struct paragraph p;
	struct lines l;

	lines_begin(&l, &p, sink);
	paragraph_lead(&p, "    # ");
	paragraph_words(&p, text);
	paragraph_end(&p);
}

static void add_commands(const struct finding_sink *sink, const char *label,
			 const char *commands)
{
	const struct finding_line line = { .text = label };
	char one[PARAGRAPH_ROOM], safe[PARAGRAPH_ROOM];
	size_t bytes;

	if (!*commands)
		return;
	sink->line(sink->arg, &line);
	while (*(commands += strspn(commands, "\n"))) {
		bytes = strcspn(commands, "\n");
		snprintf(one, sizeof(one), "%.*s", (int)bytes, commands);
		safe_text(one, safe, sizeof(safe));
		if (*safe == '#')
			add_comment(sink, safe + 1);
		else
			command_fold(sink, safe);
		commands += bytes;
	}
}

void finding_lines(const struct finding *f, const struct finding_sink *sink)
{
	finding_headline(f, "", sink);
	add_evidence(sink, f);
	add_commands(sink, "  check:", f->check);
	add_commands(sink,
		     f->severity >= SEVERITY_WARNING ? "  fix:" :
						       "  if it matters:",
		     f->fix);
	add_commands(sink, "  undo:", f->undo);
	add_text(sink, "  leave", f->avoid);
	add_text(sink, "  kernel", f->kernel);
	add_joined(sink, f);
	add_text(sink, "  rule", f->id);
}

/* --- the whole ------------------------------------------------------------- */

static void put_counts(struct paragraph *p, const struct verdict *v)
{
	static const char *const plurals[NR_SEVERITIES] = {
		[SEVERITY_HARMLESS] = "harmless",
		[SEVERITY_NOTE] = "notes",
		[SEVERITY_WARNING] = "warnings",
		[SEVERITY_CRITICAL] = "critical",
	};
	size_t counts[NR_SEVERITIES] = { 0 }, left = v->findings.count;
	const struct finding *f;
	char text[40];
	int i;

	table_for_each (&v->findings, f)
		counts[f->severity]++;
	for (i = NR_SEVERITIES - 1; left; i--) {
		if (!counts[i])
			continue;
		left -= counts[i];
		snprintf(text, sizeof(text), "%zu %s%s", counts[i],
			 counts[i] > 1 ? plurals[i] : severity_name(i),
			 left ? "," : "");
		paragraph_words(p, text);
	}
}

static bool verdict_has(const struct verdict *v, enum severity severity)
{
	const struct finding *f;

	table_for_each (&v->findings, f)
		if (f->severity == severity)
			return true;
	return false;
}

/* What could not be looked at is not known to be good. */
static void put_good(struct paragraph *p, const struct verdict *v,
		     const struct verdict_scope *scope)
{
	unsigned int blind = verdict_not_measured(v);
	char text[160];

	snprintf(text, sizeof(text),
		 "Nothing is wrong %s%s in these %.1f seconds%s",
		 scope->selected ? "with what was selected on " : "on ",
		 scope->host, (double)scope->ns / 1e9, blind ? "," : ".");
	paragraph_words(p, text);
	if (blind) {
		snprintf(text, sizeof(text),
			 "as far as %zu of %zu rules could look.",
			 v->rules.count - blind, v->rules.count);
		paragraph_words(p, text);
	}
	if (verdict_has(v, SEVERITY_NOTE))
		paragraph_words(
			p,
			"What is noted below is good to know, and nothing has to be changed.");
	if (verdict_has(v, SEVERITY_HARMLESS))
		paragraph_words(p, "What looks bad below is harmless: no rule "
				   "asks for a change.");
}

void verdict_lines_summary(const struct verdict *v,
			   const struct verdict_scope *scope,
			   const struct finding_sink *sink)
{
	struct paragraph p;
	struct lines l;
	char text[64];

	lines_begin(&l, &p, sink);
	if (verdict_not_measured(v) == v->rules.count) {
		paragraph_words(&p, "Nothing could be judged: no rule could "
				    "look.");
	} else if (verdict_worst(v) > SEVERITY_NOTE) {
		snprintf(text, sizeof(text),
			 "Found in these %.1f seconds:", (double)scope->ns / 1e9);
		paragraph_words(&p, text);
		put_counts(&p, v);
	} else {
		put_good(&p, v, scope);
	}
	paragraph_end(&p);
}

static bool same_why(const struct judged *a, const struct judged *b)
{
	return a->state == RULE_NOT_MEASURED && b->state == RULE_NOT_MEASURED &&
	       !strcmp(a->why, b->why);
}

/* Is any after this one, too, for the same reason? */
static bool has_next(const struct verdict *v, const struct judged *rule)
{
	const struct judged *end = table_at(&v->rules, v->rules.count);
	const struct judged *next;

	for (next = rule + 1; next < end; next++)
		if (same_why(next, rule))
			return true;
	return false;
}

/* All rules that lack the same, where the first of them stands. */
static void add_blind(const struct verdict *v, const struct judged *first,
		      const struct finding_sink *sink)
{
	char text[ROW_WHY + 8];
	const struct judged *rule;
	struct paragraph p;
	struct lines l;

	for (rule = v->rules.rows; rule < first; rule++)
		if (same_why(rule, first))
			return;
	lines_begin(&l, &p, sink);
	paragraph_put(&p, "  ");
	paragraph_hang(&p, RULES_COLUMN);
	snprintf(text, sizeof(text),
		 "%s:", *first->why ? first->why : "not known why");
	paragraph_words(&p, text);
	table_for_each (&v->rules, rule) {
		if (!same_why(rule, first))
			continue;
		snprintf(text, sizeof(text), "%s%s", rule->id,
			 has_next(v, rule) ? "," : "");
		paragraph_words(&p, text);
	}
	paragraph_end(&p);
}

void verdict_lines_rules(const struct verdict *v, const struct finding_sink *sink)
{
	size_t counts[RULE_NOT_MEASURED + 1] = { 0 };
	const struct judged *rule;
	struct paragraph p;
	struct lines l;
	char text[160];

	table_for_each (&v->rules, rule)
		counts[rule->state]++;
	snprintf(text, sizeof(text),
		 "%zu rule%s: %zu found something, %zu nothing, %zu could not "
		 "look%s",
		 v->rules.count, v->rules.count == 1 ? "" : "s",
		 counts[RULE_FOUND], counts[RULE_CLEAR],
		 counts[RULE_NOT_MEASURED],
		 counts[RULE_NOT_MEASURED] ? ":" : ".");
	lines_begin(&l, &p, sink);
	paragraph_words(&p, text);
	paragraph_end(&p);
	table_for_each (&v->rules, rule)
		if (rule->state == RULE_NOT_MEASURED)
			add_blind(v, rule, sink);
}

void verdict_lines(const struct verdict *v, const struct verdict_scope *scope,
		   const struct finding_sink *sink)
{
	const struct finding *f;

	verdict_lines_summary(v, scope, sink);
	lines_blank(sink);
	table_for_each (&v->findings, f) {
		finding_lines(f, sink);
		lines_blank(sink);
	}
	verdict_lines_rules(v, sink);
}
