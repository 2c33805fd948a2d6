// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readers of files with one value, and of /sys; see procfs.h.  None of them
 * is read for every CPU or every interrupt each second.
 */
#include "collect/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/rows.h"

/* A file with one line, without that line's end; "" for an empty file. */
static int text_strip(char *text)
{
	char *end = strchr(text, '\n');

	if (end && end[1])
		return -EPROTO;
	if (end)
		*end = '\0';
	return 0;
}

/* What was read into buf, which is freed, with the result err. */
static int number_take(int err, char *buf, uint64_t *value)
{
	if (!err)
		err = text_strip(buf);
	if (!err && num_parse_u64(buf, 0, MISSING - 1, value))
		err = -EPROTO;
	free(buf);
	return err;
}

int procfs_sysctl(int fd, uint64_t *value)
{
	char text[32];
	ssize_t length = pread(fd, text, sizeof(text) - 1, 0);
	int err;

	if (length < 0)
		return -errno;
	text[length] = '\0';
	err = text_strip(text);
	return !err && num_parse_u64(text, 0, MISSING - 1, value) ? -EPROTO : err;
}

int sysfs_net_u64(const char *root, const char *dev, const char *name,
		  uint64_t *value)
{
	char *buf = NULL;
	size_t room = 0;
	int err;

	err = procfs_readf(&buf, &room, "%s/sys/class/net/%s/%s", root, dev,
			   name);
	return number_take(err, buf, value);
}

/*
 * Without nohz_full= kernels print its null pointer, with the number of CPUs
 * as the field's width: "  (null)" with 8 of them.
 */
static int cpus_parse(char *text, struct cpuset *set)
{
	int err;

	err = text_strip(text);
	if (err || !strcmp(text + strspn(text, " "), "(null)"))
		return err;
	err = cpuset_parse(text, set);
	return err == -EINVAL ? -EPROTO : err;
}

int sysfs_cpus(const char *root, const char *which, struct cpuset *set)
{
	char *buf = NULL;
	size_t room = 0;
	int err;

	memset(set, 0, sizeof(*set));
	err = procfs_readf(&buf, &room, "%s/sys/devices/system/cpu/%s", root,
			   which);
	if (!err)
		err = cpus_parse(buf, set);
	free(buf);
	return err;
}

int sysfs_net_queues(const char *root, const char *dev, unsigned int *rx,
		     unsigned int *tx)
{
	struct dirent *entry;
	char path[PATH_MAX];
	DIR *queues;
	int len;

	*rx = 0;
	*tx = 0;
	len = snprintf(path, sizeof(path), "%s/sys/class/net/%s/queues", root,
		       dev);
	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	queues = opendir(path);
	if (!queues)
		return -errno;
	while ((entry = readdir(queues))) {
		*rx += !strncmp(entry->d_name, "rx-", 3);
		*tx += !strncmp(entry->d_name, "tx-", 3);
	}
	closedir(queues);
	return 0;
}
