// SPDX-License-Identifier: GPL-2.0-only
/* Passes every frame: before 5.13 a veth has a NAPI only with XDP. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(void *ctx)
{
	return 2; /* XDP_PASS */
}

char LICENSE[] SEC("license") = "GPL";
