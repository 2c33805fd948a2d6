// SPDX-License-Identifier: GPL-2.0-or-later
/* See event.h. */
#include "model/event.h"

#include <errno.h>
#include <string.h>

#include "model/format.h"

static const char *const event_names[] = {
	[TRACE_IRQ] = "irq",	     [TRACE_RAISE] = "raise",
	[TRACE_SOFTIRQ] = "softirq", [TRACE_SCHEDULE] = "schedule",
	[TRACE_POLL] = "poll",	     [TRACE_COMPLETE] = "complete",
	[TRACE_SQUEEZE] = "squeeze", [EVENT_TRIGGER] = "trigger",
};

const char *event_name(unsigned int type)
{
	return type <= EVENT_TRIGGER ? event_names[type] : "unknown";
}

static bool event_parse_word(const char *word, size_t length, uint32_t *types)
{
	unsigned int i;

	if (length == 3 && !strncmp(word, "all", 3)) {
		*types |= (1U << TRACE_NR) - 1;
		return true;
	}
	for (i = 0; i < TRACE_NR; i++) {
		if (strlen(event_names[i]) != length ||
		    strncmp(event_names[i], word, length))
			continue;
		*types |= 1U << i;
		return true;
	}
	return false;
}

int event_parse(const char *list, uint32_t *types, const char **bad)
{
	size_t length;

	*types = 0;
	for (;; list += length + 1) {
		length = strcspn(list, ",");
		if (!event_parse_word(list, length, types)) {
			*bad = list;
			return -EINVAL;
		}
		if (!list[length])
			return 0;
	}
}

const char *event_context_name(unsigned int context)
{
	static const char *const names[NAPI_NR_CTX] = {
		[NAPI_CTX_INLINE] = "inline",
		[NAPI_CTX_KSOFTIRQD] = "ksoftirqd",
		[NAPI_CTX_THREADED] = "threaded",
		[NAPI_CTX_BUSY] = "busy",
		[NAPI_CTX_NETPOLL] = "netpoll",
	};

	return context < NAPI_NR_CTX ? names[context] : "unknown";
}

const char *event_squeeze_name(unsigned int kind)
{
	static const char *const names[] = {
		[TRACE_SQUEEZE_UNKNOWN] = "unattributed",
		[TRACE_SQUEEZE_BUDGET] = "budget",
		[TRACE_SQUEEZE_TIME] = "time",
		[TRACE_SQUEEZE_BOTH] = "both",
	};

	return kind <= TRACE_SQUEEZE_BOTH ? names[kind] : "unknown";
}

const char *event_why_name(unsigned int why)
{
	if (why == TRACE_WHY_SQUEEZE)
		return "squeeze";
	return why == TRACE_WHY_POLL ? "long poll" : "squeeze and long poll";
}

/* Softirqs hold polls, and both hold interrupts, also when all are as long. */
static int event_rank(const struct trace_event *e)
{
	return e->type == TRACE_SOFTIRQ ? 0 : e->type == TRACE_POLL ? 1 : 2;
}

int event_end_cmp(const void *a, const void *b)
{
	const struct trace_event *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	if (event_raw_start(x) != event_raw_start(y))
		return event_raw_start(x) > event_raw_start(y) ? -1 : 1;
	return event_rank(y) - event_rank(x);
}

int event_start_cmp(const void *a, const void *b)
{
	const struct trace_event *x = a, *y = b;

	if (event_raw_start(x) != event_raw_start(y))
		return event_raw_start(x) < event_raw_start(y) ? -1 : 1;
	if (x->ts != y->ts)
		return x->ts > y->ts ? -1 : 1;
	return event_rank(x) - event_rank(y);
}

void trace_facts_init(struct trace_facts *facts)
{
	memset(facts, 0xff, sizeof(*facts));
}

void event_pack_trigger(struct trace_event *raw, uint32_t cpu, uint32_t why,
			uint64_t ts, uint64_t kept, uint64_t torn)
{
	memset(raw, 0, sizeof(*raw));
	raw->type = EVENT_TRIGGER;
	raw->cpu = cpu;
	raw->what = why;
	raw->ts = ts;
	raw->id = kept;
	raw->ns = torn;
}

void event_decode(const struct trace_event *raw, struct event *e)
{
	const bool trigger = raw->type == EVENT_TRIGGER;

	memset(e, 0, sizeof(*e));
	e->raw = raw;
	e->type = raw->type;
	e->flags = raw->flags;
	e->cpu = raw->cpu;
	e->ts_ns = raw->ts;
	e->start_ns = raw->start ? raw->start : MISSING;
	e->ns = raw->start ? raw->ns : MISSING;
	e->vec = raw->what;
	e->context = raw->what;
	e->kind = raw->what;
	e->work = raw->work;
	e->budget = raw->budget;
	e->irq = raw->irq ? raw->irq - 1 : MISSING;
	e->napi_key = MISSING;
	e->irq_name = "";
	e->kept = trigger ? raw->id : 0;
	e->torn = trigger ? raw->ns : 0;
}

bool event_filter_has_napi(const struct event_filter *f)
{
	return f->napi || f->napi_id != MISSING;
}

bool event_filter_raw(const struct event_filter *f, const struct trace_event *e)
{
	if (f->cpus && !cpuset_has(f->cpus, e->cpu))
		return false;
	if (e->type == EVENT_TRIGGER)
		return true;
	if (!(f->types >> e->type & 1))
		return false;
	return e->type == TRACE_SQUEEZE || e->ns >= f->longer_ns;
}

/* Its label, or as every view writes it: with its network namespace. */
static bool event_is_called(const struct napi_row *n, const char *name)
{
	char full[ROW_NAME + ROW_NETNS];

	format_row_name(SCOPE_NAPI, n, full, sizeof(full));
	return !strcmp(n->label, name) || !strcmp(full, name);
}

bool event_filter_napi(const struct event_filter *f, const struct napi_row *n)
{
	if (f->dev && strcmp(f->dev, n->dev))
		return false;
	if (f->napi && !event_is_called(n, f->napi))
		return false;
	return f->napi_id == MISSING || f->napi_id == n->napi_id;
}

bool event_wanted(const struct event_filter *f, const struct event *e, bool linked)
{
	if (!f->dev && !event_filter_has_napi(f))
		return true;
	switch (e->type) {
	case TRACE_POLL:
	case TRACE_SCHEDULE:
	case TRACE_COMPLETE:
		return e->napi && event_filter_napi(f, e->napi);
	case TRACE_SOFTIRQ:
	case TRACE_RAISE:
		return linked && e->vec == NAPI_VEC_NET_RX;
	case TRACE_IRQ:
		return linked;
	default:
		return true;
	}
}
