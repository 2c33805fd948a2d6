// SPDX-License-Identifier: GPL-2.0-or-later
/* trace: single events, as they happen or around a squeeze. */
#include "cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collect/events.h"
#include "run.h"
#include "util/log.h"
#include "util/output.h"
#include "view/trace.h"

/* Of a file for a viewer; other formats go on until Ctrl-C. */
#define TRACE_DURATION_NS 10000000000ULL
#define TRACE_TICK_NS 50000000ULL
#define TRACE_REFRESH_NS 1000000000ULL

#define TRACE_WINDOW 512
#define TRACE_WINDOW_MIN 8
#define TRACE_WINDOW_MAX 65536

/* A source's read() returns it when a handler has seen enough. */
#define TRACE_ENOUGH 2

enum {
	OPTION_NAPI = 512,
	OPTION_EVENTS,
	OPTION_LONGER,
	OPTION_AROUND,
};

static const struct argp_option trace_options[] = {
	{ "events", OPTION_EVENTS, "NAMES", 0,
	  "Of irq, raise, softirq, schedule, poll, complete, squeeze, or all "
	  "(all but raise)",
	  0 },
	{ "napi", OPTION_NAPI, "ID|LABEL", 0,
	  "Only this NAPI, by id or as `napiscope list` calls it", 0 },
	{ "longer-than", OPTION_LONGER, "TIME", 0,
	  "Only what took at least TIME (250us, 2ms), and squeezes", 0 },
	{ "around-squeeze", OPTION_AROUND, "N", OPTION_ARG_OPTIONAL,
	  "Only the last N (512) events of a CPU, when a squeeze left work "
	  "behind there or a poll took as long as --longer-than",
	  0 },
	{ "count", 'n', "N", 0,
	  "Stop after N events, or N times their last ones", 0 },
	{ 0 },
};

struct trace_request {
	struct options options; /* first: what the common options fill in */
	struct event_filter filter;
	bool events_given;
};

static void trace_parse_events(struct argp_state *state,
			       struct trace_request *t, const char *arg)
{
	const char *bad;

	if (event_parse(arg, &t->options.live.trace.events, &bad))
		argp_error(state,
			   "'%.*s' is no event: they are irq, raise, softirq, "
			   "schedule, poll, complete, squeeze and all",
			   (int)strcspn(bad, ","), bad);
	t->events_given = true;
}

static void trace_parse_napi(struct trace_request *t, const char *arg)
{
	if (num_parse_u64(arg, 1, UINT32_MAX, &t->filter.napi_id))
		t->filter.napi = arg;
}

static void trace_parse_longer(struct argp_state *state,
			       struct trace_request *t, const char *arg)
{
	if (num_parse_time(arg, 1, 60000000000ULL,
			   &t->options.live.trace.longer_ns))
		argp_error(state,
			   "'%s' is not a time from 1ns to 60s with its "
			   "unit: ns, us, ms or s",
			   arg);
}

/* The kernel's part has a power of two. */
static void trace_parse_around(struct argp_state *state,
			       struct trace_request *t, const char *arg)
{
	uint64_t wanted = TRACE_WINDOW;
	uint32_t window = TRACE_WINDOW_MIN;

	if (arg && num_parse_u64(arg, TRACE_WINDOW_MIN, TRACE_WINDOW_MAX, &wanted))
		argp_error(state, "'%s' is not a number of events from %d to %d",
			   arg, TRACE_WINDOW_MIN, TRACE_WINDOW_MAX);
	while (window < wanted)
		window *= 2;
	t->options.live.trace.window = window;
}

static error_t trace_parse(int key, char *arg, struct argp_state *state)
{
	struct trace_request *t = state->input;

	switch (key) {
	case OPTION_EVENTS:
		trace_parse_events(state, t, arg);
		return 0;
	case OPTION_NAPI:
		trace_parse_napi(t, arg);
		return 0;
	case OPTION_LONGER:
		trace_parse_longer(state, t, arg);
		return 0;
	case OPTION_AROUND:
		trace_parse_around(state, t, arg);
		return 0;
	case 'n':
		if (num_parse_u64(arg, 1, UINT64_MAX - 1, &t->options.count))
			argp_error(state, "count '%s' is not a number from 1",
				   arg);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (t->options.read || t->options.write)
			argp_error(state, "trace has no recordings: -f json "
					  "keeps its events");
		if (t->options.fields || t->options.sort)
			argp_error(state,
				   "trace has no fields: '%s' is for "
				   "top and report",
				   t->options.fields ? "--fields" : "--sort");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp trace_argp = {
	.options = trace_options,
	.parser = trace_parse,
	.doc = "Show single events: interrupts, softirqs, schedules, polls, "
	       "completions, squeezes. With -f perfetto, write ten seconds of "
	       "them for ui.perfetto.dev or chrome://tracing.",
};

struct trace {
	const struct trace_request *request;
	struct run run;
	struct events *events;
	struct trace_writer writer;
	uint64_t started_ns;
	uint64_t refreshed_ns;
	uint64_t kept; /* triggers written */
};

static bool trace_is_around(const struct trace *t)
{
	return t->request->options.live.trace.window;
}

static uint64_t trace_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static bool trace_has_enough(const struct trace *t)
{
	const uint64_t count = t->request->options.count;

	return count && (trace_is_around(t) ? t->kept > count :
					      t->writer.events >= count);
}

/* Around a squeeze the last one is over when another begins. */
static int trace_write(void *arg, const struct event *e)
{
	struct trace *t = arg;
	int err;

	if (e->type == EVENT_TRIGGER)
		t->kept++;
	if (trace_is_around(t) && trace_has_enough(t))
		return TRACE_ENOUGH;
	err = t->writer.view->event(&t->writer, e);
	if (err)
		return err;
	if (e->type != EVENT_TRIGGER)
		t->writer.events++;
	return !trace_is_around(t) && trace_has_enough(t) ? TRACE_ENOUGH : 0;
}

/* LOOP_CONTINUE, 0 when it is over, or -errno, printed but for -EPIPE. */
static int trace_read(struct trace *t)
{
	struct event_source *source = events_source(t->events);
	int got, flushed;

	errno = 0;
	got = source->ops->read(source, trace_write, t);
	flushed = output_flush(stdout);
	if (got >= 0 && flushed)
		got = flushed;
	if (got < 0 && ferror(stdout) && got != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-got));
	/* Of a number of windows, the last one is complete. */
	if (trace_is_around(t) && t->request->options.count &&
	    t->kept >= t->request->options.count)
		return got < 0 ? got : 0;
	return got == TRACE_ENOUGH ? 0 : got;
}

static int trace_tick(void *arg, uint64_t expired)
{
	const struct options *o;
	struct trace *t = arg;
	uint64_t now = trace_clock();
	int ret = trace_read(t);

	(void)expired;
	if (ret <= 0)
		return ret;
	o = &t->request->options;
	if (o->duration_ns && now - t->started_ns >= o->duration_ns)
		return 0;
	if (now - t->refreshed_ns < TRACE_REFRESH_NS)
		return LOOP_CONTINUE;
	t->refreshed_ns = now;
	ret = namer_refresh(events_namer(t->events));
	return ret ? ret : LOOP_CONTINUE;
}

static int trace_ready(void *arg)
{
	return trace_read(arg);
}

static int trace_signal(void *arg, uint64_t signo)
{
	(void)arg;
	return signo == SIGWINCH ? LOOP_CONTINUE : 0;
}

/* --- what can be had -------------------------------------------------------- */

/* The probe that gives an event; NR_PROBES: one that is always there. */
static enum probe_id trace_probe(unsigned int type)
{
	switch (type) {
	case TRACE_IRQ:
		return PROBE_IRQ_HANDLER;
	case TRACE_RAISE:
		return PROBE_SOFTIRQ_RAISE;
	case TRACE_SCHEDULE:
		return PROBE_SCHEDULE;
	case TRACE_COMPLETE:
		return PROBE_COMPLETE;
	default:
		return NR_PROBES;
	}
}

/* Those that were asked for and cannot be had are said; without any, an error. */
static int trace_check_events(const struct trace *t, const struct loader *l)
{
	uint32_t wanted = t->request->options.live.trace.events, had = wanted;
	enum probe_id probe;
	unsigned int type;

	for (type = 0; type < TRACE_NR; type++) {
		probe = trace_probe(type);
		if (!(wanted >> type & 1) || probe == NR_PROBES ||
		    l->plan.on >> probe & 1)
			continue;
		had &= ~(1U << type);
		if (t->request->events_given)
			log_warn("no %s events: %s", event_name(type),
				 l->plan.why[probe] ? l->plan.why[probe] :
						      "the probe is off");
	}
	if (had)
		return 0;
	log_error("none of these events can be had; `napiscope probes` says why");
	return -EOPNOTSUPP;
}

static bool trace_knows_squeezes(const struct trace *t, const struct loader *l)
{
	const struct cpu_row *cpu;

	if (!l->control->budget_valid)
		return false;
	table_for_each (&t->run.snapshots[0].cpus, cpu)
		if (cpu->cpu < l->sizes.cpus && !l->cpus[cpu->cpu].softnet)
			return false;
	return true;
}

static void trace_warn(const struct trace *t, const struct loader *l)
{
	const struct event_filter *f = &t->request->filter;

	if (trace_is_around(t) && !trace_knows_squeezes(t, l))
		log_warn("squeezes of some CPUs are not seen until their "
			 "backlog polls (or the sysctls are hidden)");
	if ((f->napi || f->napi_id != MISSING) &&
	    !namer_found(events_namer(t->events)))
		log_warn("this NAPI has not polled since the start: waiting "
			 "for it (`napiscope list` has the names)");
}

/* --- begin, run, end -------------------------------------------------------- */

static int trace_begin(struct trace *t)
{
	const struct snapshot *s = &t->run.snapshots[0];
	int err;

	t->writer.view = t->request->options.trace_view;
	t->writer.out = stdout;
	t->writer.host = s->host;
	t->writer.real_offset_ns = (int64_t)(s->real_ns - s->mono_ns);
	errno = 0;
	err = t->writer.view->begin(&t->writer);
	if (!err)
		err = output_flush(stdout);
	if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}

static int trace_loop(struct trace *t)
{
	int fd = events_fd(t->events);
	int err = run_add_signals(&t->run, trace_signal, t);

	t->started_ns = trace_clock();
	t->refreshed_ns = t->started_ns;
	if (!err && fd >= 0)
		err = loop_add(t->run.loop, fd, trace_ready, t);
	if (!err)
		err = loop_set_timer(t->run.loop, TRACE_TICK_NS, trace_tick, t);
	return err ? err : loop_run(t->run.loop);
}

static void trace_fill_tail(const struct trace *t, struct trace_tail *tail)
{
	tail->events = t->writer.events;
	tail->lost = events_lost(t->events);
	tail->late = events_late(t->events);
	tail->triggers = MISSING;
	tail->triggers_missed = MISSING;
	if (trace_is_around(t))
		events_triggers(t->events, &tail->triggers,
				&tail->triggers_missed);
}

static void trace_warn_lost(const struct trace *t, const struct trace_tail *tail)
{
	if (tail->lost)
		log_warn("%" PRIu64 " events were lost: the reader was not fast "
			 "enough; ask for less with --events, --dev, --cpu or "
			 "--longer-than",
			 tail->lost);
	if (trace_is_around(t) && tail->triggers_missed)
		log_warn("%" PRIu64 " of %" PRIu64 " triggers came while the one "
			 "before was being written out",
			 tail->triggers_missed, tail->triggers);
}

/* Everything that was traced, as if read first before it was attached. */
static int trace_sum(const struct trace *t, struct interval *totals)
{
	struct namer *namer = events_namer(t->events);
	struct snapshot nothing;
	int err = namer_refresh(namer);

	if (err)
		return err;
	snapshot_select(&namer->names, &t->request->options.selection);
	snapshot_init(&nothing);
	nothing.mono_ns = t->writer.base_ns;
	nothing.host = t->run.snapshots[0].host;
	nothing.host.events = 0;
	return interval_make(totals, &nothing, &namer->names);
}

/*
 * With the programs detached, what they counted and the events of it are of
 * the same time.
 */
static int trace_end(struct trace *t)
{
	struct trace_tail tail = { 0 };
	struct interval totals;
	int err = LOOP_CONTINUE, end;

	events_stop(t->events);
	while (err > 0 && !trace_has_enough(t))
		err = trace_read(t);
	if (err < 0)
		return err;
	interval_init(&totals);
	err = trace_sum(t, &totals);
	tail.totals = err ? NULL : &totals;
	trace_fill_tail(t, &tail);
	errno = 0;
	end = t->writer.view->end(&t->writer, &tail);
	if (end && end != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-end));
	interval_fini(&totals);
	trace_warn_lost(t, &tail);
	return err ? err : end;
}

static int trace_run(struct trace *t, struct session *session)
{
	const struct trace_request *request = t->request;
	struct live *live = session->live;
	int err, end;

	err = run_open(&t->run, session);
	if (!err)
		err = trace_check_events(t, live_loader(live));
	if (!err)
		err = events_open(&t->events, live, &request->filter,
				  request->options.trace_view->by_start);
	if (err)
		return err;
	trace_warn(t, live_loader(live));
	err = trace_begin(t);
	if (err)
		return err;
	err = trace_loop(t);
	/* Whatever ended it: a file that can be written is complete. */
	if (ferror(stdout))
		return err;
	end = trace_end(t);
	return err ? err : end;
}

static int trace_open(struct trace *t)
{
	struct session session;
	int err;

	t->writer.base_ns = trace_clock();
	err = session_open(&session, &t->request->options);
	if (err)
		return err;
	err = trace_run(t, &session);
	if (t->events)
		events_source(t->events)->ops->close(events_source(t->events));
	run_close(&t->run);
	session_close(&session);
	return err;
}

static void trace_settle_request(struct trace_request *t)
{
	struct loader_trace *trace = &t->options.live.trace;

	t->filter.dev = t->options.selection.dev;
	trace->cpus = t->options.selection.cpus;
	if (trace->events >> TRACE_RAISE & 1)
		t->options.live.wish.with |= 1U << PROBE_SOFTIRQ_RAISE;
	if (t->options.trace_view == &trace_view_perfetto &&
	    !t->options.duration_ns && !t->options.count && !trace->window)
		t->options.duration_ns = TRACE_DURATION_NS;
}

static int cmd_trace_run(int argc, char **argv)
{
	struct trace_request request = {
		.filter = { .napi_id = MISSING },
	};
	struct trace trace = { .request = &request };
	int err;

	options_init(&request.options);
	request.options.trace_view = &trace_view_text;
	request.options.live.trace.events =
		((1U << TRACE_NR) - 1) & ~(1U << TRACE_RAISE);
	options_parse(&request.options, argc, argv, &trace_argp);
	trace_settle_request(&request);
	if (request.options.trace_view == &trace_view_perfetto &&
	    isatty(STDOUT_FILENO)) {
		log_error("the perfetto format is for a file: napiscope trace "
			  "-f perfetto >trace.json");
		err = -ENOTTY;
	} else {
		err = trace_open(&trace);
	}
	options_fini(&request.options);
	/* A reader that has seen enough (head) is no failure. */
	return err && err != -EPIPE ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_trace = {
	.name = "trace",
	.help = "single events: text, JSON, or for a trace viewer",
	.run = cmd_trace_run,
};
