// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * napictl: asks the kernel about the NAPIs of this network namespace, or sets
 * how they are polled, by the netlink family netdev.
 */
#include <linux/genetlink.h>
#include <net/if.h>

#include "collect/netdev_genl.h"
#include "model/rows.h"
#include "tool.h"

static const char usage[] =
	"usage: napictl dump COUNT\n"
	"       napictl threaded DEV MODE\n"
	"\n"
	"  COUNT  how often all NAPIs are asked for; prints how many the last had\n"
	"  MODE   0: softirqs poll, 1: threads, 2: threads without a pause (6.19)\n";

/* Documentation/netlink/specs/netdev.yaml */
#define NETDEV_NAPI_SET 14
#define NETDEV_NAPI_ID 2
#define NETDEV_NAPI_THREADED 8

struct family {
	struct nl nl;
	struct netdev_family netdev;
	struct table napis; /* struct told_row */
};

static void family_open(struct family *f)
{
	f->napis.row_size = sizeof(struct told_row);
	errno = -nl_open(&f->nl, NETLINK_GENERIC);
	if (errno)
		die("cannot open a netlink socket");
	errno = -netdev_genl_find(&f->nl, &f->netdev);
	if (errno || !f->netdev.has_napi_get)
		die("no napi-get in this kernel");
}

static void family_read(struct family *f)
{
	table_clear(&f->napis);
	errno = -netdev_genl_read(&f->nl, &f->netdev, 0, &f->napis);
	if (errno)
		die("cannot read the NAPIs");
}

static void dump(struct family *f, unsigned long count)
{
	while (count--)
		family_read(f);
	printf("%zu\n", f->napis.count);
}

/* What is asked only to be done has no answer but its error. */
static int no_answer(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	(void)arg;
	return 0;
}

static void set_threaded(struct family *f, uint32_t napi_id, uint32_t mode)
{
	char buf[MNL_NLMSG_HDRLEN + 64] __attribute__((aligned(8))) = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = f->netdev.id;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = NETDEV_NAPI_SET;
	genl->version = 1;
	mnl_attr_put_u32(nlh, NETDEV_NAPI_ID, napi_id);
	mnl_attr_put_u32(nlh, NETDEV_NAPI_THREADED, mode);
	errno = -nl_ask(&f->nl, nlh, NULL, no_answer, NULL);
	if (errno)
		die("cannot set NAPI %u", napi_id);
}

static void threaded(struct family *f, const char *dev, unsigned long mode)
{
	unsigned int ifindex = if_nametoindex(dev);
	const struct told_row *napi;

	if (!ifindex)
		die("no device is called %s", dev);
	family_read(f);
	table_for_each (&f->napis, napi)
		if (napi->ifindex == ifindex)
			set_threaded(f, napi->napi_id, mode);
}

int main(int argc, char **argv)
{
	struct family f = { 0 };

	if (argc == 3 && !strcmp(argv[1], "dump")) {
		family_open(&f);
		dump(&f, tool_number(argv[2], "COUNT", 1, 1000000));
	} else if (argc == 4 && !strcmp(argv[1], "threaded")) {
		family_open(&f);
		threaded(&f, argv[2], tool_number(argv[3], "MODE", 0, 2));
	} else {
		die_usage("%s", usage);
	}
	return 0;
}
