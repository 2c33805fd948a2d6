/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms, log-linear: see bpf/hist.h.  Every histogram is named once, in the
 * table of hist.c, as numbers are in the field table.
 *
 * In a snapshot counts and sum are since the probes were attached, max is since
 * the snapshot before; in an interval all three are of the interval.
 */
#ifndef MODEL_HIST_H
#define MODEL_HIST_H

#include "model/field.h"
#include "util/table.h"

/* What a percentile may be too high by, and a bucket's width over its low end. */
#define HIST_ERROR_PCT 6.25

/* A histogram by name: one enum napi_hist_kind. */
struct hist_kind {
	const char *name;  /* as in JSON */
	const char *title; /* for people */
	const char *help;  /* one sentence: of what, when missing */
	enum field_scope scope;
	enum field_unit unit;
};

struct interval;
struct snapshot;

extern const struct hist_kind hist_kinds[NAPI_NR_HIST_KINDS];

/*
 * Of a NAPI or an irq action on a CPU, or of a CPU; cpu MISSING: over all CPUs.
 * The values are not kept, so sum and max are exact and percentiles are not.
 */
struct hist_row {
	uint64_t kind; /* enum napi_hist_kind */
	uint64_t irq;  /* of an action, else 0 */
	uint64_t id;   /* napi_row.id or irq_row.id, else 0 */
	uint64_t cpu;
	uint64_t sum;
	uint64_t max; /* 0 when there is no value */
	uint64_t counts[HIST_BUCKETS];
};

int hist_row_cmp(const void *a, const void *b);

/* Number of values. */
uint64_t hist_count(const struct hist_row *h);

/* to += from; max becomes the larger one. */
void hist_add(struct hist_row *to, const struct hist_row *from);

/*
 * What was skipped between two snapshots counts for max: that of now, of the
 * rows that were in before too, becomes the larger one.  Both are sorted.
 */
void hists_keep_max(struct table *now, const struct table *before);

/* h -= before (NULL: none was there), whose buckets it continues. */
void hist_sub(struct hist_row *h, const struct hist_row *before);

/* Of what NAPIs and actions went: that of an irq has the irq. */
bool hist_is_of_gone(const struct hist_row *h);
/* Of the histograms that grew, those of what went: less what had rows in a. */
void hists_settle_gone(struct interval *iv, const struct snapshot *a,
		       const struct snapshot *b);

/*
 * The value that so many of a thousand values do not exceed: at least that, at
 * most HIST_ERROR_PCT more, and never more than max; exact below 32.  MISSING
 * without values.
 */
uint64_t hist_percentile(const struct hist_row *h, unsigned int permille);

/* The percentiles that are shown. */
#define HIST_NR_PARTS 4
struct hist_part {
	const char *name;
	unsigned int permille;
};
extern const struct hist_part hist_parts[HIST_NR_PARTS];

/*
 * All of a kind that belong to a row of an interval: a NAPI, an irq action, a
 * device (its NAPIs) or a CPU (what ran there) into *sum; false without
 * values, and then *sum may be what it was.
 */
bool hist_of_row(const struct interval *iv, enum napi_hist_kind kind,
		 enum field_scope scope, const void *row, struct hist_row *sum);

#endif /* MODEL_HIST_H */
