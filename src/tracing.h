/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running half of `trace`: events from a source to a view and a recording. */
#ifndef TRACING_H
#define TRACING_H

#include "model/event.h"
#include "options.h"

struct trace_request {
	struct options options; /* first: what the common options fill in */
	struct event_filter filter;
	bool events_given;
};

/*
 * Until it is over, and what ends it is written too.  0, or -errno after the
 * error was printed (-EPIPE silently: the reader has seen enough).
 */
int tracing_run(const struct trace_request *request);

#endif /* TRACING_H */
