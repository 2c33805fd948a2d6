// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending: from the stack, or from XDP, into a ring, and what is left to do
 * when a frame has gone.
 */
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "refnic.h"

static struct netdev_queue *refnic_txq(const struct refnic_tx_ring *ring)
{
	return netdev_get_tx_queue(ring->port->dev, ring->index);
}

static u32 refnic_tx_room(const struct refnic_tx_ring *ring)
{
	/* Pairs with refnic_tx_clean(): what was in the room is gone. */
	u32 cleaned = smp_load_acquire(&ring->cleaned);

	return ring->mask + 1 - (READ_ONCE(ring->used) - cleaned);
}

/* A queue that was stopped waits for so much. */
static u32 refnic_tx_room_to_wake(const struct refnic_tx_ring *ring)
{
	return (ring->mask + 1) / 4;
}

/* --- into the ring: under the lock of its queue --------------------------- */

static struct refnic_tx_buf *refnic_tx_buf(struct refnic_tx_ring *ring)
{
	return &ring->bufs[ring->used & ring->mask];
}

static void refnic_tx_post(struct refnic_tx_ring *ring, const void *frame,
			   u32 len)
{
	struct refnic_desc *desc = &ring->desc[ring->used & ring->mask];

	desc->addr = (uintptr_t)frame;
	desc->len = len;
	WRITE_ONCE(ring->used, ring->used + 1);
	/*
	 * The device sees the frame and the descriptor before it owns it; whoever
	 * cleans, and learns from the device that it has gone, sees all of it.
	 */
	dma_wmb();
	WRITE_ONCE(desc->flags, REFNIC_DESC_OWN);
}

/* A full ring stops its queue; returns false when it is full. */
static bool refnic_tx_maybe_stop(struct refnic_tx_ring *ring)
{
	return netif_txq_maybe_stop(refnic_txq(ring), refnic_tx_room(ring), 1,
				    refnic_tx_room_to_wake(ring));
}

netdev_tx_t refnic_tx_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);
	u16 queue = skb_get_queue_mapping(skb);
	struct refnic_tx_ring *ring;
	bool ring_bell;

	/* A sender that chose its queue before there were fewer */
	if (unlikely(queue >= port->rings->num_tx)) {
		dev_kfree_skb_any(skb);
		atomic64_inc(&port->tx_dropped);
		return NETDEV_TX_OK;
	}
	ring = &port->rings->tx[queue];
	if (unlikely(!refnic_tx_maybe_stop(ring))) {
		/* XDP took the last descriptor. */
		refnic_hw_doorbell(port->hw, queue);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(skb_put_padto(skb, ETH_ZLEN))) {
		atomic64_inc(&port->tx_dropped);
		/* For the frames before this one */
		refnic_hw_doorbell(port->hw, queue);
		return NETDEV_TX_OK;
	}
	skb_tx_timestamp(skb);
	*refnic_tx_buf(ring) = (struct refnic_tx_buf) { .skb = skb };
	ring_bell = __netdev_tx_sent_queue(refnic_txq(ring), skb->len,
					   netdev_xmit_more());
	refnic_tx_post(ring, skb->data, skb->len);
	refnic_tx_maybe_stop(ring);
	if (ring_bell || netif_xmit_stopped(refnic_txq(ring)))
		refnic_hw_doorbell(port->hw, queue);
	return NETDEV_TX_OK;
}

/**
 * refnic_tx_xdp() - sends a frame for XDP, in the NAPI that received it
 * @ring: of any queue
 * @xdp: the frame, which is the ring's from now on
 *
 * The caller rings the bell.
 *
 * Return: false when there is no room, then the frame stays the caller's
 */
bool refnic_tx_xdp(struct refnic_tx_ring *ring, struct xdp_buff *xdp)
{
	struct netdev_queue *txq = refnic_txq(ring);
	struct xdp_frame *xdpf = xdp_convert_buff_to_frame(xdp);
	bool room;

	if (unlikely(!xdpf))
		return false;
	__netif_tx_lock(txq, smp_processor_id());
	room = refnic_tx_room(ring);
	if (room) {
		txq_trans_cond_update(txq);
		*refnic_tx_buf(ring) = (struct refnic_tx_buf) { .xdpf = xdpf };
		refnic_tx_post(ring, xdpf->data, xdpf->len);
	}
	__netif_tx_unlock(txq);
	return room;
}

/* --- out of it: whoever polls --------------------------------------------- */

bool refnic_tx_pending(const struct refnic_tx_ring *ring)
{
	u32 cleaned = READ_ONCE(ring->cleaned);

	return READ_ONCE(ring->desc[cleaned & ring->mask].flags) &
	       REFNIC_DESC_DONE;
}

/* The buffer of the frame that is next to be cleaned, NULL: it has not gone */
static struct refnic_tx_buf *refnic_tx_next_done(const struct refnic_tx_ring *ring)
{
	u32 index = ring->cleaned & ring->mask;

	if (!(READ_ONCE(ring->desc[index].flags) & REFNIC_DESC_DONE))
		return NULL;
	/*
	 * Pairs with refnic_tx_post(), by way of the device; and the frame is not
	 * given back before the device has read it.
	 */
	dma_rmb();
	return &ring->bufs[index];
}

/**
 * refnic_tx_clean() - gives back all that has gone
 * @ring: the ring
 * @budget: of the poll; it is no limit, but with 0 the caller may be in any
 *	    context, where pages of a pool cannot be given back
 */
void refnic_tx_clean(struct refnic_tx_ring *ring, int budget)
{
	struct refnic_tx_stats *stats = ring->stats;
	unsigned int packets = 0, bytes = 0, skb_bytes = 0;
	struct refnic_tx_buf *buf;

	/* Others may go on sending: one round of the ring is enough. */
	while (packets <= ring->mask && (buf = refnic_tx_next_done(ring))) {
		if (buf->xdpf) {
			if (!budget)
				break;
			bytes += buf->xdpf->len;
			xdp_return_frame(buf->xdpf);
		} else {
			skb_bytes += buf->skb->len;
			napi_consume_skb(buf->skb, budget);
		}
		*buf = (struct refnic_tx_buf) {};
		WRITE_ONCE(ring->desc[ring->cleaned & ring->mask].flags, 0);
		packets++;
		/* Pairs with refnic_tx_room(). */
		smp_store_release(&ring->cleaned, ring->cleaned + 1);
	}
	if (!packets)
		return;
	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&stats->packets, packets);
	u64_stats_add(&stats->bytes, bytes + skb_bytes);
	u64_stats_update_end(&stats->sync);
	/* BQL, whose barrier it is, is told of nothing. */
	if (!skb_bytes)
		smp_mb();	/* pairs with refnic_tx_maybe_stop() */
	netif_txq_completed_wake(refnic_txq(ring), packets, skb_bytes,
				 refnic_tx_room(ring),
				 refnic_tx_room_to_wake(ring));
}

/* --- memory --------------------------------------------------------------- */

/**
 * refnic_tx_open() - a ring's memory
 * @ring: with its port and its number
 * @count: of descriptors, a power of two
 *
 * Return: 0 or -ENOMEM; refnic_tx_close() is needed in either case
 */
int refnic_tx_open(struct refnic_tx_ring *ring, u32 count)
{
	ring->mask = count - 1;
	ring->desc = kvcalloc(count, sizeof(*ring->desc), GFP_KERNEL);
	ring->bufs = kvcalloc(count, sizeof(*ring->bufs), GFP_KERNEL);
	return ring->desc && ring->bufs ? 0 : -ENOMEM;
}

/* Nobody polls any more: what has gone is counted as such, the rest is lost. */
static void refnic_tx_give_back(struct refnic_tx_ring *ring, u32 index)
{
	bool gone = ring->desc[index].flags & REFNIC_DESC_DONE;
	struct refnic_tx_buf *buf = &ring->bufs[index];
	u32 len = ring->desc[index].len;

	if (buf->xdpf)
		xdp_return_frame(buf->xdpf);
	else if (gone)
		consume_skb(buf->skb);
	else
		kfree_skb(buf->skb);
	*buf = (struct refnic_tx_buf) {};
	if (!gone) {
		atomic64_inc(&ring->port->tx_dropped);
		return;
	}
	u64_stats_update_begin(&ring->stats->sync);
	u64_stats_inc(&ring->stats->packets);
	u64_stats_add(&ring->stats->bytes, len);
	u64_stats_update_end(&ring->stats->sync);
}

/* Empty again, from its first descriptor on; the device does not use it. */
void refnic_tx_reset(struct refnic_tx_ring *ring)
{
	u32 i;

	/* Counters are written as in a poll. */
	local_bh_disable();
	for (i = 0; i <= ring->mask; i++) {
		if (ring->bufs[i].skb || ring->bufs[i].xdpf)
			refnic_tx_give_back(ring, i);
		ring->desc[i].flags = 0;
	}
	local_bh_enable();
	ring->used = 0;
	ring->cleaned = 0;
	netdev_tx_reset_queue(refnic_txq(ring));
}

/* Accepts half of one. */
void refnic_tx_close(struct refnic_tx_ring *ring)
{
	kvfree(ring->bufs);
	kvfree(ring->desc);
}
