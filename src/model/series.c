// SPDX-License-Identifier: GPL-2.0-or-later
/* See series.h. */
#include "model/series.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"
#include "model/hist.h"

/* A column is an array of numbers: the first ones are summed, of the others the
 * largest counts. */
_Static_assert(sizeof(struct series_cpu) % sizeof(uint64_t) == 0, "numbers");
_Static_assert(sizeof(struct series_napi) % sizeof(uint64_t) == 0, "numbers");

uint64_t series_work_low(unsigned int bucket)
{
	return bucket ? 1ULL << (bucket - 1) : 0;
}

static unsigned int work_bucket(uint64_t work)
{
	unsigned int bucket = work ? hist_log2(work) + 1 : 0;

	return bucket < SERIES_WORKS ? bucket : SERIES_WORKS - 1;
}

/* Halves as hist.h has them: from 1 and from 1.5 times a power of two. */
uint64_t series_time_low(unsigned int bucket)
{
	unsigned int bits = SERIES_TIME_MIN_BITS + bucket / 2;

	if (!bucket)
		return 0;
	return (1ULL << bits) + (bucket % 2 ? 1ULL << (bits - 1) : 0);
}

static unsigned int time_bucket(uint64_t ns)
{
	unsigned int bits, bucket;

	if (ns < 1ULL << SERIES_TIME_MIN_BITS)
		return 0;
	bits = hist_log2(ns);
	bucket = 2 * (bits - SERIES_TIME_MIN_BITS) + (ns >> (bits - 1) & 1);
	return bucket < SERIES_TIMES ? bucket : SERIES_TIMES - 1;
}

static void set_init(struct series_set *set, size_t column_size, size_t summed)
{
	set->rows.row_size = sizeof(struct series_row);
	set->column_size = column_size;
	set->summed = summed;
}

void series_init(struct series *s)
{
	memset(s, 0, sizeof(*s));
	s->readings = 1;
	set_init(&s->cpus, sizeof(struct series_cpu),
		 offsetof(struct series_cpu, raise_p99_ns));
	set_init(&s->napis, sizeof(struct series_napi),
		 offsetof(struct series_napi, poll_p99_ns));
}

static void set_fini(struct series_set *set)
{
	struct series_row *row;

	table_for_each (&set->rows, row)
		free(row->columns);
	table_fini(&set->rows);
}

void series_fini(struct series *s)
{
	set_fini(&s->cpus);
	set_fini(&s->napis);
}

/* --- columns -------------------------------------------------------------- */

/* What is not known of a part is not known of the sum. */
static uint64_t known_add(uint64_t a, uint64_t b)
{
	return a == MISSING || b == MISSING ? MISSING : a + b;
}

static void column_merge(const struct series_set *set, void *to, const void *from)
{
	const uint64_t *b = from;
	uint64_t *a = to;
	size_t i;

	for (i = 0; i < set->summed / sizeof(*a); i++)
		a[i] = known_add(a[i], b[i]);
	for (; i < set->column_size / sizeof(*a); i++)
		if (a[i] < b[i])
			a[i] = b[i];
}

static void *column_at(const struct series_set *set,
		       const struct series_row *row, unsigned int column)
{
	return (char *)row->columns + column * set->column_size;
}

static void set_halve(struct series_set *set, unsigned int count)
{
	struct series_row *row;
	unsigned int i;

	table_for_each (&set->rows, row) {
		if (!row->columns)
			continue;
		for (i = 0; i < count; i++) {
			if (i % 2)
				column_merge(set, column_at(set, row, i / 2),
					     column_at(set, row, i));
			else
				memmove(column_at(set, row, i / 2),
					column_at(set, row, i), set->column_size);
		}
		memset(column_at(set, row, (count + 1) / 2), 0,
		       (SERIES_COLUMNS - (count + 1) / 2) * set->column_size);
		row->since /= 2;
	}
}

static void series_halve(struct series *s)
{
	unsigned int i;

	set_halve(&s->cpus, s->count);
	set_halve(&s->napis, s->count);
	for (i = 0; i < s->count; i += 2) {
		s->spans[i / 2] = s->spans[i];
		if (i + 1 == s->count)
			break;
		s->spans[i / 2].end_ns = s->spans[i + 1].end_ns;
		s->spans[i / 2].readings += s->spans[i + 1].readings;
	}
	s->count = (s->count + 1) / 2;
	s->readings *= 2;
}

/* Into the last column while there is room in it, else into a new one. */
static void series_begin(struct series *s, const struct interval *iv)
{
	struct series_span *span = &s->spans[s->count ? s->count - 1 : 0];

	if (!s->count || span->readings == s->readings) {
		if (s->count == SERIES_COLUMNS)
			series_halve(s);
		span = &s->spans[s->count++];
		span->start_ns = iv->mono_ns - iv->ns;
		span->readings = 0;
	}
	span->end_ns = iv->mono_ns;
	span->readings++;
}

/* --- rows ----------------------------------------------------------------- */

static int row_cmp(const void *a, const void *b)
{
	const struct series_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Rows without columns that are far from getting any: NAPIs come and go for days. */
static void set_forget(struct series_set *set)
{
	struct series_row *rows = set->rows.rows;
	size_t i, kept = 0;

	for (i = 0; i < set->rows.count; i++)
		if (rows[i].columns || rows[i].total > set->least / 2)
			rows[kept++] = rows[i];
	set->rows.count = kept;
}

/* The row of an id, made where there is none; NULL: no memory. */
static struct series_row *set_row(struct series_set *set, uint64_t id,
				  enum field_scope scope, const void *named)
{
	const struct series_row key = { .id = id };
	struct series_row *row = table_find(&set->rows, &key, row_cmp);
	int used;

	if (row)
		return row;
	if (set->rows.count >= SERIES_ROWS)
		set_forget(set);
	row = table_insert(&set->rows, table_from(&set->rows, &key, row_cmp));
	if (!row)
		return NULL;
	row->id = id;
	used = snprintf(row->name, sizeof(row->name), "%s",
			scope == SCOPE_CPU ? "CPU " : "");
	format_row_name(scope, named, row->name + used, sizeof(row->name) - used);
	return row;
}

static struct series_row *set_idlest(const struct series_set *set)
{
	struct series_row *row, *least = NULL;

	table_for_each (&set->rows, row)
		if (row->columns && (!least || row->total < least->total))
			least = row;
	return least;
}

/*
 * Columns for a row that has none: new ones, or those of a row with less than
 * half of what it has by now, so that two do not take them from each other.
 */
static int set_keep(struct series_set *set, struct series_row *row)
{
	struct series_row *least;

	if (set->kept < SERIES_KEPT) {
		row->columns = calloc(SERIES_COLUMNS, set->column_size);
		set->kept++;
		return row->columns ? 0 : -ENOMEM;
	}
	/* Totals only grow: mostly nobody has to be looked for. */
	if (set->least >= row->total / 2)
		return 0;
	least = set_idlest(set);
	set->least = least->total;
	if (least->total >= row->total / 2)
		return 0;
	row->columns = least->columns;
	least->columns = NULL;
	memset(row->columns, 0, SERIES_COLUMNS * set->column_size);
	return 0;
}

static int set_add(struct series_set *set, struct series_row *row,
		   unsigned int column, uint64_t activity, const void *values)
{
	int err;

	if (!row->columns) {
		err = set_keep(set, row);
		if (err)
			return err;
		/* What it did before is in no column. */
		row->since = row->total ? column : 0;
	}
	row->total += activity;
	if (row->columns)
		column_merge(set, column_at(set, row, column), values);
	return 0;
}

/* --- readings ------------------------------------------------------------- */

/* Adds a histogram to coarser buckets; its 99th percentile, 0 without values. */
static uint64_t hist_coarse(const struct interval *iv, enum napi_hist_kind kind,
			    enum field_scope scope, const void *row,
			    unsigned int (*bucket)(uint64_t), uint64_t *counts)
{
	struct hist_row sum;
	unsigned int i;

	if (!hist_of_row(iv, kind, scope, row, &sum))
		return 0;
	for (i = 0; i < HIST_BUCKETS; i++)
		if (sum.counts[i])
			counts[bucket(hist_low(i))] += sum.counts[i];
	return hist_percentile(&sum, 990);
}

/* The part of a time that so many of all polls took. */
static uint64_t share_ns(uint64_t ns, uint64_t polls, uint64_t all)
{
	return all && ns != MISSING ?
		       (uint64_t)((double)ns * (double)polls / (double)all) :
		       0;
}

/* Poll time of a CPU by context: each NAPI's, shared out by its polls. */
struct poll_shares {
	uint64_t inline_ns;
	uint64_t ksoftirqd_ns;
	uint64_t threaded_ns;
	uint64_t untimed_polls;
};

static void shares_add(struct poll_shares *s, const struct napi_row *pair)
{
	uint64_t threaded = pair->exact ? pair->threaded_polls : 0;
	uint64_t timed = pair->inline_polls + pair->ksoftirqd_polls + threaded;

	s->inline_ns += share_ns(pair->poll_ns, pair->inline_polls, timed);
	s->ksoftirqd_ns += share_ns(pair->poll_ns, pair->ksoftirqd_polls, timed);
	s->threaded_ns += share_ns(pair->poll_ns, threaded, timed);
	s->untimed_polls += pair->threaded_polls - threaded + pair->busy_polls;
}

static void shares_make(struct poll_shares *s, const struct interval *iv,
			uint64_t cpu)
{
	struct napi_refs pairs = napi_index_pairs_on_cpu(&iv->index, cpu);
	const struct napi_row *pair;
	size_t i;

	memset(s, 0, sizeof(*s));
	napi_refs_for_each (pairs, i, pair)
		shares_add(s, pair);
}

static void cpu_column(const struct interval *iv, const struct cpu_row *c,
		       struct series_cpu *to)
{
	struct poll_shares shares;

	shares_make(&shares, iv, c->cpu);
	memset(to, 0, sizeof(*to));
	to->hardirq_ns = c->hardirq_ns;
	to->net_rx_ns = c->net_rx_ns;
	to->ksoftirqd_ns = share_ns(c->net_rx_ns, shares.ksoftirqd_ns,
				    shares.inline_ns + shares.ksoftirqd_ns);
	to->softirq_ns = value_sub(c->softirq_ns, c->net_rx_ns);
	to->threaded_ns = shares.threaded_ns;
	to->untimed_polls = shares.untimed_polls;
	to->squeeze_budget = c->squeeze_budget;
	to->squeeze_time = c->squeeze_time;
	to->squeeze_both = c->squeeze_both;
	to->squeeze_work_left = c->squeeze_work_left;
	to->squeezes_kernel = c->softnet_squeezed;
	to->dropped = c->softnet_dropped;
	to->raise_p99_ns = hist_coarse(iv, NAPI_HIST_RAISE_NS, SCOPE_CPU, c,
				       time_bucket, to->raise);
}

static int series_add_cpu(struct series *s, const struct interval *iv,
			  const struct cpu_row *c)
{
	struct series_cpu column;
	struct series_row *row;
	uint64_t busy;

	cpu_column(iv, c, &column);
	busy = value_add(value_add(c->hardirq_ns, c->softirq_ns),
			 column.threaded_ns);
	if (busy == MISSING || (!busy && !c->polls))
		return 0;
	row = set_row(&s->cpus, c->cpu, SCOPE_CPU, c);
	return row ? set_add(&s->cpus, row, s->count - 1, busy, &column) :
		     -ENOMEM;
}

static int series_add_napi(struct series *s, const struct interval *iv,
			   const struct napi_row *n)
{
	struct series_napi column = { 0 };
	struct series_row *row;

	if (!n->polls)
		return 0;
	hist_coarse(iv, NAPI_HIST_WORK, SCOPE_NAPI, n, work_bucket, column.work);
	column.poll_p99_ns = hist_coarse(iv, NAPI_HIST_POLL_NS, SCOPE_NAPI, n,
					 time_bucket, column.poll);
	column.sched_p99_ns = hist_coarse(iv, NAPI_HIST_SCHED_NS, SCOPE_NAPI, n,
					  time_bucket, column.sched);
	row = set_row(&s->napis, n->id, SCOPE_NAPI, n);
	return row ? set_add(&s->napis, row, s->count - 1, n->polls + n->work,
			     &column) :
		     -ENOMEM;
}

int series_add(struct series *s, const struct interval *iv)
{
	const struct napi_row *n;
	const struct cpu_row *c;
	int err = 0;

	series_begin(s, iv);
	table_for_each (&iv->cpus, c)
		if (!err)
			err = series_add_cpu(s, iv, c);
	table_for_each (&iv->napis, n)
		if (!err)
			err = series_add_napi(s, iv, n);
	return err;
}

/* Insertion into a short list, the busiest first. */
size_t series_busiest(const struct series_set *set,
		      const struct series_row **out, size_t room)
{
	const struct series_row *row;
	size_t count = 0, i;

	table_for_each (&set->rows, row) {
		if (!row->columns)
			continue;
		if (count == room && out[room - 1]->total >= row->total)
			continue;
		i = count < room ? count++ : room - 1;
		for (; i && out[i - 1]->total < row->total; i--)
			out[i] = out[i - 1];
		out[i] = row;
	}
	return count;
}
