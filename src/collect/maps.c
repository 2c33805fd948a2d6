// SPDX-License-Identifier: GPL-2.0-or-later
/* See maps.h. */
#include "collect/maps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collect/loader_trace.h"
#include "model/hist.h"
#include "util/clock.h"

/*
 * Bounded tries to read members that agree: the writer is never long at it, unless
 * a hypervisor has stopped its CPU in the middle.  Then it takes time, not tries.
 */
#define MAPS_TRIES 100
#define MAPS_SPINS 10
#define MAPS_PAUSE_NS 50000

/*
 * Was nothing written since the sequence word was read?  BPF has no barrier for
 * its writes, and arm64 may show them in any order: the copy must be equal too.
 */
static bool copy_agrees(const void *copy, const void *from, size_t size,
			const uint32_t *seq, uint32_t before)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !(before & 1) && *(volatile uint32_t *)seq == before &&
	       !memcmp(copy, from, size);
}

/* False: no more tries.  A writer that is in the middle is waited for. */
static bool copy_again(uint32_t before, unsigned int *tries)
{
	const struct timespec pause = { .tv_nsec = MAPS_PAUSE_NS };

	if (before & 1 && *tries <= MAPS_TRIES - MAPS_SPINS)
		nanosleep(&pause, NULL);
	return --*tries;
}

/* Copies what lies under a sequence word; see napi_types.h. */
static void maps_copy(void *to, const void *from, size_t size, const uint32_t *seq)
{
	unsigned int tries = MAPS_TRIES;
	uint32_t before;

	do {
		before = __atomic_load_n(seq, __ATOMIC_ACQUIRE);
		memcpy(to, from, size);
	} while (!copy_agrees(to, from, size, seq, before) &&
		 copy_again(before, &tries));
}

/* The histogram in a cell; NULL: no value came, or there was none left. */
static const struct napi_hist *hist_at(const struct loader *l, uint32_t cell)
{
	return l->hists && cell && cell <= l->sizes.hists ? &l->hists[cell - 1] :
							    NULL;
}

/* As copy_agrees(), of the histograms in these cells: rows from the first one on. */
static bool hists_agree(const struct loader *l, const uint32_t *cells,
			unsigned int n, const struct snapshot *s, size_t first)
{
	const struct napi_hist *h;
	const struct hist_row *row;
	unsigned int i;

	for (i = 0; i < n; i++) {
		h = hist_at(l, cells[i]);
		if (!h)
			continue;
		row = table_at(&s->hists, first++);
		if (memcmp(row->counts, h->counts, sizeof(row->counts)))
			return false;
	}
	return true;
}

static uint64_t hist_max(const struct napi_hist *h, uint64_t epoch)
{
	uint64_t max = 0;
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (h->max_epoch[i] + 1 >= epoch && h->max[i] > max)
			max = h->max[i];
	return max;
}

int maps_read_hist(const struct loader *l, uint32_t cell,
		   const struct hist_row *key, uint64_t epoch,
		   struct table *hists)
{
	const struct napi_hist *h = hist_at(l, cell);
	struct hist_row *row;

	if (!h)
		return 0;
	row = table_add(hists);
	if (!row)
		return -ENOMEM;
	row->kind = key->kind;
	row->irq = key->irq;
	row->id = key->id;
	row->cpu = key->cpu;
	row->sum = h->sum;
	row->max = hist_max(h, epoch);
	memcpy(row->counts, h->counts, sizeof(row->counts));
	return 0;
}

/*
 * The run in progress is booked up to the time of the snapshot, so that shares never
 * exceed time.  With sampling, where a time stands for others, that is not so anyway.
 */
static void cpu_book_run(const struct napi_cpu *c, uint64_t now, uint64_t *vec_ns)
{
	int64_t ns;

	if (!c->run_vec || c->run_vec > NAPI_NR_VECS)
		return;
	ns = (int64_t)(now - c->run_ts) - (int64_t)(c->irq_ns - c->run_irq_ns);
	if (ns > 0)
		vec_ns[c->run_vec - 1] += ns;
}

static void cpu_read_squeezes(const struct loader *l, const struct napi_cpu *c,
			      struct cpu_row *row)
{
	bool left = l->plan.on >> PROBE_SOFTIRQ_RAISE & 1 || l->in_net_rx_action;

	if (!c->softnet || !l->control->budget_valid)
		return;
	row->squeeze_budget = c->squeeze_budget;
	row->squeeze_time = c->squeeze_time;
	row->squeeze_both = c->squeeze_both;
	if (left)
		row->squeeze_work_left = c->squeeze_work_left;
}

/* As hist_max(), with the task of the larger one. */
static void cpu_read_late(const struct napi_cpu *c, uint64_t epoch,
			  struct cpu_row *row)
{
	unsigned int i;

	row->late_ns = MISSING;
	for (i = 0; i < 2; i++) {
		if (!c->late_ns[i] || c->late_epoch[i] + 1 < epoch ||
		    (row->late_ns != MISSING && c->late_ns[i] <= row->late_ns))
			continue;
		row->late_ns = c->late_ns[i];
		memcpy(row->late_comm, c->late_comm[i], NAPI_COMM - 1);
	}
}

static int cpu_read(const struct loader *l, struct cpu_row *row,
		    struct snapshot *s)
{
	const struct hist_row raise = { .kind = NAPI_HIST_RAISE_NS,
					.cpu = row->cpu };
	const struct hist_row net_rx = { .kind = NAPI_HIST_NET_RX_NS,
					 .cpu = row->cpu };
	const struct napi_cpu *shared = &l->cpus[row->cpu];
	const uint64_t epoch = l->control->hist_epoch;
	struct napi_cpu c;

	maps_copy(&c, shared, offsetof(struct napi_cpu, slot_cache),
		  &shared->run_seq);
	memcpy(row->softirqs, c.vec_count, sizeof(row->softirqs));
	memcpy(row->softirq_vec_ns, c.vec_ns, sizeof(row->softirq_vec_ns));
	if (!l->plan.sample)
		cpu_book_run(&c, s->mono_ns, row->softirq_vec_ns);
	if (l->plan.on >> PROBE_IRQ_HANDLER & 1) {
		row->hardirqs = c.irqs;
		row->hardirq_ns = c.irq_handler_ns;
	}
	if (l->plan.on >> PROBE_DQL_STALL & 1)
		row->dql_stalls = c.dql_stalls;
	cpu_read_squeezes(l, &c, row);
	cpu_read_late(&c, epoch, row);
	if (maps_read_hist(l, c.raise_hist, &raise, epoch, &s->hists) ||
	    maps_read_hist(l, c.net_rx_hist, &net_rx, epoch, &s->hists))
		return -ENOMEM;
	return 0;
}

int maps_read_cpus(const struct loader *l, struct snapshot *s)
{
	struct cpu_row *row;

	table_for_each (&s->cpus, row)
		if (row->cpu < l->sizes.cpus && cpu_read(l, row, s))
			return -ENOMEM;
	return 0;
}

/* What only the schedule, completion and entry probes count: no backlog. */
static void pair_read_schedule(const struct loader *l,
			       const struct napi_slot *slot, struct napi_row *row)
{
	if (row->backlog_cpu != MISSING)
		return;
	if (l->plan.on >> PROBE_SCHEDULE & 1) {
		row->schedules = slot->schedules;
		row->core_reschedules = slot->core_reschedules;
		row->completions = slot->completions;
		row->rearms = slot->rearms;
		row->residency_ns = slot->residency_ns;
	}
	if (probe_exact(&l->plan) && l->plan.on >> PROBE_SCHEDULE & 1) {
		row->sched_ns = slot->sched_ns;
		row->sched_polls = slot->sched_polls;
	}
	if (l->plan.on >> PROBE_WATCHDOG & 1)
		row->watchdog_polls = slot->watchdog_polls;
}

/*
 * A stay in poll mode ends when the driver re-arms.  Where that is not seen,
 * and for the backlog, which never calls napi_complete_done, a poll that did
 * not use up its budget ends it.
 */
static void pair_read_sessions(const struct loader *l,
			       const struct napi_slot *slot, struct napi_row *row)
{
	if (l->plan.on >> PROBE_COMPLETE & 1 && row->backlog_cpu == MISSING) {
		row->sessions = slot->rearms;
		return;
	}
	row->sessions = slot->inline_polls + slot->ksoftirqd_polls +
			(slot->threaded_polls - slot->held_polls) -
			(slot->exhausted - slot->busy_exhausted);
	row->inferred |= INFERRED_SESSIONS;
}

static void pair_read_counters(const struct loader *l,
			       const struct napi_slot *slot, struct napi_row *row)
{
	row->inline_polls = slot->inline_polls;
	row->ksoftirqd_polls = slot->ksoftirqd_polls;
	row->threaded_polls = slot->threaded_polls;
	row->busy_polls = slot->busy_polls;
	row->netpoll_polls = slot->netpoll_polls;
	row->work = slot->work;
	row->empty = slot->empty;
	row->exhausted = slot->exhausted;
	row->poll_ns = slot->poll_ns;
	row->empty_ns = slot->empty_ns;
	row->untimed_work = slot->untimed_work;
	row->untimed_polls = slot->untimed_polls;
	row->exact = probe_exact(&l->plan);
	if (!row->exact || slot->inferred_polls || slot->untimed_polls ||
	    l->plan.sample)
		row->inferred |= INFERRED_POLL_NS;
	pair_read_schedule(l, slot, row);
	pair_read_sessions(l, slot, row);
}

void maps_read_identity(const struct loader *l, struct napi_row *row)
{
	const struct napi_rec *rec = &l->recs[maps_rec(row)];
	uint32_t napi_id = (uint32_t)rec->ident;

	row->ifindex = rec->ident >> 32;
	row->napi_id = napi_id && napi_id < NAPI_ID_END ? napi_id : MISSING;
	row->weight = rec->weight;
	row->netns_ino = rec->netns;
	row->queue = MISSING;
	row->backlog_cpu = MISSING;
	if (!rec->dev) {
		row->backlog_cpu = rec->cpu;
		row->ifindex = MISSING;
		row->netns_ino = MISSING;
	}
	snprintf(row->dev, sizeof(row->dev), "%.*s", NAPI_DEV_NAME,
		 rec->dev_name);
	snprintf(row->poll_func, sizeof(row->poll_func), "%.*s",
		 NAPI_FUNC_NAME - 1, rec->poll_name);
}

static int pair_read_hists(const struct loader *l, const struct napi_slot *slot,
			   unsigned int from, unsigned int to, struct snapshot *s)
{
	struct hist_row key = { .id = maps_id(slot), .cpu = slot->cpu };
	int err = 0;

	for (key.kind = from; !err && key.kind < to; key.kind++)
		err = maps_read_hist(l, slot->hists[key.kind], &key,
				     l->control->hist_epoch, &s->hists);
	return err;
}

/*
 * The slot, and the histograms of its polls, which have to agree with it: there
 * is a value for every poll.  A NAPI that is polled all the time may not let us:
 * then they are a few polls apart.
 */
static int pair_copy(const struct loader *l, const struct napi_slot *shared,
		     struct napi_slot *slot, struct snapshot *s)
{
	const size_t hists = s->hists.count;
	unsigned int tries = MAPS_TRIES;
	uint32_t before;
	int err;

	do {
		s->hists.count = hists;
		before = __atomic_load_n(&shared->seq, __ATOMIC_ACQUIRE);
		memcpy(slot, shared, sizeof(*slot));
		err = pair_read_hists(l, slot, 0, NAPI_HIST_SCHED_NS, s);
	} while (!err &&
		 !(hists_agree(l, slot->hists, NAPI_HIST_SCHED_NS, s, hists) &&
		   copy_agrees(slot, shared, sizeof(*slot), &shared->seq, before)) &&
		 copy_again(before, &tries));
	return err ? err :
		     pair_read_hists(l, slot, NAPI_HIST_SCHED_NS, NAPI_NR_HISTS,
				     s);
}

void maps_read_pair(const struct loader *l, const struct napi_slot *slot,
		    struct napi_row *row)
{
	memset(row, 0, sizeof(*row));
	rows_missing(SCOPE_NAPI, row);
	row->id = maps_id(slot);
	row->cpu = slot->cpu;
	maps_read_identity(l, row);
	pair_read_counters(l, slot, row);
	row->irq = slot->irq_vote ? slot->irq_vote - 1 : MISSING;
	row->irq_votes = slot->irq_votes;
}

static int pair_add(const struct loader *l, const struct napi_slot *shared,
		    struct snapshot *s)
{
	struct napi_row *row = table_add(&s->pairs);
	struct napi_slot slot;

	if (!row || pair_copy(l, shared, &slot, s))
		return -ENOMEM;
	maps_read_pair(l, &slot, row);
	return 0;
}

/*
 * Indexes are given out in ascending order and published a moment later, so
 * that no more than a few per CPU can be missing below the last one.  Those that
 * were given back are given out again when all others were.
 */
static unsigned int maps_gap(const struct loader *l)
{
	return 64 + 4 * l->sizes.cpus;
}

int maps_read_pairs(struct loader *l, struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < l->sizes.slots && i < l->slots_used + maps_gap(l); i++) {
		if (!__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE))
			continue;
		if (i >= l->slots_used)
			l->slots_used = i + 1;
		if (pair_add(l, &l->slots[i], s))
			return -ENOMEM;
	}
	return 0;
}

/* As pair_copy(). */
static int irq_copy(const struct loader *l, const struct irq_slot *shared,
		    struct irq_slot *slot, struct snapshot *s)
{
	const size_t hists = s->hists.count;
	unsigned int tries = MAPS_TRIES;
	struct hist_row key = { .kind = NAPI_HIST_IRQ_NS };
	uint32_t before;
	int err;

	do {
		s->hists.count = hists;
		before = __atomic_load_n(&shared->seq, __ATOMIC_ACQUIRE);
		memcpy(slot, shared, sizeof(*slot));
		key.irq = slot->irq;
		key.id = slot->action;
		key.cpu = slot->cpu;
		err = maps_read_hist(l, slot->hist, &key,
				     l->control->hist_epoch, &s->hists);
	} while (!err &&
		 !(hists_agree(l, &slot->hist, 1, s, hists) &&
		   copy_agrees(slot, shared, sizeof(*slot), &shared->seq, before)) &&
		 copy_again(before, &tries));
	return err;
}

void maps_read_irq(const struct irq_slot *slot, struct irq_row *row)
{
	memset(row, 0, sizeof(*row));
	row->id = slot->action;
	row->irq = slot->irq;
	row->cpu = slot->cpu;
	row->count = slot->count;
	row->ns = slot->ns;
	row->count_kernel = MISSING;
	snprintf(row->name, sizeof(row->name), "%.*s", NAPI_IRQ_NAME, slot->name);
}

static int irq_add(const struct loader *l, const struct irq_slot *shared,
		   struct snapshot *s)
{
	struct irq_row *row = table_add(&s->irqs);
	struct irq_slot slot;

	if (!row || irq_copy(l, shared, &slot, s))
		return -ENOMEM;
	maps_read_irq(&slot, row);
	return 0;
}

int maps_read_irqs(struct loader *l, struct snapshot *s)
{
	unsigned int i;

	for (i = 0; i < l->sizes.irq_slots && i < l->irqs_used + maps_gap(l);
	     i++) {
		if (!__atomic_load_n(&l->irqs[i].action, __ATOMIC_ACQUIRE))
			continue;
		if (i >= l->irqs_used)
			l->irqs_used = i + 1;
		if (irq_add(l, &l->irqs[i], s))
			return -ENOMEM;
	}
	return 0;
}

static void lost_add_cpu(const struct napi_cpu *c, struct snapshot *s)
{
	unsigned int vec;

	s->lost.slots += c->lost_polls + c->lost_schedules + c->lost_irqs;
	s->lost.unmatched += c->unmatched_runs + c->unmatched_irqs;
	s->lost.squeeze_unsure += c->squeeze_unsure;
	s->lost.squeeze_unattributed += c->squeeze_unattributed;
	s->lost.hists += c->lost_hists;
	s->host.events +=
		2 * (c->irqs + c->vectors) + c->lost_polls + c->lost_schedules;
	for (vec = 0; vec < NAPI_NR_VECS; vec++)
		s->host.events += 2 * c->vec_count[vec];
}

static void events_add_pair(const struct napi_row *row, struct snapshot *s)
{
	uint64_t entries = 0;

	if (row->exact)
		entries = 2 * (row->inline_polls + row->ksoftirqd_polls +
			       row->threaded_polls);
	s->host.events += entries + row->inline_polls + row->ksoftirqd_polls +
			  row->threaded_polls + row->busy_polls +
			  row->netpoll_polls;
	if (row->schedules != MISSING)
		s->host.events += row->schedules + row->core_reschedules +
				  2 * row->completions;
}

void maps_read_lost(const struct loader *l, struct snapshot *s)
{
	unsigned int cpu;

	memset(&s->lost, 0, sizeof(s->lost));
	s->host.events = 0;
	for (cpu = 0; cpu < l->sizes.cpus; cpu++)
		lost_add_cpu(&l->cpus[cpu], s);
	s->lost.events = loader_trace_lost(l);
}

void maps_add_events(struct snapshot *s)
{
	const struct napi_row *row;

	table_for_each (&s->pairs, row)
		events_add_pair(row, s);
}
