// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace for ui.perfetto.dev and chrome://tracing: the Trace Event Format.
 * A track per CPU; on it softirqs hold polls, and both hold interrupt handlers.
 * Events come by when they began, the longer one first, so that each slice
 * follows the one around it.
 *
 * Where softirqs can be preempted (PREEMPT_RT) a slice may end after the one
 * around it; viewers drop such, so it goes to a track of its own.
 */
#include "util/output.h"
#include "view/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "model/format.h"

#define PERFETTO_PID 1
/* Viewers take thread 0 for the idle one. */
#define PERFETTO_TID(cpu) ((cpu) + 1)
#define PERFETTO_ASIDE(cpu) ((cpu) + 1000001)

#define PERFETTO_DEPTH 8
#define PERFETTO_ROOM (1U << 20) /* CPUs, NAPIs and irqs that are followed */
#define PERFETTO_NAME (ROW_NAME + ROW_NETNS + 16)

struct perfetto_cpu {
	bool named;
	bool aside_named;
	unsigned int depth;
	uint64_t ends[PERFETTO_DEPTH]; /* of the slices we are in */
	/* the last handler */
	uint64_t irq;
	uint64_t irq_start;
	uint64_t irq_end;
	int64_t work; /* of the last poll */
	uint64_t squeezes[TRACE_SQUEEZE_BOTH + 1];
};

struct perfetto_napi {
	uint64_t key;	/* the NAPI that has this record now */
	bool polling;	/* the last poll used up its budget */
	bool scheduled; /* schedules are seen: nothing to infer */
	bool waiting;	/* for the poll of this schedule, by a handler */
	uint64_t ts;
	uint64_t cpu;
};

/* The last run of an irq's handler, where schedules are not seen. */
struct perfetto_irq {
	bool waiting;
	uint64_t start;
	uint64_t end;
	uint64_t cpu;
};

struct perfetto {
	struct table cpus;
	struct table napis;
	struct table irqs;
	uint64_t flows;
	bool any; /* a comma is needed */
};

/* Zeroed the first time; NULL when there are too many. */
static void *perfetto_at(struct table *t, uint64_t index)
{
	if (index >= PERFETTO_ROOM)
		return NULL;
	while (t->count <= index)
		if (!table_add(t))
			return NULL;
	return table_at(t, index);
}

/* By its record, the lower half, which was another NAPI's before; NULL as above. */
static struct perfetto_napi *perfetto_napi(struct perfetto *p,
					   const struct event *e)
{
	struct perfetto_napi *n = perfetto_at(&p->napis, (uint32_t)e->napi_key);

	if (n && n->key != e->napi_key)
		*n = (struct perfetto_napi){ .key = e->napi_key };
	return n;
}

/* --- one object of the array ------------------------------------------------ */

/* Microseconds since the start, every nanosecond of them. */
static void put_time(const struct trace_writer *w, const char *name, uint64_t ns)
{
	fprintf(w->out, ",\"%s\":%" PRIu64 ".%03u", name, ns / 1000,
		(unsigned int)(ns % 1000));
}

static uint64_t since_base(const struct trace_writer *w, uint64_t ts_ns)
{
	return ts_ns > w->base_ns ? ts_ns - w->base_ns : 0;
}

static void put_open(struct trace_writer *w, const char *phase, uint64_t tid)
{
	struct perfetto *p = w->state;

	fprintf(w->out, "%s{\"ph\":\"%s\",\"pid\":%d,\"tid\":%" PRIu64,
		p->any ? ",\n" : "", phase, PERFETTO_PID, tid);
	p->any = true;
}

static void put_name(struct trace_writer *w, const char *name, const char *cat)
{
	fputs(",\"name\":", w->out);
	trace_put_string(w->out, name);
	if (*cat)
		fprintf(w->out, ",\"cat\":\"%s\"", cat);
}

static void put_thread(struct trace_writer *w, uint64_t tid, const char *name,
		       uint64_t order)
{
	put_open(w, "M", tid);
	fprintf(w->out, ",\"name\":\"thread_name\",\"args\":{\"name\":\"%s\"}}",
		name);
	put_open(w, "M", tid);
	fprintf(w->out,
		",\"name\":\"thread_sort_index\",\"args\":{\"sort_index\":%" PRIu64
		"}}",
		order);
}

static struct perfetto_cpu *perfetto_cpu(struct trace_writer *w, uint64_t cpu)
{
	struct perfetto *p = w->state;
	struct perfetto_cpu *c = perfetto_at(&p->cpus, cpu);
	char name[32];

	if (c && !c->named) {
		c->named = true;
		snprintf(name, sizeof(name), "CPU %" PRIu64, cpu);
		put_thread(w, PERFETTO_TID(cpu), name, 2 * cpu);
	}
	return c;
}

/* --- slices ----------------------------------------------------------------- */

/* False: it would end after the slice that it is in. */
static bool slice_nests(struct perfetto_cpu *c, uint64_t start, uint64_t end)
{
	while (c->depth && c->ends[c->depth - 1] <= start)
		c->depth--;
	if (c->depth == PERFETTO_DEPTH ||
	    (c->depth && end > c->ends[c->depth - 1]))
		return false;
	c->ends[c->depth++] = end;
	return true;
}

static uint64_t slice_tid(struct trace_writer *w, struct perfetto_cpu *c,
			  const struct event *e)
{
	char name[48];

	if (slice_nests(c, e->start_ns, e->ts_ns))
		return PERFETTO_TID(e->cpu);
	if (!c->aside_named) {
		c->aside_named = true;
		snprintf(name, sizeof(name), "CPU %" PRIu64 ", overlapping",
			 e->cpu);
		put_thread(w, PERFETTO_ASIDE(e->cpu), name, 2 * e->cpu + 1);
	}
	return PERFETTO_ASIDE(e->cpu);
}

static void put_args(struct trace_writer *w, const struct event *e)
{
	FILE *out = w->out;

	fprintf(out, ",\"args\":{\"ts_ns\":%" PRIu64, e->ts_ns);
	if (e->ns != MISSING)
		fprintf(out, ",\"ns\":%" PRIu64, e->ns);
	if (e->irq != MISSING)
		fprintf(out, ",\"irq\":%" PRIu64, e->irq);
	if (e->type == TRACE_POLL || e->type == TRACE_SQUEEZE)
		fprintf(out, ",\"work\":%" PRId64 ",\"budget\":%" PRId64,
			e->work, e->budget);
	if (e->type == TRACE_POLL)
		fprintf(out, ",\"context\":\"%s\"",
			event_context_name(e->context));
	if (e->type == TRACE_SOFTIRQ && e->vec == NAPI_VEC_NET_RX)
		fprintf(out, ",\"work\":%" PRId64, e->work);
	if (e->type == EVENT_TRIGGER)
		fprintf(out, ",\"kept\":%" PRIu64 ",\"torn\":%" PRIu64, e->kept,
			e->torn);
	fputs("}}", out);
}

static void event_title(const struct event *e, char *title)
{
	char napi[ROW_NAME + ROW_NETNS + 2];

	switch (e->type) {
	case TRACE_IRQ:
		snprintf(title, PERFETTO_NAME, "irq %" PRIu64 " %s", e->irq,
			 e->irq_name);
		return;
	case TRACE_SOFTIRQ:
	case TRACE_RAISE:
		snprintf(title, PERFETTO_NAME, "%s%s",
			 e->type == TRACE_RAISE ? "raise " : "",
			 e->vec < NAPI_NR_VECS ? vec_name(e->vec) : "?");
		return;
	case TRACE_SQUEEZE:
		snprintf(title, PERFETTO_NAME, "squeeze: %s, %s left",
			 event_squeeze_name(e->kind),
			 e->flags & TRACE_LEFT ? "work" : "nothing");
		return;
	case EVENT_TRIGGER:
		snprintf(title, PERFETTO_NAME, "kept for: %s",
			 event_why_name(e->kind));
		return;
	default:
		trace_napi_name(e, napi, sizeof(napi));
		snprintf(title, PERFETTO_NAME, "%s %s", event_name(e->type),
			 napi);
	}
}

static void put_slice(struct trace_writer *w, struct perfetto_cpu *c,
		      const struct event *e)
{
	char title[PERFETTO_NAME];

	event_title(e, title);
	put_open(w, "X", slice_tid(w, c, e));
	put_time(w, "ts", since_base(w, e->start_ns));
	put_time(w, "dur", since_base(w, e->ts_ns) - since_base(w, e->start_ns));
	put_name(w, title,
		 e->type == TRACE_IRQ ? "hardirq" : event_name(e->type));
	put_args(w, e);
}

static void put_instant(struct trace_writer *w, const struct event *e)
{
	char title[PERFETTO_NAME];

	event_title(e, title);
	put_open(w, "i", PERFETTO_TID(e->cpu));
	put_time(w, "ts", since_base(w, e->ts_ns));
	fprintf(w->out, ",\"s\":\"%s\"", e->type == EVENT_TRIGGER ? "p" : "t");
	put_name(w, title, event_name(e->type));
	put_args(w, e);
}

/* --- counters --------------------------------------------------------------- */

static void put_counter(struct trace_writer *w, const struct event *e,
			const char *what)
{
	char name[64];

	snprintf(name, sizeof(name), "CPU %" PRIu64 " %s", e->cpu, what);
	put_open(w, "C", PERFETTO_TID(e->cpu));
	put_time(w, "ts", since_base(w, e->ts_ns));
	put_name(w, name, "");
}

static void count_work(struct trace_writer *w, struct perfetto_cpu *c,
		       const struct event *e)
{
	if (e->work == c->work)
		return;
	c->work = e->work;
	put_counter(w, e, "work per poll");
	fprintf(w->out, ",\"args\":{\"work\":%" PRId64 "}}", e->work);
}

static void count_squeeze(struct trace_writer *w, struct perfetto_cpu *c,
			  const struct event *e)
{
	if (e->kind > TRACE_SQUEEZE_BOTH)
		return;
	c->squeezes[e->kind]++;
	put_counter(w, e, "squeezes");
	fprintf(w->out,
		",\"args\":{\"budget\":%" PRIu64 ",\"time\":%" PRIu64
		",\"both\":%" PRIu64 "}}",
		c->squeezes[TRACE_SQUEEZE_BUDGET],
		c->squeezes[TRACE_SQUEEZE_TIME], c->squeezes[TRACE_SQUEEZE_BOTH]);
}

/* --- flows ------------------------------------------------------------------ */

/* Both ends at once: a flow never has only one. */
static void put_flow(struct trace_writer *w, uint64_t ts, uint64_t cpu,
		     const struct event *poll)
{
	struct perfetto *p = w->state;

	p->flows++;
	put_open(w, "s", PERFETTO_TID(cpu));
	put_time(w, "ts", since_base(w, ts));
	put_name(w, "irq to poll", "flow");
	fprintf(w->out, ",\"id\":%" PRIu64 "}", p->flows);
	put_open(w, "f", PERFETTO_TID(poll->cpu));
	put_time(w, "ts", since_base(w, poll->start_ns));
	put_name(w, "irq to poll", "flow");
	fprintf(w->out, ",\"bp\":\"e\",\"id\":%" PRIu64 "}", p->flows);
}

static void flow_irq(struct perfetto *p, struct perfetto_cpu *c,
		     const struct event *e)
{
	struct perfetto_irq *irq = perfetto_at(&p->irqs, e->irq);

	c->irq = e->irq;
	c->irq_start = e->start_ns;
	c->irq_end = e->ts_ns;
	if (!irq)
		return;
	irq->waiting = true;
	irq->start = e->start_ns;
	irq->end = e->ts_ns;
	irq->cpu = e->cpu;
}

/* Only from a handler whose slice was written. */
static void flow_schedule(struct perfetto *p, const struct perfetto_cpu *c,
			  const struct event *e)
{
	struct perfetto_napi *n = perfetto_napi(p, e);

	if (!n)
		return;
	n->scheduled = true;
	n->waiting = e->irq != MISSING && e->irq == c->irq &&
		     e->ts_ns >= c->irq_start && e->ts_ns <= c->irq_end;
	n->ts = e->ts_ns;
	n->cpu = e->cpu;
}

/*
 * Where schedules are not seen: the poll that begins a stay in poll mode comes
 * of the last run of the handler that the NAPI is linked to.
 */
static void flow_infer(struct trace_writer *w, struct perfetto_napi *n,
		       const struct event *e)
{
	struct perfetto *p = w->state;
	struct perfetto_irq *irq;

	if (n->polling || !e->napi || e->napi->irq == MISSING)
		return;
	irq = perfetto_at(&p->irqs, e->napi->irq);
	if (!irq || !irq->waiting || irq->end > e->start_ns)
		return;
	irq->waiting = false;
	put_flow(w, irq->start, irq->cpu, e);
}

static void flow_poll(struct trace_writer *w, const struct event *e)
{
	struct perfetto_napi *n = perfetto_napi(w->state, e);

	if (!n)
		return;
	if (e->start_ns != MISSING) {
		if (n->waiting && n->ts <= e->start_ns)
			put_flow(w, n->ts, n->cpu, e);
		else if (!n->scheduled)
			flow_infer(w, n, e);
	}
	n->waiting = false;
	n->polling = e->budget > 0 && e->work >= e->budget;
}

/* --- the view --------------------------------------------------------------- */

static int perfetto_event(struct trace_writer *w, const struct event *e)
{
	struct perfetto_cpu *c = perfetto_cpu(w, e->cpu);
	struct perfetto *p = w->state;

	if (!c)
		return -ENOMEM;
	if (e->start_ns == MISSING)
		put_instant(w, e);
	else
		put_slice(w, c, e);
	if (e->type == TRACE_IRQ) {
		flow_irq(p, c, e);
	} else if (e->type == TRACE_SCHEDULE) {
		flow_schedule(p, c, e);
	} else if (e->type == TRACE_POLL) {
		flow_poll(w, e);
		count_work(w, c, e);
	} else if (e->type == TRACE_SQUEEZE) {
		count_squeeze(w, c, e);
	}
	return output_status(w->out);
}

static int perfetto_begin(struct trace_writer *w)
{
	char name[2 * ROW_NAME + 32];
	struct perfetto *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->cpus.row_size = sizeof(struct perfetto_cpu);
	p->napis.row_size = sizeof(struct perfetto_napi);
	p->irqs.row_size = sizeof(struct perfetto_irq);
	w->state = p;
	snprintf(name, sizeof(name), "%s Linux %s tier %s", w->host.host,
		 w->host.kernel, w->host.tier);
	fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", w->out);
	put_open(w, "M", PERFETTO_TID(0));
	fputs(",\"name\":\"process_name\",\"args\":{\"name\":", w->out);
	trace_put_string(w->out, name);
	fputs("}}", w->out);
	return output_status(w->out);
}

static void put_known(struct trace_writer *w, const char *name, uint64_t value)
{
	if (value != MISSING)
		fprintf(w->out, ",\"%s\":%" PRIu64, name, value);
}

static int perfetto_end(struct trace_writer *w, const struct trace_tail *tail)
{
	struct perfetto *p = w->state;
	int err = 0;

	fprintf(w->out,
		"\n],\"otherData\":{\"base_ns\":%" PRIu64 ",\"base_time_s\":%.6f"
		",\"events\":%" PRIu64,
		w->base_ns, w->base_real_ns / 1e9, tail->events);
	put_known(w, "lost", tail->facts.lost);
	put_known(w, "late", tail->facts.late);
	if (tail->totals) {
		fputs(",\"report\":", w->out);
		err = trace_put_totals(w->out, tail->totals);
	}
	fputs("}}\n", w->out);
	table_fini(&p->cpus);
	table_fini(&p->napis);
	table_fini(&p->irqs);
	free(p);
	w->state = NULL;
	return err ? err : output_status(w->out);
}

const struct trace_view trace_view_perfetto = {
	.name = "perfetto",
	.by_start = true,
	.begin = perfetto_begin,
	.event = perfetto_event,
	.end = perfetto_end,
};
