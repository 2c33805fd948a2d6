/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the fuzzers do with a snapshot that was read: all that a command does. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/config.h"
#include "model/interval.h"
#include "model/select.h"
#include "view/trace.h"
#include "view/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two snapshots in turn, what is between them, and where views print to. */
struct fuzz {
	struct snapshot snapshots[2];
	unsigned int count;
	struct interval iv;
	FILE *null;
};

static inline void fuzz_init(struct fuzz *f)
{
	snapshot_init(&f->snapshots[0]);
	snapshot_init(&f->snapshots[1]);
	interval_init(&f->iv);
	f->count = 0;
	f->null = fopen("/dev/null", "w");
	if (!f->null)
		abort();
}

static inline void fuzz_fini(struct fuzz *f)
{
	snapshot_fini(&f->snapshots[0]);
	snapshot_fini(&f->snapshots[1]);
	interval_fini(&f->iv);
	fclose(f->null);
}

static inline struct snapshot *fuzz_next(struct fuzz *f)
{
	return &f->snapshots[f->count % 2];
}

/* f->snapshots[count % 2] was read. */
static inline void fuzz_use(struct fuzz *f)
{
	static const struct view *const views[] = { &view_text, &view_json,
						    &view_csv,
						    &view_openmetrics };
	const struct view_options options = { .width = 132,
					      .totals = true,
					      .hists = true };
	const struct snapshot *now = fuzz_next(f);

	config_number(&now->config, "sysctl/net.core.netdev_budget");
	if (!f->count++)
		return;
	if (interval_make(&f->iv, &f->snapshots[f->count % 2], now))
		return;
	interval_sort(&f->iv, "polls");
	views[f->count % 4]->interval(f->null, &f->iv, &options);
}

/* Events without their names, in each format; none is left. */
static inline void fuzz_trace(struct fuzz *f, struct table *events)
{
	static const struct trace_view *const views[] = { &trace_view_text,
							  &trace_view_json,
							  &trace_view_perfetto };
	const struct trace_tail tail = { .events = events->count };
	struct trace_writer w = { .view = views[f->count++ % 3], .out = f->null };
	const struct trace_event *raw;
	struct event e;

	if (w.view->begin(&w))
		return;
	table_for_each (events, raw) {
		event_decode(raw, &e);
		w.view->event(&w, &e);
	}
	w.view->end(&w, &tail);
	table_clear(events);
}

#endif /* TESTS_FUZZ_FUZZ_H */
