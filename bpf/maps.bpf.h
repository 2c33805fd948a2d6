/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every map and global, declared once: maps.bpf.c defines them (NAPI_EXTERN
 * is empty there), the program files refer to them.  User space sets the
 * sizes before load, so each is declared with one entry.
 */
#ifndef MAPS_BPF_H
#define MAPS_BPF_H

#include "napi_types.h"

#ifndef NAPI_EXTERN
#define NAPI_EXTERN extern
#endif

#define ENOENT 2 /* include/uapi/asm-generic/errno-base.h */

/* Read through a mapping by user space, indexed by CPU or by slot. */
#define NAPI_ARRAY(map, of)                        \
	NAPI_EXTERN struct {                       \
		__uint(type, BPF_MAP_TYPE_ARRAY);  \
		__uint(map_flags, BPF_F_MMAPABLE); \
		__uint(max_entries, 1);            \
		__type(key, __u32);                \
		__type(value, of);                 \
	} map SEC(".maps")

/* From a key to the index of its slot. */
#define NAPI_HASH(map)                           \
	NAPI_EXTERN struct {                     \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 1);          \
		__type(key, struct napi_key);    \
		__type(value, __u32);            \
	} map SEC(".maps")

/*
 * The free indexes, at first in order.  A queue, not a range per CPU: popping takes
 * a lock with interrupts off, so that programs which interrupt each other
 * never get the same index, and no slot is out of reach of a CPU that needs it.
 */
#define NAPI_QUEUE(map)                            \
	NAPI_EXTERN struct {                       \
		__uint(type, BPF_MAP_TYPE_QUEUE);  \
		__uint(max_entries, 1);            \
		__uint(value_size, sizeof(__u32)); \
	} map SEC(".maps")

/*
 * A ring buffer per CPU: CPUs never wait for each other.  User space says what
 * is in it, and makes the map only for trace.
 */
#define NAPI_RINGS(map)                                   \
	NAPI_EXTERN struct {                              \
		__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); \
		__uint(max_entries, 1);                   \
		__uint(key_size, sizeof(__u32));          \
		__uint(value_size, sizeof(__u32));        \
	} map SEC(".maps")

NAPI_ARRAY(napi_cpus, struct napi_cpu);
NAPI_ARRAY(napi_slots, struct napi_slot);
NAPI_ARRAY(napi_recs, struct napi_rec);
NAPI_ARRAY(irq_slots, struct irq_slot);
NAPI_ARRAY(napi_hists, struct napi_hist);
NAPI_ARRAY(trace_cpus, struct trace_cpu);
NAPI_ARRAY(trace_window, struct trace_event);
NAPI_RINGS(trace_rings);
NAPI_HASH(slot_of);
NAPI_HASH(rec_of);
NAPI_HASH(irq_of);
NAPI_QUEUE(free_slots);
NAPI_QUEUE(free_recs);
NAPI_QUEUE(free_irqs);
NAPI_QUEUE(free_hists);

NAPI_EXTERN const volatile struct probe_config config;
NAPI_EXTERN struct probe_control control;
NAPI_EXTERN struct napi_inspect inspect;

#endif /* MAPS_BPF_H */
