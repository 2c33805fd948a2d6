// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way into poll mode and out of it: __napi_schedule*, napi_complete_done
 * and the timer that schedules a deferred NAPI.  There is no tracepoint for
 * any of them, so these are fentry and kprobe programs over the same bodies.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "hist.bpf.h"
#include "record.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"

/*
 * The core's own call, not the driver's: inside napi_complete_done (a missed
 * schedule), or after the poll event.  A handler or a vector that interrupts
 * either is the driver's.
 */
static __always_inline bool schedule_is_core(const struct napi_cpu *c, u64 napi)
{
	if (c->irq_now || c->vector_ts)
		return false;
	return c->completing == napi || c->after_poll == napi;
}

/* A stay whose end nobody saw is as long as it was seen. */
static __always_inline void stay_lose(struct napi_cpu *c, struct napi_slot *s,
				      struct napi_rec *r)
{
	hist_add(c, &s->hists[NAPI_HIST_RESIDENCY_NS],
		 r->booked_ts - r->session_ts);
	r->session_ts = 0;
	r->session_polls = 0;
}

/*
 * An interrupt that schedules it was enabled: the stay before is over (napi_disable()
 * while a timer was to go on with it, or a driver that does not mask).  So it is where a
 * device that was down for long schedules it from a task.  One that comes while
 * napi_complete_done runs leaves it to complete_end(), which knows its end.
 *
 * longest: a stay that goes on was seen so long ago at most, in ns.
 */
static __always_inline void schedule_begin(struct napi_cpu *c,
					   struct napi_slot *s,
					   struct napi_rec *r, u64 longest)
{
	u64 now = bpf_ktime_get_ns();

	r->sched_ts = now;
	if (r->session_ts && c->completing != s->napi &&
	    clock_since(r->booked_ts, now) >= longest)
		stay_lose(c, s, r);
	/* Another CPU may just have completed it: booked by polls alone. */
	if (!r->session_ts)
		stay_begin(r, now);
}

/*
 * 1 + irq whose thread runs, 0: none.  Under PREEMPT_RT, with threadirqs, and of drivers
 * that ask for it, handlers run in threads, which are called "irq/NUMBER-ACTION".
 */
static __always_inline u32 irq_thread(void)
{
	char comm[16];
	u32 irq = 0;
	int i;

	if (bpf_get_current_comm(comm, sizeof(comm)) || comm[0] != 'i' ||
	    comm[1] != 'r' || comm[2] != 'q' || comm[3] != '/' ||
	    !task_is_kthread())
		return 0;
#pragma unroll
	for (i = 4; i < 12; i++) {
		if (comm[i] < '0' || comm[i] > '9')
			break;
		irq = irq * 10 + comm[i] - '0';
	}
	return irq + 1;
}

/*
 * 1 + irq whose handler schedules, 0: none.  What interrupts an irq's thread, or a
 * softirq in it, does not schedule for that irq.
 */
static __always_inline u32 schedule_irq(const struct napi_cpu *c)
{
	u32 irq = irq_running(c);

	return irq || c->run_vec || c->vector_ts ? irq : irq_thread();
}

/*
 * The backlog (no device) is left out: most of its schedules are inlined, the
 * others may be of another CPU.
 */
static __always_inline int schedule(const struct napi_struct *napi, u64 ident,
				    bool has_dev)
{
	struct napi_cpu *c = cpu_this();
	struct napi_slot *s;
	struct napi_rec *r;
	u64 longest = ~0ULL;
	u32 irq;

	if (!c || c->watchdog == (u64)napi || !has_dev)
		return 0;
	s = slot_get(c, napi, ident);
	r = s ? rec_at(s->rec) : (void *)0;
	if (!s || !r) {
		c->lost_schedules++;
		return 0;
	}
	trace_schedule(c, s, schedule_is_core(c, (u64)napi) ? TRACE_CORE : 0);
	if (schedule_is_core(c, (u64)napi)) {
		s->core_reschedules++;
		c->after_poll = 0;
	} else {
		s->schedules++;
		irq = schedule_irq(c);
		longest = irq ? 0 : NAPI_STAY_NS;
		if (irq) {
			s->irq_vote = irq;
			s->irq_votes = ~0;
		}
	}
	schedule_begin(c, s, r, longest);
	return 0;
}

/* The core takes from poll mode what is to be disabled. */
static __always_inline void complete_forget(struct napi_cpu *c,
					    struct napi_slot *s)
{
	struct napi_rec *r = rec_at(s->rec);

	if (r && r->session_ts)
		stay_lose(c, s, r);
}

/*
 * In a poll of a busy poller's own the core is done with the one before, after which
 * it may have polled on without a schedule (SO_PREFER_BUSY_POLL).
 */
static __always_inline int complete_begin(const struct napi_struct *napi,
					  u64 state, u64 ident)
{
	struct napi_cpu *c = cpu_this();
	struct napi_slot *s;

	if (!c)
		return 0;
	if (state & config.busy_poll_mask)
		c->after_poll = 0;
	c->completing = (u64)napi;
	s = slot_get(c, napi, ident);
	if (c->after_poll == (u64)napi) {
		if (s && state & config.disable_mask)
			complete_forget(c, s);
		return 0;
	}
	if (s)
		s->completions++;
	else
		c->lost_schedules++;
	return 0;
}

static __always_inline void complete_session(struct napi_cpu *c,
					     struct napi_slot *s, u64 since,
					     u64 booked, u32 polls)
{
	u64 now = bpf_ktime_get_ns();
	u64 ns = clock_since(since, now);

	if (now > booked)
		s->residency_ns += now - booked;
	hist_add(c, &s->hists[NAPI_HIST_RESIDENCY_NS], ns);
	/* None: of a poll function that is not hooked yet they are not known. */
	if (config.exact_poll && polls)
		hist_add(c, &s->hists[NAPI_HIST_SESSION_POLLS], polls);
}

/*
 * Interrupts are on again: the stay in poll mode ends here.  Not where the core
 * completed it, which schedules it anew.
 */
static __always_inline void
complete_stay(struct napi_cpu *c, const struct napi_struct *napi, u64 ident)
{
	struct napi_slot *s = slot_get(c, napi, ident);
	struct napi_rec *r = s ? rec_at(s->rec) : (void *)0;
	u64 since, booked;
	u32 polls;

	if (!s || !r || c->after_poll == (u64)napi)
		return;
	s->rearms++;
	/* From the end on another CPU may schedule and complete it: read once. */
	since = *(volatile u64 *)&r->session_ts;
	booked = *(volatile u64 *)&r->booked_ts;
	polls = r->session_polls;
	r->session_polls = 0;
	barrier();
	r->session_ts = 0;
	if (since)
		complete_session(c, s, since, booked, polls);
}

/* An interrupt that comes before the end of this leaves the stay to it. */
static __always_inline int complete_end(const struct napi_struct *napi,
					u64 ident, bool rearmed)
{
	struct napi_cpu *c = cpu_this();

	if (!c)
		return 0;
	trace_complete(c, napi, ident, rearmed);
	if (rearmed)
		complete_stay(c, napi, ident);
	barrier();
	c->completing = 0;
	return 0;
}

/* 0 when the timer will not schedule: it is scheduled already, or disabled. */
static __always_inline int watchdog_begin(const struct napi_struct *napi,
					  u64 state, u64 ident)
{
	struct napi_cpu *c = cpu_this();
	struct napi_slot *s;
	struct napi_rec *r;

	if (!c || state & config.sched_mask)
		return 0;
	c->watchdog = (u64)napi;
	s = slot_get(c, napi, ident);
	r = s ? rec_at(s->rec) : (void *)0;
	if (!s || !r) {
		c->lost_schedules++;
		return 0;
	}
	s->watchdog_polls++;
	trace_schedule(c, s, TRACE_TIMER);
	/* The timer goes on with a stay, whenever it comes. */
	schedule_begin(c, s, r, ~0ULL);
	return 0;
}

static __always_inline int watchdog_end(void)
{
	struct napi_cpu *c = cpu_this();

	if (c)
		c->watchdog = 0;
	return 0;
}

static __always_inline struct napi_struct *watchdog_napi(struct hrtimer *timer)
{
	struct napi_struct *napi = (void *)0;

	return (void *)timer - bpf_core_field_offset(napi->timer);
}

SEC("fentry/__napi_schedule")
int BPF_PROG(napi_schedule__fe, struct napi_struct *n)
{
	return schedule(n, napi_ident(n), n->dev);
}

SEC("fentry/__napi_schedule_irqoff")
int BPF_PROG(napi_schedule_irqoff__fe, struct napi_struct *n)
{
	return schedule(n, napi_ident(n), n->dev);
}

SEC("fentry/napi_complete_done")
int BPF_PROG(napi_complete_in__fe, struct napi_struct *n)
{
	return complete_begin(n, n->state, napi_ident(n));
}

SEC("fexit/napi_complete_done")
int BPF_PROG(napi_complete_out__fe, struct napi_struct *n, int work,
	     unsigned char ret)
{
	/* Of a bool only the low byte is defined. */
	return complete_end(n, napi_ident(n), ret);
}

SEC("fentry/napi_watchdog")
int BPF_PROG(napi_watchdog_in__fe, struct hrtimer *timer)
{
	struct napi_struct *n = watchdog_napi(timer);

	return watchdog_begin(n, BPF_CORE_READ(n, state), napi_ident_read(n));
}

SEC("fexit/napi_watchdog")
int BPF_PROG(napi_watchdog_out__fe)
{
	return watchdog_end();
}

/* Dummy devices have no ifindex. */
static __always_inline int schedule_read(const struct napi_struct *n)
{
	u64 ident = napi_ident_known(n);

	return schedule(n, ident, ident >> 32 || BPF_CORE_READ(n, dev));
}

SEC("kprobe/__napi_schedule")
int BPF_KPROBE(napi_schedule__kp, struct napi_struct *n)
{
	return schedule_read(n);
}

SEC("kprobe/__napi_schedule_irqoff")
int BPF_KPROBE(napi_schedule_irqoff__kp, struct napi_struct *n)
{
	return schedule_read(n);
}

SEC("kprobe/napi_complete_done")
int BPF_KPROBE(napi_complete_in__kp, struct napi_struct *n)
{
	return complete_begin(n, BPF_CORE_READ(n, state), napi_ident_known(n));
}

/* A kretprobe no longer has the argument: it is what was being completed. */
SEC("kretprobe/napi_complete_done")
int BPF_KRETPROBE(napi_complete_out__kp, unsigned char ret)
{
	struct napi_cpu *c = cpu_this();
	struct napi_struct *n = c ? (void *)c->completing : (void *)0;
	u64 ident = 0;

	if (!n)
		return 0;
	if (ret || config.trace_events)
		ident = napi_ident_known(n);
	return complete_end(n, ident, ret);
}

SEC("kprobe/napi_watchdog")
int BPF_KPROBE(napi_watchdog_in__kp, struct hrtimer *timer)
{
	struct napi_struct *n = watchdog_napi(timer);

	return watchdog_begin(n, BPF_CORE_READ(n, state), napi_ident_read(n));
}

SEC("kretprobe/napi_watchdog")
int BPF_KRETPROBE(napi_watchdog_out__kp)
{
	return watchdog_end();
}

char LICENSE[] SEC("license") = "GPL";
