// SPDX-License-Identifier: GPL-2.0-only
/*
 * refnic as a network device: what the core asks of it.
 *
 * Open makes the memory and then lets the device use it; a new configuration
 * is made beside the old one and takes its place, so that a port that cannot
 * have it keeps what it has.
 */
#include <linux/etherdevice.h>
#include <linux/idr.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "refnic.h"

static DEFINE_IDA(refnic_ids);

/* --- configurations ------------------------------------------------------- */

static int refnic_set_real_queues(struct net_device *dev,
				  const struct refnic_config *config)
{
	int err;

	err = netif_set_real_num_tx_queues(dev, refnic_num_tx(config));
	if (err)
		return err;
	return netif_set_real_num_rx_queues(dev, refnic_num_rx(config));
}

static int refnic_up(struct refnic_port *port, struct refnic_rings *rings)
{
	int err;

	err = refnic_set_real_queues(port->dev, &rings->config);
	if (err)
		return err;
	port->rings = rings;
	return refnic_rings_up(rings);
}

static int refnic_set_closed(struct refnic_port *port,
			     const struct refnic_config *config)
{
	int err;

	err = refnic_set_real_queues(port->dev, config);
	if (err)
		refnic_set_real_queues(port->dev, &port->config);
	else
		port->config = *config;
	return err;
}

/**
 * refnic_reconfigure() - changes the configuration, also of an open port
 * @port: the port
 * @config: all of the new one
 *
 * Return: 0 or an error; then the old configuration is back, or if even that
 * is impossible the port is closed
 */
int refnic_reconfigure(struct refnic_port *port,
		       const struct refnic_config *config)
{
	struct refnic_rings *old = port->rings, *rings;
	int err;

	/* It has no padding. */
	if (!memcmp(config, &port->config, sizeof(*config)))
		return 0;
	if (!old)
		return refnic_set_closed(port, config);
	rings = refnic_rings_create(port, config);
	if (IS_ERR(rings))
		return PTR_ERR(rings);
	/* Nobody finds the queues stopped for too long, or uses old ones. */
	netif_device_detach(port->dev);
	refnic_rings_down(old);
	err = refnic_up(port, rings);
	if (err)
		goto err_back;
	port->config = *config;
	netif_device_attach(port->dev);
	refnic_rings_destroy(old);
	return 0;

err_back:
	port->rings = old;
	refnic_rings_destroy(rings);
	if (refnic_up(port, old)) {
		netdev_err(port->dev, "no way back: closing\n");
		dev_close(port->dev);
	}
	netif_device_attach(port->dev);
	return err;
}

/* --- open and close ------------------------------------------------------- */

static int refnic_open(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);
	struct refnic_rings *rings;
	int err;

	rings = refnic_rings_create(port, &port->config);
	if (IS_ERR(rings))
		return PTR_ERR(rings);
	err = refnic_up(port, rings);
	if (err) {
		port->rings = NULL;
		refnic_rings_destroy(rings);
		return err;
	}
	netif_tx_start_all_queues(dev);
	refnic_hw_enable(port->hw);
	return 0;
}

static int refnic_stop(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);

	refnic_hw_disable(port->hw);
	refnic_rings_down(port->rings);
	refnic_rings_destroy(port->rings);
	port->rings = NULL;
	return 0;
}

/* The device says that the link may have changed. */
static void refnic_link_change(void *context)
{
	struct refnic_port *port = context;

	if (refnic_hw_link(port->hw))
		netif_carrier_on(port->dev);
	else
		netif_carrier_off(port->dev);
}

/* --- from registration to its end ----------------------------------------- */

static void refnic_vectors_destroy(struct refnic_port *port)
{
	unsigned int n = port->dev->num_rx_queues + port->dev->num_tx_queues;

	if (port->hw_vectors)
		refnic_hw_vectors_destroy(port->hw_vectors, n);
	kfree(port->hw_vectors);
}

static int refnic_vectors_create(struct refnic_port *port)
{
	unsigned int i, n = port->dev->num_rx_queues + port->dev->num_tx_queues;
	struct refnic_hw_vector *vector;

	port->hw_vectors = kcalloc(n, sizeof(*port->hw_vectors), GFP_KERNEL);
	if (!port->hw_vectors)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		vector = refnic_hw_vector_create(refnic_hw_faults(port->hw), i);
		if (IS_ERR(vector))
			return PTR_ERR(vector);
		port->hw_vectors[i] = vector;
	}
	return 0;
}

static void refnic_stats_free(struct refnic_port *port)
{
	kvfree(port->vector_stats);
	kvfree(port->tx_stats);
	kvfree(port->rx_stats);
}

static int refnic_stats_alloc(struct refnic_port *port)
{
	unsigned int i, rx = port->dev->num_rx_queues;
	unsigned int tx = port->dev->num_tx_queues;

	port->rx_stats = kvcalloc(rx, sizeof(*port->rx_stats), GFP_KERNEL);
	port->tx_stats = kvcalloc(tx, sizeof(*port->tx_stats), GFP_KERNEL);
	port->vector_stats = kvcalloc(rx + tx, sizeof(*port->vector_stats),
				      GFP_KERNEL);
	if (!port->rx_stats || !port->tx_stats || !port->vector_stats)
		return -ENOMEM;
	for (i = 0; i < rx; i++)
		u64_stats_init(&port->rx_stats[i].sync);
	for (i = 0; i < tx; i++)
		u64_stats_init(&port->tx_stats[i].sync);
	for (i = 0; i < rx + tx; i++) {
		u64_stats_init(&port->vector_stats[i].irq.sync);
		u64_stats_init(&port->vector_stats[i].poll.sync);
	}
	return 0;
}

static void refnic_config_init(struct refnic_port *port)
{
	port->config = (struct refnic_config) {
		.mode		= REFNIC_MODE_NAPI,
		.combined	= min(port->dev->num_rx_queues,
				      port->dev->num_tx_queues),
		.rx_ring	= REFNIC_DEFAULT_RING,
		.tx_ring	= REFNIC_DEFAULT_RING,
	};
}

/* The last thing: until then the core may ask for counters and the link. */
static void refnic_destructor(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);

	refnic_vectors_destroy(port);
	if (port->hw)
		refnic_hw_destroy(port->hw);
	refnic_stats_free(port);
	ida_free(&refnic_ids, port->id);
}

static void refnic_dev_uninit(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);

	refnic_debugfs_remove(port);
	refnic_hw_unplug(port->hw);
}

static int refnic_dev_init(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);
	int err;

	port->dev = dev;
	mutex_init(&port->gen_lock);
	port->id = ida_alloc(&refnic_ids, GFP_KERNEL);
	if (port->id < 0)
		return port->id;
	snprintf(port->name, sizeof(port->name), "refnic.%d", port->id);
	refnic_config_init(port);
	err = refnic_stats_alloc(port);
	if (err)
		goto err_destroy;
	err = -ENOMEM;
	port->hw = refnic_hw_create(dev->num_rx_queues, dev->num_tx_queues,
				    refnic_link_change, port);
	if (!port->hw)
		goto err_destroy;
	err = refnic_vectors_create(port);
	if (err)
		goto err_destroy;
	err = refnic_set_real_queues(dev, &port->config);
	if (err)
		goto err_destroy;
	refnic_hw_set_mac(port->hw, dev->dev_addr);
	netif_carrier_off(dev);
	refnic_debugfs_add(port);
	dev->priv_destructor = refnic_destructor;
	return 0;

err_destroy:
	refnic_destructor(dev);
	return err;
}

/* --- settings ------------------------------------------------------------- */

static int refnic_set_mac(struct net_device *dev, void *address)
{
	struct refnic_port *port = netdev_priv(dev);
	int err;

	err = eth_mac_addr(dev, address);
	if (!err)
		refnic_hw_set_mac(port->hw, dev->dev_addr);
	return err;
}

static int refnic_set_xdp(struct refnic_port *port, struct bpf_prog *prog,
			  struct netlink_ext_ack *extack)
{
	struct bpf_prog *old;

	if (prog && port->config.mode == REFNIC_MODE_LEGACY) {
		NL_SET_ERR_MSG(extack, "no XDP without NAPI");
		return -EOPNOTSUPP;
	}
	old = rtnl_dereference(port->xdp_prog);
	rcu_assign_pointer(port->xdp_prog, prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}

static int refnic_bpf(struct net_device *dev, struct netdev_bpf *bpf)
{
	switch (bpf->command) {
	case XDP_SETUP_PROG:
		return refnic_set_xdp(netdev_priv(dev), bpf->prog, bpf->extack);
	default:
		return -EINVAL;
	}
}

/* An interrupt was lost, or nobody polls: ask for another interrupt. */
static void refnic_tx_timeout(struct net_device *dev, unsigned int queue)
{
	struct refnic_port *port = netdev_priv(dev);

	if (queue < port->rings->num_tx)
		refnic_hw_trigger(port->rings->tx[queue].vector->hw);
}

/* The other end of the cable */
static int refnic_get_iflink(const struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev), *peer;
	int iflink = dev->ifindex;

	rcu_read_lock();
	peer = refnic_hw_peer(port->hw);
	if (peer)
		iflink = READ_ONCE(peer->dev->ifindex);
	rcu_read_unlock();
	return iflink;
}

const struct net_device_ops refnic_netdev_ops = {
	.ndo_init		= refnic_dev_init,
	.ndo_uninit		= refnic_dev_uninit,
	.ndo_open		= refnic_open,
	.ndo_stop		= refnic_stop,
	.ndo_start_xmit		= refnic_tx_xmit,
	.ndo_tx_timeout		= refnic_tx_timeout,
	.ndo_get_stats64	= refnic_stats_get64,
	.ndo_set_mac_address	= refnic_set_mac,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_iflink		= refnic_get_iflink,
	.ndo_bpf		= refnic_bpf,
};
