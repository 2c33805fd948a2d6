/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of a device that ethtool shows, read by ioctl on a socket of its namespace. */
#ifndef COLLECT_ETHTOOL_H
#define COLLECT_ETHTOOL_H

#include <stdint.h>

/* MISSING: the driver does not say. */
struct ethtool_settings {
	uint64_t gro; /* 0 or 1 */
	uint64_t rx_usecs;
	uint64_t rx_frames;
};

/* fd: any socket of the device's network namespace. */
void ethtool_read(int fd, const char *dev, struct ethtool_settings *out);

#endif /* COLLECT_ETHTOOL_H */
