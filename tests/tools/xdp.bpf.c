// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that do the same with every frame.  Before 5.13 a veth has a NAPI
 * only with one of them.
 */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(void *ctx)
{
	return 2; /* XDP_PASS */
}

SEC("xdp")
int drop(void *ctx)
{
	return 1; /* XDP_DROP */
}

SEC("xdp")
int back(void *ctx)
{
	return 3; /* XDP_TX */
}

/* No verdict at all: frames are dropped. */
SEC("xdp")
int odd(void *ctx)
{
	return 77;
}

char LICENSE[] SEC("license") = "GPL";
