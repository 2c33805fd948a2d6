/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the make-believe device know of each other; its driver
 * does not include this.
 */
#ifndef REFNIC_HW_PRIV_H
#define REFNIC_HW_PRIV_H

#include <linux/etherdevice.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/spinlock.h>

#include "refnic_hw.h"

/* Room for the largest frame that the generator makes */
#define REFNIC_HW_FRAME		ETH_FRAME_LEN

/**
 * struct refnic_hw_ring - the device's side of a ring
 * @lock: of what follows; taken in hard interrupts
 * @desc: NULL while the queue is stopped
 * @mask: number of descriptors - 1
 * @head: the next descriptor
 * @missed: frames for which there was no buffer, while the device was enabled
 * @vector: that is told
 */
struct refnic_hw_ring {
	raw_spinlock_t lock;
	struct refnic_desc *desc;
	u32 mask;
	u32 head;
	u64 missed;
	struct refnic_hw_vector *vector;
};

struct refnic_hw_tx {
	struct refnic_hw_ring ring;
	struct irq_work engine;
	struct refnic_hw *hw;
};

/* The device */
struct refnic_hw {
	struct refnic_hw __rcu *peer;	/* written under the RTNL */
	bool up;			/* enabled by its driver */
	unsigned int spread;		/* frames over so many queues */
	unsigned int tx_queues;
	struct refnic_hw_ring *rx;
	struct refnic_hw_tx *tx;
	struct refnic_hw_faults faults;
	void (*link_change)(void *context);
	void *context;
	u8 mac[ETH_ALEN];

	struct refnic_gen gen;
	struct refnic_gen gen_now;	/* as it was when the generator started */
	struct hrtimer gen_timer;
	u64 gen_period_ns;
	u32 gen_flow;			/* of the next frame */
	u8 gen_frame[REFNIC_HW_FRAME];
};

/* In hard interrupts: an event of a vector; a frame for a queue */
void refnic_hw_event(struct refnic_hw_vector *vector, u32 cause);
void refnic_hw_receive(struct refnic_hw *hw, unsigned int queue,
		       const void *frame, u32 len);

void refnic_hw_gen_init(struct refnic_hw *hw);

#endif /* REFNIC_HW_PRIV_H */
