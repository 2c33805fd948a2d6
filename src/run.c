// SPDX-License-Identifier: GPL-2.0-or-later
/* See run.h. */
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/log.h"
#include "util/output.h"

#define RUN_DEFAULT_WIDTH 132

static int run_read(struct run *r, struct snapshot *s)
{
	int got = r->session->source->ops->read(r->session->source, s);

	if (got > 0 && r->sought)
		r->sought = selection_check(s, &r->options->selection) == -ENODEV;
	return got;
}

/* In a recording it may come later. */
static int run_check(struct run *r, const struct snapshot *s)
{
	const struct options *o = r->options;

	r->sought = o->read && selection_check(s, &o->selection) == -ENODEV;
	return r->sought ? 0 : options_check(o, s);
}

int run_found(const struct run *r)
{
	return r->sought ? options_check(r->options, &r->snapshots[r->latest]) :
			   0;
}

/* Between two snapshots, of what was asked for. */
static int run_interval(struct run *r, struct interval *iv,
			const struct snapshot *from, const struct snapshot *to)
{
	const struct selection *sel = &r->options->selection;
	int err;

	if (r->whole || !selection_is_any(sel))
		return interval_make(iv, from, to);
	err = snapshot_copy(&r->chosen[0], from);
	if (!err)
		err = snapshot_copy(&r->chosen[1], to);
	if (err)
		return err;
	snapshots_select(&r->chosen[0], &r->chosen[1], sel);
	return interval_make(iv, &r->chosen[0], &r->chosen[1]);
}

int run_open(struct run *r, struct session *session)
{
	const struct options *options = session->options;
	int err;

	memset(r, 0, sizeof(*r));
	r->options = options;
	r->session = session;
	snapshot_init(&r->snapshots[0]);
	snapshot_init(&r->snapshots[1]);
	snapshot_init(&r->before);
	snapshot_init(&r->chosen[0]);
	snapshot_init(&r->chosen[1]);
	interval_init(&r->interval);
	err = loop_open(&r->loop);
	if (err) {
		log_error("cannot make an event loop: %s", strerror(-err));
		return err;
	}
	err = run_read(r, &r->snapshots[0]);
	if (err <= 0)
		return err ? err : -ENODATA;
	return run_check(r, &r->snapshots[0]);
}

void run_close(struct run *r)
{
	loop_close(r->loop);
	snapshot_fini(&r->snapshots[0]);
	snapshot_fini(&r->snapshots[1]);
	snapshot_fini(&r->before);
	snapshot_fini(&r->chosen[0]);
	snapshot_fini(&r->chosen[1]);
	interval_fini(&r->interval);
}

static bool run_lost(uint64_t n)
{
	return n && n != MISSING;
}

/* Once: it goes on, and the numbers are in lost. */
static void run_warn_slots(struct run *r)
{
	const struct lost_row *lost = &r->interval.lost;

	if (r->warned || (!run_lost(lost->slots) && !run_lost(lost->hists)))
		return;
	r->warned = true;
	if (run_lost(lost->slots))
		log_warn("%" PRIu64 " events found no free slot and are missing "
			 "(lost.slots): give more room with --slots %" PRIu64,
			 lost->slots, host_more_slots(&r->interval.host));
	else
		log_warn("%" PRIu64 " values found no histogram and are only "
			 "counted (lost.hists): give more room with --slots %" PRIu64,
			 lost->hists, host_more_slots(&r->interval.host));
}

/* Snapshots have them by who polled. */
static uint64_t polls_of(const struct napi_row *n)
{
	return n->inline_polls + n->ksoftirqd_polls + n->threaded_polls +
	       n->busy_polls + n->netpoll_polls;
}

static uint64_t polls_of_gone(const struct snapshot *s)
{
	const struct napi_row *row;
	uint64_t polls = 0;

	table_for_each (&s->pairs, row)
		if (row->id == NAPI_GONE)
			polls += polls_of(row);
	return polls;
}

/* Those that had a row before are in the growth of the row of those. */
static uint64_t polls_of_gone_since(const struct snapshot *before,
				    const struct snapshot *now)
{
	uint64_t had = polls_of_gone(before), has = polls_of_gone(now);
	const struct napi_row *row;

	if (has == had)
		return 0;
	table_for_each (&before->pairs, row)
		if (!table_find(&now->pairs, row, napi_row_cmp))
			had += polls_of(row);
	return has > had ? has - had : 0;
}

/* What they had counted is in no device's row: of all devices nothing is missing. */
static void run_warn_gone(struct run *r, const struct snapshot *before,
			  const struct snapshot *now)
{
	if (r->warned_gone || !r->options->selection.dev ||
	    !polls_of_gone_since(before, now))
		return;
	r->warned_gone = true;
	log_warn("NAPIs that were idle had to make room, and what they had "
		 "counted is in no device's numbers: give more room with "
		 "--slots %" PRIu64,
		 host_more_slots(&r->interval.host));
}

/* Maxima are since the reading before: the one to report has those of all. */
static void run_carry_max(struct run *r)
{
	if (r->has_before)
		snapshot_keep_max(&r->snapshots[!r->latest], &r->before);
}

int run_skip(struct run *r)
{
	struct snapshot *next = &r->snapshots[!r->latest], last;
	int got;

	run_carry_max(r);
	got = run_read(r, &r->before);
	r->has_before = got > 0 && r->has_next;
	if (got <= 0)
		return got;
	/* What wraps may do so between the two that are subtracted. */
	snapshot_unwrap(&r->before,
			r->has_next ? next : &r->snapshots[r->latest]);
	last = *next;
	*next = r->before;
	r->before = last;
	r->has_next = true;
	return got;
}

int run_part(struct run *r, struct interval *iv)
{
	return run_interval(r, iv,
			    r->has_before ? &r->before : &r->snapshots[r->latest],
			    &r->snapshots[!r->latest]);
}

int run_make(struct run *r)
{
	const struct snapshot *before = &r->snapshots[r->latest];
	const struct snapshot *now = &r->snapshots[!r->latest];
	int err;

	if (!r->has_next)
		return 0;
	run_carry_max(r);
	r->has_next = false;
	r->has_before = false;
	err = run_interval(r, &r->interval, before, now);
	if (err) {
		log_error("out of memory");
		return err;
	}
	r->latest = !r->latest;
	run_warn_slots(r);
	run_warn_gone(r, before, now);
	if (r->options->sort)
		interval_sort(&r->interval, r->options->sort);
	return 1;
}

uint64_t run_elapsed_ns(const struct run *r)
{
	return r->snapshots[!r->latest].mono_ns - r->snapshots[r->latest].mono_ns;
}

int run_too_short(const struct run *r)
{
	int err = run_found(r);

	if (err)
		return err;
	log_error("%s has one snapshot, and two are needed: was it written by "
		  "list or probes?",
		  r->options->read);
	return -ENODATA;
}

int run_step(struct run *r)
{
	int got = run_skip(r);

	return got > 0 ? run_make(r) : got;
}

int run_print(struct run *r, const struct view_options *view)
{
	int err;

	errno = 0;
	err = r->options->view->interval(stdout, &r->interval, view);
	if (!err)
		err = output_flush(stdout);
	if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}

/* nohup: who logs out wants it to go on. */
static bool run_ignores_hangup(void)
{
	struct sigaction hangup;

	return !sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler == SIG_IGN;
}

int run_add_signals(struct run *r, loop_count_handler handler, void *arg)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (!run_ignores_hangup())
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
