// SPDX-License-Identifier: GPL-2.0-or-later
/* See ethtool.h. */
#include "collect/ethtool.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "model/rows.h"

static int ethtool_ask(int fd, const char *dev, void *command)
{
	struct ifreq request = { .ifr_data = command };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%.*s",
		 IFNAMSIZ - 1, dev);
	return ioctl(fd, SIOCETHTOOL, &request);
}

void ethtool_read(int fd, const char *dev, struct ethtool_settings *out)
{
	struct ethtool_value gro = { .cmd = ETHTOOL_GGRO };
	struct ethtool_coalesce coalesce = { .cmd = ETHTOOL_GCOALESCE };

	out->gro = ethtool_ask(fd, dev, &gro) ? MISSING : gro.data;
	out->rx_usecs = MISSING;
	out->rx_frames = MISSING;
	if (ethtool_ask(fd, dev, &coalesce))
		return;
	out->rx_usecs = coalesce.rx_coalesce_usecs;
	out->rx_frames = coalesce.rx_max_coalesced_frames;
}
