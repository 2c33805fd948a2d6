// SPDX-License-Identifier: GPL-2.0-or-later
/* Drops of the receive ring by the names that drivers give them; settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/ethtool.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "collect/ethtool.h"
#include "model/rows.h"

#define MAX_NAMES 16

/*
 * Names as a driver fills them in, in memory of that size: reading behind it
 * is seen by the sanitizer.  Name i has the value 1 << i.
 */
static uint64_t sum_of(const char *driver, const char *const *list)
{
	uint64_t values[MAX_NAMES], sum;
	unsigned int i, count = 0;
	char *names;

	while (list[count])
		count++;
	assert_true(count <= MAX_NAMES);
	names = calloc(count ? count : 1, ETH_GSTRING_LEN);
	assert_non_null(names);
	for (i = 0; i < count; i++) {
		memcpy(names + i * ETH_GSTRING_LEN, list[i],
		       strnlen(list[i], ETH_GSTRING_LEN));
		values[i] = 1ULL << i;
	}
	sum = ethtool_sum_drops(driver, names, values, count);
	free(names);
	return sum;
}

#define SUM(driver, ...) \
	sum_of(driver, (const char *const[]){ __VA_ARGS__, NULL })

static void test_totals(void **state)
{
	(void)state;
	assert_int_equal(SUM("mlx5_core", "rx_packets", "rx_out_of_buffer"), 2);
	assert_int_equal(SUM("sfc", "port_rx_nodesc_drops", "rx_dropped"), 1);
	assert_int_equal(SUM("ixgbe", "rx_missed_errors", "rx_fifo_errors",
			     "rx_no_dma_resources"),
			 5);
}

/* What is only in the other statistics may be of anything. */
static void test_without_a_known_name(void **state)
{
	(void)state;
	assert_true(SUM("virtio_net", "rx_queue_0_packets", "rx_queue_0_drops",
			"rx_dropped") == MISSING);
	assert_true(SUM("veth", "peer_ifindex") == MISSING);
	assert_true(ethtool_sum_drops("veth", NULL, NULL, 0) == MISSING);
}

/* A frame that had to wait is not lost, and is counted once if it is. */
static void test_waiting_is_no_drop(void **state)
{
	(void)state;
	assert_int_equal(SUM("e1000e", "rx_no_buffer_count", "rx_missed_errors"),
			 2);
	assert_true(SUM("e1000e", "rx_no_buffer_count") == MISSING);
}

static void test_a_total_not_its_parts(void **state)
{
	(void)state;
	assert_int_equal(SUM("bnx2x", "[0]: rx_discards", "[1]: rx_discards",
			     "rx_discards"),
			 4);
	assert_int_equal(SUM("bnxt_en", "[0]: rx_discards", "[15]: rx_discards",
			     "[0]: rx_drops"),
			 3);
	assert_int_equal(SUM("bnxt_en", "[0]: rx_discards",
			     "rx_total_ring_discards", "rx_total_discard_pkts"),
			 4);
	assert_int_equal(SUM("igb", "rx_missed_errors", "rx_fifo_errors",
			     "rx_queue_0_drops", "rx_queue_1_drops"),
			 2);
	assert_int_equal(SUM("i40e", "rx_dropped", "rx_missed_errors"), 2);
	assert_int_equal(SUM("virtio_net", "rx_hw_drop_overruns",
			     "rx0_hw_drop_overruns", "rx1_hw_drop_overruns"),
			 1);
}

static void test_queues_are_summed(void **state)
{
	(void)state;
	assert_int_equal(SUM("refnic", "rx0_packets", "rx0_missed",
			     "rx1_missed", "rx12_missed", "napi0_work_0"),
			 14);
	assert_int_equal(SUM("be2net", "rxq0: rx_drops_no_frags",
			     "rxq1: rx_drops_no_skbs", "rxq1: rx_drops_no_frags"),
			 5);
	assert_int_equal(SUM("gve", "rx_no_buffers_posted[0]",
			     "rx_no_buffers_posted[]", "rx_no_buffers_posted[77]"),
			 5);
	/* As it names them: the queue is in a line of its own. */
	assert_int_equal(SUM("vmxnet3", "Rx Queue#", "  pkts rx OOB",
			     "  pkts rx err", "Rx Queue#", "  pkts rx OOB"),
			 18);
}

static void test_names_that_mean_it_for_some_drivers(void **state)
{
	(void)state;
	assert_int_equal(SUM("ice", "rx_dropped", "rx_dropped.nic"), 1);
	assert_int_equal(SUM("i40e", "rx_dropped", "rx_fifo_errors"), 1);
	assert_int_equal(SUM("mlx4_en", "rx_errors", "rx_dropped"), 2);
	assert_int_equal(SUM("cxgb4", "rx_bg0_frames_dropped  ",
			     "rx_bg1_frames_dropped  ", "rx_bg0_frames_trunc    "),
			 3);
	assert_int_equal(SUM("r8169", "rx_missed"), 1);
}

static void test_names_must_be_whole(void **state)
{
	(void)state;
	assert_true(SUM("x", "rx_out_of_buffer2", "xrx_out_of_buffer", "rx_out",
			"rx_missed", "rx", "rx5", "rx5_missed_", "rx_5_missed",
			"", "   ") == MISSING);
	assert_true(SUM("x", "rx0_missed0123456789012345678901",
			"12345678901234567890123456789012",
			"                                ",
			"rx123456789012345678901234567890") == MISSING);
	/* The longest, and without a NUL. */
	assert_int_equal(SUM("x", "rx11111111111111111111111_missed"), 1);
}

/* --- settings ------------------------------------------------------------- */

#define INDIR_SIZE 2048
#define INDIR_QUEUES 4

/* In place of libc's: a driver that has an indirection table and nothing else. */
int ioctl(int fd, unsigned long request, ...)
{
	struct ethtool_rxfh_indir *indir;
	va_list args;
	uint32_t i;

	(void)fd;
	(void)request;
	va_start(args, request);
	indir = (void *)va_arg(args, struct ifreq *)->ifr_data;
	va_end(args);
	if (indir->cmd != ETHTOOL_GRXFHINDIR) {
		errno = EOPNOTSUPP;
		return -1;
	}
	for (i = 0; i < indir->size; i++)
		indir->ring_index[i] = i % INDIR_QUEUES;
	indir->size = INDIR_SIZE;
	return 0;
}

static int count_queues(void *arg, const char *name, const char *value)
{
	if (!strcmp(name, "rss/queues"))
		*(int *)arg = atoi(value);
	return 0;
}

/* Each queue once, however many entries name it. */
static void test_indirection(void **state)
{
	int queues = 0;

	(void)state;
	assert_int_equal(ethtool_read(0, "eth0", count_queues, &queues), 0);
	assert_int_equal(queues, INDIR_QUEUES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_totals),
		cmocka_unit_test(test_without_a_known_name),
		cmocka_unit_test(test_waiting_is_no_drop),
		cmocka_unit_test(test_a_total_not_its_parts),
		cmocka_unit_test(test_queues_are_summed),
		cmocka_unit_test(test_names_that_mean_it_for_some_drivers),
		cmocka_unit_test(test_names_must_be_whole),
		cmocka_unit_test(test_indirection),
	};

	return cmocka_run_group_tests_name("ethtool", tests, NULL, NULL);
}
