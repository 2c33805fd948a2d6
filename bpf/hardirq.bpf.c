// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt handlers per (action, CPU), and the time that interrupts take
 * away from whatever they interrupt.  Handlers run with interrupts off: on
 * one CPU they only nest where a handler finds out whose interrupt it is, and
 * runs the handlers of that one (behind a VMD, a PCIe root port, pins of a
 * GPIO); and one may run inside a timer or IPI vector.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "hist.bpf.h"
#include "record.bpf.h"
#include "sample.bpf.h"
#include "trace.bpf.h"

#define IRQF_PERCPU 0x00000400 /* include/linux/interrupt.h */

static __always_inline bool irq_is(const struct irq_slot *s, u64 action, u32 irq)
{
	return s->action == action && s->irq == irq;
}

/*
 * The timer and IPIs of arm64 and others come through this path too.  They
 * are no device's: they are treated like the vectors of x86.
 */
static __always_inline bool irq_is_per_cpu(const struct irqaction *action)
{
	return action->flags & IRQF_PERCPU;
}

/* An interrupt raised NET_RX, which cannot begin before the end of it: now. */
static __always_inline void irq_stamp_raise(struct napi_cpu *c, u64 now)
{
	if (c->raise_ts == NAPI_RAISE_IN_IRQ)
		c->raise_ts = now;
}

static __always_inline void vector_begin(struct napi_cpu *c)
{
	c->vector_ts = time_is_kept(c) ? bpf_ktime_get_ns() : NAPI_VECTOR_UNTIMED;
}

static __always_inline bool vector_is_timed(const struct napi_cpu *c)
{
	return c->vector_ts != NAPI_VECTOR_UNTIMED;
}

static __always_inline void vector_end(struct napi_cpu *c)
{
	u64 now;

	if (!c->vector_ts)
		return;
	c->irq_vote = 0;
	c->vectors++;
	if (vector_is_timed(c) || c->raise_ts == NAPI_RAISE_IN_IRQ) {
		now = bpf_ktime_get_ns();
		if (vector_is_timed(c))
			c->irq_ns += clock_since(c->vector_ts, now);
		irq_stamp_raise(c, now);
	}
	c->vector_ts = 0;
}

static __always_inline struct irq_slot *irq_at(u32 index)
{
	return bpf_map_lookup_elem(&irq_slots, &index);
}

/* Index of the slot of an action on this CPU, made if there is none. */
static __noinline int irq_find(const struct irqaction *action, u32 irq)
{
	struct napi_key key = { (u64)action, irq, bpf_get_smp_processor_id() };
	struct irq_slot *s;
	u32 *found, index;

	found = bpf_map_lookup_elem(&irq_of, &key);
	if (found)
		return *found;
	if (index_take(&free_irqs, &control.no_irqs, &index))
		return -1;
	s = irq_at(index);
	if (!s)
		return -1;
	s->irq = irq;
	s->cpu = key.cpu;
	bpf_probe_read_kernel_str(s->name, sizeof(s->name),
				  BPF_CORE_READ(action, name));
	barrier();
	s->action = (u64)action;
	if (!bpf_map_update_elem(&irq_of, &key, &index, BPF_NOEXIST))
		return index;
	s->action = 0;
	bpf_map_push_elem(&free_irqs, &index, BPF_ANY);
	return -1;
}

/*
 * By its address: numbers of two devices with a vector for each CPU are as far apart as
 * there are CPUs, and those of one CPU would share an entry.
 */
static __always_inline u32 irq_cache_index(const struct irqaction *action)
{
	return address_low(action) * 0x9e3779b1U >> (32 - NAPI_CACHE_IRQ_BITS);
}

static __always_inline struct irq_slot *
irq_get(struct napi_cpu *c, const struct irqaction *action, u32 irq)
{
	u32 *entry = &c->irq_cache[irq_cache_index(action)];
	struct irq_slot *s = irq_at(*entry - 1);
	int index;

	if (s && irq_is(s, (u64)action, irq))
		return s;
	index = irq_find(action, irq);
	if (index < 0)
		return (void *)0;
	c->cache_misses++;
	/* As in slot_get(). */
	s = irq_at(index);
	if (!s || !irq_is(s, (u64)action, irq) ||
	    s->cpu != bpf_get_smp_processor_id())
		return (void *)0;
	*entry = index + 1;
	return s;
}

/* The outer one goes on where its time is taken from: one level. */
static __always_inline void irq_nest(struct napi_cpu *c, u32 irq)
{
	c->outer_irq = c->irq_now;
	c->outer_ts = c->irq_ts;
	c->irq_now = (irq + 1) | NAPI_IRQ_INNER;
	if (c->irq_ts)
		c->irq_ts = bpf_ktime_get_ns();
}

/*
 * One ended, after ns.  An inner one's time is none of the outer one's, which begins so
 * much later.
 */
static __always_inline void irq_leave(struct napi_cpu *c, u64 ns)
{
	if (!(c->irq_now & NAPI_IRQ_INNER)) {
		c->irq_now = 0;
		if (c->irq_ts)
			c->irq_ts += ns;
		return;
	}
	c->irq_now = c->outer_irq | NAPI_IRQ_OUTER;
	c->irq_ts = c->outer_ts ? c->outer_ts + ns : 0;
}

SEC("tp_btf/irq_handler_entry")
int BPF_PROG(irq_handler_entry__tp, int irq, struct irqaction *action)
{
	struct napi_cpu *c = cpu_this();

	if (!c)
		return 0;
	if (irq_is_per_cpu(action)) {
		vector_begin(c);
		return 0;
	}
	if (c->irq_now && irq_running(c) != (u32)irq + 1) {
		irq_nest(c, irq);
		return 0;
	}
	c->irq_now = irq + 1;
	c->irq_ts = sample_begin(&c->irq_sample) || time_is_kept(c) ?
			    bpf_ktime_get_ns() :
			    0;
	return 0;
}

static __always_inline void irq_vote(struct napi_cpu *c, u32 irq)
{
	if (!c->irq_vote)
		c->irq_vote = irq + 1;
	else if (c->irq_vote != irq + 1)
		c->irq_vote = ~0U;
}

/* How long the handler took; 0: it was not timed. */
static __always_inline u64 irq_time(struct napi_cpu *c)
{
	const bool timed = !config.sample || c->irq_ts;
	u64 now;

	if (!timed && c->raise_ts != NAPI_RAISE_IN_IRQ)
		return 0;
	now = bpf_ktime_get_ns();
	irq_stamp_raise(c, now);
	return timed ? clock_since(c->irq_ts, now) : 0;
}

/* How long it took. */
static __always_inline u64 irq_end(struct napi_cpu *c, u32 irq,
				   const struct irqaction *action)
{
	const u32 weight = sample_weight(&c->irq_sample);
	u64 ns = irq_time(c);
	struct irq_slot *s;

	/* Inside a traced vector (a chained or software irq) that one has it. */
	if (!c->vector_ts)
		c->irq_ns += ns;
	c->irq_handler_ns += ns * weight;
	c->irqs++;
	/* Who hands on to others schedules nothing itself. */
	if (!(c->irq_now & NAPI_IRQ_OUTER))
		irq_vote(c, irq);
	s = irq_get(c, action, irq);
	if (!s) {
		c->lost_irqs++;
		return ns;
	}
	s->seq++;
	barrier();
	s->count++;
	s->ns += ns * weight;
	if (weight)
		hist_add_weighted(c, &s->hist, ns, weight);
	barrier();
	s->seq++;
	trace_irq(c, irq, (u64)action, ns);
	return ns;
}

SEC("tp_btf/irq_handler_exit")
int BPF_PROG(irq_handler_exit__tp, int irq, struct irqaction *action)
{
	struct napi_cpu *c = cpu_this();

	if (!c)
		return 0;
	if (irq_is_per_cpu(action))
		vector_end(c);
	else if (irq_running(c) == (u32)irq + 1)
		irq_leave(c, irq_end(c, irq, action));
	else
		c->unmatched_irqs++;
	return 0;
}

/*
 * x86 vectors that never reach irq_handler_entry.  Their time is taken out of
 * softirq and poll time like that of handlers; they are not counted.  That of
 * reschedule_interrupt is less than looking at it takes.
 */
static __always_inline int vector_entry(void)
{
	struct napi_cpu *c = cpu_this();

	if (c)
		vector_begin(c);
	return 0;
}

static __always_inline int vector_exit(void)
{
	struct napi_cpu *c = cpu_this();

	if (c)
		vector_end(c);
	return 0;
}

SEC("tp_btf/local_timer_entry")
int BPF_PROG(local_timer_entry__tp)
{
	return vector_entry();
}

SEC("tp_btf/local_timer_exit")
int BPF_PROG(local_timer_exit__tp)
{
	return vector_exit();
}

SEC("tp_btf/call_function_single_entry")
int BPF_PROG(call_single_entry__tp)
{
	return vector_entry();
}

SEC("tp_btf/call_function_single_exit")
int BPF_PROG(call_single_exit__tp)
{
	return vector_exit();
}

SEC("tp_btf/call_function_entry")
int BPF_PROG(call_many_entry__tp)
{
	return vector_entry();
}

SEC("tp_btf/call_function_exit")
int BPF_PROG(call_many_exit__tp)
{
	return vector_exit();
}

char LICENSE[] SEC("license") = "GPL";
