// SPDX-License-Identifier: GPL-2.0-or-later
/* top: the live screen, or in batch mode an interval a print. */
#include "cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect/settle.h"
#include "confine.h"
#include "model/format.h"
#include "recent.h"
#include "run.h"
#include "tui/tui.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/output.h"

/* Longer nobody waits for what is missing in a recording. */
#define TOP_GAP_NS 5000000000ULL

enum {
	TOP_HIST = 512,
};

static const struct argp_option top_options[] = {
	{ "batch", 'b', NULL, 0, "Print instead of drawing a screen", 0 },
	{ "count", 'n', "N", 0, "Stop after N intervals", 0 },
	{ "hist", TOP_HIST, NULL, 0, "Measure histograms from the start", 0 },
	{ 0 },
};

static error_t top_parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'b':
		o->batch = true;
		return 0;
	case 'n':
		if (num_parse_u64(arg, 1, UINT64_MAX - 1, &o->count))
			argp_error(state, "count '%s' is not a number from 1",
				   arg);
		return 0;
	case TOP_HIST:
		o->hists = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (!o->batch && (o->fields || o->view != &view_text))
			argp_error(state, "--format and --fields are for "
					  "--batch; the screen has its own");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of top_of = {
	.takes = TAKES_INTERVAL | TAKES_DURATION | TAKES_FILES | TAKES_SELECT |
		 TAKES_FIELDS | TAKES_SORT | TAKES_LIVE | TAKES_SAMPLE,
	.formats = "text, json, csv",
};

static const struct argp top_argp = {
	.options = top_options,
	.parser = top_parse,
	.doc = "Show live what NAPI does: CPUs, NAPI instances, interrupts. "
	       "Keys: ? lists them.  With --read: show a recording, as fast as "
	       "it was recorded (but none of its intervals for more than five "
	       "seconds), or an interval of it each --interval; with "
	       "--batch all of it at once.",
};

struct top {
	struct run run;
	struct session session;
	struct tui *tui; /* NULL: batch */
	struct recent recent;
	const char *sort; /* of the screen; NULL: the default */
	bool paced; /* the user said how fast a recording is to be shown */
	bool paused, ended;   /* a recording */
	uint64_t interval_ns; /* that is wished for */
	uint64_t printed;
	uint64_t started_ns;
};

static bool top_is_over(const struct top *t)
{
	const struct options *o = t->run.options;

	if (o->count && t->printed >= o->count)
		return true;
	return o->duration_ns &&
	       t->run.interval.mono_ns - t->started_ns >= o->duration_ns;
}

/* Of a recording: which one, and where in it. */
static void top_set_banner(struct top *t, const char *more)
{
	char banner[256], time[FORMAT_TIME_ROOM];

	if (!t->session.replay)
		return;
	format_time(t->run.interval.real_ns, time);
	snprintf(banner, sizeof(banner), "recording %s at %s%s",
		 t->run.options->read, time, more);
	tui_set_banner(t->tui, banner);
}

static int top_show(struct top *t)
{
	struct view_options view = { .fields = t->run.options->fields,
				     .width = run_width(),
				     .lines = true,
				     .dev = t->run.options->selection.dev,
				     .hists = t->run.options->hists,
				     .more = t->printed > 0 };

	if (t->tui) {
		top_set_banner(t, "");
		return tui_update(t->tui, &t->run.interval);
	}
	return run_print(&t->run, &view);
}

static int top_tick(void *arg, uint64_t expired);

/*
 * A recording on the screen: the next interval comes when this one was over, or soon
 * where that is a gap.
 */
static int top_pace(struct top *t)
{
	uint64_t ns = t->paced ? t->interval_ns : t->run.interval.ns;

	if (!t->session.replay || !t->tui)
		return 0;
	if (!t->paced && ns > TOP_GAP_NS)
		ns = TOP_GAP_NS;
	return loop_set_timer(t->run.loop, ns ? ns : RUN_AT_ONCE_NS, top_tick, t);
}

/* The interval that is wished for, or what is left of a live duration. */
static uint64_t top_next_ns(const struct top *t)
{
	uint64_t end = t->started_ns + t->run.options->duration_ns;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);

	if (!t->session.live || !t->run.options->duration_ns)
		return t->interval_ns;
	if (end <= now)
		return RUN_AT_ONCE_NS;
	return end - now < t->interval_ns ? end - now : t->interval_ns;
}

/*
 * After a reading that came late (stopped, or held up) the next one would come at
 * once, with the rates of a moment; and the last one is when the duration is over.
 */
static int top_arm(struct top *t)
{
	const uint64_t wish = t->interval_ns, next = top_next_ns(t);

	if (t->session.replay)
		return top_pace(t);
	if (next == wish && t->run.interval.ns <= wish + wish / 8)
		return 0;
	return loop_set_timer(t->run.loop, next, top_tick, t);
}

/* The end of a recording: its last interval stays on the screen. */
static int top_end(struct top *t)
{
	int err;

	if (!t->printed)
		return run_too_short(&t->run);
	err = run_found(&t->run);
	if (err)
		return err;
	if (!t->tui)
		return 0;
	t->ended = true;
	top_set_banner(t, ", its end");
	err = loop_set_timer(t->run.loop, 0, top_tick, t);
	return err ? err : LOOP_CONTINUE;
}

static int top_tick(void *arg, uint64_t expired)
{
	struct top *t = arg;
	int got = run_step(&t->run);

	(void)expired;
	if (got <= 0)
		return got ? got : top_end(t);
	got = top_show(t);
	if (!got)
		got = top_arm(t);
	if (got)
		return got;
	t->printed++;
	return top_is_over(t) ? 0 : LOOP_CONTINUE;
}

static int top_signal(void *arg, uint64_t signo)
{
	struct top *t = arg;

	if (signo != SIGWINCH)
		return 0;
	if (t->tui)
		tui_resize(t->tui);
	return LOOP_CONTINUE;
}

static int top_input(void *arg)
{
	struct top *t = arg;

	return tui_input(t->tui);
}

static void top_set_interval(void *arg, uint64_t ns)
{
	struct top *t = arg;

	t->paced = true;
	t->interval_ns = ns;
	if (!t->paused && !t->ended)
		loop_set_timer(t->run.loop, top_next_ns(t), top_tick, t);
}

/* A recording waits for who reads it. */
static void top_set_paused(void *arg, bool paused)
{
	struct top *t = arg;

	t->paused = paused;
	if (paused)
		loop_set_timer(t->run.loop, 0, top_tick, t);
	else if (!t->ended)
		top_pace(t);
}

/* Resumed: the terminal may be another size by now. */
static int top_continued(void *arg, uint64_t signo)
{
	struct top *t = arg;

	(void)signo;
	tui_resize(t->tui);
	return LOOP_CONTINUE;
}

static void top_set_hists(void *arg)
{
	struct top *t = arg;

	live_start_hists(t->session.live);
}

static void top_set_settings(void *arg, enum tui_settings needed)
{
	struct top *t = arg;

	if (needed == TUI_NO_SETTINGS)
		live_end_details(t->session.live);
	else
		live_renew_details(t->session.live, needed == TUI_ALL_SETTINGS);
}

static int top_diagnose(void *arg, bool anew, struct verdict *v,
			struct verdict_scope *scope)
{
	struct top *t = arg;

	return recent_judge(&t->recent, &t->run, anew, v, scope);
}

static int top_open_screen(struct top *t)
{
	const struct options *o = t->run.options;
	const struct tui_options options = { .interval_ns = o->interval_ns,
					     .sort = t->sort,
					     .dev = o->selection.dev,
					     .some_cpus = o->selection.cpus };
	const struct tui_owner owner = {
		.arg = t,
		.set_interval = top_set_interval,
		.diagnose = top_diagnose,
		.set_settings = t->session.live ? top_set_settings : NULL,
		.set_paused = t->session.replay ? top_set_paused : NULL,
		/* A recording has them or not. */
		.set_hists = t->session.live ? top_set_hists : NULL
	};
	sigset_t continued;
	int err;

	if (o->batch)
		return output_give_way();
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		log_error("standard %s is no terminal: use --batch",
			  isatty(STDIN_FILENO) ? "output" : "input");
		return -ENOTTY;
	}
	err = tui_open(&t->tui, &options, &owner);
	if (err) {
		log_error("cannot draw on this terminal: TERM is '%s'; use "
			  "--batch, or another terminal",
			  getenv("TERM") ? getenv("TERM") : "");
		return err;
	}
	log_hold();
	sigemptyset(&continued);
	sigaddset(&continued, SIGCONT);
	err = loop_add_signals(t->run.loop, &continued, top_continued, t);
	return err ? err : loop_add(t->run.loop, STDIN_FILENO, top_input, t);
}

/* The terminal's description may be in a home, and is read with the screen. */
static void top_begin_confine(const struct top *t, bool batch)
{
	if (batch)
		session_confine(&t->session);
	else if (t->session.replay)
		confine_replay();
}

static void top_confine(const struct top *t)
{
	if (t->session.live)
		confine_live();
	else
		confine_opened();
}

/* Namespaces of containers that stopped are let go of, however seldom it reads. */
static int top_keep(void *arg, uint64_t count)
{
	struct session *session = arg;

	(void)count;
	live_keep(session->live);
	return LOOP_CONTINUE;
}

static int top_run(struct top *t)
{
	const struct options *o = t->run.options;
	uint64_t first_ns = o->interval_ns;
	int err = run_add_signals(&t->run, top_signal, t);

	t->interval_ns = o->interval_ns;
	if (t->session.live && o->duration_ns && o->duration_ns < first_ns)
		first_ns = o->duration_ns;
	t->started_ns = t->run.snapshots[0].mono_ns;
	t->paced = o->interval_given;
	if (!err)
		err = top_open_screen(t);
	if (!err && t->tui)
		top_confine(t);
	/* The first interval of a recording is there already. */
	if (!err)
		err = loop_set_timer(t->run.loop,
				     t->session.replay && (!t->paced || o->batch) ?
					     RUN_AT_ONCE_NS :
					     first_ns,
				     top_tick, t);
	if (!err && t->session.live)
		err = loop_set_timer(t->run.loop, LIVE_KEEP_NS, top_keep,
				     &t->session);
	if (!err)
		err = loop_run(t->run.loop);
	tui_close(t->tui);
	log_release();
	return err;
}

static int cmd_top_run(int argc, char **argv)
{
	struct options options;
	struct top top = { 0 };
	int err;

	options_init(&options);
	options_parse(&options, argc, argv, &top_of, &top_argp);
	/* /proc and the maps shall agree, if a few tries get there. */
	if (options.batch)
		options.live.settle = SETTLE_BETWEEN;
	/* The panels sort by themselves, and group what is in order. */
	if (!options.batch) {
		top.sort = options.sort;
		options.sort = NULL;
	}
	/* The screen may come to want them. */
	options.live.wish.hists = options.hists || !options.batch;
	options.live.hists_later = !options.hists;
	recent_init(&top.recent);
	err = session_open(&top.session, &options);
	if (!err) {
		top_begin_confine(&top, options.batch);
		err = run_open(&top.run, &top.session);
		if (!err)
			err = top_run(&top);
		run_close(&top.run);
	}
	recent_fini(&top.recent);
	/* A reader that has seen enough (head) is no failure. */
	if (err == -EPIPE)
		err = 0;
	if (session_close(&top.session))
		err = -1;
	options_fini(&options);
	return err ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_top = {
	.name = "top",
	.help = "live screen (the default); -b prints instead",
	.run = cmd_top_run,
	.argp = &top_argp,
	.of = &top_of,
};
