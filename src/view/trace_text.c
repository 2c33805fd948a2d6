// SPDX-License-Identifier: GPL-2.0-or-later
/* trace as text: a line an event, by when it ended. */
#include "view/trace.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "model/format.h"
#include "util/output.h"
#include "util/safe.h"

#define NSEC_PER_SEC 1000000000ULL
#define TEXT_NAME (ROW_NAME + ROW_NETNS + 2)

/* Wall-clock time in microseconds, by a strftime() format. */
static void text_time(const struct trace_writer *w, const char *format,
		      uint64_t ts_ns)
{
	uint64_t ns = ts_ns + w->real_offset_ns;
	time_t seconds = ns / NSEC_PER_SEC;
	char text[FORMAT_TIME_ROOM];
	struct tm tm;

	/* What no calendar has is in a damaged recording. */
	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), format, &tm))
		snprintf(text, sizeof(text), "?");
	fprintf(w->out, "%s.%06u", text,
		(unsigned int)(ns % NSEC_PER_SEC / 1000));
}

static void text_name(const struct event *e, char *text)
{
	char name[TEXT_NAME];

	switch (e->type) {
	case TRACE_IRQ:
		snprintf(name, sizeof(name), "%" PRIu64 ":%s", e->irq,
			 e->irq_name);
		break;
	case TRACE_SOFTIRQ:
	case TRACE_RAISE:
		snprintf(name, sizeof(name), "%s",
			 e->vec < NAPI_NR_VECS ? vec_name(e->vec) : "?");
		break;
	case TRACE_SQUEEZE:
		snprintf(name, sizeof(name), "%s", event_squeeze_name(e->kind));
		break;
	default:
		trace_napi_name(e, name, sizeof(name));
	}
	safe_text(name, text, TEXT_NAME);
}

static void text_more(const struct trace_writer *w, const struct event *e)
{
	FILE *out = w->out;

	if (e->type == TRACE_POLL)
		fprintf(out, "  work %" PRId64 "/%" PRId64 " %s%s", e->work,
			e->budget, event_context_name(e->context),
			e->budget > 0 && e->work >= e->budget ? " exhausted" :
								"");
	else if (e->type == TRACE_SQUEEZE)
		fprintf(out, "  work %" PRId64 " of %" PRId64 ", %s", e->work,
			e->budget,
			e->flags & TRACE_LEFT ? "work left" : "nothing left");
	else if (e->type == TRACE_SOFTIRQ && e->vec == NAPI_VEC_NET_RX)
		fprintf(out, "  work %" PRId64, e->work);
	else if (e->type == TRACE_COMPLETE)
		fprintf(out, "  %s%s",
			e->flags & TRACE_REARMED ? "re-armed" : "not re-armed",
			e->flags & TRACE_CORE ? " (core)" : "");
	else if (e->type == TRACE_SCHEDULE && e->irq != MISSING)
		fprintf(out, "  by irq %" PRIu64, e->irq);
	else if (e->type == TRACE_SCHEDULE && e->flags & TRACE_TIMER)
		fputs("  by its timer", out);
	else if (e->type == TRACE_SCHEDULE && e->flags & TRACE_CORE)
		fputs("  by the core", out);
}

static void text_trigger(const struct trace_writer *w, const struct event *e)
{
	fputs("--- ", w->out);
	text_time(w, "%F %T", e->ts_ns);
	fprintf(w->out, " CPU %" PRIu64 ": %s; the last %" PRIu64 " events",
		e->cpu, event_why_name(e->kind), e->kept);
	if (e->torn)
		fprintf(w->out, " (%" PRIu64 " unreadable)", e->torn);
	fputs("\n", w->out);
}

static int text_event(struct trace_writer *w, const struct event *e)
{
	char name[TEXT_NAME], took[FORMAT_ROOM] = "-";

	if (e->type == EVENT_TRIGGER) {
		text_trigger(w, e);
		return output_status(w->out);
	}
	text_name(e, name);
	if (e->ns != MISSING)
		format_ns(e->ns, took);
	text_time(w, "%T", e->ts_ns);
	fprintf(w->out, " %3" PRIu64 "  %-8s %7s  %s", e->cpu,
		event_name(e->type), took, name);
	text_more(w, e);
	fputs("\n", w->out);
	return output_status(w->out);
}

static int text_begin(struct trace_writer *w)
{
	fputs("TIME            CPU  EVENT       TOOK  WHAT\n", w->out);
	return output_status(w->out);
}

static int text_end(struct trace_writer *w, const struct trace_tail *tail)
{
	if (tail->facts.lost == MISSING)
		fprintf(w->out,
			"%" PRIu64 " events; how many were lost stood behind "
			"the end of the file\n",
			tail->events);
	else
		fprintf(w->out, "%" PRIu64 " events, %" PRIu64 " lost\n",
			tail->events, tail->facts.lost);
	return output_status(w->out);
}

const struct trace_view trace_view_text = {
	.name = "text",
	.begin = text_begin,
	.event = text_event,
	.end = text_end,
};
