// SPDX-License-Identifier: GPL-2.0-or-later
/* Answers and links made here in memory, and questions to the kernel. */
#include "message.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/nl.h"
#include "collect/rtnl.h"
#include "model/rows.h"

static void message_begin_link(struct message *m, int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };

	message_begin(m, RTM_NEWLINK, &info, sizeof(info));
}

/* --- answers ------------------------------------------------------------- */

static int count_message(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	++*(int *)arg;
	return 0;
}

static int refuse_message(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	(void)arg;
	return -ENOMEM;
}

static int answer_parse(const struct message *m, struct nl_answer *answer,
			int *count)
{
	*answer = (struct nl_answer){ .seq = SEQ, .portid = PORTID };
	*count = 0;
	return nl_parse(answer, m->buf, m->nlh->nlmsg_len, count_message, count);
}

static void test_answer_of_others(void **state)
{
	struct nl_answer answer;
	struct message m;
	int count;

	(void)state;
	message_begin_link(&m, 1);
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_int_equal(count, 1);
	m.nlh->nlmsg_seq = SEQ - 1;
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_int_equal(count, 0);
	m.nlh->nlmsg_seq = SEQ;
	m.nlh->nlmsg_pid = PORTID + 1;
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_int_equal(count, 0);
	assert_false(answer.done);
	assert_int_equal(message_parse(&m, refuse_message, NULL), 0);
	m.nlh->nlmsg_pid = PORTID;
	assert_int_equal(message_parse(&m, refuse_message, NULL), -ENOMEM);
}

static void test_answer_end(void **state)
{
	struct nlmsgerr error = { .error = -EPERM };
	struct nl_answer answer;
	struct message m;
	int done = 0;
	int count;

	(void)state;
	message_begin(&m, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_true(answer.done);
	assert_int_equal(count, 0);
	done = -EMSGSIZE; /* given up halfway */
	message_begin(&m, NLMSG_DONE, &done, sizeof(done));
	assert_int_equal(answer_parse(&m, &answer, &count), -EMSGSIZE);
	message_begin(&m, NLMSG_DONE, &done, 0);
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_true(answer.done);

	message_begin(&m, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(answer_parse(&m, &answer, &count), -EPERM);
	assert_true(answer.done);
	error.error = 5;
	message_begin(&m, NLMSG_ERROR, &error, sizeof(error));
	assert_int_equal(answer_parse(&m, &answer, &count), -EPROTO);
	message_begin(&m, NLMSG_ERROR, &error, 0);
	assert_int_equal(answer_parse(&m, &answer, &count), -EPROTO);
	message_begin(&m, NLMSG_OVERRUN, &error, 0);
	assert_int_equal(answer_parse(&m, &answer, &count), -ENOBUFS);
	message_begin(&m, NLMSG_NOOP, &error, 0);
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_false(answer.done);
}

static void test_answer_interrupted(void **state)
{
	struct nl_answer answer;
	struct message m;
	int count;

	(void)state;
	message_begin_link(&m, 1);
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_false(answer.interrupted);
	m.nlh->nlmsg_flags |= NLM_F_DUMP_INTR;
	assert_int_equal(answer_parse(&m, &answer, &count), 0);
	assert_true(answer.interrupted);
	assert_int_equal(count, 1);
}

/* --- links --------------------------------------------------------------- */

static struct table devs = TABLE_INIT(struct dev_row);
static struct rtnl_links links = {
	.devs = &devs,
	.netns_ino = INO,
	.netns = "blue",
};

static int devs_free(void **state)
{
	(void)state;
	table_fini(&devs);
	return 0;
}

/* Member i of the statistics is 1000 + i. */
static void message_put_stats(struct message *m, size_t len)
{
	uint64_t stats[40];
	size_t i;

	for (i = 0; i < 40; i++)
		stats[i] = 1000 + i;
	mnl_attr_put(m->nlh, IFLA_STATS64, len, stats);
}

static const struct dev_row *link_parse(const struct message *m)
{
	devs.count = 0;
	assert_int_equal(message_parse(m, rtnl_parse_link, &links), 0);
	return devs.count ? devs.rows : NULL;
}

static void test_link(void **state)
{
	const struct dev_row *dev;
	struct message m;

	(void)state;
	message_begin_link(&m, 5);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "eth7");
	message_put_stats(&m, sizeof(struct rtnl_link_stats64));
	dev = link_parse(&m);
	assert_non_null(dev);
	assert_int_equal(devs.count, 1);
	assert_int_equal(dev->netns_ino, INO);
	assert_int_equal(dev->ifindex, 5);
	assert_string_equal(dev->dev, "eth7");
	assert_string_equal(dev->netns, "blue");
	assert_int_equal(dev->rx_packets, 1000);
	assert_int_equal(dev->tx_packets, 1001);
	assert_int_equal(dev->rx_bytes, 1002);
	assert_int_equal(dev->tx_bytes, 1003);
	assert_int_equal(dev->rx_dropped, 1006);
	assert_int_equal(dev->tx_dropped, 1007);
	assert_int_equal(dev->rx_fifo, 1014);
	assert_int_equal(dev->rx_missed, 1015);
	assert_true(dev->rx_ring_drops == MISSING);
}

static const struct dev_row *link_with_xdp(struct message *m, uint16_t type,
					   size_t len, uint8_t attached)
{
	struct nlattr *xdp;

	message_begin_link(m, 5);
	mnl_attr_put_strz(m->nlh, IFLA_IFNAME, "eth7");
	xdp = mnl_attr_nest_start(m->nlh, IFLA_XDP);
	mnl_attr_put_u32(m->nlh, IFLA_XDP_PROG_ID, 4);
	mnl_attr_put(m->nlh, type, len, &attached);
	mnl_attr_nest_end(m->nlh, xdp);
	return link_parse(m);
}

static void test_link_xdp(void **state)
{
	struct message m;

	(void)state;
	assert_int_equal(
		link_with_xdp(&m, IFLA_XDP_ATTACHED, 1, XDP_ATTACHED_SKB)->xdp,
		XDP_ATTACHED_SKB);
	message_torture(&m, rtnl_parse_link, &links, &devs);
	assert_int_equal(link_with_xdp(&m, IFLA_XDP_ATTACHED, 1, 0)->xdp, 0);
	assert_true(link_with_xdp(&m, IFLA_XDP_ATTACHED, 0, 1)->xdp == MISSING);
	assert_true(link_with_xdp(&m, IFLA_XDP_FLAGS, 1, 1)->xdp == MISSING);
	message_begin_link(&m, 5);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "eth7");
	assert_true(link_parse(&m)->xdp == MISSING);
}

static const struct dev_row *link_with_stats(struct message *m, size_t len)
{
	message_begin_link(m, 5);
	mnl_attr_put_strz(m->nlh, IFLA_IFNAME, "eth7");
	if (len)
		message_put_stats(m, len);
	return link_parse(m);
}

static void test_link_short_stats(void **state)
{
	const struct dev_row *dev;
	struct message m;

	(void)state;
	dev = link_with_stats(&m, 15 * sizeof(uint64_t)); /* ends at rx_fifo */
	assert_int_equal(dev->rx_fifo, 1014);
	assert_true(dev->rx_missed == MISSING);
	dev = link_with_stats(&m, 15 * sizeof(uint64_t) - 1);
	assert_true(dev->rx_fifo == MISSING);
	assert_int_equal(dev->tx_dropped, 1007);
	dev = link_with_stats(&m, 0);
	assert_true(dev->rx_packets == MISSING);
	assert_true(dev->tx_dropped == MISSING);
	dev = link_with_stats(&m, 40 * sizeof(uint64_t)); /* a newer kernel */
	assert_int_equal(dev->rx_missed, 1015);
}

static void test_link_names(void **state)
{
	const struct dev_row *dev;
	char name[200];
	struct message m;

	(void)state;
	message_begin_link(&m, 5);
	mnl_attr_put(m.nlh, IFLA_IFNAME, 4, "wan0"); /* no NUL */
	dev = link_parse(&m);
	assert_string_equal(dev->dev, "wan0");

	memset(name, 'x', sizeof(name));
	message_begin_link(&m, 5);
	mnl_attr_put(m.nlh, IFLA_IFNAME, sizeof(name), name);
	dev = link_parse(&m);
	assert_int_equal(strlen(dev->dev), ROW_NAME - 1);

	message_begin_link(&m, 5);
	mnl_attr_put(m.nlh, IFLA_IFNAME, 0, "");
	assert_null(link_parse(&m));
	message_begin_link(&m, 5);
	assert_null(link_parse(&m));
}

static void test_link_truncated(void **state)
{
	struct nlattr *attr;
	struct message m;

	(void)state;
	message_begin_link(&m, 5);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "eth7");
	attr = mnl_nlmsg_get_payload_tail(m.nlh);
	message_put_stats(&m, sizeof(struct rtnl_link_stats64));
	attr->nla_len += 4; /* one word more than there is */
	assert_true(link_parse(&m)->rx_packets == MISSING);

	message_begin_link(&m, 5);
	message_shorten(&m, m.nlh->nlmsg_len - 1);
	assert_null(link_parse(&m));
	message_begin_link(&m, 0);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "eth7");
	assert_null(link_parse(&m));
	m.nlh->nlmsg_type = RTM_DELLINK;
	assert_null(link_parse(&m));
}

static void test_link_torture(void **state)
{
	struct message m;

	(void)state;
	message_begin_link(&m, 5);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "eth7");
	message_put_stats(&m, sizeof(struct rtnl_link_stats64));
	message_torture(&m, rtnl_parse_link, &links, &devs);
}

/* --- the kernel ---------------------------------------------------------- */

static struct nlmsghdr *live_request(struct message *m)
{
	struct ifinfomsg info = {};

	message_begin(m, RTM_GETLINK, &info, sizeof(info));
	m->nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	m->nlh->nlmsg_pid = 0;
	return m->nlh;
}

static int take_and_refuse(const struct nlmsghdr *nlh, void *arg)
{
	assert_int_equal(rtnl_parse_link(nlh, arg), 0);
	return -ENOMEM;
}

/* One that was given up leaves nothing behind, not even half a dump. */
static void test_ask_after_failure(void **state)
{
	struct message m;
	struct nl nl = {};
	size_t mark;

	(void)state;
	devs.count = 0;
	assert_int_equal(nl_open(&nl, NETLINK_ROUTE), 0);
	assert_int_equal(rtnl_read_links(&nl, &links), 0);
	mark = devs.count;
	assert_int_equal(nl_ask(&nl, live_request(&m), &devs, take_and_refuse,
				&links),
			 -ENOMEM);
	assert_int_equal(devs.count, mark);
	m.nlh->nlmsg_type = RTM_MAX + 100; /* no such question */
	assert_true(nl_ask(&nl, m.nlh, &devs, rtnl_parse_link, &links) < 0);
	assert_int_equal(rtnl_read_links(&nl, &links), 0);
	assert_int_equal(devs.count, 2 * mark);
	nl_close(&nl);
	nl_close(&nl);
}

static bool has_device(const char *name)
{
	const struct dev_row *dev;

	table_for_each (&devs, dev)
		if (!strcmp(dev->dev, name))
			return true;
	return false;
}

/* Root of a namespace can send to our socket there, as if it were the kernel. */
static void test_forged_answer(void **state)
{
	struct sockaddr_nl victim = { .nl_family = AF_NETLINK };
	struct nl nl = {}, forger = {};
	const struct dev_row *dev;
	struct message m;

	(void)state;
	if (geteuid()) {
		print_message("skipped: needs root to forge a message\n");
		skip();
	}
	assert_int_equal(nl_open(&nl, NETLINK_ROUTE), 0);
	assert_int_equal(nl_open(&forger, NETLINK_ROUTE), 0);
	victim.nl_pid = mnl_socket_get_portid(nl.sock);
	message_begin_link(&m, 99);
	mnl_attr_put_strz(m.nlh, IFLA_IFNAME, "forged");
	m.nlh->nlmsg_seq = nl.seq + 1;
	m.nlh->nlmsg_pid = victim.nl_pid;
	assert_int_equal(sendto(mnl_socket_get_fd(forger.sock), m.buf,
				m.nlh->nlmsg_len, 0, (struct sockaddr *)&victim,
				sizeof(victim)),
			 m.nlh->nlmsg_len);
	devs.count = 0;
	assert_int_equal(rtnl_read_links(&nl, &links), 0);
	assert_false(has_device("forged"));
	assert_true(has_device("lo"));
	/* Whatever the kernel's filter takes away. */
	table_for_each (&devs, dev)
		assert_true(dev->rx_packets != MISSING);
	nl_close(&forger);
	nl_close(&nl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_of_others),
		cmocka_unit_test(test_answer_end),
		cmocka_unit_test(test_answer_interrupted),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_xdp),
		cmocka_unit_test(test_link_short_stats),
		cmocka_unit_test(test_link_names),
		cmocka_unit_test(test_link_truncated),
		cmocka_unit_test(test_link_torture),
		cmocka_unit_test(test_ask_after_failure),
		cmocka_unit_test(test_forged_answer),
	};

	return cmocka_run_group_tests_name("nl", tests, NULL, devs_free);
}
