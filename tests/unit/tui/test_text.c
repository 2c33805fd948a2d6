// SPDX-License-Identifier: GPL-2.0-or-later
/* Texts cut to columns, whatever bytes they have. */
#include "fake.h"

#include <locale.h>

#include "tui/text.h"

static void assert_fit(const char *text, int width, enum text_cut cut,
		       const char *expected)
{
	char out[TEXT_ROOM];

	text_fit(out, sizeof(out), text, width, cut);
	assert_string_equal(out, expected);
	assert_true(text_width(out) <= (width > 0 ? width : 0));
}

static void test_plain(void **state)
{
	(void)state;
	assert_fit("eth0/3", 6, CUT_TAIL, "eth0/3");
	assert_fit("eth0/3", 5, CUT_TAIL, "eth0~");
	assert_fit("eth0/3", 1, CUT_TAIL, "~");
	assert_fit("eth0/3", 0, CUT_TAIL, "");
	assert_fit("eth0/3", -4, CUT_TAIL, "");
	assert_fit("", 5, CUT_TAIL, "");
}

static void test_middle_keeps_both_ends(void **state)
{
	(void)state;
	assert_fit("enp129s0f0np0/12", 14, CUT_MIDDLE, "enp129~0np0/12");
	assert_fit("enp129s0f0np0/12", 16, CUT_MIDDLE, "enp129s0f0np0/12");
	assert_fit("abcdef", 3, CUT_MIDDLE, "a~f");
	assert_fit("abcdef", 1, CUT_MIDDLE, "~");
}

static void test_hostile(void **state)
{
	(void)state;
	assert_fit("a\033[2Jb", 20, CUT_TAIL, "a?[2Jb");
	assert_fit("a\nb\tc", 20, CUT_TAIL, "a?b?c");
	assert_fit("\xff\xfe", 20, CUT_TAIL, "??");
	assert_fit("\xc3", 20, CUT_TAIL, "?");
}

static void test_utf8(void **state)
{
	(void)state;
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	assert_fit("größe", 5, CUT_TAIL, "größe");
	assert_fit("größe", 4, CUT_TAIL, "grö~");
	/* Two columns each. */
	assert_int_equal(text_width("網路"), 4);
	assert_fit("網路", 3, CUT_TAIL, "網~");
	assert_fit("網路卡", 4, CUT_MIDDLE, "~卡");
	/* Text that turns the direction around, or has no width. */
	assert_fit("a\u202eb", 9, CUT_TAIL, "a?b");
	assert_fit("e\u0301", 9, CUT_TAIL, "e?");
	assert_int_equal(text_last_bytes("größ"), 2);
	setlocale(LC_CTYPE, "C");
	assert_fit("gr\xc3\xb6\xc3\x9f", 9, CUT_TAIL, "gr????");
}

static void test_small_room(void **state)
{
	char out[4];

	(void)state;
	text_fit(out, sizeof(out), "abcdef", 6, CUT_TAIL);
	assert_string_equal(out, "abc");
	assert_int_equal(text_last_bytes(""), 0);
	assert_int_equal(text_last_bytes("a"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_middle_keeps_both_ends),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_small_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
