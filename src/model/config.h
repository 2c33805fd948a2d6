/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The captured configuration: a table of struct config_row, texts by path,
 * sorted by path.  It is what a diagnosis needs to know beside the numbers,
 * and travels with a recording.
 *
 *	host/cmdline  host/os ...		the machine
 *	cpu/isolated  cpu/0/node ...		its CPUs
 *	sysctl/net.core.netdev_budget ...
 *	irq/32/affinity  irq/32/node ...
 *	dev/eth0/ring/rx  dev/eth0/queue/rx-0/rps_cpus  dev/eth0/xdp ...
 *	dev/eth0@NETNS/...			in another network namespace
 *
 * What could not be read has no row.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rows.h"
#include "util/table.h"

/* More CPUs than any kernel has: see the parser of lists. */
#define CONFIG_CPUS 65536
/* Not all devices were asked for their settings: there were too many. */
#define CONFIG_DEVS_ASKED "host/devices_asked"
#define CONFIG_PATH sizeof(((struct config_row *)0)->path)
#define CONFIG_VALUE sizeof(((struct config_row *)0)->value)

/*
 * Appends a setting; the caller sorts when all are there.  A text too long for
 * a row goes on in rows with "+1", "+2" ... behind the path.  0 or -ENOMEM.
 */
int config_add(struct table *config, const char *path, const char *value);
/*
 * One of those whose paths are the same is kept: the names of two namespaces may
 * begin alike, and be cut.
 */
void config_sort(struct table *config);

/* NULL: not known. */
const char *config_find(const struct table *config, const char *path);
/* config_find() of the path that fmt makes. */
__attribute__((format(printf, 2, 3))) const char *
config_findf(const struct table *config, const char *fmt, ...);
/* Is there a setting whose path begins so? */
bool config_has_below(const struct table *config, const char *prefix);
/* MISSING: not known, or no number. */
uint64_t config_number(const struct table *config, const char *path);

/*
 * The NUMA node of each CPU below end into nodes, a table of uint64_t; MISSING: not
 * known.  0 or -ENOMEM.
 */
int config_read_nodes(const struct table *config, uint64_t end,
		      struct table *nodes);

/*
 * The path of a device's setting, CONFIG_PATH bytes: dev/NAME/WHAT, or
 * dev/NAME@NETNS/WHAT where netns is not "".
 */
void config_dev_path(char *path, const char *dev, const char *netns,
		     const char *what);

#endif /* MODEL_CONFIG_H */
