// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace as JSON lines: an object an event, by when it ended; the last one says
 * what was lost, and has the totals of the run as `report` has them.
 */
#include "util/output.h"
#include "view/trace.h"

#include <inttypes.h>

static void json_number(FILE *out, const char *name, uint64_t value)
{
	if (value != MISSING)
		fprintf(out, ",\"%s\":%" PRIu64, name, value);
}

static void json_string(FILE *out, const char *name, const char *value)
{
	if (!*value)
		return;
	fprintf(out, ",\"%s\":", name);
	trace_put_string(out, value);
}

static void json_flag(FILE *out, const char *name, bool value)
{
	fprintf(out, ",\"%s\":%s", name, value ? "true" : "false");
}

static void json_napi(FILE *out, const struct event *e)
{
	if (!e->napi)
		return;
	json_string(out, "napi", e->napi->label);
	json_string(out, "dev", e->napi->dev);
	json_string(out, "netns", e->napi->netns);
	json_number(out, "napi_id", e->napi->napi_id);
	json_string(out, "poll_func", e->napi->poll_func);
}

static void json_work(FILE *out, const struct event *e)
{
	fprintf(out, ",\"work\":%" PRId64, e->work);
	if (e->type != TRACE_SOFTIRQ)
		fprintf(out, ",\"budget\":%" PRId64, e->budget);
}

static void json_more(FILE *out, const struct event *e)
{
	switch (e->type) {
	case TRACE_IRQ:
		json_number(out, "irq", e->irq);
		json_string(out, "name", e->irq_name);
		break;
	case TRACE_SOFTIRQ:
	case TRACE_RAISE:
		if (e->vec < NAPI_NR_VECS)
			json_string(out, "vector", vec_name(e->vec));
		if (e->type == TRACE_SOFTIRQ && e->vec == NAPI_VEC_NET_RX)
			json_work(out, e);
		break;
	case TRACE_SCHEDULE:
		json_napi(out, e);
		json_number(out, "irq", e->irq);
		json_flag(out, "core", e->flags & TRACE_CORE);
		json_flag(out, "timer", e->flags & TRACE_TIMER);
		break;
	case TRACE_POLL:
		json_napi(out, e);
		json_string(out, "context", event_context_name(e->context));
		json_work(out, e);
		json_flag(out, "inferred", e->flags & TRACE_INFERRED);
		break;
	case TRACE_COMPLETE:
		json_napi(out, e);
		json_flag(out, "rearmed", e->flags & TRACE_REARMED);
		json_flag(out, "core", e->flags & TRACE_CORE);
		break;
	case TRACE_SQUEEZE:
		json_string(out, "kind", event_squeeze_name(e->kind));
		json_flag(out, "work_left", e->flags & TRACE_LEFT);
		json_work(out, e);
		break;
	default:
		json_string(out, "why", event_why_name(e->kind));
		json_number(out, "kept", e->kept);
		json_number(out, "torn", e->torn);
	}
}

static int json_event(struct trace_writer *w, const struct event *e)
{
	fprintf(w->out,
		"{\"event\":\"%s\",\"time_s\":%.6f,\"ts_ns\":%" PRIu64
		",\"cpu\":%" PRIu64,
		event_name(e->type), (e->ts_ns + w->real_offset_ns) / 1e9,
		e->ts_ns, e->cpu);
	json_number(w->out, "start_ns", e->start_ns);
	json_number(w->out, "ns", e->ns);
	json_more(w->out, e);
	fputs("}\n", w->out);
	return output_status(w->out);
}

static int json_begin(struct trace_writer *w)
{
	(void)w;
	return 0;
}

static int json_end(struct trace_writer *w, const struct trace_tail *tail)
{
	int err = 0;

	fprintf(w->out, "{\"event\":\"end\",\"events\":%" PRIu64, tail->events);
	json_number(w->out, "lost", tail->facts.lost);
	json_number(w->out, "late", tail->facts.late);
	json_number(w->out, "triggers", tail->facts.triggers);
	json_number(w->out, "triggers_missed", tail->facts.triggers_missed);
	if (tail->totals) {
		fputs(",\"report\":", w->out);
		err = trace_put_totals(w->out, tail->totals);
	}
	fputs("}\n", w->out);
	return err ? err : output_status(w->out);
}

const struct trace_view trace_view_json = {
	.name = "json",
	.begin = json_begin,
	.event = json_event,
	.end = json_end,
};
