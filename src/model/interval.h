/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The difference of two snapshots: what all rules and views work on. */
#ifndef MODEL_INTERVAL_H
#define MODEL_INTERVAL_H

#include "model/field.h"
#include "model/index.h"
#include "model/snapshot.h"

struct interval {
	uint64_t mono_ns; /* of its end */
	uint64_t real_ns;
	uint64_t ns; /* its length */
	struct host_row host;
	struct lost_row lost;
	struct table cpus;	/* struct cpu_row */
	struct table napis;	/* struct napi_row over all CPUs */
	struct table pairs;	/* struct napi_row per CPU, by NAPI then CPU */
	struct table irqs;	/* struct irq_row over all CPUs */
	struct table irq_pairs; /* struct irq_row per CPU, by action then CPU */
	struct table lines;	/* struct line_row */
	struct table devs;	/* struct dev_row */
	struct table hists;	/* struct hist_row per CPU: those with values */
	struct table config;	/* struct config_row, of its end */
	struct napi_index index; /* of the tables above */
};

void interval_init(struct interval *iv);
void interval_fini(struct interval *iv);

/*
 * iv = b - a.  Rows are matched by key: one that appeared counts from zero,
 * one that vanished is dropped.  0 or -ENOMEM.
 */
int interval_make(struct interval *iv, const struct snapshot *a,
		  const struct snapshot *b);

/*
 * The rows over all CPUs, and what is derived, from the rows on each CPU of iv and
 * its histograms and lines; those of CPUs and devices have their sums.  0 or -ENOMEM.
 */
int interval_from_parts(struct interval *iv);
/* Percentiles of a NAPI, or of a pair: those are left out, for few ask. */
void interval_percentiles(const struct interval *iv, struct napi_row *n);

/*
 * As if everything had been zero ns before: the counters as they are, the
 * kernel's since boot, and of CPUs and devices the sums of their NAPIs, too.
 * Percentiles are not made.  0 or -ENOMEM.
 */
int interval_make_whole(struct interval *iv, const struct snapshot *s,
			uint64_t ns);

/* The rows of a scope: host and lost have one. */
struct field_rows {
	const void *rows;
	size_t count;
	size_t row_size;
};

struct field_rows interval_rows(const struct interval *iv,
				enum field_scope scope);

/* value per second of the interval; 0 for MISSING. */
double interval_rate(const struct interval *iv, uint64_t value);

#endif /* MODEL_INTERVAL_H */
