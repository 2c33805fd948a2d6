// SPDX-License-Identifier: GPL-2.0-or-later
/* report: one interval, printed when it is over. */
#include "cmd.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "collect/settle.h"
#include "fleet.h"
#include "model/config.h"
#include "model/format.h"
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
		 TAKES_FIELDS | TAKES_SORT | TAKES_LIVE | TAKES_SAMPLE |
		 TAKES_FLEET,
	.formats = "text, json, csv, openmetrics",
};

static const struct argp report_argp = {
	.options = report_options,
	.parser = report_parse_one,
	.doc = "Watch for some seconds (10, or --duration), then print what "
	       "NAPI did: tables, or JSON or CSV for programs.  With --read: "
	       "of the whole recording, or of its first --duration.  With "
	       "--write a snapshot is recorded each --interval, with --svg it "
	       "is drawn.  With several --read, or a directory of recordings: "
	       "a line for each machine, that with the busiest CPU first.",
};

struct report {
	struct options options;
	struct run run;
	struct session session;
	struct picture picture;
	struct sheet *sheet; /* of a fleet: the line goes there */
};

/* --- of many machines ------------------------------------------------------ */

static const struct cpu_row *busiest_cpu(const struct interval *iv)
{
	const struct cpu_row *c, *busiest = NULL;

	table_for_each (&iv->cpus, c)
		if (c->net_rx_ns != MISSING &&
		    (!busiest || c->net_rx_ns > busiest->net_rx_ns))
			busiest = c;
	return busiest;
}

static void add_rate(struct sheet *s, const char *name, const char *title,
		     const struct interval *iv, uint64_t count)
{
	double rate = count == MISSING ? NAN : interval_rate(iv, count);
	char text[FORMAT_ROOM];

	format_count(rate, text);
	sheet_add_real(s, name, title, rate, text);
}

static void add_share(struct sheet *s, const char *name, const char *title,
		      double part, double whole)
{
	double share = whole > 0 ? 100 * part / whole : NAN;
	char text[FORMAT_ROOM];

	snprintf(text, sizeof(text), "%.1f", share);
	sheet_add_real(s, name, title, share, text);
}

static void add_ns(struct sheet *s, const char *name, const char *title, double ns)
{
	char text[FORMAT_ROOM];

	format_ns(ns, text);
	sheet_add_real(s, name, title, ns, text);
}

/* It has what its parts missed once more. */
static bool dev_is_bond(const struct interval *iv, const struct dev_row *d)
{
	char path[CONFIG_PATH];
	const char *driver;

	config_dev_path(path, d->dev, d->netns, "driver");
	driver = config_find(&iv->config, path);
	return driver && !strcmp(driver, "bonding");
}

/* What was worked off outside of NET_RX took none of its time. */
static double napi_net_rx_work(const struct napi_row *n)
{
	uint64_t polls = n->inline_polls + n->ksoftirqd_polls;

	return n->polls ? (double)n->work * (double)polls / (double)n->polls : 0;
}

static void report_add_sums(struct sheet *s, const struct interval *iv)
{
	uint64_t left = MISSING, work = 0, ns = 0, dropped = MISSING;
	const struct napi_row *n;
	const struct cpu_row *c;
	const struct dev_row *d;
	double net_rx_work = 0;

	table_for_each (&iv->cpus, c) {
		left = value_add(left, c->squeeze_work_left);
		dropped = value_add(dropped, c->softnet_dropped);
		work += c->work;
		ns = value_add(ns, c->net_rx_ns);
	}
	table_for_each (&iv->napis, n)
		net_rx_work += napi_net_rx_work(n);
	table_for_each (&iv->devs, d)
		if (!dev_is_bond(iv, d))
			dropped = value_add(dropped, d->rx_missed);
	add_rate(s, "squeeze_work_left_per_s", "SQ:LEFT/s", iv, left);
	add_rate(s, "dropped_per_s", "DROPPED/s", iv, dropped);
	add_rate(s, "work_per_s", "WORK/s", iv, work);
	add_ns(s, "net_rx_ns_per_work", "NS/WORK",
	       net_rx_work > 0 ? (double)ns / net_rx_work : NAN);
}

/* The lines are sorted by what the busiest CPU does. */
static void report_add(struct sheet *s, const struct interval *iv,
		       const char *file)
{
	const struct cpu_row *c = busiest_cpu(iv);
	double ns = (double)iv->ns;

	fleet_add_head(s, c ? (double)c->net_rx_ns / ns : -1, iv);
	sheet_add_number(s, "cpu", "CPU", c ? c->cpu : MISSING);
	add_share(s, "net_rx_pct", "NETRX%", c ? (double)c->net_rx_ns : NAN, ns);
	add_share(s, "ksoftirqd_pct", "KSOFT%",
		  c ? (double)c->ksoftirqd_polls : NAN,
		  c ? (double)c->polls : NAN);
	add_ns(s, "raise_p99_ns", "RAISE99",
	       c && c->raise_p99_ns != MISSING ? (double)c->raise_p99_ns : NAN);
	report_add_sums(s, iv);
	fleet_add_file(s, file);
}

/* --- one machine ------------------------------------------------------------- */

static int report_read(void *arg)
{
	struct report *report = arg;

	return picture_add(&report->picture, &report->run);
}

/*
 * Without a recording to fill or a picture to draw there is nothing to read in
 * between.  -EINTR: of a recording not all was read.
 */
static int report_watch(struct report *report)
{
	const struct options *o = &report->options;
	struct watch watch = { .run = &report->run,
			       .duration_ns = o->duration_ns,
			       .between = o->write || o->svg,
			       .read = report_read,
			       .arg = report };
	int err = watch_run(&watch);

	return !err && watch.signalled && report->sheet ? -EINTR : err;
}

static int report_make(struct report *report)
{
	int got = run_make(&report->run);

	if (!got)
		return run_too_short(&report->run);
	return got < 0 ? got : run_found(&report->run);
}

static int report_run(struct report *report)
{
	struct view_options view = { .fields = report->options.fields,
				     .width = run_width(),
				     .totals = true,
				     .dev = report->options.selection.dev,
				     .hists = true };
	int err = report_watch(report);

	if (!err)
		err = report_make(report);
	if (!err && report->sheet)
		report_add(report->sheet, &report->run.interval,
			   report->options.read);
	else if (!err)
		err = run_print(&report->run, &view);
	if (!err && report->picture.file)
		err = picture_draw(&report->picture, &report->run.interval);
	return err;
}

/* What is written is open before anything is read. */
static int report_open_files(struct report *report)
{
	const char *svg = report->options.svg;
	int err = svg ? picture_open(&report->picture, svg, &report->session) : 0;

	/* A fleet is confined as a whole. */
	if (!report->sheet)
		session_confine(&report->session);
	return err;
}

/* One machine, live or of a recording. */
static int report_machine(struct report *report)
{
	int err = session_open(&report->session, &report->options), drawn = 0;

	if (!err) {
		/* Without the picture's file there is a report, and it fails. */
		drawn = report_open_files(report);
		err = run_open(&report->run, &report->session);
		if (!err)
			err = report_run(report);
		run_close(&report->run);
	}
	picture_close(&report->picture);
	/* Who reads no more of the report wants the recording. */
	if (session_close(&report->session) && (!err || err == -EPIPE))
		err = -EBADMSG;
	return err ? err : drawn;
}

static int report_one(void *arg, const char *file)
{
	struct report *report = arg;

	report->options.read = file;
	return report_machine(report);
}

static int report_fleet(struct report *report)
{
	struct fleet fleet;
	struct sheet sheet;
	int err, printed;

	err = fleet_open(&fleet, &report->options);
	if (err) {
		fleet_close(&fleet);
		return err;
	}
	sheet_init(&sheet);
	report->sheet = &sheet;
	err = fleet_each(&fleet, report_one, report);
	printed = err == -EINTR ? err : fleet_print(&sheet, &report->options);
	sheet_fini(&sheet);
	fleet_close(&fleet);
	return err ? err : printed;
}

static int cmd_report_run(int argc, char **argv)
{
	struct report report = { 0 };
	struct options *o = &report.options;
	int err;

	options_init(o);
	o->sort = "polls";
	o->live.settle = SETTLE_AT_END;
	o->live.wish.hists = true;
	options_parse(o, argc, argv, &report_of, &report_argp);
	err = fleet_is_asked_for(o) ? report_fleet(&report) :
				      report_machine(&report);
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
