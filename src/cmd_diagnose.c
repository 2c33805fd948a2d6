// SPDX-License-Identifier: GPL-2.0-or-later
/* diagnose: what is wrong, what is harmless, and what to do. */
#include "cmd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/settle.h"
#include "diagnose/diagnose.h"
#include "fleet.h"
#include "run.h"
#include "util/log.h"
#include "util/output.h"
#include "view/findings.h"
#include "watch.h"

enum {
	OPTION_WATCH = 512,
	OPTION_RULES,
};

/* A recording as long as so many watches: one verdict is not all there is to say. */
#define LONG_WATCHES 6

struct diagnose_options {
	struct options common; /* first: the common parser takes it for these */
	bool watch;
	bool rules;
};

static const struct argp_option diagnose_options[] = {
	{ "watch", OPTION_WATCH, NULL, 0,
	  "Again and again until Ctrl-C; print what changed", 0 },
	{ "rules", OPTION_RULES, NULL, 0,
	  "Print every rule: what it looks for, needs, and its thresholds", 0 },
	{ 0 },
};

static error_t diagnose_parse(int key, char *arg, struct argp_state *state)
{
	struct diagnose_options *o = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case OPTION_WATCH:
		o->watch = true;
		return 0;
	case OPTION_RULES:
		o->rules = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of diagnose_of = {
	.takes = TAKES_INTERVAL | TAKES_DURATION | TAKES_FILES | TAKES_SELECT |
		 TAKES_LIVE | TAKES_SAMPLE | TAKES_FLEET,
	.formats = "text, json",
	.usage_status = DIAGNOSE_UNKNOWN,
};

static const struct argp diagnose_argp = {
	.options = diagnose_options,
	.parser = diagnose_parse,
	.doc = "Watch for some seconds (10, or --duration), then say what is "
	       "wrong, with the numbers that show it, a command to check it, "
	       "one to mend it, and what to leave alone.  With --read: of the "
	       "whole recording, or of its first --duration.  With --write a "
	       "snapshot is recorded each --interval.  With several --read, or "
	       "a directory of recordings: a line for each machine, the worst "
	       "first.\v"
	       "Exit status: 0 nothing worse than harmless or a note, "
	       "1 warning, 2 critical, 3 wrong usage, failed, or could not be "
	       "measured.",
};

struct diagnosing {
	const struct diagnose_options *options;
	struct session session;
	struct run run;
	struct watch watch;
	struct verdict verdicts[2]; /* in turn: the last one, and before it */
	unsigned int latest;
	uint64_t judged; /* so many intervals */
	enum diagnose_status status;
	struct sheet *sheet; /* of a fleet: the line goes there */
};

static enum diagnose_status status_of(const struct verdict *v)
{
	if (verdict_not_measured(v) == v->rules.count)
		return DIAGNOSE_UNKNOWN;
	switch (verdict_worst(v)) {
	case SEVERITY_CRITICAL:
		return DIAGNOSE_CRITICAL;
	case SEVERITY_WARNING:
		return DIAGNOSE_WARNING;
	default:
		return DIAGNOSE_OK;
	}
}

/* --- printing -------------------------------------------------------------- */

static bool wants_color(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb");
}

static int diagnosing_write(const struct diagnosing *d,
			    const struct findings_options *options)
{
	const struct interval *iv = &d->run.interval;
	const struct verdict *v = &d->verdicts[d->latest];

	if (d->options->common.view == &view_json)
		return findings_print_json(stdout, iv, v, options);
	if (!d->judged)
		return findings_print_text(stdout, iv, v, options);
	return findings_print_change(stdout, iv, &d->verdicts[!d->latest], v,
				     options);
}

static int diagnosing_print(const struct diagnosing *d)
{
	const struct selection *selection = &d->options->common.selection;
	const struct findings_options options = {
		.width = run_width(),
		.color = wants_color(),
		.selected = selection_is_any(selection),
		.lines = d->options->watch,
	};
	int err;

	errno = 0;
	err = diagnosing_write(d, &options);
	if (!err)
		err = output_flush(stdout);
	if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}

/* --- of many machines ------------------------------------------------------ */

/* Warnings and worse. */
static unsigned int count_bad(const struct verdict *v)
{
	const struct finding *f;
	unsigned int n = 0;

	table_for_each (&v->findings, f)
		n += f->severity >= SEVERITY_WARNING;
	return n;
}

/* As bad, whoever has more of it comes first; unknown is next to a warning. */
static double verdict_weight(const struct verdict *v)
{
	if (status_of(v) == DIAGNOSE_UNKNOWN)
		return 1 + SEVERITY_WARNING;
	return v->findings.count ? 1 + verdict_worst(v) +
					   count_bad(v) / (1.0 + count_bad(v)) :
				   0;
}

static int diagnosing_add(const struct diagnosing *d)
{
	const struct verdict *v = &d->verdicts[d->latest];
	const char *nothing =
		status_of(v) == DIAGNOSE_UNKNOWN ? "unknown" : "fine";
	const struct finding *first = v->findings.rows;
	struct sheet *s = d->sheet;
	char of[sizeof(first->subject) + 8] = "";

	if (!v->findings.count)
		first = NULL;
	else if (strcmp(first->kind, "host"))
		snprintf(of, sizeof(of), "%s %s", first->kind, first->subject);
	fleet_add_head(s, verdict_weight(v), &d->run.interval);
	sheet_add_text(s, "severity", "VERDICT",
		       first ? severity_name(first->severity) : nothing);
	sheet_add_number(s, "findings", "FINDINGS", count_bad(v));
	sheet_add_text(s, "finding", "WORST", first ? first->id : "");
	sheet_add_text(s, "subject", "WHERE", of);
	sheet_add_text(s, "cause", NULL, first ? first->cause : "");
	sheet_add_lines(s, "fix", first ? first->fix : "");
	/* Of so many rules: "fine" is what the others say. */
	sheet_add_number(s, "not_measured", "NO DATA", verdict_not_measured(v));
	fleet_add_file(s, d->options->common.read);
	return 0;
}

/* --- judging --------------------------------------------------------------- */

/* Of the interval that was made: the run has the snapshots that it is between. */
static int diagnosing_judge(struct diagnosing *d)
{
	const struct run *r = &d->run;
	const struct diagnosis diagnosis = {
		.iv = &r->interval,
		.first = &r->snapshots[!r->latest],
		.last = &r->snapshots[r->latest],
		.selection = &r->options->selection,
	};
	struct verdict *v = &d->verdicts[!d->latest];
	int err = diagnose(&diagnosis, v);

	if (err) {
		log_error("out of memory");
		return err;
	}
	d->latest = !d->latest;
	d->status = status_of(v);
	return 0;
}

static bool has_numbers(const struct interval *iv)
{
	return iv->ns && (iv->cpus.count || iv->napis.count);
}

/* What was read since the last time, into a verdict that is printed. */
static int diagnosing_take(struct diagnosing *d)
{
	int got = run_make(&d->run);
	int err;

	if (got <= 0)
		return got ? got : run_too_short(&d->run);
	if (!d->options->watch && run_found(&d->run))
		return -ENODEV;
	if (!has_numbers(&d->run.interval)) {
		log_error("nothing was measured that could be judged: no CPU "
			  "and no NAPI in %.1f seconds",
			  (double)d->run.interval.ns / 1e9);
		return -ENODATA;
	}
	err = diagnosing_judge(d);
	if (!err)
		err = d->sheet ? diagnosing_add(d) : diagnosing_print(d);
	d->judged++;
	return err;
}

static int diagnosing_over(void *arg)
{
	struct diagnosing *d = arg;
	int err = diagnosing_take(d);

	return err ? err : LOOP_CONTINUE;
}

/* A short rest is no fair sample: the verdict before stands. */
static bool diagnosing_has_rest(const struct diagnosing *d)
{
	if (!d->judged)
		return true;
	return d->run.has_next &&
	       run_elapsed_ns(&d->run) >= d->watch.duration_ns / 2;
}

/* The mean of an hour hides what took minutes of it. */
static void diagnosing_say_long(const struct diagnosing *d)
{
	const struct diagnose_options *o = d->options;
	const uint64_t ns = d->run.interval.ns;

	if (o->common.read && !o->watch && !d->sheet &&
	    ns > LONG_WATCHES * WATCH_DURATION_NS)
		log_warn("%s: this is of all its %.0f seconds together: what did "
			 "not last as long shows with --watch",
			 o->common.read, (double)ns / 1e9);
}

static int diagnosing_run(struct diagnosing *d)
{
	const struct options *o = &d->options->common;
	int err;

	d->watch = (struct watch){
		.run = &d->run,
		.duration_ns = o->duration_ns,
		.between = o->write,
		.details = true,
		.over = d->options->watch ? diagnosing_over : NULL,
		.arg = d,
	};
	if (d->options->watch && !o->duration_ns)
		d->watch.duration_ns = WATCH_DURATION_NS;
	err = watch_run(&d->watch);
	if (!err && d->sheet && d->watch.signalled)
		return -EINTR;
	if (!err && diagnosing_has_rest(d))
		err = diagnosing_take(d);
	if (!err)
		diagnosing_say_long(d);
	return err;
}

/* --- the command ----------------------------------------------------------- */

static int diagnosing_open(struct diagnosing *d,
			   const struct diagnose_options *o, struct sheet *sheet)
{
	int err;

	memset(d, 0, sizeof(*d));
	d->options = o;
	d->sheet = sheet;
	d->status = DIAGNOSE_UNKNOWN;
	verdict_init(&d->verdicts[0]);
	verdict_init(&d->verdicts[1]);
	err = session_open(&d->session, &o->common);
	/* A fleet is confined as a whole. */
	if (!err && !sheet)
		session_confine(&d->session);
	if (!err)
		err = run_open(&d->run, &d->session);
	d->run.whole = true;
	return err;
}

/* Into *status, and on the sheet of a fleet.  0 or -errno, printed. */
static int diagnose_machine(const struct diagnose_options *o,
			    struct sheet *sheet, enum diagnose_status *status)
{
	struct diagnosing d;
	int err = diagnosing_open(&d, o, sheet);

	if (!err)
		err = diagnosing_run(&d);
	/* A reader that has seen enough (head) is no failure. */
	if (err && err != -EPIPE)
		d.status = DIAGNOSE_UNKNOWN;
	if (d.session.source)
		run_close(&d.run);
	if (session_close(&d.session))
		d.status = DIAGNOSE_UNKNOWN;
	verdict_fini(&d.verdicts[0]);
	verdict_fini(&d.verdicts[1]);
	*status = d.status;
	return err;
}

struct diagnose_fleet {
	struct diagnose_options options;
	struct sheet sheet;
	enum diagnose_status worst;
};

static int diagnose_one(void *arg, const char *file)
{
	struct diagnose_fleet *f = arg;
	enum diagnose_status status;
	int err;

	f->options.common.read = file;
	err = diagnose_machine(&f->options, &f->sheet, &status);
	/* What is critical is not hidden by what is not known. */
	if (f->worst != DIAGNOSE_CRITICAL && status > f->worst)
		f->worst = status;
	else if (status == DIAGNOSE_CRITICAL)
		f->worst = status;
	return err;
}

/* The status is that of the worst: critical, unknown, warning. */
static enum diagnose_status diagnose_many(const struct diagnose_options *o)
{
	struct diagnose_fleet f = { .options = *o };
	struct fleet files;
	int err, printed = 0;

	/* Of each recording there is one verdict. */
	f.options.watch = false;
	sheet_init(&f.sheet);
	err = fleet_open(&files, &o->common);
	if (!err) {
		err = fleet_each(&files, diagnose_one, &f);
		printed = err == -EINTR ? err : fleet_print(&f.sheet, &o->common);
		err = err ? err : printed;
	}
	if (err && err != -EPIPE && f.worst != DIAGNOSE_CRITICAL)
		f.worst = DIAGNOSE_UNKNOWN;
	/* Nobody has seen it. */
	if (printed && printed != -EPIPE)
		f.worst = DIAGNOSE_UNKNOWN;
	fleet_close(&files);
	sheet_fini(&f.sheet);
	return f.worst;
}

static int diagnose_any(const struct diagnose_options *o)
{
	enum diagnose_status status;

	if (fleet_is_asked_for(&o->common))
		return diagnose_many(o);
	diagnose_machine(o, NULL, &status);
	return status;
}

static int diagnose_rules(void)
{
	int err;

	errno = 0;
	diagnose_print_rules(stdout);
	err = output_flush(stdout);
	if (!err || err == -EPIPE)
		return DIAGNOSE_OK;
	log_error("cannot write to standard output: %s", strerror(-err));
	return DIAGNOSE_UNKNOWN;
}

static int cmd_diagnose_run(int argc, char **argv)
{
	struct diagnose_options o = { 0 };
	int status;

	options_init(&o.common);
	o.common.live.settle = SETTLE_AT_END;
	o.common.live.wish.hists = true;
	o.common.live.details = true;
	o.common.live.dev_stats = true;
	options_parse(&o.common, argc, argv, &diagnose_of, &diagnose_argp);
	status = o.rules ? diagnose_rules() : diagnose_any(&o);
	options_fini(&o.common);
	return status;
}

const struct command cmd_diagnose = {
	.name = "diagnose",
	.help = "what is wrong, what is harmless, and what to do about it",
	.run = cmd_diagnose_run,
	.argp = &diagnose_argp,
	.of = &diagnose_of,
};
