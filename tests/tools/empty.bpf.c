// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that do nothing, on the tracepoints that napiscope's tracepoint
 * tier uses: what being attached costs before the first instruction of ours.
 * With clock each reads it once, which is the least that timing takes.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

const volatile bool clock;

#define EMPTY(point)                                         \
	SEC("tp_btf/" #point)                                \
	int empty_##point(void *ctx __attribute__((unused))) \
	{                                                    \
		if (clock)                                   \
			bpf_ktime_get_ns();                  \
		return 0;                                    \
	}

EMPTY(napi_poll)
EMPTY(softirq_entry)
EMPTY(softirq_exit)
EMPTY(irq_handler_entry)
EMPTY(irq_handler_exit)
EMPTY(local_timer_entry)
EMPTY(local_timer_exit)
EMPTY(call_function_single_entry)
EMPTY(call_function_single_exit)
EMPTY(call_function_entry)
EMPTY(call_function_exit)

char LICENSE[] SEC("license") = "GPL";
