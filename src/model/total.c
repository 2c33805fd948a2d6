// SPDX-License-Identifier: GPL-2.0-or-later
/* See total.h. */
#include "model/total.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/hist.h"
#include "model/total_irq.h"
#include "model/total_name.h"

/* The device of that name, whatever numbers it has. */
struct total_dev {
	struct dev_row row; /* polls, work, exhausted, poll_ns: since the start */
	uint64_t seen_ns;
};

/* What a NAPI that did something is called, by its id in its source. */
struct total_id {
	uint64_t source;
	uint64_t dev; /* id of its device */
	bool grew;    /* in the last interval */
	struct napi_row named;
};

/* How rows of one kind are told apart and added up: to += from, the newer one. */
struct total_rows {
	int (*cmp)(const void *a, const void *b);
	void (*add)(void *to, const void *from);
};

void total_init(struct total *t, size_t max_napis, bool hists_by_dev)
{
	memset(t, 0, sizeof(*t));
	snapshot_init(&t->sum);
	/* What nobody can tell is missing, until somebody can. */
	rows_missing(SCOPE_HOST, &t->sum.host);
	rows_missing(SCOPE_LOST, &t->sum.lost);
	t->max_napis = max_napis;
	t->hists_by_dev = hists_by_dev;
	t->names.row_size = sizeof(struct total_name);
	t->ids.row_size = sizeof(struct total_id);
	t->ids_before.row_size = sizeof(struct total_id);
	t->devs.row_size = sizeof(struct total_dev);
	t->irqs.row_size = sizeof(struct total_irq);
	t->gone.row_size = sizeof(uint64_t);
}

void total_fini(struct total *t)
{
	snapshot_fini(&t->sum);
	table_fini(&t->names);
	table_fini(&t->ids);
	table_fini(&t->ids_before);
	table_fini(&t->fresh);
	table_fini(&t->devs);
	table_fini(&t->irqs);
	table_fini(&t->gone);
}

/* --- adding up ------------------------------------------------------------- */

static void napi_add(void *to, const void *from)
{
	struct napi_row sum = *(const struct napi_row *)from;

	rows_sum(SCOPE_NAPI, &sum, to);
	*(struct napi_row *)to = sum;
}

static void irq_add(void *to, const void *from)
{
	rows_sum(SCOPE_IRQ, to, from);
}

/* What the polls of a CPU or a device add up to, of which NAPIs ever. */
#define ADD_POLLS(to, from)                                                      \
	do {                                                                     \
		(to)->polls = value_add((to)->polls, (from)->polls);             \
		(to)->work = value_add((to)->work, (from)->work);                \
		(to)->exhausted = value_add((to)->exhausted, (from)->exhausted); \
		(to)->poll_ns = value_add((to)->poll_ns, (from)->poll_ns);       \
	} while (0)

/* The kernel's counters are not of the interval: see total_add_cpus(). */
static void cpu_add(void *to, const void *from)
{
	const struct cpu_row *c = from;
	struct cpu_row sum = *(struct cpu_row *)to;

	rows_sum(SCOPE_CPU, &sum, c);
	rows_take_kernel(SCOPE_CPU, &sum, to);
	ADD_POLLS(&sum, c);
	sum.ksoftirqd_polls = value_add(sum.ksoftirqd_polls, c->ksoftirqd_polls);
	*(struct cpu_row *)to = sum;
}

static void hist_add_rows(void *to, const void *from)
{
	hist_add(to, from);
}

static const struct total_rows napi_rows = { napi_row_cmp, napi_add };
static const struct total_rows irq_rows = { irq_row_cmp, irq_add };
static const struct total_rows cpu_rows = { cpu_row_cmp, cpu_add };
static const struct total_rows hist_rows = { hist_row_cmp, hist_add_rows };

/* Begins to add rows to a table, which is sorted. */
static void total_begin(struct total *t, const struct table *sum)
{
	if (t->fresh.row_size != sum->row_size) {
		table_fini(&t->fresh);
		t->fresh.row_size = sum->row_size;
	}
	table_clear(&t->fresh);
}

static int total_put(struct total *t, struct table *sum, const void *row,
		     const struct total_rows *kind)
{
	void *at = table_find(sum, row, kind->cmp);

	if (at) {
		kind->add(at, row);
		return 0;
	}
	at = table_add(&t->fresh);
	if (!at)
		return -ENOMEM;
	memcpy(at, row, sum->row_size);
	return 0;
}

/* Those that were not there: two of one name become one, where they can. */
static int total_end(struct total *t, struct table *sum,
		     const struct total_rows *kind)
{
	size_t i;
	void *row;

	if (!t->fresh.count)
		return 0;
	table_merge(&t->fresh, kind->cmp, kind->add);
	for (i = 0; i < t->fresh.count; i++) {
		row = table_add(sum);
		if (!row)
			return -ENOMEM;
		memcpy(row, table_at(&t->fresh, i), sum->row_size);
	}
	table_sort(sum, kind->cmp);
	return 0;
}

static int id_cmp(const void *a, const void *b)
{
	const struct total_id *x = a, *y = b;

	return (x->source > y->source) - (x->source < y->source);
}

/* --- NAPIs ----------------------------------------------------------------- */

static void total_name_napi(struct total *t, const struct interval *iv,
			    const struct napi_row *napi,
			    const struct total_id *before, struct total_id *id)
{
	id->source = napi->id;
	id->grew = true;
	id->named = *napi;
	id->dev = total_dev_id(napi->netns, napi->dev);
	total_name(t, iv, &id->named, before ? &before->named : NULL);
}

/* Which name each NAPI of the interval has, or had; all tables are sorted by id. */
static int total_name_napis(struct total *t, const struct interval *iv)
{
	const struct table swap = t->ids;
	const struct total_id *before;
	const struct napi_row *napi;
	struct total_id *id;
	bool grew;

	t->ids = t->ids_before;
	t->ids_before = swap;
	table_clear(&t->ids);
	table_for_each (&iv->napis, napi) {
		const struct total_id key = { .source = napi->id };

		before = table_find(&t->ids_before, &key, id_cmp);
		grew = rows_grew(SCOPE_NAPI, napi);
		if (!grew && !before)
			continue;
		id = table_add(&t->ids);
		if (!id)
			return -ENOMEM;
		if (grew) {
			total_name_napi(t, iv, napi, before, id);
		} else {
			*id = *before;
			id->grew = false;
		}
	}
	return 0;
}

/* NULL: it did nothing in the interval. */
static const struct total_id *total_id(const struct total *t, uint64_t source)
{
	const struct total_id key = { .source = source };
	const struct total_id *id = table_find(&t->ids, &key, id_cmp);

	return id && id->grew ? id : NULL;
}

static int total_add_napis(struct total *t, const struct interval *iv)
{
	const struct napi_row *pair;
	const struct total_id *id;
	struct napi_row row;

	total_begin(t, &t->sum.pairs);
	table_for_each (&iv->pairs, pair) {
		id = total_id(t, pair->id);
		if (!id)
			continue;
		row = id->named;
		row.cpu = pair->cpu;
		row.inferred = pair->inferred;
		rows_missing(SCOPE_NAPI, &row);
		rows_sum(SCOPE_NAPI, &row, pair);
		if (total_put(t, &t->sum.pairs, &row, &napi_rows))
			return -ENOMEM;
	}
	return total_end(t, &t->sum.pairs, &napi_rows);
}

/* --- everything else ------------------------------------------------------- */

static int total_add_irqs(struct total *t, const struct interval *iv)
{
	const struct irq_row *pair;
	struct irq_row row;

	total_begin(t, &t->sum.irqs);
	table_for_each (&iv->irq_pairs, pair) {
		if (!rows_grew(SCOPE_IRQ, pair))
			continue;
		row = *pair;
		row.id = total_irq_id(pair);
		if (total_put(t, &t->sum.irqs, &row, &irq_rows))
			return -ENOMEM;
	}
	return total_end(t, &t->sum.irqs, &irq_rows);
}

static int total_add_cpus(struct total *t, const struct interval *iv,
			  const struct snapshot *now)
{
	const struct cpu_row *row, *raw;
	struct cpu_row first, none, *sum;

	rows_missing(SCOPE_CPU, &none);
	total_begin(t, &t->sum.cpus);
	table_for_each (&iv->cpus, row) {
		/* Of a new one the kernel's are taken as they are. */
		first = *row;
		rows_take_kernel(SCOPE_CPU, &first, &none);
		if (total_put(t, &t->sum.cpus, &first, &cpu_rows))
			return -ENOMEM;
	}
	if (total_end(t, &t->sum.cpus, &cpu_rows))
		return -ENOMEM;
	table_for_each (&iv->cpus, row) {
		sum = table_find(&t->sum.cpus, row, cpu_row_cmp);
		raw = table_find(&now->cpus, row, cpu_row_cmp);
		if (raw)
			rows_follow_kernel(SCOPE_CPU, sum, row, raw);
	}
	return 0;
}

static int dev_name_cmp(const void *a, const void *b)
{
	const struct total_dev *x = a, *y = b;
	int order = strcmp(x->row.netns, y->row.netns);

	return order ? order : strcmp(x->row.dev, y->row.dev);
}

/* Only what has a row is shown: of others nothing would be forgotten again. */
static bool total_has_dev(const struct total *t, const struct napi_row *napi)
{
	struct total_dev key = { 0 };

	snprintf(key.row.netns, sizeof(key.row.netns), "%s", napi->netns);
	snprintf(key.row.dev, sizeof(key.row.dev), "%s", napi->dev);
	return table_find(&t->devs, &key, dev_name_cmp);
}

/* Over all CPUs, where a CPU is not what it is of; false: of nobody, or for nobody. */
static bool hist_rename(const struct total *t, const struct interval *iv,
			struct hist_row *h)
{
	struct irq_row key = { .irq = h->irq, .id = h->id, .cpu = MISSING };
	const struct total_id *napi;
	const struct irq_row *irq;

	switch (hist_kinds[h->kind].scope) {
	case SCOPE_NAPI:
		napi = total_id(t, h->id);
		if (!napi || (t->hists_by_dev && !total_has_dev(t, &napi->named)))
			return false;
		h->id = t->hists_by_dev ? napi->dev : napi->named.id;
		break;
	case SCOPE_IRQ:
		if (t->hists_by_dev)
			return false;
		irq = table_find(&iv->irqs, &key, irq_row_cmp);
		if (!irq)
			return false;
		h->id = total_irq_id(irq);
		break;
	default:
		return !t->hists_by_dev || h->kind == NAPI_HIST_RAISE_NS;
	}
	h->cpu = MISSING;
	return true;
}

static int total_add_hists(struct total *t, const struct interval *iv)
{
	const struct hist_row *from;
	struct hist_row row;

	total_begin(t, &t->sum.hists);
	table_for_each (&iv->hists, from) {
		row = *from;
		if (hist_rename(t, iv, &row) &&
		    total_put(t, &t->sum.hists, &row, &hist_rows))
			return -ENOMEM;
	}
	return total_end(t, &t->sum.hists, &hist_rows);
}

/* One that drops and never polls may be the one whose interrupt was lost. */
static bool dev_is_shown(const struct dev_row *grown)
{
	return grown->polls || (grown->rx_missed && grown->rx_missed != MISSING);
}

/* The sums of this name; NULL: it never did anything, or there is no room. */
static struct total_dev *total_dev(struct total *t, const struct dev_row *grown)
{
	struct total_dev key = { .row = *grown }, *dev;

	dev = table_find(&t->devs, &key, dev_name_cmp);
	if (dev || !dev_is_shown(grown) || t->devs.count >= t->max_napis)
		return dev;
	dev = table_insert(&t->devs, table_from(&t->devs, &key, dev_name_cmp));
	if (!dev)
		return NULL;
	dev->row = *grown;
	dev->row.polls = 0;
	dev->row.work = 0;
	dev->row.exhausted = 0;
	dev->row.poll_ns = 0;
	return dev;
}

/* Those that are there, with the kernel's counters as they are. */
static int total_add_devs(struct total *t, const struct interval *iv,
			  const struct snapshot *now)
{
	const struct dev_row *grown, *raw;
	struct total_dev *dev;
	struct dev_row *row;

	table_clear(&t->sum.devs);
	table_for_each (&iv->devs, grown) {
		raw = table_find(&now->devs, grown, dev_row_cmp);
		dev = raw ? total_dev(t, grown) : NULL;
		if (!dev)
			continue;
		ADD_POLLS(&dev->row, grown);
		dev->seen_ns = now->mono_ns;
		row = table_add(&t->sum.devs);
		if (!row)
			return -ENOMEM;
		*row = *raw;
		row->polls = dev->row.polls;
		row->work = dev->row.work;
		row->exhausted = dev->row.exhausted;
		row->poll_ns = dev->row.poll_ns;
	}
	return 0;
}

static void total_add_host(struct total *t, const struct interval *iv,
			   const struct snapshot *now)
{
	struct host_row host = iv->host;

	rows_sum(SCOPE_HOST, &host, &t->sum.host);
	rows_take_kernel(SCOPE_HOST, &host, &now->host);
	host.settled = MISSING;
	t->sum.host = host;
	rows_sum(SCOPE_LOST, &t->sum.lost, &iv->lost);
	t->sum.mono_ns = iv->mono_ns;
	t->sum.real_ns = iv->real_ns;
	t->ns += iv->ns;
}

/* --- forgetting ------------------------------------------------------------ */

static int place_cmp(const void *a, const void *b)
{
	const struct total_name *x = a, *y = b;
	int order = strcmp(x->netns, y->netns);

	return order ? order : strcmp(x->dev, y->dev);
}

static int total_places(struct table *places, const struct snapshot *now)
{
	const struct dev_row *dev;
	struct total_name *place;

	table_for_each (&now->devs, dev) {
		place = table_add(places);
		if (!place)
			return -ENOMEM;
		memcpy(place->netns, dev->netns, sizeof(place->netns));
		memcpy(place->dev, dev->dev, sizeof(place->dev));
	}
	table_sort(places, place_cmp);
	return 0;
}

static bool name_is_idle(const struct total_name *name, const struct snapshot *now)
{
	return name->dev[0] && now->mono_ns - name->grew_ns >= TOTAL_FORGET_NS;
}

/*
 * Where there is room, one whose device is there keeps its place: whether it is there
 * is asked once in a while.
 */
static bool name_is_gone(const struct total *t, struct total_name *name,
			 const struct table *places)
{
	if (t->names.count >= t->max_napis ||
	    !table_find(places, name, place_cmp))
		return true;
	name->grew_ns += TOTAL_ASK_NS;
	return false;
}

static int gone_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool is_gone(const struct total *t, uint64_t id)
{
	return table_find(&t->gone, &id, gone_cmp);
}

static bool hist_is_gone(const struct total *t, const struct hist_row *h)
{
	return hist_kinds[h->kind].scope == SCOPE_NAPI && is_gone(t, h->id);
}

/* All at once: rows of histograms are long, and many names may end together. */
static void total_drop_gone(struct total *t)
{
	struct napi_row *pairs = t->sum.pairs.rows;
	struct hist_row *hists = t->sum.hists.rows;
	size_t i, kept = 0;

	if (!t->gone.count)
		return;
	table_sort(&t->gone, gone_cmp);
	for (i = 0; i < t->sum.pairs.count; i++)
		if (!is_gone(t, pairs[i].id))
			pairs[kept++] = pairs[i];
	t->sum.pairs.count = kept;
	kept = 0;
	for (i = 0; i < t->sum.hists.count; i++) {
		if (hist_is_gone(t, &hists[i]))
			continue;
		if (kept != i)
			hists[kept] = hists[i];
		kept++;
	}
	t->sum.hists.count = kept;
	table_clear(&t->gone);
}

static int total_is_gone(struct total *t, uint64_t id)
{
	uint64_t *gone = table_add(&t->gone);

	if (!gone)
		return -ENOMEM;
	*gone = id;
	return 0;
}

static int total_forget_names(struct total *t, const struct snapshot *now)
{
	struct table places = TABLE_INIT(struct total_name);
	struct total_name *names = t->names.rows;
	size_t i, kept = 0;
	int err = 0;

	for (i = 0; i < t->names.count; i++) {
		if (!err && name_is_idle(&names[i], now) && !places.count)
			err = total_places(&places, now);
		if (!err && name_is_idle(&names[i], now) &&
		    name_is_gone(t, &names[i], &places))
			err = total_is_gone(t, names[i].id);
		else
			names[kept++] = names[i];
	}
	t->names.count = kept;
	table_fini(&places);
	return err;
}

static int total_forget_devs(struct total *t, const struct snapshot *now)
{
	struct total_dev *devs = t->devs.rows;
	size_t i, kept = 0;
	int err = 0;

	for (i = 0; i < t->devs.count; i++) {
		if (err || now->mono_ns - devs[i].seen_ns < TOTAL_FORGET_NS)
			devs[kept++] = devs[i];
		else if (t->hists_by_dev)
			err = total_is_gone(t, total_dev_id(devs[i].row.netns,
							    devs[i].row.dev));
	}
	t->devs.count = kept;
	return err;
}

static int total_forget(struct total *t, const struct snapshot *now)
{
	int err = total_forget_names(t, now);

	if (!err)
		err = total_forget_devs(t, now);
	total_forget_irqs(t, now);
	total_drop_gone(t);
	return err;
}

int total_add(struct total *t, const struct interval *iv,
	      const struct snapshot *now)
{
	int err = total_forget(t, now);

	if (!err)
		err = total_name_napis(t, iv);
	if (!err)
		err = total_add_napis(t, iv);
	if (!err)
		err = total_add_irqs(t, iv);
	if (!err)
		err = total_add_cpus(t, iv, now);
	if (!err)
		err = total_add_devs(t, iv, now);
	if (!err)
		err = total_add_hists(t, iv);
	if (!err)
		err = total_take_lines(t, iv, now);
	if (!err)
		total_add_host(t, iv, now);
	return err;
}
