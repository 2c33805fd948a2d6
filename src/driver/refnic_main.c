// SPDX-License-Identifier: GPL-2.0-only
/*
 * refnic: a reference driver for a network card that is make-believe, but for
 * its interrupts.  This file has the module and the life of a port:
 *
 *	ip link add refnic0 numrxqueues 4 numtxqueues 4 type refnic
 *	ip link add link refnic0 name refnic1 type refnic	# cabled to it
 *	ip link del refnic0
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>

#include "refnic.h"

static void refnic_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &refnic_netdev_ops;
	dev->ethtool_ops = &refnic_ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	/* A frame that is too short is padded. */
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->max_mtu = REFNIC_MAX_MTU;
#if REFNIC_SINCE(6, 3)
	dev->xdp_features = NETDEV_XDP_ACT_BASIC;
#endif
	refnic_stats_init(dev);
}

static int refnic_validate(struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	if (tb[IFLA_ADDRESS] && nla_len(tb[IFLA_ADDRESS]) != ETH_ALEN) {
		NL_SET_ERR_MSG(extack, "the address is not of Ethernet");
		return -EINVAL;
	}
	if (tb[IFLA_ADDRESS] &&
	    !is_valid_ether_addr(nla_data(tb[IFLA_ADDRESS]))) {
		NL_SET_ERR_MSG(extack, "the address is not valid");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

/* The port that "link" names, for the other end of the cable */
static struct refnic_port *refnic_find_peer(struct net *net, u32 ifindex,
					    struct netlink_ext_ack *extack)
{
	struct net_device *peer = __dev_get_by_index(net, ifindex);
	struct refnic_port *port;

	if (!peer || peer->netdev_ops != &refnic_netdev_ops) {
		NL_SET_ERR_MSG(extack, "link: not a refnic device");
		return ERR_PTR(-EINVAL);
	}
	port = netdev_priv(peer);
	if (refnic_hw_peer(port->hw)) {
		NL_SET_ERR_MSG(extack, "link: has a cable already");
		return ERR_PTR(-EBUSY);
	}
	return port;
}

static int refnic_create(struct net *link_net, struct net_device *dev,
			 struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct refnic_port *port = netdev_priv(dev), *peer = NULL;
	int err;

	/* Its interrupts and its memory are the machine's. */
	if (!capable(CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack, "not from within a user namespace");
		return -EPERM;
	}
	if (tb[IFLA_LINK]) {
		peer = refnic_find_peer(link_net, nla_get_u32(tb[IFLA_LINK]),
					extack);
		if (IS_ERR(peer))
			return PTR_ERR(peer);
	}
	if (dev->num_rx_queues > REFNIC_MAX_QUEUES ||
	    dev->num_tx_queues > REFNIC_MAX_QUEUES) {
		NL_SET_ERR_MSG(extack, "more than 64 queues");
		return -EINVAL;
	}
	if (!tb[IFLA_ADDRESS])
		eth_hw_addr_random(dev);
	err = register_netdevice(dev);
	if (!err && peer)
		refnic_hw_cable(port->hw, peer->hw);
	return err;
}

/* 6.15: the arguments are a struct */
#if REFNIC_SINCE(6, 15)
static int refnic_newlink(struct net_device *dev,
			  struct rtnl_newlink_params *params,
			  struct netlink_ext_ack *extack)
{
	return refnic_create(rtnl_newlink_link_net(params), dev, params->tb,
			     extack);
}
#else
static int refnic_newlink(struct net *link_net, struct net_device *dev,
			  struct nlattr *tb[], struct nlattr *data[],
			  struct netlink_ext_ack *extack)
{
	return refnic_create(link_net, dev, tb, extack);
}
#endif

/* Where the index of the cable's other end is to be looked up */
static struct net *refnic_get_link_net(const struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);
	struct refnic_port *peer = refnic_hw_peer(port->hw);

	return dev_net(peer ? peer->dev : dev);
}

static struct rtnl_link_ops refnic_link_ops __read_mostly = {
	.kind			= "refnic",
	.priv_size		= sizeof(struct refnic_port),
	.setup			= refnic_setup,
	.validate		= refnic_validate,
	.newlink		= refnic_newlink,
	.get_link_net		= refnic_get_link_net,
};

static int __init refnic_init(void)
{
	int err;

	err = refnic_hw_bridge_init();
	if (err)
		return err;
	refnic_debugfs_init();
	err = rtnl_link_register(&refnic_link_ops);
	if (err) {
		refnic_debugfs_exit();
		refnic_hw_bridge_exit();
	}
	return err;
}

static void __exit refnic_exit(void)
{
	rtnl_link_unregister(&refnic_link_ops);
	refnic_shared_exit();
	refnic_debugfs_exit();
	refnic_hw_bridge_exit();
}

module_init(refnic_init);
module_exit(refnic_exit);

MODULE_DESCRIPTION("Reference NIC driver for a make-believe device");
MODULE_AUTHOR("The napiscope authors");
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK("refnic");
