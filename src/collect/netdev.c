// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See netdev.h.  Asks every namespace of netns.c the questions of rtnl.c,
 * netdev_genl.c and ethtool_stats.c.
 */
#include "collect/netdev.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "collect/ethtool.h"
#include "collect/netdev_genl.h"
#include "collect/netns.h"
#include "collect/rtnl.h"
#include "model/rows.h"
#include "util/clock.h"

#define SILENT_NS 600000000000ULL
/* A namespace that told of no NAPI is not asked each time. */
#define ASK_AGAIN_NS 10000000000ULL

/* A device that names no drops of its rings. */
struct silent_dev {
	uint64_t netns_ino;
	uint64_t ifindex;
	uint64_t asked_ns;
};

struct netdev {
	struct netns_set set;
	struct netdev_family family;
	struct table silent; /* struct silent_dev, of devices that were there */
};

int netdev_open(struct netdev **out)
{
	struct netdev *nd = calloc(1, sizeof(*nd));
	struct netns *own;
	int err;

	if (!nd)
		return -ENOMEM;
	nd->silent.row_size = sizeof(struct silent_dev);
	err = netns_open(&nd->set);
	if (err)
		goto err_free;
	own = table_at(&nd->set.spaces, 0);
	err = netdev_genl_find(&own->generic, &nd->family);
	if (!err)
		err = netns_rescan(&nd->set);
	if (err)
		goto err_close;
	*out = nd;
	return 0;

err_close:
	netns_close(&nd->set);
err_free:
	free(nd);
	return err;
}

void netdev_close(struct netdev *nd)
{
	if (!nd)
		return;
	netns_close(&nd->set);
	table_fini(&nd->silent);
	free(nd);
}

uint64_t netdev_own_netns(const struct netdev *nd)
{
	return nd->set.own_ino;
}

int netdev_open_initial(const struct netdev *nd, const char *path)
{
	return netns_open_initial(&nd->set, path);
}

bool netdev_rescan(struct netdev *nd)
{
	netns_rescan(&nd->set);
	return nd->set.changed;
}

void netdev_netns_name(const struct netdev *nd, uint64_t ino, char *text,
		       size_t room)
{
	netns_name(&nd->set, ino, text, room);
}

int netdev_has_napi_get(const struct netdev *nd)
{
	return nd->family.id && nd->family.has_napi_get;
}

int netdev_socket(const struct netdev *nd, uint64_t netns_ino)
{
	const struct netns *ns = netns_find(&nd->set, netns_ino);

	return ns && ns->route.sock ? mnl_socket_get_fd(ns->route.sock) : -ENOENT;
}

int netdev_sysfs(const struct netdev *nd, uint64_t netns_ino)
{
	const struct netns *ns = netns_find(&nd->set, netns_ino);

	return ns ? ns->sysfs : -1;
}

static bool netns_is_asked(const struct netdev *nd, const struct netns *ns,
			   uint64_t now_ns)
{
	return netdev_has_napi_get(nd) &&
	       (ns->tells || !ns->asked_ns || ns->ino == nd->set.own_ino ||
		now_ns - ns->asked_ns >= ASK_AGAIN_NS);
}

static int netdev_read_napis(const struct netdev *nd, struct netns *ns,
			     struct table *napis)
{
	const size_t before = napis->count;
	uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
	int err;

	if (!netns_is_asked(nd, ns, now_ns))
		return 0;
	err = netdev_genl_read(&ns->generic, &nd->family, ns->ino, napis);
	if (err)
		return err;
	ns->asked_ns = now_ns;
	ns->tells = napis->count != before;
	return 0;
}

static int netdev_read_space(const struct netdev *nd, struct netns *ns,
			     struct table *devs, struct table *napis)
{
	char name[ROW_NETNS];
	struct rtnl_links links = {
		.devs = devs,
		.netns_ino = ns->ino,
		.netns = name,
	};
	size_t mark = devs->count;
	int err;

	netns_name(&nd->set, ns->ino, name, sizeof(name));
	err = rtnl_read_links(&ns->route, &links);
	if (err || !napis)
		return err;
	err = netdev_read_napis(nd, ns, napis);
	if (err)
		devs->count = mark;
	return err;
}

void netdev_forget_gone(struct netdev *nd)
{
	netns_forget_gone(&nd->set);
}

int netdev_read(struct netdev *nd, struct table *devs, struct table *napis)
{
	struct netns *ns;
	int err;

	netdev_forget_gone(nd);
	table_for_each (&nd->set.spaces, ns) {
		if (!ns->route.sock)
			continue;
		err = netdev_read_space(nd, ns, devs, napis);
		if (err && ns->ino == nd->set.own_ino)
			return err;
	}
	/* A dump that was interrupted may have a row twice: see nl_ask(). */
	table_sort_unique(devs, dev_row_cmp);
	if (napis)
		table_sort_unique(napis, told_row_cmp);
	return 0;
}

static int silent_cmp(const void *a, const void *b)
{
	const struct silent_dev *x = a, *y = b;

	if (x->netns_ino != y->netns_ino)
		return x->netns_ino < y->netns_ino ? -1 : 1;
	return (x->ifindex > y->ifindex) - (x->ifindex < y->ifindex);
}

/* It was asked by its name, and another may be called so by now. */
static bool dev_is_called(int fd, const struct dev_row *dev)
{
	struct ifreq request = { .ifr_ifindex = (int)dev->ifindex };

	return !ioctl(fd, SIOCGIFNAME, &request) &&
	       !strcmp(request.ifr_name, dev->dev);
}

/* True: it names none, whenever it is asked. */
static bool dev_read_drops(const struct netdev *nd, struct dev_row *dev)
{
	const int fd = netdev_socket(nd, dev->netns_ino);
	bool silent;

	if (fd < 0)
		return false;
	dev->rx_ring_drops = ethtool_ring_drops(fd, dev->dev, &silent);
	if (dev_is_called(fd, dev))
		return silent;
	dev->rx_ring_drops = MISSING;
	return false;
}

void netdev_read_drops(struct netdev *nd, struct table *devs)
{
	const uint64_t now_ns = clock_ns(CLOCK_MONOTONIC);
	struct table silent = TABLE_INIT(struct silent_dev);
	struct silent_dev *row, key;
	struct dev_row *dev;

	table_for_each (devs, dev) {
		key = (struct silent_dev){ dev->netns_ino, dev->ifindex, now_ns };
		row = table_find(&nd->silent, &key, silent_cmp);
		if (row && now_ns - row->asked_ns < SILENT_NS)
			key = *row;
		else if (!dev_read_drops(nd, dev))
			continue;
		row = table_add(&silent);
		if (row)
			*row = key;
	}
	table_sort(&silent, silent_cmp);
	table_fini(&nd->silent);
	nd->silent = silent;
}
