// SPDX-License-Identifier: GPL-2.0-or-later
/* See netns.h. */
#include "collect/netns.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/log.h"
#include "util/num.h"

#define NETNS_OWN_PATH "/proc/thread-self/ns/net"
#define NETNS_MAX_KNOWN 1024
#define NETNS_MAX_OPEN 512
#define NETNS_FDS 3	    /* a namespace: two sockets, one mount */
#define NETNS_SPARE_FDS 512 /* left to BPF maps and everything else */

static int netns_open_sockets(struct netns *ns)
{
	int err;

	err = nl_open(&ns->route, NETLINK_ROUTE);
	if (err)
		return err;
	err = nl_open(&ns->generic, NETLINK_GENERIC);
	if (err)
		nl_close(&ns->route);
	return err;
}

/* sysfs shows the devices of the namespace that it is mounted from. */
static int netns_mount_sysfs(void)
{
	int context = fsopen("sysfs", FSOPEN_CLOEXEC), mount = -1;

	if (context < 0)
		return -1;
	if (!fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(context, FSMOUNT_CLOEXEC,
				MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV |
					MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID);
	close(context);
	return mount;
}

static void netns_close_sockets(struct netns *ns)
{
	if (ns->sysfs >= 0)
		close(ns->sysfs);
	ns->sysfs = -1;
	nl_close(&ns->generic);
	nl_close(&ns->route);
}

static int netns_open_own(struct netns_set *set)
{
	struct netns *own;
	struct stat st;

	set->own_fd = open(NETNS_OWN_PATH, O_RDONLY | O_CLOEXEC);
	if (set->own_fd < 0 || fstat(set->own_fd, &st))
		return -errno;
	set->nsfs = st.st_dev;
	set->own_ino = st.st_ino;
	own = table_add(&set->spaces);
	if (!own)
		return -ENOMEM;
	own->ino = set->own_ino;
	own->seen = true;
	own->sysfs = -1;
	return netns_open_sockets(own);
}

int netns_open(struct netns_set *set)
{
	int err;

	*set = (struct netns_set){
		.spaces = TABLE_INIT(struct netns),
		.own_fd = -1,
	};
	err = netns_open_own(set);
	if (err)
		netns_close(set);
	return err;
}

void netns_close(struct netns_set *set)
{
	struct netns *ns;

	table_for_each (&set->spaces, ns)
		netns_close_sockets(ns);
	table_fini(&set->spaces);
	if (set->own_fd >= 0)
		close(set->own_fd);
	set->own_fd = -1;
}

struct netns *netns_find(const struct netns_set *set, uint64_t ino)
{
	struct netns *ns;

	table_for_each (&set->spaces, ns)
		if (ns->ino == ino)
			return ns;
	return NULL;
}

static bool netns_leads_to(const struct netns_set *set, const struct netns *ns,
			   const struct stat *st)
{
	return st->st_dev == set->nsfs && st->st_ino == ns->ino;
}

/*
 * Whoever gave up the privilege to look cannot tell: then it is there for as long
 * as its path is.
 */
static bool netns_is_hidden(const struct netns *ns)
{
	struct stat st;

	return stat(ns->path, &st) && (errno == EACCES || errno == EPERM);
}

static bool netns_is_there(const struct netns_set *set, const struct netns *ns)
{
	struct stat st;

	if (stat(ns->path, &st))
		return netns_is_hidden(ns);
	return netns_leads_to(set, ns, &st);
}

/* A process that is no worse than another is not changed for one that may end soon. */
static bool netns_keeps_path(const struct netns_set *set,
			     const struct netns *ns, const char *name)
{
	return *ns->path && !*ns->name && !*name && netns_is_there(set, ns);
}

/* Where else this scan finds it does not matter: names come first. */
static int netns_add(struct netns_set *set, uint64_t ino, const char *path,
		     const char *name)
{
	struct netns *ns = netns_find(set, ino);

	if (ns && ns->seen)
		return 0;
	if (!ns) {
		if (set->spaces.count >= NETNS_MAX_KNOWN)
			return 0;
		ns = table_add(&set->spaces);
		if (!ns)
			return -ENOMEM;
		ns->sysfs = -1;
	}
	ns->ino = ino;
	ns->seen = true;
	set->changed = set->changed || strcmp(ns->name, name) != 0;
	if (!netns_keeps_path(set, ns, name))
		snprintf(ns->path, sizeof(ns->path), "%s", path);
	snprintf(ns->name, sizeof(ns->name), "%s", name);
	return 0;
}

/* A file that is no mount of a namespace has another file system. */
static int netns_add_name(struct netns_set *set, const char *dir, const char *name)
{
	char path[NETNS_PATH];
	struct stat st;

	/* Half a name would be another's: by its number it is found in /proc. */
	if (strlen(name) >= ROW_NETNS ||
	    snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return 0;
	if (stat(path, &st) || st.st_dev != set->nsfs)
		return 0;
	return netns_add(set, st.st_ino, path, name);
}

int netns_parse_link(const char *text, uint64_t *ino)
{
	static const char prefix[] = "net:[";
	char digits[24];
	size_t len;

	if (strncmp(text, prefix, sizeof(prefix) - 1))
		return -EINVAL;
	text += sizeof(prefix) - 1;
	len = strspn(text, "0123456789");
	if (len >= sizeof(digits) || strcmp(text + len, "]"))
		return -EINVAL;
	memcpy(digits, text, len);
	digits[len] = '\0';
	return num_parse_u64(digits, 1, UINT64_MAX - 1, ino) ? -EINVAL : 0;
}

/* A process that is gone or not ours to look at is passed over. */
static int netns_add_process(struct netns_set *set, const char *dir,
			     const char *pid)
{
	char path[NETNS_PATH], link[64];
	uint64_t ino;
	ssize_t len;

	if (!isdigit((unsigned char)*pid))
		return 0;
	if (snprintf(path, sizeof(path), "%s/%s/ns/net", dir, pid) >=
	    (int)sizeof(path))
		return 0;
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return 0;
	link[len] = '\0';
	/* Most are of the namespace of the one before. */
	if (netns_parse_link(link, &ino) || ino == set->last_ino)
		return 0;
	set->last_ino = ino;
	return netns_add(set, ino, path, "");
}

static int netns_scan(struct netns_set *set, const char *dir,
		      int (*add)(struct netns_set *, const char *, const char *))
{
	DIR *entries = opendir(dir);
	struct dirent *entry;
	int err = 0;

	if (!entries)
		return 0;
	while (!err && (entry = readdir(entries)))
		if (entry->d_name[0] != '.')
			err = add(set, dir, entry->d_name);
	closedir(entries);
	return err;
}

int netns_scan_names(struct netns_set *set, const char *dir)
{
	return netns_scan(set, dir, netns_add_name);
}

/* /proc lists the oldest first: of a container that is its init. */
int netns_scan_processes(struct netns_set *set, const char *dir)
{
	return netns_scan(set, dir, netns_add_process);
}

/* The own one is never forgotten. */
static void netns_forget_unseen(struct netns_set *set)
{
	size_t i, kept = 1;
	struct netns *ns;

	for (i = 1; i < set->spaces.count; i++) {
		ns = table_at(&set->spaces, i);
		if (!ns->seen) {
			netns_close_sockets(ns);
			continue;
		}
		if (kept != i)
			*(struct netns *)table_at(&set->spaces, kept) = *ns;
		kept++;
	}
	set->spaces.count = kept;
}

/* A scan does not find those that are open and may not be looked at any more. */
static void netns_keep_hidden(struct netns_set *set)
{
	struct netns *ns;

	table_for_each (&set->spaces, ns)
		if (!ns->seen && ns->route.sock && netns_is_hidden(ns))
			ns->seen = true;
}

void netns_forget_gone(struct netns_set *set)
{
	struct netns *ns;
	size_t i;

	for (i = 1; i < set->spaces.count; i++) {
		ns = table_at(&set->spaces, i);
		ns->seen = !ns->route.sock || netns_is_there(set, ns);
	}
	netns_forget_unseen(set);
}

/* Going on in another namespace would show its numbers as our own. */
static void netns_return(const struct netns_set *set)
{
	if (!setns(set->own_fd, CLONE_NEWNET))
		return;
	log_error("cannot return to the own network namespace: %s; giving up",
		  strerror(errno));
	log_release();
	abort();
}

/* The path may lead elsewhere by now: its process may have been replaced. */
static int netns_enter(const struct netns_set *set, struct netns *ns, int fd)
{
	struct stat st;
	int err;

	if (fstat(fd, &st))
		return -errno;
	if (!netns_leads_to(set, ns, &st))
		return -ESTALE;
	if (setns(fd, CLONE_NEWNET))
		return -errno;
	err = netns_open_sockets(ns);
	if (!err)
		ns->sysfs = netns_mount_sysfs();
	netns_return(set);
	return err;
}

static int netns_open_other(const struct netns_set *set, struct netns *ns)
{
	int fd = open(ns->path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = netns_enter(set, ns, fd);
	close(fd);
	return err;
}

/* Opens a file as it is in another namespace. */
static int netns_open_there(const struct netns_set *set, const struct netns *ns,
			    const char *path)
{
	int there = open(ns->path, O_RDONLY | O_CLOEXEC), fd;

	if (there < 0)
		return -errno;
	if (setns(there, CLONE_NEWNET)) {
		fd = -errno;
		close(there);
		return fd;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	netns_return(set);
	close(there);
	return fd;
}

int netns_open_initial(const struct netns_set *set, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t i;

	if (fd < 0)
		fd = -errno;
	for (i = 1; fd < 0 && i < set->spaces.count; i++)
		fd = netns_open_there(set, table_at(&set->spaces, i), path);
	return fd;
}

/* A ring of trace takes two of each CPU; half is for namespaces in any case. */
static size_t netns_spare_fds(rlim_t most)
{
	rlim_t spare = NETNS_SPARE_FDS + 2 * sysconf(_SC_NPROCESSORS_CONF);

	return spare < most / 2 ? spare : most / 2;
}

/* How many of them may be open; raises the soft limit if that is too low. */
static size_t netns_room(size_t wanted)
{
	struct rlimit limit;
	rlim_t need;
	size_t spare;

	if (wanted > NETNS_MAX_OPEN)
		wanted = NETNS_MAX_OPEN;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 0;
	spare = netns_spare_fds(limit.rlim_max);
	need = wanted * NETNS_FDS + spare;
	if (limit.rlim_cur >= need)
		return wanted;
	limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < spare)
		return 0;
	need = (limit.rlim_cur - spare) / NETNS_FDS;
	return need < wanted ? need : wanted;
}

static void netns_open_new(struct netns_set *set)
{
	size_t room = netns_room(set->spaces.count);
	size_t nr_open = 0;
	struct netns *ns;

	table_for_each (&set->spaces, ns)
		nr_open += ns->route.sock != NULL;
	table_for_each (&set->spaces, ns) {
		if (ns->route.sock || nr_open >= room)
			continue;
		if (netns_open_other(set, ns))
			continue;
		nr_open++;
		set->changed = true;
	}
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

int netns_rescan(struct netns_set *set)
{
	int err;
	size_t i;

	set->changed = false;
	set->last_ino = 0;
	for (i = 1; i < set->spaces.count; i++)
		((struct netns *)table_at(&set->spaces, i))->seen = false;
	err = netns_scan_names(set, "/run/netns");
	if (!err && !is_same_file("/run/netns", "/var/run/netns"))
		err = netns_scan_names(set, "/var/run/netns");
	if (!err)
		err = netns_scan_processes(set, "/proc");
	netns_keep_hidden(set);
	netns_forget_unseen(set);
	netns_open_new(set);
	return err;
}

void netns_name(const struct netns_set *set, uint64_t ino, char *text, size_t room)
{
	const struct netns *ns;

	*text = '\0';
	if (ino == set->own_ino)
		return;
	ns = netns_find(set, ino);
	if (ns && ns->name[0])
		snprintf(text, room, "%s", ns->name);
	else
		snprintf(text, room, "net:[%" PRIu64 "]", ino);
}
