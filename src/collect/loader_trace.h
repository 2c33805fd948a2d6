/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loader's part for `trace`: a ring or a window per CPU, or none of it. */
#ifndef COLLECT_LOADER_TRACE_H
#define COLLECT_LOADER_TRACE_H

#include "collect/loader.h"

/* Before the load: configuration and sizes.  0 or -errno. */
int loader_trace_prepare(struct loader *l);
/* After it, before anything is attached: rings, and which CPUs.  0 or -errno. */
int loader_trace_fill(struct loader *l);
/*
 * Rings for CPUs that came online since.  What they had to tell before is lost, and
 * counted.  0 or -errno.
 */
int loader_trace_follow(struct loader *l);
void loader_trace_fini(struct loader *l);

/* Memory of rings and windows. */
size_t loader_trace_bytes(const struct loader_sizes *sizes,
			  const struct loader_trace *trace);
/* Events that were not recorded since the start. */
uint64_t loader_trace_lost(const struct loader *l);

#endif /* COLLECT_LOADER_TRACE_H */
