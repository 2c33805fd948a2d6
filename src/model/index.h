/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which NAPIs belong to a device, an interrupt or a CPU, and which histograms to a
 * CPU, without a walk over all of them for each: with thousands of each that would
 * be millions of steps.  It points to rows of an interval, and is made anew when
 * they move.
 */
#ifndef MODEL_INDEX_H
#define MODEL_INDEX_H

#include <stdbool.h>

#include "model/rows.h"
#include "util/table.h"

struct interval;
struct hist_row;

/* Some of an interval's rows, sorted as its tables are. */
struct napi_refs {
	const struct napi_row *const *at;
	size_t count;
};

#define napi_refs_for_each(refs, i, n) \
	for ((i) = 0; (i) < (refs).count && ((n) = (refs).at[i], true); (i)++)

/* Tables of const struct napi_row *, and const struct hist_row *. */
struct napi_index {
	struct table irq_napis; /* by irq */
	struct table dev_napis; /* by device, those of none left out */
	struct table dev_pairs;
	struct table cpu_pairs; /* by CPU, and there by device */
	struct table cpu_hists; /* by CPU and kind */
};

/* 0 or -ENOMEM. */
int napi_index_make(struct napi_index *index, const struct interval *iv);
void napi_index_fini(struct napi_index *index);

/* Over all CPUs. */
struct napi_refs napi_index_of_irq(const struct napi_index *index, uint64_t irq);
struct napi_refs napi_index_of_dev(const struct napi_index *index,
				   const struct dev_row *dev);
/* On each CPU. */
struct napi_refs napi_index_pairs_of_dev(const struct napi_index *index,
					 const struct dev_row *dev);
struct napi_refs napi_index_pairs_on_cpu(const struct napi_index *index,
					 uint64_t cpu);

/* The n-th histogram of a kind on a CPU; NULL: there are no more. */
const struct hist_row *napi_index_hist_on_cpu(const struct napi_index *index,
					      uint64_t kind, uint64_t cpu,
					      size_t n);

#endif /* MODEL_INDEX_H */
