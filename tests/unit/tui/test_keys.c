// SPDX-License-Identifier: GPL-2.0-or-later
/* The key table is complete, and keys do what they say without drawing. */
#include "fake.h"

#include <curses.h>
#include <errno.h>

#include "tui/keys.h"
#include "tui/prompts.h"

struct fixture {
	struct tui tui;
	uint64_t interval_ns;
	unsigned int calls;
	enum tui_settings settings;
};

static void take_interval(void *arg, uint64_t ns)
{
	struct fixture *fx = arg;

	fx->interval_ns = ns;
	fx->calls++;
}

static void fixture_init(struct fixture *fx)
{
	int i;

	memset(fx, 0, sizeof(*fx));
	interval_init(&fx->tui.data[0]);
	interval_init(&fx->tui.data[1]);
	for (i = 0; i < NR_PANELS; i++)
		panel_init(&fx->tui.panels[i], panels_class(i));
	fx->tui.owner.arg = fx;
	fx->tui.owner.set_interval = take_interval;
	fx->tui.interval_ns = SECOND;
	fx->tui.only_cpu = MISSING;
	fx->tui.focus = PANEL_NAPI;
}

static void fixture_fini(struct fixture *fx)
{
	int i;

	for (i = 0; i < NR_PANELS; i++)
		panel_fini(&fx->tui.panels[i]);
	interval_fini(&fx->tui.data[0]);
	interval_fini(&fx->tui.data[1]);
}

static unsigned int press(struct fixture *fx, int code)
{
	const struct key *key;

	if (fx->tui.mode)
		return fx->tui.mode->key(&fx->tui, code);
	key = keys_find(code);
	return key && keys_is_there(&fx->tui, key) ? key->press(&fx->tui) :
						     REACT_NONE;
}

static void type(struct fixture *fx, const char *text)
{
	for (; *text; text++)
		press(fx, *text);
}

static void test_table_is_complete(void **state)
{
	const struct key *key;
	int i;

	(void)state;
	for (key = keys_table(); key->name; key++) {
		assert_non_null(key->help);
		assert_non_null(key->press);
		assert_true(key->codes[0] != 0);
		/* One line of the help at 80 columns. */
		assert_true(strlen(key->help) <= 67);
		/* No key twice: the first row would hide the other. */
		for (i = 0; i < KEYS_MAX_CODES && key->codes[i]; i++)
			assert_ptr_equal(keys_find(key->codes[i]), key);
	}
	assert_null(keys_find(0));
	assert_null(keys_find(0x1f600));
}

static void test_promised_keys(void **state)
{
	static const int codes[] = {
		KEYS_FN(KEY_UP),
		KEYS_FN(KEY_DOWN),
		KEYS_FN(KEY_PPAGE),
		KEYS_FN(KEY_NPAGE),
		KEYS_FN(KEY_HOME),
		KEYS_FN(KEY_END),
		'\t',
		'\r',
		'?',
		'/',
		' ',
		'+',
		'-',
		KEYS_ESC,
		KEYS_CTRL('c'),
		'q',
		KEYS_FN(KEY_F(10)),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		assert_non_null(keys_find(codes[i]));
}

/* The hints of the footer fit on 80 columns. */
static void test_hints_fit(void **state)
{
	const struct key *key;
	size_t width = 0;

	(void)state;
	for (key = keys_table(); key->name; key++)
		if (key->hint)
			width += strlen(key->name) + strlen(key->hint) + 1;
	assert_true(width <= 80);
}

static void test_leave(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	assert_true(press(&fx, 'q') & REACT_LEAVE);
	assert_true(press(&fx, KEYS_FN(KEY_F(10))) & REACT_LEAVE);
	assert_true(press(&fx, KEYS_CTRL('c')) & REACT_LEAVE);
	press(&fx, '/');
	assert_false(press(&fx, 'q') & REACT_LEAVE);
	assert_true(press(&fx, KEYS_CTRL('c')) & REACT_LEAVE);
	fixture_fini(&fx);
}

static void test_filter_prompt(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	press(&fx, '/');
	assert_non_null(fx.tui.mode);
	type(&fx, "ethq");
	assert_string_equal(fx.tui.filter, "ethq");
	press(&fx, KEYS_FN(KEY_BACKSPACE));
	assert_string_equal(fx.tui.filter, "eth");
	assert_true(press(&fx, '\r') & REACT_DRAW);
	assert_null(fx.tui.mode);
	assert_string_equal(fx.tui.filter, "eth");
	assert_true(press(&fx, KEYS_ESC) & REACT_BUILD);
	assert_string_equal(fx.tui.filter, "");
	press(&fx, '/');
	type(&fx, "x");
	press(&fx, KEYS_ESC);
	assert_null(fx.tui.mode);
	assert_string_equal(fx.tui.filter, "");
	fixture_fini(&fx);
}

static void test_prompt_is_bounded(void **state)
{
	struct fixture fx;
	int i;

	(void)state;
	fixture_init(&fx);
	press(&fx, '/');
	for (i = 0; i < 500; i++)
		press(&fx, 'a' + i % 26);
	assert_int_equal(strlen(fx.tui.filter), PROMPT_ROOM - 1);
	for (i = 0; i < 500; i++)
		press(&fx, KEYS_CTRL('h'));
	assert_string_equal(fx.tui.filter, "");
	type(&fx, "abc");
	press(&fx, KEYS_CTRL('u'));
	assert_string_equal(fx.tui.filter, "");
	press(&fx, KEYS_FN(KEY_F(5)));
	press(&fx, 7);
	assert_string_equal(fx.tui.filter, "");
	fixture_fini(&fx);
}

static void type_interval(struct fixture *fx, const char *text)
{
	press(fx, 't');
	type(fx, text);
	press(fx, '\r');
}

static void test_interval_prompt(void **state)
{
	static const char *const bad[] = { "0.05", "61", "x", "", "1x", "-1" };
	struct fixture fx;
	size_t i;

	(void)state;
	fixture_init(&fx);
	type_interval(&fx, "2.5");
	assert_null(fx.tui.mode);
	assert_int_equal(fx.interval_ns, 2500000000ULL);
	type_interval(&fx, "0.1");
	assert_int_equal(fx.interval_ns, PROMPTS_INTERVAL_MIN_NS);
	type_interval(&fx, "60");
	assert_int_equal(fx.interval_ns, PROMPTS_INTERVAL_MAX_NS);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		type_interval(&fx, bad[i]);
		assert_non_null(fx.tui.mode);
		assert_true(*fx.tui.message);
		press(&fx, KEYS_ESC);
		assert_null(fx.tui.mode);
	}
	assert_int_equal(fx.calls, 3);
	fixture_fini(&fx);
}

static void test_interval_steps_are_bounded(void **state)
{
	struct fixture fx;
	int i;

	(void)state;
	fixture_init(&fx);
	for (i = 0; i < 20; i++)
		press(&fx, '+');
	assert_int_equal(fx.interval_ns, PROMPTS_INTERVAL_MAX_NS);
	for (i = 0; i < 20; i++)
		press(&fx, '-');
	assert_int_equal(fx.interval_ns, PROMPTS_INTERVAL_MIN_NS);
	fx.tui.interval_ns = 1500000000ULL;
	press(&fx, '-');
	assert_int_equal(fx.interval_ns, SECOND);
	fixture_fini(&fx);
}

static void test_panels_and_pause(void **state)
{
	struct fixture fx;
	int i;

	(void)state;
	fixture_init(&fx);
	for (i = 0; i < NR_PANELS; i++)
		press(&fx, '\t');
	assert_int_equal(fx.tui.focus, PANEL_NAPI);
	press(&fx, KEYS_FN(KEY_BTAB));
	assert_int_equal(fx.tui.focus, PANEL_CPU);
	/* Nothing is shown yet that could stay. */
	assert_int_equal(press(&fx, ' '), REACT_NONE);
	fx.tui.filled = true;
	assert_true(press(&fx, ' ') & REACT_DRAW);
	assert_true(fx.tui.paused);
	fx.tui.pending = true;
	assert_true(press(&fx, ' ') & REACT_BUILD);
	assert_false(fx.tui.paused);
	assert_int_equal(fx.tui.shown, 1);
	fixture_fini(&fx);
}

static void build(struct fixture *fx)
{
	struct panel_view view = { .iv = tui_shown(&fx->tui),
				   .filter = fx->tui.filter,
				   .only_cpu = fx->tui.only_cpu };
	int i;

	for (i = 0; i < NR_PANELS; i++)
		assert_int_equal(panel_build(&fx->tui.panels[i], &view), 0);
}

static void test_cpu_opens_its_napis(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	fake_cpu(&fx.tui.data[0], 0, 10);
	fake_cpu(&fx.tui.data[0], 3, 500);
	fake_napi(&fx.tui.data[0], 1, 0, "eth0/0", 5, 50);
	fake_napi(&fx.tui.data[0], 2, 3, "eth0/1", 5, 500);
	build(&fx);
	fx.tui.focus = PANEL_CPU;
	assert_true(press(&fx, '\r') & REACT_BUILD);
	assert_int_equal(fx.tui.only_cpu, 3);
	assert_int_equal(fx.tui.focus, PANEL_NAPI);
	build(&fx);
	assert_int_equal(fx.tui.panels[PANEL_NAPI].lines.count, 1);
	press(&fx, KEYS_ESC);
	build(&fx);
	assert_int_equal(fx.tui.panels[PANEL_NAPI].lines.count, 2);
	fixture_fini(&fx);
}

/* Nodes, devices, and each row for itself again; what cannot be is let go. */
static void test_grouping(void **state)
{
	struct fixture fx;
	int id;

	(void)state;
	fixture_init(&fx);
	fake_cpu(&fx.tui.data[0], 0, 10);
	build(&fx);
	fx.tui.focus = PANEL_CPU;
	fx.tui.only_cpu = 0;
	assert_true(panel_sort_by(&fx.tui.panels[PANEL_NAPI],
				  field_find(SCOPE_NAPI, "irq")));
	assert_true(press(&fx, 'n') & REACT_BUILD);
	assert_int_equal(fx.tui.grouping, GROUP_NODE);
	assert_true(fx.tui.only_cpu == MISSING);
	for (id = 0; id < NR_PANELS; id++) {
		assert_ptr_equal(fx.tui.panels[id].class,
				 panels_class_of(id, GROUP_NODE));
		assert_int_equal(fx.tui.panels[id].class->sums, id != PANEL_DEV);
		assert_true(id == PANEL_DEV || !fx.tui.panels[id].lines.count);
	}
	/* A node is no CPU that NAPIs could be shown of. */
	build(&fx);
	assert_false(press(&fx, '\r') & REACT_BUILD);
	assert_true(fx.tui.only_cpu == MISSING);
	press(&fx, 'n');
	assert_int_equal(fx.tui.grouping, GROUP_DEV);
	press(&fx, 'n');
	assert_int_equal(fx.tui.grouping, GROUP_NONE);
	for (id = 0; id < NR_PANELS; id++)
		assert_ptr_equal(fx.tui.panels[id].class, panels_class(id));
	fixture_fini(&fx);
}

/* Enter on the line of what is folded shows it. */
static void test_fold_opens(void **state)
{
	struct fixture fx;
	unsigned int i;

	(void)state;
	fixture_init(&fx);
	for (i = 0; i < 20; i++)
		fake_cpu(&fx.tui.data[0], i, 0)->softirqs[NAPI_VEC_TIMER] = 1;
	build(&fx);
	fx.tui.focus = PANEL_CPU;
	assert_int_equal(fx.tui.panels[PANEL_CPU].lines.count, 1);
	assert_true(press(&fx, '\r') & REACT_BUILD);
	assert_true(fx.tui.show_idle);
	assert_true(fx.tui.only_cpu == MISSING);
	fixture_fini(&fx);
}

/* Every row of the list sorts by what it says, in every panel. */
static void test_sorter(void **state)
{
	const struct field *last;
	struct fixture fx;
	int id, i;

	(void)state;
	for (id = 0; id < NR_PANELS; id++) {
		fixture_init(&fx);
		fx.tui.focus = (enum panel_id)id;
		for (last = NULL, i = 1; i < 100; i++) {
			press(&fx, 's');
			assert_non_null(fx.tui.mode);
			press(&fx, KEYS_FN(KEY_DOWN));
			press(&fx, '\r');
			assert_null(fx.tui.mode);
			if (fx.tui.panels[id].sort == last)
				break;
			last = fx.tui.panels[id].sort;
		}
		assert_true(i > 3 && i < 100);
		fixture_fini(&fx);
	}
}

/* Counts, and remembers whether it began anew. */
static int take_diagnose(void *arg, bool anew, struct verdict *v,
			 struct verdict_scope *scope)
{
	struct fixture *fx = arg;

	(void)v;
	fx->calls++;
	scope->ns = anew ? SECOND : scope->ns + SECOND;
	return fx->calls == 1 ? -ENODATA : 0;
}

static void test_findings(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	/* Nobody judges: no such key. */
	assert_false(keys_is_there(&fx.tui, keys_find('d')));
	assert_int_equal(press(&fx, 'd'), REACT_NONE);
	assert_null(fx.tui.mode);
	fx.tui.owner.diagnose = take_diagnose;
	assert_true(press(&fx, 'd') & REACT_DRAW);
	assert_non_null(fx.tui.mode);
	assert_int_equal(fx.tui.verdict_err, -ENODATA);
	/* After a failure it begins anew, then it goes on. */
	fx.tui.mode->update(&fx.tui);
	assert_int_equal(fx.tui.verdict_err, 0);
	assert_int_equal(fx.tui.verdict_scope.ns, SECOND);
	/* And once a second, however often there is something new. */
	fx.tui.filled = true;
	fx.tui.data[0].mono_ns += SECOND / 10;
	fx.tui.mode->update(&fx.tui);
	assert_int_equal(fx.tui.verdict_scope.ns, SECOND);
	fx.tui.data[0].mono_ns += SECOND;
	fx.tui.mode->update(&fx.tui);
	assert_int_equal(fx.tui.verdict_scope.ns, 2 * SECOND);
	assert_int_equal(fx.calls, 3);
	press(&fx, 'j');
	press(&fx, KEYS_FN(KEY_DOWN));
	assert_int_equal(fx.tui.scroll, 2);
	press(&fx, KEYS_FN(KEY_UP));
	assert_int_equal(fx.tui.scroll, 1);
	fx.tui.page = 7;
	press(&fx, KEYS_FN(KEY_NPAGE));
	assert_int_equal(fx.tui.scroll, 8);
	press(&fx, KEYS_FN(KEY_HOME));
	assert_int_equal(fx.tui.scroll, 0);
	/* Keys of the panels do nothing here. */
	press(&fx, 'i');
	assert_false(fx.tui.show_idle);
	assert_non_null(fx.tui.mode);
	press(&fx, 'd');
	assert_null(fx.tui.mode);
	press(&fx, 'd');
	press(&fx, KEYS_ESC);
	assert_null(fx.tui.mode);
	press(&fx, 'd');
	assert_true(press(&fx, KEYS_CTRL('c')) & REACT_LEAVE);
	fixture_fini(&fx);
}

static void take_settings(void *arg, enum tui_settings needed)
{
	struct fixture *fx = arg;

	fx->settings = needed;
}

/* They are read while something shows them. */
static void test_settings_end_with_their_view(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	fx.tui.owner.diagnose = take_diagnose;
	fx.tui.owner.set_settings = take_settings;
	press(&fx, 'd');
	assert_int_equal(fx.settings, TUI_ALL_SETTINGS);
	press(&fx, KEYS_ESC);
	assert_int_equal(fx.settings, TUI_NO_SETTINGS);
	press(&fx, 'n');
	assert_int_equal(fx.tui.grouping, GROUP_NODE);
	assert_int_equal(fx.settings, TUI_NODES);
	press(&fx, 'd');
	assert_int_equal(fx.settings, TUI_ALL_SETTINGS);
	press(&fx, 'd');
	assert_int_equal(fx.settings, TUI_NODES);
	press(&fx, 'n');
	assert_int_equal(fx.settings, TUI_NO_SETTINGS);
	fixture_fini(&fx);
}

/* With no rows at all, no key does harm. */
static void test_all_keys_without_data(void **state)
{
	const struct key *key;
	struct fixture fx;

	(void)state;
	fixture_init(&fx);
	for (key = keys_table(); key->name; key++) {
		press(&fx, key->codes[0]);
		if (fx.tui.mode)
			press(&fx, KEYS_ESC);
		assert_null(fx.tui.mode);
	}
	fixture_fini(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_complete),
		cmocka_unit_test(test_promised_keys),
		cmocka_unit_test(test_hints_fit),
		cmocka_unit_test(test_leave),
		cmocka_unit_test(test_filter_prompt),
		cmocka_unit_test(test_prompt_is_bounded),
		cmocka_unit_test(test_interval_prompt),
		cmocka_unit_test(test_interval_steps_are_bounded),
		cmocka_unit_test(test_panels_and_pause),
		cmocka_unit_test(test_cpu_opens_its_napis),
		cmocka_unit_test(test_grouping),
		cmocka_unit_test(test_fold_opens),
		cmocka_unit_test(test_sorter),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_settings_end_with_their_view),
		cmocka_unit_test(test_all_keys_without_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
