// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The readers of /proc and /sys on trees in the form of five kernels, in which
 * no two cells of a file are equal.
 */
#include "procfs_state.h"

#include <errno.h>
#include <fcntl.h>

#define TREES "tests/unit/trees/"
#define NR_CPUS 8

struct tree {
	const char *root;
	const char *online;
	const char *possible;
	uint32_t softnet;      /* base of its cells */
	uint32_t softnet_step; /* from CPU to CPU */
	uint32_t softirqs;
};

static const struct tree trees[] = {
	{ TREES "5.10", "0,2-3", "0-3", 0x51000000, 0x100, 510000 },
	{ TREES "6.1", "0-3", "0-7", 0x61000000, 0x100, 610000 },
	{ TREES "6.12", "0-1", "0-1", 0xffffffb0, 0x20, 4294957294 },
	{ TREES "6.18", "0-3", "0-3", 0x18000000, 0x100, 618000 },
};

#define NR_TREES (sizeof(trees) / sizeof(trees[0]))

static void check_softnet(const struct cpu_row *row, const struct tree *tree)
{
	uint32_t base = tree->softnet + row->cpu * tree->softnet_step;

	assert_int_equal(row->softnet_processed, base + 1);
	assert_int_equal(row->softnet_dropped, base + 2);
	assert_int_equal(row->softnet_squeezed, base + 3);
	assert_int_equal(row->softnet_rps, base + 10);
}

static void test_softnet(void **state)
{
	struct state *st = *state;
	struct cpu_row *row;
	size_t i;

	for (i = 0; i < NR_TREES; i++) {
		fill_rows(st, NR_CPUS);
		set_online(st, trees[i].online);
		assert_int_equal(
			procfs_softnet(trees[i].root, &st->online, &st->cpus), 0);
		table_for_each (&st->cpus, row) {
			if (cpuset_has(&st->online, row->cpu))
				check_softnet(row, &trees[i]);
			else
				check_no_softnet(row);
		}
	}
}

/* With 13 columns the line says whose it is, whatever we think is online. */
static void test_softnet_own_cpu(void **state)
{
	struct state *st = *state;

	fill_rows(st, NR_CPUS);
	set_online(st, "5-7");
	assert_int_equal(procfs_softnet(trees[0].root, &st->online, &st->cpus),
			 0);
	check_softnet(row_of(st, 2), &trees[0]);
	check_no_softnet(row_of(st, 1));
	check_no_softnet(row_of(st, 5));
}

static void test_softnet_by_position(void **state)
{
	static const struct tree tree = { .softnet = 0x54000000,
					  .softnet_step = 0x100 };
	struct state *st = *state;

	fill_rows(st, 4);
	assert_int_equal(sysfs_cpus(TREES "5.4", "online", &st->online), 0);
	assert_int_equal(procfs_softnet(TREES "5.4", &st->online, &st->cpus), 0);
	check_softnet(row_of(st, 0), &tree);
	check_no_softnet(row_of(st, 1));
	check_softnet(row_of(st, 2), &tree);
	check_softnet(row_of(st, 3), &tree);
	/* a CPU went meanwhile: whose lines are these? */
	fill_rows(st, 4);
	set_online(st, "0,2");
	assert_int_equal(procfs_softnet(TREES "5.4", &st->online, &st->cpus),
			 -EPROTO);
	check_no_softnet(row_of(st, 0));
}

/* A CPU without a row is passed over. */
static void test_few_rows(void **state)
{
	struct state *st = *state;
	const struct tree *tree = &trees[3];

	fill_rows(st, 2);
	set_online(st, tree->online);
	assert_int_equal(procfs_softnet(tree->root, &st->online, &st->cpus), 0);
	assert_int_equal(procfs_softirqs(tree->root, &st->cpus), 0);
	assert_int_equal(procfs_stat(tree->root, HZ, &st->cpus), 0);
	assert_int_equal(st->cpus.count, 2);
	check_softnet(row_of(st, 1), tree);
	table_clear(&st->cpus);
	assert_int_equal(procfs_softnet(tree->root, &st->online, &st->cpus), 0);
	assert_int_equal(procfs_softirqs(tree->root, &st->cpus), 0);
	assert_int_equal(procfs_stat(tree->root, HZ, &st->cpus), 0);
}

static void check_softirqs(const struct cpu_row *row, const struct tree *tree,
			   bool possible)
{
	uint64_t want;
	unsigned int vec;

	for (vec = 0; vec < NAPI_NR_VECS; vec++) {
		want = tree->softirqs + 1000 * (vec + 1) + row->cpu;
		if (possible)
			assert_int_equal(row->softirqs_kernel[vec], want);
		else
			assert_true(row->softirqs_kernel[vec] == MISSING);
		assert_true(row->softirqs[vec] == MISSING);
	}
}

static void test_softirqs(void **state)
{
	struct state *st = *state;
	struct cpu_row *row;
	size_t i;

	for (i = 0; i < NR_TREES; i++) {
		fill_rows(st, NR_CPUS);
		set_online(st, trees[i].possible);
		assert_int_equal(procfs_softirqs(trees[i].root, &st->cpus), 0);
		table_for_each (&st->cpus, row)
			check_softirqs(row, &trees[i],
				       cpuset_has(&st->online, row->cpu));
	}
}

/* Column k of a CPU is 100000 * (cpu + 1) + 2^k ticks. */
static void check_stat(const struct cpu_row *row, uint64_t ns_per_tick)
{
	uint64_t base = 100000 * (row->cpu + 1);

	assert_int_equal(row->stat_user_ns, (2 * base + 2 + 4) * ns_per_tick);
	assert_int_equal(row->stat_system_ns, (base + 8) * ns_per_tick);
	assert_int_equal(row->stat_idle_ns, (2 * base + 16 + 32) * ns_per_tick);
	assert_int_equal(row->stat_irq_ns, (base + 64) * ns_per_tick);
	assert_int_equal(row->stat_softirq_ns, (base + 128) * ns_per_tick);
	assert_int_equal(row->stat_steal_ns, (base + 256) * ns_per_tick);
}

static void test_stat(void **state)
{
	struct state *st = *state;
	struct cpu_row *row;
	size_t i;

	for (i = 0; i < NR_TREES; i++) {
		fill_rows(st, NR_CPUS);
		set_online(st, trees[i].online);
		assert_int_equal(procfs_stat(trees[i].root, HZ, &st->cpus), 0);
		table_for_each (&st->cpus, row) {
			if (cpuset_has(&st->online, row->cpu))
				check_stat(row, NS_PER_TICK);
			else
				assert_true(row->stat_user_ns == MISSING &&
					    row->stat_idle_ns == MISSING);
		}
	}
	assert_int_equal(procfs_stat(trees[0].root, 1000, &st->cpus), 0);
	check_stat(row_of(st, 2), 1000000);
	assert_int_equal(procfs_stat(trees[0].root, 0, &st->cpus), -EINVAL);
}

static void test_interrupts_x86_old(void **state)
{
	CHECK_LINES(*state, TREES "5.10", { 0, 0, 35, "edge" },
		    { 11, 0, 5100, "fasteoi" }, { 11, 2, 5102, "fasteoi" },
		    { 11, 3, 5103, "fasteoi" }, { 24, 0, 5200, "edge" },
		    { 24, 2, 5202, "edge" }, { 24, 3, 5203, "edge" },
		    { 25, 0, 5300, "edge" }, { 25, 2, 5302, "edge" },
		    { 25, 3, 5303, "edge" }, { 26, 0, 5400, "event" },
		    { 26, 2, 5402, "event" }, { 26, 3, 5403, "event" },
		    { 27, 0, 5500, "" }, { 27, 2, 5502, "" },
		    { 27, 3, 5503, "" });
}

static void test_interrupts_arm64(void **state)
{
	CHECK_LINES(*state, TREES "6.1", { 11, 0, 6100, "level" },
		    { 11, 1, 6101, "level" }, { 11, 2, 6102, "level" },
		    { 11, 3, 6103, "level" }, { 14, 0, 6200, "level" },
		    { 14, 1, 6201, "level" }, { 14, 2, 6202, "level" },
		    { 14, 3, 6203, "level" }, { 42, 2, 6300, "edge" },
		    { 43, 0, 6400, "edge" }, { 43, 1, 6401, "edge" },
		    { 43, 2, 6402, "edge" }, { 43, 3, 6403, "edge" },
		    { 51, 0, 6500, "edge" }, { 51, 1, 6501, "edge" },
		    { 51, 2, 6502, "edge" }, { 51, 3, 6503, "edge" });
}

static void test_interrupts_x86_new(void **state)
{
	CHECK_LINES(*state, TREES "6.12", { 28, 0, 4294967295, "edge" },
		    { 28, 1, 4294967294, "edge" }, { 29, 0, 4294967200, "edge" },
		    { 29, 1, 4294967199, "edge" });
	CHECK_LINES(*state, TREES "6.18", { 24, 0, 1800, "edge" },
		    { 24, 1, 1801, "edge" }, { 24, 2, 1802, "edge" },
		    { 24, 3, 1803, "edge" }, { 26, 0, 1900, "level" },
		    { 26, 2, 1902, "level" }, { 38, 0, 2000, "edge" },
		    { 38, 1, 2001, "edge" }, { 38, 2, 2002, "edge" },
		    { 38, 3, 2003, "edge" }, { 39, 3, 2103, "edge" },
		    { 1024, 0, 2200, "edge" }, { 1024, 1, 2201, "edge" },
		    { 1024, 2, 2202, "edge" }, { 1024, 3, 2203, "edge" });
}

/* Rows are appended. */
static void test_interrupts_append(void **state)
{
	struct state *st = *state;

	assert_int_equal(procfs_interrupts(TREES "6.12", &st->lines), 0);
	assert_int_equal(procfs_interrupts(TREES "6.12", &st->lines), 0);
	assert_int_equal(st->lines.count, 2 * (4 + 1)); /* one is all zero */
}

static void check_pids(const char *root, const uint32_t want[4], int found)
{
	uint32_t pids[5];

	memset(pids, 0xff, sizeof(pids));
	assert_int_equal(procfs_ksoftirqd(root, pids, 4, 4), found);
	assert_memory_equal(pids, want, 4 * sizeof(want[0]));
	assert_int_equal(pids[4], UINT32_MAX);
}

/* Some trees have user tasks that go by the name of ksoftirqd. */
static void test_ksoftirqd(void **state)
{
	uint32_t pids[2];

	(void)state;
	check_pids(TREES "5.10", (uint32_t[]){ 10, 18, 24, 30 }, 4);
	check_pids(TREES "6.1", (uint32_t[]){ 14, 21, 27, 33 }, 4);
	check_pids(TREES "6.12", (uint32_t[]){ 15, 22, 0, 0 }, 2);
	check_pids(TREES "6.18", (uint32_t[]){ 16, 23, 29, 35 }, 4);
	assert_int_equal(procfs_ksoftirqd(TREES "6.1", pids, 2, 2), 2);
	assert_int_equal(pids[1], 21);
	assert_int_equal(procfs_ksoftirqd(TREES "6.1", pids, 0, 0), 0);
	assert_int_equal(procfs_ksoftirqd(TREES "none", pids, 2, 2), -ENOENT);
}

static void check_sysctl(const char *path, int expected)
{
	int fd = open(path, O_RDONLY), again;
	uint64_t value = 0;

	assert_true(fd >= 0);
	/* As often as one likes. */
	for (again = 0; again < 2; again++) {
		assert_int_equal(procfs_sysctl(fd, &value), 0);
		assert_int_equal(value, expected);
	}
	close(fd);
}

static void test_sysctl(void **state)
{
	uint64_t value = 7;
	int fd;

	(void)state;
	check_sysctl(TREES "5.10/proc/sys/net/core/netdev_budget", 300);
	check_sysctl(TREES "6.12/proc/sys/net/core/netdev_budget_usecs", 2001);
	check_sysctl(TREES "6.18/proc/sys/net/core/dev_weight", 66);
	assert_int_equal(procfs_sysctl(-1, &value), -EBADF);
	fd = open(TREES "6.1/proc/softirqs", O_RDONLY);
	assert_int_equal(procfs_sysctl(fd, &value), -EPROTO);
	close(fd);
	assert_int_equal(value, 7);
}

static void check_cpus(const char *root, const char *which, unsigned int count,
		       unsigned int end)
{
	struct cpuset set;

	assert_int_equal(sysfs_cpus(root, which, &set), 0);
	assert_int_equal(cpuset_count(&set), count);
	assert_int_equal(cpuset_end(&set), end);
	cpuset_fini(&set);
}

static void test_cpus(void **state)
{
	struct cpuset set;

	(void)state;
	check_cpus(TREES "5.10", "online", 3, 4);
	check_cpus(TREES "5.10", "possible", 4, 4);
	check_cpus(TREES "5.10", "isolated", 0, 0);
	check_cpus(TREES "5.10", "nohz_full", 0, 0);
	check_cpus(TREES "6.1", "possible", 8, 8);
	check_cpus(TREES "6.1", "present", 4, 4);
	check_cpus(TREES "6.1", "nohz_full", 0, 0);
	check_cpus(TREES "6.12", "isolated", 1, 2);
	check_cpus(TREES "6.18", "nohz_full", 2, 4);
	assert_int_equal(sysfs_cpus(TREES "5.4", "nohz_full", &set), -ENOENT);
	assert_null(set.words);
}

static void check_net(const char *root, const char *dev, const char *name,
		      uint64_t want)
{
	uint64_t value;

	assert_int_equal(sysfs_net_u64(root, dev, name, &value), 0);
	assert_int_equal(value, want);
}

static void test_net(void **state)
{
	unsigned int rx, tx;
	uint64_t value;

	(void)state;
	assert_int_equal(sysfs_net_queues(TREES "5.10", "eth0", &rx, &tx), 0);
	assert_int_equal(rx, 2);
	assert_int_equal(tx, 1);
	assert_int_equal(sysfs_net_queues(TREES "5.10", "eth7", &rx, &tx),
			 -ENOENT);
	assert_int_equal(rx + tx, 0);
	check_net(TREES "5.10", "eth0", "gro_flush_timeout", 20000);
	check_net(TREES "5.10", "eth0", "napi_defer_hard_irqs", 3);
	check_net(TREES "6.1", "enp1s0", "threaded", 1);
	check_net(TREES "6.12", "ens3", "mtu", 1501);
	check_net(TREES "6.18", "eth0", "threaded", 2);
	assert_int_equal(sysfs_net_u64(TREES "5.10", "eth0", "threaded", &value),
			 -ENOENT);
	assert_int_equal(sysfs_net_u64(TREES "6.12", "ens3", "speed", &value),
			 -EPROTO);
}

/* The buffer is kept from file to file and grows with them. */
static void test_slurp(void **state)
{
	struct state *st = *state;
	char path[PATH_MAX + 1], *big = malloc(100001), *buf = NULL;
	size_t room = 0, before;

	assert_non_null(big);
	memset(big, 'x', 100000);
	big[100000] = '\0';
	make_file(st, "big", big);
	make_file(st, "small", "small");
	assert_int_equal(procfs_readf(&buf, &room, "%s/big", st->root), 0);
	assert_string_equal(buf, big);
	before = room;
	assert_int_equal(procfs_readf(&buf, &room, "%s/%s", st->root, "small"),
			 0);
	assert_string_equal(buf, "small");
	assert_int_equal(room, before);
	assert_int_equal(procfs_slurp(st->root, &buf, &room), -EISDIR);
	memset(path, '/', PATH_MAX);
	path[PATH_MAX] = '\0';
	assert_int_equal(procfs_readf(&buf, &room, "%s", path), -ENAMETOOLONG);
	free(buf);
	free(big);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_softnet),
		TEST(test_softnet_own_cpu),
		TEST(test_softnet_by_position),
		TEST(test_few_rows),
		TEST(test_softirqs),
		TEST(test_stat),
		TEST(test_interrupts_x86_old),
		TEST(test_interrupts_arm64),
		TEST(test_interrupts_x86_new),
		TEST(test_interrupts_append),
		TEST(test_ksoftirqd),
		TEST(test_sysctl),
		TEST(test_cpus),
		TEST(test_net),
		TEST(test_slurp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
