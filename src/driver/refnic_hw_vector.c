// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupts of the make-believe device: vectors with a cause and an
 * enable register, and the messages that they send to real Linux interrupts.
 *
 * A message is a call on the CPU to which the interrupt's affinity points.  It
 * has to arrive in hard interrupt context, as any interrupt does.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/irqdesc.h>
#include <linux/llist.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "refnic_compat.h"
#include "refnic_hw_priv.h"

/**
 * struct refnic_hw_vector - an interrupt of the device
 * @lock: of the registers and of moderation; taken in hard interrupts
 * @cause: the cause register
 * @enabled: the enable register
 * @usecs: moderation, 0: none
 * @max_frames: moderation, 0: by time alone
 * @frames: events that are held back
 * @timer: ends the time for which they are
 * @under_way: bit 0: a message is
 * @waiting: in the list of the bridge
 * @call: carries it to @cpu
 * @work: carries it into hard interrupt context there
 * @cpu: where messages go
 * @irq: number
 * @index: among the device's vectors
 * @faults: of the device
 * @messages: how many were sent, for the fault that loses some
 */
struct refnic_hw_vector {
	raw_spinlock_t lock;
	u32 cause;
	u32 enabled;
	u32 usecs;
	u32 max_frames;
	u32 frames;
	struct hrtimer timer;

	unsigned long under_way;
	struct llist_node waiting;
	call_single_data_t call;
	struct irq_work work;
	unsigned int cpu;
	unsigned int irq;
	unsigned int index;

	const struct refnic_hw_faults *faults;
	atomic_t messages;
};

static void vector_handle(struct refnic_hw_vector *vector)
{
	clear_bit(0, &vector->under_way);
	/* From here on another message is another interrupt. */
	smp_mb__after_atomic();
	generic_handle_irq(vector->irq);
}

/*
 * As behind a bridge that has one interrupt for many devices (Intel's VMD, PCIe root
 * ports): its handler finds out whose it is, and runs theirs.
 */
static LLIST_HEAD(bridge_waiting);
static unsigned int bridge_irq;

static irqreturn_t bridge_handler(int irq, void *data)
{
	struct refnic_hw_vector *vector, *next;

	llist_for_each_entry_safe(vector, next, llist_del_all(&bridge_waiting),
				  waiting)
		vector_handle(vector);
	return IRQ_HANDLED;
}

static void vector_arrive(struct refnic_hw_vector *vector)
{
	if (!READ_ONCE(vector->faults->bridge)) {
		vector_handle(vector);
		return;
	}
	llist_add(&vector->waiting, &bridge_waiting);
	generic_handle_irq(bridge_irq);
}

static unsigned int vector_other_cpu(void)
{
	return cpumask_any_but(cpu_online_mask, raw_smp_processor_id());
}

/*
 * A CPU that goes offline runs this outside of interrupts: on to another one.
 * Should there be none, the message is lost, and what comes later sends anew.
 */
static void vector_arrive_work(struct irq_work *work)
{
	struct refnic_hw_vector *vector =
		container_of(work, struct refnic_hw_vector, work);

	if (in_hardirq())
		vector_arrive(vector);
	else if (smp_call_function_single_async(vector_other_cpu(),
						&vector->call))
		clear_bit(0, &vector->under_way);
}

/* An idle CPU may make the call from its idle loop, not in an interrupt. */
static void vector_arrive_call(void *info)
{
	struct refnic_hw_vector *vector = info;

	if (in_hardirq())
		vector_arrive(vector);
	else
		irq_work_queue(&vector->work);
}

static bool vector_loses(struct refnic_hw_vector *vector)
{
	u32 every = READ_ONCE(vector->faults->lose_irq);

	return every && atomic_inc_return(&vector->messages) % every == 0;
}

/*
 * In any context; not from under the vector's own lock.  A message to this CPU
 * waits like any other one until interrupts are on; so does one to a CPU that
 * has just gone offline, as the affinity is about to follow.
 */
static void vector_send(struct refnic_hw_vector *vector)
{
	int here, cpu = READ_ONCE(vector->cpu);

	if (vector_loses(vector) || test_and_set_bit(0, &vector->under_way))
		return;
	here = get_cpu();
	if (cpu == here ||
	    smp_call_function_single_async(cpu, &vector->call))
		irq_work_queue(&vector->work);
	put_cpu();
}

/* Returns true if the message is to be sent at once. */
static bool vector_moderate(struct refnic_hw_vector *vector)
{
	if (!vector->usecs)
		return true;
	vector->frames++;
	if (vector->max_frames && vector->frames >= vector->max_frames) {
		vector->frames = 0;
		hrtimer_try_to_cancel(&vector->timer);
		return true;
	}
	if (!hrtimer_is_queued(&vector->timer))
		hrtimer_start(&vector->timer,
			      ns_to_ktime((u64)vector->usecs * NSEC_PER_USEC),
			      HRTIMER_MODE_REL_PINNED_HARD);
	return false;
}

static enum hrtimer_restart vector_timer(struct hrtimer *timer)
{
	struct refnic_hw_vector *vector =
		container_of(timer, struct refnic_hw_vector, timer);
	unsigned long flags;
	bool send;

	raw_spin_lock_irqsave(&vector->lock, flags);
	/* 0: it has been disabled and enabled since, and nothing happened. */
	send = vector->frames && (vector->cause & vector->enabled);
	vector->frames = 0;
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	if (send)
		vector_send(vector);
	return HRTIMER_NORESTART;
}

void refnic_hw_event(struct refnic_hw_vector *vector, u32 cause)
{
	unsigned long flags;
	bool send;

	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->cause |= cause;
	send = (vector->enabled & cause) && vector_moderate(vector);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	if (send)
		vector_send(vector);
}

/* The cause register: reading clears it. */
u32 refnic_hw_read_cause(struct refnic_hw_vector *vector)
{
	unsigned long flags;
	u32 cause;

	raw_spin_lock_irqsave(&vector->lock, flags);
	cause = vector->cause;
	vector->cause = 0;
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	return cause;
}

u32 refnic_hw_read_enable(const struct refnic_hw_vector *vector)
{
	return READ_ONCE(vector->enabled);
}

/* The enable register: sends nothing by itself. */
void refnic_hw_write_enable(struct refnic_hw_vector *vector, u32 causes)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	WRITE_ONCE(vector->enabled, causes);
	vector->frames = 0;
	/* The time begins with the next event. */
	hrtimer_try_to_cancel(&vector->timer);
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

/* The trigger register: an interrupt because software wants one. */
void refnic_hw_trigger(struct refnic_hw_vector *vector)
{
	unsigned long flags;
	bool send;

	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->cause |= REFNIC_CAUSE_SW;
	send = vector->enabled & REFNIC_CAUSE_SW;
	raw_spin_unlock_irqrestore(&vector->lock, flags);
	if (send)
		vector_send(vector);
}

void refnic_hw_vector_moderate(struct refnic_hw_vector *vector, u32 usecs,
			       u32 frames)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&vector->lock, flags);
	vector->usecs = usecs;
	vector->max_frames = frames;
	raw_spin_unlock_irqrestore(&vector->lock, flags);
}

unsigned int refnic_hw_vector_irq(const struct refnic_hw_vector *vector)
{
	return vector->irq;
}

/* --- the interrupt chip: a message has nothing to acknowledge ------------- */

static void chip_ack(struct irq_data *data)
{
}

/* What came while the interrupt was disabled in Linux. */
static int chip_retrigger(struct irq_data *data)
{
	vector_send(irq_data_get_irq_chip_data(data));
	return 1;
}

/* Where several CPUs may be chosen the device spreads its vectors. */
static int chip_set_affinity(struct irq_data *data, const struct cpumask *mask,
			     bool force)
{
	struct refnic_hw_vector *vector = irq_data_get_irq_chip_data(data);
	unsigned int cpu, skip, online = 0;

	for_each_cpu_and(cpu, mask, cpu_online_mask)
		online++;
	if (!online)
		return -EINVAL;
	skip = vector->index % online;
	for_each_cpu_and(cpu, mask, cpu_online_mask)
		if (!skip--)
			break;
	WRITE_ONCE(vector->cpu, cpu);
	irq_data_update_effective_affinity(data, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

static struct irq_chip refnic_chip = {
	.name			= "refnic",
	.irq_ack		= chip_ack,
	.irq_retrigger		= chip_retrigger,
	.irq_set_affinity	= chip_set_affinity,
};

/**
 * refnic_hw_bridge_init() - the interrupt of the bridge
 *
 * Return: 0 or an error
 */
int refnic_hw_bridge_init(void)
{
	int err, irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);

	if (irq < 0)
		return irq;
	irq_set_chip_and_handler_name(irq, &dummy_irq_chip, handle_edge_irq,
				      "edge");
	irq_modify_status(irq, IRQ_NOREQUEST, 0);
	err = request_irq(irq, bridge_handler, IRQF_NO_THREAD, "refnic.bridge",
			  &bridge_irq);
	if (err)
		irq_free_desc(irq);
	else
		bridge_irq = irq;
	return err;
}

void refnic_hw_bridge_exit(void)
{
	free_irq(bridge_irq, &bridge_irq);
	irq_free_desc(bridge_irq);
}

/**
 * refnic_hw_vector_create() - a vector with its interrupt, all disabled
 * @faults: of the device
 * @index: of the vector, which decides between CPUs that may be chosen
 *
 * Return: the vector or an ERR_PTR()
 */
struct refnic_hw_vector *
refnic_hw_vector_create(const struct refnic_hw_faults *faults,
			unsigned int index)
{
	struct refnic_hw_vector *vector;
	int irq;

	vector = kzalloc(sizeof(*vector), GFP_KERNEL);
	if (!vector)
		return ERR_PTR(-ENOMEM);
	/* No owner: the module would hold itself while its irq is requested. */
	irq = __irq_alloc_descs(-1, 1, 1, NUMA_NO_NODE, NULL, NULL);
	if (irq < 0) {
		kfree(vector);
		return ERR_PTR(irq);
	}
	raw_spin_lock_init(&vector->lock);
	hrtimer_setup(&vector->timer, vector_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	refnic_init_hard_irq_work(&vector->work, vector_arrive_work);
	vector->call.func = vector_arrive_call;
	vector->call.info = vector;
	vector->faults = faults;
	vector->index = index;
	vector->irq = irq;
	irq_set_chip_and_handler_name(irq, &refnic_chip, handle_edge_irq,
				      "edge");
	irq_set_chip_data(irq, vector);
	irq_modify_status(irq, IRQ_NOREQUEST, REFNIC_IRQ_MOVES);
	return vector;
}

static void vector_free(struct refnic_hw_vector *vector)
{
	irq_free_desc(vector->irq);
	kfree(vector);
}

/**
 * refnic_hw_vectors_destroy() - frees vectors with their interrupts
 * @vectors: of which no queue tells of events any more, and whose interrupts are
 *	     freed; NULL is none
 * @count: of them
 */
void refnic_hw_vectors_destroy(struct refnic_hw_vector **vectors,
			       unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (vectors[i])
			refnic_hw_write_enable(vectors[i], 0);
	/* Events are told in hard interrupts: the last one is over. */
	synchronize_rcu();
	for (i = 0; i < count; i++) {
		if (!vectors[i])
			continue;
		hrtimer_cancel(&vectors[i]->timer);
		while (test_bit(0, &vectors[i]->under_way))
			usleep_range(50, 100);
		irq_work_sync(&vectors[i]->work);
	}
	/* The last message may still be about to call handle_irq(). */
	synchronize_rcu();
	for (i = 0; i < count; i++)
		if (vectors[i])
			vector_free(vectors[i]);
}
