/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a trace as the contents of frames.  Each frame describes itself:
 * types of event and columns by name, then the columns, of which a value is
 * written against the one above it.  What a reader does not know it passes over.
 */
#ifndef MODEL_CODEC_EVENTS_H
#define MODEL_CODEC_EVENTS_H

#include "model/event.h"
#include "util/bytes.h"

/* A frame has at most so many: whoever writes more writes several. */
#define CODEC_MAX_EVENTS (1U << 16)

/* count struct trace_event, at most CODEC_MAX_EVENTS. */
void events_encode(const struct trace_event *events, size_t count,
		   struct bytes *raw);
/* Appends struct trace_event.  0, -ENOMEM, or -EBADMSG and none was. */
int events_decode(const struct bytes *raw, struct table *events);

void facts_encode(const struct trace_facts *facts, struct bytes *raw);
/* 0 or -EBADMSG; what is not in it is MISSING. */
int facts_decode(const struct bytes *raw, struct trace_facts *facts);

#endif /* MODEL_CODEC_EVENTS_H */
