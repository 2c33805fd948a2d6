/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An event of `trace` with its names resolved, and where events come from.
 * Pure: the live source is collect/events.h, another may read them from a file.
 */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdbool.h>

#include "model/snapshot.h"
#include "util/num.h"

/* In the model a trigger, which says why the events after it were kept. */
#define EVENT_TRIGGER TRACE_NR

struct event {
	unsigned int type;  /* enum trace_type, or EVENT_TRIGGER */
	unsigned int flags; /* enum trace_flag */
	uint64_t cpu;
	uint64_t ts_ns;	   /* CLOCK_MONOTONIC, of its end */
	uint64_t start_ns; /* MISSING: not known, or it takes no time */
	uint64_t ns;	  /* as counted, without interrupts; MISSING likewise */
	unsigned int vec; /* softirq, raise */
	unsigned int context; /* poll: enum napi_context */
	unsigned int kind; /* squeeze: enum trace_squeeze; trigger: trace_why */
	int64_t work;	   /* poll; softirq NET_RX, squeeze: of the run */
	int64_t budget;	   /* poll, squeeze */
	uint64_t irq; /* itself; schedule: in whose handler; MISSING: none */
	uint64_t napi_key;    /* of its NAPI, unique in a source; or MISSING */
	const char *irq_name; /* "": not known */
	const struct napi_row *napi; /* who it is; NULL: none, or not known */
	uint64_t kept;		     /* trigger: events that follow */
	uint64_t torn; /* trigger: entries that could not be read */
	const struct trace_event *raw; /* what it was decoded from */
};

/*
 * What is known of a trace as a whole; MISSING: not known.  A recording has it
 * by these names.
 */
struct trace_facts {
	uint64_t base_ns;  /* CLOCK_MONOTONIC, before the first event */
	uint64_t by_start; /* in the order of their beginnings */
	uint64_t window;   /* events kept per CPU; 0: all of them */
	uint64_t types;	   /* 1 << enum trace_type: that were asked for */
	uint64_t lost;
	uint64_t late;		  /* handed over after one that came later */
	uint64_t triggers;	  /* MISSING: no windows are kept */
	uint64_t triggers_missed; /* came while a window waited to be copied */
};

void trace_facts_init(struct trace_facts *facts);

/* "poll", as in --events and in JSON. */
const char *event_name(unsigned int type);
/* "irq,poll,..." or "all" as 1 << type.  0, or -EINVAL and *bad is the word. */
int event_parse(const char *list, uint32_t *types, const char **bad);

const char *event_context_name(unsigned int context);
const char *event_squeeze_name(unsigned int kind);
/* "squeeze", "long poll" or both. */
const char *event_why_name(unsigned int why);

/* struct trace_event; of an instant both are the same */
static inline uint64_t event_raw_start(const struct trace_event *e)
{
	return e->start ? e->start : e->ts;
}

/* Order of struct trace_event by when they ended: what is inside comes first. */
int event_end_cmp(const void *a, const void *b);
/* By when they began: what is inside comes after what is around it. */
int event_start_cmp(const void *a, const void *b);

/*
 * A trigger as a struct trace_event: a recording has no other kind of row, and
 * no fewer than so many members of it are free.
 */
void event_pack_trigger(struct trace_event *raw, uint32_t cpu, uint32_t why,
			uint64_t ts, uint64_t kept, uint64_t torn);
/* All that is in raw itself: names, and whether it is wanted, are to come. */
void event_decode(const struct trace_event *raw, struct event *e);

/*
 * Which events a view gets.  What the programs can tell apart never comes: of a
 * recording it does.
 */
struct event_filter {
	const char *dev;	   /* NULL: all */
	const char *napi;	   /* label, or NULL: all */
	uint64_t napi_id;	   /* MISSING: all */
	const struct cpuset *cpus; /* NULL: all */
	uint32_t types;		   /* 1 << enum trace_type */
	uint64_t longer_ns;	   /* 0: all */
};

/* Is one NAPI asked for? */
bool event_filter_has_napi(const struct event_filter *f);
/* By CPU, type and length: what a program would not have emitted. */
bool event_filter_raw(const struct event_filter *f, const struct trace_event *e);

/* Is this the NAPI, or one of those, that are asked for? */
bool event_filter_napi(const struct event_filter *f, const struct napi_row *n);

/*
 * Polls, schedules and completions have to be of a NAPI that is asked for.
 * Where any is, softirqs and raises are those of NET_RX, once such a NAPI has been
 * seen, and interrupts those of such a NAPI: linked says that.
 */
bool event_wanted(const struct event_filter *f, const struct event *e,
		  bool linked);

/*
 * Where events come from.  read() hands over those that are there, in order,
 * and returns 1, 0 when there will be no more, or -errno after it has said
 * what failed.  A handler returns 0 to go on, or what read() is to return.
 * Names are only good until it returns.
 */
typedef int (*event_handler)(void *arg, const struct event *e);

struct event_source;
struct event_source_ops {
	int (*read)(struct event_source *src, event_handler handler, void *arg);
	/* What is known by now. */
	void (*facts)(struct event_source *src, struct trace_facts *facts);
	/*
	 * The last snapshot, which the caller may change; NULL: it cannot be
	 * had, and that was said.
	 */
	struct snapshot *(*last)(struct event_source *src);
	/* The one that the event just handed over was named by. */
	const struct snapshot *(*names)(const struct event_source *src);
	void (*close)(struct event_source *src);
};

struct event_source {
	const struct event_source_ops *ops;
};

#endif /* MODEL_EVENT_H */
