/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finding the record that an event belongs to: this CPU's state, the slot of
 * a (NAPI, CPU) pair, the slot of an interrupt action.  The usual case is one
 * look at a per-CPU cache; the first event of a pair takes the slow way.
 */
#ifndef RECORD_BPF_H
#define RECORD_BPF_H

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include "compat.bpf.h"
#include "maps.bpf.h"

/* 1 + irq whose handler runs, 0: none. */
static __always_inline u32 irq_running(const struct napi_cpu *c)
{
	return c->irq_now & ~(NAPI_IRQ_INNER | NAPI_IRQ_OUTER);
}

static __always_inline struct napi_cpu *cpu_this(void)
{
	u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&napi_cpus, &cpu);
}

/* softnet_data.time_squeeze of this CPU; its address must be known. */
static __always_inline u32 softnet_squeezes(const struct napi_cpu *c)
{
	struct softnet_data *sd = (void *)c->softnet;

	return BPF_CORE_READ(sd, time_squeeze);
}

static __always_inline struct napi_slot *slot_at(u32 index)
{
	return bpf_map_lookup_elem(&napi_slots, &index);
}

static __always_inline struct napi_rec *rec_at(u32 index)
{
	return bpf_map_lookup_elem(&napi_recs, &index);
}

/*
 * The time, and the handler time up to it.  An interrupt between the two reads
 * would charge its handler to one side and not to the other: read again.
 */
static __always_inline u64 clock_read(const struct napi_cpu *c, u64 *irq_ns)
{
	const volatile u64 *irq = &c->irq_ns;
	u64 before = *irq;
	u64 now = bpf_ktime_get_ns();

	*irq_ns = *irq;
	if (*irq_ns != before) {
		now = bpf_ktime_get_ns();
		*irq_ns = *irq;
	}
	return now;
}

/*
 * Never < 0: the clock is that of NMIs, and when the clock source changes may go back
 * by a little.
 */
static __always_inline u64 clock_since(u64 from, u64 to)
{
	return to > from ? to - from : 0;
}

/* Time between two readings without the handlers in between, never < 0. */
static __always_inline u64 clock_net(u64 from, u64 from_irq, u64 to, u64 to_irq)
{
	s64 ns = (s64)(to - from) - (s64)(to_irq - from_irq);

	return ns > 0 ? ns : 0;
}

/*
 * napi_id and ifindex: together they tell a NAPI from one that was here before.
 * Those of tap devices and for Tx alone have no id, and devices in namespaces of
 * their own have the same few numbers: instead it is the namespace's.  A backlog has
 * no device, a dummy device no namespace.  A program with subprograms must not fault
 * before 6.5: the kernel finds no exception table and dies ("bpf: ensure main program
 * has an extable"; 5.10 never got it).
 */
static __always_inline u64 napi_ident(const struct napi_struct *napi)
{
	const struct net_device *dev = napi->dev;
	u64 id = napi->napi_id;

	if (!dev)
		return id;
	if (!id)
		id = compat_net_id(dev->nd_net.net);
	return id | (u64)dev->ifindex << 32;
}

/* The same for programs whose pointer the verifier does not know (kprobes). */
static __always_inline u64 napi_ident_read(const struct napi_struct *napi)
{
	const struct net_device *dev = BPF_CORE_READ(napi, dev);
	u64 id = BPF_CORE_READ(napi, napi_id);

	if (!dev)
		return id;
	if (!id)
		id = compat_net_id_read(BPF_CORE_READ(dev, nd_net.net));
	return id | (u64)BPF_CORE_READ(dev, ifindex) << 32;
}

/*
 * The low half of an address: in a move of its own, after which the verifier
 * takes it for a number that may be shifted, whatever the compiler does.
 */
static __always_inline u32 address_low(const void *p)
{
	u32 low;

	asm volatile("%0 = %1" : "=w"(low) : "w"((u32)(u64)p));
	return low;
}

static __always_inline u32 cache_index(const void *p)
{
	u32 object = address_low(p);

	return (object >> 6 ^ object >> 14) & (NAPI_CACHE_SLOTS - 1);
}

static __always_inline void rec_fill(struct napi_rec *r,
				     const struct napi_struct *napi, u64 ident)
{
	struct net_device *dev = BPF_CORE_READ(napi, dev);
	u64 poll = (u64)BPF_CORE_READ(napi, poll);

	r->ident = ident;
	r->dev = (u64)dev;
	r->poll = poll;
	r->weight = BPF_CORE_READ(napi, weight);
	r->cpu = bpf_get_smp_processor_id();
	r->sched_ts = 0;
	r->session_ts = 0;
	r->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	bpf_probe_read_kernel_str(r->dev_name, sizeof(r->dev_name), dev->name);
	r->poll_name[0] = 0;
	if (config.symbol_names) {
		static const char fmt[] = "%ps";

		bpf_snprintf(r->poll_name, sizeof(r->poll_name), fmt, &poll,
			     sizeof(poll));
	}
	barrier();
	r->napi = (u64)napi;
}

/*
 * A free index.  The lock of a queue is one for all CPUs, and it is taken to find out
 * that nothing is there: once.
 */
static __always_inline int index_take(void *queue, u32 *empty, u32 *index)
{
	int err; /* as in hist_take() */

	if (*(volatile u32 *)empty)
		return -ENOENT;
	err = bpf_map_pop_elem(queue, index);
	if (err == -ENOENT)
		*(volatile u32 *)empty = 1;
	return err;
}

/*
 * Index of the NAPI's record, made if there is none; < 0: no room.  Two CPUs
 * may make it at the same time: the one that comes second in the hash gives
 * its index back.
 */
static __noinline int rec_find(const struct napi_struct *napi, u64 ident)
{
	struct napi_key key = { (u64)napi, ident, NAPI_ANY_CPU };
	struct napi_rec *r;
	u32 *found, index;

	found = bpf_map_lookup_elem(&rec_of, &key);
	if (found)
		return *found;
	/* There are as many as slots. */
	if (bpf_map_pop_elem(&free_recs, &index))
		return -1;
	r = rec_at(index);
	if (!r)
		return -1;
	rec_fill(r, napi, ident);
	if (!bpf_map_update_elem(&rec_of, &key, &index, BPF_NOEXIST))
		return index;
	r->napi = 0;
	bpf_map_push_elem(&free_recs, &index, BPF_ANY);
	found = bpf_map_lookup_elem(&rec_of, &key);
	return found ? *found : -1;
}

/*
 * The record of that index, if it is this NAPI's.  What the hash said may be another's:
 * user space deletes, and an element that is free is taken at once.
 */
static __always_inline struct napi_rec *
rec_checked(int index, const struct napi_struct *napi, u64 ident)
{
	struct napi_rec *r = index < 0 ? (void *)0 : rec_at(index);

	return r && r->napi == (u64)napi && r->ident == ident ? r : (void *)0;
}

/* As rec_find(), for the slot of this CPU.  A record without one is never given back. */
static __noinline int slot_find(const struct napi_struct *napi, u64 ident)
{
	struct napi_key key = { (u64)napi, ident, bpf_get_smp_processor_id() };
	struct napi_slot *s;
	struct napi_rec *r;
	u32 *found, index;
	int rec;

	found = bpf_map_lookup_elem(&slot_of, &key);
	if (found)
		return *found;
	if (index_take(&free_slots, &control.no_slots, &index))
		return -1;
	rec = rec_find(napi, ident);
	r = rec_checked(rec, napi, ident);
	s = r ? slot_at(index) : (void *)0;
	if (!s) {
		bpf_map_push_elem(&free_slots, &index, BPF_ANY);
		return -1;
	}
	s->ident = ident;
	s->cpu = key.cpu;
	s->rec = rec;
	s->reuse = r->reuse;
	barrier();
	s->napi = (u64)napi;
	if (!bpf_map_update_elem(&slot_of, &key, &index, BPF_NOEXIST))
		return index;
	s->napi = 0;
	bpf_map_push_elem(&free_slots, &index, BPF_ANY);
	found = bpf_map_lookup_elem(&slot_of, &key);
	return found ? *found : -1;
}

/* The stay in poll mode up to now: who never ends it is in it all the same. */
static __always_inline void stay_book(struct napi_slot *s, struct napi_rec *r,
				      u64 now)
{
	if (now <= r->booked_ts)
		return;
	s->residency_ns += now - r->booked_ts;
	r->booked_ts = now;
}

static __always_inline void stay_begin(struct napi_rec *r, u64 now)
{
	r->session_ts = now;
	r->session_polls = 0;
	r->booked_ts = now;
}

static __always_inline bool slot_is(const struct napi_slot *s, u64 napi, u64 ident)
{
	return s->napi == napi && s->ident == ident;
}

/*
 * As napi_ident_read(), with one of its four calls where the cache has this NAPI: an
 * napi_id is given out once.  A device that went to another namespace is noticed at the
 * next poll, whose slot takes the cache's entry.
 */
static __always_inline u64 napi_ident_known(const struct napi_struct *napi)
{
	const struct napi_cpu *c = cpu_this();
	const struct napi_slot *s;
	u32 id;

	s = c ? slot_at(c->slot_cache[cache_index(napi)] - 1) : (void *)0;
	if (s && s->napi == (u64)napi && s->ident >> 32) {
		id = BPF_CORE_READ(napi, napi_id);
		if (id && id == (u32)s->ident)
			return s->ident;
	}
	return napi_ident_read(napi);
}

/*
 * The slot of a NAPI on this CPU.  A cache entry is 1 + the index of a slot of
 * this CPU; it is read once and verified against the slot's own key, because a
 * program in hardirq context may replace it at any moment.
 */
static __always_inline struct napi_slot *
slot_get(struct napi_cpu *c, const struct napi_struct *napi, u64 ident)
{
	u32 *entry = &c->slot_cache[cache_index(napi)];
	/* An empty entry is 0: an index past the end, no slot. */
	struct napi_slot *s = slot_at(*(volatile u32 *)entry - 1);
	int index;

	if (s && slot_is(s, (u64)napi, ident))
		return s;
	index = slot_find(napi, ident);
	if (index < 0)
		return (void *)0;
	c->cache_misses++;
	/* Given back and taken anew since, it is another CPU's. */
	s = slot_at(index);
	if (!s || !slot_is(s, (u64)napi, ident) ||
	    s->cpu != bpf_get_smp_processor_id())
		return (void *)0;
	*(volatile u32 *)entry = index + 1;
	return s;
}

#endif /* RECORD_BPF_H */
