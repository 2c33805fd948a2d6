/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything read at one instant. */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include "model/field.h"
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
	struct table hists; /* struct hist_row; none when nobody wants them */
	struct table told;  /* struct told_row, idle NAPIs too */
	/* the details: read seldom, and only for those who ask */
	struct table states;   /* struct state_row */
	struct table probes;   /* struct probe_row */
	struct table programs; /* struct program_row */
	struct table config;   /* struct config_row */
};

/* A table of a snapshot; the list of them ends with one without cmp. */
struct snapshot_table {
	enum field_scope scope; /* host and lost are no tables */
	size_t offset;
	size_t row_size;
	int (*cmp)(const void *a, const void *b);
};

extern const struct snapshot_table snapshot_tables[];

static inline struct table *snapshot_table(struct snapshot *s,
					   const struct snapshot_table *t)
{
	return (struct table *)((char *)s + t->offset);
}

void snapshot_init(struct snapshot *s);
void snapshot_fini(struct snapshot *s);
/* Empties the tables for the next reading. */
void snapshot_clear(struct snapshot *s);
void snapshot_sort(struct snapshot *s);
/*
 * What was skipped between two snapshots counts for the maxima of now, which are
 * since the one before; see hists_keep_max().
 */
void snapshot_keep_max(struct snapshot *now, const struct snapshot *before);
/*
 * The kernel's counters of 32 bits go on above them, from what they are in the one
 * before: for readings that are not subtracted from each other.
 */
void snapshot_unwrap(struct snapshot *now, const struct snapshot *before);
/* 0 or -ENOMEM. */
int snapshot_copy(struct snapshot *dst, const struct snapshot *src);

/*
 * Where snapshots come from.  read() fills s and returns 1; 0 at the end of a
 * recording, with s as it was; or -errno after it has said what failed.
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
