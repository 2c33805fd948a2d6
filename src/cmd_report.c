// SPDX-License-Identifier: GPL-2.0-or-later
/* report: one interval, printed when it is over. */
#include "cmd.h"

#include <errno.h>
#include <string.h>

#include "picture.h"
#include "run.h"
#include "watch.h"

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
};

static int report_read(void *arg)
{
	struct report *report = arg;

	return picture_add(&report->picture, &report->run);
}

/*
 * Without a recording to fill or a picture to draw there is nothing to read in
 * between.
 */
static int report_watch(struct report *report)
{
	const struct options *o = &report->options;
	struct watch watch = { .run = &report->run,
			       .duration_ns = o->duration_ns,
			       .between = o->write || o->svg,
			       .read = report_read,
			       .arg = report };

	return watch_run(&watch);
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
	o->live.settle = WATCH_SETTLE;
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
	.argp = &report_argp,
	.of = &report_of,
};
