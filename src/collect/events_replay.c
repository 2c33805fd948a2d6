// SPDX-License-Identifier: GPL-2.0-or-later
/* See events_replay.h. */
#include "collect/events_replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/namer.h"
#include "util/log.h"

#define REPLAY_HOLD_NS 200000000ULL
/* What 512 CPUs have in their windows, or 60 of them do in that time. */
#define REPLAY_MAX_HELD (1U << 22)

struct events_replay {
	struct event_source source;
	struct replay *replay;
	struct tee *tee;
	struct namer namer;
	struct trace_facts facts;
	struct snapshot next; /* read, but still of no event */
	struct table events;  /* struct trace_event: one part of the file */
	bool pending;	      /* events that were read before anybody asked */
	bool by_start;	      /* what the view wants */
	bool sort;	      /* and the file does not have */
	struct table held;
	uint64_t latest_ns; /* of all events so far */
	uint64_t handed;    /* key of the last one handed over */
	uint64_t late;
};

static uint64_t replay_key(const struct events_replay *ev,
			   const struct trace_event *e)
{
	return ev->by_start ? event_raw_start(e) : e->ts;
}

static int replay_hand_over(struct events_replay *ev,
			    const struct trace_event *raw,
			    event_handler handler, void *arg)
{
	struct event e;
	int ret;

	if (!event_filter_raw(&ev->namer.filter, raw))
		return 0;
	ret = namer_decode(&ev->namer, raw, &e);
	return ret > 0 ? handler(arg, &e) : ret;
}

/* The held ones that are old enough, or all of them. */
static int held_hand_over(struct events_replay *ev, bool all,
			  event_handler handler, void *arg)
{
	const struct trace_event *e = ev->held.rows;
	size_t i;
	int ret = 0;

	table_sort(&ev->held, ev->by_start ? event_start_cmp : event_end_cmp);
	for (i = 0; !ret && i < ev->held.count; i++) {
		if (!all && replay_key(ev, &e[i]) + REPLAY_HOLD_NS > ev->latest_ns)
			break;
		if (replay_key(ev, &e[i]) < ev->handed)
			ev->late++;
		else
			ev->handed = replay_key(ev, &e[i]);
		ret = replay_hand_over(ev, &e[i], handler, arg);
	}
	ev->held.count -= i;
	if (i)
		memmove(ev->held.rows, &e[i], ev->held.count * sizeof(*e));
	return ret;
}

static int held_add(struct events_replay *ev, const struct trace_event *raw)
{
	struct trace_event *e;

	/* Where a trigger, or a time, ought to have come long ago. */
	if (ev->held.count >= REPLAY_MAX_HELD) {
		log_error("the recording is damaged: %zu events belong together",
			  ev->held.count);
		return -EBADMSG;
	}
	e = table_add(&ev->held);
	if (!e) {
		log_error("out of memory");
		return -ENOMEM;
	}
	*e = *raw;
	if (raw->ts > ev->latest_ns)
		ev->latest_ns = raw->ts;
	return 0;
}

/* In an order of its own: a trigger begins the next window. */
static int replay_sorted(struct events_replay *ev, event_handler handler,
			 void *arg)
{
	const struct trace_event *raw;
	int ret = 0;

	table_for_each (&ev->events, raw) {
		if (raw->type == EVENT_TRIGGER) {
			ret = held_hand_over(ev, true, handler, arg);
			ev->handed = 0;
			if (!ret)
				ret = replay_hand_over(ev, raw, handler, arg);
		} else {
			ret = held_add(ev, raw);
		}
		if (ret)
			return ret;
	}
	return ev->facts.window ? 0 : held_hand_over(ev, false, handler, arg);
}

static int replay_events(struct events_replay *ev, event_handler handler,
			 void *arg)
{
	const struct trace_event *raw;
	int ret = 0;

	if (ev->sort)
		return replay_sorted(ev, handler, arg);
	table_for_each (&ev->events, raw) {
		ret = replay_hand_over(ev, raw, handler, arg);
		if (ret)
			break;
	}
	return ret;
}

static int replay_snapshot(struct events_replay *ev)
{
	struct snapshot swap = ev->namer.names;
	int err = ev->tee ? tee_put_snapshot(ev->tee, &ev->next) : 0;

	if (err)
		return err;
	ev->namer.names = ev->next;
	ev->next = swap;
	return namer_take(&ev->namer);
}

/* enum replay_part, or -errno, printed. */
static int replay_part(struct events_replay *ev)
{
	table_clear(&ev->events);
	return replay_read_part(ev->replay, &ev->next, &ev->events, &ev->facts);
}

static int replay_read_events(struct event_source *source,
			      event_handler handler, void *arg)
{
	struct events_replay *ev = (struct events_replay *)source;
	int got = ev->pending ? REPLAY_EVENTS : replay_part(ev), ret = 0;

	ev->pending = false;
	if (got < 0)
		return got;
	if (got == REPLAY_SNAPSHOT)
		ret = replay_snapshot(ev);
	else if (got == REPLAY_EVENTS)
		ret = replay_events(ev, handler, arg);
	else if (got == REPLAY_END)
		ret = held_hand_over(ev, true, handler, arg);
	return ret ? ret : got != REPLAY_END;
}

static void replay_facts(struct event_source *source, struct trace_facts *facts)
{
	struct events_replay *ev = (struct events_replay *)source;

	*facts = ev->facts;
	if (ev->sort)
		facts->late = ev->late;
}

static struct snapshot *replay_last(struct event_source *source)
{
	return &((struct events_replay *)source)->namer.names;
}

static const struct snapshot *replay_names(const struct event_source *source)
{
	return &((const struct events_replay *)source)->namer.names;
}

static void replay_close(struct event_source *source)
{
	struct events_replay *ev = (struct events_replay *)source;

	namer_close(&ev->namer);
	snapshot_fini(&ev->next);
	table_fini(&ev->events);
	table_fini(&ev->held);
	free(ev);
}

static const struct event_source_ops replay_ops = {
	.read = replay_read_events,
	.facts = replay_facts,
	.last = replay_last,
	.names = replay_names,
	.close = replay_close,
};

/* Up to what is said of the trace, which stands before its first event. */
static int replay_begin(struct events_replay *ev, const char *path)
{
	int got;

	while ((got = replay_part(ev)) == REPLAY_SNAPSHOT) {
		got = replay_snapshot(ev);
		if (got)
			return got;
	}
	if (got < 0)
		return got;
	if (got == REPLAY_END) {
		log_error("%s holds no events: `napiscope trace -w FILE` "
			  "records them",
			  path);
		return -ENODATA;
	}
	ev->pending = got == REPLAY_EVENTS;
	/* What was damaged may have had it. */
	if (ev->facts.by_start == MISSING)
		ev->facts.by_start = false;
	if (ev->facts.window == MISSING)
		ev->facts.window = 0;
	ev->sort = ev->by_start != !!ev->facts.by_start;
	return 0;
}

int events_replay_open(struct event_source **out, struct replay *r,
		       struct tee *tee, const char *path,
		       const struct event_filter *filter, bool by_start)
{
	struct events_replay *ev = calloc(1, sizeof(*ev));
	int err;

	if (!ev) {
		log_error("out of memory");
		return -ENOMEM;
	}
	ev->source.ops = &replay_ops;
	ev->replay = r;
	ev->tee = tee;
	ev->by_start = by_start;
	ev->events.row_size = sizeof(struct trace_event);
	ev->held.row_size = sizeof(struct trace_event);
	trace_facts_init(&ev->facts);
	snapshot_init(&ev->next);
	err = namer_open(&ev->namer, NULL, replay_source(r), filter);
	if (!err)
		err = replay_begin(ev, path);
	if (err) {
		replay_close(&ev->source);
		return err;
	}
	*out = &ev->source;
	return 0;
}
