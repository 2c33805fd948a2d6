/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that refnic is for, 5.10 and later.  Each
 * entry says until when it is needed; a driver in the tree has none of this.
 */
#ifndef REFNIC_COMPAT_H
#define REFNIC_COMPAT_H

#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/hardirq.h>
#include <linux/hrtimer.h>
#include <linux/irq.h>
#include <linux/irq_work.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/u64_stats_sync.h>
#include <linux/version.h>
#include <net/xdp.h>

#define REFNIC_SINCE(major, minor) \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(major, minor, 0))

/* 6.6: page_pool.h became a directory */
#if REFNIC_SINCE(6, 6)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

/* 5.11: in_irq() got its name, and IRQ_WORK_INIT_HARD() came */
#if !REFNIC_SINCE(5, 11)
#define in_hardirq() in_irq()
#endif

static inline void refnic_init_hard_irq_work(struct irq_work *work,
					     void (*func)(struct irq_work *))
{
#if REFNIC_SINCE(5, 11)
	*work = IRQ_WORK_INIT_HARD(func);
#else
	init_irq_work(work, func);
	atomic_set(&work->flags, IRQ_WORK_HARD_IRQ);
#endif
}

/* 6.14: moving an interrupt at once is the default, IRQ_MOVE_PCNTXT is gone */
#if REFNIC_SINCE(6, 14)
#define REFNIC_IRQ_MOVES 0
#else
#define REFNIC_IRQ_MOVES IRQ_MOVE_PCNTXT
#endif

/* 6.13: the function is an argument */
#if !REFNIC_SINCE(6, 13)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* 5.17: without a store when it is not time */
#if !REFNIC_SINCE(5, 17)
#define txq_trans_cond_update txq_trans_update
#endif

/* 6.4: stopping and waking without a lock; expressions are evaluated again */
#if REFNIC_SINCE(6, 4)
#include <net/netdev_queues.h>
#else
#define netif_txq_maybe_stop(txq, room, stop, start)			\
({									\
	bool _goes_on = (room) >= (stop);				\
									\
	if (!_goes_on) {						\
		netif_tx_stop_queue(txq);				\
		/* Pairs with the barrier of whoever makes room */	\
		smp_mb__after_atomic();					\
		_goes_on = (room) >= (start);				\
		if (_goes_on)						\
			netif_tx_start_queue(txq);			\
	}								\
	_goes_on;							\
})

#define netif_txq_completed_wake(txq, packets, bytes, room, start)	\
({									\
	netdev_tx_completed_queue(txq, packets, bytes);			\
	/* BQL has no barrier where it is not built in. */		\
	smp_mb();							\
	if ((packets) && (room) >= (start) &&				\
	    netif_tx_queue_stopped(txq))				\
		netif_tx_wake_queue(txq);				\
})
#endif

/* 6.8: user space is told which NAPI a queue has, and which irq a NAPI */
#if !REFNIC_SINCE(6, 8)
static inline void netif_queue_set_napi(struct net_device *dev,
					unsigned int queue, int type,
					struct napi_struct *napi)
{
}

static inline void netif_napi_set_irq(struct napi_struct *napi, int irq)
{
}

#define NETDEV_QUEUE_TYPE_RX 0
#define NETDEV_QUEUE_TYPE_TX 1
#endif

/* 6.13: what user space set for the NAPI of a queue outlives it */
static inline bool refnic_napi_has_config(const struct net_device *dev,
					  unsigned int number)
{
	return number < max(dev->num_rx_queues, dev->num_tx_queues);
}

/*
 * 6.1: the weight is no argument of netif_napi_add(); 6.15: whoever changes a
 * NAPI of the device holds its lock, and waits for one that is disabled, so
 * that none may be found between its addition and napi_enable()
 *
 * tx_only: as netif_napi_add_tx(), which has no locked form, makes them: nobody
 * polls it busily, and it has no id
 */
static inline void refnic_napi_start(struct net_device *dev,
				     struct napi_struct *napi,
				     int (*poll)(struct napi_struct *, int),
				     unsigned int number, unsigned int irq,
				     bool tx_only)
{
	assign_bit(NAPI_STATE_NO_BUSY_POLL, &napi->state, tx_only);
#if REFNIC_SINCE(6, 15)
	netdev_lock(dev);
	if (!tx_only && refnic_napi_has_config(dev, number))
		netif_napi_add_config_locked(dev, napi, poll, number);
	else
		netif_napi_add_locked(dev, napi, poll);
	/* A dummy device is nobody's to ask about. */
	if (dev->reg_state != NETREG_DUMMY)
		netif_napi_set_irq_locked(napi, irq);
	napi_enable_locked(napi);
	netdev_unlock(dev);
#else
#if REFNIC_SINCE(6, 13)
	if (!tx_only && refnic_napi_has_config(dev, number))
		netif_napi_add_config(dev, napi, poll, number);
	else
		netif_napi_add(dev, napi, poll);
#elif REFNIC_SINCE(6, 1)
	netif_napi_add(dev, napi, poll);
#else
	netif_napi_add(dev, napi, poll, NAPI_POLL_WEIGHT);
#endif
	if (dev->reg_state != NETREG_DUMMY)
		netif_napi_set_irq(napi, irq);
	napi_enable(napi);
#endif
}

/* Callers wait with synchronize_net() before they free or start it. */
static inline void refnic_napi_stop(struct napi_struct *napi)
{
#if REFNIC_SINCE(6, 15)
	struct net_device *dev = napi->dev;

	netdev_lock(dev);
	napi_disable_locked(napi);
	__netif_napi_del_locked(napi);
	netdev_unlock(dev);
#else
	napi_disable(napi);
	__netif_napi_del(napi);
#endif
}

/* 5.12: a NAPI may have a thread */
static inline bool refnic_napi_in_thread(const struct napi_struct *napi)
{
#if REFNIC_SINCE(5, 12)
	return READ_ONCE(napi->thread) == current;
#else
	return false;
#endif
}

/* 6.10: a dummy device is allocated, and no longer embedded */
static inline struct net_device *refnic_dummy_create(void)
{
#if REFNIC_SINCE(6, 10)
	return alloc_netdev_dummy(0);
#else
	struct net_device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (dev)
		init_dummy_netdev(dev);
	return dev;
#endif
}

static inline void refnic_dummy_destroy(struct net_device *dev)
{
#if REFNIC_SINCE(6, 10)
	free_netdev(dev);
#else
	kfree(dev);
#endif
}

/* 5.12: napi_build_skb(), and helpers to set up an xdp_buff */
#if !REFNIC_SINCE(5, 12)
static inline struct sk_buff *napi_build_skb(void *data, unsigned int size)
{
	return build_skb(data, size);
}

static inline void xdp_init_buff(struct xdp_buff *xdp, u32 size,
				 struct xdp_rxq_info *rxq)
{
	xdp->frame_sz = size;
	xdp->rxq = rxq;
}

static inline void xdp_prepare_buff(struct xdp_buff *xdp, unsigned char *start,
				    int headroom, int len, const bool meta)
{
	xdp->data_hard_start = start;
	xdp->data = start + headroom;
	xdp->data_end = xdp->data + len;
	xdp->data_meta = meta ? xdp->data : xdp->data + 1;
}
#endif

/* 5.11: the NAPI id is an argument */
static inline int refnic_rxq_info_reg(struct xdp_rxq_info *info,
				      struct net_device *dev, u32 queue)
{
#if REFNIC_SINCE(5, 11)
	return xdp_rxq_info_reg(info, dev, queue, 0);
#else
	return xdp_rxq_info_reg(info, dev, queue);
#endif
}

/* 5.15: pages of an skb find back to their pool */
static inline void refnic_skb_recycles(struct sk_buff *skb,
				       struct page_pool *pool,
				       struct page *page)
{
#if REFNIC_SINCE(5, 15)
	skb_mark_for_recycle(skb);
#else
	page_pool_release_page(pool, page);
#endif
}

/*
 * 6.8: the pool knows the device; 6.9: and the NAPI that takes from it, which may
 * be one that is not added yet, and then is no CPU's
 */
static inline void refnic_pool_owner(struct page_pool_params *params,
				     struct net_device *dev,
				     struct napi_struct *napi)
{
#if REFNIC_SINCE(6, 8)
	params->netdev = dev;
#endif
#if REFNIC_SINCE(6, 9)
	params->napi = napi;
	/* As netif_napi_add() will have it: a pool may end without that. */
	if (napi) {
		set_bit(NAPI_STATE_SCHED, &napi->state);
		napi->list_owner = -1;
	}
#endif
}

/* 5.14: for a program it is enough that softirqs are off */
static inline void refnic_xdp_lock(void)
{
#if !REFNIC_SINCE(5, 14)
	rcu_read_lock();
#endif
}

static inline void refnic_xdp_unlock(void)
{
#if !REFNIC_SINCE(5, 14)
	rcu_read_unlock();
#endif
}

/* 5.17: more to name in the warning */
static inline void refnic_warn_xdp_action(struct net_device *dev,
					  struct bpf_prog *prog, u32 act)
{
#if REFNIC_SINCE(5, 17)
	bpf_warn_invalid_xdp_action(dev, prog, act);
#else
	bpf_warn_invalid_xdp_action(act);
#endif
}

/* 6.3: the variants for interrupts are the only ones */
#if !REFNIC_SINCE(6, 3)
#define u64_stats_fetch_begin u64_stats_fetch_begin_irq
#define u64_stats_fetch_retry u64_stats_fetch_retry_irq
#endif

/* 6.3: which XDP there is may change */
static inline void refnic_set_xdp_features(struct net_device *dev, bool on)
{
#if REFNIC_SINCE(6, 3)
	xdp_set_features_flag(dev, on ? NETDEV_XDP_ACT_BASIC : 0);
#endif
}

#endif /* REFNIC_COMPAT_H */
