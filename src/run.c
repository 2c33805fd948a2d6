// SPDX-License-Identifier: GPL-2.0-or-later
/* See run.h. */
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/log.h"

#define RUN_DEFAULT_WIDTH 132

static int run_read(struct run *r, struct snapshot *s)
{
	int got = r->source->ops->read(r->source, s);

	if (got > 0)
		snapshot_select(s, &r->options->selection);
	return got;
}

int run_open(struct run *r, const struct options *options, struct source *source)
{
	int err;

	memset(r, 0, sizeof(*r));
	r->options = options;
	r->source = source;
	snapshot_init(&r->snapshots[0]);
	snapshot_init(&r->snapshots[1]);
	interval_init(&r->interval);
	err = loop_open(&r->loop);
	if (err) {
		log_error("cannot make an event loop: %s", strerror(-err));
		return err;
	}
	err = r->source->ops->read(r->source, &r->snapshots[0]);
	if (err < 0)
		return err;
	err = options_check(options, &r->snapshots[0]);
	snapshot_select(&r->snapshots[0], &options->selection);
	return err;
}

void run_close(struct run *r)
{
	loop_close(r->loop);
	snapshot_fini(&r->snapshots[0]);
	snapshot_fini(&r->snapshots[1]);
	interval_fini(&r->interval);
}

/* Once: it goes on, and the numbers are in lost.slots. */
static void run_warn_slots(struct run *r)
{
	if (r->warned || !r->interval.lost.slots ||
	    r->interval.lost.slots == MISSING)
		return;
	r->warned = true;
	log_warn("%" PRIu64 " events found no free slot and are missing "
		 "(lost.slots): give more room with --slots",
		 r->interval.lost.slots);
}

int run_step(struct run *r)
{
	const struct snapshot *before = &r->snapshots[r->latest];
	struct snapshot *now = &r->snapshots[!r->latest];
	int got = run_read(r, now);
	int err;

	if (got <= 0)
		return got;
	err = interval_make(&r->interval, before, now);
	if (err) {
		log_error("out of memory");
		return err;
	}
	r->latest = !r->latest;
	run_warn_slots(r);
	if (r->options->sort)
		interval_sort(&r->interval, r->options->sort);
	return 1;
}

int run_print(struct run *r, const struct view_options *view)
{
	int err;

	errno = 0;
	err = r->options->view->interval(stdout, &r->interval, view);
	if (!err && fflush(stdout))
		err = -errno;
	if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}

int run_add_signals(struct run *r, loop_count_handler handler, void *arg)
{
	sigset_t set;
	int err;

	/* A closed pipe is an error of write(), not a way to die. */
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGWINCH);
	err = loop_add_signals(r->loop, &set, handler, arg);
	if (err)
		log_error("cannot wait for signals: %s", strerror(-err));
	return err;
}

unsigned int run_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t width;

	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	if (columns && !num_parse_u64(columns, 40, 10000, &width))
		return width;
	return RUN_DEFAULT_WIDTH;
}
