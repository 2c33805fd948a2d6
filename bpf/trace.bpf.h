/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Emits events for `trace`, from the programs that count them and with the
 * numbers that they count.  The configuration is constant: in a run without
 * trace the verifier removes every call.
 *
 * An event goes into this CPU's ring buffer, or, with trace_window, over the
 * oldest one of this CPU's window; a trigger then keeps the window for user
 * space.
 */
#ifndef TRACE_BPF_H
#define TRACE_BPF_H

#include "record.bpf.h"

/* Wake user space after so many records, at the latest; it looks by itself. */
#define TRACE_WAKE_EVERY 4096

/*
 * Interrupts between two instructions of trace_window_claim() that it can cope
 * with.
 */
#define TRACE_WINDOW_TRIES 4

static __always_inline struct trace_cpu *trace_cpu_this(u32 cpu)
{
	return bpf_map_lookup_elem(&trace_cpus, &cpu);
}

static __always_inline struct trace_event *trace_window_at(u32 cpu, u32 half,
							   u32 at)
{
	u32 index = (2 * cpu + half) * config.trace_window +
		    (at & (config.trace_window - 1));

	return bpf_map_lookup_elem(&trace_window, &index);
}

/*
 * The next entry of the window.  An interrupt between the addition and the
 * reading takes entries of its own, and has written them all when we go on:
 * ours is the first one below that is not of this round.
 */
static __always_inline struct trace_event *trace_window_claim(struct trace_cpu *t,
							      u32 cpu)
{
	u32 half = t->half & 1;
	struct trace_event *e;
	u32 at;
	int i;

	__sync_fetch_and_add(&t->head[half], 1);
	at = *(volatile u32 *)&t->head[half];
#pragma unroll
	for (i = 0; i < TRACE_WINDOW_TRIES; i++, at--) {
		e = trace_window_at(cpu, half, at - 1);
		if (!e)
			return e;
		if (e->index != at) {
			e->seq = 0;
			barrier();
			e->index = at;
			return e;
		}
	}
	return (void *)0;
}

static __always_inline struct trace_event *trace_ring_claim(u32 cpu)
{
	void *ring = bpf_map_lookup_elem(&trace_rings, &cpu);

	if (!ring)
		return (void *)0;
	return bpf_ringbuf_reserve(ring, sizeof(struct trace_event), 0);
}

/* NULL: the event is not wanted, or there is no room.  Else: trace_end(). */
static __always_inline struct trace_event *trace_begin(enum trace_type type)
{
	u32 cpu = bpf_get_smp_processor_id();
	struct trace_cpu *t = trace_cpu_this(cpu);
	struct trace_event *e;

	if (!t || !t->on)
		return (void *)0;
	e = config.trace_window ? trace_window_claim(t, cpu) :
				  trace_ring_claim(cpu);
	if (!e) {
		__sync_fetch_and_add(&t->lost, 1);
		return e;
	}
	e->type = type;
	e->cpu = cpu;
	return e;
}

/*
 * Waking costs an interrupt to oneself: user space looks now and then, and is
 * woken only when much has come meanwhile.
 */
static __always_inline void trace_end(struct trace_event *e)
{
	struct trace_cpu *t;
	u64 flags = BPF_RB_NO_WAKEUP;

	if (config.trace_window) {
		barrier();
		e->seq = e->index;
		return;
	}
	t = trace_cpu_this(e->cpu);
	if (t && !(++t->records % TRACE_WAKE_EVERY))
		flags = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(e, flags);
}

static __always_inline void trace_set_time(struct trace_event *e, u64 start,
					   u64 ts, u64 ns)
{
	e->start = start;
	e->ts = ts;
	e->ns = ns;
}

/* As user space names a NAPI: one record is several, one after the other. */
static __always_inline u64 slot_id(const struct napi_slot *s)
{
	return (u64)s->reuse << 32 | s->rec;
}

static __always_inline void trace_set_what(struct trace_event *e, u64 id,
					   u32 irq, u8 what, u8 flags)
{
	e->id = id;
	e->irq = irq;
	e->what = what;
	e->flags = flags;
}

static __always_inline void trace_set_work(struct trace_event *e, s32 work,
					   s32 budget)
{
	e->work = work;
	e->budget = budget;
}

static __always_inline bool trace_wants(enum trace_type type)
{
	return config.trace_events >> type & 1;
}

/* In a window every event is kept: there trace_longer is of the trigger. */
static __always_inline bool trace_is_short(u64 ns)
{
	return !config.trace_window && ns < config.trace_longer;
}

static __always_inline bool trace_wants_napi(u64 ident)
{
	u64 key = ident & control.trace_mask;
	int i;

	if (!control.trace_idents_used)
		return true;
#pragma unroll
	for (i = 0; i < NAPI_TRACE_IDENTS; i++)
		if (key == control.trace_ident[i])
			return true;
	return false;
}

/* --- triggers --------------------------------------------------------------- */

/* The window is kept at the end of the run, with all of it. */
static __always_inline void trace_trigger(enum trace_why why)
{
	struct trace_cpu *t = trace_cpu_this(bpf_get_smp_processor_id());

	if (t && t->on)
		t->due |= why;
}

static __always_inline void trace_keep(void)
{
	struct trace_cpu *t = trace_cpu_this(bpf_get_smp_processor_id());

	if (!t || !t->due)
		return;
	t->triggers++;
	if (t->frozen) {
		t->triggers_missed++;
	} else {
		t->frozen = t->due | (t->half & 1 ? TRACE_FROZEN_HALF : 0);
		t->half ^= 1;
	}
	t->due = 0;
}

/* --- events ----------------------------------------------------------------- */

/*
 * Each is a function of its own, and the call is all that a program has of it:
 * when the verifier has removed that, a load of the configuration remains.
 */
#define TRACE_EMITTER static __noinline __attribute__((unused)) int

TRACE_EMITTER trace_emit_irq(const struct napi_cpu *c, u32 irq, u64 action, u64 ns)
{
	struct trace_event *e;

	if (!trace_wants(TRACE_IRQ) || trace_is_short(ns))
		return 0;
	e = trace_begin(TRACE_IRQ);
	if (!e)
		return 0;
	trace_set_time(e, c->irq_ts, c->irq_ts + ns, ns);
	trace_set_what(e, action, irq + 1, 0, 0);
	trace_set_work(e, 0, 0);
	trace_end(e);
	return 0;
}

TRACE_EMITTER trace_emit_raise(u32 vec)
{
	struct trace_event *e;

	if (!trace_wants(TRACE_RAISE) || trace_is_short(0))
		return 0;
	e = trace_begin(TRACE_RAISE);
	if (!e)
		return 0;
	trace_set_time(e, 0, bpf_ktime_get_ns(), 0);
	trace_set_what(e, 0, 0, vec, 0);
	trace_set_work(e, 0, 0);
	trace_end(e);
	return 0;
}

/* Where NAPIs are asked for, the runs of NET_RX that polled one. */
static __always_inline bool trace_wants_run(u32 vec)
{
	struct trace_cpu *t;
	bool polled;

	if (!control.trace_idents_used)
		return true;
	if (vec != NAPI_VEC_NET_RX)
		return false;
	t = trace_cpu_this(bpf_get_smp_processor_id());
	polled = t && t->polled;
	if (polled)
		t->polled = 0;
	return polled;
}

static __always_inline void trace_run(const struct napi_cpu *c, u32 vec,
				      u64 now, u64 ns)
{
	struct trace_event *e;

	if (!trace_wants_run(vec) || !trace_wants(TRACE_SOFTIRQ) ||
	    trace_is_short(ns))
		return;
	e = trace_begin(TRACE_SOFTIRQ);
	if (!e)
		return;
	trace_set_time(e, c->run_ts, now, ns);
	trace_set_what(e, 0, 0, vec, 0);
	trace_set_work(e, vec == NAPI_VEC_NET_RX ? c->run_work : 0, 0);
	trace_end(e);
}

TRACE_EMITTER trace_emit_softirq(const struct napi_cpu *c, u32 vec, u64 now,
				 u64 irq_ns)
{
	trace_run(c, vec, now, clock_net(c->run_ts, c->run_irq_ns, now, irq_ns));
	if (config.trace_window && vec == NAPI_VEC_NET_RX)
		trace_keep();
	return 0;
}

/* With the counts of the run: its work, and the budget it had. */
TRACE_EMITTER trace_emit_squeeze(const struct napi_cpu *c, bool spent,
				 bool late, bool left)
{
	struct trace_event *e;

	if (config.trace_window && left)
		trace_trigger(TRACE_WHY_SQUEEZE);
	if (!trace_wants(TRACE_SQUEEZE))
		return 0;
	e = trace_begin(TRACE_SQUEEZE);
	if (!e)
		return 0;
	trace_set_time(e, 0, bpf_ktime_get_ns(), 0);
	trace_set_what(e, 0, 0,
		       (spent ? TRACE_SQUEEZE_BUDGET : 0) |
			       (late ? TRACE_SQUEEZE_TIME : 0),
		       left ? TRACE_LEFT : 0);
	trace_set_work(e, c->run_work, control.budget);
	trace_end(e);
	return 0;
}

TRACE_EMITTER trace_emit_schedule(const struct napi_cpu *c,
				  const struct napi_slot *s, u32 flags)
{
	struct trace_event *e;

	if (!trace_wants(TRACE_SCHEDULE) || trace_is_short(0) ||
	    !trace_wants_napi(s->ident))
		return 0;
	e = trace_begin(TRACE_SCHEDULE);
	if (!e)
		return 0;
	trace_set_time(e, 0, bpf_ktime_get_ns(), 0);
	trace_set_what(e, slot_id(s), irq_running(c), 0, flags);
	trace_set_work(e, 0, 0);
	trace_end(e);
	return 0;
}

TRACE_EMITTER trace_emit_complete(struct napi_cpu *c,
				  const struct napi_struct *napi, u64 ident,
				  bool rearmed)
{
	const struct napi_slot *s;
	struct trace_event *e;

	if (!trace_wants(TRACE_COMPLETE) || trace_is_short(0) ||
	    !trace_wants_napi(ident))
		return 0;
	s = slot_get(c, napi, ident);
	e = s ? trace_begin(TRACE_COMPLETE) : (void *)0;
	if (!s || !e)
		return 0;
	trace_set_time(e, 0, bpf_ktime_get_ns(), 0);
	trace_set_what(e, slot_id(s), 0, 0,
		       (rearmed ? TRACE_REARMED : 0) |
			       (c->after_poll == (u64)napi ? TRACE_CORE : 0));
	trace_set_work(e, 0, 0);
	trace_end(e);
	return 0;
}

/* What of a poll goes into one argument: its context, these, and the budget. */
#define TRACE_HOW_CTX 0xff
#define TRACE_HOW_TIMED 0x100
#define TRACE_HOW_INFERRED 0x200
#define TRACE_HOW_IN_RUN 0x400 /* of NET_RX, whose exit keeps the window */
#define TRACE_HOW_BUDGET 32

static __always_inline void trace_poll_event(const struct napi_cpu *c,
					     const struct napi_slot *s, u64 how,
					     s32 work, u64 ns)
{
	const bool timed = how & TRACE_HOW_TIMED;
	struct trace_event *e;

	if (!trace_wants(TRACE_POLL) || trace_is_short(ns))
		return;
	e = trace_begin(TRACE_POLL);
	if (!e)
		return;
	trace_set_time(e, timed ? c->poll_from : 0,
		       timed ? c->mark_ts : bpf_ktime_get_ns(), ns);
	trace_set_what(e, slot_id(s), 0, how & TRACE_HOW_CTX,
		       timed && how & TRACE_HOW_INFERRED ? TRACE_INFERRED : 0);
	trace_set_work(e, work, how >> TRACE_HOW_BUDGET);
	trace_end(e);
}

TRACE_EMITTER trace_emit_poll(const struct napi_cpu *c, const struct napi_slot *s,
			      u64 how, s32 work, u64 ns)
{
	struct trace_cpu *t = trace_cpu_this(bpf_get_smp_processor_id());

	if (!trace_wants_napi(s->ident))
		return 0;
	if (t && how & TRACE_HOW_IN_RUN)
		t->polled = 1;
	trace_poll_event(c, s, how, work, ns);
	if (!config.trace_window || !config.trace_longer ||
	    ns < config.trace_longer)
		return 0;
	trace_trigger(TRACE_WHY_POLL);
	if (!(how & TRACE_HOW_IN_RUN))
		trace_keep();
	return 0;
}

#define trace_irq(...) (config.trace_events ? trace_emit_irq(__VA_ARGS__) : 0)
#define trace_raise(...) \
	(config.trace_events ? trace_emit_raise(__VA_ARGS__) : 0)
#define trace_softirq(...) \
	(config.trace_events ? trace_emit_softirq(__VA_ARGS__) : 0)
#define trace_squeeze(...) \
	(config.trace_events ? trace_emit_squeeze(__VA_ARGS__) : 0)
#define trace_schedule(...) \
	(config.trace_events ? trace_emit_schedule(__VA_ARGS__) : 0)
#define trace_complete(...) \
	(config.trace_events ? trace_emit_complete(__VA_ARGS__) : 0)
#define trace_poll(...) (config.trace_events ? trace_emit_poll(__VA_ARGS__) : 0)

#endif /* TRACE_BPF_H */
