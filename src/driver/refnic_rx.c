// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving: from a ring to the stack.
 *
 * Every descriptor has a buffer at all times.  A frame's page goes up the stack
 * only when there is another one to take its place; else the frame is dropped
 * and its page waits for the next one.  So a ring never runs dry, whatever
 * happens to memory.
 */
#include <linux/bpf_trace.h>
#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "refnic.h"

/* --- buffers -------------------------------------------------------------- */

static bool refnic_rx_alloc_fails(struct refnic_rx_ring *ring)
{
	u32 every = READ_ONCE(ring->port->faults.alloc_fail);

	return every && ++ring->allocations % every == 0;
}

static struct page *refnic_rx_alloc(struct refnic_rx_ring *ring)
{
	if (refnic_rx_alloc_fails(ring))
		return NULL;
	return page_pool_dev_alloc_pages(ring->pool);
}

/* Gives the device a page for the frame after the last one. */
static void refnic_rx_post(struct refnic_rx_ring *ring, u32 index,
			   struct page *page)
{
	struct refnic_desc *desc = &ring->desc[index];

	ring->pages[index] = page;
	desc->addr = (uintptr_t)page_address(page) + REFNIC_HEADROOM;
	desc->len = REFNIC_MAX_FRAME;
	/* The device sees all of the descriptor before it owns it. */
	dma_wmb();
	WRITE_ONCE(desc->flags, REFNIC_DESC_OWN);
}

static int refnic_rx_fill(struct refnic_rx_ring *ring)
{
	struct page *page;
	u32 i;

	for (i = 0; i <= ring->mask; i++) {
		page = page_pool_alloc_pages(ring->pool, GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		refnic_rx_post(ring, i, page);
	}
	return 0;
}

static int refnic_rx_open_pool(struct refnic_rx_ring *ring)
{
	struct net_device *dev = ring->port->dev;
	struct page_pool_params params = {
		.pool_size = ring->mask + 1,
		.nid = NUMA_NO_NODE,
	};
	struct refnic_vector *vector = ring->vector;
	int err;

	/* A shared NAPI comes when the rings are there, a handler has none. */
	refnic_pool_owner(&params, dev, vector && vector->dev ?
			  &vector->napi : NULL);
	ring->pool = page_pool_create(&params);
	if (IS_ERR(ring->pool)) {
		err = PTR_ERR(ring->pool);
		ring->pool = NULL;
		return err;
	}
	err = refnic_rxq_info_reg(&ring->xdp_rxq, dev, ring->index);
	if (err)
		return err;
	return xdp_rxq_info_reg_mem_model(&ring->xdp_rxq, MEM_TYPE_PAGE_POOL,
					  ring->pool);
}

/**
 * refnic_rx_open() - a ring's memory, with all its buffers
 * @ring: with its port, its number and, where it has its own, its vector
 * @count: of descriptors, a power of two
 *
 * Return: 0 or an error; refnic_rx_close() is needed in either case
 */
int refnic_rx_open(struct refnic_rx_ring *ring, u32 count)
{
	int err;

	ring->mask = count - 1;
	ring->desc = kvcalloc(count, sizeof(*ring->desc), GFP_KERNEL);
	ring->pages = kvcalloc(count, sizeof(*ring->pages), GFP_KERNEL);
	if (!ring->desc || !ring->pages)
		return -ENOMEM;
	err = refnic_rx_open_pool(ring);
	if (err)
		return err;
	return refnic_rx_fill(ring);
}

/* Empty again, from its first descriptor on; the device does not use it. */
void refnic_rx_reset(struct refnic_rx_ring *ring)
{
	const struct refnic_desc *desc;
	u32 i;

	for (i = 0; i <= ring->mask; i++) {
		desc = &ring->desc[i];
		/* It has arrived, and nobody will poll for it. */
		if (desc->flags & REFNIC_DESC_DONE) {
			atomic64_inc(&ring->port->rx_left);
			atomic64_add(desc->len, &ring->port->rx_left_bytes);
		}
		refnic_rx_post(ring, i, ring->pages[i]);
	}
	ring->next = 0;
}

/* Accepts half of one. */
void refnic_rx_close(struct refnic_rx_ring *ring)
{
	u32 i;

	for (i = 0; ring->pages && i <= ring->mask; i++)
		if (ring->pages[i])
			page_pool_put_full_page(ring->pool, ring->pages[i],
						false);
	if (xdp_rxq_info_is_reg(&ring->xdp_rxq))
		xdp_rxq_info_unreg(&ring->xdp_rxq);
	if (ring->pool)
		page_pool_destroy(ring->pool);
	kvfree(ring->pages);
	kvfree(ring->desc);
}

/* --- frames --------------------------------------------------------------- */

/* Length of the next frame, or -1 when none has arrived */
static int refnic_rx_next(const struct refnic_rx_ring *ring)
{
	const struct refnic_desc *desc = &ring->desc[ring->next & ring->mask];

	if (!(READ_ONCE(desc->flags) & REFNIC_DESC_DONE))
		return -1;
	/* Nothing of the descriptor or the frame is read before. */
	dma_rmb();
	return desc->len;
}

/* For one that may not own the NAPI any more */
bool refnic_rx_pending(const struct refnic_rx_ring *ring)
{
	u32 next = READ_ONCE(ring->next);

	return READ_ONCE(ring->desc[next & ring->mask].flags) &
	       REFNIC_DESC_DONE;
}

/* Takes the page along; returns false when there is no memory for an skb. */
static bool refnic_rx_pass(struct refnic_rx_ring *ring, struct page *page,
			   const struct xdp_buff *xdp)
{
	struct net_device *dev = ring->port->dev;
	struct sk_buff *skb;

	skb = napi_build_skb(page_address(page), PAGE_SIZE);
	if (unlikely(!skb))
		return false;
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	__skb_put(skb, xdp->data_end - xdp->data);
	refnic_skb_recycles(skb, ring->pool, page);
	skb_record_rx_queue(skb, ring->index);
	skb->protocol = eth_type_trans(skb, dev);
	napi_gro_receive(&ring->vector->napi, skb);
	return true;
}

static u32 refnic_rx_run_xdp(struct refnic_rx_ring *ring,
			     struct bpf_prog *prog, struct xdp_buff *xdp)
{
	u32 act;

	if (!prog)
		return XDP_PASS;
	refnic_xdp_lock();
	act = bpf_prog_run_xdp(prog, xdp);
	refnic_xdp_unlock();
	switch (act) {
	case XDP_PASS:
	case XDP_TX:
	case XDP_DROP:
		return act;
	default:
		refnic_warn_xdp_action(ring->port->dev, prog, act);
		fallthrough;
	case XDP_ABORTED:
		trace_xdp_exception(ring->port->dev, prog, act);
		return XDP_DROP;
	}
}

/* Returns false when the page can be used again at once. */
static bool refnic_rx_deliver(struct refnic_rx_ring *ring, struct page *page,
			      u32 act, struct xdp_buff *xdp)
{
	struct refnic_port *port = ring->port;
	struct refnic_tx_ring *tx;

	if (act == XDP_PASS)
		return refnic_rx_pass(ring, page, xdp);
	tx = &port->rings->tx[ring->index % port->rings->num_tx];
	return refnic_tx_xdp(tx, xdp);
}

struct refnic_rx_count {
	unsigned int packets, bytes, alloc_failed, alloc_failed_bytes;
	unsigned int xdp_drops, xdp_tx;
};

static void refnic_rx_failed(struct refnic_rx_count *count, int len)
{
	count->alloc_failed++;
	count->alloc_failed_bytes += len;
}

/* Without a page for the next frame, or with one that was not needed */
static void refnic_rx_lost(struct refnic_rx_ring *ring, u32 act, int len,
			   struct page *fresh, struct refnic_rx_count *count)
{
	if (act == XDP_TX && fresh)
		count->xdp_drops++;
	else
		refnic_rx_failed(count, len);
	if (fresh)
		page_pool_put_full_page(ring->pool, fresh, true);
}

static void refnic_rx_frame(struct refnic_rx_ring *ring, int len,
			    struct refnic_rx_count *count)
{
	u32 index = ring->next & ring->mask;
	struct page *page = ring->pages[index], *fresh;
	struct bpf_prog *prog;
	struct xdp_buff xdp;
	u32 act;

	xdp_init_buff(&xdp, PAGE_SIZE, &ring->xdp_rxq);
	xdp_prepare_buff(&xdp, page_address(page), REFNIC_HEADROOM, len, false);
	prog = rcu_dereference_bh(ring->port->xdp_prog);
	act = refnic_rx_run_xdp(ring, prog, &xdp);
	if (act == XDP_DROP) {
		count->xdp_drops++;
		refnic_rx_post(ring, index, page);
		return;
	}
	fresh = refnic_rx_alloc(ring);
	if (fresh && refnic_rx_deliver(ring, page, act, &xdp)) {
		count->xdp_tx += act == XDP_TX;
		page = fresh;
	} else {
		if (act == XDP_TX)
			trace_xdp_exception(ring->port->dev, prog, act);
		refnic_rx_lost(ring, act, len, fresh, count);
	}
	refnic_rx_post(ring, index, page);
}

static void refnic_rx_count(struct refnic_rx_ring *ring,
			    const struct refnic_rx_count *count)
{
	struct refnic_rx_stats *stats = ring->stats;

	u64_stats_update_begin(&stats->sync);
	u64_stats_add(&stats->packets, count->packets);
	u64_stats_add(&stats->bytes, count->bytes);
	u64_stats_add(&stats->alloc_failed, count->alloc_failed);
	u64_stats_add(&stats->alloc_failed_bytes, count->alloc_failed_bytes);
	u64_stats_add(&stats->xdp_drops, count->xdp_drops);
	u64_stats_add(&stats->xdp_tx, count->xdp_tx);
	u64_stats_update_end(&stats->sync);
}

static void refnic_rx_advance(struct refnic_rx_ring *ring, int len,
			      struct refnic_rx_count *count)
{
	count->packets++;
	count->bytes += len;
	WRITE_ONCE(ring->next, ring->next + 1);
}

/**
 * refnic_rx_poll() - takes frames from a ring, in its NAPI
 * @ring: the ring
 * @budget: at most so many
 *
 * Return: how many there were, those that were dropped included
 */
int refnic_rx_poll(struct refnic_rx_ring *ring, int budget)
{
	u32 packet_ns = READ_ONCE(ring->port->faults.packet_ns);
	struct refnic_rx_count count = {};
	int len;

	while (count.packets < budget) {
		len = refnic_rx_next(ring);
		if (len < 0)
			break;
		refnic_rx_frame(ring, len, &count);
		refnic_rx_advance(ring, len, &count);
		refnic_delay(packet_ns);
	}
	if (count.xdp_tx)
		refnic_hw_doorbell(ring->port->hw,
				   ring->index % ring->port->rings->num_tx);
	refnic_rx_count(ring, &count);
	return count.packets;
}

/*
 * In the interrupt handler: the frame is copied, for pages of a pool can be
 * neither taken nor given back there.
 */
static bool refnic_rx_legacy_frame(struct refnic_rx_ring *ring, int len)
{
	struct net_device *dev = ring->port->dev;
	u32 index = ring->next & ring->mask;
	struct page *page = ring->pages[index];
	struct sk_buff *skb = NULL;

	if (!refnic_rx_alloc_fails(ring))
		skb = netdev_alloc_skb_ip_align(dev, len);
	if (skb) {
		skb_put_data(skb, page_address(page) + REFNIC_HEADROOM, len);
		skb_record_rx_queue(skb, ring->index);
		skb->protocol = eth_type_trans(skb, dev);
		netif_rx(skb);
	}
	refnic_rx_post(ring, index, page);
	return skb;
}

/* As before NAPI: all that has arrived goes to the backlog of this CPU. */
void refnic_rx_legacy(struct refnic_rx_ring *ring)
{
	u32 packet_ns = READ_ONCE(ring->port->faults.packet_ns);
	struct refnic_rx_count count = {};
	int len;

	while (count.packets <= ring->mask) {
		len = refnic_rx_next(ring);
		if (len < 0)
			break;
		if (!refnic_rx_legacy_frame(ring, len))
			refnic_rx_failed(&count, len);
		refnic_rx_advance(ring, len, &count);
		refnic_delay(packet_ns);
	}
	refnic_rx_count(ring, &count);
}
