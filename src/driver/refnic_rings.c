// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rings and vectors of one configuration: first their memory, which may
 * fail, then their use by the device.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "refnic.h"

/* --- memory --------------------------------------------------------------- */

/* The ring becomes the first one that the vector polls. */
void refnic_vector_add_rx(struct refnic_vector *vector,
			  struct refnic_rx_ring *ring)
{
	ring->vector = vector;
	ring->sibling = vector->rx;
	vector->rx = ring;
	vector->num_rx++;
}

void refnic_vector_add_tx(struct refnic_vector *vector,
			  struct refnic_tx_ring *ring)
{
	ring->vector = vector;
	ring->sibling = vector->tx;
	vector->tx = ring;
}

/* Moderation is of receiving; who only sends is told at once. */
void refnic_vector_moderate(struct refnic_vector *vector,
			    const struct refnic_config *config)
{
	if (vector->rx)
		refnic_hw_vector_moderate(vector->hw, config->usecs,
					  config->frames);
	else
		refnic_hw_vector_moderate(vector->hw, 0, 0);
}

/* Combined vectors first, then those of Rx alone, then those of Tx alone. */
static void rings_link(struct refnic_rings *rings)
{
	const struct refnic_config *config = &rings->config;
	unsigned int i, shift;

	for (i = 0; i < rings->num_rx; i++)
		refnic_vector_add_rx(&rings->vectors[i], &rings->rx[i]);
	for (i = 0; i < rings->num_tx; i++) {
		shift = i < config->combined ? 0 : config->rx;
		refnic_vector_add_tx(&rings->vectors[i + shift], &rings->tx[i]);
	}
}

static void rings_name(struct refnic_vector *vector, const char *dev)
{
	if (vector->rx && vector->tx)
		snprintf(vector->name, sizeof(vector->name), "%s-TxRx-%u", dev,
			 vector->rx->index);
	else if (vector->rx)
		snprintf(vector->name, sizeof(vector->name), "%s-rx-%u", dev,
			 vector->rx->index);
	else
		snprintf(vector->name, sizeof(vector->name), "%s-tx-%u", dev,
			 vector->tx->index);
}

static void rings_init_vectors(struct refnic_rings *rings)
{
	struct refnic_port *port = rings->port;
	struct refnic_vector *vector;
	unsigned int i;

	rings_link(rings);
	for (i = 0; i < rings->num_vectors; i++) {
		vector = &rings->vectors[i];
		vector->hw = port->hw_vectors[i];
		vector->stats = &port->vector_stats[i];
		vector->faults = &port->faults;
		vector->number = i;
		if (rings->config.mode == REFNIC_MODE_NAPI)
			vector->dev = port->dev;
		rings_name(vector, port->dev->name);
	}
}

static int rings_open(struct refnic_rings *rings)
{
	struct refnic_port *port = rings->port;
	struct refnic_rx_ring *rx;
	struct refnic_tx_ring *tx;
	unsigned int i;
	int err;

	for (i = 0; i < rings->num_rx; i++) {
		rx = &rings->rx[i];
		rx->stats = &port->rx_stats[i];
		err = refnic_rx_open(rx, rings->config.rx_ring);
		if (err)
			return err;
	}
	for (i = 0; i < rings->num_tx; i++) {
		tx = &rings->tx[i];
		tx->stats = &port->tx_stats[i];
		err = refnic_tx_open(tx, rings->config.tx_ring);
		if (err)
			return err;
	}
	return 0;
}

/* So that a ring knows who it is before anything can fail */
static void rings_number(struct refnic_rings *rings)
{
	unsigned int i;

	for (i = 0; i < rings->num_rx; i++) {
		rings->rx[i].port = rings->port;
		rings->rx[i].index = i;
	}
	for (i = 0; i < rings->num_tx; i++) {
		rings->tx[i].port = rings->port;
		rings->tx[i].index = i;
	}
}

static int rings_alloc(struct refnic_rings *rings)
{
	rings->rx = kvcalloc(rings->num_rx, sizeof(*rings->rx), GFP_KERNEL);
	rings->tx = kvcalloc(rings->num_tx, sizeof(*rings->tx), GFP_KERNEL);
	rings->vectors = kvcalloc(rings->num_vectors, sizeof(*rings->vectors),
				  GFP_KERNEL);
	return rings->rx && rings->tx && rings->vectors ? 0 : -ENOMEM;
}

static unsigned int rings_count_vectors(const struct refnic_config *config)
{
	if (config->mode == REFNIC_MODE_SHARED)
		return 0;
	return config->combined + config->rx + config->tx;
}

/**
 * refnic_rings_create() - rings with all their buffers, for nobody yet
 * @port: whose they are
 * @config: what for; copied
 *
 * Return: the rings, or an ERR_PTR()
 */
struct refnic_rings *refnic_rings_create(struct refnic_port *port,
					 const struct refnic_config *config)
{
	struct refnic_rings *rings;
	int err;

	rings = kzalloc(sizeof(*rings), GFP_KERNEL);
	if (!rings)
		return ERR_PTR(-ENOMEM);
	rings->port = port;
	rings->config = *config;
	rings->num_rx = refnic_num_rx(config);
	rings->num_tx = refnic_num_tx(config);
	rings->num_vectors = rings_count_vectors(config);
	err = rings_alloc(rings);
	if (err)
		goto err_destroy;
	rings_number(rings);
	if (rings->num_vectors)
		rings_init_vectors(rings);
	err = rings_open(rings);
	if (err)
		goto err_destroy;
	return rings;

err_destroy:
	refnic_rings_destroy(rings);
	return ERR_PTR(err);
}

/* Accepts half of one. */
void refnic_rings_destroy(struct refnic_rings *rings)
{
	unsigned int i;

	for (i = 0; rings->tx && i < rings->num_tx; i++)
		refnic_tx_close(&rings->tx[i]);
	for (i = 0; rings->rx && i < rings->num_rx; i++)
		refnic_rx_close(&rings->rx[i]);
	/* Who gives a page back may still look at the NAPI of its pool. */
	if (rings->vectors)
		synchronize_net();
	kvfree(rings->vectors);
	kvfree(rings->tx);
	kvfree(rings->rx);
	kfree(rings);
}

/* --- use ------------------------------------------------------------------ */

/* A NAPI that is shared polls already: who receives must be able to send (XDP). */
static void rings_start_hw(struct refnic_rings *rings)
{
	struct refnic_hw *hw = rings->port->hw;
	struct refnic_rx_ring *rx;
	struct refnic_tx_ring *tx;
	unsigned int i;

	for (i = 0; i < rings->num_tx; i++) {
		tx = &rings->tx[i];
		refnic_hw_tx_start(hw, i, tx->desc, tx->mask + 1,
				   tx->vector->hw);
	}
	for (i = 0; i < rings->num_rx; i++) {
		rx = &rings->rx[i];
		refnic_hw_rx_start(hw, i, rx->desc, rx->mask + 1,
				   rx->vector->hw);
	}
	refnic_hw_rx_spread(hw, rings->num_rx);
}

/* What is left in them is counted before others count for the same queues. */
static void rings_stop_hw(struct refnic_rings *rings)
{
	struct refnic_hw *hw = rings->port->hw;
	unsigned int i;

	refnic_hw_rx_spread(hw, 1);
	for (i = 0; i < rings->num_rx; i++) {
		refnic_hw_rx_stop(hw, i);
		refnic_rx_reset(&rings->rx[i]);
	}
	for (i = 0; i < rings->num_tx; i++) {
		refnic_hw_tx_stop(hw, i);
		refnic_tx_reset(&rings->tx[i]);
	}
}

/*
 * User space is told which NAPI serves which queue (netdev-genl); one for sending
 * alone has no id to be told of.
 */
static void rings_publish_napi(struct refnic_rings *rings, bool up)
{
	struct net_device *dev = rings->port->dev;
	struct refnic_vector *vector;
	unsigned int i;

	if (rings->config.mode != REFNIC_MODE_NAPI)
		return;
	for (i = 0; i < rings->num_rx; i++)
		netif_queue_set_napi(dev, i, NETDEV_QUEUE_TYPE_RX,
				     up ? &rings->rx[i].vector->napi : NULL);
	for (i = 0; i < rings->num_tx; i++) {
		vector = rings->tx[i].vector;
		netif_queue_set_napi(dev, i, NETDEV_QUEUE_TYPE_TX,
				     up && vector->rx ? &vector->napi : NULL);
	}
}

/* One wait for all of them */
static void rings_vectors_down(struct refnic_rings *rings)
{
	unsigned int i;

	for (i = 0; i < rings->num_vectors; i++)
		refnic_vector_down(&rings->vectors[i]);
	synchronize_net();
	for (i = 0; i < rings->num_vectors; i++)
		refnic_vector_quiet(&rings->vectors[i]);
}

static int rings_vectors_up(struct refnic_rings *rings)
{
	const struct refnic_config *config = &rings->config;
	struct refnic_vector *vector;
	unsigned int i;
	int err;

	for (i = 0; i < rings->num_vectors; i++) {
		vector = &rings->vectors[i];
		refnic_vector_moderate(vector, config);
		err = refnic_vector_up(vector);
		if (err) {
			rings_vectors_down(rings);
			return err;
		}
	}
	return 0;
}

/**
 * refnic_rings_up() - lets the device use them, with interrupts enabled
 * @rings: that are down
 *
 * Return: 0 or an error, then they are down
 */
int refnic_rings_up(struct refnic_rings *rings)
{
	unsigned int i;
	int err;

	if (rings->config.mode == REFNIC_MODE_SHARED)
		err = refnic_shared_join(rings);
	else
		err = rings_vectors_up(rings);
	if (err)
		return err;
	rings_publish_napi(rings, true);
	rings_start_hw(rings);
	for (i = 0; i < rings->num_vectors; i++)
		refnic_vector_enable(&rings->vectors[i]);
	rings->is_up = true;
	return 0;
}

/*
 * Polls end first, down to the last look of one that has completed, for they
 * wake queues; then nobody sends; then the device does nothing any more.
 */
void refnic_rings_down(struct refnic_rings *rings)
{
	if (!rings->is_up)
		return;
	rings->is_up = false;
	rings_publish_napi(rings, false);
	if (rings->config.mode == REFNIC_MODE_SHARED)
		refnic_shared_leave(rings);
	else
		rings_vectors_down(rings);
	netif_tx_disable(rings->port->dev);
	rings_stop_hw(rings);
}
