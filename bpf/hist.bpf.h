/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Adding a value to a histogram.  A cell of the slot at hand says which one; the
 * first value takes it from the pool.  All are of the program that adds to them.
 */
#ifndef HIST_BPF_H
#define HIST_BPF_H

#include <bpf/bpf_helpers.h>
#include "hist.h"
#include "maps.bpf.h"

/*
 * 1 + the index of one from the pool; 0: the pool is being used, which the next
 * value may find changed.
 */
static __noinline u32 hist_take(void)
{
	u32 index;
	/* An int: until 6.4 the upper half of what it returns is not of its sign. */
	int err = bpf_map_pop_elem(&free_hists, &index);

	if (err)
		return err == -ENOENT ? NAPI_HIST_NONE : 0;
	return index + 1;
}

static __always_inline bool hist_wanted(void)
{
	return config.hists && control.hists;
}

static __always_inline void hist_count(struct napi_hist *h, u64 value, u32 weight)
{
	u64 epoch = *(volatile u64 *)&control.hist_epoch;
	u64 bucket = hist_bucket(value);

	/* The compiler knows its bounds; the verifier has to see them checked. */
	barrier_var(bucket);
	if (bucket < HIST_BUCKETS)
		h->counts[bucket] += weight;
	h->sum += value * weight;
	if (h->max_epoch[epoch & 1] != epoch) {
		h->max_epoch[epoch & 1] = epoch;
		h->max[epoch & 1] = value;
	} else if (h->max[epoch & 1] < value) {
		h->max[epoch & 1] = value;
	}
}

/* For so many as the weight says: see sample.bpf.h. */
static __always_inline void hist_add_weighted(struct napi_cpu *c, u32 *cell,
					      u64 value, u32 weight)
{
	struct napi_hist *h;
	u32 index;

	if (!hist_wanted())
		return;
	if (!*cell)
		*cell = hist_take();
	index = *cell - 1;
	h = bpf_map_lookup_elem(&napi_hists, &index);
	if (h)
		hist_count(h, value, weight);
	else
		c->lost_hists++;
}

static __always_inline void hist_add(struct napi_cpu *c, u32 *cell, u64 value)
{
	hist_add_weighted(c, cell, value, 1);
}

#endif /* HIST_BPF_H */
