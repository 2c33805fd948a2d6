// SPDX-License-Identifier: GPL-2.0-or-later
/* See hist.h. */
#include "model/hist.h"

#include <string.h>

#include "model/interval.h"

const struct hist_kind hist_kinds[NAPI_NR_HIST_KINDS] = {
	[NAPI_HIST_WORK] = { "work", "work of a poll",
			     "Work that each poll returned.", SCOPE_NAPI,
			     UNIT_COUNT },
	[NAPI_HIST_POLL_NS] = { "poll_ns", "time of a poll",
				"Time in the poll function, of the polls that "
				"poll_ns counts.",
				SCOPE_NAPI, UNIT_NS },
	[NAPI_HIST_SESSION_POLLS] = { "session_polls", "polls per session",
				      "Polls of each stay in poll mode, busy "
				      "polls and netpoll left out; in the "
				      "tracepoint tier on one CPU, as far as "
				      "sessions are inferred.",
				      SCOPE_NAPI, UNIT_COUNT },
	[NAPI_HIST_SCHED_NS] = { "sched_ns", "schedule to poll",
				 "Time from a schedule to the poll that it "
				 "asked for.",
				 SCOPE_NAPI, UNIT_NS },
	[NAPI_HIST_RESIDENCY_NS] = { "residency_ns", "stay in poll mode",
				     "Time from the schedule that an interrupt "
				     "or timer caused to the re-arm.",
				     SCOPE_NAPI, UNIT_NS },
	[NAPI_HIST_IRQ_NS] = { "irq_ns", "time of a handler",
			       "Time of each run of the interrupt handler.",
			       SCOPE_IRQ, UNIT_NS },
	[NAPI_HIST_RAISE_NS] = { "raise_ns", "raise to entry",
				 "Time from the first raise of NET_RX to its "
				 "entry; a raise in an interrupt counts from "
				 "the end of its handler.",
				 SCOPE_CPU, UNIT_NS },
	[NAPI_HIST_NET_RX_NS] = { "net_rx_ns", "run of net_rx_action",
				  "Time of each NET_RX softirq, net of "
				  "interrupts.",
				  SCOPE_CPU, UNIT_NS },
};

const struct hist_part hist_parts[HIST_NR_PARTS] = {
	{ "p50", 500 },
	{ "p90", 900 },
	{ "p99", 990 },
	{ "p999", 999 },
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

int hist_row_cmp(const void *a, const void *b)
{
	const struct hist_row *x = a, *y = b;

	if (x->kind != y->kind)
		return COMPARE(x->kind, y->kind);
	if (x->irq != y->irq)
		return COMPARE(x->irq, y->irq);
	return x->id != y->id ? COMPARE(x->id, y->id) : COMPARE(x->cpu, y->cpu);
}

uint64_t hist_count(const struct hist_row *h)
{
	uint64_t count = 0;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		count += h->counts[i];
	return count;
}

void hist_add(struct hist_row *to, const struct hist_row *from)
{
	unsigned int i;

	to->sum += from->sum;
	if (to->max < from->max)
		to->max = from->max;
	for (i = 0; i < HIST_BUCKETS; i++)
		to->counts[i] += from->counts[i];
}

/* Past the highest bucket with values. */
static unsigned int hist_end(const struct hist_row *h)
{
	unsigned int end = HIST_BUCKETS;

	while (end && !h->counts[end - 1])
		end--;
	return end;
}

/*
 * A value that came while the snapshot was read may have been counted before it,
 * and be the largest after it: it is not of these values.
 */
static void hist_bound_max(struct hist_row *h)
{
	unsigned int end = hist_end(h);

	if (!end)
		h->max = 0;
	else if (h->max < hist_low(end - 1))
		h->max = hist_low(end - 1);
	else if (end < HIST_BUCKETS && h->max >= hist_low(end))
		h->max = hist_low(end) - 1;
}

void hists_keep_max(struct table *now, const struct table *before)
{
	const struct hist_row *old = before->rows;
	const struct hist_row *end = table_at(before, before->count);
	struct hist_row *h;

	table_for_each (now, h) {
		while (old < end && hist_row_cmp(old, h) < 0)
			old++;
		if (old < end && !hist_row_cmp(old, h) && old->max > h->max)
			h->max = old->max;
	}
}

void hist_sub(struct hist_row *h, const struct hist_row *before)
{
	unsigned int i;

	if (before) {
		h->sum -= before->sum;
		for (i = 0; i < HIST_BUCKETS; i++)
			h->counts[i] -= before->counts[i];
	}
	hist_bound_max(h);
}

bool hist_is_of_gone(const struct hist_row *h)
{
	return h->id == IRQ_GONE(h->irq);
}

/* Has it a row still: the NAPI or the action, on this CPU? */
static bool hist_has_row(const struct snapshot *s, const struct hist_row *h)
{
	const struct napi_row napi = { .id = h->id, .cpu = h->cpu };
	const struct irq_row irq = { .id = h->id, .irq = h->irq, .cpu = h->cpu };

	switch (hist_kinds[h->kind].scope) {
	case SCOPE_NAPI:
		return table_find(&s->pairs, &napi, napi_row_cmp);
	case SCOPE_IRQ:
		return table_find(&s->irqs, &irq, irq_row_cmp);
	default:
		return true;
	}
}

static bool any_is_of_gone(const struct table *hists)
{
	const struct hist_row *h;

	table_for_each (hists, h)
		if (hist_is_of_gone(h))
			return true;
	return false;
}

void hists_settle_gone(struct interval *iv, const struct snapshot *a,
		       const struct snapshot *b)
{
	const struct hist_row *h;
	struct hist_row key, *gone;
	size_t kept = 0;

	if (!any_is_of_gone(&iv->hists))
		return;
	table_for_each (&a->hists, h) {
		key = *h;
		key.id = IRQ_GONE(h->irq);
		gone = table_find(&iv->hists, &key, hist_row_cmp);
		if (gone && !hist_has_row(b, h))
			hist_sub(gone, h);
	}
	/* What went had done nothing since a. */
	table_for_each (&iv->hists, h)
		if (hist_end(h))
			table_keep(&iv->hists, h, kept++);
	iv->hists.count = kept;
}

uint64_t hist_percentile(const struct hist_row *h, unsigned int permille)
{
	uint64_t count = hist_count(h);
	uint64_t rank = (count * permille + 999) / 1000, seen = 0, high;
	unsigned int i;

	if (!count)
		return MISSING;
	for (i = 0; i < HIST_BUCKETS - 1; i++) {
		seen += h->counts[i];
		if (seen >= rank)
			break;
	}
	high = hist_low(i + 1) - 1;
	return i == HIST_BUCKETS - 1 || high > h->max ? h->max : high;
}

/* Of a NAPI or an action, whose rows are neighbours; cpu MISSING: on all. */
static bool hist_sum_one(const struct interval *iv, const struct hist_row *key,
			 struct hist_row *sum)
{
	struct hist_row first = { .kind = key->kind,
				  .irq = key->irq,
				  .id = key->id };
	const struct hist_row *row;
	bool any = false;
	size_t i;

	for (i = table_from(&iv->hists, &first, hist_row_cmp);
	     i < iv->hists.count; i++) {
		row = table_at(&iv->hists, i);
		if (row->kind != key->kind || row->irq != key->irq ||
		    row->id != key->id)
			break;
		if (key->cpu != MISSING && row->cpu != key->cpu)
			continue;
		hist_add(sum, row);
		any = true;
	}
	return any;
}

static bool hist_sum_cpu(const struct interval *iv, uint64_t kind, uint64_t cpu,
			 struct hist_row *sum)
{
	const struct hist_row *row;
	size_t i;

	for (i = 0; (row = napi_index_hist_on_cpu(&iv->index, kind, cpu, i)); i++)
		hist_add(sum, row);
	return i > 0;
}

static bool hist_sum_dev(const struct interval *iv, uint64_t kind,
			 const struct dev_row *dev, struct hist_row *sum)
{
	struct napi_refs napis = napi_index_of_dev(&iv->index, dev);
	struct hist_row key = { .kind = kind, .cpu = MISSING };
	const struct napi_row *napi;
	bool any = false;
	size_t i;

	napi_refs_for_each (napis, i, napi) {
		key.id = napi->id;
		any |= hist_sum_one(iv, &key, sum);
	}
	return any;
}

bool hist_of_row(const struct interval *iv, enum napi_hist_kind kind,
		 enum field_scope scope, const void *row, struct hist_row *sum)
{
	const struct napi_row *napi = row;
	const struct irq_row *irq = row;
	struct hist_row key;

	/* Without histograms each row asks in vain: two of these cost more than it. */
	if (!iv->hists.count)
		return false;
	memset(&key, 0, sizeof(key));
	key.kind = kind;
	*sum = key;
	switch (scope) {
	case SCOPE_NAPI:
		key.id = napi->id;
		key.cpu = napi->cpu;
		break;
	case SCOPE_IRQ:
		key.irq = irq->irq;
		key.id = irq->id;
		key.cpu = irq->cpu;
		break;
	case SCOPE_CPU:
		return hist_sum_cpu(iv, kind,
				    ((const struct cpu_row *)row)->cpu, sum);
	case SCOPE_DEV:
		return hist_kinds[kind].scope == SCOPE_NAPI &&
		       hist_sum_dev(iv, kind, row, sum);
	default:
		return false;
	}
	return hist_kinds[kind].scope == scope && hist_sum_one(iv, &key, sum);
}
