// SPDX-License-Identifier: GPL-2.0-or-later
/* See interval.h. */
#include "model/interval.h"

#include <errno.h>
#include <string.h>

#include "model/hist.h"
#include "model/line.h"

void interval_init(struct interval *iv)
{
	memset(iv, 0, sizeof(*iv));
	iv->cpus.row_size = sizeof(struct cpu_row);
	iv->napis.row_size = sizeof(struct napi_row);
	iv->pairs.row_size = sizeof(struct napi_row);
	iv->irqs.row_size = sizeof(struct irq_row);
	iv->irq_pairs.row_size = sizeof(struct irq_row);
	iv->lines.row_size = sizeof(struct line_row);
	iv->devs.row_size = sizeof(struct dev_row);
	iv->hists.row_size = sizeof(struct hist_row);
	iv->config.row_size = sizeof(struct config_row);
}

void interval_fini(struct interval *iv)
{
	table_fini(&iv->cpus);
	table_fini(&iv->napis);
	table_fini(&iv->pairs);
	table_fini(&iv->irqs);
	table_fini(&iv->irq_pairs);
	table_fini(&iv->lines);
	table_fini(&iv->devs);
	table_fini(&iv->hists);
	table_fini(&iv->config);
	napi_index_fini(&iv->index);
}

/*
 * Every row of b minus the row of a with its key; both are sorted by cmp.
 * Without a, every row as it is.
 */
static int table_grow(enum field_scope scope, struct table *out,
		      const struct table *a, const struct table *b,
		      int (*cmp)(const void *, const void *))
{
	const void *from, *to;
	size_t i, j = 0;
	void *row;
	int order;

	if (!a)
		return table_copy(out, b);
	table_clear(out);
	for (i = 0; i < b->count; i++) {
		to = table_at(b, i);
		from = NULL;
		for (; j < a->count; j++) {
			order = cmp(table_at(a, j), to);
			if (order == 0)
				from = table_at(a, j);
			if (order >= 0)
				break;
		}
		row = table_add(out);
		if (!row)
			return -ENOMEM;
		memcpy(row, to, out->row_size);
		rows_grow(scope, row, from, to);
	}
	return 0;
}

/* Sums neighbours with the same id into one row without a CPU. */
static int napis_from_pairs(struct interval *iv)
{
	struct napi_row *napi = NULL;
	const struct napi_row *pair;

	table_clear(&iv->napis);
	table_for_each (&iv->pairs, pair) {
		if (napi && napi->id == pair->id) {
			rows_sum(SCOPE_NAPI, napi, pair);
			napi->inferred |= pair->inferred;
			continue;
		}
		napi = table_add(&iv->napis);
		if (!napi)
			return -ENOMEM;
		*napi = *pair;
		napi->cpu = MISSING;
	}
	return 0;
}

/*
 * Of what has no row any more the row of those says what it had counted in the
 * end: less what it had counted in a, that is its growth.
 */
static void pairs_settle_gone(struct interval *iv, const struct snapshot *a,
			      const struct snapshot *b)
{
	struct napi_row key = { .id = NAPI_GONE }, *gone, before;
	const struct napi_row *pair;

	table_for_each (&a->pairs, pair) {
		key.cpu = pair->cpu;
		gone = table_find(&iv->pairs, &key, napi_row_cmp);
		if (!gone || pair->id == NAPI_GONE ||
		    table_find(&b->pairs, pair, napi_row_cmp))
			continue;
		before = *gone;
		rows_grow(SCOPE_NAPI, gone, pair, &before);
	}
}

static void irqs_settle_gone(struct interval *iv, const struct snapshot *a,
			     const struct snapshot *b)
{
	struct irq_row key = { 0 }, *gone, before;
	const struct irq_row *pair;

	table_for_each (&a->irqs, pair) {
		key.id = IRQ_GONE(pair->irq);
		key.irq = pair->irq;
		key.cpu = pair->cpu;
		gone = table_find(&iv->irq_pairs, &key, irq_row_cmp);
		if (!gone || pair->id == key.id ||
		    table_find(&b->irqs, pair, irq_row_cmp))
			continue;
		before = *gone;
		rows_grow(SCOPE_IRQ, gone, pair, &before);
	}
}

static int irqs_from_pairs(struct interval *iv)
{
	struct irq_row *irq = NULL;
	const struct irq_row *pair;

	table_clear(&iv->irqs);
	table_for_each (&iv->irq_pairs, pair) {
		if (irq && irq->id == pair->id && irq->irq == pair->irq) {
			rows_sum(SCOPE_IRQ, irq, pair);
			continue;
		}
		irq = table_add(&iv->irqs);
		if (!irq)
			return -ENOMEM;
		*irq = *pair;
		irq->cpu = MISSING;
	}
	return 0;
}

/*
 * Poll time exists for polls in NET_RX, and where __napi_poll is hooked for
 * threaded ones too; with other polls only, it could not be measured.
 */
static void napi_derive(struct napi_row *n)
{
	uint64_t timed = n->inline_polls + n->ksoftirqd_polls;
	uint64_t work, ns;

	if (n->exact)
		timed += n->threaded_polls -
			 (n->untimed_polls == MISSING ? 0 : n->untimed_polls);
	n->polls = n->inline_polls + n->ksoftirqd_polls + n->threaded_polls +
		   n->busy_polls + n->netpoll_polls;
	n->work_per_poll_milli = n->polls ? n->work * 1000 / n->polls : MISSING;
	if (n->polls && !timed)
		n->poll_ns = MISSING;
	work = n->work - n->untimed_work;
	ns = value_sub(n->poll_ns, n->empty_ns);
	n->ns_per_packet = work && ns != MISSING ? ns / work : MISSING;
}

static void cpus_derive(struct interval *iv)
{
	struct cpu_row *c;
	unsigned int vec;

	table_for_each (&iv->cpus, c) {
		c->softirq_ns = 0;
		for (vec = 0; vec < NAPI_NR_VECS; vec++)
			c->softirq_ns =
				value_add(c->softirq_ns, c->softirq_vec_ns[vec]);
		c->net_rx_runs = c->softirqs[NAPI_VEC_NET_RX];
		c->net_rx_ns = c->softirq_vec_ns[NAPI_VEC_NET_RX];
		c->net_tx_ns = c->softirq_vec_ns[NAPI_VEC_NET_TX];
	}
}

static void cpus_add_pairs(struct interval *iv)
{
	const struct napi_row *pair;
	struct cpu_row key, *c;

	table_for_each (&iv->cpus, c) {
		c->polls = 0;
		c->work = 0;
		c->exhausted = 0;
		c->ksoftirqd_polls = 0;
		c->poll_ns = 0;
	}
	table_for_each (&iv->pairs, pair) {
		key.cpu = pair->cpu;
		c = table_find(&iv->cpus, &key, cpu_row_cmp);
		if (!c)
			continue;
		c->poll_ns = poll_ns_add(c->poll_ns, c->polls, pair->poll_ns,
					 pair->polls);
		c->polls += pair->polls;
		c->work += pair->work;
		c->exhausted += pair->exhausted;
		c->ksoftirqd_polls += pair->ksoftirqd_polls;
	}
}

static void devs_add_napis(struct interval *iv)
{
	const struct napi_row *napi;
	struct dev_row key, *d;

	table_for_each (&iv->devs, d) {
		d->polls = 0;
		d->work = 0;
		d->exhausted = 0;
		d->poll_ns = 0;
	}
	table_for_each (&iv->napis, napi) {
		key.netns_ino = napi->netns_ino;
		key.ifindex = napi->ifindex;
		d = table_find(&iv->devs, &key, dev_row_cmp);
		if (!d)
			continue;
		d->poll_ns = poll_ns_add(d->poll_ns, d->polls, napi->poll_ns,
					 napi->polls);
		d->polls += napi->polls;
		d->work += napi->work;
		d->exhausted += napi->exhausted;
	}
}

/* Every histogram that grew. */
static int hists_grow(struct interval *iv, const struct table *a,
		      const struct table *b)
{
	const struct hist_row *to, *from;
	struct hist_row *row;

	if (!a)
		return table_copy(&iv->hists, b);
	table_clear(&iv->hists);
	table_for_each (b, to) {
		from = table_find(a, to, hist_row_cmp);
		if (from && !memcmp(from->counts, to->counts, sizeof(to->counts)))
			continue;
		row = table_add(&iv->hists);
		if (!row)
			return -ENOMEM;
		*row = *to;
		hist_sub(row, from);
	}
	return 0;
}

static uint64_t hist_p99(const struct interval *iv, enum napi_hist_kind kind,
			 enum field_scope scope, const void *row)
{
	struct hist_row sum;

	return hist_of_row(iv, kind, scope, row, &sum) ?
		       hist_percentile(&sum, 990) :
		       MISSING;
}

/*
 * An entry that came while the snapshot before was read is not of this interval,
 * but may be the latest: see hist_bound_max().  Whose it is then is not known.
 */
static void cpu_bound_late(const struct interval *iv, struct cpu_row *c)
{
	struct hist_row sum;
	uint64_t max = MISSING;

	if (hist_of_row(iv, NAPI_HIST_RAISE_NS, SCOPE_CPU, c, &sum))
		max = sum.max;
	if (c->late_ns == MISSING || (max != MISSING && c->late_ns <= max))
		return;
	c->late_ns = max;
	memset(c->late_comm, 0, sizeof(c->late_comm));
}

void interval_percentiles(const struct interval *iv, struct napi_row *n)
{
	n->poll_p99_ns = hist_p99(iv, NAPI_HIST_POLL_NS, SCOPE_NAPI, n);
	n->sched_p99_ns = hist_p99(iv, NAPI_HIST_SCHED_NS, SCOPE_NAPI, n);
	n->residency_p99_ns = hist_p99(iv, NAPI_HIST_RESIDENCY_NS, SCOPE_NAPI, n);
}

static void hists_derive(struct interval *iv)
{
	struct napi_row *n;
	struct cpu_row *c;
	struct irq_row *i;

	/* Of a pair few ask for it, but missing is not zero. */
	table_for_each (&iv->pairs, n) {
		n->poll_p99_ns = MISSING;
		n->sched_p99_ns = MISSING;
		n->residency_p99_ns = MISSING;
	}
	table_for_each (&iv->napis, n)
		interval_percentiles(iv, n);
	table_for_each (&iv->cpus, c) {
		c->raise_p99_ns = hist_p99(iv, NAPI_HIST_RAISE_NS, SCOPE_CPU, c);
		c->net_rx_p99_ns =
			hist_p99(iv, NAPI_HIST_NET_RX_NS, SCOPE_CPU, c);
		cpu_bound_late(iv, c);
	}
	table_for_each (&iv->irqs, i)
		i->p99_ns = hist_p99(iv, NAPI_HIST_IRQ_NS, SCOPE_IRQ, i);
}

/* What follows from a row itself, or from its parts. */
static void interval_derive_rows(struct interval *iv)
{
	struct napi_row *n;

	table_for_each (&iv->pairs, n)
		napi_derive(n);
	table_for_each (&iv->napis, n)
		napi_derive(n);
	cpus_derive(iv);
}

static void interval_derive(struct interval *iv)
{
	interval_derive_rows(iv);
	irqs_add_lines(iv);
	cpus_add_pairs(iv);
	devs_add_napis(iv);
	hists_derive(iv);
}

/*
 * When a sysctl changed within the interval, nobody knows which runs saw the
 * old value: its squeezes have no kind.
 */
static void interval_void_squeezes(struct interval *iv, const struct snapshot *a,
				   const struct snapshot *b)
{
	struct cpu_row *c;

	if (a->host.netdev_budget == b->host.netdev_budget &&
	    a->host.netdev_budget_usecs == b->host.netdev_budget_usecs)
		return;
	table_for_each (&iv->cpus, c) {
		if (c->squeeze_budget == MISSING)
			continue;
		iv->lost.squeeze_unattributed +=
			c->squeeze_budget + c->squeeze_time + c->squeeze_both;
		c->squeeze_budget = MISSING;
		c->squeeze_time = MISSING;
		c->squeeze_both = MISSING;
		c->squeeze_work_left = MISSING;
	}
}

/* The tables of b, less those of a; a may be NULL. */
static int interval_grow_tables(struct interval *iv, const struct snapshot *a,
				const struct snapshot *b)
{
	if (table_grow(SCOPE_CPU, &iv->cpus, a ? &a->cpus : NULL, &b->cpus,
		       cpu_row_cmp) ||
	    table_grow(SCOPE_NAPI, &iv->pairs, a ? &a->pairs : NULL, &b->pairs,
		       napi_row_cmp) ||
	    table_grow(SCOPE_IRQ, &iv->irq_pairs, a ? &a->irqs : NULL, &b->irqs,
		       irq_row_cmp) ||
	    table_grow(SCOPE_LINE, &iv->lines, a ? &a->lines : NULL, &b->lines,
		       line_row_cmp) ||
	    table_grow(SCOPE_DEV, &iv->devs, a ? &a->devs : NULL, &b->devs,
		       dev_row_cmp) ||
	    hists_grow(iv, a ? &a->hists : NULL, &b->hists) ||
	    table_copy(&iv->config, &b->config))
		return -ENOMEM;
	if (a) {
		pairs_settle_gone(iv, a, b);
		irqs_settle_gone(iv, a, b);
		hists_settle_gone(iv, a, b);
	}
	if (napis_from_pairs(iv) || irqs_from_pairs(iv) ||
	    napi_index_make(&iv->index, iv))
		return -ENOMEM;
	iv->mono_ns = b->mono_ns;
	iv->real_ns = b->real_ns;
	iv->host = b->host;
	iv->lost = b->lost;
	return 0;
}

int interval_make(struct interval *iv, const struct snapshot *a,
		  const struct snapshot *b)
{
	int err = interval_grow_tables(iv, a, b);

	if (err)
		return err;
	iv->ns = b->mono_ns - a->mono_ns;
	err = lines_settle(iv, a, b);
	if (err)
		return err;
	iv->host.settled = a->host.settled && b->host.settled;
	rows_grow(SCOPE_HOST, &iv->host, &a->host, &b->host);
	rows_grow(SCOPE_LOST, &iv->lost, &a->lost, &b->lost);
	interval_derive(iv);
	interval_void_squeezes(iv, a, b);
	return 0;
}

int interval_from_parts(struct interval *iv)
{
	if (napis_from_pairs(iv) || irqs_from_pairs(iv) ||
	    napi_index_make(&iv->index, iv))
		return -ENOMEM;
	interval_derive_rows(iv);
	irqs_add_lines(iv);
	hists_derive(iv);
	return 0;
}

/* A poll that was timed took some time: without any there is no time to tell. */
static uint64_t whole_poll_ns(uint64_t polls, uint64_t poll_ns)
{
	return polls && !poll_ns ? MISSING : poll_ns;
}

int interval_make_whole(struct interval *iv, const struct snapshot *s, uint64_t ns)
{
	int err = interval_grow_tables(iv, NULL, s);
	struct cpu_row *c;
	struct dev_row *d;

	if (err)
		return err;
	iv->ns = ns;
	interval_derive_rows(iv);
	table_for_each (&iv->cpus, c)
		c->poll_ns = whole_poll_ns(c->polls, c->poll_ns);
	table_for_each (&iv->devs, d)
		d->poll_ns = whole_poll_ns(d->polls, d->poll_ns);
	return 0;
}

struct field_rows interval_rows(const struct interval *iv, enum field_scope scope)
{
	const struct table *t = NULL;

	switch (scope) {
	case SCOPE_HOST:
		return (struct field_rows){ &iv->host, 1, sizeof(iv->host) };
	case SCOPE_LOST:
		return (struct field_rows){ &iv->lost, 1, sizeof(iv->lost) };
	case SCOPE_CPU:
		t = &iv->cpus;
		break;
	case SCOPE_NAPI:
		t = &iv->napis;
		break;
	case SCOPE_IRQ:
		t = &iv->irqs;
		break;
	case SCOPE_LINE:
		t = &iv->lines;
		break;
	case SCOPE_DEV:
		t = &iv->devs;
		break;
	case SCOPE_CONFIG:
		t = &iv->config;
		break;
	default: /* of a snapshot only */
		return (struct field_rows){ 0 };
	}
	return (struct field_rows){ t->rows, t->count, t->row_size };
}

double interval_rate(const struct interval *iv, uint64_t value)
{
	if (value == MISSING || !iv->ns)
		return 0;
	return (double)value * 1e9 / (double)iv->ns;
}
