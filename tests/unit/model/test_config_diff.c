// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings that differ between two recordings, and those that were not asked for. */
#include "model/config_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/config.h"

struct fixture {
	struct snapshot sides[2];
	char told[256];
};

static void set(struct fixture *f, unsigned int side, const char *path,
		const char *value)
{
	assert_int_equal(config_add(&f->sides[side].config, path, value), 0);
	config_sort(&f->sides[side].config);
}

static void tell(void *arg, const char *path, const char *a, const char *b)
{
	struct fixture *f = arg;
	size_t used = strlen(f->told);

	snprintf(f->told + used, sizeof(f->told) - used, "%s %s->%s;", path,
		 a ? a : "-", b ? b : "-");
}

static const char *told(struct fixture *f)
{
	*f->told = '\0';
	config_diff(&f->sides[0], &f->sides[1], tell, f);
	return f->told;
}

static void fixture_init(struct fixture *f)
{
	snapshot_init(&f->sides[0]);
	snapshot_init(&f->sides[1]);
	set(f, 0, "dev/eth1/driver", "veth");
	set(f, 1, "dev/eth1/driver", "veth");
}

static void fixture_fini(struct fixture *f)
{
	snapshot_fini(&f->sides[0]);
	snapshot_fini(&f->sides[1]);
}

static void test_what_differs(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_string_equal(told(&f), "");
	set(&f, 0, "dev/eth1/mtu", "1500");
	set(&f, 1, "dev/eth1/mtu", "9000");
	set(&f, 0, "dev/eth1/speed", "10000");
	assert_string_equal(told(&f), "dev/eth1/mtu 1500->9000;"
				      "dev/eth1/speed 10000->-;");
	fixture_fini(&f);
}

/* One line, whatever it had. */
static void test_a_device_that_came(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	set(&f, 1, "dev/eth2/driver", "veth");
	set(&f, 1, "dev/eth2/mtu", "1500");
	assert_string_equal(told(&f), "dev/eth2 -->there;");
	fixture_fini(&f);
}

/* Where not all were asked, a setting that only one side has says nothing. */
static void test_what_was_not_asked(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	set(&f, 0, "dev/eth1/mtu", "1500");
	set(&f, 0, "dev/eth1/xdp", "driver");
	set(&f, 1, "dev/eth1/xdp", "generic");
	set(&f, 1, CONFIG_DEVS_ASKED, "those with a NAPI");
	assert_string_equal(told(&f), "dev/eth1/xdp driver->generic;"
				      "host/devices_asked -->those with a NAPI;");
	fixture_fini(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_differs),
		cmocka_unit_test(test_a_device_that_came),
		cmocka_unit_test(test_what_was_not_asked),
	};

	return cmocka_run_group_tests_name("config_diff", tests, NULL, NULL);
}
