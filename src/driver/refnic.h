/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of refnic's driver know of each other.
 *
 * A port is one network device.  It has persistent counters, a device to drive
 * (refnic_hw.h) and, while it is open, a struct refnic_rings: all the memory of
 * one configuration.  A vector is an interrupt with, but for non-NAPI mode, the
 * NAPI that it schedules, and the rings that this NAPI polls.
 */
#ifndef REFNIC_H
#define REFNIC_H

#include <linux/bpf.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/u64_stats_sync.h>
#include <net/xdp.h>

#include "refnic_compat.h"
#include "refnic_hw.h"

#define REFNIC_MAX_QUEUES	64
#define REFNIC_MIN_RING		8
#define REFNIC_DEFAULT_RING	256
#define REFNIC_MAX_RING		4096
#define REFNIC_MAX_USECS	10000
#define REFNIC_MAX_FRAMES	256

/* A frame takes a page: room for XDP before it, for the skb's tail behind it. */
#define REFNIC_HEADROOM		XDP_PACKET_HEADROOM
#define REFNIC_MAX_FRAME	(PAGE_SIZE - REFNIC_HEADROOM - \
				 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define REFNIC_MAX_MTU		(REFNIC_MAX_FRAME - VLAN_ETH_HLEN)

/* Polls that return so much have a counter each; more is one. */
#define REFNIC_WORK_BUCKETS	(NAPI_POLL_WEIGHT + 2)

/**
 * enum refnic_mode - who takes frames from the rings
 * @REFNIC_MODE_NAPI: a NAPI of each vector
 * @REFNIC_MODE_LEGACY: the interrupt handler, by netif_rx()
 * @REFNIC_MODE_SHARED: one NAPI for all ports in this mode
 */
enum refnic_mode {
	REFNIC_MODE_NAPI,
	REFNIC_MODE_LEGACY,
	REFNIC_MODE_SHARED,
};

/**
 * struct refnic_config - what ethtool can change
 * @mode: who takes frames from the rings
 * @combined: queue pairs with a vector each
 * @rx: or receive queues with vectors of their own
 * @tx: and transmit queues likewise
 * @rx_ring: descriptors of a receive ring
 * @tx_ring: descriptors of a transmit ring
 * @usecs: moderation of interrupts
 * @frames: moderation of interrupts
 */
struct refnic_config {
	enum refnic_mode mode;
	unsigned int combined;
	unsigned int rx;
	unsigned int tx;
	u32 rx_ring;
	u32 tx_ring;
	u32 usecs;
	u32 frames;
};

static inline unsigned int refnic_num_rx(const struct refnic_config *config)
{
	return config->combined + config->rx;
}

static inline unsigned int refnic_num_tx(const struct refnic_config *config)
{
	return config->combined + config->tx;
}

/**
 * struct refnic_faults - how the driver may be broken, through debugfs
 * @packet_ns: each packet costs so much more
 * @irq_ns: each interrupt does
 * @no_mask: interrupts stay enabled while their NAPI polls
 * @no_complete: polls never complete
 * @over_budget: a poll that uses up its budget claims so much more
 * @empty_polls: so many polls in vain before interrupts are enabled again
 * @alloc_fail: each allocation of that number fails, 0: none
 * @irq_fail: the request of an interrupt of that number from now on fails, 0: none
 */
struct refnic_faults {
	u32 packet_ns;
	u32 irq_ns;
	u32 no_mask;
	u32 no_complete;
	u32 over_budget;
	u32 empty_polls;
	u32 alloc_fail;
	u32 irq_fail;
};

/* Counters of a receive queue; written by the one that polls it */
struct refnic_rx_stats {
	struct u64_stats_sync sync;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t alloc_failed;
	u64_stats_t alloc_failed_bytes;
	u64_stats_t xdp_drops;
	u64_stats_t xdp_tx;
} ____cacheline_aligned_in_smp;

/* Counters of a transmit queue; written by the one that polls it */
struct refnic_tx_stats {
	struct u64_stats_sync sync;
	u64_stats_t packets;
	u64_stats_t bytes;
} ____cacheline_aligned_in_smp;

/**
 * struct refnic_irq_stats - counters of a vector, written by its handler
 * @sync: of these three
 * @irqs: runs of the handler
 * @masked: of these, while the driver had interrupts disabled
 * @idle: of these, without a cause
 *
 * Where the handler without NAPI has a thread (PREEMPT_RT, threadirqs) these are
 * runs of the thread, which may stand for several interrupts.
 */
struct refnic_irq_stats {
	struct u64_stats_sync sync;
	u64_stats_t irqs;
	u64_stats_t masked;
	u64_stats_t idle;
};

/**
 * struct refnic_poll_stats - counters of a NAPI, written by its poll function
 * @sync: of all of them
 * @polls: calls of it
 * @softirq: of these, in NET_RX
 * @threaded: in the NAPI's thread
 * @busy: in a task that polls for itself
 * @netpoll: with the budget 0
 * @work: sum of what they returned
 * @packets: that they received
 * @empty: with a budget, returned 0
 * @exhausted: returned the budget
 * @completions: calls of napi_complete_done()
 * @work_polls: how many polls returned how much
 */
struct refnic_poll_stats {
	struct u64_stats_sync sync;
	u64_stats_t polls;
	u64_stats_t softirq;
	u64_stats_t threaded;
	u64_stats_t busy;
	u64_stats_t netpoll;
	u64_stats_t work;
	u64_stats_t packets;
	u64_stats_t empty;
	u64_stats_t exhausted;
	u64_stats_t completions;
	u64_stats_t work_polls[REFNIC_WORK_BUCKETS];
};

/**
 * struct refnic_vector_stats - all counters of a vector
 * @irq: of its handler
 * @poll: of its NAPI
 * @schedules: calls of __napi_schedule*()
 * @sched_missed: napi_schedule_prep() said no
 * @rearms: napi_complete_done() said yes
 *
 * The last three are counted when the NAPI may be another CPU's already.
 */
struct refnic_vector_stats {
	struct refnic_irq_stats irq;
	struct refnic_poll_stats poll;
	atomic64_t schedules;
	atomic64_t sched_missed;
	atomic64_t rearms;
} ____cacheline_aligned_in_smp;

struct refnic_port;
struct refnic_vector;

/**
 * struct refnic_rx_ring - receives
 * @desc: shared with the device
 * @pages: one for each descriptor
 * @mask: number of descriptors - 1
 * @next: descriptor in which the next frame arrives
 * @allocations: how many, for the fault that makes some fail
 * @pool: where pages come from
 * @xdp_rxq: of this queue
 * @stats: of this queue
 * @port: whose ring it is
 * @vector: that polls it
 * @sibling: the next ring of the same vector
 * @index: number of the queue
 */
struct refnic_rx_ring {
	struct refnic_desc *desc;
	struct page **pages;
	u32 mask;
	u32 next;
	u32 allocations;
	struct page_pool *pool;
	struct xdp_rxq_info xdp_rxq;
	struct refnic_rx_stats *stats;
	struct refnic_port *port;
	struct refnic_vector *vector;
	struct refnic_rx_ring *sibling;
	unsigned int index;
};

/**
 * struct refnic_tx_buf - what a descriptor sends: one of the two
 * @skb: of the stack
 * @xdpf: of an XDP program that said XDP_TX
 */
struct refnic_tx_buf {
	struct sk_buff *skb;
	struct xdp_frame *xdpf;
};

/**
 * struct refnic_tx_ring - sends
 * @desc: shared with the device
 * @bufs: one for each descriptor
 * @mask: number of descriptors - 1
 * @used: next descriptor to fill; written under the queue's lock
 * @cleaned: next one to clean; written by the one that polls
 * @stats: of this queue
 * @port: whose ring it is
 * @vector: that polls it
 * @sibling: the next ring of the same vector
 * @index: number of the queue
 */
struct refnic_tx_ring {
	struct refnic_desc *desc;
	struct refnic_tx_buf *bufs;
	u32 mask;
	struct refnic_tx_stats *stats;
	struct refnic_port *port;
	struct refnic_vector *vector;
	struct refnic_tx_ring *sibling;
	unsigned int index;

	u32 used ____cacheline_aligned_in_smp;
	u32 cleaned ____cacheline_aligned_in_smp;
};

/**
 * struct refnic_vector - an interrupt, and the NAPI that it schedules
 * @napi: is added while @is_up
 * @dev: that the NAPI belongs to; NULL: there is none, in non-NAPI mode
 * @number: of the NAPI among those of @dev
 * @hw: its registers
 * @rx: rings that the NAPI polls, the first of them
 * @tx: likewise
 * @num_rx: of these
 * @rx_next: the ring that is polled first, NULL: @rx
 * @stats: persistent
 * @faults: of the port
 * @empty_polls: in vain in a row, for the fault that asks for them
 * @is_up: its interrupt is requested, and its NAPI enabled
 * @name: of the interrupt
 */
struct refnic_vector {
	struct napi_struct napi;
	struct net_device *dev;
	unsigned int number;
	struct refnic_hw_vector *hw;
	struct refnic_rx_ring *rx;
	struct refnic_tx_ring *tx;
	unsigned int num_rx;
	struct refnic_rx_ring *rx_next;
	struct refnic_vector_stats *stats;
	struct refnic_faults *faults;
	u32 empty_polls;
	bool is_up;
	char name[IFNAMSIZ + 16];
};

/**
 * struct refnic_rings - all the memory of one configuration
 * @config: it is for
 * @port: it is of
 * @num_rx: elements of @rx
 * @num_tx: elements of @tx
 * @num_vectors: elements of @vectors; 0 where the NAPI is shared
 * @rx: receives
 * @tx: sends
 * @vectors: poll them
 * @is_up: the device uses it
 */
struct refnic_rings {
	struct refnic_config config;
	struct refnic_port *port;
	unsigned int num_rx;
	unsigned int num_tx;
	unsigned int num_vectors;
	struct refnic_rx_ring *rx;
	struct refnic_tx_ring *tx;
	struct refnic_vector *vectors;
	bool is_up;
};

/**
 * struct refnic_port - a network device
 * @dev: the core's side of it
 * @hw: the device that it drives
 * @config: as it is, or will be when it is opened
 * @rings: NULL while it is closed
 * @hw_vectors: of the device, dev->num_rx_queues + dev->num_tx_queues
 * @vector_stats: of each of these
 * @rx_stats: of each queue
 * @tx_stats: of each queue
 * @xdp_prog: written under the RTNL
 * @rx_left: frames in a ring when it was closed
 * @rx_left_bytes: of these
 * @tx_dropped: frames that never got into a ring, or never left it
 * @faults: how its driver is broken
 * @gen_lock: held to start or stop the generator
 * @debugfs: its directory
 * @id: of its directory in debugfs
 * @name: of that directory, and "bus-info" of ethtool -i
 */
struct refnic_port {
	struct net_device *dev;
	struct refnic_hw *hw;
	struct refnic_config config;
	struct refnic_rings *rings;
	struct refnic_hw_vector **hw_vectors;
	struct refnic_vector_stats *vector_stats;
	struct refnic_rx_stats *rx_stats;
	struct refnic_tx_stats *tx_stats;
	struct bpf_prog __rcu *xdp_prog;
	atomic64_t rx_left;
	atomic64_t rx_left_bytes;
	atomic64_t tx_dropped;
	struct refnic_faults faults;
	struct mutex gen_lock;	/* of the generator */
	struct dentry *debugfs;
	int id;
	char name[24];
};

extern const struct net_device_ops refnic_netdev_ops;
extern const struct ethtool_ops refnic_ethtool_ops;

/* refnic_netdev.c: under the RTNL */
int refnic_reconfigure(struct refnic_port *port,
		       const struct refnic_config *config);

/* refnic_rings.c: memory, then use of it; under the RTNL */
void refnic_vector_add_rx(struct refnic_vector *vector,
			  struct refnic_rx_ring *ring);
void refnic_vector_add_tx(struct refnic_vector *vector,
			  struct refnic_tx_ring *ring);
void refnic_vector_moderate(struct refnic_vector *vector,
			    const struct refnic_config *config);
struct refnic_rings *refnic_rings_create(struct refnic_port *port,
					 const struct refnic_config *config);
void refnic_rings_destroy(struct refnic_rings *rings);
int refnic_rings_up(struct refnic_rings *rings);
void refnic_rings_down(struct refnic_rings *rings);

/* refnic_napi.c: the way into poll mode and out of it */
void refnic_delay(u32 ns);
int refnic_vector_up(struct refnic_vector *vector);
void refnic_vector_down(struct refnic_vector *vector);
void refnic_vector_quiet(struct refnic_vector *vector);
void refnic_vector_pause(struct refnic_vector *vector);
void refnic_vector_resume(struct refnic_vector *vector);
void refnic_vector_enable(struct refnic_vector *vector);
int refnic_poll(struct napi_struct *napi, int budget);

/* refnic_rx.c */
int refnic_rx_open(struct refnic_rx_ring *ring, u32 count);
void refnic_rx_reset(struct refnic_rx_ring *ring);
void refnic_rx_close(struct refnic_rx_ring *ring);
int refnic_rx_poll(struct refnic_rx_ring *ring, int budget);
void refnic_rx_legacy(struct refnic_rx_ring *ring);
bool refnic_rx_pending(const struct refnic_rx_ring *ring);

/* refnic_tx.c */
int refnic_tx_open(struct refnic_tx_ring *ring, u32 count);
void refnic_tx_reset(struct refnic_tx_ring *ring);
void refnic_tx_close(struct refnic_tx_ring *ring);
netdev_tx_t refnic_tx_xmit(struct sk_buff *skb, struct net_device *dev);
bool refnic_tx_xdp(struct refnic_tx_ring *ring, struct xdp_buff *xdp);
void refnic_tx_clean(struct refnic_tx_ring *ring, int budget);
bool refnic_tx_pending(const struct refnic_tx_ring *ring);

/* refnic_shared.c: one NAPI for several ports; under the RTNL */
int refnic_shared_join(struct refnic_rings *rings);
void refnic_shared_leave(struct refnic_rings *rings);
void refnic_shared_moderate(const struct refnic_config *config);
void refnic_shared_moderation(u32 *usecs, u32 *frames);
struct refnic_vector_stats *refnic_shared_stats(void);
void refnic_shared_faults(struct refnic_hw_faults **hw,
			  struct refnic_faults **driver);
void refnic_shared_exit(void);

/* refnic_stats.c: ethtool -S, ip -s link, and netdev-genl */
void refnic_stats_init(struct net_device *dev);
void refnic_stats_get64(struct net_device *dev,
			struct rtnl_link_stats64 *stats);
int refnic_stats_count(const struct refnic_port *port);
void refnic_stats_strings(const struct refnic_port *port, u8 *data);
void refnic_stats_values(const struct refnic_port *port, u64 *data);

/* refnic_debugfs.c */
void refnic_debugfs_init(void);
void refnic_debugfs_exit(void);
void refnic_debugfs_add(struct refnic_port *port);
void refnic_debugfs_remove(struct refnic_port *port);

#endif /* REFNIC_H */
