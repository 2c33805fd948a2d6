// SPDX-License-Identifier: GPL-2.0-or-later
/* The field table is complete and consistent; formats of numbers and names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/field.h"
#include "model/format.h"
#include "model/hist.h"
#include "model/interval.h"
#include "util/safe.h"

static const size_t row_sizes[NR_SCOPES] = {
	[SCOPE_HOST] = sizeof(struct host_row),
	[SCOPE_CPU] = sizeof(struct cpu_row),
	[SCOPE_NAPI] = sizeof(struct napi_row),
	[SCOPE_IRQ] = sizeof(struct irq_row),
	[SCOPE_LINE] = sizeof(struct line_row),
	[SCOPE_DEV] = sizeof(struct dev_row),
	[SCOPE_LOST] = sizeof(struct lost_row),
	[SCOPE_HIST] = sizeof(struct hist_row),
	[SCOPE_TOLD] = sizeof(struct told_row),
	[SCOPE_STATE] = sizeof(struct state_row),
	[SCOPE_PROBE] = sizeof(struct probe_row),
	[SCOPE_PROGRAM] = sizeof(struct program_row),
	[SCOPE_CONFIG] = sizeof(struct config_row),
};

static size_t field_bytes(const struct field *f)
{
	return f->kind == FIELD_LIST ? 0 : f->size;
}

/* Every byte of every row belongs to exactly one field. */
static void test_every_member_has_one_field(void **state)
{
	static unsigned char owners[8192];
	const struct field *f;
	unsigned int scope;
	size_t i;

	(void)state;
	for (scope = 0; scope < NR_SCOPES; scope++) {
		assert_true(row_sizes[scope] <= sizeof(owners));
		memset(owners, 0, sizeof(owners));
		for (f = field_table(scope); f->name; f++)
			for (i = 0; i < field_bytes(f); i++)
				owners[f->offset + i]++;
		for (i = 0; i < row_sizes[scope]; i++)
			if (owners[i] != 1)
				fail_msg("%s: byte %zu has %u fields",
					 field_scope_name(scope), i, owners[i]);
	}
}

static void test_names_are_unique_and_explained(void **state)
{
	const struct field *f, *g;
	unsigned int scope;

	(void)state;
	for (scope = 0; scope < NR_SCOPES; scope++) {
		for (f = field_table(scope); f->name; f++) {
			assert_int_equal(f->scope, scope);
			assert_non_null(f->title);
			assert_true(strlen(f->help) > 5);
			assert_int_equal(f->help[strlen(f->help) - 1], '.');
			for (g = f + 1; g->name; g++)
				assert_string_not_equal(f->name, g->name);
			if (f->kind == FIELD_LIST)
				assert_non_null(f->list);
		}
	}
}

static void test_sizes_fit_kinds(void **state)
{
	const struct field *f;
	unsigned int scope;

	(void)state;
	for (scope = 0; scope < NR_SCOPES; scope++) {
		for (f = field_table(scope); f->name; f++) {
			switch (f->kind) {
			case FIELD_BUCKETS:
				assert_int_equal(f->size, HIST_BUCKETS * 8);
				break;
			case FIELD_TEXT:
			case FIELD_LIST:
				break;
			case FIELD_VECTOR:
			case FIELD_VECTOR32:
				assert_int_equal(f->size, NAPI_NR_VECS * 8);
				break;
			default:
				assert_int_equal(f->size, 8);
			}
		}
	}
}

static void test_counts_are_short(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0, "0" },	      { 1, "1" },	  { 853, "853" },
		{ 0.04, "<0.1" },     { 9997, "10.0k" },  { 99960, "100k" },
		{ 0.06, "0.1" },      { 2.5, "2.5" },	  { 1000, "1.00k" },
		{ 12345, "12.3k" },   { 999400, "999k" }, { 999600, "1.00M" },
		{ 4560000, "4.56M" },
	};
	char text[FORMAT_ROOM];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		format_count(cases[i].value, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void test_values_by_unit(void **state)
{
	const struct field *ns = field_find(SCOPE_CPU, "net_rx_ns");
	const struct field *count = field_find(SCOPE_CPU, "squeeze_time");
	struct interval iv;
	char text[FORMAT_ROOM];

	(void)state;
	interval_init(&iv);
	iv.ns = 2000000000;
	format_value(ns, &iv, 500000000, text);
	assert_string_equal(text, "25.0");
	format_value(count, &iv, 7, text);
	assert_string_equal(text, "3.5");
	format_total(count, &iv, 7, text);
	assert_string_equal(text, "7");
	format_value(count, &iv, MISSING, text);
	assert_string_equal(text, "-");
	format_total(count, &iv, MISSING, text);
	assert_string_equal(text, "-");
}

static void test_hostile_names_lose_their_sting(void **state)
{
	char out[32];

	(void)state;
	safe_text("a\033[31mb", out, sizeof(out));
	assert_string_equal(out, "a?[31mb");
	safe_text("\xc2\x9b", out, sizeof(out)); /* CSI in UTF-8 */
	assert_null(strchr(out, '\x9b'));
	safe_text("\xc0\xaf\xed\xa0\x80", out, sizeof(out)); /* no UTF-8 */
	assert_string_equal(out, "?????");
	safe_text("\xff\x80z", out, sizeof(out));
	assert_string_equal(out, "??z");
	safe_text("na\xc3\xafve", out, sizeof(out));
	assert_string_equal(out, "na\xc3\xafve");
	safe_text("long enough to be cut", out, 5);
	assert_string_equal(out, "long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_member_has_one_field),
		cmocka_unit_test(test_names_are_unique_and_explained),
		cmocka_unit_test(test_sizes_fit_kinds),
		cmocka_unit_test(test_counts_are_short),
		cmocka_unit_test(test_values_by_unit),
		cmocka_unit_test(test_hostile_names_lose_their_sting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
