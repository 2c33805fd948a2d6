// SPDX-License-Identifier: GPL-2.0-only
/*
 * Softirq runs: counts and times of every vector, and for NET_RX, whose entry
 * and exit bracket net_rx_action, the squeezes by kind.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "compat.bpf.h"
#include "hist.bpf.h"
#include "record.bpf.h"
#include "sample.bpf.h"
#include "task.bpf.h"
#include "trace.bpf.h"

/* "ksoftirqd" at the start of the name of a kernel thread. */
static __always_inline bool run_ksoftirqd_by_comm(void)
{
	char comm[16] = {};

	if (!task_is_kthread())
		return false;
	bpf_get_current_comm(comm, sizeof(comm));
	return *(u64 *)comm == *(const u64 *)"ksoftirq";
}

static __always_inline enum napi_context run_context(const struct napi_cpu *c)
{
	u32 pid;

	/* Of a CPU that came online since the last reading it is not known. */
	if (config.ksoftirqd_by_comm || !c->ksoftirqd)
		return run_ksoftirqd_by_comm() ? NAPI_CTX_KSOFTIRQD :
						 NAPI_CTX_INLINE;
	pid = bpf_get_current_pid_tgid();
	/* 0 is not known, and the idle task. */
	return pid && pid == c->ksoftirqd ? NAPI_CTX_KSOFTIRQD : NAPI_CTX_INLINE;
}

static __always_inline bool softnet_work_left(const struct napi_cpu *c)
{
	struct softnet_data *sd = (void *)c->softnet;

	if (compat_has_in_net_rx_action())
		return BPF_CORE_READ(sd, in_net_rx_action);
	return c->run_raised;
}

/* The longest of each epoch: few entries are, so few ask for the task. */
static __always_inline void net_rx_keep_late(struct napi_cpu *c, u64 ns)
{
	u64 epoch = *(volatile u64 *)&control.hist_epoch;
	u32 i = epoch & 1;

	if (c->late_epoch[i] == epoch && c->late_ns[i] >= ns)
		return;
	c->run_seq++;
	barrier();
	c->late_epoch[i] = epoch;
	c->late_ns[i] = ns;
	bpf_get_current_comm(c->late_comm[i], sizeof(c->late_comm[i]));
	barrier();
	c->run_seq++;
}

static __always_inline void net_rx_hist_raise(struct napi_cpu *c)
{
	u64 since = c->raise_ts;

	c->raise_ts = 0;
	if (since <= NAPI_RAISE_IN_IRQ || c->run_ts <= since)
		return;
	hist_add_weighted(c, &c->raise_hist, c->run_ts - since, run_weight(c));
	net_rx_keep_late(c, c->run_ts - since);
}

/* Unless both are timed nobody knows how long ago the last handler was. */
static __always_inline u32 net_rx_vote(const struct napi_cpu *c)
{
	bool late =
		c->run_ts && c->irq_ts && c->run_ts > c->irq_ts + NAPI_VOTE_NS;

	return late ? 0 : c->irq_vote;
}

static __always_inline void net_rx_begin(struct napi_cpu *c)
{
	if (config.hists)
		net_rx_hist_raise(c);
	c->run_work = 0;
	c->run_raised = 0;
	c->run_vote = net_rx_vote(c);
	c->run_jiffies = bpf_jiffies64();
	c->run_ctx = run_context(c);
	c->mark_ts = c->run_ts;
	c->mark_irq_ns = c->run_irq_ns;
}

/*
 * One squeeze, by what this run shows.  The kernel's limit is counted from
 * its own reading of jiffies just after ours: it is run_jiffies +
 * limit_jiffies or one more.
 */
static __always_inline void squeeze_count(struct napi_cpu *c, bool spent,
					  bool late)
{
	u64 limit = c->run_jiffies + control.limit_jiffies;

	if (softnet_work_left(c))
		c->squeeze_work_left++;
	if (spent && !late) {
		c->squeeze_budget++;
	} else if (late && !spent) {
		c->squeeze_time++;
	} else if (spent) {
		c->squeeze_both++;
		if (c->poll_jiffies <= limit)
			c->squeeze_unsure++;
	} else {
		c->squeeze_unattributed++;
	}
}

/*
 * Neither the budget spent nor the limit reached: the kernel cannot have
 * squeezed, and softnet_data is not read at all.
 */
static __always_inline void net_rx_end(struct napi_cpu *c)
{
	bool spent = c->run_work >= control.budget;
	bool late = bpf_jiffies64() >= c->run_jiffies + control.limit_jiffies;
	u32 now, grown;

	c->irq_vote = 0;
	if (!(spent || late) || !c->squeeze_seen)
		return;
	now = softnet_squeezes(c);
	grown = now - (u32)(c->squeeze_seen - 1);
	c->squeeze_seen = 1 + (u64)now;
	if (!grown || !control.budget_valid)
		return;
	c->squeeze_unattributed += grown - 1;
	squeeze_count(c, spent, late);
	trace_squeeze(c, spent, late, softnet_work_left(c));
}

/* Other vectors run seldom: each of their runs is timed. */
static __always_inline void run_mark(struct napi_cpu *c, unsigned int vec)
{
	if (vec == NAPI_VEC_NET_RX && !sample_begin(&c->run_sample))
		c->run_ts = 0;
	else
		c->run_ts = clock_read(c, &c->run_irq_ns);
}

SEC("tp_btf/softirq_entry")
int BPF_PROG(softirq_entry__tp, unsigned int vec)
{
	struct napi_cpu *c = cpu_this();

	if (!c)
		return 0;
	/* No softirq runs in a handler or a vector: its exit was missed. */
	if (c->irq_now || c->vector_ts) {
		c->irq_now = 0;
		c->vector_ts = 0;
	}
	c->run_seq++;
	barrier();
	c->vec_count[vec & (NAPI_VEC_ROOM - 1)]++;
	/* Before the clock: what interrupts from there on is taken out. */
	c->run_vec = vec + 1;
	barrier();
	run_mark(c, vec);
	barrier();
	c->run_seq++;
	if (vec == NAPI_VEC_NET_RX)
		net_rx_begin(c);
	return 0;
}

/* One that was not timed leaves only that it is over. */
static __always_inline void run_end(struct napi_cpu *c, unsigned int vec)
{
	u64 now = 0, irq_ns = 0, ns = 0;
	u32 weight = run_weight(c);

	if (weight) {
		now = clock_read(c, &irq_ns);
		ns = clock_net(c->run_ts, c->run_irq_ns, now, irq_ns);
	}
	c->run_seq++;
	barrier();
	c->vec_ns[vec & (NAPI_VEC_ROOM - 1)] += ns * weight;
	if (vec == NAPI_VEC_NET_RX && weight)
		hist_add_weighted(c, &c->net_rx_hist, ns, weight);
	c->run_vec = 0;
	barrier();
	c->run_seq++;
	trace_softirq(c, vec, now, irq_ns);
}

SEC("tp_btf/softirq_exit")
int BPF_PROG(softirq_exit__tp, unsigned int vec)
{
	struct napi_cpu *c = cpu_this();

	if (!c)
		return 0;
	if (c->run_vec != vec + 1) {
		c->unmatched_runs++;
		c->run_vec = 0;
		return 0;
	}
	if (vec == NAPI_VEC_NET_RX)
		net_rx_end(c);
	run_end(c, vec);
	/* See poll_after(). */
	if (config.schedule)
		c->after_poll = 0;
	return 0;
}

/*
 * In an interrupt somebody raises it for work of his own.  Elsewhere, after the
 * run's last poll event, net_rx_action left work behind, which is needed before
 * 6.4: see softnet_work_left().
 */
static __always_inline void net_rx_raised(struct napi_cpu *c)
{
	bool in_irq = c->irq_now || c->vector_ts;

	if (!in_irq)
		c->run_raised = 1;
	if (hist_wanted() && !c->raise_ts && sample_is_next(&c->run_sample))
		c->raise_ts = in_irq ? NAPI_RAISE_IN_IRQ : bpf_ktime_get_ns();
}

SEC("tp_btf/softirq_raise")
int BPF_PROG(softirq_raise__tp, unsigned int vec)
{
	struct napi_cpu *c;

	trace_raise(vec);
	if (vec != NAPI_VEC_NET_RX)
		return 0;
	c = cpu_this();
	if (c)
		net_rx_raised(c);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
