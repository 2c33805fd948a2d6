// SPDX-License-Identifier: GPL-2.0-or-later
/* trace: single events, as they happen or around a squeeze. */
#include "cmd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "tracing.h"
#include "util/log.h"

/* Of a file for a viewer; other formats go on until Ctrl-C. */
#define TRACE_DURATION_NS 10000000000ULL

#define TRACE_WINDOW 512
#define TRACE_WINDOW_MIN 8
#define TRACE_WINDOW_MAX 65536

enum {
	OPTION_NAPI = 512,
	OPTION_EVENTS,
	OPTION_LONGER,
	OPTION_AROUND,
};

static const struct argp_option trace_options[] = {
	{ "events", OPTION_EVENTS, "EVENTS", 0,
	  "Of irq, raise, softirq, schedule, poll, complete, squeeze, or all "
	  "(all but raise)",
	  0 },
	{ "napi", OPTION_NAPI, "ID|LABEL", 0,
	  "Only this NAPI, by id (`napiscope list`) or as the screen calls it",
	  0 },
	{ "longer-than", OPTION_LONGER, "TIME", 0,
	  "Only what took at least TIME (250us, 2ms), and squeezes", 0 },
	{ "around-squeeze", OPTION_AROUND, "N", OPTION_ARG_OPTIONAL,
	  "Only the last N (512) events of a CPU, when a squeeze left work "
	  "behind there or a poll took as long as --longer-than",
	  0 },
	{ "count", 'n', "N", 0,
	  "Stop after N events; with --around-squeeze after N of these", 0 },
	{ 0 },
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

static void trace_check_recordings(struct argp_state *state,
				   const struct trace_request *t)
{
	if (t->options.read && t->options.live.trace.window)
		argp_error(state, "--around-squeeze is for this machine, and "
				  "--read reads a recording");
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
		trace_check_recordings(state, t);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of trace_of = {
	.takes = TAKES_DURATION | TAKES_FILES | TAKES_SELECT | TAKES_LIVE,
	.formats = "text, json, perfetto",
};

static const struct argp trace_argp = {
	.options = trace_options,
	.parser = trace_parse,
	.doc = "Show single events: interrupts, softirqs, schedules, polls, "
	       "completions, squeezes. With -f perfetto, write ten seconds of "
	       "them for ui.perfetto.dev or chrome://tracing.",
};

static void trace_settle_request(struct trace_request *t)
{
	struct loader_trace *trace = &t->options.live.trace;

	t->filter.dev = t->options.selection.dev;
	t->filter.cpus = t->options.selection.cpus;
	t->filter.types = trace->events;
	t->filter.longer_ns = trace->longer_ns;
	trace->cpus = t->options.selection.cpus;
	if (trace->events >> TRACE_RAISE & 1)
		t->options.live.wish.with |= 1U << PROBE_SOFTIRQ_RAISE;
	if (t->options.trace_view == &trace_view_perfetto && !t->options.read &&
	    !t->options.duration_ns && !t->options.count && !trace->window)
		t->options.duration_ns = TRACE_DURATION_NS;
}

static int cmd_trace_run(int argc, char **argv)
{
	struct trace_request request = {
		.filter = { .napi_id = MISSING },
	};
	int err;

	options_init(&request.options);
	request.options.trace_view = &trace_view_text;
	request.options.live.trace.events =
		((1U << TRACE_NR) - 1) & ~(1U << TRACE_RAISE);
	options_parse(&request.options, argc, argv, &trace_of, &trace_argp);
	trace_settle_request(&request);
	if (request.options.trace_view == &trace_view_perfetto &&
	    isatty(STDOUT_FILENO)) {
		log_error("the perfetto format is for a file: napiscope trace "
			  "-f perfetto >trace.json");
		err = -ENOTTY;
	} else {
		err = tracing_run(&request);
	}
	options_fini(&request.options);
	/* A reader that has seen enough (head) is no failure. */
	return err && err != -EPIPE ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_trace = {
	.name = "trace",
	.help = "single events: text, JSON, or for a trace viewer",
	.run = cmd_trace_run,
	.argp = &trace_argp,
	.of = &trace_of,
};
