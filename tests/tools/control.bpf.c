// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control of the exactness tests: programs that do nothing but count.
 * What they miss against the kernel, no BPF program could have seen.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define MAX_CPUS 512
#define MAX_VECS 16
#define MAX_IRQS 1024

__u64 softirqs[MAX_CPUS][MAX_VECS];
__u64 irqs[MAX_CPUS][MAX_IRQS];

SEC("tp_btf/softirq_entry")
int BPF_PROG(control_softirq, unsigned int vec)
{
	u32 cpu = bpf_get_smp_processor_id();

	if (cpu < MAX_CPUS)
		softirqs[cpu][vec & (MAX_VECS - 1)]++;
	return 0;
}

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(control_irq, int irq)
{
	u32 cpu = bpf_get_smp_processor_id();

	if (cpu < MAX_CPUS)
		irqs[cpu][irq & (MAX_IRQS - 1)]++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
