// SPDX-License-Identifier: GPL-2.0-or-later
/* See netdev_genl.h. */
#include "collect/netdev_genl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>

#include "collect/netdev.h"
#include "model/rows.h"

/*
 * Numbers of the kernel's Documentation/netlink/specs/netdev.yaml, with own
 * names: linux/netdev.h of 6.1 does not exist, and a newer one must not clash.
 */
enum {
	NETDEV_GENL_QUEUE_GET = 10,
	NETDEV_GENL_NAPI_GET = 11,
};

enum {
	NAPI_ATTR_IFINDEX = 1,
	NAPI_ATTR_ID,
	NAPI_ATTR_IRQ,
	NAPI_ATTR_PID,
	NAPI_ATTR_DEFER_HARD_IRQS,   /* 6.13 */
	NAPI_ATTR_GRO_FLUSH_TIMEOUT, /* 6.13 */
};

enum {
	QUEUE_ATTR_ID = 1,
	QUEUE_ATTR_IFINDEX,
	QUEUE_ATTR_TYPE,
	QUEUE_ATTR_NAPI_ID,
};

enum {
	QUEUE_TYPE_RX,
	QUEUE_TYPE_TX,
};

#define GENL_REQUEST_ROOM 64

static struct nlmsghdr *genl_put_request(void *buf, uint16_t type,
					 uint16_t flags, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = 1;
	return nlh;
}

static bool genl_is_message(const struct nlmsghdr *nlh, uint8_t cmd)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);

	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genl) &&
	       genl->cmd == cmd;
}

/* One nest of CTRL_ATTR_OPS. */
static void genl_take_op(struct netdev_family *family, const struct nlattr *op)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(
		attr, op) if (mnl_attr_get_type(attr) == CTRL_ATTR_OP_ID &&
			      nl_attr_uint(attr) == NETDEV_GENL_NAPI_GET)
		family->has_napi_get = true;
}

static void genl_take_ops(struct netdev_family *family, const struct nlattr *ops)
{
	const struct nlattr *op;

	mnl_attr_for_each_nested(op, ops) genl_take_op(family, op);
}

int netdev_genl_parse_family(const struct nlmsghdr *nlh, void *arg)
{
	struct netdev_family *family = arg;
	const struct nlattr *attr;

	if (!genl_is_message(nlh, CTRL_CMD_NEWFAMILY))
		return 0;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
	{
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_get_payload_len(attr) == sizeof(uint16_t))
				family->id = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_OPS:
			genl_take_ops(family, attr);
			break;
		}
	}
	return 0;
}

int netdev_genl_find(struct nl *nl, struct netdev_family *family)
{
	char buf[GENL_REQUEST_ROOM] __attribute__((aligned(8))) = { 0 };
	struct nlmsghdr *nlh;
	int err;

	memset(family, 0, sizeof(*family));
	/* The acknowledgement ends the answer, which is no dump. */
	nlh = genl_put_request(buf, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, "netdev");
	err = nl_ask(nl, nlh, NULL, netdev_genl_parse_family, family);
	return err == -ENOENT ? 0 : err;
}

static void genl_take_napi(struct told_row *napi, const struct nlattr *attr)
{
	switch (mnl_attr_get_type(attr)) {
	case NAPI_ATTR_IFINDEX:
		napi->ifindex = nl_attr_uint(attr);
		break;
	case NAPI_ATTR_ID:
		napi->napi_id = nl_attr_uint(attr);
		break;
	case NAPI_ATTR_IRQ:
		napi->irq = nl_attr_uint(attr);
		break;
	case NAPI_ATTR_PID:
		napi->pid = nl_attr_uint(attr);
		break;
	case NAPI_ATTR_DEFER_HARD_IRQS:
		napi->defer_hard_irqs = nl_attr_uint(attr);
		break;
	case NAPI_ATTR_GRO_FLUSH_TIMEOUT:
		napi->gro_flush_timeout_ns = nl_attr_uint(attr);
		break;
	}
}

int netdev_genl_parse_napi(const struct nlmsghdr *nlh, void *arg)
{
	struct netdev_genl_napis *to = arg;
	const struct nlattr *attr;
	struct told_row *row;
	struct told_row napi = {
		.netns_ino = to->netns_ino,
		.napi_id = MISSING,
		.ifindex = MISSING,
		.irq = MISSING,
		.pid = MISSING,
		.queue = MISSING,
		.is_tx = MISSING,
		.defer_hard_irqs = MISSING,
		.gro_flush_timeout_ns = MISSING,
	};

	if (!genl_is_message(nlh, NETDEV_GENL_NAPI_GET))
		return 0;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) genl_take_napi(&napi, attr);
	if (napi.napi_id == MISSING)
		return 0;
	row = table_add(to->napis);
	if (!row)
		return -ENOMEM;
	*row = napi;
	return 0;
}

static struct told_row *genl_find_napi(const struct netdev_genl_napis *in,
				       uint64_t napi_id)
{
	struct told_row key = {
		.netns_ino = in->netns_ino,
		.napi_id = napi_id,
	};

	if (in->napis->count == in->first)
		return NULL;
	return bsearch(&key, table_at(in->napis, in->first),
		       in->napis->count - in->first, in->napis->row_size,
		       told_row_cmp);
}

/* The lowest rx queue, or the lowest tx queue if there is no rx queue. */
static void genl_take_queue(struct told_row *napi, uint64_t queue, uint64_t is_tx)
{
	if (napi->queue != MISSING && napi->is_tx < is_tx)
		return;
	if (napi->queue != MISSING && napi->is_tx == is_tx && napi->queue <= queue)
		return;
	napi->queue = queue;
	napi->is_tx = is_tx;
}

int netdev_genl_parse_queue(const struct nlmsghdr *nlh, void *arg)
{
	uint64_t queue = MISSING, type = MISSING, napi_id = MISSING;
	const struct nlattr *attr;
	struct told_row *napi;

	if (!genl_is_message(nlh, NETDEV_GENL_QUEUE_GET))
		return 0;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
	{
		switch (mnl_attr_get_type(attr)) {
		case QUEUE_ATTR_ID:
			queue = nl_attr_uint(attr);
			break;
		case QUEUE_ATTR_TYPE:
			type = nl_attr_uint(attr);
			break;
		case QUEUE_ATTR_NAPI_ID:
			napi_id = nl_attr_uint(attr);
			break;
		}
	}
	if (type != QUEUE_TYPE_RX && type != QUEUE_TYPE_TX)
		return 0;
	napi = genl_find_napi(arg, napi_id);
	if (napi && queue != MISSING)
		genl_take_queue(napi, queue, type == QUEUE_TYPE_TX);
	return 0;
}

int netdev_genl_read(struct nl *nl, const struct netdev_family *family,
		     uint64_t netns_ino, struct table *napis)
{
	char buf[GENL_REQUEST_ROOM] __attribute__((aligned(8))) = { 0 };
	struct netdev_genl_napis to = {
		.napis = napis,
		.netns_ino = netns_ino,
		.first = napis->count,
	};
	struct nlmsghdr *nlh;
	int err;

	nlh = genl_put_request(buf, family->id, NLM_F_DUMP, NETDEV_GENL_NAPI_GET);
	err = nl_ask(nl, nlh, napis, netdev_genl_parse_napi, &to);
	if (err || napis->count == to.first)
		return err;
	qsort(table_at(napis, to.first), napis->count - to.first,
	      napis->row_size, told_row_cmp);
	nlh = genl_put_request(buf, family->id, NLM_F_DUMP,
			       NETDEV_GENL_QUEUE_GET);
	err = nl_ask(nl, nlh, NULL, netdev_genl_parse_queue, &to);
	if (err)
		napis->count = to.first;
	return err;
}
