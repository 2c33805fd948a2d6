// SPDX-License-Identifier: GPL-2.0-or-later
/* See rtnl.h. */
#include "collect/rtnl.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model/rows.h"

/* Where a counter of struct rtnl_link_stats64 goes in struct dev_row. */
static const struct {
	size_t stat;
	size_t row;
} rtnl_counters[] = {
#define STAT(member) offsetof(struct rtnl_link_stats64, member)
#define ROW(member) offsetof(struct dev_row, member)
	{ STAT(rx_packets), ROW(rx_packets) },
	{ STAT(rx_bytes), ROW(rx_bytes) },
	{ STAT(rx_dropped), ROW(rx_dropped) },
	{ STAT(rx_missed_errors), ROW(rx_missed) },
	{ STAT(rx_fifo_errors), ROW(rx_fifo) },
	{ STAT(tx_packets), ROW(tx_packets) },
	{ STAT(tx_bytes), ROW(tx_bytes) },
	{ STAT(tx_dropped), ROW(tx_dropped) },
};

/* Kernels append to the structure: one of len bytes may be older or newer. */
static void rtnl_take_stats(struct dev_row *row, const char *stats, size_t len)
{
	uint64_t value;
	size_t i;

	for (i = 0; i < MNL_ARRAY_SIZE(rtnl_counters); i++) {
		value = MISSING;
		if (rtnl_counters[i].stat + sizeof(value) <= len)
			memcpy(&value, stats + rtnl_counters[i].stat,
			       sizeof(value));
		memcpy((char *)row + rtnl_counters[i].row, &value, sizeof(value));
	}
}

/* A name need not end with a NUL. */
static void rtnl_take_name(struct dev_row *row, const struct nlattr *attr)
{
	const char *name = mnl_attr_get_payload(attr);
	size_t len = strnlen(name, mnl_attr_get_payload_len(attr));

	if (len >= sizeof(row->dev))
		len = sizeof(row->dev) - 1;
	memcpy(row->dev, name, len);
	row->dev[len] = '\0';
}

static void rtnl_take_xdp(struct dev_row *row, const struct nlattr *xdp)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, xdp)
	{
		if (mnl_attr_get_type(attr) == IFLA_XDP_ATTACHED &&
		    mnl_attr_get_payload_len(attr))
			row->xdp = mnl_attr_get_u8(attr);
	}
}

static void rtnl_take_attr(struct dev_row *row, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		rtnl_take_name(row, attr);
		break;
	case IFLA_STATS64:
		rtnl_take_stats(row, mnl_attr_get_payload(attr),
				mnl_attr_get_payload_len(attr));
		break;
	case IFLA_XDP:
		rtnl_take_xdp(row, attr);
		break;
	}
}

int rtnl_parse_link(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(nlh);
	const struct rtnl_links *links = arg;
	const struct nlattr *attr;
	struct dev_row row = { .netns_ino = links->netns_ino,
			       .xdp = MISSING,
			       .rx_ring_drops = MISSING };
	struct dev_row *out;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*info))
		return 0;
	rtnl_take_stats(&row, "", 0);
	mnl_attr_for_each(attr, nlh, sizeof(*info)) rtnl_take_attr(&row, attr);
	if (info->ifi_index <= 0 || !row.dev[0])
		return 0;
	row.ifindex = info->ifi_index;
	snprintf(row.netns, sizeof(row.netns), "%s", links->netns);
	out = table_add(links->devs);
	if (!out)
		return -ENOMEM;
	*out = row;
	return 0;
}

static int rtnl_dump_links(struct nl *nl, struct rtnl_links *links, uint32_t mask)
{
	char buf[NLMSG_SPACE(sizeof(struct ifinfomsg)) + 2 * MNL_ATTR_HDRLEN]
		__attribute__((aligned(8)));
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	mnl_attr_put_u32(nlh, IFLA_EXT_MASK, mask);
	return nl_ask(nl, nlh, links->devs, rtnl_parse_link, links);
}

static bool links_have_stats(const struct rtnl_links *links, size_t from)
{
	const struct dev_row *row;

	for (; from < links->devs->count; from++) {
		row = table_at(links->devs, from);
		if (row->rx_packets != MISSING)
			return true;
	}
	return false;
}

/*
 * Without the counters of IPv6, which are summed over all CPUs while RTNL is held.
 * From 6.19 on (105bae321862) the filter takes the device's own, too: then all.
 */
int rtnl_read_links(struct nl *nl, struct rtnl_links *links)
{
	static bool all;
	const size_t before = links->devs->count;
	int err;

	err = rtnl_dump_links(nl, links, all ? 0 : RTEXT_FILTER_SKIP_STATS);
	if (err || all || links->devs->count == before ||
	    links_have_stats(links, before))
		return err;
	all = true;
	links->devs->count = before;
	return rtnl_dump_links(nl, links, 0);
}
