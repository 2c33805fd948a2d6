// SPDX-License-Identifier: GPL-2.0-or-later
/* See events.h. */
#include "collect/events.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "collect/loader_trace.h"
#include "collect/window.h"
#include "util/clock.h"
#include "util/log.h"

#define EVENTS_HOLD_END_NS 20000000ULL
#define EVENTS_HOLD_START_NS 200000000ULL

struct events {
	struct event_source source;
	struct namer namer;
	struct trace_facts facts;
	bool stopped;
	int epoll;
	struct ring_buffer **rings; /* one per CPU, NULL: none */
	uint64_t until;		    /* read events up to this time */
	struct table held;	    /* struct trace_event */
	uint64_t handed;	    /* key of the last one handed over */
	struct window window;
	uint32_t *copied; /* see window_take() */
};

static struct loader *events_loader(const struct events *ev)
{
	return ev->namer.loader;
}

/* --- order ------------------------------------------------------------------ */

static uint64_t events_key(const struct events *ev, const struct trace_event *e)
{
	return ev->facts.by_start ? event_raw_start(e) : e->ts;
}

static void events_sort(const struct events *ev, struct table *t)
{
	table_sort(t, ev->facts.by_start ? event_start_cmp : event_end_cmp);
}

static int events_hand_over(struct events *ev, const struct trace_event *raw,
			    event_handler handler, void *arg)
{
	struct event e;
	int ret = namer_decode(&ev->namer, raw, &e);

	return ret > 0 ? handler(arg, &e) : ret;
}

/* --- rings ------------------------------------------------------------------ */

/*
 * Never more than was there when the reading began: a busy CPU fills its ring
 * as fast as it is emptied, and the others wait.
 */
static int ring_take(void *arg, void *data, size_t size)
{
	const struct trace_event *raw = data;
	struct events *ev = arg;
	struct trace_event *e = table_add(&ev->held);

	(void)size;
	if (!e)
		return -ENOMEM;
	*e = *raw;
	return raw->ts > ev->until ? -EAGAIN : 0;
}

static int rings_take(struct events *ev)
{
	unsigned int cpu;
	int err;

	ev->until = ev->stopped ? UINT64_MAX : clock_ns(CLOCK_MONOTONIC);
	for (cpu = 0; cpu < events_loader(ev)->nr_rings; cpu++) {
		if (!ev->rings[cpu])
			continue;
		err = ring_buffer__consume(ev->rings[cpu]);
		if (err < 0 && err != -EAGAIN)
			return err;
	}
	return 0;
}

/* How many of the held ones, in order, are old enough. */
static size_t held_ready(const struct events *ev)
{
	const uint64_t hold =
		ev->facts.by_start ? EVENTS_HOLD_START_NS : EVENTS_HOLD_END_NS;
	size_t low = 0, high = ev->held.count, middle;

	if (ev->stopped)
		return high;
	while (low < high) {
		middle = (low + high) / 2;
		if (events_key(ev, table_at(&ev->held, middle)) + hold <=
		    ev->until)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void held_drop(struct events *ev, size_t n)
{
	if (!n)
		return;
	ev->held.count -= n;
	memmove(ev->held.rows, table_at(&ev->held, n),
		ev->held.count * ev->held.row_size);
}

static int held_hand_over(struct events *ev, event_handler handler, void *arg)
{
	size_t ready = held_ready(ev), i;
	const struct trace_event *e;
	int ret = 0;

	for (i = 0; !ret && i < ready; i++) {
		e = table_at(&ev->held, i);
		if (events_key(ev, e) < ev->handed)
			ev->facts.late++;
		else
			ev->handed = events_key(ev, e);
		ret = events_hand_over(ev, e, handler, arg);
	}
	held_drop(ev, i);
	return ret;
}

/*
 * Once for each time that a ring woke us: it does when it has many, and what comes in
 * between waits for the next tick.
 */
static void rings_woke(struct events *ev)
{
	struct epoll_event ready[64];
	const int most = sizeof(ready) / sizeof(*ready);

	while (epoll_wait(ev->epoll, ready, most, 0) == most)
		;
}

static int rings_read(struct events *ev, event_handler handler, void *arg)
{
	int err;

	rings_woke(ev);
	err = rings_take(ev);
	if (err) {
		log_error("cannot read the ring buffers: %s", strerror(-err));
		return err;
	}
	events_sort(ev, &ev->held);
	return held_hand_over(ev, handler, arg);
}

/* --- windows ---------------------------------------------------------------- */

/* A poll that is asked for and took as long as would be a reason? */
static bool window_has_reason(const struct events *ev, const struct event *e)
{
	return e->type == TRACE_POLL && e->ns != MISSING &&
	       e->ns >= events_loader(ev)->trace.longer_ns;
}

/*
 * Drops the events that are not wanted; the window has no reason when its only
 * one was a poll of a NAPI that the programs could not tell from those that are
 * asked for.  1, 0 or -errno, printed.
 */
static int window_sift(struct events *ev)
{
	struct table *t = &ev->window.events;
	bool reason = ev->window.why & TRACE_WHY_SQUEEZE;
	struct trace_event *raw = t->rows;
	size_t i, kept = 0;
	struct event e;
	int got;

	for (i = 0; i < t->count; i++) {
		got = namer_decode(&ev->namer, &raw[i], &e);
		if (got < 0)
			return got;
		if (!got)
			continue;
		reason |= window_has_reason(ev, &e);
		raw[kept++] = raw[i];
	}
	t->count = kept;
	return reason && kept;
}

static int window_hand_over(struct events *ev, event_handler handler, void *arg)
{
	const struct table *t = &ev->window.events;
	const struct trace_event *last;
	struct trace_event raw;
	struct event trigger;
	uint64_t ts = 0;
	size_t i;
	int ret = window_sift(ev);

	if (ret <= 0)
		return ret;
	table_for_each (t, last)
		if (last->ts > ts)
			ts = last->ts;
	events_sort(ev, &ev->window.events);
	event_pack_trigger(&raw, ev->window.cpu, ev->window.why, ts, t->count,
			   ev->window.torn);
	event_decode(&raw, &trigger);
	ret = handler(arg, &trigger);
	for (i = 0; !ret && i < t->count; i++)
		ret = events_hand_over(ev, table_at(t, i), handler, arg);
	return ret;
}

static int windows_read(struct events *ev, event_handler handler, void *arg)
{
	struct loader *l = events_loader(ev);
	unsigned int cpu = 0;
	int ret;

	while ((ret = window_take(l, ev->copied, &cpu, &ev->window)) > 0) {
		ret = window_hand_over(ev, handler, arg);
		if (ret)
			return ret;
	}
	if (ret)
		log_error("out of memory");
	return ret;
}

/* --- the source ------------------------------------------------------------- */

static int events_read(struct event_source *source, event_handler handler,
		       void *arg)
{
	struct events *ev = (struct events *)source;
	int ret = events_loader(ev)->trace.window ?
			  windows_read(ev, handler, arg) :
			  rings_read(ev, handler, arg);

	if (ret)
		return ret;
	return !ev->stopped;
}

static void events_close(struct event_source *source)
{
	struct events *ev = (struct events *)source;
	unsigned int cpu;

	for (cpu = 0; ev->rings && cpu < events_loader(ev)->nr_rings; cpu++)
		ring_buffer__free(ev->rings[cpu]);
	free(ev->rings);
	free(ev->copied);
	if (ev->epoll >= 0)
		close(ev->epoll);
	table_fini(&ev->held);
	table_fini(&ev->window.events);
	namer_close(&ev->namer);
	free(ev);
}

static void events_facts(struct event_source *source, struct trace_facts *facts)
{
	struct events *ev = (struct events *)source;
	const struct loader *l = events_loader(ev);
	unsigned int cpu;

	*facts = ev->facts;
	facts->lost = loader_trace_lost(l);
	if (!facts->window)
		return;
	facts->triggers = 0;
	facts->triggers_missed = 0;
	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		facts->triggers += l->trace_cpus[cpu].triggers;
		facts->triggers_missed += l->trace_cpus[cpu].triggers_missed;
	}
}

static struct snapshot *events_last(struct event_source *source)
{
	struct events *ev = (struct events *)source;

	return namer_refresh(&ev->namer) ? NULL : &ev->namer.names;
}

static const struct snapshot *events_names(const struct event_source *source)
{
	return &((const struct events *)source)->namer.names;
}

static const struct event_source_ops events_ops = {
	.read = events_read,
	.facts = events_facts,
	.last = events_last,
	.names = events_names,
	.close = events_close,
};

static int events_open_ring(struct events *ev, unsigned int cpu)
{
	const int fd = events_loader(ev)->rings[cpu];
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	if (fd < 0)
		return 0;
	ev->rings[cpu] = ring_buffer__new(fd, ring_take, ev, NULL);
	if (!ev->rings[cpu])
		return -errno;
	return epoll_ctl(ev->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int events_open_rings(struct events *ev)
{
	const struct loader *l = events_loader(ev);
	unsigned int cpu;
	int err = 0;

	ev->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (ev->epoll < 0)
		return -errno;
	ev->rings = calloc(l->nr_rings, sizeof(*ev->rings));
	if (!ev->rings)
		return -ENOMEM;
	for (cpu = 0; !err && cpu < l->nr_rings; cpu++)
		err = events_open_ring(ev, cpu);
	return err;
}

int events_follow_cpus(struct events *ev)
{
	struct loader *l = events_loader(ev);
	int err = loader_trace_follow(l);
	unsigned int cpu;

	for (cpu = 0; !err && ev->rings && cpu < l->nr_rings; cpu++)
		if (!ev->rings[cpu])
			err = events_open_ring(ev, cpu);
	return err;
}

static int events_prepare(struct events *ev)
{
	const struct loader *l = events_loader(ev);

	ev->epoll = -1;
	ev->held.row_size = sizeof(struct trace_event);
	ev->window.events.row_size = sizeof(struct trace_event);
	if (!l->trace.window)
		return events_open_rings(ev);
	ev->copied = calloc(2 * l->sizes.cpus, sizeof(*ev->copied));
	return ev->copied ? 0 : -ENOMEM;
}

int events_open(struct events **out, struct loader *loader,
		struct source *source, const struct event_filter *filter,
		const struct trace_facts *facts)
{
	struct events *ev = calloc(1, sizeof(*ev));
	int err;

	if (!ev)
		return -ENOMEM;
	ev->source.ops = &events_ops;
	ev->facts = *facts;
	ev->facts.late = 0;
	ev->namer.loader = loader;
	err = events_prepare(ev);
	if (err)
		log_error("cannot open the ring buffers: %s", strerror(-err));
	else
		err = namer_open(&ev->namer, loader, source, filter);
	if (err) {
		events_close(&ev->source);
		return err;
	}
	*out = ev;
	return 0;
}

struct event_source *events_source(struct events *ev)
{
	return &ev->source;
}

int events_fd(const struct events *ev)
{
	return ev->epoll;
}

struct namer *events_namer(struct events *ev)
{
	return &ev->namer;
}

void events_stop(struct events *ev)
{
	loader_stop(events_loader(ev));
	ev->stopped = true;
}
