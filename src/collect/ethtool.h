/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of a device that ethtool shows, read by ioctl on a socket of its
 * namespace: every kernel answers that, and netlink would say no more of them.
 */
#ifndef COLLECT_ETHTOOL_H
#define COLLECT_ETHTOOL_H

/* name is what config.h has behind dev/NAME/: "ring/rx", "features/gro". */
typedef int (*ethtool_emit_fn)(void *arg, const char *name, const char *value);

/*
 * Calls emit for each setting that the driver tells; fd is any socket of the
 * device's network namespace.  0, or what emit returned that is not 0.
 */
int ethtool_read(int fd, const char *dev, ethtool_emit_fn emit, void *arg);

#endif /* COLLECT_ETHTOOL_H */
