// SPDX-License-Identifier: GPL-2.0-or-later
/* Histograms of model/hist.h: percentiles of known distributions, sums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/hist.h"
#include "model/interval.h"

static void add_value(struct hist_row *h, uint64_t value)
{
	h->counts[hist_bucket(value)]++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
}

static int value_cmp(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Every per mille of it, against the sorted values themselves. */
static void check_percentiles(uint64_t *values, size_t n)
{
	static struct hist_row h;
	unsigned int permille;
	uint64_t exact, got;
	size_t i;

	memset(&h, 0, sizeof(h));
	for (i = 0; i < n; i++)
		add_value(&h, values[i]);
	qsort(values, n, sizeof(*values), value_cmp);
	assert_int_equal(hist_count(&h), n);
	assert_int_equal(h.max, values[n - 1]);
	for (permille = 1; permille <= 1000; permille++) {
		exact = values[(n * permille + 999) / 1000 - 1];
		got = hist_percentile(&h, permille);
		assert_true(got >= exact);
		assert_true(got - exact <= exact * HIST_ERROR_PCT / 100);
		if (exact < 32)
			assert_int_equal(got, exact);
	}
	assert_int_equal(hist_percentile(&h, 1000), values[n - 1]);
}

/* A generator of its own: the same values everywhere. */
static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void test_uniform(void **state)
{
	static uint64_t values[100003];
	size_t i;

	(void)state;
	for (i = 0; i < 100003; i++)
		values[i] = 7 * i;
	check_percentiles(values, 100003);
}

/* From 1 ns to half a minute, as many in each power of two. */
static void test_log_uniform(void **state)
{
	static uint64_t values[100003];
	uint64_t random = 1;
	size_t i;

	(void)state;
	for (i = 0; i < 100003; i++)
		values[i] = (1ULL << i % 35) +
			    next_random(&random) % (1ULL << i % 35);
	check_percentiles(values, 100003);
}

/* A long tail: one value in a thousand is a thousand times as large. */
static void test_tail(void **state)
{
	static uint64_t values[10007];
	uint64_t random = 7;
	size_t i;

	(void)state;
	for (i = 0; i < 10007; i++)
		values[i] = (i % 1000 ? 1 : 1000) *
			    (600 + next_random(&random) % 100);
	check_percentiles(values, 10007);
}

static void test_one_value(void **state)
{
	uint64_t values[] = { 64 };

	(void)state;
	check_percentiles(values, 1);
}

static void test_none(void **state)
{
	static struct hist_row h;

	(void)state;
	assert_true(hist_percentile(&h, 500) == MISSING);
	h.max = 99;
	hist_sub(&h, NULL);
	assert_int_equal(h.max, 0);
}

/* What is older than the interval is not in it. */
static void test_growth(void **state)
{
	static struct hist_row before, after;

	(void)state;
	add_value(&before, 5);
	add_value(&before, 1000);
	after = before;
	add_value(&after, 7);
	after.max = 7;
	hist_sub(&after, &before);
	assert_int_equal(hist_count(&after), 1);
	assert_int_equal(after.sum, 7);
	assert_int_equal(after.max, 7);
	assert_int_equal(hist_percentile(&after, 990), 7);
}

/* The largest value is of the values, whatever came while they were read. */
static void test_max_is_of_the_values(void **state)
{
	static struct hist_row h;

	(void)state;
	add_value(&h, 100);
	h.max = 5000;
	hist_sub(&h, NULL);
	assert_int_equal(h.max, hist_low(hist_bucket(100) + 1) - 1);
	h.max = 3;
	hist_sub(&h, NULL);
	assert_int_equal(h.max, hist_low(hist_bucket(100)));
}

static void snapshot_add_napi(struct snapshot *s, uint64_t id, uint64_t cpu,
			      uint64_t ifindex)
{
	struct napi_row *row = table_add(&s->pairs);

	row->id = id;
	row->cpu = cpu;
	row->ifindex = ifindex;
	row->backlog_cpu = MISSING;
}

static void snapshot_add_hist(struct snapshot *s, uint64_t kind, uint64_t id,
			      uint64_t cpu, uint64_t value)
{
	struct hist_row *row = table_add(&s->hists);

	row->kind = kind;
	row->id = id;
	row->cpu = cpu;
	if (value)
		add_value(row, value);
}

/* NAPI 1 on CPUs 0 and 3, NAPI 2 on CPU 3, both of device 7; NAPI 4 of none. */
static void make_snapshot(struct snapshot *s, bool later)
{
	struct dev_row *dev;
	struct cpu_row *cpu;

	snapshot_init(s);
	cpu = table_add(&s->cpus);
	cpu->cpu = 0;
	cpu = table_add(&s->cpus);
	cpu->cpu = 3;
	dev = table_add(&s->devs);
	dev->ifindex = 7;
	snapshot_add_napi(s, 1, 0, 7);
	snapshot_add_napi(s, 1, 3, 7);
	snapshot_add_napi(s, 2, 3, 7);
	snapshot_add_napi(s, 4, 3, 9);
	snapshot_add_hist(s, NAPI_HIST_WORK, 1, 0, later ? 10 : 0);
	snapshot_add_hist(s, NAPI_HIST_WORK, 1, 3, later ? 20 : 0);
	snapshot_add_hist(s, NAPI_HIST_WORK, 2, 3, later ? 30 : 0);
	snapshot_add_hist(s, NAPI_HIST_WORK, 4, 3, later ? 31 : 0);
	snapshot_add_hist(s, NAPI_HIST_RAISE_NS, 0, 3, later ? 9 : 0);
	snapshot_add_hist(s, NAPI_HIST_POLL_NS, 2, 3, 11);
	snapshot_sort(s);
}

static uint64_t sum_of(const struct interval *iv, enum napi_hist_kind kind,
		       enum field_scope scope, const void *row)
{
	static struct hist_row sum;

	return hist_of_row(iv, kind, scope, row, &sum) ? sum.sum : MISSING;
}

static void test_rows(void **state)
{
	struct snapshot a, b;
	struct interval iv;
	struct napi_row *napi;

	(void)state;
	make_snapshot(&a, false);
	make_snapshot(&b, true);
	interval_init(&iv);
	assert_int_equal(interval_make(&iv, &a, &b), 0);
	/* what did not grow is left out */
	assert_int_equal(iv.hists.count, 5);
	napi = table_at(&iv.napis, 0);
	assert_int_equal(sum_of(&iv, NAPI_HIST_WORK, SCOPE_NAPI, napi), 30);
	napi = table_at(&iv.pairs, 1);
	assert_int_equal(sum_of(&iv, NAPI_HIST_WORK, SCOPE_NAPI, napi), 20);
	assert_int_equal(sum_of(&iv, NAPI_HIST_WORK, SCOPE_DEV,
				table_at(&iv.devs, 0)),
			 60);
	assert_int_equal(sum_of(&iv, NAPI_HIST_WORK, SCOPE_CPU,
				table_at(&iv.cpus, 1)),
			 81);
	assert_int_equal(sum_of(&iv, NAPI_HIST_RAISE_NS, SCOPE_CPU,
				table_at(&iv.cpus, 1)),
			 9);
	assert_true(sum_of(&iv, NAPI_HIST_RAISE_NS, SCOPE_CPU,
			   table_at(&iv.cpus, 0)) == MISSING);
	assert_int_equal(((struct cpu_row *)iv.cpus.rows)[1].raise_p99_ns, 9);
	assert_true(((struct cpu_row *)iv.cpus.rows)[0].raise_p99_ns == MISSING);
	interval_fini(&iv);
	snapshot_fini(&a);
	snapshot_fini(&b);
}

/* Of what was skipped between two snapshots the largest value counts. */
static void test_largest_of_skipped(void **state)
{
	struct table now = TABLE_INIT(struct hist_row);
	struct table before = TABLE_INIT(struct hist_row);
	const uint64_t cpus[] = { 0, 2, 3 }, seen[] = { 1, 2, 5 };
	const struct hist_row *h;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		((struct hist_row *)table_add(&before))->cpu = seen[i];
		((struct hist_row *)table_at(&before, i))->max = 100 + i;
		((struct hist_row *)table_add(&now))->cpu = cpus[i];
		((struct hist_row *)table_at(&now, i))->max = 50 + i;
	}
	hists_keep_max(&now, &before);
	h = now.rows;
	assert_int_equal(h[0].max, 50);
	assert_int_equal(h[1].max, 101);
	assert_int_equal(h[2].max, 52);
	((struct hist_row *)table_at(&now, 1))->max = 900;
	hists_keep_max(&now, &before);
	assert_int_equal(h[1].max, 900);
	table_fini(&now);
	table_fini(&before);
}

static void add_late(struct snapshot *s, uint64_t cpu, uint64_t ns,
		     const char *comm)
{
	struct cpu_row *row = table_add(&s->cpus);

	row->cpu = cpu;
	row->late_ns = ns;
	strcpy(row->late_comm, comm);
}

static void check_late(const struct snapshot *s, size_t i, uint64_t ns,
		       const char *comm)
{
	const struct cpu_row *row = table_at(&s->cpus, i);

	assert_true(row->late_ns == ns);
	assert_string_equal(row->late_comm, comm);
}

/* So does the latest entry, with the task that made it late. */
static void test_latest_of_skipped(void **state)
{
	struct snapshot now, before;

	(void)state;
	snapshot_init(&now);
	snapshot_init(&before);
	add_late(&now, 0, 50, "now0");
	add_late(&now, 2, MISSING, "");
	add_late(&now, 3, 90, "now3");
	add_late(&now, 4, 40, "now4");
	add_late(&before, 2, 10, "before2");
	add_late(&before, 3, 80, "before3");
	add_late(&before, 4, 60, "before4");
	add_late(&before, 5, 70, "before5");
	snapshot_keep_max(&now, &before);
	check_late(&now, 0, 50, "now0");
	check_late(&now, 1, 10, "before2");
	check_late(&now, 2, 90, "now3");
	check_late(&now, 3, 60, "before4");
	((struct cpu_row *)table_at(&before.cpus, 0))->late_ns = MISSING;
	snapshot_keep_max(&now, &before);
	check_late(&now, 1, 10, "before2");
	snapshot_fini(&now);
	snapshot_fini(&before);
}

/* It is of the values, and absent without any, as the largest is. */
static void test_latest_is_of_the_values(void **state)
{
	static const struct {
		uint64_t late, want;
		const char *comm;
	} cases[] = {
		{ 100, 100, "it" },
		{ 90, 90, "it" }, /* the largest came after it was read */
		{ 5000, 103, "" },
		{ MISSING, MISSING, "" },
	};
	struct snapshot a, b;
	struct interval iv;
	size_t i;

	(void)state;
	snapshot_init(&a);
	snapshot_init(&b);
	interval_init(&iv);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		snapshot_clear(&b);
		add_late(&b, 3, cases[i].late, cases[i].comm);
		add_late(&b, 4, 70, "of none");
		snapshot_add_hist(&b, NAPI_HIST_RAISE_NS, 0, 3, 100);
		((struct hist_row *)b.hists.rows)->max =
			cases[i].late > 100 ? cases[i].late : 100;
		assert_int_equal(interval_make(&iv, &a, &b), 0);
		assert_true(((struct cpu_row *)table_at(&iv.cpus, 0))->late_ns ==
			    cases[i].want);
		assert_string_equal(
			((struct cpu_row *)table_at(&iv.cpus, 0))->late_comm,
			cases[i].comm);
		assert_true(((struct cpu_row *)table_at(&iv.cpus, 1))->late_ns ==
			    MISSING);
	}
	interval_fini(&iv);
	snapshot_fini(&a);
	snapshot_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uniform),
		cmocka_unit_test(test_log_uniform),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_one_value),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_max_is_of_the_values),
		cmocka_unit_test(test_largest_of_skipped),
		cmocka_unit_test(test_latest_of_skipped),
		cmocka_unit_test(test_latest_is_of_the_values),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
