/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of a device that ethtool shows, and its driver's own statistics,
 * read by ioctl on a socket of its namespace: every kernel answers that, and
 * netlink would say no more of them.
 */
#ifndef COLLECT_ETHTOOL_H
#define COLLECT_ETHTOOL_H

#include <stdbool.h>
#include <stdint.h>

/* name is what config.h has behind dev/NAME/: "ring/rx", "features/gro". */
typedef int (*ethtool_emit_fn)(void *arg, const char *name, const char *value);

/*
 * Calls emit for each setting that the driver tells, or only for what it says of
 * itself; fd is any socket of the device's network namespace.  0, or what emit
 * returned that is not 0.
 */
int ethtool_read(int fd, const char *dev, ethtool_emit_fn emit, void *arg);
int ethtool_read_driver(int fd, const char *dev, ethtool_emit_fn emit, void *arg);

/*
 * Frames that the device lost because it found no free receive buffer, as the
 * statistics of `ethtool -S` have it; MISSING: the driver names none that is
 * known to mean that, and always will (*silent), or could not say now.  It may
 * take milliseconds: some ask their firmware.
 */
uint64_t ethtool_ring_drops(int fd, const char *dev, bool *silent);

/*
 * The part of it without I/O: count names of ETH_GSTRING_LEN bytes, and the
 * values in the same order.
 */
uint64_t ethtool_sum_drops(const char *driver, const char *names,
			   const uint64_t *values, unsigned int count);

/* One question to the driver; command is a structure of ethtool.  0 or -errno. */
int ethtool_ask(int fd, const char *dev, void *command);
/* How many names (enum ethtool_stringset) there are, or -errno. */
int64_t ethtool_count(int fd, const char *dev, unsigned int set);

#endif /* COLLECT_ETHTOOL_H */
