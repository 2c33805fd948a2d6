/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures the configuration (model/config.h) from /proc, /sys and ethtool.
 * It reads some hundred files: for those who ask, and now and then.
 */
#ifndef COLLECT_CONFIG_H
#define COLLECT_CONFIG_H

#include "collect/netdev.h"
#include "model/snapshot.h"

/*
 * Fills s->config, of the devices and interrupts that s has.  root is "", or
 * a recorded tree in tests; nd says what ethtool has, NULL: nothing does.
 * What cannot be read is left out.  0 or -ENOMEM.
 */
int config_capture(const char *root, const struct netdev *nd, struct snapshot *s);

#endif /* COLLECT_CONFIG_H */
