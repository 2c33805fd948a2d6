// SPDX-License-Identifier: GPL-2.0-or-later
/* Symbols by name and by address; in the newer tree addresses are hidden. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "collect/kallsyms.h"

#define OPEN "tests/unit/trees/5.10"
#define HIDDEN "tests/unit/trees/6.18"

static void check_name(uint64_t addr, const char *expected)
{
	char name[32] = "";

	assert_int_equal(kallsyms_name(OPEN, addr, name, sizeof(name)), 0);
	assert_string_equal(name, expected);
}

static void test_name(void **state)
{
	(void)state;
	check_name(0xffffffff81a3f1c0, "process_backlog");
	check_name(0xffffffffc0487000, "e100_poll [e100]");
}

static void test_name_unknown(void **state)
{
	char name[32];

	(void)state;
	assert_int_equal(kallsyms_name(OPEN, 0xffffffffc0487001, name,
				       sizeof(name)),
			 -ENOENT);
	assert_int_equal(kallsyms_name(HIDDEN, 0xffffffffc0487000, name,
				       sizeof(name)),
			 -EACCES);
}

static void test_find(void **state)
{
	static const char *const names[] = { "e100_intr", "nothing",
					     "__per_cpu_offset" };
	uint64_t addrs[3];

	(void)state;
	assert_int_equal(kallsyms_find(OPEN, names, addrs, 3), 0);
	assert_int_equal(addrs[0], 0xffffffffc0487340);
	assert_int_equal(addrs[1], 0);
	assert_int_equal(addrs[2], 0xffffffff82a2b0c0);
	assert_int_equal(kallsyms_find(HIDDEN, names, addrs, 3), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_name_unknown),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
