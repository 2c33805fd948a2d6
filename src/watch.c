// SPDX-License-Identifier: GPL-2.0-or-later
/* See watch.h. */
#include "watch.h"

#include <signal.h>

#include "collect/settle.h"
#include "util/clock.h"
#include "util/output.h"

static int watch_tick(void *arg, uint64_t count);
static int watch_wait(struct watch *w);

/* At the end settled, and with the settings as they are then. */
static void watch_prepare(struct watch *w)
{
	struct live *live = w->run->session->live;

	live_set_settle(live, w->last ? SETTLE_AT_END : SETTLE_BETWEEN);
	if (w->last && w->details)
		live_renew_details(live, true);
}

/*
 * Without anybody who reads in between there is nothing to read there.  Set
 * anew after each reading, so that one that came late is not followed by one
 * at once.
 */
static int watch_set_timer(struct watch *w)
{
	uint64_t interval_ns = w->run->options->interval_ns;
	uint64_t elapsed = w->run->has_next ? run_elapsed_ns(w->run) : 0;
	uint64_t left = elapsed < w->duration_ns ? w->duration_ns - elapsed : 1;

	w->last = !w->between || left <= interval_ns + interval_ns / 2;
	watch_prepare(w);
	w->due_ns = clock_ns(CLOCK_MONOTONIC) + (w->last ? left : interval_ns);
	return watch_wait(w);
}

static int watch_keep(void *arg, uint64_t count)
{
	struct watch *w = arg;
	int err;

	(void)count;
	live_keep(w->run->session->live);
	err = watch_wait(w);
	return err ? err : LOOP_CONTINUE;
}

static int watch_wait(struct watch *w)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	uint64_t left = w->due_ns > now ? w->due_ns - now : 1;

	if (left > LIVE_KEEP_NS + LIVE_KEEP_NS / 2)
		return loop_set_timer(w->run->loop, LIVE_KEEP_NS, watch_keep, w);
	return loop_set_timer(w->run->loop, left, watch_tick, w);
}

/* Enough was read, for a replay with the same duration to end here too. */
static bool watch_is_over(const struct watch *w)
{
	return w->duration_ns && run_elapsed_ns(w->run) >= w->duration_ns;
}

/* 1, 0 at the end of a recording, or -errno, printed. */
static int watch_read(struct watch *w)
{
	int got = run_skip(w->run);
	int err;

	if (got <= 0 || !w->read)
		return got;
	err = w->read(w->arg);
	return err ? err : got;
}

static int watch_over(struct watch *w)
{
	return w->over ? w->over(w->arg) : 0;
}

static int watch_tick(void *arg, uint64_t count)
{
	struct watch *w = arg;
	int got = watch_read(w);

	(void)count;
	if (got <= 0)
		return got;
	if (w->last || watch_is_over(w)) {
		got = watch_over(w);
		if (got != LOOP_CONTINUE)
			return got;
	}
	got = watch_set_timer(w);
	return got ? got : LOOP_CONTINUE;
}

static int watch_replay(void *arg, uint64_t count)
{
	struct watch *w = arg;
	int got = watch_read(w);

	(void)count;
	if (got <= 0)
		return got;
	return watch_is_over(w) ? watch_over(w) : LOOP_CONTINUE;
}

/* Ctrl-C ends the watching early, and the time so far counts. */
static int watch_signal(void *arg, uint64_t signo)
{
	struct watch *w = arg;
	int got;

	if (signo == SIGWINCH)
		return LOOP_CONTINUE;
	w->signalled = true;
	if (!w->run->session->live)
		return 0;
	w->last = true;
	watch_prepare(w);
	got = watch_read(w);
	return got < 0 ? got : 0;
}

int watch_run(struct watch *w)
{
	int err = run_add_signals(w->run, watch_signal, w);

	if (!err)
		err = output_give_way();
	if (!err && w->run->session->replay) {
		err = loop_set_timer(w->run->loop, RUN_AT_ONCE_NS, watch_replay,
				     w);
	} else if (!err) {
		if (!w->duration_ns)
			w->duration_ns = WATCH_DURATION_NS;
		err = watch_set_timer(w);
	}
	return err ? err : loop_run(w->run->loop);
}
