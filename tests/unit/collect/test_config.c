// SPDX-License-Identifier: GPL-2.0-or-later
/* The captured configuration: from a tree of files, and looked up by path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>

#include "collect/config.h"
#include "model/config.h"

#define TREE "tests/unit/trees/6.12"

static struct dev_row *add_dev(struct snapshot *s, const char *dev,
			       const char *netns)
{
	struct dev_row *row = table_add(&s->devs);

	assert_non_null(row);
	snprintf(row->dev, sizeof(row->dev), "%s", dev);
	snprintf(row->netns, sizeof(row->netns), "%s", netns);
	row->ifindex = s->devs.count;
	row->xdp = XDP_ATTACHED_NONE;
	return row;
}

/* Two CPUs, an interrupt in two lists, a device here and others elsewhere. */
static int setup(void **state)
{
	static struct snapshot s;
	struct line_row *line;
	struct irq_row *irq;
	unsigned int cpu;

	snapshot_init(&s);
	for (cpu = 0; cpu < 2; cpu++)
		((struct cpu_row *)table_add(&s.cpus))->cpu = cpu;
	irq = table_add(&s.irqs);
	irq->irq = 29;
	irq = table_add(&s.irqs);
	irq->irq = 77; /* without a name, and without a directory */
	line = table_add(&s.lines);
	line->irq = 29;
	add_dev(&s, "ens3", "");
	add_dev(&s, "ens3", "blue")->xdp = XDP_ATTACHED_SKB;
	add_dev(&s, "ens4", "blue")->xdp = XDP_ATTACHED_DRV;
	add_dev(&s, "ens5", "blue")->xdp = MISSING;
	assert_int_equal(config_capture(TREE, NULL, &s), 0);
	*state = &s;
	return 0;
}

static int teardown(void **state)
{
	snapshot_fini(*state);
	return 0;
}

static void test_what_the_tree_has(void **state)
{
	static const char *const expected[][2] = {
		{ "sysctl/net.core.netdev_budget", "301" },
		{ "cpu/isolated", "1" },
		{ "cpu/online", "0-1" },
		{ "cpu/0/node", "0" },
		{ "cpu/1/node", "1" },
		{ "cpu/0/siblings", "0-1" },
		{ "node/0/distance", "10 21" },
		{ "irq/29/affinity", "0-1" },
		{ "irq/29/effective_affinity", "0" },
		{ "irq/29/node", "1" },
		{ "dev/ens3/mtu", "1501" },
		{ "dev/ens3/speed", "-1" },
		{ "dev/ens3/threaded", "0" },
		{ "dev/ens3/numa_node", "1" },
		{ "dev/ens3/gro_flush_timeout", "1000" },
		{ "dev/ens3/napi_defer_hard_irqs", "2" },
		{ "dev/ens3/queue/rx-0/rps_cpus", "0" },
		{ "dev/ens3/queue/tx-1/xps_cpus", "0" },
		{ "dev/ens3@blue/xdp", "generic" },
		{ "dev/ens4@blue/xdp", "driver" },
		{ "irqbalance/running", "1" },
	};
	const struct snapshot *s = *state;
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		value = config_find(&s->config, expected[i][0]);
		if (!value || strcmp(value, expected[i][1]))
			fail_msg("%s is %s, not %s", expected[i][0],
				 value ? value : "(not there)", expected[i][1]);
	}
}

/* Not an empty text, not a zero. */
static void test_what_is_not_there_has_no_row(void **state)
{
	const struct snapshot *s = *state;

	assert_null(config_find(&s->config, "cpu/1/siblings"));
	assert_false(config_has_below(&s->config, "irq/77"));
	assert_null(config_find(&s->config, "dev/ens3/ring/rx"));
	assert_null(config_find(&s->config, "dev/ens3/xdp"));
	assert_null(config_find(&s->config, "dev/ens5@blue/xdp"));
	assert_null(config_find(&s->config, "dev/ens3/queue/rx-0/xps_cpus"));
	assert_true(config_number(&s->config, "host/realtime") == MISSING);
}

/* What /sys shows is of the tool's own namespace. */
static void test_a_device_elsewhere_is_not_this_one(void **state)
{
	const struct snapshot *s = *state;
	char path[CONFIG_PATH];

	config_dev_path(path, "ens3", "blue", "mtu");
	assert_string_equal(path, "dev/ens3@blue/mtu");
	assert_null(config_find(&s->config, path));
}

/* Among thousands of devices those with a NAPI are looked at. */
static void test_thousands_of_devices(void **state)
{
	struct napi_row *napi;
	struct snapshot s;
	unsigned int i;

	(void)state;
	snapshot_init(&s);
	add_dev(&s, "ens3", "");
	for (i = 0; i < 2000; i++)
		add_dev(&s, "veth", "");
	assert_int_equal(config_capture(TREE, NULL, &s), 0);
	assert_null(config_find(&s.config, "dev/ens3/mtu"));
	napi = table_add(&s.pairs);
	assert_non_null(napi);
	napi->ifindex = 1;
	assert_int_equal(config_capture(TREE, NULL, &s), 0);
	assert_string_equal(config_find(&s.config, "dev/ens3/mtu"), "1501");
	snapshot_fini(&s);
}

static void test_rows_are_sorted_and_unique(void **state)
{
	const struct snapshot *s = *state;
	const struct config_row *row = s->config.rows;
	size_t i;

	assert_true(s->config.count > 18);
	for (i = 1; i < s->config.count; i++)
		assert_true(config_row_cmp(&row[i - 1], &row[i]) < 0);
}

/* Names of namespaces that begin alike: of settings at one path one is left. */
static void test_paths_that_were_cut(void **state)
{
	struct table config = TABLE_INIT(struct config_row);
	char path[2 * CONFIG_PATH];
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "dev/eth0@%0*d/mtu",
			 (int)CONFIG_PATH, i);
		assert_int_equal(config_add(&config, path, "1500"), 0);
	}
	assert_int_equal(config_add(&config, "cpu/0/node", "0"), 0);
	config_sort(&config);
	assert_int_equal(config.count, 2);
	assert_string_equal(config_find(&config, "cpu/0/node"), "0");
	table_fini(&config);
}

/* Of the kernel's command line only what matters is there: it may have secrets. */
static void test_a_long_text_goes_on(void **state)
{
	const struct snapshot *s = *state;
	const char *first = config_find(&s->config, "host/cmdline");
	const char *second = config_find(&s->config, "host/cmdline+1");

	assert_non_null(first);
	assert_non_null(second);
	assert_int_equal(strlen(first), CONFIG_VALUE - 1);
	assert_null(config_find(&s->config, "host/cmdline+2"));
	assert_ptr_equal(strstr(first, "isolcpus=1 nohz_full=1 irqaffinity=xx"),
			 first);
	assert_string_equal(second + strspn(second, "x"), "");
}

static void test_numbers_and_made_paths(void **state)
{
	const struct snapshot *s = *state;

	assert_int_equal(config_number(&s->config, "dev/ens3/mtu"), 1501);
	assert_true(config_number(&s->config, "dev/ens3/speed") == MISSING);
	assert_string_equal(config_findf(&s->config, "irq/%u/affinity", 29),
			    "0-1");
	assert_null(config_findf(&s->config, "irq/%u/affinity", 30));
}

static void test_an_empty_root_is_no_error(void **state)
{
	struct snapshot s;

	(void)state;
	snapshot_init(&s);
	add_dev(&s, "ens3", "");
	assert_int_equal(config_capture("/nonexistent", NULL, &s), 0);
	/* The version of the program alone. */
	assert_int_equal(s.config.count, 1);
	assert_non_null(config_find(&s.config, "host/napiscope"));
	snapshot_fini(&s);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_the_tree_has),
		TEST(test_what_is_not_there_has_no_row),
		TEST(test_a_device_elsewhere_is_not_this_one),
		TEST(test_thousands_of_devices),
		TEST(test_rows_are_sorted_and_unique),
		TEST(test_paths_that_were_cut),
		TEST(test_a_long_text_goes_on),
		TEST(test_numbers_and_made_paths),
		TEST(test_an_empty_root_is_no_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
