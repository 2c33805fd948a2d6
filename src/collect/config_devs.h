/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of config.c that is about devices: their files in /sys, and ethtool. */
#ifndef COLLECT_CONFIG_DEVS_H
#define COLLECT_CONFIG_DEVS_H

#include <stdbool.h>
#include <stddef.h>

#include "collect/netdev.h"
#include "model/snapshot.h"
#include "util/table.h"

struct capture {
	const char *root;
	struct table *config;
	/* of procfs_readf(), used again and again */
	char *buf;
	size_t room;
	/* of the device whose settings are captured */
	const char *dev;
	const char *netns;
	char sys[512]; /* where its sysfs is */
};

/* A file, and the path of the setting that it holds. */
struct config_file {
	const char *file;
	const char *path;
};

/* One line without blanks at its end, which are cut; what is no such text is none. */
bool capture_is_line(char *text);
/* Of every device of s, where there are few.  0 or -ENOMEM. */
int capture_devs(struct capture *c, const struct netdev *nd,
		 const struct snapshot *s);

#endif /* COLLECT_CONFIG_DEVS_H */
