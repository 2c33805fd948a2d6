// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands in cells, how bad it is, and what the header sums up. */
#include "fake.h"

#include "tui/cell.h"
#include "tui/panels.h"
#include "tui/summary.h"

static void assert_cpus(const uint64_t *cpus, size_t n, int width,
			const char *expected)
{
	char text[TEXT_ROOM];

	cell_list_cpus(text, cpus, n, width);
	assert_string_equal(text, expected);
}

static void test_cpu_lists(void **state)
{
	static const uint64_t cpus[] = { 0, 1, 2, 3, 7, 9, 10 };
	uint64_t many[600];
	size_t i;

	(void)state;
	assert_cpus(cpus, 0, 5, "");
	assert_cpus(cpus, 1, 5, "0");
	assert_cpus(cpus, 4, 5, "0-3");
	assert_cpus(cpus, 5, 5, "0-3,7");
	assert_cpus(cpus, 7, 12, "0-3,7,9-10");
	assert_cpus(cpus, 7, 5, "7x");
	assert_cpus(cpus, 7, 8, "7 cpus");
	for (i = 0; i < 600; i++)
		many[i] = i * 3;
	assert_cpus(many, 600, 8, "600 cpus");
}

static void assert_context(const struct napi_row *n, const char *expected)
{
	char text[CELL_CONTEXT_ROOM];

	cell_name_context(text, n);
	assert_string_equal(text, expected);
}

static void test_contexts(void **state)
{
	struct napi_row n = { .polls = 0 };

	(void)state;
	assert_context(&n, "idle");
	n.polls = n.inline_polls = 10;
	assert_context(&n, "inline");
	n.ksoftirqd_polls = 30;
	n.polls = 40;
	assert_context(&n, "ksoft 75%");
	n.threaded_polls = 100000;
	n.polls = 100040;
	assert_context(&n, "thread 99%");
}

/* The cell of a field in the first line of a panel. */
static void fill(struct cell *cell, const struct interval *iv, enum panel_id id,
		 const void *row, const char *field, int width)
{
	const struct panel_class *class = panels_class(id);
	struct panel_line line = { .row = row,
				   .id = { class->key(row), MISSING } };
	struct column column = { .kind = COLUMN_FIELD,
				 .field = field_find(class->scope, field),
				 .width = width };

	cell_fill(cell, iv, class, &line, &column);
}

static void test_numbers(void **state)
{
	struct interval iv;
	struct napi_row *n;
	struct cell cell;

	(void)state;
	fake_init(&iv);
	n = fake_napi(&iv, 1, 0, "eth0/0", 1500, 850 * 1000000ULL);
	fill(&cell, &iv, PANEL_NAPI, n, "polls", 6);
	assert_string_equal(cell.text, "1.50k");
	assert_int_equal(cell.alert, ALERT_NONE);
	fill(&cell, &iv, PANEL_NAPI, n, "poll_ns", 5);
	assert_string_equal(cell.text, "85.0");
	assert_int_equal(cell.alert, ALERT_CRIT);
	fill(&cell, &iv, PANEL_NAPI, n, "irq", 5);
	assert_string_equal(cell.text, "-");
	assert_true(cell.quiet);
	n->poll_ns = 12 * SECOND;
	fill(&cell, &iv, PANEL_NAPI, n, "poll_ns", 5);
	assert_string_equal(cell.text, "1200");
	interval_fini(&iv);
}

static void test_lists(void **state)
{
	struct napi_row *n, *pair;
	struct interval iv;
	struct cell cell;

	(void)state;
	fake_init(&iv);
	fake_napi(&iv, 1, 0, "eth0/0", 10, 10)->irq = 33;
	n = fake_napi(&iv, 2, 4, "eth0/1", 10, 10);
	n->irq = 33;
	pair = table_add(&iv.pairs);
	*pair = *(struct napi_row *)table_at(&iv.pairs, 1);
	pair->cpu = 5;
	fake_napi(&iv, 3, 7, "eth0/2", 10, 10);
	fake_irq(&iv, 33, 2, "eth0", 9);
	fake_irq(&iv, 34, 3, "nvme", 9);
	assert_int_equal(napi_index_make(&iv.index, &iv), 0);
	fill(&cell, &iv, PANEL_NAPI, n, "cpus", 6);
	assert_string_equal(cell.text, "4-5");
	fill(&cell, &iv, PANEL_IRQ, table_at(&iv.irqs, 0), "per_cpu", 6);
	assert_string_equal(cell.text, "2");
	fill(&cell, &iv, PANEL_IRQ, table_at(&iv.irqs, 0), "napis", 20);
	assert_string_equal(cell.text, "eth0/0,eth0/1");
	interval_fini(&iv);
}

static enum alert judge(const struct interval *iv, const char *field,
			uint64_t value)
{
	return alert_of_value(iv, field_find(SCOPE_CPU, field), value);
}

static void test_alert(void **state)
{
	struct interval iv;
	struct cpu_row *c;

	(void)state;
	fake_init(&iv);
	assert_int_equal(judge(&iv, "net_rx_ns", SECOND / 2 - 1), ALERT_NONE);
	assert_int_equal(judge(&iv, "net_rx_ns", SECOND / 2), ALERT_WARN);
	assert_int_equal(judge(&iv, "net_rx_ns", SECOND * 8 / 10), ALERT_CRIT);
	assert_int_equal(judge(&iv, "net_rx_ns", MISSING), ALERT_NONE);
	/* A squeeze that left nothing behind is harmless. */
	assert_int_equal(judge(&iv, "squeeze_budget", 1000), ALERT_NONE);
	assert_int_equal(judge(&iv, "squeeze_work_left", 1), ALERT_WARN);
	assert_int_equal(judge(&iv, "softnet_dropped", 1), ALERT_CRIT);
	c = fake_cpu(&iv, 0, 0);
	assert_int_equal(alert_of_row(&iv, SCOPE_CPU, c, false), ALERT_NONE);
	c->squeeze_work_left = 1;
	assert_int_equal(alert_of_row(&iv, SCOPE_CPU, c, false), ALERT_WARN);
	c->softnet_dropped = 1;
	assert_int_equal(alert_of_row(&iv, SCOPE_CPU, c, false), ALERT_CRIT);
	assert_int_equal(alert_mark(ALERT_CRIT), '!');
	interval_fini(&iv);
}

static void test_summary(void **state)
{
	struct summary s;
	struct interval iv;
	struct cpu_row *c;

	(void)state;
	fake_init(&iv);
	summary_make(&s, &iv);
	assert_null(s.cpu);
	assert_int_equal(s.squeezes, MISSING);
	c = fake_cpu(&iv, 0, 100);
	c->squeeze_time = 3;
	c = fake_cpu(&iv, 1, 500);
	c->squeeze_budget = 4;
	c->polls = 7;
	c->softnet_dropped = MISSING;
	fake_napi(&iv, 1, 0, "eth0/0", 100, 90);
	fake_napi(&iv, 2, 1, "eth0/1", 10, 100);
	fake_napi(&iv, 3, 1, "eth0/2", 10, 300);
	summary_make(&s, &iv);
	assert_int_equal(s.cpu->cpu, 1);
	assert_string_equal(s.napi->label, "eth0/2");
	assert_int_equal(s.squeezes, 7);
	assert_int_equal(s.sum.net_rx_ns, 600);
	assert_int_equal(s.sum.polls, 7);
	assert_int_equal(s.sum.softnet_dropped, 0);
	interval_fini(&iv);
}

/* Those of a CPU whose kinds are not known are not of none of them. */
static void test_squeezes_of_unknown_kind(void **state)
{
	struct summary s;
	struct interval iv;
	struct cpu_row *c;

	(void)state;
	fake_init(&iv);
	c = fake_cpu(&iv, 0, 100);
	c->squeeze_time = 3;
	c->softnet_squeezed = 3;
	c = fake_cpu(&iv, 1, 100);
	c->squeeze_budget = MISSING;
	c->squeeze_time = MISSING;
	c->softnet_squeezed = 1000;
	summary_make(&s, &iv);
	assert_int_equal(s.squeezes, 3);
	assert_int_equal(s.unknown, 1000);
	interval_fini(&iv);
}

/* Where no CPU knows a number, the sum does not know it either. */
static void test_summary_of_missing(void **state)
{
	struct summary s;
	struct interval iv;

	(void)state;
	fake_init(&iv);
	rows_missing(SCOPE_CPU, fake_cpu(&iv, 0, MISSING));
	summary_make(&s, &iv);
	assert_int_equal(s.squeezes, MISSING);
	assert_int_equal(s.sum.squeeze_work_left, MISSING);
	assert_int_equal(s.sum.net_rx_ns, MISSING);
	interval_fini(&iv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpu_lists),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_alert),
		cmocka_unit_test(test_summary),
		cmocka_unit_test(test_summary_of_missing),
		cmocka_unit_test(test_squeezes_of_unknown_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
