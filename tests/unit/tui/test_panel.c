// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows of a panel: order, filter, folding, parts and the cursor. */
#include "tui/text.h"
#include "fake.h"

#include "tui/panels.h"

struct fixture {
	struct interval iv;
	struct panel panel;
	struct panel_view view;
};

static void fixture_init(struct fixture *fx, enum panel_id id)
{
	fake_init(&fx->iv);
	panel_init(&fx->panel, panels_class(id));
	fx->view = (struct panel_view){ .iv = &fx->iv,
					.filter = "",
					.only_cpu = MISSING };
}

static void fixture_fini(struct fixture *fx)
{
	panel_fini(&fx->panel);
	interval_fini(&fx->iv);
}

static void build(struct fixture *fx)
{
	assert_int_equal(panel_record(&fx->panel, &fx->iv), 0);
	assert_int_equal(panel_build(&fx->panel, &fx->view), 0);
}

/* The keys of the lines in their order, against expected ones. */
static void assert_lines(const struct fixture *fx, size_t n, const uint64_t *keys)
{
	const struct panel_line *line;
	size_t i;

	assert_int_equal(fx->panel.lines.count, n);
	for (i = 0; i < n; i++) {
		line = table_at(&fx->panel.lines, i);
		assert_int_equal(line->id.key, keys[i]);
	}
}

static void sort_by(struct fixture *fx, const char *name)
{
	assert_true(panel_sort_by(&fx->panel,
				  field_find(fx->panel.class->scope, name)));
	build(fx);
}

static void add_napis(struct fixture *fx)
{
	fake_napi(&fx->iv, 1, 0, "eth0/0", 100, 5000);
	fake_napi(&fx->iv, 2, 1, "eth0/10", 300, MISSING);
	fake_napi(&fx->iv, 3, 2, "eth0/2", 200, 9000);
	fake_napi(&fx->iv, 4, 3, "eth0/3", 0, 0);
	fake_napi(&fx->iv, 5, 0, "veth7/0", 1, 10);
	snprintf(((struct napi_row *)table_at(&fx->iv.napis, 4))->netns,
		 ROW_NETNS, "blue");
}

static void test_sort_missing_goes_last(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	sort_by(&fx, "poll_ns");
	assert_lines(&fx, 4, (uint64_t[]){ 3, 1, 5, 2 });
	fx.panel.reverse = true;
	build(&fx);
	assert_lines(&fx, 4, (uint64_t[]){ 5, 1, 3, 2 });
	fixture_fini(&fx);
}

static void test_sort_fields(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	sort_by(&fx, "polls");
	assert_lines(&fx, 4, (uint64_t[]){ 2, 3, 1, 5 });
	/* Names count up, and numbers in them are numbers. */
	sort_by(&fx, "label");
	assert_lines(&fx, 4, (uint64_t[]){ 1, 3, 2, 5 });
	/* Equal and missing ones keep their order. */
	sort_by(&fx, "irq");
	assert_lines(&fx, 4, (uint64_t[]){ 1, 2, 3, 5 });
	fixture_fini(&fx);
}

/*
 * One that nobody could time has a place too, and what looks alike on the
 * screen does not change places.
 */
static void test_busiest_first(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	fake_napi(&fx.iv, 1, 0, "eth0/0", 9, 100000001);
	fake_napi(&fx.iv, 2, 0, "eth0/1", 9, 100000002);
	fake_napi(&fx.iv, 3, 0, "eth0/2", 1000000, MISSING);
	fake_napi(&fx.iv, 4, 0, "eth0/3", 9, 300000000);
	build(&fx);
	assert_lines(&fx, 4, (uint64_t[]){ 3, 4, 1, 2 });
	fixture_fini(&fx);
}

static void test_sort_every_field(void **state)
{
	const struct field *f;
	struct fixture fx;
	int id, steps;

	(void)state;
	for (id = 0; id < NR_PANELS; id++) {
		fixture_init(&fx, id);
		add_napis(&fx);
		fake_cpu(&fx.iv, 0, 5);
		fake_cpu(&fx.iv, 1, MISSING);
		fake_irq(&fx.iv, 7, 0, "eth0", 3);
		fake_dev(&fx.iv, 1, "lo", 3);
		for (f = field_table(fx.panel.class->scope); f->name; f++)
			if (panel_sort_by(&fx.panel, f))
				build(&fx);
		panel_sort_by(&fx.panel, NULL);
		for (steps = 0; !steps || fx.panel.sort; steps++) {
			panel_sort_step(&fx.panel, 1);
			build(&fx);
			assert_true(steps < 100);
		}
		assert_true(steps > 3);
		panel_sort_step(&fx.panel, -1);
		assert_non_null(fx.panel.sort);
		panel_sort_step(&fx.panel, 1);
		assert_null(fx.panel.sort);
		fixture_fini(&fx);
	}
}

static void test_idle_folds(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	build(&fx);
	assert_int_equal(fx.panel.nr_rows, 5);
	assert_int_equal(fx.panel.nr_folded, 1);
	fx.view.show_idle = true;
	sort_by(&fx, "label");
	assert_lines(&fx, 5, (uint64_t[]){ 1, 3, 2, 5, 4 });
	assert_int_equal(fx.panel.nr_folded, 0);
	fixture_fini(&fx);
}

static void assert_filter(struct fixture *fx, const char *filter, size_t n)
{
	fx->view.filter = filter;
	build(fx);
	assert_int_equal(fx->panel.lines.count, n);
}

static void test_filter(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	assert_filter(&fx, "eth0/1", 1);
	assert_filter(&fx, "ETH", 4);
	assert_filter(&fx, "blue", 1);
	assert_filter(&fx, "fake_poll", 4);
	assert_filter(&fx, "nothing", 0);
	assert_null(panel_current(&fx.panel));
	assert_filter(&fx, "", 4);
	fixture_fini(&fx);

	fixture_init(&fx, PANEL_IRQ);
	fake_irq(&fx.iv, 33, 0, "eth0-rx-0", 5);
	fake_irq(&fx.iv, 34, 0, "nvme0q1", 5);
	assert_filter(&fx, "eth0-RX", 1);
	assert_filter(&fx, "34", 1);
	assert_filter(&fx, "3", 0);
	fixture_fini(&fx);
}

static uint64_t current_key(const struct fixture *fx)
{
	const struct panel_line *line = panel_current(&fx->panel);

	assert_non_null(line);
	return line->id.key;
}

static void test_cursor_follows_its_row(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	sort_by(&fx, "polls");
	/* Nobody moved it: it stays on top, whatever comes there. */
	assert_int_equal(current_key(&fx), 2);
	sort_by(&fx, "label");
	assert_int_equal(current_key(&fx), 1);
	panel_move(&fx.panel, 1);
	assert_int_equal(current_key(&fx), 3);
	sort_by(&fx, "polls");
	assert_int_equal(current_key(&fx), 3);
	fx.panel.reverse = true;
	build(&fx);
	assert_int_equal(current_key(&fx), 3);
	panel_home(&fx.panel);
	assert_int_equal(current_key(&fx), 5);
	fixture_fini(&fx);
}

static void test_cursor_survives_its_row(void **state)
{
	struct napi_row *n;
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	sort_by(&fx, "polls");
	panel_move(&fx.panel, 100);
	assert_int_equal(current_key(&fx), 5);
	n = table_at(&fx.iv.napis, 4);
	n->polls = 0;
	n->inline_polls = 0;
	n->work = 0;
	n->poll_ns = 0;
	/* It did nothing in one interval, and is read on. */
	build(&fx);
	assert_int_equal(current_key(&fx), 5);
	fx.iv.napis.count = 4;
	build(&fx);
	assert_int_equal(current_key(&fx), 1);
	table_clear(&fx.iv.napis);
	build(&fx);
	assert_null(panel_current(&fx.panel));
	panel_move(&fx.panel, 1);
	panel_move(&fx.panel, -1);
	add_napis(&fx);
	build(&fx);
	assert_non_null(panel_current(&fx.panel));
	fixture_fini(&fx);
}

/* What only loses packets, or only polls, is what somebody looks for. */
static void test_devices_that_are_not_idle(void **state)
{
	bool (*is_idle)(const void *row) = panels_class(PANEL_DEV)->is_idle;
	struct dev_row dev;

	(void)state;
	memset(&dev, 0, sizeof(dev));
	assert_true(is_idle(&dev));
	dev.rx_missed = 1;
	assert_false(is_idle(&dev));
	dev.rx_missed = MISSING;
	assert_true(is_idle(&dev));
	dev.polls = 1;
	assert_false(is_idle(&dev));
}

static void test_scrolling_keeps_cursor_in_sight(void **state)
{
	struct fixture fx;
	char label[24];
	int i;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	for (i = 0; i < 50; i++) {
		snprintf(label, sizeof(label), "eth0/%d", i);
		fake_napi(&fx.iv, (uint64_t)i, 0, label, 100, 5);
	}
	build(&fx);
	panel_scroll(&fx.panel, 10);
	assert_int_equal(fx.panel.top, 0);
	panel_move(&fx.panel, 10);
	panel_scroll(&fx.panel, 10);
	assert_int_equal(fx.panel.top, 1);
	panel_move(&fx.panel, 1000);
	panel_scroll(&fx.panel, 10);
	assert_int_equal(fx.panel.cursor, 49);
	assert_int_equal(fx.panel.top, 40);
	panel_scroll(&fx.panel, 45);
	assert_int_equal(fx.panel.top, 5);
	panel_scroll(&fx.panel, 0);
	panel_scroll(&fx.panel, 60);
	assert_int_equal(fx.panel.top, 0);
	fixture_fini(&fx);
}

/* One NAPI on two CPUs: the second part is added by hand. */
static void add_second_part(struct fixture *fx)
{
	struct napi_row *pair = table_add(&fx->iv.pairs);

	assert_non_null(pair);
	*pair = *(struct napi_row *)table_at(&fx->iv.pairs,
					     fx->iv.pairs.count - 2);
	pair->cpu = 6;
}

static void test_parts(void **state)
{
	const struct panel_line *line;
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	fake_napi(&fx.iv, 1, 0, "eth0/0", 100, 5000);
	fake_napi(&fx.iv, 2, 5, "eth0/1", 50, 4000);
	add_second_part(&fx);
	build(&fx);
	panel_move(&fx.panel, 1);
	assert_int_equal(panel_toggle_parts(&fx.panel), 0);
	build(&fx);
	assert_lines(&fx, 4, (uint64_t[]){ 1, 2, 2, 2 });
	line = table_at(&fx.panel.lines, 3);
	assert_true(line->part);
	assert_int_equal(line->id.cpu, 6);
	/* Closed from one of its parts, the cursor is on the row. */
	panel_move(&fx.panel, 2);
	assert_int_equal(panel_toggle_parts(&fx.panel), 0);
	build(&fx);
	assert_lines(&fx, 2, (uint64_t[]){ 1, 2 });
	assert_int_equal(fx.panel.cursor, 1);
	fixture_fini(&fx);
}

static void test_only_one_cpu(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	fx.view.only_cpu = 0;
	sort_by(&fx, "polls");
	assert_lines(&fx, 2, (uint64_t[]){ 1, 5 });
	fx.view.only_cpu = 77;
	build(&fx);
	assert_int_equal(fx.panel.lines.count, 0);
	fixture_fini(&fx);
}

static void test_busiest_cpu_first(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_CPU);
	fake_cpu(&fx.iv, 0, 10000000);
	fake_cpu(&fx.iv, 1, MISSING);
	fake_cpu(&fx.iv, 2, 900000000);
	/* Threaded: in no softirq at all. */
	fake_cpu(&fx.iv, 3, 0)->poll_ns = 500000000;
	build(&fx);
	assert_lines(&fx, 4, (uint64_t[]){ 2, 3, 0, 1 });
	fixture_fini(&fx);
}

static void test_absent_fields(void **state)
{
	const struct field *table = field_table(SCOPE_NAPI);
	const struct field *irq = field_find(SCOPE_NAPI, "irq");
	struct fixture fx;
	uint64_t bit = 1ULL << (irq - table);

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	build(&fx);
	assert_true(fx.panel.absent & bit);
	((struct napi_row *)fx.iv.napis.rows)->irq = 42;
	build(&fx);
	assert_false(fx.panel.absent & bit);
	((struct napi_row *)fx.iv.napis.rows)->irq = MISSING;
	build(&fx);
	assert_false(fx.panel.absent & bit);
	fixture_fini(&fx);
}

static void test_sparkline_field(void **state)
{
	enum history_series series;
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_NAPI);
	assert_string_equal(panel_spark(&fx.panel, &series)->name, "polls");
	assert_int_equal(series, HISTORY_USUAL);
	sort_by(&fx, "exhausted");
	assert_string_equal(panel_spark(&fx.panel, &series)->name, "exhausted");
	assert_int_equal(series, HISTORY_SORT);
	sort_by(&fx, "label");
	assert_string_equal(panel_spark(&fx.panel, &series)->name, "polls");
	fixture_fini(&fx);
}

/* The sum of a field over all lines that are no parts, and over all rows. */
static void assert_adds_up(const struct fixture *fx, const char *name)
{
	const struct panel_class *class = fx->panel.class;
	const struct field *f = field_find(class->scope, name);
	struct field_rows rows = interval_rows(&fx->iv, class->scope);
	uint64_t shown = MISSING, all = MISSING;
	const struct panel_line *line;
	size_t i;

	table_for_each (&fx->panel.lines, line)
		if (!line->part)
			shown = value_add(shown, field_u64(f, line->row));
	for (i = 0; i < rows.count; i++)
		all = value_add(all, field_u64(f, (const char *)rows.rows +
							  i * rows.row_size));
	assert_true(shown == all);
}

/* CPUs of which the first few poll; timers run on all of them. */
static void add_cpus(struct fixture *fx, unsigned int cpus, unsigned int busy)
{
	struct cpu_row *c;
	unsigned int i;

	for (i = 0; i < cpus; i++) {
		c = fake_cpu(&fx->iv, i, i < busy ? 1000000 * (i + 1) : 0);
		c->polls = i < busy ? 7 : 0;
		c->net_rx_runs = c->polls;
		c->softirqs[NAPI_VEC_TIMER] = 3 + i;
		c->softirq_ns += 100 * i;
		/* Nobody knows it of any, and of half of them. */
		c->dql_stalls = MISSING;
		c->stat_idle_ns = i % 2 ? MISSING : 1000 + i;
		c->raise_p99_ns = i;
	}
}

static void test_idle_cpus_are_one_line(void **state)
{
	static const char *const names[] = { "softirq_ns", "polls",
					     "poll_ns",	   "stat_idle_ns",
					     "dql_stalls", "net_rx_ns" };
	const struct panel_line *last;
	const struct cpu_row *sum;
	char label[TEXT_ROOM];
	struct fixture fx;
	size_t i;

	(void)state;
	fixture_init(&fx, PANEL_CPU);
	add_cpus(&fx, 256, 3);
	build(&fx);
	assert_int_equal(fx.panel.lines.count, 4);
	assert_int_equal(fx.panel.nr_folded, 253);
	last = table_at(&fx.panel.lines, 3);
	assert_int_equal(last->folded, 253);
	panel_label_folded(last, label, sizeof(label));
	assert_string_equal(label, "253 idle");
	assert_int_equal(fx.panel.label_width, strlen(label));
	sum = last->row;
	assert_true(sum->dql_stalls == MISSING);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_adds_up(&fx, names[i]);
	/* The cursor may stand on it, and it is not one of the rows. */
	panel_move(&fx.panel, 100);
	assert_int_equal(panel_current(&fx.panel)->folded, 253);
	build(&fx);
	assert_int_equal(panel_current(&fx.panel)->folded, 253);
	/* Nor the one of those that have no row any more, or no node. */
	((struct cpu_row *)table_at(&fx.iv.cpus, 2))->cpu = NAPI_GONE;
	build(&fx);
	assert_int_equal(panel_current(&fx.panel)->folded, 253);
	fx.view.show_idle = true;
	build(&fx);
	assert_int_equal(fx.panel.lines.count, 256);
	assert_adds_up(&fx, "softirq_ns");
	fixture_fini(&fx);
}

/* What has room is not folded, and where nothing adds up there is no line. */
static void test_few_cpus_stay(void **state)
{
	struct fixture fx;

	(void)state;
	fixture_init(&fx, PANEL_CPU);
	add_cpus(&fx, 16, 3);
	build(&fx);
	assert_int_equal(fx.panel.lines.count, 16);
	assert_int_equal(fx.panel.nr_folded, 0);
	fixture_fini(&fx);
	fixture_init(&fx, PANEL_NAPI);
	add_napis(&fx);
	build(&fx);
	assert_int_equal(fx.panel.nr_folded, 1);
	assert_int_equal(fx.panel.lines.count, 4);
	assert_adds_up(&fx, "polls");
	fixture_fini(&fx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort_missing_goes_last),
		cmocka_unit_test(test_sort_fields),
		cmocka_unit_test(test_busiest_first),
		cmocka_unit_test(test_sort_every_field),
		cmocka_unit_test(test_idle_folds),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_cursor_follows_its_row),
		cmocka_unit_test(test_cursor_survives_its_row),
		cmocka_unit_test(test_devices_that_are_not_idle),
		cmocka_unit_test(test_idle_cpus_are_one_line),
		cmocka_unit_test(test_few_cpus_stay),
		cmocka_unit_test(test_scrolling_keeps_cursor_in_sight),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_only_one_cpu),
		cmocka_unit_test(test_busiest_cpu_first),
		cmocka_unit_test(test_absent_fields),
		cmocka_unit_test(test_sparkline_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
