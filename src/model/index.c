// SPDX-License-Identifier: GPL-2.0-or-later
/* See index.h. */
#include "model/index.h"

#include <errno.h>

#include "model/hist.h"
#include "model/interval.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

typedef int (*ref_cmp_fn)(const void *a, const void *b);

static int napi_dev_cmp(const struct napi_row *x, const struct napi_row *y)
{
	if (x->netns_ino != y->netns_ino)
		return COMPARE(x->netns_ino, y->netns_ino);
	return COMPARE(x->ifindex, y->ifindex);
}

/* Rows alike stay in the order of their table. */
static int ref_cmp_irq(const void *a, const void *b)
{
	const struct napi_row *x = *(const struct napi_row *const *)a;
	const struct napi_row *y = *(const struct napi_row *const *)b;

	return x->irq != y->irq ? COMPARE(x->irq, y->irq) : COMPARE(x, y);
}

static int ref_cmp_dev(const void *a, const void *b)
{
	const struct napi_row *x = *(const struct napi_row *const *)a;
	const struct napi_row *y = *(const struct napi_row *const *)b;
	int order = napi_dev_cmp(x, y);

	return order ? order : COMPARE(x, y);
}

static int ref_cmp_cpu(const void *a, const void *b)
{
	const struct napi_row *x = *(const struct napi_row *const *)a;
	const struct napi_row *y = *(const struct napi_row *const *)b;

	return x->cpu != y->cpu ? COMPARE(x->cpu, y->cpu) : ref_cmp_dev(a, b);
}

static bool napi_is_any(const struct napi_row *n)
{
	(void)n;
	return true;
}

static bool napi_has_dev(const struct napi_row *n)
{
	return n->ifindex && n->ifindex != MISSING;
}

static bool napi_has_irq(const struct napi_row *n)
{
	return n->irq != MISSING;
}

static int refs_make(struct table *refs, const struct table *napis,
		     bool (*wanted)(const struct napi_row *n), ref_cmp_fn cmp)
{
	const struct napi_row *n, **ref;

	refs->row_size = sizeof(n);
	table_clear(refs);
	table_for_each (napis, n) {
		if (!wanted(n))
			continue;
		ref = table_add(refs);
		if (!ref)
			return -ENOMEM;
		*ref = n;
	}
	table_sort(refs, cmp);
	return 0;
}

static int ref_cmp_hist(const void *a, const void *b)
{
	const struct hist_row *x = *(const struct hist_row *const *)a;
	const struct hist_row *y = *(const struct hist_row *const *)b;

	if (x->cpu != y->cpu)
		return COMPARE(x->cpu, y->cpu);
	return x->kind != y->kind ? COMPARE(x->kind, y->kind) : COMPARE(x, y);
}

static int hist_refs_make(struct table *refs, const struct table *hists)
{
	const struct hist_row *h, **ref;

	refs->row_size = sizeof(h);
	table_clear(refs);
	table_for_each (hists, h) {
		ref = table_add(refs);
		if (!ref)
			return -ENOMEM;
		*ref = h;
	}
	table_sort(refs, ref_cmp_hist);
	return 0;
}

int napi_index_make(struct napi_index *index, const struct interval *iv)
{
	if (refs_make(&index->irq_napis, &iv->napis, napi_has_irq, ref_cmp_irq) ||
	    refs_make(&index->dev_napis, &iv->napis, napi_has_dev, ref_cmp_dev) ||
	    refs_make(&index->dev_pairs, &iv->pairs, napi_has_dev, ref_cmp_dev) ||
	    refs_make(&index->cpu_pairs, &iv->pairs, napi_is_any, ref_cmp_cpu) ||
	    hist_refs_make(&index->cpu_hists, &iv->hists))
		return -ENOMEM;
	return 0;
}

void napi_index_fini(struct napi_index *index)
{
	table_fini(&index->irq_napis);
	table_fini(&index->dev_napis);
	table_fini(&index->dev_pairs);
	table_fini(&index->cpu_pairs);
	table_fini(&index->cpu_hists);
}

/* The first that is not before a row with the lowest place in its table. */
static size_t refs_from(const struct table *refs, const struct napi_row *key,
			int (*cmp)(const struct napi_row *,
				   const struct napi_row *))
{
	const struct napi_row *const *at = refs->rows;
	size_t low = 0, high = refs->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (cmp(at[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct napi_refs
refs_alike(const struct table *refs, const struct napi_row *key,
	   int (*cmp)(const struct napi_row *, const struct napi_row *))
{
	const struct napi_row *const *at = refs->rows;
	size_t first = refs_from(refs, key, cmp), end = first;

	while (end < refs->count && !cmp(at[end], key))
		end++;
	return (struct napi_refs){ at ? at + first : NULL, end - first };
}

static int napi_irq_cmp(const struct napi_row *x, const struct napi_row *y)
{
	return COMPARE(x->irq, y->irq);
}

static int napi_cpu_cmp(const struct napi_row *x, const struct napi_row *y)
{
	return COMPARE(x->cpu, y->cpu);
}

static struct napi_refs refs_of_dev(const struct table *refs,
				    const struct dev_row *dev)
{
	const struct napi_row key = { .netns_ino = dev->netns_ino,
				      .ifindex = dev->ifindex };

	return refs_alike(refs, &key, napi_dev_cmp);
}

struct napi_refs napi_index_of_irq(const struct napi_index *index, uint64_t irq)
{
	const struct napi_row key = { .irq = irq };

	return refs_alike(&index->irq_napis, &key, napi_irq_cmp);
}

struct napi_refs napi_index_of_dev(const struct napi_index *index,
				   const struct dev_row *dev)
{
	return refs_of_dev(&index->dev_napis, dev);
}

struct napi_refs napi_index_pairs_of_dev(const struct napi_index *index,
					 const struct dev_row *dev)
{
	return refs_of_dev(&index->dev_pairs, dev);
}

struct napi_refs napi_index_pairs_on_cpu(const struct napi_index *index,
					 uint64_t cpu)
{
	const struct napi_row key = { .cpu = cpu };

	return refs_alike(&index->cpu_pairs, &key, napi_cpu_cmp);
}

static int hist_ref_cmp(const void *a, const void *b)
{
	const struct hist_row *x = *(const struct hist_row *const *)a;
	const struct hist_row *y = *(const struct hist_row *const *)b;

	return x->cpu != y->cpu ? COMPARE(x->cpu, y->cpu) :
				  COMPARE(x->kind, y->kind);
}

const struct hist_row *napi_index_hist_on_cpu(const struct napi_index *index,
					      uint64_t kind, uint64_t cpu,
					      size_t n)
{
	const struct hist_row key = { .kind = kind, .cpu = cpu }, *first = &key;
	const struct hist_row *const *refs = index->cpu_hists.rows;

	n += table_from(&index->cpu_hists, &first, hist_ref_cmp);
	if (n >= index->cpu_hists.count || hist_ref_cmp(&refs[n], &first))
		return NULL;
	return refs[n];
}
