// SPDX-License-Identifier: GPL-2.0-or-later
/* UDP's counters: summed over IPv4 and IPv6, or missing. */
#include "procfs_state.h"

#include <errno.h>

#define TREES "tests/unit/trees/"
#define NAMES "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\n"

static void check_udp(const struct host_row *host, uint64_t in, uint64_t errors,
		      uint64_t rcvbuf)
{
	assert_true(host->udp_in_datagrams == in);
	assert_true(host->udp_in_errors == errors);
	assert_true(host->udp_rcvbuf_errors == rcvbuf);
}

/* UDP-Lite is in other lines, and counted by none. */
static void test_both_are_summed(void **state)
{
	struct host_row host = { .hz = 17 };

	(void)state;
	assert_int_equal(procfs_udp(TREES "6.12", &host), 0);
	check_udp(&host, 18446744073709551300ULL, 7005 + 7104, 7007 + 7106);
	assert_int_equal(host.hz, 17);
}

static void test_without_ipv6(void **state)
{
	struct host_row host;

	(void)state;
	assert_int_equal(procfs_udp(TREES "5.10", &host), 0);
	check_udp(&host, 5101, 5103, 5105);
}

static void test_what_is_hidden_is_missing(void **state)
{
	struct state *st = *state;
	struct host_row host;

	assert_int_equal(procfs_udp(st->root, &host), -ENOENT);
	check_udp(&host, MISSING, MISSING, MISSING);
	make_file(st, "proc/net/snmp6", "Udp6InDatagrams \t1\n");
	assert_int_equal(procfs_udp(st->root, &host), -ENOENT);
	check_udp(&host, MISSING, MISSING, MISSING);
}

/* A sum that lacks a part would be too low without saying so. */
static void test_half_hidden_is_missing(void **state)
{
	struct state *st = *state;
	struct host_row host;

	make_file(st, "proc/net/snmp", NAMES "Udp: 1 2 3 4 5\n");
	make_file(st, "proc/net/snmp6/in_the_way", "");
	assert_int_equal(procfs_udp(st->root, &host), -EISDIR);
	check_udp(&host, MISSING, MISSING, MISSING);
}

static void test_older_files_have_less(void **state)
{
	struct state *st = *state;
	struct host_row host;

	make_file(st, "proc/net/snmp", "Udp: InErrors New\nUdp: 3 4\n");
	make_file(st, "proc/net/snmp6", "Udp6New \t1\nUdp6InErrors\t2\n");
	assert_int_equal(procfs_udp(st->root, &host), 0);
	check_udp(&host, MISSING, 5, MISSING);
}

static void test_broken(void **state)
{
	static const char *const files[] = {
		"",
		"\n",
		"Udp:",
		NAMES,
		NAMES "Udp: 1 2 3 4",
		NAMES "Udp: 1 2 3 4 5",
		NAMES "Udp: 1 2 3 4\n",
		NAMES "Udp: 1 2 3 4 -5\n",
		NAMES "Udp: 1 2 3 4 x\n",
		NAMES "Udp: 1 2 3 4 5x\n",
		NAMES "Udp: 1 2 3 4 99999999999999999999\n",
		"Udp: InErrors",
	};
	struct state *st = *state;
	struct host_row host;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		make_file(st, "proc/net/snmp", files[i]);
		assert_int_equal(procfs_udp(st->root, &host), -EPROTO);
		check_udp(&host, MISSING, MISSING, MISSING);
	}
	make_file(st, "proc/net/snmp", NAMES "Udp: 1 2 3 4 5\n");
	make_file(st, "proc/net/snmp6", "Udp6InErrors\t");
	assert_int_equal(procfs_udp(st->root, &host), -EPROTO);
	check_udp(&host, MISSING, MISSING, MISSING);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_both_are_summed),
		TEST(test_without_ipv6),
		TEST(test_what_is_hidden_is_missing),
		TEST(test_half_hidden_is_missing),
		TEST(test_older_files_have_less),
		TEST(test_broken),
	};

	return cmocka_run_group_tests_name("snmp", tests, NULL, NULL);
}
