// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See reclaim_irqs.h.  An action has a slot on each CPU where it ran, and they go
 * together.  One that comes again, or another one at its address, is given another
 * id than before: its rows begin anew.
 */
#include "collect/reclaim_irqs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/maps.h"
#include "model/field.h"
#include "model/hist.h"
#include "napiscope.skel.h"

static int again_cmp(const void *a, const void *b)
{
	const struct reclaim_again *x = a, *y = b;

	if (x->action != y->action)
		return x->action > y->action ? 1 : -1;
	return (x->irq > y->irq) - (x->irq < y->irq);
}

static struct reclaim_again *again_find(const struct reclaim *r,
					uint64_t action, uint32_t irq)
{
	const struct reclaim_again key = { .action = action, .irq = irq };

	return table_find(&r->again, &key, again_cmp);
}

static uint64_t again_id(const struct reclaim *r, uint64_t action, uint32_t irq)
{
	const struct reclaim_again *again = again_find(r, action, irq);

	return again ? action ^ (uint64_t)again->times << IRQ_AGAIN_SHIFT :
		       action;
}

/* --- which -------------------------------------------------------------------- */

bool reclaim_irqs_pressed(const struct loader *l)
{
	return __atomic_load_n(&l->irqs[l->sizes.irq_slots / 2].action,
			       __ATOMIC_ACQUIRE) ||
	       l->irqs_used > l->sizes.irq_slots / 2;
}

static int slot_cmp(const void *a, const void *b, void *slots)
{
	const struct irq_slot *x =
		(struct irq_slot *)slots + *(const uint32_t *)a;
	const struct irq_slot *y =
		(struct irq_slot *)slots + *(const uint32_t *)b;

	if (x->action != y->action)
		return x->action > y->action ? 1 : -1;
	return (x->irq > y->irq) - (x->irq < y->irq);
}

/* Slots of one action become a group, which has the index of one of them. */
static int irqs_group(struct reclaim *r, const struct loader *l, unsigned int used)
{
	struct reclaim_slot *seen = r->seen_irqs.rows;
	uint32_t *order = calloc(used + 1, sizeof(*order));
	unsigned int i, n = 0;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < l->sizes.irq_slots && n < used; i++)
		if (seen[i].since_ns)
			order[n++] = i;
	qsort_r(order, n, sizeof(*order), slot_cmp, l->irqs);
	for (i = 0; i < n; i++)
		seen[order[i]].group =
			i && !slot_cmp(&order[i - 1], &order[i], l->irqs) ?
				seen[order[i - 1]].group :
				order[i];
	free(order);
	return 0;
}

int reclaim_irqs_see(struct reclaim *r, struct loader *l, uint64_t now_ns,
		     unsigned int *hists)
{
	struct reclaim_slot *seen;
	unsigned int i, used = 0;
	int err = reclaim_open(&r->seen_irqs, l->sizes.irq_slots);

	if (err)
		return err;
	seen = r->seen_irqs.rows;
	for (i = 0; i < l->sizes.irq_slots; i++) {
		if (!__atomic_load_n(&l->irqs[i].action, __ATOMIC_ACQUIRE)) {
			memset(&seen[i], 0, sizeof(seen[i]));
			continue;
		}
		used++;
		if (i >= l->irqs_used)
			l->irqs_used = i + 1;
		reclaim_see(&seen[i], l->irqs[i].count, now_ns);
		seen[i].action = l->irqs[i].action;
		seen[i].hists = reclaim_has_hist(l, l->irqs[i].hist);
		*hists += seen[i].hists;
	}
	err = irqs_group(r, l, used);
	return err ? err : (int)used;
}

/* --- giving back -------------------------------------------------------------- */

static int again_add(struct reclaim *r, const struct irq_slot *s)
{
	const struct reclaim_again key = { .action = s->action, .irq = s->irq };
	struct reclaim_again *again = again_find(r, s->action, s->irq);

	if (!again) {
		again = table_insert(&r->again,
				     table_from(&r->again, &key, again_cmp));
		if (!again)
			return -ENOMEM;
		*again = key;
	}
	again->times++;
	again->going = true;
	return 0;
}

/* 0 or -errno; once for all slots of an action it is noted. */
static int slot_hide(struct reclaim *r, struct loader *l, unsigned int i)
{
	const struct reclaim_slot *seen = r->seen_irqs.rows;
	struct irq_slot *s = &l->irqs[i];
	int err = reclaim_delete(l->skel->maps.irq_of,
				 (struct napi_key){ s->action, s->irq, s->cpu });

	if (!err && seen[i].group == i && !seen[i].left)
		err = again_add(r, s);
	if (!err)
		__atomic_store_n(&s->action, 0, __ATOMIC_RELEASE);
	return err;
}

int reclaim_irqs_hide(struct reclaim *r, struct loader *l)
{
	struct reclaim_slot *seen = r->seen_irqs.rows;
	unsigned int i;
	int err = 0;

	for (i = 0; i < r->seen_irqs.count; i++) {
		if (!seen[i].chosen)
			continue;
		if (!err)
			err = slot_hide(r, l, i);
		/* Those that were not hidden stay. */
		seen[i].chosen = !err;
	}
	return err;
}

/* An action on another CPU may soon have an index that a CPU remembers. */
static void caches_forget(const struct reclaim *r, struct loader *l)
{
	const struct reclaim_slot *seen = r->seen_irqs.rows;
	unsigned int cpu, i;
	uint32_t *entry;

	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		for (i = 0; i < NAPI_CACHE_IRQS; i++) {
			entry = &l->cpus[cpu].irq_cache[i];
			if (*entry && *entry <= r->seen_irqs.count &&
			    seen[*entry - 1].chosen)
				__atomic_store_n(entry, 0, __ATOMIC_RELAXED);
		}
	}
}

static int gone_add(struct reclaim *r, const struct irq_row *row)
{
	const struct irq_row key = { .id = IRQ_GONE(row->irq),
				     .irq = row->irq,
				     .cpu = row->cpu };
	struct irq_row *gone = table_find(&r->gone_irqs, &key, irq_row_cmp);

	if (!gone) {
		gone = table_insert(&r->gone_irqs,
				    table_from(&r->gone_irqs, &key, irq_row_cmp));
		if (!gone)
			return -ENOMEM;
		*gone = key;
		gone->count_kernel = MISSING;
	}
	rows_sum(SCOPE_IRQ, gone, row);
	memcpy(gone->name, row->name, sizeof(gone->name));
	return 0;
}

static int slot_keep(struct reclaim *r, const struct loader *l, unsigned int i)
{
	const struct reclaim_slot *seen = r->seen_irqs.rows;
	const struct irq_slot *s = &l->irqs[i];
	struct irq_row row;

	if (seen[i].left)
		return left_keep_irq(&r->left, l, s, seen[i].action);
	maps_read_irq(s, &row);
	return gone_add(r, &row) ? -ENOMEM : left_keep_gone_irq(&r->left, l, s);
}

static bool has_gone(const struct reclaim *r, uint64_t action, uint32_t irq)
{
	const struct reclaim_again *again = again_find(r, action, irq);

	return again && again->going;
}

/* Of an action that went, what it had left elsewhere goes with it. */
static int lefts_clear(struct reclaim *r)
{
	struct table *irqs = &r->left.irqs, *hists = &r->left.hists;
	const struct left_hist *h;
	const struct irq_row *row;
	struct reclaim_again *again;
	size_t kept = 0;
	int err = 0;

	table_for_each (irqs, row) {
		if (!has_gone(r, row->id, row->irq))
			table_keep(irqs, row, kept++);
		else if (gone_add(r, row))
			err = -ENOMEM;
	}
	irqs->count = kept;
	kept = 0;
	table_for_each (hists, h) {
		if (h->row.kind != NAPI_HIST_IRQ_NS ||
		    !has_gone(r, h->row.id, h->row.irq))
			table_keep(hists, h, kept++);
		else if (left_add_gone(&r->left, &h->row))
			err = -ENOMEM;
	}
	hists->count = kept;
	table_for_each (&r->again, again)
		again->going = false;
	return err;
}

int reclaim_irqs_clear(struct reclaim *r, struct loader *l)
{
	struct reclaim_slot *seen = r->seen_irqs.rows;
	unsigned int i;
	int err = 0;

	caches_forget(r, l);
	for (i = 0; i < r->seen_irqs.count; i++) {
		if (!seen[i].chosen)
			continue;
		if (slot_keep(r, l, i))
			err = -ENOMEM;
		if (reclaim_has_hist(l, l->irqs[i].hist))
			reclaim_hist(r, l, l->irqs[i].hist);
		memset(&l->irqs[i], 0, sizeof(l->irqs[i]));
		memset(&seen[i], 0, sizeof(seen[i]));
		reclaim_push(l->skel->maps.free_irqs, i);
	}
	return lefts_clear(r) ? -ENOMEM : err;
}

/* --- rows --------------------------------------------------------------------- */

int reclaim_irqs_add_rows(const struct reclaim *r, struct snapshot *s)
{
	const struct irq_row *gone;
	struct hist_row *hist;
	struct irq_row *row;

	if (!r->again.count)
		return 0;
	table_for_each (&s->irqs, row)
		row->id = again_id(r, row->id, row->irq);
	table_for_each (&s->hists, hist)
		if (hist->kind == NAPI_HIST_IRQ_NS)
			hist->id = again_id(r, hist->id, hist->irq);
	table_for_each (&r->gone_irqs, gone) {
		row = table_add(&s->irqs);
		if (!row)
			return -ENOMEM;
		*row = *gone;
	}
	return 0;
}
