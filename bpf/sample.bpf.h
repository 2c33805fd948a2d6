/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --sample N: the clock is read for one NET_RX run, and for one interrupt
 * handler, of N on average, and the time stands for all since the one before.
 * Which one is drawn anew each time: a load with a period of its own is sampled
 * as well as any.  What is counted is counted for every one.
 *
 * The configuration is constant: in a run without it the verifier removes all of
 * this, and every weight is 1.
 */
#ifndef SAMPLE_BPF_H
#define SAMPLE_BPF_H

#include <bpf/bpf_helpers.h>
#include "maps.bpf.h"

/* The next one begins.  Its weight; 0: it is not timed. */
static __always_inline u32 sample_begin(struct napi_sample *s)
{
	if (!config.sample)
		return 1;
	s->passed++;
	if (s->passed < s->gap) {
		s->weight = 0;
		return 0;
	}
	s->weight = s->passed;
	s->passed = 0;
	s->gap = 1 + bpf_get_prandom_u32() % (2 * config.sample - 1);
	return s->weight;
}

/* Of the one that runs. */
static __always_inline u32 sample_weight(const struct napi_sample *s)
{
	return config.sample ? s->weight : 1;
}

/* Will the next one be timed? */
static __always_inline bool sample_is_next(const struct napi_sample *s)
{
	return !config.sample || s->passed + 1 >= s->gap;
}

static __always_inline bool run_is_net_rx(const struct napi_cpu *c)
{
	return c->run_vec == NAPI_VEC_NET_RX + 1;
}

/* Of the softirq run in progress, or of what runs outside of any. */
static __always_inline u32 run_weight(const struct napi_cpu *c)
{
	if (!config.sample || !run_is_net_rx(c))
		return 1;
	return c->run_sample.weight;
}

/* Is something being timed here, from which an interrupt has to be taken out? */
static __always_inline bool time_is_kept(const struct napi_cpu *c)
{
	return (c->run_vec && c->run_ts) || (c->mark_napi && c->mark_ts);
}

#endif /* SAMPLE_BPF_H */
