// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparison of runs: noise stays noise, changes are found, rows by name. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/compare.h"

#define SECOND 1000000000ULL
#define RUNS 2000

static uint64_t random_state = 1;

/* Uniform in [0, 1): the same numbers everywhere. */
static double uniform(void)
{
	random_state =
		random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (double)(random_state >> 11) / 9007199254740992.0;
}

/* About normal, with mean 0 and deviation 1. */
static double normal(void)
{
	double sum = 0;
	int i;

	for (i = 0; i < 12; i++)
		sum += uniform();
	return sum - 6;
}

/* Values that change slowly tell less than as many that do not. */
static void test_effective(void **state)
{
	struct moments slow = { 0 }, fast = { 0 };
	double value = 0;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		value = 0.8 * value + normal();
		moments_add(&slow, value);
		moments_add(&fast, normal());
	}
	/* (1 - r) / (1 + r) of 1000 with r = 0.8 is 111. */
	assert_true(moments_effective(&slow) > 80);
	assert_true(moments_effective(&slow) < 150);
	assert_true(moments_effective(&fast) > 850);
}

/* An interval of a second with one CPU that squeezed and did NET_RX runs. */
static void add_interval(struct compare *c, enum compare_side side,
			 uint64_t squeezes, uint64_t work)
{
	struct interval iv;
	struct cpu_row *cpu;

	interval_init(&iv);
	iv.ns = SECOND;
	cpu = table_add(&iv.cpus);
	rows_missing(SCOPE_CPU, cpu);
	cpu->cpu = 1;
	cpu->squeeze_time = squeezes;
	cpu->work = work;
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

static const struct compare_cell *cell(const struct compare *c,
				       const char *row_name, const char *field)
{
	const struct compare_cell *cell;
	const struct compare_row *row;

	table_for_each (&c->rows, row)
		if (!strcmp(row->name, row_name))
			table_for_each (&row->cells, cell)
				if (!strcmp(cell->field->name, field))
					return cell;
	fail();
	return NULL;
}

static void test_change(void **state)
{
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 50 + (uint64_t)(5 * normal()), 1000);
		add_interval(&c, SIDE_B, 0, 2000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_BETTER);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_MORE);
	assert_true(compare_ratio(cell(&c, "1", "work")) == 2);
	/* never had */
	assert_int_equal(cell(&c, "1", "squeeze_budget")->word, COMPARE_NONE);
	compare_fini(&c);
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 0, 2000);
		add_interval(&c, SIDE_B, 50, 1000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_WORSE);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_LESS);
	assert_true(isnan(compare_ratio(cell(&c, "1", "squeeze_time"))));
	compare_fini(&c);
}

static void test_too_few(void **state)
{
	struct compare c;

	(void)state;
	compare_init(&c);
	add_interval(&c, SIDE_A, 50, 1000);
	add_interval(&c, SIDE_B, 0, 1000);
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_UNSURE);
	assert_int_equal(cell(&c, "1", "work")->word, COMPARE_SAME);
	compare_fini(&c);
}

/* How many of RUNS comparisons of the same noise, slow or not, find a change. */
static int false_alarms(double slowness, int intervals)
{
	int run, i, alarms = 0;
	struct compare c;
	double value[2];

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		value[0] = value[1] = 0;
		for (i = 0; i < 2 * intervals; i++) {
			value[i & 1] = slowness * value[i & 1] + normal();
			add_interval(&c, i & 1, 0,
				     (uint64_t)(1000 + 100 * value[i & 1]));
		}
		assert_int_equal(compare_judge(&c), 0);
		alarms += cell(&c, "1", "work")->word != COMPARE_SAME;
		compare_fini(&c);
	}
	return alarms;
}

/* Events that are rare: the same mean on both sides. */
static uint64_t rare(double mean)
{
	double left = exp(-mean), product = uniform();
	uint64_t n = 0;

	for (; product > left; n++)
		product *= uniform();
	return n;
}

static bool is_change(enum compare_word word)
{
	return word != COMPARE_SAME && word != COMPARE_UNSURE &&
	       word != COMPARE_NONE;
}

static int false_rare_alarms(double mean, int intervals)
{
	int run, i, alarms = 0;
	struct compare c;

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		for (i = 0; i < 2 * intervals; i++)
			add_interval(&c, i & 1, rare(mean), 1000);
		assert_int_equal(compare_judge(&c), 0);
		alarms += is_change(cell(&c, "1", "squeeze_time")->word);
		compare_fini(&c);
	}
	return alarms;
}

/* Drops and squeezes that come now and then, in recordings that are short. */
static void test_what_is_rare_is_no_change(void **state)
{
	static const int intervals[] = { 3, 4, 5, 8, 20 };
	static const double means[] = { 0.2, 0.5, 1, 3 };
	size_t i, k;
	int alarms;

	(void)state;
	for (i = 0; i < sizeof(intervals) / sizeof(*intervals); i++)
		for (k = 0; k < sizeof(means) / sizeof(*means); k++) {
			alarms = false_rare_alarms(means[k], intervals[i]);
			if (alarms > RUNS / 500)
				fail_msg("%d of %d at %.1f in %d intervals",
					 alarms, RUNS, means[k], intervals[i]);
		}
}

/* One in a thousand where values are independent; few where they are not. */
static void test_noise_is_no_change(void **state)
{
	(void)state;
	assert_true(false_alarms(0, 5) <= RUNS / 500);
	assert_true(false_alarms(0, 30) <= RUNS / 500);
	assert_true(false_alarms(0.5, 10) <= RUNS / 100);
	assert_true(false_alarms(0.5, 30) <= RUNS / 200);
	assert_true(false_alarms(0.7, 30) <= RUNS / 100);
}

/* Noise, and an interval in eight that stood still. */
static uint64_t stalled(uint64_t mean)
{
	return uniform() < 0.125 ?
		       0 :
		       (uint64_t)((double)mean * (1 + 0.1 * normal()));
}

/* How many of RUNS comparisons find a change. */
static int stalled_changes(uint64_t before, uint64_t after, int intervals)
{
	int run, i, found = 0;
	struct compare c;

	for (run = 0; run < RUNS; run++) {
		compare_init(&c);
		for (i = 0; i < 2 * intervals; i++)
			add_interval(&c, i & 1, 0,
				     stalled(i & 1 ? after : before));
		assert_int_equal(compare_judge(&c), 0);
		found += cell(&c, "1", "work")->word != COMPARE_SAME;
		compare_fini(&c);
	}
	return found;
}

/* Single intervals that are far off neither hide a change nor make one. */
static void test_outliers(void **state)
{
	int found;

	(void)state;
	found = stalled_changes(1000, 700, 20);
	/* By Welch's t alone it is one in ten. */
	if (found < RUNS * 2 / 3)
		fail_msg("%d of %d are found", found, RUNS);
	assert_true(stalled_changes(1000, 1000, 8) <= RUNS / 500);
	assert_true(stalled_changes(1000, 1000, 20) <= RUNS / 500);
	assert_true(stalled_changes(1000, 1000, 100) <= RUNS / 500);
}

/* A change of a third, in noise of a tenth, is found in 20 intervals of each. */
static void test_change_in_noise(void **state)
{
	int run, i, found = 0;
	struct compare c;

	(void)state;
	for (run = 0; run < 100; run++) {
		compare_init(&c);
		for (i = 0; i < 40; i++)
			add_interval(&c, i & 1, 0,
				     (uint64_t)((i & 1 ? 1333 : 1000) *
						(1 + 0.1 * normal())));
		assert_int_equal(compare_judge(&c), 0);
		found += cell(&c, "1", "work")->word == COMPARE_MORE;
		compare_fini(&c);
	}
	assert_true(found >= 90);
}

/* The same NAPIs with other ids, in another order, after a reboot. */
static void add_napis(struct compare *c, enum compare_side side, uint64_t first_id)
{
	struct interval iv;
	struct napi_row *n;
	uint64_t i, place;

	interval_init(&iv);
	iv.ns = SECOND;
	for (i = 0; i < 4; i++) {
		place = side == SIDE_A ? i : 3 - i;
		n = table_add(&iv.napis);
		rows_missing(SCOPE_NAPI, n);
		n->id = i;
		n->napi_id = first_id + place;
		n->queue = MISSING;
		n->backlog_cpu = MISSING;
		n->work = 100 * (place + 1);
		snprintf(n->dev, sizeof(n->dev), "eth0");
		snprintf(n->label, sizeof(n->label), "eth0#%u",
			 (unsigned int)n->napi_id);
		snprintf(n->poll_func, sizeof(n->poll_func), "mlx5e_napi_poll");
	}
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

/* NET_RX of CPUs 0, 1 and 2, in percent. */
static void add_net_rx(struct compare *c, enum compare_side side,
		       const unsigned int pct[3])
{
	struct interval iv;
	struct cpu_row *cpu;
	unsigned int i;

	interval_init(&iv);
	iv.ns = SECOND;
	for (i = 0; i < 3; i++) {
		cpu = table_add(&iv.cpus);
		rows_missing(SCOPE_CPU, cpu);
		cpu->cpu = i;
		cpu->net_rx_ns = SECOND / 100 * pct[i];
	}
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

/* Whichever is the busiest, in each interval. */
static void test_the_busiest_cpu(void **state)
{
	static const unsigned int before[][3] = { { 90, 10, 0 }, { 0, 90, 10 } };
	static const unsigned int after[] = { 30, 35, 35 };
	const struct compare_cell *busiest;
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_net_rx(&c, SIDE_A, before[i % 2]);
		add_net_rx(&c, SIDE_B, after);
	}
	assert_int_equal(compare_judge(&c), 0);
	busiest = cell(&c, "busiest", "net_rx_ns");
	assert_true(fabs(moments_mean(&busiest->sides[SIDE_A]) - 0.9) < 1e-6);
	assert_true(fabs(moments_mean(&busiest->sides[SIDE_B]) - 0.35) < 1e-6);
	assert_int_equal(busiest->word, COMPARE_LESS);
	compare_fini(&c);
}

static void test_rows_by_name(void **state)
{
	const struct compare_row *row;
	struct compare c;
	int i, rows = 0;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 3; i++) {
		add_napis(&c, SIDE_A, 8193);
		add_napis(&c, SIDE_B, 8301);
	}
	assert_int_equal(compare_judge(&c), 0);
	table_for_each (&c.rows, row) {
		if (row->scope != SCOPE_NAPI)
			continue;
		rows++;
		assert_true(row->seen[SIDE_A] && row->seen[SIDE_B]);
	}
	assert_int_equal(rows, 4);
	assert_int_equal(cell(&c, "eth0#8194", "work")->word, COMPARE_SAME);
	assert_true(moments_mean(&cell(&c, "eth0#8194", "work")->sides[SIDE_B]) ==
		    200);
	compare_fini(&c);
}

/* Queues 3 and 5 alone in one run, all eight in the other. */
static void add_queues(struct compare *c, enum compare_side side,
		       unsigned int mask)
{
	struct interval iv;
	struct napi_row *n;
	unsigned int q;

	interval_init(&iv);
	iv.ns = SECOND;
	for (q = 0; q < 8; q++) {
		if (!(mask >> q & 1))
			continue;
		n = table_add(&iv.napis);
		rows_missing(SCOPE_NAPI, n);
		n->id = q;
		n->napi_id = 8193 + q;
		n->queue = q;
		n->backlog_cpu = MISSING;
		n->work = 1000 * q;
		snprintf(n->dev, sizeof(n->dev), "eth0");
		snprintf(n->label, sizeof(n->label), "eth0/%u", q);
	}
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

/* Those for sending alone have no number: one row, with all that they did. */
static void add_senders(struct compare *c, enum compare_side side, uint64_t polls)
{
	struct interval iv;
	struct napi_row *n;
	unsigned int i;

	interval_init(&iv);
	iv.ns = SECOND;
	for (i = 0; i < 8; i++) {
		n = table_add(&iv.napis);
		rows_missing(SCOPE_NAPI, n);
		n->id = i;
		n->napi_id = n->queue = n->backlog_cpu = MISSING;
		n->inline_polls = polls;
		snprintf(n->dev, sizeof(n->dev), "eth0");
		snprintf(n->label, sizeof(n->label), "eth0:virtnet_poll_tx");
	}
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

static void test_napis_without_a_number(void **state)
{
	const struct compare_cell *polls;
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 3; i++) {
		add_senders(&c, SIDE_A, 10);
		add_senders(&c, SIDE_B, 30);
	}
	assert_int_equal(compare_judge(&c), 0);
	polls = cell(&c, "eth0:virtnet_poll_tx", "inline_polls");
	assert_true(moments_mean(&polls->sides[SIDE_A]) == 80);
	assert_true(moments_mean(&polls->sides[SIDE_B]) == 240);
	compare_fini(&c);
}

static void test_queues_by_number(void **state)
{
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_queues(&c, SIDE_A, 1 << 3 | 1 << 5);
		add_queues(&c, SIDE_B, 0xff);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "eth0/3", "work")->word, COMPARE_SAME);
	assert_int_equal(cell(&c, "eth0/5", "work")->word, COMPARE_SAME);
	assert_true(moments_mean(&cell(&c, "eth0/5", "work")->sides[SIDE_B]) ==
		    5000);
	compare_fini(&c);
}

/* The mean of one that polls in intervals [from, to) of 10, a thousand in each. */
static double mean_of_some(int from, int to)
{
	struct compare c;
	double mean;
	int i;

	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_queues(&c, SIDE_A, 1 << 1);
		add_queues(&c, SIDE_B, i >= from && i < to ? 1 | 1 << 1 : 1);
	}
	assert_int_equal(compare_judge(&c), 0);
	mean = moments_mean(&cell(&c, "eth0/1", "work")->sides[SIDE_B]);
	compare_fini(&c);
	return mean;
}

/* Before it began to poll, and since its device was deleted, it did nothing. */
static void test_rows_that_come_and_go_are_zero_else(void **state)
{
	(void)state;
	assert_true(fabs(mean_of_some(7, 10) - 300) < 1e-6);
	assert_true(fabs(mean_of_some(0, 7) - 700) < 1e-6);
	assert_true(fabs(mean_of_some(3, 7) - 400) < 1e-6);
}

/* The kinds of squeezes of a CPU are learned late: before that they are no zeros. */
static void test_what_was_missing_was_not_zero(void **state)
{
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 600, 1000);
		add_interval(&c, SIDE_B, i < 7 ? MISSING : 600, 1000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_SAME);
	compare_fini(&c);
}

/* Freed and requested again: its first row stands still. */
static void test_an_interrupt_that_was_requested_again(void **state)
{
	struct compare c;
	struct interval iv;
	struct irq_row *irq;
	int i, side, rows;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 20; i++) {
		side = i & 1;
		interval_init(&iv);
		iv.ns = SECOND;
		for (rows = 0; rows < 1 + side; rows++) {
			irq = table_add(&iv.irqs);
			irq->irq = 24;
			irq->id = 70 + rows;
			snprintf(irq->name, sizeof(irq->name), "eth0-0");
			irq->count = rows == side ? 5000 : 0;
			irq->count_kernel = rows == side ? 5000 : MISSING;
		}
		assert_int_equal(compare_add(&c, side, &iv), 0);
		interval_fini(&iv);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "24:eth0-0", "count")->word, COMPARE_SAME);
	assert_int_equal(cell(&c, "24:eth0-0", "count_kernel")->word,
			 COMPARE_SAME);
	compare_fini(&c);
}

static void test_known_of_one_run(void **state)
{
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 5; i++) {
		add_interval(&c, SIDE_A, 3, 1000);
		add_interval(&c, SIDE_B, MISSING, 1000);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "1", "squeeze_time")->word, COMPARE_MISSING);
	compare_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effective),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_too_few),
		cmocka_unit_test(test_noise_is_no_change),
		cmocka_unit_test(test_change_in_noise),
		cmocka_unit_test(test_outliers),
		cmocka_unit_test(test_the_busiest_cpu),
		cmocka_unit_test(test_rows_by_name),
		cmocka_unit_test(test_napis_without_a_number),
		cmocka_unit_test(test_queues_by_number),
		cmocka_unit_test(test_rows_that_come_and_go_are_zero_else),
		cmocka_unit_test(test_known_of_one_run),
		cmocka_unit_test(test_what_is_rare_is_no_change),
		cmocka_unit_test(test_what_was_missing_was_not_zero),
		cmocka_unit_test(test_an_interrupt_that_was_requested_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
