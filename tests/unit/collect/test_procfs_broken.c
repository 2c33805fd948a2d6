// SPDX-License-Identifier: GPL-2.0-or-later
/* The readers of /proc and /sys on files that are cut off, odd or nonsense. */
#include "procfs_state.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

static int read_softnet(struct state *st, const char *text)
{
	make_file(st, "proc/net/softnet_stat", text);
	return procfs_softnet(st->root, &st->online, &st->cpus);
}

#define EIGHT "00000001 00000002 00000003 4 5 6 7 8 "

static void test_softnet_broken(void **state)
{
	struct state *st = *state;

	fill_rows(st, 2);
	set_online(st, "0");
	assert_int_equal(procfs_softnet(st->root, &st->online, &st->cpus),
			 -ENOENT);
	assert_int_equal(read_softnet(st, ""), -EPROTO);
	assert_int_equal(read_softnet(st, "\n"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "\n"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a b"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a xyz\n"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a bz\n"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a 123456789\n"), -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a -1\n"), -EPROTO);
	check_no_softnet(row_of(st, 0));
	assert_int_equal(read_softnet(st, EIGHT "9 a b c 0\n" EIGHT "9 a b c\n"),
			 -EPROTO);
	assert_int_equal(read_softnet(st, EIGHT "9 a b c 0\n\n"), -EPROTO);
	/* CPUs that cannot be */
	assert_int_equal(read_softnet(st, EIGHT "9 a b c ffffffff\n"), 0);
}

/* Very old kernels have no received_rps. */
static void test_softnet_nine(void **state)
{
	struct state *st = *state;

	fill_rows(st, 1);
	set_online(st, "0");
	assert_int_equal(read_softnet(st, EIGHT "9\n"), 0);
	assert_int_equal(row_of(st, 0)->softnet_squeezed, 3);
	assert_true(row_of(st, 0)->softnet_rps == MISSING);
	assert_int_equal(read_softnet(st, EIGHT "9 ABCdef09\n"), 0);
	assert_int_equal(row_of(st, 0)->softnet_rps, 0xabcdef09);
}

/* A field too many, and many too many, of 64 kB. */
static void test_softnet_overlong(void **state)
{
	struct state *st = *state;
	char *text = malloc(65536 + 3);

	assert_non_null(text);
	memset(text, '1', 65536);
	strcpy(text + 65536, "\n");
	set_online(st, "0");
	assert_int_equal(read_softnet(st, text), -EPROTO);
	memset(text, ' ', 65536);
	assert_int_equal(read_softnet(st, text), -EPROTO);
	for (size_t i = 0; i < 65536; i += 2)
		text[i] = '1';
	assert_int_equal(read_softnet(st, text), -EPROTO);
	free(text);
}

static int read_softirqs(struct state *st, const char *text)
{
	make_file(st, "proc/softirqs", text);
	return procfs_softirqs(st->root, &st->cpus);
}

static void test_softirqs_broken(void **state)
{
	struct state *st = *state;

	fill_rows(st, 3);
	assert_int_equal(procfs_softirqs(st->root, &st->cpus), -ENOENT);
	assert_int_equal(read_softirqs(st, ""), -EPROTO);
	assert_int_equal(read_softirqs(st, "   \n HI: 1\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, " HI: 1 2\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPUx\n HI: 1 2\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU 1\n HI: 1 2\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU65536\n HI: 1\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI: 1 2"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI 1 2\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI: 1\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI: 1 2 3\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI: 1 2a\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0 CPU1\n HI: -1 2\n"), -EPROTO);
	assert_int_equal(read_softirqs(st, "CPU0\n HI: 4294967296\n"), -EPROTO);
}

/* Names that this program does not know, and CPUs in any order. */
static void test_softirqs_unknown(void **state)
{
	struct state *st = *state;

	fill_rows(st, 3);
	assert_int_equal(read_softirqs(st, "CPU2 CPU0\n HI2: a b\n H: c\n"
					   " NET_RX: 22 20\n NEW: 1 2 3\n"),
			 0);
	assert_int_equal(row_of(st, 2)->softirqs_kernel[3], 22);
	assert_int_equal(row_of(st, 0)->softirqs_kernel[3], 20);
	assert_true(row_of(st, 1)->softirqs_kernel[3] == MISSING);
	assert_true(row_of(st, 0)->softirqs_kernel[0] == MISSING);
}

static int read_stat(struct state *st, const char *text)
{
	make_file(st, "proc/stat", text);
	return procfs_stat(st->root, HZ, &st->cpus);
}

static void test_stat_broken(void **state)
{
	struct state *st = *state;

	fill_rows(st, 1);
	assert_int_equal(procfs_stat(st->root, HZ, &st->cpus), -ENOENT);
	assert_int_equal(read_stat(st, ""), -EPROTO);
	assert_int_equal(read_stat(st, "cpu  1 2 3 4 5 6 7 8\n"), -EPROTO);
	assert_int_equal(read_stat(st, "cpu0 1 2 3 4 5 6 7\n"), -EPROTO);
	assert_int_equal(read_stat(st, "cpu0 1 2 3 4 5 6 7 8"), -EPROTO);
	assert_int_equal(read_stat(st, "cpu0 1 2 3 4 5 6 7 8x\n"), -EPROTO);
	assert_int_equal(read_stat(st, "cpux 1 2 3 4 5 6 7 8\n"), -EPROTO);
	assert_int_equal(read_stat(st, "cpu99999 1 2 3 4 5 6 7 8\n"), -EPROTO);
	assert_int_equal(read_stat(st, "cpu0 1 2 3 4 5 6 7 "
				       "18446744073709551616\n"),
			 -EPROTO);
	assert_true(row_of(st, 0)->stat_user_ns == MISSING);
	assert_int_equal(read_stat(st, "cpu0 1 2 3 4 5 6 7 8\n"), 0);
	assert_int_equal(row_of(st, 0)->stat_steal_ns, 8 * NS_PER_TICK);
}

/* Steal time that ran backwards, in nanoseconds and in ticks. */
static void test_stat_backwards(void **state)
{
	struct state *st = *state;

	fill_rows(st, 1);
	assert_int_equal(read_stat(st, "cpu0 18446744073709551615 2 3 4 5 6 7 "
				       "1844674407370955161\n"),
			 0);
	assert_true(row_of(st, 0)->stat_user_ns == MISSING);
	assert_true(row_of(st, 0)->stat_steal_ns == MISSING);
	assert_int_equal(row_of(st, 0)->stat_softirq_ns, 7 * NS_PER_TICK);
}

static int read_interrupts(struct state *st, const char *text)
{
	make_file(st, "proc/interrupts", text);
	return procfs_interrupts(st->root, &st->lines);
}

static void test_interrupts_broken(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"  \n 1: 5 IO-APIC 1-edge i8042\n",
		" 1: 5 IO-APIC 1-edge i8042\n",
		"CPU0 CPU1\n 1: 5 6 IO-APIC 1-edge a\n 2: 5 6 IO-APIC",
		"CPU0 CPU1\n 1: 5 6 IO-APIC 1-edge a\n 2: 5 IO-APIC 2-edge\n",
		"CPU0 CPU1\n 1: 5 6 IO-APIC 1-edge a\n 2: 5 6 7 IO-APIC 2-edge\n",
		"CPU0 CPU1\n 1: 5 6\n 2: 5\n",
		"CPU0 CPU1\n 1: 5 x IO-APIC 1-edge\n",
		"CPU0 CPU1\n 1: 5 -6 IO-APIC 1-edge\n",
		"CPU0 CPU1\n 1 5 6 IO-APIC 1-edge\n",
		"CPU0 CPU1\n 1x: 5 6 IO-APIC 1-edge\n",
		"CPU0 CPU1\n 1: 5 4294967296 IO-APIC 1-edge\n",
		"CPU0 CPU1\n 4294967296: 5 6 IO-APIC 1-edge\n",
		"CPU0 CPU1\n NMI 5 6\n",
	};
	struct state *st = *state;
	size_t i;

	assert_int_equal(procfs_interrupts(st->root, &st->lines), -ENOENT);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (read_interrupts(st, texts[i]) != -EPROTO)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(st->lines.count, 0);
	}
}

/* What may stand behind the counts. */
static void test_interrupts_tails(void **state)
{
	struct state *st = *state;

	make_file(st, "proc/interrupts",
		  "CPU7\n 1: 1\n 2: 1 chip\n 3: 1 chip 5 Level\n"
		  " 4: 1 - 5 - 6-\n 5: 1 edge Edges\n"
		  " 6: 1 c 1-averylongnameofaflow x\n"
		  " 7: 1 1-edge 2-level\n 8: 1 a b c d 1-edge\n"
		  " 9: 1 a b c d e 1-edge\n 10: 0\n"
		  " 11: 1 chip 6- 7-edge\n 12: 1 chip 5x\nERR: 1\n");
	CHECK_LINES(st, st->root, { 1, 7, 1, "" }, { 2, 7, 1, "" },
		    { 3, 7, 1, "level" }, { 4, 7, 1, "" }, { 5, 7, 1, "" },
		    { 6, 7, 1, "averylongnameof" }, { 7, 7, 1, "level" },
		    { 8, 7, 1, "edge" }, { 9, 7, 1, "" }, { 11, 7, 1, "edge" },
		    { 12, 7, 1, "" });
	make_file(st, "proc/interrupts", "CPU0\nNMI: 3\n");
	check_lines(st, st->root, NULL, 0);
}

static void test_ksoftirqd_broken(void **state)
{
	struct state *st = *state;
	uint32_t pids[2];

	make_file(st, "proc/3/stat", "");
	make_file(st, "proc/4/stat", "4 (ksoftirqd/0\n");
	make_file(st, "proc/5/stat", "5 (ksoftirqd/0)\n");
	make_file(st, "proc/6/stat", "6 (ksoftirqd/0) S 2 0 0 0 -1\n");
	make_file(st, "proc/7/stat", "7 (ksoftirqd/0) S 2 0 0 0 -1 x\n");
	make_file(st, "proc/8/stat", "8 (ksoftirqd/2) S 2 0 0 0 -1 2097152 0\n");
	make_file(st, "proc/9/stat", "9 (ksoftirqd/) S 2 0 0 0 -1 2097152 0\n");
	make_file(st, "proc/10/stat", ")(ksoftirqd/0 S 2 0 0 0 -1 2097152 0\n");
	make_file(st, "proc/1x/stat", "1 (ksoftirqd/0) S 2 0 0 0 -1 2097152 0\n");
	make_file(st, "proc/13/stat",
		  "13 (ksoftirqd/0) S 2) S 1 13 0 2097152 2097152 4194560 0\n");
	make_file(st, "proc/11/comm", "ksoftirqd/0\n");
	assert_int_equal(procfs_ksoftirqd(st->root, pids, 2, 2), 0);
	make_file(st, "proc/12/stat",
		  "12 (ksoftirqd/1) S 2 0 0 0 -1 2097152 0\n");
	assert_int_equal(procfs_ksoftirqd(st->root, pids, 2, 2), 1);
	assert_int_equal(pids[0], 0);
	assert_int_equal(pids[1], 12);
}

static int read_sysctl(struct state *st, const char *text)
{
	char path[PATH_MAX];
	uint64_t value;
	int fd, err;

	make_file(st, "proc/sys/x", text);
	snprintf(path, sizeof(path), "%s/proc/sys/x", st->root);
	fd = open(path, O_RDONLY);
	err = procfs_sysctl(fd, &value);
	close(fd);
	return err;
}

static void test_sysctl_broken(void **state)
{
	struct state *st = *state;

	assert_int_equal(read_sysctl(st, ""), -EPROTO);
	assert_int_equal(read_sysctl(st, "\n"), -EPROTO);
	assert_int_equal(read_sysctl(st, "1 2\n"), -EPROTO);
	assert_int_equal(read_sysctl(st, "1\n2\n"), -EPROTO);
	assert_int_equal(read_sysctl(st, "-1\n"), -EPROTO);
	assert_int_equal(read_sysctl(st, "abc\n"), -EPROTO);
	/* would read as MISSING */
	assert_int_equal(read_sysctl(st, "18446744073709551615\n"), -EPROTO);
	assert_int_equal(read_sysctl(st, "18446744073709551614\n"), 0);
	assert_int_equal(read_sysctl(st, "7"), 0);
}

static int read_cpus(struct state *st, const char *text)
{
	struct cpuset set;
	int err;

	make_file(st, "sys/devices/system/cpu/online", text);
	err = sysfs_cpus(st->root, "online", &set);
	cpuset_fini(&set);
	return err;
}

static void test_cpus_broken(void **state)
{
	struct state *st = *state;

	assert_int_equal(read_cpus(st, ""), 0);
	assert_int_equal(read_cpus(st, "\n"), 0);
	assert_int_equal(read_cpus(st, "0-\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "3-1\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "0,\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "0\n1\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "all\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "0-65536\n"), -EPROTO);
	assert_int_equal(read_cpus(st, "(null)x\n"), -EPROTO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_softnet_broken),   TEST(test_softnet_nine),
		TEST(test_softnet_overlong), TEST(test_softirqs_broken),
		TEST(test_softirqs_unknown), TEST(test_stat_broken),
		TEST(test_stat_backwards),   TEST(test_interrupts_broken),
		TEST(test_interrupts_tails), TEST(test_ksoftirqd_broken),
		TEST(test_sysctl_broken),    TEST(test_cpus_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
