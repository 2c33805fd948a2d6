// SPDX-License-Identifier: GPL-2.0-or-later
/* report: one interval, printed when it is over. */
#include "cmd.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "picture.h"
#include "run.h"
#include "util/log.h"

#define REPORT_DURATION_NS 10000000000ULL
/* /proc and the maps are read until they agree: see live.h. */
#define REPORT_SETTLE 50
#define REPORT_SETTLE_BETWEEN 5

/* Not one of those that all commands have. */
#define OPTION_SVG 512

static error_t report_parse_one(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = o;
	else if (key != OPTION_SVG)
		return ARGP_ERR_UNKNOWN;
	else if (!strcmp(arg, "-"))
		argp_error(state, "'-': standard output is the report's own; "
				  "give the picture a file");
	else
		o->svg = arg;
	return 0;
}

static const struct argp_option report_options[] = {
	{ "svg", OPTION_SVG, "FILE", 0,
	  "Draw a reading each --interval as a picture into this file", 3 },
	{ 0 },
};

static const struct options_of report_of = {
	.takes = TAKES_INTERVAL | TAKES_DURATION | TAKES_FILES | TAKES_SELECT |
		 TAKES_FIELDS | TAKES_SORT | TAKES_LIVE,
	.formats = "text, json, csv, openmetrics",
};

static const struct argp report_argp = {
	.options = report_options,
	.parser = report_parse_one,
	.doc = "Watch for some seconds (10, or --duration), then print what "
	       "NAPI did: tables, or JSON or CSV for programs.  With --read: "
	       "of the whole recording, or of its first --duration.  With "
	       "--write a snapshot is recorded each --interval, with --svg it "
	       "is drawn.",
};

struct report {
	struct options options;
	struct run run;
	struct session session;
	struct picture picture;
	bool last; /* the next reading is the one to report */
};

static int report_tick(void *arg, uint64_t count);

static bool report_reads_between(const struct report *report)
{
	return report->options.write || report->options.svg;
}

/*
 * Without a recording to fill or a picture to draw there is nothing to read in
 * between.  Set anew after each reading, so that one that came late is not
 * followed by one at once.
 */
static int report_set_timer(struct report *report)
{
	const struct options *o = &report->options;
	uint64_t elapsed =
		report->run.has_next ? run_elapsed_ns(&report->run) : 0;
	uint64_t left = elapsed < o->duration_ns ? o->duration_ns - elapsed : 1;

	report->last = !report_reads_between(report) ||
		       left <= o->interval_ns + o->interval_ns / 2;
	live_set_settle(report->session.live,
			report->last ? REPORT_SETTLE : REPORT_SETTLE_BETWEEN);
	return loop_set_timer(report->run.loop,
			      report->last ? left : o->interval_ns, report_tick,
			      report);
}

/* Enough was read, for a replay with the same duration to end here too. */
static bool report_is_over(const struct report *report)
{
	uint64_t duration_ns = report->options.duration_ns;

	return duration_ns && run_elapsed_ns(&report->run) >= duration_ns;
}

/* 1, 0 at the end of a recording, or -errno, printed. */
static int report_read(struct report *report)
{
	int got = run_skip(&report->run);
	int err;

	if (got <= 0 || !report->picture.file)
		return got;
	err = picture_add(&report->picture, &report->run);
	return err ? err : got;
}

static int report_tick(void *arg, uint64_t count)
{
	struct report *report = arg;
	int got = report_read(report);
	int err;

	(void)count;
	if (got <= 0)
		return got;
	if (report->last || report_is_over(report))
		return 0;
	err = report_set_timer(report);
	return err ? err : LOOP_CONTINUE;
}

/* All of a recording, or the duration of it. */
static int report_replay(void *arg, uint64_t count)
{
	struct report *report = arg;
	int got = report_read(report);

	(void)count;
	if (got <= 0)
		return got;
	return report_is_over(report) ? 0 : LOOP_CONTINUE;
}

/* Ctrl-C ends the watching early; the report covers the time so far. */
static int report_signal(void *arg, uint64_t signo)
{
	struct report *report = arg;
	int got;

	if (signo == SIGWINCH)
		return LOOP_CONTINUE;
	if (!report->session.live)
		return 0;
	live_set_settle(report->session.live, REPORT_SETTLE);
	got = report_read(report);
	return got < 0 ? got : 0;
}

static int report_watch(struct report *report)
{
	struct options *o = &report->options;
	struct run *r = &report->run;
	int err = run_add_signals(r, report_signal, report);

	if (!err && report->session.replay) {
		err = loop_set_timer(r->loop, RUN_AT_ONCE_NS, report_replay,
				     report);
	} else if (!err) {
		if (!o->duration_ns)
			o->duration_ns = REPORT_DURATION_NS;
		err = report_set_timer(report);
	}
	return err ? err : loop_run(r->loop);
}

static int report_make(struct report *report)
{
	int got = run_make(&report->run);

	if (!got)
		return run_too_short(&report->run);
	return got < 0 ? got : 0;
}

static int report_run(struct report *report)
{
	struct view_options view = { .fields = report->options.fields,
				     .width = run_width(),
				     .totals = true,
				     .dev = report->options.selection.dev,
				     .hists = true };
	int drawn = 0, err;

	/* Without its file there is a report, and it fails. */
	if (report->options.svg)
		drawn = picture_open(&report->picture, report->options.svg);
	err = report_watch(report);
	if (!err)
		err = report_make(report);
	if (!err)
		err = run_print(&report->run, &view);
	if (!err && report->picture.file)
		drawn = picture_draw(&report->picture, &report->run.interval);
	picture_close(&report->picture);
	return err ? err : drawn;
}

static int cmd_report_run(int argc, char **argv)
{
	struct report report = { 0 };
	struct options *o = &report.options;
	int err;

	options_init(o);
	o->sort = "polls";
	o->live.settle = REPORT_SETTLE;
	o->live.wish.hists = true;
	options_parse(o, argc, argv, &report_of, &report_argp);
	err = session_open(&report.session, o);
	if (!err) {
		err = run_open(&report.run, &report.session);
		if (!err)
			err = report_run(&report);
		run_close(&report.run);
	}
	if (session_close(&report.session))
		err = -1;
	options_fini(o);
	/* A reader that has seen enough (head) is no failure. */
	return err && err != -EPIPE ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_report = {
	.name = "report",
	.help = "watch for some seconds, then print tables or JSON",
	.run = cmd_report_run,
};
