/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What netlink says of devices and NAPI instances, in the tool's own network
 * namespace and in every other one that it can enter: rtnl link statistics,
 * and the netdev family (napi-get, queue-get; 6.8).
 */
#ifndef COLLECT_NETDEV_H
#define COLLECT_NETDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/rows.h"
#include "util/table.h"

struct netdev;

/*
 * Opens the sockets of the own namespace and finds the others (the mounts
 * under /run/netns, then /proc/PID/ns/net).  0 or -errno.
 */
int netdev_open(struct netdev **out);
void netdev_close(struct netdev *nd);

/* Inode number of the tool's own network namespace. */
uint64_t netdev_own_netns(const struct netdev *nd);

/* As netns_open_initial(). */
int netdev_open_initial(const struct netdev *nd, const char *path);

/*
 * Looks again which namespaces exist; call it when an unknown one shows up
 * or now and then.  Namespaces that went are forgotten with their sockets.
 * True: netdev_read() would now say more, or use other names.
 */
bool netdev_rescan(struct netdev *nd);

/*
 * Its name: "" for the own one, the name under /run/netns, else
 * "net:[INODE]".  text has room bytes.
 */
void netdev_netns_name(const struct netdev *nd, uint64_t ino, char *text,
		       size_t room);

/*
 * Appends a struct dev_row per device of every namespace that could be
 * entered, and, with napis not NULL, a struct told_row per NAPI that the
 * kernel tells of.  A kernel without the netdev family gives no NAPIs and no
 * error.  0 or -errno of the own namespace; others that fail are left out.
 * Both tables are sorted as a whole, each row once (dev_row_cmp()).
 *
 * An open socket keeps a namespace alive, so one whose mount or process went
 * is forgotten here; if other processes live in it, netdev_rescan() finds it.
 */
int netdev_read(struct netdev *nd, struct table *devs, struct table *napis);

/* Lets go of namespaces that nobody else has: see netns_forget_gone(). */
void netdev_forget_gone(struct netdev *nd);

/*
 * A socket of a namespace, for questions by ioctl; it stays the netdev's.
 * -ENOENT: the namespace could not be entered.
 */
int netdev_socket(const struct netdev *nd, uint64_t netns_ino);
/* sysfs as seen from a namespace that is not the own one; -1: not known. */
int netdev_sysfs(const struct netdev *nd, uint64_t netns_ino);

/*
 * Fills rx_ring_drops, see ethtool.h, where the namespace can be asked.  Each question
 * holds the lock that the containers of a machine are made under: a device whose driver
 * has no such counter is asked again after ten minutes.
 */
void netdev_read_drops(struct netdev *nd, struct table *devs);

/* 1 if the kernel has napi-get, 0 if not: see netdev_read(). */
int netdev_has_napi_get(const struct netdev *nd);

#endif /* COLLECT_NETDEV_H */
