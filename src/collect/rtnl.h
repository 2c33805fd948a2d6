/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of a network namespace and their counters, over rtnetlink. */
#ifndef COLLECT_RTNL_H
#define COLLECT_RTNL_H

#include <stdint.h>

#include "collect/nl.h"
#include "util/table.h"

/* What the messages of a link dump are made into. */
struct rtnl_links {
	struct table *devs; /* struct dev_row */
	uint64_t netns_ino;
	const char *netns; /* its name */
};

/*
 * Appends a struct dev_row per device of the namespace of nl (NETLINK_ROUTE).
 * 0, or -errno and nothing is appended.
 */
int rtnl_read_links(struct nl *nl, struct rtnl_links *links);

/* One RTM_NEWLINK; arg is a struct rtnl_links.  For rtnl_read_links(), tests. */
int rtnl_parse_link(const struct nlmsghdr *nlh, void *arg);

#endif /* COLLECT_RTNL_H */
