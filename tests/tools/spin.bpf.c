// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stack that costs more: each packet on its way in takes SPIN_NS longer.  And a
 * task that keeps softirqs off for HOLD_NS: who runs hold as a test.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#define SPIN_NS 175000
#define HOLD_NS 2000000
/* Rounds of rounds: a loop is verified round by round, a function once. */
#define ROUNDS 256

__noinline int spin_rounds(__u64 until)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (bpf_ktime_get_ns() >= until)
			return 1;
	return 0;
}

SEC("tc")
int spin(void *ctx)
{
	__u64 until = bpf_ktime_get_ns() + SPIN_NS;
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (spin_rounds(until))
			break;
	return -1; /* TC_ACT_UNSPEC: go on */
}

SEC("tc")
int hold(void *ctx)
{
	__u64 until = bpf_ktime_get_ns() + HOLD_NS;
	int i;

	for (i = 0; i < 8 * ROUNDS; i++)
		if (spin_rounds(until))
			break;
	return -1;
}

char LICENSE[] SEC("license") = "GPL";
