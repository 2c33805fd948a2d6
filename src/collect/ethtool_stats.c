// SPDX-License-Identifier: GPL-2.0-or-later
/* See ethtool.h: the statistics that drivers name as they like, for netdev.c. */
#include "collect/ethtool.h"

#include <ctype.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/field.h"

/* A device that has more shows none. */
#define STATS_MAX 65536

/*
 * Names of "a frame was lost, for no receive descriptor or buffer was free".
 * Of a group the first that a device has counts: the others are its parts.
 *
 * Not here: rx_no_buffer_count of Intel's drivers, for such a frame waits in
 * the FIFO, and is in rx_missed_errors if it is lost there; rx_queue_N_drops,
 * which igb and igc sum up in rx_fifo_errors, and which are drops by software in
 * virtio_net; rx_discards_phy and the like, of ports that others share.
 */
struct drop_stat {
	const char *name;   /* # is a number: there is one a queue */
	const char *driver; /* NULL: any; the name alone says enough */
	unsigned int group; /* 0: none */
};

enum drop_group {
	GROUP_MISSED = 1,
	GROUP_DISCARDS,
	GROUP_OVERRUNS,
};

static const struct drop_stat drop_stats[] = {
	/* queues that drop instead of filling the FIFO: RQDPC, and those missed */
	{ "rx_fifo_errors", "igb", GROUP_MISSED },
	{ "rx_fifo_errors", "igc", GROUP_MISSED },
	/* e1000, e1000e, ixgbe; i40e (6.7) */
	{ "rx_missed_errors", NULL, GROUP_MISSED },
	{ "rx_dropped", "i40e", GROUP_MISSED }, /* before: GLV_RDPC */
	{ "rx_no_dma_resources", NULL, 0 },	/* ixgbe: QPRDC */
	{ "rx_dropped", "ice", 0 },		/* of the function: GLV_RDPC */
	{ "nodesc_drop", NULL, 0 },		/* fm10k */
	/* bnxt_en, by age; iavf, tg3, bnx2x; queues of bnxt_en and bnx2x */
	{ "rx_total_discard_pkts", NULL, GROUP_DISCARDS },
	{ "rx_total_ring_discards", NULL, GROUP_DISCARDS },
	{ "rx_discards", NULL, GROUP_DISCARDS },
	{ "[#]: rx_discards", NULL, GROUP_DISCARDS },
	{ "rx_out_of_buffer", NULL, 0 }, /* mlx5_core */
	{ "rx_dropped", "mlx4_en", 0 },	 /* RDROP */
	{ "rx_bg#_frames_dropped", "cxgb4", 0 },
	{ "rx_nodesc_drop_cnt", NULL, 0 },	/* sfc: Falcon, Siena */
	{ "port_rx_nodesc_drops", NULL, 0 },	/* sfc: EF10, EF100 */
	{ "no_buff_discards", NULL, 0 },	/* qede */
	{ "rx_no_bufs", NULL, 0 },		/* enic */
	{ "rxq#: rx_drops_no_frags", NULL, 0 }, /* be2net */
	{ "rx_no_buffers_posted[#]", NULL, 0 }, /* gve */
	{ "pkts rx OOB", NULL, 0 }, /* vmxnet3, the same name for each queue */
	{ "rx_missed", "r8169", 0 },
	{ "hc_rx_discards_no_wqe", "mana", 0 },
	/* virtio_net (6.10), if the device counts at all */
	{ "rx_hw_drop_overruns", NULL, GROUP_OVERRUNS },
	{ "rx#_hw_drop_overruns", NULL, GROUP_OVERRUNS },
	{ "rx#_missed", NULL, 0 }, /* refnic */
};

/* Some have blanks before or after, and the longest have no NUL. */
static bool stat_is(const char *name, const char *pattern)
{
	const char *end = name + ETH_GSTRING_LEN;

	while (name < end && *name == ' ')
		name++;
	for (; *pattern; pattern++) {
		if (name == end)
			return false;
		if (*pattern != '#' && *name++ != *pattern)
			return false;
		if (*pattern != '#')
			continue;
		if (!isdigit((unsigned char)*name))
			return false;
		while (name < end && isdigit((unsigned char)*name))
			name++;
	}
	while (name < end && *name == ' ')
		name++;
	return name == end || !*name;
}

static uint64_t stats_sum(const char *names, const uint64_t *values,
			  unsigned int count, const char *pattern)
{
	uint64_t sum = MISSING;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (stat_is(names + i * ETH_GSTRING_LEN, pattern))
			sum = value_add(sum, values[i]);
	return sum;
}

uint64_t ethtool_sum_drops(const char *driver, const char *names,
			   const uint64_t *values, unsigned int count)
{
	uint64_t sum = MISSING, one;
	unsigned int done = 0;
	size_t i;

	for (i = 0; i < sizeof(drop_stats) / sizeof(*drop_stats); i++) {
		const struct drop_stat *d = &drop_stats[i];

		if ((d->driver && strcmp(d->driver, driver)) ||
		    (d->group && d->group == done))
			continue;
		one = stats_sum(names, values, count, d->name);
		if (one == MISSING)
			continue;
		sum = value_add(sum, one);
		if (d->group)
			done = d->group;
	}
	return sum;
}

/*
 * The kernel writes as many as there are when it is asked, and a device may
 * have got more queues since it told how many.  So there is room for the most;
 * what is not written to takes no memory.
 */
static uint64_t stats_read_drops(int fd, const char *dev, unsigned int count,
				 struct ethtool_gstrings *names,
				 struct ethtool_stats *values, bool *silent)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	uint64_t sum;

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = count;
	values->cmd = ETHTOOL_GSTATS;
	values->n_stats = count;
	if (ethtool_ask(fd, dev, &info) || ethtool_ask(fd, dev, names) ||
	    names->len != count || ethtool_ask(fd, dev, values) ||
	    values->n_stats != count)
		return MISSING;
	info.driver[sizeof(info.driver) - 1] = '\0';
	sum = ethtool_sum_drops(info.driver, (const char *)names->data,
				(const uint64_t *)values->data, count);
	*silent = sum == MISSING;
	return sum;
}

uint64_t ethtool_ring_drops(int fd, const char *dev, bool *silent)
{
	int64_t count = ethtool_count(fd, dev, ETH_SS_STATS);
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	uint64_t drops = MISSING;

	*silent = count == 0 || count > STATS_MAX || count == -EOPNOTSUPP;
	if (count <= 0 || count > STATS_MAX)
		return MISSING;
	names = calloc(1, sizeof(*names) + STATS_MAX * ETH_GSTRING_LEN);
	values = calloc(1, sizeof(*values) + STATS_MAX * sizeof(uint64_t));
	if (names && values)
		drops = stats_read_drops(fd, dev, count, names, values, silent);
	free(names);
	free(values);
	return drops;
}
