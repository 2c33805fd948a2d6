// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See netdev.h.  Asks every namespace of netns.c the questions of rtnl.c,
 * netdev_genl.c and ethtool_stats.c.
 */
#include "collect/netdev.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>

#include "collect/ethtool.h"
#include "collect/netdev_genl.h"
#include "collect/netns.h"
#include "collect/rtnl.h"
#include "model/rows.h"

struct netdev {
	struct netns_set set;
	struct netdev_family family;
};

int netdev_open(struct netdev **out)
{
	struct netdev *nd = calloc(1, sizeof(*nd));
	struct netns *own;
	int err;

	if (!nd)
		return -ENOMEM;
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

int netdev_rescan(struct netdev *nd)
{
	return netns_rescan(&nd->set);
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
	if (err || !napis || !netdev_has_napi_get(nd))
		return err;
	err = netdev_genl_read(&ns->generic, &nd->family, ns->ino, napis);
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

void netdev_read_drops(const struct netdev *nd, struct table *devs)
{
	struct dev_row *dev;
	int fd;

	table_for_each (devs, dev) {
		fd = netdev_socket(nd, dev->netns_ino);
		if (fd >= 0)
			dev->rx_ring_drops = ethtool_ring_drops(fd, dev->dev);
	}
}
