// SPDX-License-Identifier: GPL-2.0-only
/*
 * refnic by ethtool: queues, rings, moderation, modes and counters.
 */
#include <linux/ethtool.h>
#include <linux/log2.h>
#include <linux/netdevice.h>

#include "refnic.h"

static void refnic_get_drvinfo(struct net_device *dev,
			       struct ethtool_drvinfo *info)
{
	struct refnic_port *port = netdev_priv(dev);

	strscpy(info->driver, "refnic", sizeof(info->driver));
	/* Also its directory below /sys/kernel/debug/refnic */
	strscpy(info->bus_info, port->name, sizeof(info->bus_info));
}

/* As other devices without a wire say */
static int refnic_get_link_ksettings(struct net_device *dev,
				     struct ethtool_link_ksettings *settings)
{
	settings->base.speed = SPEED_10000;
	settings->base.duplex = DUPLEX_FULL;
	settings->base.port = PORT_OTHER;
	settings->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

/* --- channels ------------------------------------------------------------- */

static void refnic_get_channels(struct net_device *dev,
				struct ethtool_channels *channels)
{
	struct refnic_port *port = netdev_priv(dev);

	channels->max_rx = dev->num_rx_queues;
	channels->max_tx = dev->num_tx_queues;
	channels->max_combined = min(dev->num_rx_queues, dev->num_tx_queues);
	channels->rx_count = port->config.rx;
	channels->tx_count = port->config.tx;
	channels->combined_count = port->config.combined;
}

/* Pairs that share a NAPI, or NAPIs of their own for Rx and Tx; no mixture. */
static int refnic_set_channels(struct net_device *dev,
			       struct ethtool_channels *channels)
{
	struct refnic_port *port = netdev_priv(dev);
	struct refnic_config config = port->config;

	config.combined = channels->combined_count;
	config.rx = channels->rx_count;
	config.tx = channels->tx_count;
	if (config.combined ? config.rx || config.tx : !config.rx || !config.tx)
		return -EINVAL;
	return refnic_reconfigure(port, &config);
}

/* --- rings ---------------------------------------------------------------- */

static void refnic_fill_ringparam(struct net_device *dev,
				  struct ethtool_ringparam *ring)
{
	struct refnic_port *port = netdev_priv(dev);

	ring->rx_max_pending = REFNIC_MAX_RING;
	ring->tx_max_pending = REFNIC_MAX_RING;
	ring->rx_pending = port->config.rx_ring;
	ring->tx_pending = port->config.tx_ring;
}

/* Numbers of descriptors are powers of two. */
static int refnic_change_ringparam(struct net_device *dev,
				   const struct ethtool_ringparam *ring,
				   struct netlink_ext_ack *extack)
{
	struct refnic_port *port = netdev_priv(dev);
	struct refnic_config config = port->config;

	if (ring->rx_pending < REFNIC_MIN_RING ||
	    ring->tx_pending < REFNIC_MIN_RING) {
		NL_SET_ERR_MSG(extack, "fewer than 8 descriptors");
		return -EINVAL;
	}
	config.rx_ring = roundup_pow_of_two(ring->rx_pending);
	config.tx_ring = roundup_pow_of_two(ring->tx_pending);
	return refnic_reconfigure(port, &config);
}

/* 5.17: two more arguments */
#if REFNIC_SINCE(5, 17)
static void refnic_get_ringparam(struct net_device *dev,
				 struct ethtool_ringparam *ring,
				 struct kernel_ethtool_ringparam *kernel_ring,
				 struct netlink_ext_ack *extack)
{
	refnic_fill_ringparam(dev, ring);
}

static int refnic_set_ringparam(struct net_device *dev,
				struct ethtool_ringparam *ring,
				struct kernel_ethtool_ringparam *kernel_ring,
				struct netlink_ext_ack *extack)
{
	return refnic_change_ringparam(dev, ring, extack);
}
#else
static void refnic_get_ringparam(struct net_device *dev,
				 struct ethtool_ringparam *ring)
{
	refnic_fill_ringparam(dev, ring);
}

static int refnic_set_ringparam(struct net_device *dev,
				struct ethtool_ringparam *ring)
{
	return refnic_change_ringparam(dev, ring, NULL);
}
#endif

/* --- moderation ----------------------------------------------------------- */

/* Its interrupt is others', too. */
static bool refnic_is_shared(const struct refnic_port *port)
{
	return port->rings && port->config.mode == REFNIC_MODE_SHARED;
}

static int refnic_fill_coalesce(struct net_device *dev,
				struct ethtool_coalesce *coalesce)
{
	struct refnic_port *port = netdev_priv(dev);

	if (refnic_is_shared(port)) {
		refnic_shared_moderation(&coalesce->rx_coalesce_usecs,
					 &coalesce->rx_max_coalesced_frames);
		return 0;
	}
	coalesce->rx_coalesce_usecs = port->config.usecs;
	coalesce->rx_max_coalesced_frames = port->config.frames;
	return 0;
}

/* Takes effect with the next event: nothing needs to be stopped. */
static int refnic_change_coalesce(struct net_device *dev,
				  const struct ethtool_coalesce *coalesce,
				  struct netlink_ext_ack *extack)
{
	struct refnic_port *port = netdev_priv(dev);
	u32 frames = coalesce->rx_max_coalesced_frames;
	u32 usecs = coalesce->rx_coalesce_usecs;
	unsigned int i;

	if (usecs > REFNIC_MAX_USECS || frames > REFNIC_MAX_FRAMES) {
		NL_SET_ERR_MSG(extack, "more than 10000 us or 256 frames");
		return -EINVAL;
	}
	if (frames > 1 && !usecs) {
		NL_SET_ERR_MSG(extack, "frames alone would hold the last ones back for good");
		return -EINVAL;
	}
	port->config.usecs = usecs;
	port->config.frames = frames;
	if (!port->rings)
		return 0;
	port->rings->config.usecs = usecs;
	port->rings->config.frames = frames;
	if (refnic_is_shared(port))
		refnic_shared_moderate(&port->config);
	for (i = 0; i < port->rings->num_vectors; i++)
		refnic_vector_moderate(&port->rings->vectors[i], &port->config);
	return 0;
}

/* 5.15: two more arguments */
#if REFNIC_SINCE(5, 15)
static int refnic_get_coalesce(struct net_device *dev,
			       struct ethtool_coalesce *coalesce,
			       struct kernel_ethtool_coalesce *kernel_coalesce,
			       struct netlink_ext_ack *extack)
{
	return refnic_fill_coalesce(dev, coalesce);
}

static int refnic_set_coalesce(struct net_device *dev,
			       struct ethtool_coalesce *coalesce,
			       struct kernel_ethtool_coalesce *kernel_coalesce,
			       struct netlink_ext_ack *extack)
{
	return refnic_change_coalesce(dev, coalesce, extack);
}
#else
static int refnic_get_coalesce(struct net_device *dev,
			       struct ethtool_coalesce *coalesce)
{
	return refnic_fill_coalesce(dev, coalesce);
}

static int refnic_set_coalesce(struct net_device *dev,
			       struct ethtool_coalesce *coalesce)
{
	return refnic_change_coalesce(dev, coalesce, NULL);
}
#endif

/* --- modes: private flags ------------------------------------------------- */

#define REFNIC_FLAG_LEGACY	BIT(0)
#define REFNIC_FLAG_SHARED	BIT(1)

static const char refnic_flags[][ETH_GSTRING_LEN] = {
	"no-napi",
	"shared-napi",
};

static u32 refnic_get_priv_flags(struct net_device *dev)
{
	struct refnic_port *port = netdev_priv(dev);

	switch (port->config.mode) {
	case REFNIC_MODE_LEGACY:
		return REFNIC_FLAG_LEGACY;
	case REFNIC_MODE_SHARED:
		return REFNIC_FLAG_SHARED;
	default:
		return 0;
	}
}

/* netpoll sends what it can only clean by a NAPI of the device itself. */
static bool refnic_has_netpoll(const struct net_device *dev)
{
#ifdef CONFIG_NETPOLL
	return rtnl_dereference(dev->npinfo);
#else
	return false;
#endif
}

static void refnic_allow_netpoll(struct net_device *dev, bool allow)
{
	if (allow)
		dev->priv_flags &= ~IFF_DISABLE_NETPOLL;
	else
		dev->priv_flags |= IFF_DISABLE_NETPOLL;
}

static int refnic_set_priv_flags(struct net_device *dev, u32 flags)
{
	struct refnic_port *port = netdev_priv(dev);
	struct refnic_config config = port->config;
	int err;

	switch (flags) {
	case 0:
		config.mode = REFNIC_MODE_NAPI;
		break;
	case REFNIC_FLAG_LEGACY:
		if (rtnl_dereference(port->xdp_prog))
			return -EBUSY;
		config.mode = REFNIC_MODE_LEGACY;
		break;
	case REFNIC_FLAG_SHARED:
		config.mode = REFNIC_MODE_SHARED;
		break;
	default:
		return -EINVAL;
	}
	if (config.mode != REFNIC_MODE_NAPI && refnic_has_netpoll(dev))
		return -EBUSY;
	err = refnic_reconfigure(port, &config);
	if (err)
		return err;
	refnic_set_xdp_features(dev, config.mode != REFNIC_MODE_LEGACY);
	refnic_allow_netpoll(dev, config.mode == REFNIC_MODE_NAPI);
	return 0;
}

/* --- counters ------------------------------------------------------------- */

static int refnic_get_sset_count(struct net_device *dev, int set)
{
	switch (set) {
	case ETH_SS_STATS:
		return refnic_stats_count(netdev_priv(dev));
	case ETH_SS_PRIV_FLAGS:
		return ARRAY_SIZE(refnic_flags);
	default:
		return -EOPNOTSUPP;
	}
}

static void refnic_get_strings(struct net_device *dev, u32 set, u8 *data)
{
	switch (set) {
	case ETH_SS_STATS:
		refnic_stats_strings(netdev_priv(dev), data);
		break;
	case ETH_SS_PRIV_FLAGS:
		memcpy(data, refnic_flags, sizeof(refnic_flags));
		break;
	}
}

static void refnic_get_ethtool_stats(struct net_device *dev,
				     struct ethtool_stats *stats, u64 *data)
{
	refnic_stats_values(netdev_priv(dev), data);
}

const struct ethtool_ops refnic_ethtool_ops = {
	.supported_coalesce_params = ETHTOOL_COALESCE_RX_USECS |
				     ETHTOOL_COALESCE_RX_MAX_FRAMES,
	.get_drvinfo		= refnic_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_link_ksettings	= refnic_get_link_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= refnic_get_channels,
	.set_channels		= refnic_set_channels,
	.get_ringparam		= refnic_get_ringparam,
	.set_ringparam		= refnic_set_ringparam,
	.get_coalesce		= refnic_get_coalesce,
	.set_coalesce		= refnic_set_coalesce,
	.get_priv_flags		= refnic_get_priv_flags,
	.set_priv_flags		= refnic_set_priv_flags,
	.get_sset_count		= refnic_get_sset_count,
	.get_strings		= refnic_get_strings,
	.get_ethtool_stats	= refnic_get_ethtool_stats,
};
