/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The generic netlink family "netdev": its napi-get and queue-get (6.8). */
#ifndef COLLECT_NETDEV_GENL_H
#define COLLECT_NETDEV_GENL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collect/nl.h"
#include "util/table.h"

struct netdev_family {
	uint16_t id;	   /* 0: this kernel has no such family (before 6.3) */
	bool has_napi_get; /* and queue-get: both came with 6.8 */
};

/* Asks for the family; it is the same in every namespace.  0 or -errno. */
int netdev_genl_find(struct nl *nl, struct netdev_family *family);

/* What the messages of a napi-get and a queue-get dump are made into. */
struct netdev_genl_napis {
	struct table *napis; /* struct told_row */
	uint64_t netns_ino;
	size_t first; /* row of this namespace in napis */
};

/*
 * Appends a struct told_row per NAPI of the namespace of nl
 * (NETLINK_GENERIC), in order of told_row_cmp().  0, or -errno and nothing
 * is appended.
 */
int netdev_genl_read(struct nl *nl, const struct netdev_family *family,
		     uint64_t netns_ino, struct table *napis);

/* One message of each answer, for the above and for tests. */
int netdev_genl_parse_family(const struct nlmsghdr *nlh, void *family);
int netdev_genl_parse_napi(const struct nlmsghdr *nlh, void *napis);
/* The rows of the namespace are sorted. */
int netdev_genl_parse_queue(const struct nlmsghdr *nlh, void *napis);

#endif /* COLLECT_NETDEV_GENL_H */
