// SPDX-License-Identifier: GPL-2.0-or-later
/* See tracing.h. */
#include "tracing.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "collect/events.h"
#include "collect/events_replay.h"
#include "run.h"
#include "util/clock.h"
#include "util/log.h"
#include "util/output.h"

#define TRACE_TICK_NS 50000000ULL
#define TRACE_REFRESH_NS 1000000000ULL
#define TRACE_STEP_NS 10000000ULL

/* A source's read() returns it when a handler has seen enough. */
#define TRACE_ENOUGH 2

struct trace {
	const struct trace_request *request;
	struct session session;
	struct run run;
	struct events *events; /* of this machine; NULL: of a recording */
	struct event_source *source;
	struct trace_writer writer;
	uint64_t opened_ns; /* before anything was attached */
	uint64_t started_ns;
	uint64_t refreshed_ns;
	uint64_t kept;	   /* triggers written */
	bool warned;	   /* of NAPIs without a slot */
	uint64_t clock_ns; /* of the snapshot whose clocks were compared last */
	uint64_t offset_ns; /* from one to the other */
};

static bool trace_is_around(const struct trace *t)
{
	return t->request->options.live.trace.window;
}

static bool trace_has_enough(const struct trace *t)
{
	const uint64_t count = t->request->options.count;

	return count && (trace_is_around(t) ? t->kept > count :
					      t->writer.events >= count);
}

static bool is_apart(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns - b_ns + TRACE_STEP_NS > 2 * TRACE_STEP_NS;
}

/*
 * The wall clock may be set, and goes on while the machine sleeps: two snapshots say
 * so, for between the two clocks of one another task may have run.
 */
static void trace_follow_clock(struct trace *t)
{
	const struct snapshot *s = t->source->ops->names(t->source);
	const uint64_t offset_ns = s->real_ns - s->mono_ns;

	if (!s->mono_ns || s->mono_ns == t->clock_ns)
		return;
	t->clock_ns = s->mono_ns;
	if (is_apart(offset_ns, t->writer.real_offset_ns) &&
	    !is_apart(offset_ns, t->offset_ns))
		t->writer.real_offset_ns = (int64_t)offset_ns;
	t->offset_ns = offset_ns;
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
	/* A recording is read to its end, where its totals are. */
	if (t->session.replay && trace_has_enough(t))
		return 0;
	trace_follow_clock(t);
	err = t->writer.view->event(&t->writer, e);
	if (!err && t->session.tee)
		err = tee_add_event(t->session.tee, e->raw);
	if (err)
		return err;
	if (e->type != EVENT_TRIGGER)
		t->writer.events++;
	return !t->session.replay && !trace_is_around(t) && trace_has_enough(t) ?
		       TRACE_ENOUGH :
		       0;
}

/* LOOP_CONTINUE, 0 when it is over, or -errno, printed but for -EPIPE. */
static int trace_read(struct trace *t)
{
	int got, flushed;

	errno = 0;
	got = t->source->ops->read(t->source, trace_write, t);
	flushed = output_flush(stdout);
	if (got >= 0 && flushed)
		got = flushed;
	if (got >= 0 && t->session.tee && tee_flush(t->session.tee))
		got = -EIO;
	if (got < 0 && ferror(stdout) && got != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-got));
	/* Of a number of windows, the last one is complete. */
	if (trace_is_around(t) && t->request->options.count &&
	    t->kept >= t->request->options.count)
		return got < 0 ? got : 0;
	return got == TRACE_ENOUGH ? 0 : got;
}

static void trace_warn_slots(struct trace *t)
{
	const uint64_t lost = namer_lost_slots(events_namer(t->events));

	if (t->warned || !lost || lost == MISSING)
		return;
	t->warned = true;
	log_warn("%" PRIu64 " events found no free slot and are not traced: give "
		 "more room with --slots %" PRIu64,
		 lost, host_more_slots(namer_host(events_namer(t->events))));
}

/* Their events are lost without, and counted. */
static void trace_follow_cpus(const struct trace *t)
{
	int err = events_follow_cpus(t->events);

	if (err)
		log_info("a CPU that came online is not traced: %s",
			 strerror(-err));
}

static int trace_tick(void *arg, uint64_t expired)
{
	const struct options *o;
	struct trace *t = arg;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
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
	trace_warn_slots(t);
	trace_follow_cpus(t);
	return ret ? ret : LOOP_CONTINUE;
}

static int trace_ready(void *arg)
{
	return trace_read(arg);
}

/* Of a recording: as fast as it goes. */
static int trace_replay(void *arg, uint64_t expired)
{
	int ret = trace_read(arg);

	(void)expired;
	return ret > 0 ? LOOP_CONTINUE : ret;
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
			 "for it (the screen has the names, `napiscope "
			 "list` the ids)");
}

/* --- begin, run, end -------------------------------------------------------- */

/* What was lost is known when it is over: a file that was cut off lacks it. */
static int trace_record_begin(const struct trace *t,
			      const struct trace_facts *facts)
{
	struct trace_facts known;

	trace_facts_init(&known);
	known.base_ns = facts->base_ns;
	known.by_start = facts->by_start;
	known.window = facts->window;
	known.types = facts->types;
	return tee_put_facts(t->session.tee, &known);
}

static int trace_begin(struct trace *t)
{
	const struct snapshot *s = &t->run.snapshots[0];
	struct trace_facts facts;
	int err = output_give_way();

	if (err)
		return err;
	t->writer.view = t->request->options.trace_view;
	t->writer.out = stdout;
	t->writer.host = s->host;
	t->writer.real_offset_ns = (int64_t)(s->real_ns - s->mono_ns);
	t->source->ops->facts(t->source, &facts);
	t->writer.base_ns = facts.base_ns != MISSING ? facts.base_ns : s->mono_ns;
	t->writer.base_real_ns = t->writer.base_ns + t->writer.real_offset_ns;
	if (t->session.tee && trace_record_begin(t, &facts))
		return -EIO;
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
	int fd = t->events ? events_fd(t->events) : -1;
	int err = run_add_signals(&t->run, trace_signal, t);

	t->started_ns = clock_ns(CLOCK_MONOTONIC);
	t->refreshed_ns = t->started_ns;
	if (!err && fd >= 0)
		err = loop_add(t->run.loop, fd, trace_ready, t);
	if (!err && t->events)
		err = loop_set_timer(t->run.loop, TRACE_TICK_NS, trace_tick, t);
	else if (!err)
		err = loop_set_timer(t->run.loop, RUN_AT_ONCE_NS, trace_replay,
				     t);
	return err ? err : loop_run(t->run.loop);
}

static void trace_warn_lost(const struct trace *t, const struct trace_facts *f)
{
	if (f->lost && f->lost != MISSING)
		log_warn("%" PRIu64 " events were lost: the reader was not fast "
			 "enough, or a CPU had just come online; ask for less with --events, --dev, --cpu or "
			 "--longer-than",
			 f->lost);
	if (trace_is_around(t) && f->triggers_missed)
		log_warn("%" PRIu64 " of %" PRIu64 " triggers came while the one "
			 "before was being written out",
			 f->triggers_missed, f->triggers);
}

/* Everything that was traced, as if read first before it was attached. */
static int trace_sum(const struct trace *t, struct interval *totals)
{
	struct snapshot *last = t->source->ops->last(t->source);
	struct snapshot nothing;

	if (!last)
		return -EIO;
	snapshot_select(last, &t->request->options.selection);
	snapshot_init(&nothing);
	nothing.mono_ns = t->writer.base_ns;
	nothing.host = t->run.snapshots[0].host;
	nothing.host.events = 0;
	return interval_make(totals, &nothing, last);
}

/* What the rings still hold; with the programs detached it is the last. */
static int trace_drain(struct trace *t)
{
	int err = LOOP_CONTINUE;

	if (!t->events)
		return 0;
	events_stop(t->events);
	while (err > 0 && !trace_has_enough(t))
		err = trace_read(t);
	return err < 0 ? err : 0;
}

/*
 * What was counted and the events of it are of the same time: nothing is
 * attached any more.
 */
static int trace_end(struct trace *t)
{
	struct trace_tail tail = { 0 };
	struct interval totals;
	int err = trace_drain(t), end;

	if (err)
		return err;
	interval_init(&totals);
	err = trace_sum(t, &totals);
	tail.totals = err ? NULL : &totals;
	tail.events = t->writer.events;
	t->source->ops->facts(t->source, &tail.facts);
	if (!err && t->session.tee && tee_put_facts(t->session.tee, &tail.facts))
		err = -EIO;
	errno = 0;
	end = t->writer.view->end(&t->writer, &tail);
	if (end && end != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-end));
	interval_fini(&totals);
	if (t->events)
		trace_warn_lost(t, &tail.facts);
	return err ? err : end;
}

static int trace_open_live(struct trace *t)
{
	const struct trace_request *request = t->request;
	const struct loader_trace *trace = &request->options.live.trace;
	struct loader *loader = live_loader(t->session.live);
	struct trace_facts facts;
	int err = trace_check_events(t, loader);

	if (err)
		return err;
	trace_facts_init(&facts);
	facts.base_ns = t->opened_ns;
	facts.by_start = request->options.trace_view->by_start;
	facts.window = trace->window;
	facts.types = trace->events;
	err = events_open(&t->events, loader, t->session.source,
			  &request->filter, &facts);
	if (err)
		return err;
	t->source = events_source(t->events);
	trace_warn(t, loader);
	return 0;
}

static int trace_open_source(struct trace *t)
{
	const struct trace_request *request = t->request;

	if (t->session.live)
		return trace_open_live(t);
	return events_replay_open(&t->source, t->session.replay, t->session.tee,
				  request->options.read, &request->filter,
				  request->options.trace_view->by_start);
}

static int trace_run(struct trace *t)
{
	int err = run_open(&t->run, &t->session), end;

	if (!err)
		err = trace_open_source(t);
	if (!err)
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

int tracing_run(const struct trace_request *request)
{
	struct trace t = { .request = request,
			   .opened_ns = clock_ns(CLOCK_MONOTONIC) };
	int err = session_open(&t.session, &request->options), closed;

	if (!err) {
		session_confine(&t.session);
		err = trace_run(&t);
		run_close(&t.run);
	}
	if (t.source)
		t.source->ops->close(t.source);
	closed = session_close(&t.session);
	return closed && (!err || err == -EPIPE) ? closed : err;
}
