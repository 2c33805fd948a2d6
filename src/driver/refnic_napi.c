// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way into poll mode and out of it: the interrupt handler schedules the
 * NAPI and disables the interrupt; the poll function takes what there is, and
 * when there is no more it completes, enables the interrupt, and looks once
 * more for what came in between.
 */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>

#include "refnic.h"

static void refnic_mask(struct refnic_vector *vector)
{
	if (!READ_ONCE(vector->faults->no_mask))
		refnic_hw_write_enable(vector->hw, 0);
}

static void refnic_unmask(struct refnic_vector *vector)
{
	refnic_hw_write_enable(vector->hw, REFNIC_CAUSES_ALL);
}

/* Interrupts are off: disable the vector before another CPU may poll. */
static void refnic_schedule_irqoff(struct refnic_vector *vector)
{
	if (!napi_schedule_prep(&vector->napi)) {
		atomic64_inc(&vector->stats->sched_missed);
		return;
	}
	refnic_mask(vector);
	atomic64_inc(&vector->stats->schedules);
	__napi_schedule_irqoff(&vector->napi);
}

static void refnic_schedule(struct refnic_vector *vector)
{
	unsigned long flags;

	local_irq_save(flags);
	refnic_schedule_irqoff(vector);
	local_irq_restore(flags);
}

/* --- the interrupt -------------------------------------------------------- */

/* For the faults that make something slow */
void refnic_delay(u32 ns)
{
	u64 until;

	if (!ns)
		return;
	until = ktime_get_ns() + ns;
	while (ktime_get_ns() < until)
		cpu_relax();
}

static bool refnic_irq_begin(struct refnic_vector *vector)
{
	struct refnic_irq_stats *stats = &vector->stats->irq;
	u32 cause = refnic_hw_read_cause(vector->hw);
	u32 enabled = refnic_hw_read_enable(vector->hw);

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->irqs);
	if (!enabled)
		u64_stats_inc(&stats->masked);
	if (!cause)
		u64_stats_inc(&stats->idle);
	u64_stats_update_end(&stats->sync);
	refnic_delay(READ_ONCE(vector->faults->irq_ns));
	return cause;
}

/* A message may arrive whose cause was read with the one before it. */
static irqreturn_t refnic_irq(int irq, void *data)
{
	struct refnic_vector *vector = data;

	if (refnic_irq_begin(vector))
		refnic_schedule_irqoff(vector);
	return IRQ_HANDLED;
}

/* As before NAPI: whatever has arrived goes to the backlog from here. */
static irqreturn_t refnic_irq_legacy(int irq, void *data)
{
	struct refnic_vector *vector = data;
	struct refnic_rx_ring *rx;
	struct refnic_tx_ring *tx;

	refnic_irq_begin(vector);
	for (tx = vector->tx; tx; tx = tx->sibling)
		refnic_tx_clean(tx, 0);
	for (rx = vector->rx; rx; rx = rx->sibling)
		refnic_rx_legacy(rx);
	return IRQ_HANDLED;
}

/* --- the poll ------------------------------------------------------------- */

static bool refnic_pending(const struct refnic_vector *vector)
{
	const struct refnic_rx_ring *rx;
	const struct refnic_tx_ring *tx;

	for (rx = vector->rx; rx; rx = rx->sibling)
		if (refnic_rx_pending(rx))
			return true;
	for (tx = vector->tx; tx; tx = tx->sibling)
		if (refnic_tx_pending(tx))
			return true;
	return false;
}

/* Another CPU may poll from the moment when this has completed. */
static void refnic_complete(struct refnic_vector *vector, int work)
{
	struct refnic_poll_stats *stats = &vector->stats->poll;
	u32 empty_polls = READ_ONCE(vector->faults->empty_polls);
	bool again = vector->empty_polls < empty_polls;

	vector->empty_polls = again ? vector->empty_polls + 1 : 0;
	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->completions);
	u64_stats_update_end(&stats->sync);
	if (!napi_complete_done(&vector->napi, work))
		return;
	atomic64_inc(&vector->stats->rearms);
	if (again) {
		refnic_schedule(vector);
		return;
	}
	refnic_unmask(vector);
	/* What slipped in while the vector was disabled sent no message. */
	if (refnic_pending(vector))
		refnic_schedule(vector);
}

/* In a task that polls for itself */
static bool refnic_poll_is_busy(const struct refnic_vector *vector)
{
	return !in_serving_softirq() && !refnic_napi_in_thread(&vector->napi);
}

/* Where this poll runs */
static u64_stats_t *refnic_poll_context(struct refnic_vector *vector, int budget)
{
	struct refnic_poll_stats *stats = &vector->stats->poll;

	if (!budget)
		return &stats->netpoll;
	if (refnic_poll_is_busy(vector))
		return &stats->busy;
	if (in_serving_softirq())
		return &stats->softirq;
	return &stats->threaded;
}

static void refnic_poll_count(struct refnic_vector *vector, int packets,
			      int work, int budget)
{
	struct refnic_poll_stats *stats = &vector->stats->poll;

	u64_stats_update_begin(&stats->sync);
	u64_stats_inc(&stats->polls);
	u64_stats_inc(refnic_poll_context(vector, budget));
	u64_stats_add(&stats->packets, packets);
	u64_stats_add(&stats->work, work);
	u64_stats_inc(&stats->work_polls[min(work, REFNIC_WORK_BUCKETS - 1)]);
	if (budget && !work)
		u64_stats_inc(&stats->empty);
	if (budget && work >= budget)
		u64_stats_inc(&stats->exhausted);
	u64_stats_update_end(&stats->sync);
}

/*
 * Of several rings each gets what the ones before it have left; the one that
 * uses the budget up is the last one next time.
 */
static int refnic_poll_rx(struct refnic_vector *vector, int budget)
{
	struct refnic_rx_ring *ring = vector->rx_next;
	unsigned int left = vector->num_rx;
	int packets = 0;

	while (left-- && packets < budget) {
		if (!ring)
			ring = vector->rx;
		packets += refnic_rx_poll(ring, budget - packets);
		ring = ring->sibling;
	}
	vector->rx_next = ring;
	return packets;
}

/*
 * What a poll returns: its packets, but for faults.  A busy poller that is told
 * of more than its budget would leave the NAPI to nobody.
 */
static int refnic_poll_work(const struct refnic_vector *vector, int packets,
			    int budget)
{
	u32 more = READ_ONCE(vector->faults->over_budget);

	if (READ_ONCE(vector->faults->no_complete))
		return budget;
	if (!more || !budget || packets < budget || refnic_poll_is_busy(vector))
		return packets;
	return packets + min_t(u32, more, NAPI_POLL_WEIGHT);
}

/* Budget 0 is netpoll's: send, and neither receive nor complete. */
int refnic_poll(struct napi_struct *napi, int budget)
{
	struct refnic_vector *vector =
		container_of(napi, struct refnic_vector, napi);
	struct refnic_tx_ring *tx;
	int packets, work;

	for (tx = vector->tx; tx; tx = tx->sibling)
		refnic_tx_clean(tx, budget);
	packets = refnic_poll_rx(vector, budget);
	work = refnic_poll_work(vector, packets, budget);
	refnic_poll_count(vector, packets, work, budget);
	if (work < budget)
		refnic_complete(vector, work);
	return work;
}

/* --- up and down ---------------------------------------------------------- */

/* Who switches the fault off meanwhile has switched it off. */
static bool refnic_irq_fails(struct refnic_faults *faults)
{
	u32 left = READ_ONCE(faults->irq_fail);

	return left && cmpxchg(&faults->irq_fail, left, left - 1) == left &&
	       left == 1;
}

static int refnic_request_irq(struct refnic_vector *vector)
{
	unsigned int irq = refnic_hw_vector_irq(vector->hw);

	if (refnic_irq_fails(vector->faults))
		return -EBUSY;
	/*
	 * A handler that only schedules stays one where interrupts have
	 * threads (PREEMPT_RT); the one that receives frames must not.
	 */
	if (vector->dev)
		return request_irq(irq, refnic_irq, IRQF_NO_THREAD,
				   vector->name, vector);
	return request_irq(irq, refnic_irq_legacy, 0, vector->name, vector);
}

/**
 * refnic_vector_up() - adds and enables the NAPI, and requests the interrupt
 * @vector: with its rings; its interrupt stays disabled in the device
 *
 * Return: 0 or what request_irq() says
 */
int refnic_vector_up(struct refnic_vector *vector)
{
	int err;

	/* A message may be under way: first what its handler will schedule. */
	if (vector->dev)
		refnic_napi_start(vector->dev, &vector->napi, refnic_poll,
				  vector->number,
				  refnic_hw_vector_irq(vector->hw),
				  vector->tx && !vector->rx);
	err = refnic_request_irq(vector);
	if (err)
		goto err_stop;
	vector->is_up = true;
	return 0;

err_stop:
	if (vector->dev) {
		refnic_napi_stop(&vector->napi);
		synchronize_net();
	}
	return err;
}

/*
 * Interrupts end first, then polls: nothing schedules any more.  A poll that has
 * completed may still look again, and enable the interrupt: callers wait with
 * synchronize_net() before they use refnic_vector_quiet() and free the rings.
 */
void refnic_vector_down(struct refnic_vector *vector)
{
	if (!vector->is_up)
		return;
	vector->is_up = false;
	refnic_vector_quiet(vector);
	free_irq(refnic_hw_vector_irq(vector->hw), vector);
	if (vector->dev)
		refnic_napi_stop(&vector->napi);
}

/* The device sends no interrupt. */
void refnic_vector_quiet(struct refnic_vector *vector)
{
	refnic_hw_write_enable(vector->hw, 0);
}

/* No poll, and none begins, until refnic_vector_resume(): the rings may change. */
void refnic_vector_pause(struct refnic_vector *vector)
{
	refnic_vector_quiet(vector);
	synchronize_irq(refnic_hw_vector_irq(vector->hw));
	napi_disable(&vector->napi);
	synchronize_net();
	refnic_vector_quiet(vector);
}

void refnic_vector_resume(struct refnic_vector *vector)
{
	napi_enable(&vector->napi);
	refnic_vector_enable(vector);
}

/* From here on interrupts come, and what came before them is seen. */
void refnic_vector_enable(struct refnic_vector *vector)
{
	refnic_unmask(vector);
	refnic_hw_trigger(vector->hw);
}
