// SPDX-License-Identifier: GPL-2.0-only
/*
 * The poll function of a NAPI: the napi_poll event, which fires after it
 * returned, and where it can be hooked the entry of __napi_poll.  And the other
 * event of NAPIs, stalls of their transmit queues.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "hist.bpf.h"
#include "record.bpf.h"
#include "sample.bpf.h"
#include "trace.bpf.h"

/* What a program knows of one poll. */
struct poll {
	const struct napi_struct *napi;
	int work;
	int budget;
	enum napi_context ctx;
	bool exact; /* its entry was seen */
	bool timed;
	bool inferred; /* by difference, although entries can be hooked */
	u32 weight;    /* how many polls it stands for */
	u64 ns;
};

static __always_inline enum napi_context poll_context(const struct napi_cpu *c,
						      const struct poll *p)
{
	u64 thread;

	if (!p->budget)
		return NAPI_CTX_NETPOLL;
	if (run_is_net_rx(c))
		return c->run_ctx;
	thread = compat_napi_thread(p->napi);
	if (thread && thread == bpf_get_current_task())
		return NAPI_CTX_THREADED;
	return NAPI_CTX_BUSY;
}

/*
 * In a softirq that nobody saw begin, when tracing starts or ends: no busy poll.
 * busy_poll_stop() polls without the bit: not counted then, as the lesser evil.
 */
static __always_inline bool poll_is_strange(const struct napi_cpu *c,
					    const struct poll *p)
{
	if (p->ctx != NAPI_CTX_BUSY || (c->run_seq && !control.stopping) ||
	    p->napi->state & config.busy_poll_mask)
		return false;
	return control.stopping || bpf_ktime_get_ns() < control.begun_ns;
}

/*
 * Times the poll from its mark: the NAPI's own entry where that is hooked, else
 * (no __napi_poll, or a driver's function that is not hooked yet) the entry of
 * the softirq or the poll before.  Outside NET_RX only the first exists.
 */
static __always_inline void poll_time(struct napi_cpu *c, struct poll *p)
{
	u64 irq_ns, now;

	p->weight = run_weight(c);
	p->exact = config.exact_poll && c->mark_napi == (u64)p->napi &&
		   p->ctx != NAPI_CTX_NETPOLL;
	p->timed = p->weight && p->ctx != NAPI_CTX_NETPOLL &&
		   (p->exact || (!config.poll_entry && run_is_net_rx(c)));
	p->inferred = config.exact_poll && p->timed && !p->exact;
	if (p->exact || p->timed)
		c->mark_napi = 0;
	if (!p->timed)
		return;
	now = clock_read(c, &irq_ns);
	if (config.trace_events)
		c->poll_from = c->mark_ts;
	p->ns = clock_net(c->mark_ts, c->mark_irq_ns, now, irq_ns);
	c->mark_ts = now;
	c->mark_irq_ns = irq_ns;
}

/* The part of a NET_RX run that the squeeze split needs. */
static __always_inline void poll_run(struct napi_cpu *c, const struct poll *p)
{
	if (!p->budget || !run_is_net_rx(c))
		return;
	c->run_work += p->work;
	c->poll_jiffies = bpf_jiffies64();
	if (config.raise)
		c->run_raised = 0;
}

/*
 * Boyer-Moore majority: which irq's handler was the only one on this CPU
 * between two NET_RX runs, and over just before the second, which is the first to
 * poll this NAPI anew.  Only the first poll of a run takes the vote.
 */
static __always_inline void poll_vote(struct napi_cpu *c, struct napi_slot *s,
				      const struct poll *p)
{
	bool began = !s->polling;
	u32 irq = c->run_vote;

	s->polling = p->work >= p->budget;
	c->run_vote = 0;
	if (!irq || !began || irq == ~0U)
		return;
	if (s->irq_vote == irq) {
		if (s->irq_votes < NAPI_VOTES_MOST)
			s->irq_votes++;
	} else if (s->irq_votes) {
		s->irq_votes--;
	} else {
		s->irq_vote = irq;
		s->irq_votes = 1;
	}
}

/*
 * A thread that polls busily (6.19) has the NAPI for itself, and completing it does
 * nothing: its polls begin and end no stay in poll mode.  Any other one has completed
 * it by now, and another CPU may poll it busily.
 */
static __always_inline bool poll_is_held(const struct poll *p)
{
	return p->ctx == NAPI_CTX_THREADED &&
	       p->napi->state & config.busy_poll_mask &&
	       p->napi->state & config.busy_thread_mask;
}

static __always_inline void poll_count_thread(struct napi_slot *s,
					      const struct poll *p)
{
	s->threaded_polls++;
	if (p->work < p->budget && poll_is_held(p))
		s->held_polls++;
}

/* Its entry was not seen, and not because it was before the programs. */
static __always_inline bool poll_lacks_entry(const struct poll *p)
{
	if (!config.exact_poll || !p->weight || p->timed ||
	    p->ctx == NAPI_CTX_BUSY || p->ctx == NAPI_CTX_NETPOLL)
		return false;
	return p->ctx == NAPI_CTX_THREADED ||
	       bpf_ktime_get_ns() >= control.begun_ns;
}

static __always_inline void poll_count_context(struct napi_slot *s,
					       const struct poll *p)
{
	switch (p->ctx) {
	case NAPI_CTX_INLINE:
		s->inline_polls++;
		break;
	case NAPI_CTX_KSOFTIRQD:
		s->ksoftirqd_polls++;
		break;
	case NAPI_CTX_THREADED:
		poll_count_thread(s, p);
		break;
	case NAPI_CTX_BUSY:
		s->busy_polls++;
		break;
	default:
		s->netpoll_polls++;
	}
}

/*
 * Where no completion is seen, and for the backlog, which has none, a poll that
 * does not use up its budget ends the stay in poll mode.
 */
static __always_inline void
poll_hist_session(struct napi_cpu *c, struct napi_slot *s, const struct poll *p)
{
	if (config.schedule && p->napi->dev)
		return;
	if (p->ctx == NAPI_CTX_BUSY || p->ctx == NAPI_CTX_NETPOLL ||
	    poll_is_held(p))
		return;
	s->session_polls++;
	if (p->work >= p->budget)
		return;
	hist_add(c, &s->hists[NAPI_HIST_SESSION_POLLS], s->session_polls);
	s->session_polls = 0;
}

static __always_inline void poll_hists(struct napi_cpu *c, struct napi_slot *s,
				       const struct poll *p)
{
	if (!hist_wanted())
		return;
	hist_add(c, &s->hists[NAPI_HIST_WORK], p->work > 0 ? p->work : 0);
	if (p->timed)
		hist_add_weighted(c, &s->hists[NAPI_HIST_POLL_NS], p->ns,
				  p->weight);
	poll_hist_session(c, s, p);
}

static __always_inline void poll_count(struct napi_cpu *c, struct napi_slot *s,
				       const struct poll *p)
{
	s->seq++;
	barrier();
	poll_count_context(s, p);
	if (p->work > 0)
		s->work += p->work;
	else if (p->budget)
		s->empty++;
	if (p->budget && p->work >= p->budget) {
		s->exhausted++;
		if (p->ctx == NAPI_CTX_BUSY)
			s->busy_exhausted++;
	}
	if (p->timed) {
		s->poll_ns += p->ns * p->weight;
		if (p->inferred)
			s->inferred_polls++;
		if (!p->work)
			s->empty_ns += p->ns * p->weight;
	} else if (p->work > 0 && p->weight) {
		s->untimed_work += p->work;
	}
	if (poll_lacks_entry(p))
		s->untimed_polls++;
	poll_hists(c, s, p);
	barrier();
	s->seq++;
}

/*
 * A backlog NAPI (the only one without a device) is embedded in its CPU's
 * softnet_data: that is how its address is learned where symbols are hidden.
 */
static __always_inline void poll_learn_softnet(struct napi_cpu *c,
					       const struct napi_struct *napi)
{
	struct softnet_data *sd = (void *)0;

	if (c->softnet || napi->dev)
		return;
	c->softnet = (u64)napi - bpf_core_field_offset(sd->backlog);
	c->squeeze_seen = 1 + (u64)softnet_squeezes(c);
}

/*
 * What the core does with a NAPI after this event is not the driver's doing:
 * see schedule.bpf.c.  busy_poll_stop() polls with IN_BUSY_POLL cleared and
 * reschedules when the budget was used up.  Else the core does something only after
 * a full poll, and until the next one, or the end of NET_RX; a thread has no such end,
 * and may go to another CPU.
 */
static __always_inline void poll_after(struct napi_cpu *c, const struct poll *p)
{
	bool core;

	if (!config.schedule)
		return;
	if (p->ctx == NAPI_CTX_BUSY)
		core = p->work == p->budget &&
		       !(p->napi->state & config.busy_poll_mask);
	else
		core = (p->exact || run_is_net_rx(c)) && p->budget &&
		       p->work >= p->budget &&
		       (p->ctx != NAPI_CTX_THREADED ||
			p->napi->state & config.core_mask);
	c->after_poll = core ? (u64)p->napi : 0;
}

/*
 * Its schedule was seen, and its function is not hooked yet: the entry that is seen
 * first is not of that schedule.
 */
static __always_inline void poll_forget_schedule(const struct napi_cpu *c,
						 const struct napi_slot *s,
						 const struct poll *p)
{
	struct napi_rec *r;

	if (!config.exact_poll || p->exact || !p->budget || !run_is_net_rx(c))
		return;
	r = rec_at(s->rec);
	if (r)
		r->sched_ts = 0;
}

/*
 * While a task polls busily that prefers to, no entry is seen and no completion, for
 * as long as it likes.
 */
static __always_inline void poll_book_busy(struct napi_slot *s,
					   const struct poll *p)
{
	struct napi_rec *r;

	if (!config.schedule || p->ctx != NAPI_CTX_BUSY)
		return;
	r = rec_at(s->rec);
	if (r && r->session_ts)
		stay_book(s, r, bpf_ktime_get_ns());
}

static __always_inline u64 poll_traced(const struct napi_cpu *c,
				       const struct poll *p)
{
	u64 how = p->ctx | (u64)p->budget << TRACE_HOW_BUDGET;

	if (p->timed)
		how |= TRACE_HOW_TIMED;
	if (p->inferred || !config.exact_poll)
		how |= TRACE_HOW_INFERRED;
	if (run_is_net_rx(c))
		how |= TRACE_HOW_IN_RUN;
	return how;
}

SEC("tp_btf/napi_poll")
int BPF_PROG(napi_poll__tp, struct napi_struct *napi, int work, int budget)
{
	struct poll p = { .napi = napi, .work = work, .budget = budget };
	struct napi_cpu *c = cpu_this();
	struct napi_slot *s;

	if (!c)
		return 0;
	p.ctx = poll_context(c, &p);
	if (poll_is_strange(c, &p))
		return 0;
	poll_time(c, &p);
	poll_run(c, &p);
	poll_learn_softnet(c, napi);
	poll_after(c, &p);
	s = slot_get(c, napi, napi_ident(napi));
	if (!s) {
		c->lost_polls++;
		return 0;
	}
	poll_count(c, s, &p);
	poll_forget_schedule(c, s, &p);
	poll_book_busy(s, &p);
	trace_poll(c, s, poll_traced(c, &p), p.work, p.timed ? p.ns : 0);
	/* With the schedule probe the link is seen: see schedule.bpf.c. */
	if (!config.schedule && p.budget && run_is_net_rx(c))
		poll_vote(c, s, &p);
	return 0;
}

/* Schedule -> poll. */
static __always_inline void
poll_begin_latency(struct napi_cpu *c, struct napi_slot *s, struct napi_rec *r)
{
	u64 since = *(volatile u64 *)&r->sched_ts;
	u32 weight = run_weight(c);
	u64 ns;

	if (!since)
		return;
	r->sched_ts = 0;
	if (!weight)
		return;
	ns = c->mark_ts > since ? c->mark_ts - since : 0;
	s->sched_ns += ns * weight;
	s->sched_polls += weight;
	hist_add_weighted(c, &s->hists[NAPI_HIST_SCHED_NS], ns, weight);
}

/* The mark that poll_time() starts from. */
static __always_inline int poll_begin(const struct napi_struct *napi, u64 ident)
{
	struct napi_cpu *c = cpu_this();
	struct napi_slot *s;
	struct napi_rec *r;

	if (!c)
		return 0;
	/* The clock after the search, which is no part of the poll. */
	s = slot_get(c, napi, ident);
	r = s ? rec_at(s->rec) : (void *)0;
	c->mark_napi = (u64)napi;
	barrier();
	c->mark_ts = run_weight(c) ? clock_read(c, &c->mark_irq_ns) : 0;
	c->after_poll = 0;
	if (!s || !r)
		return 0;
	poll_begin_latency(c, s, r);
	if (r->session_ts)
		stay_book(s, r, c->mark_ts);
	else
		stay_begin(r, c->mark_ts);
	if (hist_wanted())
		r->session_polls++;
	return 0;
}

SEC("fentry/__napi_poll")
int BPF_PROG(napi_poll_in__fe, struct napi_struct *n)
{
	return poll_begin(n, napi_ident(n));
}

SEC("kprobe/__napi_poll")
int BPF_KPROBE(napi_poll_in__kp, struct napi_struct *n)
{
	return poll_begin(n, napi_ident_known(n));
}

/*
 * Before 5.12 the driver's function is called from net_rx_action itself:
 * user space attaches this to each one that it learns of.
 */
SEC("kprobe")
int BPF_KPROBE(driver_poll_in__kp, struct napi_struct *n, int budget)
{
	/* Busy pollers call it too, and __napi_poll is not for them. */
	if (!budget || BPF_CORE_READ(n, state) & config.busy_poll_mask)
		return 0;
	return poll_begin(n, napi_ident_known(n));
}

/* Of which queue the event does not say. */
SEC("tp_btf/dql_stall_detected")
int BPF_PROG(dql_stall__tp)
{
	struct napi_cpu *c = cpu_this();

	if (c)
		c->dql_stalls++;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
