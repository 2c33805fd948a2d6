/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refnic's make-believe device as its driver sees it: descriptors, registers,
 * a doorbell and an interrupt.  Everything a data sheet would say is here.
 *
 * Queues.  The driver fills a descriptor and gives it to the device by setting
 * REFNIC_DESC_OWN; the device sets REFNIC_DESC_DONE instead when the frame has
 * arrived or left.  A frame may be under way before the doorbell is rung for it.
 * Addresses are the kernel's own: where a real device needs dma_map_*(), this
 * one needs nothing.
 *
 * Interrupts.  A vector is a message of its own, as in MSI-X.  Its cause
 * register collects what happened and is cleared by reading it; its enable
 * register says which causes send a message.  What happens while a cause is
 * disabled is latched and sends nothing, not even when the cause is enabled
 * again: the driver has to look for itself.  A message that is sent while one
 * is under way becomes one with it.
 *
 * Moderation holds messages back until so many microseconds after the first
 * event, or until that many events.
 */
#ifndef REFNIC_HW_H
#define REFNIC_HW_H

#include <linux/bits.h>
#include <linux/types.h>

struct refnic_hw;
struct refnic_hw_vector;

#define REFNIC_CAUSE_RX		BIT(0)
#define REFNIC_CAUSE_TX		BIT(1)
#define REFNIC_CAUSE_SW		BIT(2)	/* refnic_hw_trigger() */
#define REFNIC_CAUSES_ALL	GENMASK(2, 0)

#define REFNIC_DESC_OWN		BIT(31)	/* the device's */
#define REFNIC_DESC_DONE	BIT(30)	/* it has arrived, or left */

/**
 * struct refnic_desc - one descriptor of a receive or a transmit ring
 * @addr: of the buffer, or of the frame
 * @len: bytes: of the buffer; of the frame when it has arrived
 * @flags: one of REFNIC_DESC_*, 0: it was never given to the device
 */
struct refnic_desc {
	u64 addr;
	u32 len;
	u32 flags;
};

/**
 * struct refnic_hw_faults - how the device may be broken
 * @lose_irq: each message of that number is lost, 0: none
 * @one_queue: all frames go to queue 0
 * @bridge: messages come to the interrupt of a bridge, whose handler passes them on
 */
struct refnic_hw_faults {
	u32 lose_irq;
	u32 one_queue;
	u32 bridge;
};

/**
 * struct refnic_gen - what the traffic generator at the other end sends
 * @rate: frames per second
 * @burst: frames at a time
 * @size: bytes of a frame, without its checksum
 * @flows: UDP flows in turn; flow n goes to queue n modulo their number
 * @cpu: whose timer is the generator's clock, all ones: any
 * @count: frames in all, 0: until it is stopped
 * @sent: of these, up to now
 */
struct refnic_gen {
	u32 rate;
	u32 burst;
	u32 size;
	u32 flows;
	u32 cpu;
	u64 count;
	u64 sent;
};

/* Interrupt vectors; all may be called in any context but create and destroy */
int refnic_hw_bridge_init(void);
void refnic_hw_bridge_exit(void);
struct refnic_hw_vector *refnic_hw_vector_create(const struct refnic_hw_faults *faults,
						 unsigned int index);
void refnic_hw_vectors_destroy(struct refnic_hw_vector **vectors,
			       unsigned int count);
unsigned int refnic_hw_vector_irq(const struct refnic_hw_vector *vector);
void refnic_hw_vector_moderate(struct refnic_hw_vector *vector, u32 usecs,
			       u32 frames);
u32 refnic_hw_read_cause(struct refnic_hw_vector *vector);
u32 refnic_hw_read_enable(const struct refnic_hw_vector *vector);
void refnic_hw_write_enable(struct refnic_hw_vector *vector, u32 causes);
void refnic_hw_trigger(struct refnic_hw_vector *vector);

/* The device; @link_change is called by enable, disable, cable and unplug */
struct refnic_hw *refnic_hw_create(unsigned int rx_queues,
				   unsigned int tx_queues,
				   void (*link_change)(void *context),
				   void *context);
void refnic_hw_destroy(struct refnic_hw *hw);
struct refnic_hw_faults *refnic_hw_faults(struct refnic_hw *hw);
void refnic_hw_set_mac(struct refnic_hw *hw, const u8 *mac);
void refnic_hw_enable(struct refnic_hw *hw);
void refnic_hw_disable(struct refnic_hw *hw);

/* A cable; without one frames leave to nowhere and the link is always up */
void refnic_hw_cable(struct refnic_hw *a, struct refnic_hw *b);
void refnic_hw_unplug(struct refnic_hw *hw);
void *refnic_hw_peer(struct refnic_hw *hw);
bool refnic_hw_link(const struct refnic_hw *hw);

/* Rings; @count is a power of two.  After stop the device touches nothing. */
void refnic_hw_rx_start(struct refnic_hw *hw, unsigned int queue,
			struct refnic_desc *desc, u32 count,
			struct refnic_hw_vector *vector);
void refnic_hw_rx_stop(struct refnic_hw *hw, unsigned int queue);
void refnic_hw_rx_spread(struct refnic_hw *hw, unsigned int queues);
u64 refnic_hw_rx_missed(struct refnic_hw *hw, unsigned int queue);
void refnic_hw_tx_start(struct refnic_hw *hw, unsigned int queue,
			struct refnic_desc *desc, u32 count,
			struct refnic_hw_vector *vector);
void refnic_hw_tx_stop(struct refnic_hw *hw, unsigned int queue);
void refnic_hw_doorbell(struct refnic_hw *hw, unsigned int queue);

/* The generator, which takes the place of a cable's other end */
struct refnic_gen *refnic_hw_gen(struct refnic_hw *hw);
int refnic_hw_gen_start(struct refnic_hw *hw);
void refnic_hw_gen_stop(struct refnic_hw *hw);
bool refnic_hw_gen_runs(struct refnic_hw *hw);

#endif /* REFNIC_HW_H */
