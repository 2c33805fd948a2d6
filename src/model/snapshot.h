/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything read at one instant. */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include "model/rows.h"
#include "util/table.h"

struct snapshot {
	uint64_t mono_ns; /* CLOCK_MONOTONIC */
	uint64_t real_ns; /* CLOCK_REALTIME */
	struct host_row host;
	struct lost_row lost;
	/* each sorted by its *_row_cmp */
	struct table cpus;  /* struct cpu_row, CPUs ever online */
	struct table pairs; /* struct napi_row, a NAPI on a CPU */
	struct table irqs;  /* struct irq_row, an action on a CPU */
	struct table lines; /* struct line_row, counts that are not zero */
	struct table devs;  /* struct dev_row */
};

void snapshot_init(struct snapshot *s);
void snapshot_fini(struct snapshot *s);
/* Empties the tables for the next reading. */
void snapshot_clear(struct snapshot *s);
void snapshot_sort(struct snapshot *s);

/*
 * Where snapshots come from.  read() fills s and returns 1, 0 at the end of a
 * recording, or -errno after it has said what failed.
 */
struct source;
struct source_ops {
	int (*read)(struct source *src, struct snapshot *s);
	void (*close)(struct source *src);
};

struct source {
	const struct source_ops *ops;
};

#endif /* MODEL_SNAPSHOT_H */
