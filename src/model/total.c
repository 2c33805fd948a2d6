// SPDX-License-Identifier: GPL-2.0-or-later
/* See total.h. */
#include "model/total.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/hist.h"

struct total_name {
	uint64_t id;
	uint64_t grew_ns; /* CLOCK_MONOTONIC, when it did something */
	uint64_t netns_ino;
	uint64_t ifindex;
	char dev[ROW_NAME];
};

/* What a NAPI that did something is called, by its id in its source. */
struct total_id {
	uint64_t source;
	struct napi_row named;
};

/* How rows of one kind are told apart and added up: to += from, the newer one. */
struct total_rows {
	int (*cmp)(const void *a, const void *b);
	void (*add)(void *to, const void *from);
};

void total_init(struct total *t, size_t max_napis)
{
	memset(t, 0, sizeof(*t));
	snapshot_init(&t->sum);
	t->max_napis = max_napis;
	t->names.row_size = sizeof(struct total_name);
	t->ids.row_size = sizeof(struct total_id);
	t->used.row_size = sizeof(struct dev_row);
}

void total_fini(struct total *t)
{
	snapshot_fini(&t->sum);
	table_fini(&t->names);
	table_fini(&t->ids);
	table_fini(&t->fresh);
	table_fini(&t->used);
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

static void cpu_add(void *to, const void *from)
{
	rows_sum(SCOPE_CPU, to, from);
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

/* Those that were not there: two of one name become one. */
static int total_end(struct total *t, struct table *sum,
		     const struct total_rows *kind)
{
	const void *row;
	void *last = NULL;
	size_t i;

	if (!t->fresh.count)
		return 0;
	table_sort(&t->fresh, kind->cmp);
	for (i = 0; i < t->fresh.count; i++) {
		row = table_at(&t->fresh, i);
		if (last && !kind->cmp(last, row)) {
			kind->add(last, row);
			continue;
		}
		last = table_add(sum);
		if (!last)
			return -ENOMEM;
		memcpy(last, row, sum->row_size);
	}
	table_sort(sum, kind->cmp);
	return 0;
}

/* --- names ----------------------------------------------------------------- */

/* FNV-1a, of a text with its NUL. */
static uint64_t id_add(uint64_t id, const char *text)
{
	do
		id = (id ^ (unsigned char)*text) * 0x100000001b3ULL;
	while (*text++);
	return id;
}

static uint64_t id_of_napi(const struct napi_row *n)
{
	uint64_t id = 0xcbf29ce484222325ULL;

	id = id_add(id, n->netns);
	id = id_add(id, n->dev);
	id = id_add(id, n->poll_func);
	return id_add(id, n->label);
}

static uint64_t id_of_irq(const struct irq_row *i)
{
	return id_add(0xcbf29ce484222325ULL, i->name);
}

static int name_cmp(const void *a, const void *b)
{
	const struct total_name *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int id_cmp(const void *a, const void *b)
{
	const struct total_id *x = a, *y = b;

	return (x->source > y->source) - (x->source < y->source);
}

/* The only action of an interrupt; NULL: there are more, or none. */
static const struct irq_row *only_action(const struct interval *iv, uint64_t irq)
{
	const struct irq_row *row, *found = NULL;

	table_for_each (&iv->irqs, row) {
		if (row->irq != irq)
			continue;
		if (found)
			return NULL;
		found = row;
	}
	return found;
}

/*
 * Where the kernel does not tell the queue (before 6.8), the label has the NAPI
 * id, which is another one after a reload: the interrupt's name is not.
 */
static void napi_rename(const struct interval *iv, struct napi_row *n)
{
	const struct irq_row *irq;

	if (n->queue != MISSING || n->backlog_cpu != MISSING || n->irq == MISSING)
		return;
	irq = only_action(iv, n->irq);
	if (irq && irq->name[0])
		snprintf(n->label, sizeof(n->label), "%s", irq->name);
}

static void napi_become_other(struct napi_row *n)
{
	snprintf(n->label, sizeof(n->label), "%s", TOTAL_OTHER);
	n->dev[0] = '\0';
	n->netns[0] = '\0';
	n->poll_func[0] = '\0';
	n->netns_ino = MISSING;
	n->ifindex = MISSING;
	n->napi_id = MISSING;
	n->queue = MISSING;
	n->irq = MISSING;
	n->backlog_cpu = MISSING;
}

static bool napi_grew(const struct napi_row *n)
{
	return n->polls || (n->schedules && n->schedules != MISSING) ||
	       (n->completions && n->completions != MISSING);
}

/* False: it is new, and there is no room for it. */
static bool name_take(struct total *t, const struct napi_row *n, uint64_t id,
		      uint64_t now_ns)
{
	struct total_name key = { .id = id }, *name;
	size_t i;

	name = table_find(&t->names, &key, name_cmp);
	if (!name) {
		if (t->names.count >= t->max_napis)
			return false;
		name = table_add(&t->names);
		if (!name)
			return false;
		for (i = t->names.count - 1; i && name_cmp(&name[-1], &key) > 0;
		     i--, name--)
			*name = name[-1];
	}
	name->id = id;
	name->grew_ns = now_ns;
	name->netns_ino = n->netns_ino;
	name->ifindex = n->ifindex;
	snprintf(name->dev, sizeof(name->dev), "%s", n->dev);
	return true;
}

/* Gives it the name that its numbers go to, and the id of that. */
static void total_name(struct total *t, const struct interval *iv,
		       struct napi_row *n)
{
	napi_rename(iv, n);
	n->id = id_of_napi(n);
	if (name_take(t, n, n->id, iv->mono_ns))
		return;
	napi_become_other(n);
	n->id = id_of_napi(n);
	t->others++;
}

/* --- NAPIs ----------------------------------------------------------------- */

/* Which name each NAPI of the interval has; both tables are sorted by id. */
static int total_name_napis(struct total *t, const struct interval *iv)
{
	const struct napi_row *napi;
	struct total_id *id;

	table_clear(&t->ids);
	t->others = 0;
	table_for_each (&iv->napis, napi) {
		if (!napi_grew(napi))
			continue;
		id = table_add(&t->ids);
		if (!id)
			return -ENOMEM;
		id->source = napi->id;
		id->named = *napi;
		total_name(t, iv, &id->named);
	}
	return 0;
}

static const struct napi_row *total_named(const struct total *t, uint64_t source)
{
	const struct total_id key = { .source = source };
	const struct total_id *id = table_find(&t->ids, &key, id_cmp);

	return id ? &id->named : NULL;
}

static int total_add_napis(struct total *t, const struct interval *iv)
{
	const struct napi_row *pair, *named;
	struct napi_row row;

	total_begin(t, &t->sum.pairs);
	table_for_each (&iv->pairs, pair) {
		named = total_named(t, pair->id);
		if (!named)
			continue;
		row = *named;
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
		row = *pair;
		row.id = id_of_irq(pair);
		if (total_put(t, &t->sum.irqs, &row, &irq_rows))
			return -ENOMEM;
	}
	return total_end(t, &t->sum.irqs, &irq_rows);
}

static int total_add_cpus(struct total *t, const struct interval *iv,
			  const struct snapshot *now)
{
	const struct cpu_row *row;
	struct cpu_row *sum;

	total_begin(t, &t->sum.cpus);
	table_for_each (&iv->cpus, row)
		if (total_put(t, &t->sum.cpus, row, &cpu_rows))
			return -ENOMEM;
	if (total_end(t, &t->sum.cpus, &cpu_rows))
		return -ENOMEM;
	table_for_each (&t->sum.cpus, sum) {
		row = table_find(&now->cpus, sum, cpu_row_cmp);
		if (row)
			rows_take_kernel(SCOPE_CPU, sum, row);
	}
	return 0;
}

/* Over all CPUs, where a CPU is not what it is of; false: of nobody known. */
static bool hist_rename(const struct total *t, const struct interval *iv,
			struct hist_row *h)
{
	struct irq_row key = { .irq = h->irq, .id = h->id, .cpu = MISSING };
	const struct napi_row *napi;
	const struct irq_row *irq;

	switch (hist_kinds[h->kind].scope) {
	case SCOPE_NAPI:
		napi = total_named(t, h->id);
		if (!napi)
			return false;
		h->id = napi->id;
		break;
	case SCOPE_IRQ:
		irq = table_find(&iv->irqs, &key, irq_row_cmp);
		if (!irq)
			return false;
		h->id = id_of_irq(irq);
		break;
	default:
		return true;
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

/* The devices whose NAPIs have a place. */
static int total_find_used(struct total *t)
{
	const struct total_name *name;
	struct dev_row *dev;

	table_clear(&t->used);
	table_for_each (&t->names, name) {
		dev = table_add(&t->used);
		if (!dev)
			return -ENOMEM;
		dev->netns_ino = name->netns_ino;
		dev->ifindex = name->ifindex;
	}
	table_sort(&t->used, dev_row_cmp);
	return 0;
}

static int total_take_devs(struct total *t, const struct interval *iv,
			   const struct snapshot *now)
{
	const struct dev_row *from, *dev;
	struct dev_row *row;

	if (total_find_used(t))
		return -ENOMEM;
	table_clear(&t->sum.devs);
	table_for_each (&iv->devs, from) {
		dev = table_find(&now->devs, from, dev_row_cmp);
		if (!dev || !table_find(&t->used, dev, dev_row_cmp))
			continue;
		row = table_add(&t->sum.devs);
		if (!row)
			return -ENOMEM;
		*row = *dev;
	}
	return 0;
}

static int total_take_lines(struct total *t, const struct interval *iv,
			    const struct snapshot *now)
{
	const struct line_row *from, *line;
	struct line_row *row;

	table_clear(&t->sum.lines);
	table_for_each (&iv->lines, from) {
		line = table_find(&now->lines, from, line_row_cmp);
		if (!line)
			continue;
		row = table_add(&t->sum.lines);
		if (!row)
			return -ENOMEM;
		*row = *line;
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

static bool name_is_gone(const struct total_name *name, const struct snapshot *now)
{
	const struct dev_row key = { .netns_ino = name->netns_ino,
				     .ifindex = name->ifindex };
	const struct dev_row *dev;

	if (!name->dev[0] || now->mono_ns - name->grew_ns < TOTAL_FORGET_NS)
		return false;
	dev = table_find(&now->devs, &key, dev_row_cmp);
	return !dev || strcmp(dev->dev, name->dev);
}

static bool is_napi_hist(const struct hist_row *h)
{
	return hist_kinds[h->kind].scope == SCOPE_NAPI;
}

static void total_drop(struct total *t, uint64_t id)
{
	struct napi_row *pairs = t->sum.pairs.rows;
	struct hist_row *hists = t->sum.hists.rows;
	size_t i, kept = 0;

	for (i = 0; i < t->sum.pairs.count; i++)
		if (pairs[i].id != id)
			pairs[kept++] = pairs[i];
	t->sum.pairs.count = kept;
	kept = 0;
	for (i = 0; i < t->sum.hists.count; i++)
		if (!is_napi_hist(&hists[i]) || hists[i].id != id)
			hists[kept++] = hists[i];
	t->sum.hists.count = kept;
}

static void total_forget(struct total *t, const struct snapshot *now)
{
	struct total_name *names = t->names.rows;
	size_t i, kept = 0;

	for (i = 0; i < t->names.count; i++) {
		if (name_is_gone(&names[i], now))
			total_drop(t, names[i].id);
		else
			names[kept++] = names[i];
	}
	t->names.count = kept;
}

int total_add(struct total *t, const struct interval *iv,
	      const struct snapshot *now)
{
	int err;

	total_forget(t, now);
	err = total_name_napis(t, iv);
	if (!err)
		err = total_add_napis(t, iv);
	if (!err)
		err = total_add_irqs(t, iv);
	if (!err)
		err = total_add_cpus(t, iv, now);
	if (!err)
		err = total_add_hists(t, iv);
	if (!err)
		err = total_take_devs(t, iv, now);
	if (!err)
		err = total_take_lines(t, iv, now);
	if (!err)
		total_add_host(t, iv, now);
	return err;
}
