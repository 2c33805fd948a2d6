// SPDX-License-Identifier: GPL-2.0-or-later
/* See namer.h. */
#include "collect/namer.h"

#include <errno.h>
#include <string.h>

#include "collect/maps.h"
#include "util/log.h"

/* An action's memory may be another's after it. */
static int irq_id_cmp(const void *a, const void *b)
{
	const struct irq_row *x = a, *y = b;

	if (x->id != y->id)
		return x->id > y->id ? 1 : -1;
	return (x->irq > y->irq) - (x->irq < y->irq);
}

static int number_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int napi_id_cmp(const void *a, const void *b)
{
	const struct napi_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Adds what (ident & mask) of a NAPI that is asked for is; false: too many. */
static bool filter_add(struct probe_control *control, unsigned int *used,
		       uint64_t ident)
{
	unsigned int i;

	for (i = 0; i < *used; i++)
		if (control->trace_ident[i] == ident)
			return true;
	if (*used == NAPI_TRACE_IDENTS)
		return false;
	control->trace_ident[(*used)++] = ident;
	return true;
}

static bool filter_napis(const struct namer *n, struct probe_control *control,
			 unsigned int *used)
{
	const struct napi_rec *recs = n->loader->recs;
	const struct napi_row *row;

	control->trace_mask = UINT64_MAX;
	table_for_each (&n->names.pairs, row)
		if (row->id != NAPI_GONE && event_filter_napi(&n->filter, row) &&
		    !filter_add(control, used, recs[maps_rec(row)].ident))
			return false;
	return true;
}

static bool filter_devices(const struct namer *n, struct probe_control *control,
			   unsigned int *used)
{
	const struct dev_row *dev;

	control->trace_mask = (uint64_t)UINT32_MAX << 32;
	table_for_each (&n->names.devs, dev)
		if (!strcmp(dev->dev, n->filter.dev) &&
		    !filter_add(control, used, dev->ifindex << 32))
			return false;
	return true;
}

/*
 * The same numbers may mean another NAPI in another namespace, and what finds
 * no place here is let through: event_wanted() has the last word.
 */
static void namer_tell_filter(struct namer *n)
{
	struct probe_control *control = n->loader->control;
	bool by_napi = event_filter_has_napi(&n->filter), fits;
	unsigned int used = 0, i;

	if (!by_napi && !n->filter.dev)
		return;
	__atomic_store_n(&control->trace_idents_used, 0, __ATOMIC_SEQ_CST);
	fits = by_napi ? filter_napis(n, control, &used) :
			 filter_devices(n, control, &used);
	for (i = used; used && i < NAPI_TRACE_IDENTS; i++)
		control->trace_ident[i] = control->trace_ident[0];
	if (fits && used)
		__atomic_store_n(&control->trace_idents_used, used,
				 __ATOMIC_RELEASE);
}

/* The interrupts of the NAPIs that are asked for. */
static int namer_link(struct namer *n)
{
	const struct napi_row *row;
	uint64_t *irq;

	table_clear(&n->linked);
	table_for_each (&n->names.pairs, row) {
		if (row->irq == MISSING || !event_filter_napi(&n->filter, row))
			continue;
		irq = table_add(&n->linked);
		if (!irq)
			return -ENOMEM;
		*irq = row->irq;
	}
	table_sort(&n->linked, number_cmp);
	return 0;
}

static bool namer_look_for(const struct namer *n)
{
	const struct napi_row *row;

	table_for_each (&n->names.pairs, row)
		if (event_filter_napi(&n->filter, row))
			return true;
	return false;
}

int namer_take(struct namer *n)
{
	struct irq_row *irq;

	if (namer_link(n) || table_copy(&n->irqs, &n->names.irqs)) {
		log_error("out of memory");
		return -ENOMEM;
	}
	table_for_each (&n->irqs, irq)
		irq->id = IRQ_ACTION(irq->id);
	table_sort(&n->irqs, irq_id_cmp);
	n->found = namer_look_for(n);
	return 0;
}

int namer_refresh(struct namer *n)
{
	int got = n->source->ops->read(n->source, &n->names);

	if (got < 0)
		return got;
	namer_tell_filter(n);
	return namer_take(n);
}

int namer_open(struct namer *n, struct loader *loader, struct source *source,
	       const struct event_filter *filter)
{
	memset(n, 0, sizeof(*n));
	n->loader = loader;
	n->source = source;
	n->filter = *filter;
	n->irqs.row_size = sizeof(struct irq_row);
	n->linked.row_size = sizeof(uint64_t);
	snapshot_init(&n->names);
	return loader ? namer_refresh(n) : 0;
}

void namer_close(struct namer *n)
{
	snapshot_fini(&n->names);
	table_fini(&n->irqs);
	table_fini(&n->linked);
}

bool namer_found(const struct namer *n)
{
	return n->found;
}

uint64_t namer_lost_slots(const struct namer *n)
{
	return n->names.lost.slots;
}

const struct host_row *namer_host(const struct namer *n)
{
	return &n->names.host;
}

static const struct napi_row *namer_find_napi(const struct namer *n, uint64_t id)
{
	const struct napi_row key = { .id = id };

	return table_find(&n->names.pairs, &key, napi_id_cmp);
}

static const struct irq_row *namer_find_irq(const struct namer *n,
					    const struct event *e)
{
	const struct irq_row key = { .id = IRQ_ACTION(e->raw->id), .irq = e->irq };

	return table_find(&n->irqs, &key, irq_id_cmp);
}

/* A snapshot that is younger than the event knows all there is to know. */
static int namer_look(struct namer *n, const struct trace_event *raw)
{
	return !n->loader || n->names.mono_ns > raw->ts ? 0 : namer_refresh(n);
}

static int namer_name_napi(struct namer *n, const struct trace_event *raw,
			   struct event *e)
{
	int err = 0;

	e->napi_key = raw->id;
	if (!namer_find_napi(n, raw->id))
		err = namer_look(n, raw);
	e->napi = namer_find_napi(n, raw->id);
	return err;
}

static int namer_name_irq(struct namer *n, const struct trace_event *raw,
			  struct event *e)
{
	const struct irq_row *row;
	int err = 0;

	if (!namer_find_irq(n, e))
		err = namer_look(n, raw);
	row = namer_find_irq(n, e);
	e->irq_name = row ? row->name : "";
	return err;
}

/* Is it the interrupt of a NAPI that is asked for? */
static bool namer_linked(const struct namer *n, const struct event *e)
{
	return table_find(&n->linked, &e->irq, number_cmp);
}

int namer_decode(struct namer *n, const struct trace_event *raw, struct event *e)
{
	int err = 0;

	event_decode(raw, e);
	if (e->type == TRACE_IRQ)
		err = namer_name_irq(n, raw, e);
	else if (e->type == TRACE_POLL || e->type == TRACE_SCHEDULE ||
		 e->type == TRACE_COMPLETE)
		err = namer_name_napi(n, raw, e);
	if (err)
		return err;
	return event_wanted(&n->filter, e,
			    e->type == TRACE_IRQ ? namer_linked(n, e) : n->found);
}
