// SPDX-License-Identifier: GPL-2.0-or-later
/* See reclaim_left.h. */
#include "collect/reclaim_left.h"

#include <errno.h>
#include <string.h>

#include "collect/maps.h"
#include "model/field.h"

void left_init(struct reclaim_left *left)
{
	memset(left, 0, sizeof(*left));
	left->napis.row_size = sizeof(struct napi_row);
	left->irqs.row_size = sizeof(struct irq_row);
	left->hists.row_size = sizeof(struct left_hist);
	left->gone.row_size = sizeof(struct hist_row);
	left->one.row_size = sizeof(struct hist_row);
}

void left_fini(struct reclaim_left *left)
{
	table_fini(&left->napis);
	table_fini(&left->irqs);
	table_fini(&left->hists);
	table_fini(&left->gone);
	table_fini(&left->one);
}

unsigned int left_room(const struct reclaim_left *left, const struct loader *l)
{
	const unsigned int most = l->sizes.hists / 2;

	return left->hists.count < most ? most - left->hists.count : 0;
}

/* --- rows of one NAPI or action on one CPU -------------------------------------- */

/* Votes for another irq are votes against it. */
static void votes_add(struct napi_row *row, const struct napi_row *more)
{
	if (more->irq == MISSING || row->irq_votes == MAPS_VOTES_EXACT)
		return;
	if (row->irq == MISSING || more->irq_votes == MAPS_VOTES_EXACT) {
		row->irq = more->irq;
		row->irq_votes = more->irq_votes;
	} else if (row->irq == more->irq) {
		row->irq_votes += more->irq_votes;
		if (row->irq_votes > NAPI_VOTES_MOST)
			row->irq_votes = NAPI_VOTES_MOST;
	} else if (row->irq_votes < more->irq_votes) {
		row->irq = more->irq;
		row->irq_votes = more->irq_votes - row->irq_votes;
	} else {
		row->irq_votes -= more->irq_votes;
	}
}

static void napi_row_add(void *to, const void *from)
{
	const struct napi_row *more = from;
	struct napi_row *row = to;

	rows_sum(SCOPE_NAPI, row, more);
	row->inferred |= more->inferred;
	votes_add(row, more);
}

static void irq_row_add(void *to, const void *from)
{
	rows_sum(SCOPE_IRQ, to, from);
}

static void left_hist_add(void *to, const void *from)
{
	struct left_hist *left = to;
	const struct left_hist *more = from;

	hist_add(&left->row, &more->row);
	left->read = false;
}

/* --- keeping -------------------------------------------------------------------- */

static int keep_hists(struct reclaim_left *left, const struct loader *l,
		      const struct napi_slot *slot)
{
	struct hist_row key = { .id = maps_id(slot), .cpu = slot->cpu };
	int err = 0;

	for (; !err && key.kind < NAPI_NR_HISTS; key.kind++)
		err = maps_read_hist(l, slot->hists[key.kind], &key,
				     l->control->hist_epoch + 1, &left->hists);
	return err;
}

int left_keep_napi(struct reclaim_left *left, const struct loader *l,
		   const struct napi_slot *slot)
{
	struct napi_row *row = table_add(&left->napis);

	if (!row)
		return -ENOMEM;
	maps_read_pair(l, slot, row);
	return keep_hists(left, l, slot);
}

static struct hist_row irq_hist_key(const struct irq_slot *slot, uint64_t id)
{
	return (struct hist_row){ .kind = NAPI_HIST_IRQ_NS,
				  .irq = slot->irq,
				  .id = id,
				  .cpu = slot->cpu };
}

int left_keep_irq(struct reclaim_left *left, const struct loader *l,
		  const struct irq_slot *slot, uint64_t action)
{
	const struct hist_row key = irq_hist_key(slot, action);
	struct irq_row *row = table_add(&left->irqs);

	if (!row)
		return -ENOMEM;
	maps_read_irq(slot, row);
	row->id = action;
	return maps_read_hist(l, slot->hist, &key, l->control->hist_epoch + 1,
			      &left->hists);
}

int left_add_gone(struct reclaim_left *left, const struct hist_row *h)
{
	const struct hist_row key = { .kind = h->kind,
				      .irq = h->irq,
				      .id = IRQ_GONE(h->irq),
				      .cpu = h->cpu };
	struct hist_row *gone = table_find(&left->gone, &key, hist_row_cmp);

	if (!gone) {
		gone = table_insert(&left->gone,
				    table_from(&left->gone, &key, hist_row_cmp));
		if (!gone)
			return -ENOMEM;
		*gone = key;
	}
	hist_add(gone, h);
	return 0;
}

static int keep_gone_hist(struct reclaim_left *left, const struct loader *l,
			  uint32_t cell, const struct hist_row *key)
{
	table_clear(&left->one);
	if (maps_read_hist(l, cell, key, l->control->hist_epoch + 1, &left->one))
		return -ENOMEM;
	return left->one.count ? left_add_gone(left, left->one.rows) : 0;
}

int left_keep_gone(struct reclaim_left *left, const struct loader *l,
		   const struct napi_slot *slot)
{
	struct hist_row key = { .cpu = slot->cpu };
	int err = 0;

	for (; !err && key.kind < NAPI_NR_HISTS; key.kind++)
		err = keep_gone_hist(left, l, slot->hists[key.kind], &key);
	return err;
}

int left_keep_gone_irq(struct reclaim_left *left, const struct loader *l,
		       const struct irq_slot *slot)
{
	const struct hist_row key = irq_hist_key(slot, 0);

	return keep_gone_hist(left, l, slot->hist, &key);
}

void left_end(struct reclaim_left *left)
{
	table_merge(&left->napis, napi_row_cmp, napi_row_add);
	table_merge(&left->irqs, irq_row_cmp, irq_row_add);
	table_merge(&left->hists, hist_row_cmp, left_hist_add);
}

/* --- reading -------------------------------------------------------------------- */

/* To those that are there, which are in use now, or as rows of their own. */
static int rows_fold(struct table *rows, const struct table *left,
		     int (*cmp)(const void *, const void *),
		     void (*add)(void *to, const void *from))
{
	struct table there;
	const void *from;
	void *row;
	size_t i;

	table_sort(rows, cmp);
	for (i = 0, there = *rows; i < left->count; i++) {
		from = table_at(left, i);
		/* Rows move when one is added, and those are sorted. */
		there.rows = rows->rows;
		row = table_find(&there, from, cmp);
		if (row) {
			add(row, from);
			continue;
		}
		row = table_add(rows);
		if (!row)
			return -ENOMEM;
		memcpy(row, from, left->row_size);
	}
	return 0;
}

/* As rows_fold(), and those that are of no use any more are dropped. */
static int hists_fold(struct reclaim_left *left, struct table *rows, bool forget)
{
	struct left_hist *h;
	struct hist_row *row;
	struct table there;
	size_t kept = 0;

	table_sort(rows, hist_row_cmp);
	there = *rows;
	table_for_each (&left->hists, h) {
		there.rows = rows->rows;
		row = table_find(&there, &h->row, hist_row_cmp);
		if (row) {
			hist_add(row, &h->row);
		} else if (!forget || !h->read) {
			row = table_add(rows);
			if (!row)
				return -ENOMEM;
			*row = h->row;
		} else {
			continue;
		}
		h->row.max = 0;
		h->read = true;
		table_keep(&left->hists, h, kept++);
	}
	left->hists.count = kept;
	return 0;
}

/* They go on growing: nobody forgets them. */
static int gone_add_rows(struct reclaim_left *left, struct table *rows)
{
	struct hist_row *gone, *row;

	table_for_each (&left->gone, gone) {
		row = table_add(rows);
		if (!row)
			return -ENOMEM;
		*row = *gone;
		gone->max = 0;
	}
	return 0;
}

int left_add_rows(struct reclaim_left *left, const struct loader *l,
		  struct snapshot *s, bool forget)
{
	struct napi_row *row;

	if (!left->napis.count && !left->irqs.count)
		return gone_add_rows(left, &s->hists);
	/* Its device may have gone to another namespace since. */
	table_for_each (&left->napis, row)
		maps_read_identity(l, row);
	if (rows_fold(&s->pairs, &left->napis, napi_row_cmp, napi_row_add) ||
	    rows_fold(&s->irqs, &left->irqs, irq_row_cmp, irq_row_add))
		return -ENOMEM;
	return hists_fold(left, &s->hists, forget) ?
		       -ENOMEM :
		       gone_add_rows(left, &s->hists);
}
