// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes what netlink answers: the input is datagrams, each behind its length
 * (two bytes; the highest bit says that another process sent it).  They come
 * to the questions that are asked of a kernel, one after the other; and each,
 * in memory of its size, to every parser.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "collect/netdev_genl.h"
#include "collect/rtnl.h"
#include "fuzz.h"
#include "model/rows.h"
#include "util/bytes.h"

#define OF_ANOTHER 0x8000

static struct reader answers;

/* In place of libmnl's: what is asked does not matter. */
ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request,
			  size_t size)
{
	(void)nl;
	(void)request;
	return size;
}

static const uint8_t *next_datagram(struct reader *r, uint32_t *head, size_t *size)
{
	*head = reader_u8(r);
	*head |= (uint32_t)reader_u8(r) << 8;
	*size = *head & ~OF_ANOTHER;
	if (*size > r->left)
		*size = r->left;
	return reader_take(r, *size);
}

/* In place of libc's: after the last one nothing comes any more. */
ssize_t recvfrom(int fd, void *buf, size_t room, int flags, __SOCKADDR_ARG addr,
		 socklen_t *addr_size)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	const uint8_t *datagram;
	uint32_t head;
	size_t size;

	(void)fd;
	(void)flags;
	if (!answers.left) {
		errno = EAGAIN;
		return -1;
	}
	datagram = next_datagram(&answers, &head, &size);
	from.nl_pid = !!(head & OF_ANOTHER);
	memcpy(addr.__sockaddr__, &from, sizeof(from));
	*addr_size = sizeof(from);
	if (datagram)
		memcpy(buf, datagram, size < room ? size : room);
	return datagram ? (ssize_t)size : 0;
}

static void parse_exactly(const uint8_t *data, size_t size, nl_message_fn fn,
			  void *arg)
{
	struct nl_answer answer = { 0 };
	char *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	nl_parse(&answer, copy, size, fn, arg);
	free(copy);
}

static void parse_each(struct reader r, struct rtnl_links *links,
		       struct netdev_genl_napis *napis)
{
	struct netdev_family family = { 0 };
	const uint8_t *data;
	uint32_t head;
	size_t size;

	while (r.left) {
		data = next_datagram(&r, &head, &size);
		if (!data)
			return;
		parse_exactly(data, size, rtnl_parse_link, links);
		parse_exactly(data, size, netdev_genl_parse_family, &family);
		parse_exactly(data, size, netdev_genl_parse_napi, napis);
		table_sort(napis->napis, told_row_cmp);
		parse_exactly(data, size, netdev_genl_parse_queue, napis);
	}
}

/* As netdev.c does. */
static void ask_all(struct nl *nl, struct rtnl_links *links, struct table *napis)
{
	struct netdev_family family;

	netdev_genl_find(nl, &family);
	rtnl_read_links(nl, links);
	netdev_genl_read(nl, &family, links->netns_ino, napis);
}

static void check_rows(const struct table *devs, const struct table *napis)
{
	const struct told_row *napi;
	const struct dev_row *dev;

	table_for_each (devs, dev)
		if (!*dev->dev || !memchr(dev->dev, 0, ROW_NAME) || !dev->ifindex)
			abort();
	table_for_each (napis, napi)
		if (napi->napi_id == MISSING)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct nl nl;
	struct table devs = TABLE_INIT(struct dev_row);
	struct table napis = TABLE_INIT(struct told_row);
	struct rtnl_links links = { &devs, 1, "blue" };
	struct netdev_genl_napis to = { &napis, 1, 0 };

	if (!nl.sock && nl_open(&nl, NETLINK_ROUTE))
		abort();
	answers = reader_of(data, size);
	parse_each(answers, &links, &to);
	check_rows(&devs, &napis);
	table_clear(&devs);
	table_clear(&napis);
	ask_all(&nl, &links, &napis);
	check_rows(&devs, &napis);
	table_fini(&devs);
	table_fini(&napis);
	return 0;
}
