/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Netlink messages made in memory, for test_nl.c and test_netdev_genl.c. */
#ifndef TESTS_COLLECT_MESSAGE_H
#define TESTS_COLLECT_MESSAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "collect/nl.h"
#include "util/table.h"

#define SEQ 7
#define PORTID 4321
#define INO 4026532000ULL

struct message {
	char buf[2048] __attribute__((aligned(8)));
	struct nlmsghdr *nlh;
};

static inline void message_begin(struct message *m, uint16_t type,
				 const void *head, size_t len)
{
	memset(m, 0, sizeof(*m));
	m->nlh = mnl_nlmsg_put_header(m->buf);
	m->nlh->nlmsg_type = type;
	m->nlh->nlmsg_seq = SEQ;
	m->nlh->nlmsg_pid = PORTID;
	memcpy(mnl_nlmsg_put_extra_header(m->nlh, len), head, len);
}

/*
 * Hands the first len bytes to nl_parse(), in memory of that size: reading
 * behind it is seen by the sanitizer.
 */
static inline int message_feed(const struct message *m, size_t len,
			       nl_message_fn fn, void *arg)
{
	struct nl_answer answer = { .seq = SEQ, .portid = PORTID };
	char *copy = malloc(len ? len : 1);
	int err;

	assert_non_null(copy);
	memcpy(copy, m->buf, len);
	err = nl_parse(&answer, copy, len, fn, arg);
	free(copy);
	return err;
}

static inline int message_parse(const struct message *m, nl_message_fn fn,
				void *arg)
{
	return message_feed(m, m->nlh->nlmsg_len, fn, arg);
}

/* Every shorter message, and every byte replaced: nothing but memory safety. */
static inline void message_torture(const struct message *m, nl_message_fn fn,
				   void *arg, struct table *rows)
{
	static const unsigned char values[] = { 0, 1, 3, 0x7f, 0x80, 0xff };
	size_t len = m->nlh->nlmsg_len;
	struct message bad;
	size_t i, v;

	for (i = 0; i <= len; i++)
		message_feed(m, i, fn, arg);
	for (i = 0; i < len; i++) {
		for (v = 0; v < sizeof(values); v++) {
			bad = *m;
			bad.buf[i] = (char)values[v];
			message_feed(&bad, len, fn, arg);
		}
		if (rows)
			rows->count = 0;
	}
}

static inline void message_shorten(struct message *m, uint32_t len)
{
	m->nlh->nlmsg_len = len;
}

#endif /* TESTS_COLLECT_MESSAGE_H */
