// SPDX-License-Identifier: GPL-2.0-only
/*
 * One NAPI for several ports, as where one DMA engine serves them all: it
 * belongs to a dummy network device, has one interrupt, and polls the rings of
 * every open port in this mode.
 *
 * All of this is protected by the RTNL.
 */
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "refnic.h"

static struct {
	struct net_device *dummy;
	struct refnic_hw_vector *hw;
	struct refnic_hw_faults hw_faults;
	struct refnic_faults faults;
	struct refnic_vector vector;
	struct refnic_vector_stats stats;
	struct refnic_config config; /* its moderation */
	unsigned int ports;
} shared;

/* Moderation of the one interrupt, whichever port it is asked of */
void refnic_shared_moderate(const struct refnic_config *config)
{
	shared.config.usecs = config->usecs;
	shared.config.frames = config->frames;
	refnic_vector_moderate(&shared.vector, &shared.config);
}

void refnic_shared_moderation(u32 *usecs, u32 *frames)
{
	*usecs = shared.config.usecs;
	*frames = shared.config.frames;
}

/* Counters of the one NAPI */
struct refnic_vector_stats *refnic_shared_stats(void)
{
	return &shared.stats;
}

/* How the device and the driver may be broken for this NAPI */
void refnic_shared_faults(struct refnic_hw_faults **hw,
			  struct refnic_faults **driver)
{
	*hw = &shared.hw_faults;
	*driver = &shared.faults;
}

/* The first port makes it, and the module's end is its own. */
static int shared_create(void)
{
	struct refnic_hw_vector *hw;

	if (shared.dummy)
		return 0;
	hw = refnic_hw_vector_create(&shared.hw_faults, 0);
	if (IS_ERR(hw))
		return PTR_ERR(hw);
	shared.dummy = refnic_dummy_create();
	if (!shared.dummy) {
		refnic_hw_vectors_destroy(&hw, 1);
		return -ENOMEM;
	}
	u64_stats_init(&shared.stats.irq.sync);
	u64_stats_init(&shared.stats.poll.sync);
	shared.hw = hw;
	shared.vector.hw = hw;
	shared.vector.stats = &shared.stats;
	shared.vector.faults = &shared.faults;
	strscpy(shared.vector.name, "refnic-shared", sizeof(shared.vector.name));
	/* The one config of the dummy device: its napi_id stays. */
	shared.vector.number = 0;
	shared.vector.dev = shared.dummy;
	return 0;
}

void refnic_shared_exit(void)
{
	if (!shared.dummy)
		return;
	refnic_dummy_destroy(shared.dummy);
	refnic_hw_vectors_destroy(&shared.hw, 1);
}

static void shared_add(struct refnic_rings *rings)
{
	unsigned int i;

	for (i = 0; i < rings->num_rx; i++)
		refnic_vector_add_rx(&shared.vector, &rings->rx[i]);
	for (i = 0; i < rings->num_tx; i++)
		refnic_vector_add_tx(&shared.vector, &rings->tx[i]);
}

static void shared_remove(struct refnic_rings *rings)
{
	struct refnic_rx_ring **rx = &shared.vector.rx;
	struct refnic_tx_ring **tx = &shared.vector.tx;

	while (*rx) {
		if ((*rx)->port == rings->port) {
			*rx = (*rx)->sibling;
			shared.vector.num_rx--;
		} else {
			rx = &(*rx)->sibling;
		}
	}
	while (*tx) {
		if ((*tx)->port == rings->port)
			*tx = (*tx)->sibling;
		else
			tx = &(*tx)->sibling;
	}
	shared.vector.rx_next = NULL;
}

/**
 * refnic_shared_join() - the NAPI polls these rings too
 * @rings: of a port
 *
 * The first port requests the interrupt, which is moderated as its own was, and
 * the last one frees it: with those in between nothing can fail.
 *
 * Return: 0 or an error
 */
int refnic_shared_join(struct refnic_rings *rings)
{
	int err;

	err = shared_create();
	if (!err && !shared.ports)
		err = refnic_vector_up(&shared.vector);
	if (err)
		return err;
	shared.ports++;
	refnic_vector_pause(&shared.vector);
	shared_add(rings);
	if (shared.ports == 1)
		refnic_shared_moderate(&rings->config);
	refnic_vector_resume(&shared.vector);
	return 0;
}

/* It does not any more. */
void refnic_shared_leave(struct refnic_rings *rings)
{
	refnic_vector_pause(&shared.vector);
	shared_remove(rings);
	refnic_vector_resume(&shared.vector);
	if (--shared.ports)
		return;
	refnic_vector_down(&shared.vector);
	synchronize_net();
	refnic_vector_quiet(&shared.vector);
}
