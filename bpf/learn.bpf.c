// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that are never attached: user space runs them, to prepare the maps
 * and when it wants to know something.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "compat.bpf.h"
#include "record.bpf.h"

struct fill_args {
	u64 first;
};

/*
 * Fills the queues with the indexes from first on: a system call for
 * NAPI_FILL_STEP of them.  A queue that is full refuses more, and every queue
 * has as many entries as there are indexes.
 */
SEC("raw_tp")
int fill_queues__run(struct fill_args *args)
{
	u32 i, index;

	for (i = 0; i < NAPI_FILL_STEP; i++) {
		index = args->first + i;
		bpf_map_push_elem(&free_slots, &index, BPF_ANY);
		bpf_map_push_elem(&free_recs, &index, BPF_ANY);
		bpf_map_push_elem(&free_irqs, &index, BPF_ANY);
		bpf_map_push_elem(&free_hists, &index, BPF_ANY);
	}
	return 0;
}

struct learn_args {
	u64 cpu;
	u64 softnet_data;
	u64 per_cpu_offset;
};

/*
 * Where softnet_data of a CPU is, computed once from the addresses of the
 * per-CPU symbol and of __per_cpu_offset.  A typed ksym would fail the load of
 * the whole object on kernels that hide data symbols.
 */
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
	/* The run that is under way may be squeezed, too. */
	if (!c->squeeze_seen)
		c->squeeze_seen = 1 + (u64)softnet_squeezes(c);
	return 0;
}

struct inspect_args {
	u64 rec;
};

/*
 * What a NAPI is set to now.  Its memory may be gone: everything is read safely,
 * and after that its id has to be the one that was seen.
 */
SEC("raw_tp")
int inspect_napi__run(struct inspect_args *args)
{
	struct napi_rec *r = rec_at(args->rec);
	struct napi_struct *napi;
	struct task_struct *thread = (void *)0;

	if (!r || !r->napi)
		return 1;
	napi = (void *)r->napi;
	inspect.state = BPF_CORE_READ(napi, state);
	inspect.weight = BPF_CORE_READ(napi, weight);
	if (bpf_core_field_exists(napi->thread))
		thread = BPF_CORE_READ(napi, thread);
	inspect.thread = thread ? BPF_CORE_READ(thread, pid) : 0;
	inspect.netns = BPF_CORE_READ(napi, dev, nd_net.net, ns.inum);
	return napi_ident_read(napi) != r->ident ||
	       (u64)BPF_CORE_READ(napi, dev) != r->dev;
}

char LICENSE[] SEC("license") = "GPL";
