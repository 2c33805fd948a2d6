// SPDX-License-Identifier: GPL-2.0-or-later
/* See nl.h. */
#include "collect/nl.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "model/rows.h"

/* The kernel fills up to 32 KB a datagram, more if one link needs more. */
#define NL_BUFFER 65536
#define NL_TRIES 4
/*
 * Only a backstop: the root of another namespace can send to a socket there,
 * without end.  No dump of the kernel needs that many datagrams.
 */
#define NL_MAX_DATAGRAMS 16384

int nl_open(struct nl *nl, int bus)
{
	/* Answers are there when sendto() returns; never hang on a lost one. */
	const struct timeval patience = { .tv_sec = 1 };
	int err;

	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->sock)
		return -errno;
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) ||
	    setsockopt(mnl_socket_get_fd(nl->sock), SOL_SOCKET, SO_RCVTIMEO,
		       &patience, sizeof(patience))) {
		err = -errno;
		nl_close(nl);
		return err;
	}
	return 0;
}

void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

/* NLMSG_ERROR (0: an ack) and NLMSG_DONE begin with an errno; ends the answer. */
static int nl_parse_end(struct nl_answer *answer, const struct nlmsghdr *nlh)
{
	int error = 0;

	answer->done = true;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	else if (nlh->nlmsg_type == NLMSG_ERROR)
		return -EPROTO;
	return error <= 0 ? error : -EPROTO;
}

static int nl_parse_message(struct nl_answer *answer, const struct nlmsghdr *nlh,
			    nl_message_fn fn, void *arg)
{
	if (!mnl_nlmsg_seq_ok(nlh, answer->seq) ||
	    !mnl_nlmsg_portid_ok(nlh, answer->portid))
		return 0;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return 0;
	case NLMSG_OVERRUN:
		return -ENOBUFS;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		return nl_parse_end(answer, nlh);
	default:
		return fn(nlh, arg);
	}
}

/* mnl_nlmsg_ok() of libmnl 1.0.4 takes a length over 2 GB for a negative one. */
static bool nl_fits(const struct nlmsghdr *nlh, int left)
{
	return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= (size_t)left;
}

int nl_parse(struct nl_answer *answer, const void *buf, size_t len,
	     nl_message_fn fn, void *arg)
{
	const struct nlmsghdr *nlh = buf;
	int left = len;
	int err = 0;

	while (!err && !answer->done && nl_fits(nlh, left)) {
		err = nl_parse_message(answer, nlh, fn, arg);
		nlh = mnl_nlmsg_next(nlh, &left);
	}
	return err;
}

/* Bytes of one datagram, 0 if it is not from the kernel, or -errno. */
static ssize_t nl_receive(const struct nl *nl, void *buf, size_t room, int flags)
{
	struct sockaddr_nl from = {};
	struct sockaddr *addr = (struct sockaddr *)&from;
	socklen_t size = sizeof(from);
	ssize_t len;

	do {
		len = recvfrom(mnl_socket_get_fd(nl->sock), buf, room,
			       flags | MSG_TRUNC, addr, &size);
	} while (len < 0 && errno == EINTR);
	if (len < 0)
		return -errno;
	if (size != sizeof(from) || from.nl_pid)
		return 0;
	return (size_t)len > room ? -EMSGSIZE : len;
}

/* Reads a dump that was given up to its end: else the next one is -EBUSY. */
static void nl_drain(const struct nl *nl)
{
	unsigned int n;
	ssize_t len;
	char byte;

	for (n = 0; n < NL_MAX_DATAGRAMS; n++) {
		len = nl_receive(nl, &byte, sizeof(byte), MSG_DONTWAIT);
		if (len < 0 && len != -EMSGSIZE && len != -ENOBUFS)
			return;
	}
}

static int nl_receive_answer(const struct nl *nl, struct nl_answer *answer,
			     nl_message_fn fn, void *arg)
{
	char buf[NL_BUFFER] __attribute__((aligned(8)));
	unsigned int n;
	ssize_t len;
	int err;

	for (n = 0; n < NL_MAX_DATAGRAMS; n++) {
		len = nl_receive(nl, buf, sizeof(buf), 0);
		if (len < 0)
			return len;
		err = nl_parse(answer, buf, len, fn, arg);
		if (err || answer->done)
			return err;
	}
	return -EMSGSIZE;
}

/* 0, 1 if the answer may be incomplete, or -errno. */
static int nl_ask_once(struct nl *nl, struct nlmsghdr *request,
		       nl_message_fn fn, void *arg)
{
	struct nl_answer answer = {
		.seq = ++nl->seq,
		.portid = mnl_socket_get_portid(nl->sock),
	};
	int err;

	request->nlmsg_seq = answer.seq;
	if (mnl_socket_sendto(nl->sock, request, request->nlmsg_len) < 0)
		return -errno;
	err = nl_receive_answer(nl, &answer, fn, arg);
	if (err && !answer.done)
		nl_drain(nl);
	return err ? err : answer.interrupted;
}

int nl_ask(struct nl *nl, struct nlmsghdr *request, struct table *rows,
	   nl_message_fn fn, void *arg)
{
	size_t mark = rows ? rows->count : 0;
	unsigned int tries;
	int err = 1;

	for (tries = 0; tries < NL_TRIES; tries++) {
		if (rows)
			rows->count = mark;
		err = nl_ask_once(nl, request, fn, arg);
		if (err <= 0 && err != -ENOBUFS)
			break;
	}
	if (err < 0 && rows)
		rows->count = mark;
	return err < 0 ? err : 0;
}

uint64_t nl_attr_uint(const struct nlattr *attr)
{
	uint64_t value;

	switch (mnl_attr_get_payload_len(attr)) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(attr);
	case sizeof(uint16_t):
		return mnl_attr_get_u16(attr);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(attr);
	case sizeof(uint64_t): /* aligned to 4 only */
		memcpy(&value, mnl_attr_get_payload(attr), sizeof(value));
		return value;
	default:
		return MISSING;
	}
}
