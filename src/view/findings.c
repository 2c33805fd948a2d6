// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings as text; see findings.h. */
#include "view/findings.h"

#include <string.h>

#include "model/format.h"
#include "util/output.h"

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define PLAIN "\033[0m"

/* Beyond that a sentence is hard to read, below it nothing fits. */
#define WIDEST 120
#define NARROWEST 40

struct printer {
	FILE *out;
	bool color;
};

static const char *severity_color(enum severity severity)
{
	switch (severity) {
	case SEVERITY_CRITICAL:
		return RED;
	case SEVERITY_WARNING:
		return YELLOW;
	default:
		return "";
	}
}

static void print_line(void *arg, const struct finding_line *line)
{
	const struct printer *p = arg;
	const char *color = severity_color(line->severity);

	if (p->color && line->marked && *color)
		fprintf(p->out, "%s%.*s%s%s\n", color, (int)line->marked,
			line->text, PLAIN, line->text + line->marked);
	else
		fprintf(p->out, "%s\n", line->text);
}

static struct finding_sink sink_to(struct printer *p,
				   const struct findings_options *options)
{
	unsigned int width = options->width;

	return (struct finding_sink){
		.width = width > WIDEST	   ? WIDEST :
			 width < NARROWEST ? NARROWEST :
					     width,
		.line = print_line,
		.arg = p,
	};
}

static bool has_fix(const struct verdict *v)
{
	const struct finding *f;

	table_for_each (&v->findings, f)
		if (f->severity >= SEVERITY_WARNING && finding_has_command(f))
			return true;
	return false;
}

/* A change is one when it shows in the numbers. */
static void print_how_to_compare(FILE *out)
{
	fputs("\nTo see what a fix changes, before it and after it:\n"
	      "    napiscope report -d 30 -w before >/dev/null\n"
	      "    napiscope report -d 30 -w after >/dev/null\n"
	      "    napiscope compare before after\n"
	      "One fix at a time. A reboot takes it back: see sysctl.d, udev.\n",
	      out);
}

int findings_print_text(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options)
{
	struct printer p = { .out = out, .color = options->color };
	const struct finding_sink sink = sink_to(&p, options);
	const struct verdict_scope scope = { iv->host.host, iv->ns,
					     options->selected };
	struct format_machine machine;
	char time[FORMAT_TIME_ROOM];

	format_time(iv->real_ns, time);
	format_machine(&iv->host, &machine);
	fprintf(out, "%s, Linux %s, %s tier, until %s\n", machine.host,
		machine.kernel, machine.tier, time);
	verdict_lines(v, &scope, &sink);
	if (has_fix(v))
		print_how_to_compare(out);
	return output_status(out);
}

/* --- what changed ---------------------------------------------------------- */

/* The finding of the same rule about the same. */
static const struct finding *find_same(const struct verdict *v,
				       const struct finding *f)
{
	const struct finding *other;

	table_for_each (&v->findings, other)
		if (!strcmp(other->id, f->id) && !strcmp(other->kind, f->kind) &&
		    !strcmp(other->subject, f->subject))
			return other;
	return NULL;
}

static bool is_still(const struct verdict *before, const struct finding *f)
{
	const struct finding *old = find_same(before, f);

	return old && old->severity == f->severity;
}

/* As many, and each was there. */
static bool findings_are_same(const struct verdict *before,
			      const struct verdict *v)
{
	const struct finding *f;

	table_for_each (&v->findings, f)
		if (!is_still(before, f))
			return false;
	return before->findings.count == v->findings.count;
}

static void print_gone(const struct finding_sink *sink,
		       const struct verdict *before, const struct verdict *v)
{
	const struct finding *f;

	table_for_each (&before->findings, f)
		if (!find_same(v, f))
			finding_headline(f, "gone:  ", sink);
}

static void print_still(const struct finding_sink *sink,
			const struct verdict *before, const struct verdict *v)
{
	const struct finding *f;

	table_for_each (&v->findings, f)
		if (is_still(before, f))
			finding_headline(f, "still: ", sink);
}

static void print_new(FILE *out, const struct finding_sink *sink,
		      const struct verdict *before, const struct verdict *v)
{
	const struct finding *f;

	table_for_each (&v->findings, f) {
		if (is_still(before, f))
			continue;
		fputc('\n', out);
		finding_lines(f, sink);
	}
}

int findings_print_change(FILE *out, const struct interval *iv,
			  const struct verdict *before, const struct verdict *v,
			  const struct findings_options *options)
{
	struct printer p = { .out = out, .color = options->color };
	const struct finding_sink sink = sink_to(&p, options);
	const struct verdict_scope scope = { iv->host.host, iv->ns,
					     options->selected };
	char time[FORMAT_TIME_ROOM];

	if (findings_are_same(before, v))
		return 0;
	format_time(iv->real_ns, time);
	fprintf(out, "\n%s\n", time);
	verdict_lines_summary(v, &scope, &sink);
	print_gone(&sink, before, v);
	print_still(&sink, before, v);
	print_new(out, &sink, before, v);
	return output_status(out);
}
