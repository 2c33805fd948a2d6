/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces: which there are, what they are called, and a pair of
 * netlink sockets in each one that can be entered.  The caller has one thread.
 *
 * An open socket keeps its namespace alive, a mount of sysfs does not.  No other reference is held, and
 * netns_forget_gone() closes the sockets of a namespace that nobody else
 * uses: watching must not keep a dead container's devices.
 */
#ifndef COLLECT_NETNS_H
#define COLLECT_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "collect/nl.h"
#include "model/rows.h"
#include "util/table.h"

#define NETNS_PATH 288 /* a directory and a file name of 255 bytes */

struct netns {
	uint64_t ino;
	char name[ROW_NETNS];  /* of its file in /run/netns; "": it has none */
	char path[NETNS_PATH]; /* a file that leads to it */
	bool seen;	       /* by the present scan */
	struct nl route;       /* both closed if it could not be entered */
	struct nl generic;
	uint64_t asked_ns; /* for its NAPIs: netdev.c; 0: never */
	bool tells;	   /* of any */
	int sysfs; /* a mount of it as seen from there, -1: none was made */
};

struct netns_set {
	struct table spaces; /* struct netns, the own one first */
	int own_fd;
	uint64_t own_ino;
	dev_t nsfs;	   /* the file system of all namespaces */
	uint64_t last_ino; /* that the present scan found */
	bool changed;	   /* the last scan opened one, or found another name */
};

/* Only the own namespace, with its sockets; 0 or -errno. */
int netns_open(struct netns_set *set);
/* Accepts one that netns_open() failed on. */
void netns_close(struct netns_set *set);

/*
 * Finds the others, opens the sockets of those that are new, forgets those
 * that went.  One that cannot be entered stays closed.  0 or -ENOMEM.
 */
int netns_rescan(struct netns_set *set);

/* Cheap, without a scan: forgets the open ones whose path leads elsewhere. */
void netns_forget_gone(struct netns_set *set);

/* NULL: not known. */
struct netns *netns_find(const struct netns_set *set, uint64_t ino);
/* As netdev_netns_name(). */
void netns_name(const struct netns_set *set, uint64_t ino, char *text,
		size_t room);

/*
 * Opens a file of /proc/sys that only the initial namespace has, if that can be
 * entered.  A descriptor or -errno.
 */
int netns_open_initial(const struct netns_set *set, const char *path);

/* Parts of netns_rescan(), for tests: dir is a directory like the real one. */
int netns_scan_names(struct netns_set *set, const char *dir);
int netns_scan_processes(struct netns_set *set, const char *dir);
/* "net:[INODE]": 0 or -EINVAL. */
int netns_parse_link(const char *text, uint64_t *ino);

#endif /* COLLECT_NETNS_H */
