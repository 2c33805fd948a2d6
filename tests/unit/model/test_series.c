// SPDX-License-Identifier: GPL-2.0-or-later
/* Series of model/series.h: what is merged, what is kept, what is not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/hist.h"
#include "model/series.h"

#define SECOND 1000000000ULL

static void add_value(struct interval *iv, unsigned int kind, uint64_t id,
		      uint64_t cpu, uint64_t value, uint64_t count)
{
	struct hist_row *h = table_add(&iv->hists);

	assert_non_null(h);
	h->kind = kind;
	h->id = id;
	h->cpu = cpu;
	h->sum = count * value;
	h->max = value;
	h->counts[hist_bucket(value)] = count;
	table_sort(&iv->hists, hist_row_cmp);
}

static struct cpu_row *add_cpu(struct interval *iv, uint64_t cpu, uint64_t ns)
{
	struct cpu_row *c = table_add(&iv->cpus);

	assert_non_null(c);
	c->cpu = cpu;
	c->net_rx_ns = ns;
	c->softirq_ns = ns;
	return c;
}

/* On CPU 0, in NET_RX. */
static struct napi_row *add_napi(struct interval *iv, uint64_t id, uint64_t polls)
{
	struct napi_row *pair = table_add(&iv->pairs), *n = table_add(&iv->napis);

	assert_non_null(pair);
	assert_non_null(n);
	pair->id = id;
	pair->inline_polls = polls;
	pair->polls = polls;
	snprintf(pair->label, sizeof(pair->label), "nic/%u", (unsigned int)id);
	*n = *pair;
	n->cpu = MISSING;
	return pair;
}

/* The reading that ends so many seconds after the start. */
static void begin(struct interval *iv, unsigned int second)
{
	interval_init(iv);
	iv->ns = SECOND;
	iv->mono_ns = (1000 + second) * SECOND;
}

static void end(struct series *s, struct interval *iv)
{
	assert_int_equal(napi_index_make(&iv->index, iv), 0);
	assert_int_equal(series_add(s, iv), 0);
	interval_fini(iv);
}

static const struct series_row *only(const struct series_set *set)
{
	const struct series_row *row[2];

	assert_int_equal(series_busiest(set, row, 2), 1);
	return row[0];
}

static void test_buckets(void **state)
{
	static const uint64_t works[] = { 0, 1, 2, 3, 4, 63, 64, 127, 128, 4000 };
	static const unsigned int buckets[] = { 0, 1, 2, 2, 3, 6, 7, 7, 8, 8 };
	const struct series_napi *column;
	struct interval iv;
	struct series s;
	unsigned int i;

	(void)state;
	for (i = 0; i < 10; i++) {
		series_init(&s);
		begin(&iv, 1);
		add_napi(&iv, 1, 7);
		add_value(&iv, NAPI_HIST_WORK, 1, 0, works[i], 7);
		end(&s, &iv);
		column = series_napi_at(only(&s.napis), 0);
		assert_int_equal(column->work[buckets[i]], 7);
		assert_true(works[i] >= series_work_low(buckets[i]));
		assert_true(buckets[i] == SERIES_WORKS - 1 ||
			    works[i] < series_work_low(buckets[i] + 1));
		series_fini(&s);
	}
}

/* Each time is in the bucket whose ends are around it. */
static void test_times(void **state)
{
	const struct series_cpu *column;
	struct interval iv;
	struct series s;
	unsigned int i, at;
	uint64_t ns, low;

	(void)state;
	for (i = 0; i < 40; i++) {
		ns = i % 2 ? 3ULL << i : 1ULL << i;
		series_init(&s);
		begin(&iv, 1);
		add_cpu(&iv, 5, 1);
		add_value(&iv, NAPI_HIST_RAISE_NS, 0, 5, ns, 3);
		end(&s, &iv);
		column = series_cpu_at(only(&s.cpus), 0);
		for (at = 0; !column->raise[at]; at++)
			;
		low = hist_low(hist_bucket(ns));
		assert_int_equal(column->raise[at], 3);
		assert_true(low >= series_time_low(at));
		assert_true(at == SERIES_TIMES - 1 ||
			    low < series_time_low(at + 1));
		assert_int_equal(column->raise_p99_ns, ns);
		series_fini(&s);
	}
}

/* 1003 readings: the columns are bounded, in order, and lose nothing. */
static void test_merge(void **state)
{
	static struct series s;
	const struct series_napi *column;
	uint64_t polls = 0, most = 0;
	struct interval iv;
	unsigned int i, readings = 0;

	(void)state;
	series_init(&s);
	for (i = 1; i <= 1003; i++) {
		begin(&iv, i);
		add_napi(&iv, 1, i);
		add_value(&iv, NAPI_HIST_WORK, 1, 0, 64, i);
		add_value(&iv, NAPI_HIST_POLL_NS, 1, 0, 1000 * i, 1);
		end(&s, &iv);
		assert_true(s.count <= SERIES_COLUMNS);
	}
	assert_int_equal(s.readings, 4);
	assert_int_equal(s.count, 251);
	for (i = 0; i < s.count; i++) {
		column = series_napi_at(only(&s.napis), i);
		polls += column->work[7];
		assert_true(column->poll_p99_ns > most);
		most = column->poll_p99_ns;
		readings += s.spans[i].readings;
		assert_int_equal(s.spans[i].start_ns, (1000 + 4 * i) * SECOND);
		assert_int_equal(s.spans[i].end_ns, (1000 + readings) * SECOND);
	}
	assert_int_equal(readings, 1003);
	assert_int_equal(polls, 1003 * 1004 / 2);
	assert_int_equal(most, 1003000);
	series_fini(&s);
}

/* More NAPIs than are kept: the busiest are, also one that comes late. */
static void test_kept(void **state)
{
	const struct series_row *rows[SERIES_KEPT + 1];
	struct interval iv;
	struct series s;
	unsigned int i, id;

	(void)state;
	series_init(&s);
	for (i = 1; i <= 4; i++) {
		begin(&iv, i);
		for (id = 1; id <= 2 * SERIES_KEPT; id++)
			add_napi(&iv, id, 100 + id);
		if (i > 1)
			add_napi(&iv, 999, 100000);
		end(&s, &iv);
	}
	assert_int_equal(s.napis.rows.count, 2 * SERIES_KEPT + 1);
	assert_int_equal(series_busiest(&s.napis, rows, SERIES_KEPT + 1),
			 SERIES_KEPT);
	assert_int_equal(rows[0]->id, 999);
	assert_int_equal(rows[0]->total, 300000);
	/* Its first reading found no row that had less than half of it. */
	assert_int_equal(rows[0]->since, 2);
	assert_string_equal(rows[1]->name, "nic/32");
	assert_int_equal(rows[1]->since, 0);
	series_fini(&s);
}

/* NAPIs come and go for days: those that never got columns are forgotten. */
static void test_forgotten(void **state)
{
	const struct series_row *rows[SERIES_KEPT];
	struct interval iv;
	struct series s;
	unsigned int i, id;

	(void)state;
	series_init(&s);
	for (i = 0; i < 12; i++) {
		begin(&iv, 1 + i);
		for (id = 1; id <= SERIES_KEPT + 1; id++)
			add_napi(&iv, id, 1000);
		for (id = 0; id < 1000; id++)
			add_napi(&iv, 1000 + 1000 * i + id, 1);
		end(&s, &iv);
	}
	assert_true(s.napis.rows.count <= SERIES_ROWS);
	assert_int_equal(series_busiest(&s.napis, rows, SERIES_KEPT),
			 SERIES_KEPT);
	for (i = 0; i < SERIES_KEPT; i++)
		assert_int_equal(rows[i]->total, 12000);
	series_fini(&s);
}

/* The time of NET_RX is shared out by the polls; threads have their own. */
static void test_contexts(void **state)
{
	const struct series_cpu *column;
	struct napi_row *pair;
	struct cpu_row *c;
	struct interval iv;
	struct series s;

	(void)state;
	series_init(&s);
	begin(&iv, 1);
	c = add_cpu(&iv, 0, 1000);
	c->softirq_ns = 1500;
	c->hardirq_ns = 70;
	pair = add_napi(&iv, 1, 3);
	pair->ksoftirqd_polls = 1;
	pair->threaded_polls = 4;
	pair->busy_polls = 5;
	pair->exact = 1;
	pair->poll_ns = 800;
	end(&s, &iv);
	column = series_cpu_at(only(&s.cpus), 0);
	assert_int_equal(column->hardirq_ns, 70);
	assert_int_equal(column->net_rx_ns, 1000);
	assert_int_equal(column->ksoftirqd_ns, 250);
	assert_int_equal(column->softirq_ns, 500);
	assert_int_equal(column->threaded_ns, 400);
	assert_int_equal(column->untimed_polls, 5);
	series_fini(&s);
}

/* A squeeze whose kind is not known makes no 0 of those of the column. */
static void test_missing(void **state)
{
	const struct series_cpu *column;
	struct interval iv;
	struct series s;
	unsigned int i;

	(void)state;
	series_init(&s);
	for (i = 1; i <= SERIES_COLUMNS + 1; i++) {
		begin(&iv, i);
		add_cpu(&iv, 0, 1)->squeeze_budget = i == 4 ? MISSING : i;
		end(&s, &iv);
	}
	column = series_cpu_at(only(&s.cpus), 0);
	assert_int_equal(column[0].squeeze_budget, 1 + 2);
	assert_true(column[1].squeeze_budget == MISSING);
	assert_int_equal(column[2].squeeze_budget, 5 + 6);
	assert_int_equal(column[SERIES_COLUMNS / 2].squeeze_budget,
			 SERIES_COLUMNS + 1);
	assert_int_equal(column[SERIES_COLUMNS / 2 + 1].squeeze_budget, 0);
	series_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buckets),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
