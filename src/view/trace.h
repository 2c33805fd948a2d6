/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Views of single events: a format is one file and one line in the table of
 * trace.c.
 */
#ifndef VIEW_TRACE_H
#define VIEW_TRACE_H

#include <stdio.h>

#include "model/event.h"
#include "model/interval.h"

struct trace_view;

/* What a view knows and keeps while it writes. */
struct trace_writer {
	const struct trace_view *view;
	FILE *out;
	struct host_row host;
	int64_t real_offset_ns; /* from CLOCK_MONOTONIC to CLOCK_REALTIME */
	uint64_t base_ns;	/* CLOCK_MONOTONIC, before the first event */
	uint64_t base_real_ns;	/* CLOCK_REALTIME then */
	uint64_t events;	/* written so far; the caller counts */
	void *state; /* of the view: begin() makes it, end() frees it */
};

/* What is known at the end. */
struct trace_tail {
	uint64_t events;
	struct trace_facts facts;
	const struct interval *totals; /* traced from the start on, or NULL */
};

struct trace_view {
	const char *name;
	bool by_start; /* wants events by when they began, not ended */
	/* 0 or -errno (of the output, or -ENOMEM) */
	int (*begin)(struct trace_writer *w);
	int (*event)(struct trace_writer *w, const struct event *e);
	int (*end)(struct trace_writer *w, const struct trace_tail *tail);
};

/* NULL: no format of this name. */
const struct trace_view *trace_view_find(const char *name);

/* A text from the kernel as a JSON string, in quotes. */
void trace_put_string(FILE *out, const char *text);
/* The totals as one JSON object without a line's end.  0 or -errno. */
int trace_put_totals(FILE *out, const struct interval *totals);
/* "eth0/0@netns": room for ROW_NAME + ROW_NETNS + 2; "?" when not known. */
void trace_napi_name(const struct event *e, char *text, size_t room);

extern const struct trace_view trace_view_text;
extern const struct trace_view trace_view_json;
extern const struct trace_view trace_view_perfetto;

#endif /* VIEW_TRACE_H */
