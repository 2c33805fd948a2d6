// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where softnet_data of a CPU is, computed once from the addresses of the
 * per-CPU symbol and of __per_cpu_offset.  Never attached: user space runs it
 * for each CPU.  A typed ksym would fail the load of the whole object on
 * kernels that hide data symbols.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "record.bpf.h"

struct learn_args {
	u64 cpu;
	u64 softnet_data;
	u64 per_cpu_offset;
};

SEC("raw_tp")
int learn_softnet__run(struct learn_args *args)
{
	u64 entry = args->per_cpu_offset + args->cpu * sizeof(u64);
	u32 cpu = args->cpu;
	struct napi_cpu *c = bpf_map_lookup_elem(&napi_cpus, &cpu);
	u64 offset;

	if (!c || bpf_probe_read_kernel(&offset, sizeof(offset), (void *)entry))
		return 1;
	c->softnet = args->softnet_data + offset;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
