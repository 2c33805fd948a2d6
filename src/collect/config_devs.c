// SPDX-License-Identifier: GPL-2.0-or-later
/* See config_devs.h. */
#include "collect/config_devs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collect/ethtool.h"
#include "collect/procfs.h"
#include "model/config.h"
#include "util/num.h"

/* Of no more all settings of all are read. */
#define CONFIG_DEVS 256

static const char *const config_dev_files[] = {
	"mtu",
	"speed",
	"operstate",
	"tx_queue_len",
	"threaded",
	"gro_flush_timeout",
	"napi_defer_hard_irqs",
};

static int capture_dev_setting(void *arg, const char *name, const char *value)
{
	struct capture *c = arg;
	char path[CONFIG_PATH];

	config_dev_path(path, c->dev, c->netns, name);
	return config_add(c->config, path, value);
}

static int capture_dev_file(struct capture *c, const char *file, const char *name)
{
	if (procfs_readf(&c->buf, &c->room, "%s/class/net/%s/%s", c->sys,
			 c->dev, file) ||
	    !capture_is_line(c->buf))
		return 0;
	return capture_dev_setting(c, name, c->buf);
}

static int capture_queue(struct capture *c, const char *queue)
{
	static const struct config_file files[] = {
		{ "rps_cpus", "rps_cpus" },
		{ "rps_flow_cnt", "rps_flow_cnt" },
		{ "xps_cpus", "xps_cpus" },
		{ "byte_queue_limits/stall_thrs", "stall_thrs" },
	};
	char file[PATH_MAX], name[CONFIG_PATH];
	size_t i;
	int err = 0;

	for (i = 0; i < sizeof(files) / sizeof(*files) && !err; i++) {
		if (*queue != (strncmp(files[i].file, "rps", 3) ? 't' : 'r'))
			continue;
		snprintf(file, sizeof(file), "queues/%.32s/%s", queue,
			 files[i].file);
		snprintf(name, sizeof(name), "queue/%.32s/%s", queue,
			 files[i].path);
		err = capture_dev_file(c, file, name);
	}
	return err;
}

static int capture_queues(struct capture *c)
{
	struct dirent *entry;
	char path[PATH_MAX];
	int err = 0;
	DIR *queues;

	snprintf(path, sizeof(path), "%s/class/net/%s/queues", c->sys, c->dev);
	queues = opendir(path);
	if (!queues)
		return 0;
	while (!err && (entry = readdir(queues)))
		if (strchr("rt", entry->d_name[0]))
			err = capture_queue(c, entry->d_name);
	closedir(queues);
	return err;
}

static int capture_dev_sysfs(struct capture *c)
{
	size_t i;
	int err = 0;

	for (i = 0;
	     i < sizeof(config_dev_files) / sizeof(*config_dev_files) && !err;
	     i++)
		err = capture_dev_file(c, config_dev_files[i],
				       config_dev_files[i]);
	if (!err)
		err = capture_dev_file(c, "device/numa_node", "numa_node");
	if (!err)
		err = capture_dev_file(c, "device/sriov_numvfs", "numvfs");
	return err ? err : capture_queues(c);
}

static int capture_dev_xdp(struct capture *c, uint64_t attached)
{
	static const char *const names[] = {
		[XDP_ATTACHED_DRV] = "driver",
		[XDP_ATTACHED_SKB] = "generic",
		[XDP_ATTACHED_HW] = "offload",
		[XDP_ATTACHED_MULTI] = "multi",
	};

	if (attached >= sizeof(names) / sizeof(*names) || !names[attached])
		return 0;
	return capture_dev_setting(c, "xdp", names[attached]);
}

/* /sys shows the devices of one network namespace, the tool's own. */
static bool capture_find_sys(struct capture *c, const struct netdev *nd,
			     const struct dev_row *dev)
{
	int fd = *dev->netns && nd ? netdev_sysfs(nd, dev->netns_ino) : -1;
	uint64_t ifindex;

	if (*dev->netns) {
		snprintf(c->sys, sizeof(c->sys), "/proc/self/fd/%d", fd);
		return fd >= 0;
	}
	snprintf(c->sys, sizeof(c->sys), "%s/sys", c->root);
	/* Entered from elsewhere (nsenter -n) it is still that one's. */
	return procfs_readf(&c->buf, &c->room, "%s/class/net/%s/ifindex",
			    c->sys, dev->dev) ||
	       num_parse_u64(c->buf, 1, UINT32_MAX, &ifindex) ||
	       ifindex == dev->ifindex;
}

static int capture_dev(struct capture *c, const struct netdev *nd,
		       const struct dev_row *dev, bool all)
{
	int fd = nd ? netdev_socket(nd, dev->netns_ino) : -1;
	int err = 0;

	c->dev = dev->dev;
	c->netns = dev->netns;
	if (all && capture_find_sys(c, nd, dev))
		err = capture_dev_sysfs(c);
	if (!err)
		err = capture_dev_xdp(c, dev->xdp);
	if (!err && fd >= 0)
		err = (all ? ethtool_read : ethtool_read_driver)(
			fd, dev->dev, capture_dev_setting, c);
	return err;
}

/* A device with a NAPI is to be asked: devices are in the order of dev_row_cmp(). */
static void asked_mark(bool *asked, const struct snapshot *s,
		       uint64_t netns_ino, uint64_t ifindex)
{
	const struct dev_row key = { .netns_ino = netns_ino, .ifindex = ifindex };
	const struct dev_row *dev = table_find(&s->devs, &key, dev_row_cmp);

	if (dev)
		asked[dev - (const struct dev_row *)s->devs.rows] = true;
}

/* Those whose NAPIs polled, or are known to the kernel; NULL: no memory. */
static bool *devs_with_napi(const struct snapshot *s)
{
	bool *asked = calloc(s->devs.count, sizeof(*asked));
	const struct napi_row *napi;
	const struct told_row *told;

	if (!asked)
		return NULL;
	table_for_each (&s->pairs, napi)
		asked_mark(asked, s, napi->netns_ino, napi->ifindex);
	table_for_each (&s->told, told)
		asked_mark(asked, s, told->netns_ino, told->ifindex);
	return asked;
}

/*
 * Most questions hold the lock that containers are made under: where there are
 * thousands of devices, those are asked that have a NAPI.
 */
int capture_devs(struct capture *c, const struct netdev *nd,
		 const struct snapshot *s)
{
	const bool few = s->devs.count <= CONFIG_DEVS;
	bool *asked = few ? NULL : devs_with_napi(s);
	const struct dev_row *dev = s->devs.rows;
	int err = few || asked ? 0 : -ENOMEM;
	size_t i;

	if (!few && !err)
		err = config_add(c->config, CONFIG_DEVS_ASKED,
				 "those with a NAPI");
	for (i = 0; i < s->devs.count && !err; i++)
		err = capture_dev(c, nd, &dev[i], few || asked[i]);
	free(asked);
	return err;
}
