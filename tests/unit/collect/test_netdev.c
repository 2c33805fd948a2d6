// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The finding of namespaces in made-up directories, and the real thing: the
 * own namespace, and with root two more that live in a private mount
 * namespace and go with this program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collect/netdev.h"
#include "collect/netns.h"
#include "model/rows.h"

/* --- finding namespaces -------------------------------------------------- */

static void test_parse_link(void **state)
{
	uint64_t ino = 0;

	(void)state;
	assert_int_equal(netns_parse_link("net:[4026531840]", &ino), 0);
	assert_int_equal(ino, 4026531840ULL);
	assert_int_equal(netns_parse_link("mnt:[1]", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[]", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[0]", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[-1]", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[1", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[1]x", &ino), -EINVAL);
	assert_int_equal(netns_parse_link("net:[99999999999999999999]", &ino),
			 -EINVAL);
	assert_int_equal(netns_parse_link("net:[000000000000000000000000001]",
					  &ino),
			 -EINVAL);
}

struct fake {
	char dir[64];
	struct netns_set set;
};

static int fake_open(void **state)
{
	struct fake *fake = calloc(1, sizeof(*fake));
	struct stat st;

	if (!fake)
		return -1;
	snprintf(fake->dir, sizeof(fake->dir), "/tmp/test_netdev.XXXXXX");
	if (!mkdtemp(fake->dir) || stat(fake->dir, &st) || netns_open(&fake->set))
		return -1;
	fake->set.nsfs = st.st_dev;
	*state = fake;
	return 0;
}

static int fake_close(void **state)
{
	struct fake *fake = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", fake->dir);
	netns_close(&fake->set);
	if (system(command))
		return -1;
	free(fake);
	return 0;
}

static void fake_process(const struct fake *fake, const char *pid,
			 const char *link)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", fake->dir, pid);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/%s/ns", fake->dir, pid);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/%s/ns/net", fake->dir, pid);
	assert_int_equal(symlink(link, path), 0);
}

static uint64_t fake_file(const struct fake *fake, const char *name)
{
	char path[512];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", fake->dir, name);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	close(fd);
	return st.st_ino;
}

static void test_scan_processes(void **state)
{
	struct fake *fake = *state;
	struct netns_set *set = &fake->set;
	char own[32], text[ROW_NETNS];

	snprintf(own, sizeof(own), "net:[%llu]",
		 (unsigned long long)set->own_ino);
	fake_process(fake, "1", own);
	fake_process(fake, "20", "net:[77]");
	fake_process(fake, "21", "net:[77]");
	fake_process(fake, "30", "rubbish");
	fake_process(fake, "sys", "net:[78]");
	assert_int_equal(netns_scan_processes(set, fake->dir), 0);
	assert_int_equal(set->spaces.count, 2);
	assert_non_null(netns_find(set, 77));
	assert_null(netns_find(set, 78));
	netns_name(set, 77, text, sizeof(text));
	assert_string_equal(text, "net:[77]");
	netns_name(set, 999, text, sizeof(text));
	assert_string_equal(text, "net:[999]");
	netns_name(set, set->own_ino, text, sizeof(text));
	assert_string_equal(text, "");
	netns_name(set, 999, text, 6);
	assert_string_equal(text, "net:[");
	assert_int_equal(netns_scan_processes(set, "/nonexistent"), 0);
}

static void test_scan_names(void **state)
{
	struct fake *fake = *state;
	struct netns_set *set = &fake->set;
	char longest[ROW_NETNS + 1], text[ROW_NETNS];
	uint64_t red, longer;

	memset(longest, 'n', sizeof(longest));
	longest[ROW_NETNS] = '\0';
	red = fake_file(fake, "red");
	fake_file(fake, longest); /* too long to be anybody's name */
	longest[ROW_NETNS - 1] = '\0';
	longer = fake_file(fake, longest);
	fake_file(fake, ".hidden");
	assert_int_equal(netns_scan_names(set, fake->dir), 0);
	assert_int_equal(set->spaces.count, 3);
	netns_name(set, red, text, sizeof(text));
	assert_string_equal(text, "red");
	netns_name(set, longer, text, sizeof(text));
	assert_string_equal(text, longest);

	set->spaces.count = 1;
	set->nsfs++; /* plain files, not mounts of namespaces */
	assert_int_equal(netns_scan_names(set, fake->dir), 0);
	assert_int_equal(set->spaces.count, 1);
}

static void test_scan_is_bounded(void **state)
{
	struct fake *fake = *state;
	char pid[16], link[32];
	unsigned int i;

	for (i = 1; i < 1100; i++) {
		snprintf(pid, sizeof(pid), "%u", i);
		snprintf(link, sizeof(link), "net:[%u]", i);
		fake_process(fake, pid, link);
	}
	assert_int_equal(netns_scan_processes(&fake->set, fake->dir), 0);
	assert_int_equal(fake->set.spaces.count, 1024);
}

/* --- live ---------------------------------------------------------------- */

static struct table devs = TABLE_INIT(struct dev_row);
static struct table napis = TABLE_INIT(struct told_row);

static int tables_free(void **state)
{
	(void)state;
	table_fini(&devs);
	table_fini(&napis);
	return 0;
}

static const struct dev_row *live_find(uint64_t ino, const char *name)
{
	const struct dev_row *dev;

	table_for_each (&devs, dev)
		if (dev->netns_ino == ino && !strcmp(dev->dev, name))
			return dev;
	return NULL;
}

static void live_read(struct netdev *nd)
{
	devs.count = 0;
	napis.count = 0;
	assert_int_equal(netdev_read(nd, &devs, &napis), 0);
}

static void test_own_namespace(void **state)
{
	const struct dev_row *lo;
	struct netdev *nd;
	char text[ROW_NETNS];
	struct stat st;
	size_t i;

	(void)state;
	assert_int_equal(netdev_open(&nd), 0);
	assert_int_equal(stat("/proc/self/ns/net", &st), 0);
	assert_int_equal(netdev_own_netns(nd), st.st_ino);
	netdev_netns_name(nd, st.st_ino, text, sizeof(text));
	assert_string_equal(text, "");
	live_read(nd);
	lo = live_find(st.st_ino, "lo");
	assert_non_null(lo);
	assert_int_equal(lo->ifindex, 1);
	assert_string_equal(lo->netns, "");
	assert_true(lo->rx_packets != MISSING && lo->tx_bytes != MISSING);
	for (i = 1; i < devs.count; i++)
		assert_true(dev_row_cmp(table_at(&devs, i - 1),
					table_at(&devs, i)) < 0);
	if (!netdev_has_napi_get(nd))
		assert_int_equal(napis.count, 0);
	devs.count = 0;
	assert_int_equal(netdev_read(nd, &devs, NULL), 0);
	assert_non_null(live_find(st.st_ino, "lo"));
	netdev_close(nd);
	netdev_close(NULL);
}

/* A process in a namespace of its own, which ends when told or orphaned. */
struct guest {
	pid_t pid;
	int stop;
	uint64_t ino;
};

static void guest_run(const char *mount_at, int ready, int stop)
{
	char status = 'y';

	if (unshare(CLONE_NEWNET) ||
	    (mount_at &&
	     mount("/proc/self/ns/net", mount_at, NULL, MS_BIND, NULL)))
		status = 'n';
	if (write(ready, &status, 1) == 1 && read(stop, &status, 1) < 0)
		_exit(1);
	_exit(0);
}

static void guest_start(struct guest *guest, const char *mount_at)
{
	char path[64], status = 'n';
	int ready[2], stop[2];
	struct stat st;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(stop, O_CLOEXEC), 0);
	guest->pid = fork();
	assert_true(guest->pid >= 0);
	if (!guest->pid) {
		close(stop[1]);
		guest_run(mount_at, ready[1], stop[0]);
	}
	close(stop[0]);
	close(ready[1]);
	guest->stop = stop[1];
	assert_int_equal(read(ready[0], &status, 1), 1);
	close(ready[0]);
	assert_int_equal(status, 'y');
	snprintf(path, sizeof(path), "/proc/%d/ns/net", guest->pid);
	assert_int_equal(stat(path, &st), 0);
	guest->ino = st.st_ino;
}

static void guest_stop(struct guest *guest)
{
	close(guest->stop);
	assert_int_equal(waitpid(guest->pid, NULL, 0), guest->pid);
}

/* A /run of our own: no mount outlives this program. */
static bool private_run(void)
{
	return !geteuid() && !unshare(CLONE_NEWNS) &&
	       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount("none", "/run", "tmpfs", 0, NULL) &&
	       !mkdir("/run/netns", 0755);
}

static void need_root(void **state)
{
	if (*(bool *)*state)
		return;
	print_message("skipped: needs root to make namespaces\n");
	skip();
}

static void test_guest_namespace(void **state)
{
	struct guest guest;
	const struct dev_row *lo;
	struct netdev *nd;
	char expected[ROW_NETNS];

	need_root(state);
	assert_int_equal(netdev_open(&nd), 0);
	guest_start(&guest, NULL);
	live_read(nd);
	assert_null(live_find(guest.ino, "lo"));
	assert_true(netdev_rescan(nd));
	live_read(nd);
	lo = live_find(guest.ino, "lo");
	assert_non_null(lo);
	assert_int_equal(lo->ifindex, 1);
	assert_int_equal(lo->rx_packets, 0);
	snprintf(expected, sizeof(expected), "net:[%llu]",
		 (unsigned long long)guest.ino);
	assert_string_equal(lo->netns, expected);
	assert_non_null(live_find(netdev_own_netns(nd), "lo"));
	guest_stop(&guest);
	live_read(nd); /* not kept alive by our sockets */
	assert_null(live_find(guest.ino, "lo"));
	netdev_close(nd);
}

static void test_named_namespace(void **state)
{
	struct guest guest;
	const struct dev_row *lo;
	struct netdev *nd;
	char path[ROW_NETNS + 16], name[ROW_NETNS], text[ROW_NETNS];
	struct stat own, st;

	need_root(state);
	snprintf(name, sizeof(name), "nst-%d", getpid());
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	close(open(path, O_CREAT | O_RDONLY | O_CLOEXEC, 0600));
	guest_start(&guest, path);
	guest_stop(&guest); /* the mount holds it now */
	assert_int_equal(netdev_open(&nd), 0);
	live_read(nd);
	lo = live_find(guest.ino, "lo");
	assert_non_null(lo);
	assert_string_equal(lo->netns, name);
	netdev_netns_name(nd, guest.ino, text, sizeof(text));
	assert_string_equal(text, name);
	assert_int_equal(stat("/proc/self/ns/net", &own), 0);
	assert_int_equal(own.st_ino, netdev_own_netns(nd));

	assert_int_equal(umount(path), 0);
	assert_int_equal(stat(path, &st), 0);
	live_read(nd);
	assert_null(live_find(guest.ino, "lo"));
	netdev_rescan(nd);
	netdev_netns_name(nd, guest.ino, text, sizeof(text));
	assert_int_equal(strncmp(text, "net:[", 5), 0);
	netdev_close(nd);
	unlink(path);
}

int main(void)
{
	static bool root;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_link),
		cmocka_unit_test_setup_teardown(test_scan_processes, fake_open,
						fake_close),
		cmocka_unit_test_setup_teardown(test_scan_names, fake_open,
						fake_close),
		cmocka_unit_test_setup_teardown(test_scan_is_bounded, fake_open,
						fake_close),
		cmocka_unit_test(test_own_namespace),
		cmocka_unit_test_prestate(test_guest_namespace, &root),
		cmocka_unit_test_prestate(test_named_namespace, &root),
	};

	root = private_run();
	return cmocka_run_group_tests_name("netdev", tests, NULL, tables_free);
}
