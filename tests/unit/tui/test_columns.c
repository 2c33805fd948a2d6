// SPDX-License-Identifier: GPL-2.0-or-later
/* Columns of every panel at every width from 60 to 250. */
#include "fake.h"

#include <ctype.h>

#include "tui/panels.h"

static struct column_plan plan_by(enum panel_id id, enum grouping by)
{
	const struct panel_class *class = panels_class_of(id, by);

	return (struct column_plan){
		.scope = class->scope,
		.specs = class->specs,
		.sums = class->sums,
		.label_title = class->label_title,
		.label_width = 12,
		.spark = field_find(class->scope, class->spark),
	};
}

static struct column_plan plan_of(enum panel_id id)
{
	return plan_by(id, GROUP_NONE);
}

static const struct column *find_column(const struct columns *c, const char *name)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		if (c->at[i].kind == COLUMN_FIELD &&
		    !strcmp(c->at[i].field->name, name))
			return &c->at[i];
	return NULL;
}

static const struct column *find_kind(const struct columns *c,
				      enum column_kind kind)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		if (c->at[i].kind == kind)
			return &c->at[i];
	return NULL;
}

static void check_places(const struct columns *c, int width)
{
	int x = 0;
	unsigned int i;

	assert_true(c->nr > 0);
	for (i = 0; i < c->nr; i++) {
		assert_int_equal(c->at[i].x, x);
		assert_true(c->at[i].width > 0);
		if (c->at[i].kind == COLUMN_FIELD)
			assert_true((int)strlen(c->at[i].title) <= c->at[i].width);
		x += c->at[i].width + 1;
	}
	assert_true(x - 1 <= width);
	assert_non_null(find_kind(c, COLUMN_LABEL));
}

static void test_places_at_every_width(void **state)
{
	struct column_plan plan;
	struct columns c;
	int id, width;

	(void)state;
	for (id = 0; id < NR_PANELS; id++) {
		for (width = 60; width <= 250; width++) {
			plan = plan_of(id);
			columns_choose(&c, &plan, width);
			check_places(&c, width);
			plan.label_width = 60;
			columns_choose(&c, &plan, width);
			check_places(&c, width);
		}
	}
}

static void check_has(enum panel_id id, int width, const char *const *names)
{
	struct column_plan plan = plan_of(id);
	struct columns c;

	columns_choose(&c, &plan, width);
	for (; *names; names++)
		assert_non_null(find_column(&c, *names));
}

/* What answers "which, how much, why" is there in the first 80 columns. */
static void test_essentials_at_80(void **state)
{
	static const char *const cpu[] = { "net_rx_ns",
					   "hardirq_ns",
					   "polls",
					   "work",
					   "squeeze_time",
					   "squeeze_budget",
					   "squeeze_work_left",
					   "softnet_dropped",
					   NULL };
	static const char *const napi[] = {
		"cpus",	     "poll_ns", "polls", "work", "work_per_poll_milli",
		"exhausted", NULL
	};
	static const char *const irq[] = { "irq",     "count", "ns",
					   "per_cpu", "napis", NULL };
	static const char *const dev[] = { "rx_packets", "rx_missed",
					   "rx_dropped", NULL };
	struct column_plan plan = plan_of(PANEL_NAPI);
	struct columns c;

	(void)state;
	check_has(PANEL_CPU, 79, cpu);
	check_has(PANEL_NAPI, 79, napi);
	check_has(PANEL_IRQ, 79, irq);
	check_has(PANEL_DEV, 79, dev);
	columns_choose(&c, &plan, 79);
	assert_non_null(find_kind(&c, COLUMN_CONTEXT));
}

/* Every field of text tables gets its column when there is room. */
static void test_everything_when_wide(void **state)
{
	const struct field *f;
	struct column_plan plan;
	struct columns c;
	int id;

	(void)state;
	for (id = 0; id < NR_PANELS; id++) {
		plan = plan_of(id);
		columns_choose(&c, &plan, 400);
		for (f = field_table(plan.scope); f->name; f++) {
			if (f->flags & (FIELD_HIDDEN | FIELD_NO_TEXT) ||
			    columns_names(plan.specs, f))
				continue;
			assert_non_null(find_column(&c, f->name));
		}
		assert_non_null(find_kind(&c, COLUMN_SPARK));
	}
}

static void test_wide_fields_wait(void **state)
{
	struct column_plan plan = plan_of(PANEL_NAPI);
	struct columns c;

	(void)state;
	columns_choose(&c, &plan, 79);
	assert_null(find_column(&c, "netpoll_polls"));
	assert_null(find_column(&c, "empty"));
	columns_choose(&c, &plan, 249);
	assert_non_null(find_column(&c, "netpoll_polls"));
	assert_non_null(find_column(&c, "empty"));
}

static void test_absent_fields_go(void **state)
{
	struct column_plan plan = plan_of(PANEL_NAPI);
	const struct field *table = field_table(SCOPE_NAPI);
	const struct field *f = field_find(SCOPE_NAPI, "schedules");
	struct columns c;

	(void)state;
	columns_choose(&c, &plan, 249);
	assert_non_null(find_column(&c, "schedules"));
	plan.absent = 1ULL << (f - table);
	columns_choose(&c, &plan, 249);
	assert_null(find_column(&c, "schedules"));
}

/* A bar is of one CPU's time, a number of one interrupt. */
static void test_sums_are_of_no_one(void **state)
{
	struct column_plan plan = plan_by(PANEL_CPU, GROUP_NODE);
	struct columns c;

	(void)state;
	columns_choose(&c, &plan, 249);
	assert_null(find_kind(&c, COLUMN_BAR));
	assert_non_null(find_column(&c, "net_rx_ns"));
	plan = plan_by(PANEL_NAPI, GROUP_DEV);
	plan.sort = field_find(SCOPE_NAPI, "napi_id");
	columns_choose(&c, &plan, 249);
	assert_null(find_column(&c, "napi_id"));
	assert_null(find_column(&c, "poll_func"));
	assert_null(find_column(&c, "irq"));
	assert_non_null(find_column(&c, "work"));
	plan = plan_by(PANEL_IRQ, GROUP_NODE);
	columns_choose(&c, &plan, 249);
	assert_null(find_column(&c, "irq"));
	assert_null(find_column(&c, "flow"));
	assert_non_null(find_column(&c, "count"));
}

static void test_sorted_field_is_shown(void **state)
{
	struct column_plan plan = plan_of(PANEL_NAPI);
	const struct field *f;
	struct columns c;

	(void)state;
	for (f = field_table(SCOPE_NAPI); f->name; f++) {
		/* The label leads every row: it is no column of its own. */
		if (f->flags & FIELD_HIDDEN || f->kind == FIELD_LIST ||
		    !strcmp(f->name, "label"))
			continue;
		plan.sort = f;
		plan.absent = UINT64_MAX;
		columns_choose(&c, &plan, 79);
		assert_non_null(find_column(&c, f->name));
	}
}

static void test_titles_have_units(void **state)
{
	char title[COLUMN_TITLE];
	const struct field *f;
	const char *ch;

	(void)state;
	columns_make_title(field_find(SCOPE_NAPI, "polls"), title);
	assert_string_equal(title, "POLL/s");
	columns_make_title(field_find(SCOPE_NAPI, "ns_per_packet"), title);
	assert_string_equal(title, "NS/PKT");
	for (f = field_table(SCOPE_CPU); f->name; f++) {
		columns_make_title(f, title);
		if (f->flags & FIELD_HIDDEN || f->kind == FIELD_VECTOR)
			continue;
		if (f->unit == UNIT_NS)
			assert_int_equal(!strchr(title, '%'),
					 !!(f->flags & FIELD_RATIO));
		for (ch = f->title; f->flags & FIELD_KERNEL && *ch; ch++)
			assert_false(isupper((unsigned char)*ch));
	}
}

/* Names take what is left, but never the room of the numbers. */
static void test_label_width(void **state)
{
	struct column_plan plan = plan_of(PANEL_NAPI);
	struct columns c;

	(void)state;
	plan.label_width = 38;
	columns_choose(&c, &plan, 79);
	assert_true(find_kind(&c, COLUMN_LABEL)->width < 25);
	columns_choose(&c, &plan, 249);
	assert_int_equal(find_kind(&c, COLUMN_LABEL)->width, 38);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_at_every_width),
		cmocka_unit_test(test_essentials_at_80),
		cmocka_unit_test(test_everything_when_wide),
		cmocka_unit_test(test_wide_fields_wait),
		cmocka_unit_test(test_absent_fields_go),
		cmocka_unit_test(test_sums_are_of_no_one),
		cmocka_unit_test(test_sorted_field_is_shown),
		cmocka_unit_test(test_titles_have_units),
		cmocka_unit_test(test_label_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
