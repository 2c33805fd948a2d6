// SPDX-License-Identifier: GPL-2.0-or-later
/* report: one interval, printed when it is over. */
#include "cmd.h"

#include <signal.h>

#include "run.h"
#include "util/log.h"

#define REPORT_DURATION_NS 10000000000ULL
/* /proc and the maps are read until they agree: see live.h. */
#define REPORT_SETTLE 50

static const struct argp report_argp = {
	.doc = "Watch for some seconds (10, or --duration), then print what "
	       "NAPI did: tables, or JSON or CSV for programs.",
};

/* The time is over: leave the loop. */
static int report_tick(void *arg, uint64_t count)
{
	(void)arg;
	(void)count;
	return 0;
}

/* Ctrl-C ends the watching early; the report covers the time so far. */
static int report_signal(void *arg, uint64_t signo)
{
	(void)arg;
	return signo == SIGWINCH ? LOOP_CONTINUE : 0;
}

static int report_run(struct run *r)
{
	struct view_options view = { .fields = r->options->fields,
				     .width = run_width(),
				     .totals = true };
	int err = run_add_signals(r, report_signal, r);

	if (!err)
		err = loop_set_timer(r->loop, r->options->duration_ns,
				     report_tick, r);
	if (!err)
		err = loop_run(r->loop);
	if (!err)
		err = run_step(r) == 1 ? 0 : -1;
	return err ? err : run_print(r, &view);
}

static int cmd_report_run(int argc, char **argv)
{
	struct options options;
	struct live *live;
	struct run run;
	int err;

	options_init(&options);
	options.duration_ns = REPORT_DURATION_NS;
	options.sort = "polls";
	options.live.settle = REPORT_SETTLE;
	options_parse(&options, argc, argv, &report_argp);
	err = live_open(&live, &options.live);
	if (!err) {
		err = run_open(&run, &options, live_source(live));
		if (!err)
			err = report_run(&run);
		run_close(&run);
		live_source(live)->ops->close(live_source(live));
	}
	options_fini(&options);
	return err ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_report = {
	.name = "report",
	.help = "watch for some seconds, then print tables or JSON",
	.run = cmd_report_run,
};
