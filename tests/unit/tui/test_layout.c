// SPDX-License-Identifier: GPL-2.0-or-later
/* Sharing out the lines of the screen. */
#include "fake.h"

#include "tui/layout.h"

static void check_sum(int avail, const int needs[NR_PANELS], enum panel_id focus)
{
	int heights[NR_PANELS], sum = 0, i;

	layout_panels(avail, needs, focus, heights);
	for (i = 0; i < NR_PANELS; i++) {
		assert_true(heights[i] >= 0);
		sum += heights[i];
	}
	assert_int_equal(sum, avail);
	assert_true(heights[focus] > 0);
}

static void test_all_heights(void **state)
{
	static const int few[NR_PANELS] = { 3, 4, 2, 3 };
	static const int many[NR_PANELS] = { 66, 4098, 300, 20 };
	static const int none[NR_PANELS] = { 2, 2, 2, 2 };
	int avail, focus;

	(void)state;
	for (avail = 3; avail < 200; avail++) {
		for (focus = 0; focus < NR_PANELS; focus++) {
			check_sum(avail, few, focus);
			check_sum(avail, many, focus);
			check_sum(avail, none, focus);
		}
	}
}

static void test_classic_screen(void **state)
{
	static const int needs[NR_PANELS] = { 66, 66, 40, 6 };
	int heights[NR_PANELS];

	(void)state;
	/* 24 lines: 4 of header, 1 of footer */
	layout_panels(19, needs, PANEL_NAPI, heights);
	assert_true(heights[PANEL_CPU] >= 5);
	assert_true(heights[PANEL_NAPI] >= 7);
	assert_true(heights[PANEL_IRQ] >= 5);
	assert_int_equal(heights[PANEL_DEV], 0);
	layout_panels(19, needs, PANEL_DEV, heights);
	assert_true(heights[PANEL_DEV] >= 5);
	layout_panels(45, needs, PANEL_NAPI, heights);
	assert_int_equal(heights[PANEL_DEV], 6);
}

static void test_focus_grows(void **state)
{
	static const int needs[NR_PANELS] = { 100, 100, 100, 100 };
	int with[NR_PANELS], without[NR_PANELS];

	(void)state;
	layout_panels(50, needs, PANEL_IRQ, with);
	layout_panels(50, needs, PANEL_CPU, without);
	assert_true(with[PANEL_IRQ] > without[PANEL_IRQ]);
	assert_true(with[PANEL_CPU] < without[PANEL_CPU]);
}

static void test_nothing_is_wasted(void **state)
{
	static const int needs[NR_PANELS] = { 6, 6, 6, 6 };
	int heights[NR_PANELS];

	(void)state;
	layout_panels(40, needs, PANEL_CPU, heights);
	assert_int_equal(heights[PANEL_CPU], 6);
	assert_int_equal(heights[PANEL_NAPI], 40 - 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_heights),
		cmocka_unit_test(test_classic_screen),
		cmocka_unit_test(test_focus_grows),
		cmocka_unit_test(test_nothing_is_wasted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
