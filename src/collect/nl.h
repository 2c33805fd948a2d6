/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One question and its answer over a netlink socket, for rtnl.c and
 * netdev_genl.c.  nl_parse() needs no socket: tests feed it buffers.
 */
#ifndef COLLECT_NL_H
#define COLLECT_NL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "util/table.h"

struct nl {
	struct mnl_socket *sock; /* NULL: closed */
	unsigned int seq;	 /* of the last question */
};

/* A socket of bus NETLINK_* in the current network namespace; 0 or -errno. */
int nl_open(struct nl *nl, int bus);
/* Accepts one that is closed already. */
void nl_close(struct nl *nl);

/* Called for each message that is not control; 0, or -errno to give up. */
typedef int (*nl_message_fn)(const struct nlmsghdr *nlh, void *arg);

struct nl_answer {
	unsigned int seq;
	unsigned int portid;
	bool done;
	bool interrupted; /* the tables changed while they were dumped */
};

/* The messages of one datagram; those of another question are passed over. */
int nl_parse(struct nl_answer *answer, const void *buf, size_t len,
	     nl_message_fn fn, void *arg);

/*
 * Sends request (its sequence number is set here) and hands each message of
 * the answer to fn.  Asks again, up to three times, when the dump was
 * interrupted; what the attempt before added to rows (NULL: nothing to undo)
 * is taken back.  If changes never pause the last attempt stands: it may lack
 * an entry or have one twice.  0, or -errno with rows as they were.
 */
int nl_ask(struct nl *nl, struct nlmsghdr *request, struct table *rows,
	   nl_message_fn fn, void *arg);

/* An unsigned attribute of 1, 2, 4 or 8 bytes; MISSING if it is neither. */
uint64_t nl_attr_uint(const struct nlattr *attr);

#endif /* COLLECT_NL_H */
