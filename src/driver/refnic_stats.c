// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters, by queue and by NAPI, as ethtool -S, ip -s link and netdev-genl
 * show them.  They live as long as the port, whatever is reconfigured.
 *
 * In ethtool -S "rx0_packets" is of receive queue 0 and "napi0_polls" of the
 * NAPI of vector 0: its polls of each amount of work are "napi0_work_0" and so
 * on.  Ports that share a NAPI all show it as NAPI 0.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>

#include "refnic.h"

#if REFNIC_SINCE(6, 9)
#include <net/netdev_queues.h>
#endif

/* A counter within the statistics of its owner */
struct refnic_counter {
	const char *name;
	size_t offset;
};

#define RX_COUNTER(name) \
	{ #name, offsetof(struct refnic_rx_stats, name) }
#define TX_COUNTER(name) \
	{ #name, offsetof(struct refnic_tx_stats, name) }
#define IRQ_COUNTER(label, name) \
	{ label, offsetof(struct refnic_irq_stats, name) }
#define POLL_COUNTER(label, name) \
	{ label, offsetof(struct refnic_poll_stats, name) }
#define ATOMIC_COUNTER(name) \
	{ #name, offsetof(struct refnic_vector_stats, name) }

static const struct refnic_counter rx_counters[] = {
	RX_COUNTER(packets),
	RX_COUNTER(bytes),
	RX_COUNTER(alloc_failed),
	RX_COUNTER(alloc_failed_bytes),
	RX_COUNTER(xdp_drops),
	RX_COUNTER(xdp_tx),
};

static const struct refnic_counter tx_counters[] = {
	TX_COUNTER(packets),
	TX_COUNTER(bytes),
};

static const struct refnic_counter irq_counters[] = {
	IRQ_COUNTER("irqs", irqs),
	IRQ_COUNTER("irqs_masked", masked),
	IRQ_COUNTER("irqs_idle", idle),
};

static const struct refnic_counter poll_counters[] = {
	POLL_COUNTER("polls", polls),
	POLL_COUNTER("polls_softirq", softirq),
	POLL_COUNTER("polls_threaded", threaded),
	POLL_COUNTER("polls_busy", busy),
	POLL_COUNTER("polls_netpoll", netpoll),
	POLL_COUNTER("work", work),
	POLL_COUNTER("packets", packets),
	POLL_COUNTER("empty", empty),
	POLL_COUNTER("exhausted", exhausted),
	POLL_COUNTER("completions", completions),
};

/* Of struct refnic_vector_stats itself */
static const struct refnic_counter atomic_counters[] = {
	ATOMIC_COUNTER(schedules),
	ATOMIC_COUNTER(sched_missed),
	ATOMIC_COUNTER(rearms),
};

/* --- reading -------------------------------------------------------------- */

static u64 stats_read(const struct u64_stats_sync *sync,
		      const u64_stats_t *value)
{
	unsigned int start;
	u64 read;

	do {
		start = u64_stats_fetch_begin(sync);
		read = u64_stats_read(value);
	} while (u64_stats_fetch_retry(sync, start));
	return read;
}

/* Of the same frames, also where 64 bits are two words */
static void stats_add_pair(const struct u64_stats_sync *sync,
			   const u64_stats_t *packets, const u64_stats_t *bytes,
			   u64 *sum_packets, u64 *sum_bytes)
{
	unsigned int start;
	u64 p, b;

	do {
		start = u64_stats_fetch_begin(sync);
		p = u64_stats_read(packets);
		b = u64_stats_read(bytes);
	} while (u64_stats_fetch_retry(sync, start));
	*sum_packets += p;
	*sum_bytes += b;
}

static u64 *stats_read_all(u64 *data, const struct u64_stats_sync *sync,
			   const void *stats,
			   const struct refnic_counter *counters,
			   unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		*data++ = stats_read(sync, stats + counters[i].offset);
	return data;
}

static u64 *stats_read_vector(u64 *data, const struct refnic_vector_stats *stats)
{
	unsigned int i;

	data = stats_read_all(data, &stats->irq.sync, &stats->irq, irq_counters,
			      ARRAY_SIZE(irq_counters));
	data = stats_read_all(data, &stats->poll.sync, &stats->poll,
			      poll_counters, ARRAY_SIZE(poll_counters));
	for (i = 0; i < ARRAY_SIZE(atomic_counters); i++)
		*data++ = atomic64_read((const void *)stats +
					atomic_counters[i].offset);
	for (i = 0; i < REFNIC_WORK_BUCKETS; i++)
		*data++ = stats_read(&stats->poll.sync,
				     &stats->poll.work_polls[i]);
	return data;
}

/* --- ethtool -S: strings and values in the same order --------------------- */

/* Frames for which the ring had no room are counted by the device. */
#define RX_STRINGS (ARRAY_SIZE(rx_counters) + 1)
#define TX_STRINGS ARRAY_SIZE(tx_counters)
#define VECTOR_STRINGS (ARRAY_SIZE(irq_counters) + \
			ARRAY_SIZE(poll_counters) + \
			ARRAY_SIZE(atomic_counters) + REFNIC_WORK_BUCKETS)

static unsigned int stats_vectors(const struct refnic_config *config)
{
	if (config->mode == REFNIC_MODE_SHARED)
		return 1;
	return config->combined + config->rx + config->tx;
}

static const struct refnic_vector_stats *
stats_vector(const struct refnic_port *port, unsigned int index)
{
	if (port->config.mode == REFNIC_MODE_SHARED)
		return refnic_shared_stats();
	return &port->vector_stats[index];
}

int refnic_stats_count(const struct refnic_port *port)
{
	const struct refnic_config *config = &port->config;

	return refnic_num_rx(config) * RX_STRINGS +
	       refnic_num_tx(config) * TX_STRINGS +
	       stats_vectors(config) * VECTOR_STRINGS;
}

static void stats_name(u8 **data, const char *owner, unsigned int index,
		       const char *name)
{
	snprintf((char *)*data, ETH_GSTRING_LEN, "%s%u_%s", owner, index, name);
	*data += ETH_GSTRING_LEN;
}

static void stats_names(u8 **data, const char *owner, unsigned int index,
			const struct refnic_counter *counters,
			unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		stats_name(data, owner, index, counters[i].name);
}

/* How many polls returned how much */
static void stats_names_work(u8 **data, unsigned int index)
{
	unsigned int work;

	for (work = 0; work < REFNIC_WORK_BUCKETS - 1; work++) {
		snprintf((char *)*data, ETH_GSTRING_LEN, "napi%u_work_%u",
			 index, work);
		*data += ETH_GSTRING_LEN;
	}
	stats_name(data, "napi", index, "work_more");
}

static void stats_names_vector(u8 **data, unsigned int index)
{
	stats_names(data, "napi", index, irq_counters,
		    ARRAY_SIZE(irq_counters));
	stats_names(data, "napi", index, poll_counters,
		    ARRAY_SIZE(poll_counters));
	stats_names(data, "napi", index, atomic_counters,
		    ARRAY_SIZE(atomic_counters));
	stats_names_work(data, index);
}

void refnic_stats_strings(const struct refnic_port *port, u8 *data)
{
	const struct refnic_config *config = &port->config;
	unsigned int i;

	for (i = 0; i < refnic_num_rx(config); i++) {
		stats_names(&data, "rx", i, rx_counters,
			    ARRAY_SIZE(rx_counters));
		stats_name(&data, "rx", i, "missed");
	}
	for (i = 0; i < refnic_num_tx(config); i++)
		stats_names(&data, "tx", i, tx_counters,
			    ARRAY_SIZE(tx_counters));
	for (i = 0; i < stats_vectors(config); i++)
		stats_names_vector(&data, i);
}

void refnic_stats_values(const struct refnic_port *port, u64 *data)
{
	const struct refnic_config *config = &port->config;
	unsigned int i;

	for (i = 0; i < refnic_num_rx(config); i++) {
		data = stats_read_all(data, &port->rx_stats[i].sync,
				      &port->rx_stats[i], rx_counters,
				      ARRAY_SIZE(rx_counters));
		*data++ = refnic_hw_rx_missed(port->hw, i);
	}
	for (i = 0; i < refnic_num_tx(config); i++)
		data = stats_read_all(data, &port->tx_stats[i].sync,
				      &port->tx_stats[i], tx_counters,
				      ARRAY_SIZE(tx_counters));
	for (i = 0; i < stats_vectors(config); i++)
		data = stats_read_vector(data, stats_vector(port, i));
}

/* --- ip -s link ----------------------------------------------------------- */

/* All queues that there ever were */
void refnic_stats_get64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	const struct refnic_port *port = netdev_priv(dev);
	const struct refnic_rx_stats *rx;
	const struct refnic_tx_stats *tx;
	unsigned int i;

	for (i = 0; i < dev->num_rx_queues; i++) {
		rx = &port->rx_stats[i];
		stats_add_pair(&rx->sync, &rx->packets, &rx->bytes,
			       &stats->rx_packets, &stats->rx_bytes);
		stats->rx_dropped += stats_read(&rx->sync, &rx->alloc_failed);
		stats->rx_missed_errors += refnic_hw_rx_missed(port->hw, i);
	}
	for (i = 0; i < dev->num_tx_queues; i++) {
		tx = &port->tx_stats[i];
		stats_add_pair(&tx->sync, &tx->packets, &tx->bytes,
			       &stats->tx_packets, &stats->tx_bytes);
	}
	stats->rx_packets += atomic64_read(&port->rx_left);
	stats->rx_bytes += atomic64_read(&port->rx_left_bytes);
	stats->rx_dropped += atomic64_read(&port->rx_left);
	stats->tx_dropped += atomic64_read(&port->tx_dropped);
}

/* --- netdev-genl: 6.9 ----------------------------------------------------- */

#if REFNIC_SINCE(6, 9)
/*
 * Packets are those that were passed on, to XDP or the stack; in ethtool -S and
 * ip -s link all that were taken from the ring.
 */
static void stats_queue_rx(struct net_device *dev, int index,
			   struct netdev_queue_stats_rx *stats)
{
	const struct refnic_port *port = netdev_priv(dev);
	const struct refnic_rx_stats *rx = &port->rx_stats[index];
	u64 packets = 0, bytes = 0, failed = 0, failed_bytes = 0;

	/* What failed is never more than what there was. */
	stats_add_pair(&rx->sync, &rx->alloc_failed, &rx->alloc_failed_bytes,
		       &failed, &failed_bytes);
	stats_add_pair(&rx->sync, &rx->packets, &rx->bytes, &packets, &bytes);
	stats->packets = packets - failed;
	stats->bytes = bytes - failed_bytes;
	stats->alloc_fail = failed;
#if REFNIC_SINCE(6, 10)
	stats->hw_drop_overruns = refnic_hw_rx_missed(port->hw, index);
	stats->hw_drops = stats->hw_drop_overruns;
#endif
}

static void stats_queue_tx(struct net_device *dev, int index,
			   struct netdev_queue_stats_tx *stats)
{
	const struct refnic_port *port = netdev_priv(dev);
	const struct refnic_tx_stats *tx = &port->tx_stats[index];
	u64 packets = 0, bytes = 0;

	stats_add_pair(&tx->sync, &tx->packets, &tx->bytes, &packets, &bytes);
	stats->packets = packets;
	stats->bytes = bytes;
}

/*
 * What is of no queue at the moment: of those that there are not, and frames that
 * nobody had polled when their ring was closed.
 */
static void stats_base(struct net_device *dev, struct netdev_queue_stats_rx *rx,
		       struct netdev_queue_stats_tx *tx)
{
	const struct refnic_port *port = netdev_priv(dev);
	struct netdev_queue_stats_rx one_rx;
	struct netdev_queue_stats_tx one_tx;
	unsigned int i;

	rx->packets = 0;
	rx->bytes = 0;
	rx->alloc_fail = 0;
#if REFNIC_SINCE(6, 10)
	rx->hw_drop_overruns = 0;
	rx->hw_drops = atomic64_read(&port->rx_left);
#endif
	for (i = dev->real_num_rx_queues; i < dev->num_rx_queues; i++) {
		stats_queue_rx(dev, i, &one_rx);
		rx->packets += one_rx.packets;
		rx->bytes += one_rx.bytes;
		rx->alloc_fail += one_rx.alloc_fail;
#if REFNIC_SINCE(6, 10)
		rx->hw_drop_overruns += one_rx.hw_drop_overruns;
		rx->hw_drops += one_rx.hw_drops;
#endif
	}
	tx->packets = 0;
	tx->bytes = 0;
	for (i = dev->real_num_tx_queues; i < dev->num_tx_queues; i++) {
		stats_queue_tx(dev, i, &one_tx);
		tx->packets += one_tx.packets;
		tx->bytes += one_tx.bytes;
	}
}

static const struct netdev_stat_ops stats_ops = {
	.get_queue_stats_rx	= stats_queue_rx,
	.get_queue_stats_tx	= stats_queue_tx,
	.get_base_stats		= stats_base,
};
#endif

void refnic_stats_init(struct net_device *dev)
{
#if REFNIC_SINCE(6, 9)
	dev->stat_ops = &stats_ops;
#endif
}
