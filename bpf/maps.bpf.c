// SPDX-License-Identifier: GPL-2.0-only
/* Defines what maps.bpf.h declares. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define NAPI_EXTERN
#include "maps.bpf.h"

char LICENSE[] SEC("license") = "GPL";
