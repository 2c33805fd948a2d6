// SPDX-License-Identifier: GPL-2.0-only
/*
 * The make-believe device itself: its rings, the engine that sends, and the
 * cable that may lead to another one.
 */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "refnic_compat.h"
#include "refnic_hw_priv.h"

/* Frames that the engine sends before it lets other interrupts come. */
#define TX_BURST 64

/* --- rings ---------------------------------------------------------------- */

static struct refnic_desc *ring_head(const struct refnic_hw_ring *ring)
{
	struct refnic_desc *desc;

	if (!ring->desc)
		return NULL;
	desc = &ring->desc[ring->head & ring->mask];
	/* Pairs with the barrier of the driver before it gives it to us. */
	return smp_load_acquire(&desc->flags) & REFNIC_DESC_OWN ? desc : NULL;
}

static void ring_return(struct refnic_hw_ring *ring, struct refnic_desc *desc)
{
	/* Pairs with the barrier of the driver after it has seen this. */
	smp_store_release(&desc->flags, REFNIC_DESC_DONE);
	ring->head++;
}

static void ring_start(struct refnic_hw_ring *ring, struct refnic_desc *desc,
		       u32 count, struct refnic_hw_vector *vector)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring->lock, flags);
	ring->desc = desc;
	ring->mask = count - 1;
	ring->head = 0;
	ring->vector = vector;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
}

static void ring_stop(struct refnic_hw_ring *ring)
{
	ring_start(ring, NULL, 1, NULL);
}

/* Returns the vector that has to be told, NULL: the frame is lost. */
static struct refnic_hw_vector *hw_store(struct refnic_hw *hw,
					 unsigned int queue, const void *frame,
					 u32 len)
{
	struct refnic_hw_ring *ring = &hw->rx[queue];
	struct refnic_hw_vector *vector = NULL;
	struct refnic_desc *desc;
	unsigned long flags;

	raw_spin_lock_irqsave(&ring->lock, flags);
	desc = ring_head(ring);
	if (desc && len <= desc->len) {
		memcpy((void *)(uintptr_t)desc->addr, frame, len);
		desc->len = len;
		ring_return(ring, desc);
		vector = ring->vector;
	} else if (ring->desc || READ_ONCE(hw->up)) {
		ring->missed++;
	}
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	return vector;
}

/* Hard interrupt context */
void refnic_hw_receive(struct refnic_hw *hw, unsigned int queue,
		       const void *frame, u32 len)
{
	struct refnic_hw_vector *vector = hw_store(hw, queue, frame, len);

	if (vector)
		refnic_hw_event(vector, REFNIC_CAUSE_RX);
}

void refnic_hw_rx_start(struct refnic_hw *hw, unsigned int queue,
			struct refnic_desc *desc, u32 count,
			struct refnic_hw_vector *vector)
{
	ring_start(&hw->rx[queue], desc, count, vector);
}

void refnic_hw_rx_stop(struct refnic_hw *hw, unsigned int queue)
{
	ring_stop(&hw->rx[queue]);
}

u64 refnic_hw_rx_missed(struct refnic_hw *hw, unsigned int queue)
{
	struct refnic_hw_ring *ring = &hw->rx[queue];
	unsigned long flags;
	u64 missed;

	raw_spin_lock_irqsave(&ring->lock, flags);
	missed = ring->missed;
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	return missed;
}

/* --- steering ------------------------------------------------------------- */

/* Number of queues, from 0, that frames may go to */
void refnic_hw_rx_spread(struct refnic_hw *hw, unsigned int queues)
{
	WRITE_ONCE(hw->spread, queues);
}

/* By addresses, and by ports where there are any, of IPv4. */
static unsigned int hw_steer(struct refnic_hw *hw, const u8 *frame, u32 len)
{
	const struct ethhdr *eth = (const struct ethhdr *)frame;
	const struct iphdr *ip = (const struct iphdr *)(frame + ETH_HLEN);
	u32 key = 0;

	if (READ_ONCE(hw->faults.one_queue))
		return 0;
	if (len >= ETH_HLEN + sizeof(*ip) + sizeof(key) &&
	    eth->h_proto == htons(ETH_P_IP)) {
		if (ip->ihl == 5 && !(ip->frag_off & htons(0x3fff)) &&
		    (ip->protocol == IPPROTO_TCP ||
		     ip->protocol == IPPROTO_UDP))
			memcpy(&key, ip + 1, sizeof(key));
		key = jhash(&ip->saddr, 2 * sizeof(ip->saddr), key);
	}
	return reciprocal_scale(key, READ_ONCE(hw->spread));
}

/* --- sending -------------------------------------------------------------- */

/*
 * Returns false when there is nothing to send.  The peer is told when the lock
 * is free: a message to this CPU arrives at once.
 */
static bool tx_engine_frame(struct refnic_hw_tx *tx, struct refnic_hw *peer)
{
	struct refnic_hw_ring *ring = &tx->ring;
	struct refnic_hw_vector *vector = NULL;
	struct refnic_desc *desc;
	unsigned long flags;
	const u8 *frame;

	raw_spin_lock_irqsave(&ring->lock, flags);
	desc = ring_head(ring);
	if (desc) {
		frame = (const u8 *)(uintptr_t)desc->addr;
		if (peer && READ_ONCE(peer->up))
			vector = hw_store(peer, hw_steer(peer, frame, desc->len),
					  frame, desc->len);
		ring_return(ring, desc);
	}
	raw_spin_unlock_irqrestore(&ring->lock, flags);
	if (vector)
		refnic_hw_event(vector, REFNIC_CAUSE_RX);
	return desc;
}

/* Hard interrupt context; may run on several CPUs at once. */
static void tx_engine(struct irq_work *work)
{
	struct refnic_hw_tx *tx = container_of(work, struct refnic_hw_tx, engine);
	struct refnic_hw_vector *vector;
	struct refnic_hw *peer;
	unsigned int sent = 0;

	rcu_read_lock();
	peer = rcu_dereference(tx->hw->peer);
	while (sent < TX_BURST && tx_engine_frame(tx, peer))
		sent++;
	vector = READ_ONCE(tx->ring.vector);
	if (sent && vector)
		refnic_hw_event(vector, REFNIC_CAUSE_TX);
	rcu_read_unlock();
	if (sent == TX_BURST)
		irq_work_queue(work);
}

/* The doorbell register: there is something to send. */
void refnic_hw_doorbell(struct refnic_hw *hw, unsigned int queue)
{
	irq_work_queue(&hw->tx[queue].engine);
}

void refnic_hw_tx_start(struct refnic_hw *hw, unsigned int queue,
			struct refnic_desc *desc, u32 count,
			struct refnic_hw_vector *vector)
{
	ring_start(&hw->tx[queue].ring, desc, count, vector);
}

/* The ring's lock keeps the engine from what is not its any more. */
void refnic_hw_tx_stop(struct refnic_hw *hw, unsigned int queue)
{
	ring_stop(&hw->tx[queue].ring);
}

/* --- the cable ------------------------------------------------------------ */

static void hw_link_changed(struct refnic_hw *hw)
{
	if (hw)
		hw->link_change(hw->context);
}

/* Both ends have a link when both are up. */
bool refnic_hw_link(const struct refnic_hw *hw)
{
	const struct refnic_hw *peer = rtnl_dereference(hw->peer);

	return hw->up && (!peer || peer->up);
}

/* Context of the driver at the other end, NULL: no cable */
void *refnic_hw_peer(struct refnic_hw *hw)
{
	struct refnic_hw *peer = rcu_dereference_rtnl(hw->peer);

	return peer ? peer->context : NULL;
}

/**
 * refnic_hw_cable() - joins two devices
 * @a: one of them
 * @b: the other one
 *
 * Neither has a cable.
 */
void refnic_hw_cable(struct refnic_hw *a, struct refnic_hw *b)
{
	rcu_assign_pointer(a->peer, b);
	rcu_assign_pointer(b->peer, a);
	hw_link_changed(a);
	hw_link_changed(b);
}

static void hw_set_up(struct refnic_hw *hw, bool up)
{
	WRITE_ONCE(hw->up, up);
	hw_link_changed(hw);
	hw_link_changed(rtnl_dereference(hw->peer));
}

void refnic_hw_enable(struct refnic_hw *hw)
{
	hw_set_up(hw, true);
}

void refnic_hw_disable(struct refnic_hw *hw)
{
	hw_set_up(hw, false);
}

/* --- the device ----------------------------------------------------------- */

struct refnic_hw_faults *refnic_hw_faults(struct refnic_hw *hw)
{
	return &hw->faults;
}

/* For the generator, which sends to this address */
void refnic_hw_set_mac(struct refnic_hw *hw, const u8 *mac)
{
	ether_addr_copy(hw->mac, mac);
}

/**
 * refnic_hw_create() - a device, disabled and with all queues stopped
 * @rx_queues: how many it has
 * @tx_queues: how many it has
 * @link_change: called under the RTNL when refnic_hw_link() may have changed
 * @context: its argument
 *
 * Return: the device or NULL
 */
struct refnic_hw *refnic_hw_create(unsigned int rx_queues,
				   unsigned int tx_queues,
				   void (*link_change)(void *context),
				   void *context)
{
	struct refnic_hw *hw;
	unsigned int i;

	hw = kzalloc(sizeof(*hw), GFP_KERNEL);
	if (!hw)
		return NULL;
	hw->rx = kcalloc(rx_queues, sizeof(*hw->rx), GFP_KERNEL);
	hw->tx = kcalloc(tx_queues, sizeof(*hw->tx), GFP_KERNEL);
	if (!hw->rx || !hw->tx) {
		kfree(hw->tx);
		kfree(hw->rx);
		kfree(hw);
		return NULL;
	}
	hw->tx_queues = tx_queues;
	hw->spread = rx_queues;
	hw->link_change = link_change;
	hw->context = context;
	for (i = 0; i < rx_queues; i++)
		raw_spin_lock_init(&hw->rx[i].lock);
	for (i = 0; i < tx_queues; i++) {
		raw_spin_lock_init(&hw->tx[i].ring.lock);
		refnic_init_hard_irq_work(&hw->tx[i].engine, tx_engine);
		hw->tx[i].hw = hw;
	}
	refnic_hw_gen_init(hw);
	return hw;
}

/* No cable and no generator any more; the peer's link is up by itself. */
void refnic_hw_unplug(struct refnic_hw *hw)
{
	struct refnic_hw *peer = rtnl_dereference(hw->peer);

	refnic_hw_gen_stop(hw);
	if (!peer)
		return;
	RCU_INIT_POINTER(peer->peer, NULL);
	RCU_INIT_POINTER(hw->peer, NULL);
	hw_link_changed(peer);
	/* The peer's engine may be sending to us, and others looking at us. */
	synchronize_net();
}

/* It is unplugged, and its queues are stopped. */
void refnic_hw_destroy(struct refnic_hw *hw)
{
	unsigned int i;

	for (i = 0; i < hw->tx_queues; i++)
		irq_work_sync(&hw->tx[i].engine);
	/* That does not wait for an engine that runs on a second CPU. */
	synchronize_rcu();
	kfree(hw->tx);
	kfree(hw->rx);
	kfree(hw);
}
