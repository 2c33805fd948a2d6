/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log-linear histogram buckets, the same arithmetic in the programs and in
 * user space: 16 buckets for each power of two, so that a bucket is at most
 * 1/16 (6.25 %) wide relative to its lower bound.  Values below 32 have a
 * bucket each; values of 2^40 and more share the last one.
 */
#ifndef NAPI_HIST_H
#define NAPI_HIST_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

#define HIST_SUB_BITS 4
#define HIST_SUBS (1U << HIST_SUB_BITS)
#define HIST_MAX_BITS 40
#define HIST_BUCKETS ((HIST_MAX_BITS - HIST_SUB_BITS + 1) * HIST_SUBS)

/* Position of the highest bit of v > 0; old BPF has no instruction for it. */
static inline __attribute__((always_inline)) __u32 hist_log2(__u64 v)
{
	__u32 bits = 0, shift;

	shift = (v > 0xffffffff) << 5;
	v >>= shift;
	bits |= shift;
	shift = (v > 0xffff) << 4;
	v >>= shift;
	bits |= shift;
	shift = (v > 0xff) << 3;
	v >>= shift;
	bits |= shift;
	shift = (v > 0xf) << 2;
	v >>= shift;
	bits |= shift;
	shift = (v > 0x3) << 1;
	v >>= shift;
	bits |= shift;
	return bits | v >> 1;
}

/* Bucket of a value: 0 to HIST_BUCKETS - 1. */
static inline __attribute__((always_inline)) __u32 hist_bucket(__u64 v)
{
	__u32 shift;

	/* Up to there values and buckets are the same. */
	if (v < 2 * HIST_SUBS)
		return v;
	if (v >> HIST_MAX_BITS)
		return HIST_BUCKETS - 1;
	shift = hist_log2(v) - HIST_SUB_BITS;
	return ((shift + 1) << HIST_SUB_BITS) + ((v >> shift) & (HIST_SUBS - 1));
}

/* Lowest value of a bucket; that of bucket + 1 is its exclusive upper bound. */
static inline __attribute__((always_inline)) __u64 hist_low(__u32 bucket)
{
	__u32 shift;

	if (bucket < HIST_SUBS)
		return bucket;
	shift = (bucket >> HIST_SUB_BITS) - 1;
	return (__u64)(HIST_SUBS + (bucket & (HIST_SUBS - 1))) << shift;
}

#endif /* NAPI_HIST_H */
