// SPDX-License-Identifier: GPL-2.0-or-later
/* Comparison of runs: which rows are the same ones, and what of them was when. */
#include "compared.h"

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

/* The reading of a signal: three squeezes in 20 ms are not 150 a second. */
static void test_a_short_interval_weighs_nothing(void **state)
{
	const struct compare_cell *squeezes;
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 10; i++) {
		add_interval(&c, SIDE_A, 5, 1000);
		add_interval(&c, SIDE_B, 5, 1000);
	}
	add_interval_of(&c, SIDE_B, SECOND / 50, 3, 1000);
	assert_int_equal(compare_judge(&c), 0);
	squeezes = cell(&c, "1", "squeeze_time");
	assert_true(moments_mean(&squeezes->sides[SIDE_B]) == 5);
	assert_int_equal(squeezes->word, COMPARE_SAME);
	compare_fini(&c);
}

/* A minute is missing in the middle: what comes behind it counts. */
static void test_a_long_interval_hides_no_other(void **state)
{
	const struct compare_cell *work;
	struct compare c;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 20; i++) {
		add_interval(&c, SIDE_A, 0, 1000);
		add_interval_of(&c, SIDE_B, i == 5 ? 60 * SECOND : SECOND, 0,
				i == 5 ? 60000 : 1000);
	}
	assert_int_equal(compare_judge(&c), 0);
	work = cell(&c, "1", "work");
	assert_int_equal(work->sides[SIDE_A].count, 20);
	assert_int_equal(work->sides[SIDE_B].count, 19);
	assert_int_equal(work->word, COMPARE_SAME);
	compare_fini(&c);
}

/* NAPIs 8193 to 8196, those of a mask; without queues.  Boots begin at boot_ns. */
static void add_numbered(struct compare *c, enum compare_side side,
			 unsigned int mask, uint64_t boot_ns)
{
	struct interval iv;
	struct napi_row *n;
	unsigned int i;

	interval_init(&iv);
	iv.ns = SECOND;
	iv.mono_ns = 77 * SECOND;
	iv.real_ns = iv.mono_ns + boot_ns;
	for (i = 0; i < 4; i++) {
		if (!(mask >> i & 1))
			continue;
		n = table_add(&iv.napis);
		rows_missing(SCOPE_NAPI, n);
		n->id = i;
		n->napi_id = 8193 + i;
		n->queue = n->backlog_cpu = MISSING;
		n->work = 100 * i;
		snprintf(n->dev, sizeof(n->dev), "eth0");
		snprintf(n->label, sizeof(n->label), "eth0#%u", 8193 + i);
	}
	assert_int_equal(compare_add(c, side, &iv), 0);
	interval_fini(&iv);
}

/* The third of all four, beside the second of three: eth0#8195's work in B. */
static double work_of_the_third(uint64_t boot_a, uint64_t boot_b)
{
	struct compare c;
	double mean;
	int i;

	compare_init(&c);
	for (i = 0; i < 5; i++) {
		add_numbered(&c, SIDE_A, 15, boot_a);
		add_numbered(&c, SIDE_B, 13, boot_b);
	}
	assert_int_equal(compare_judge(&c), 0);
	mean = moments_mean(&cell(&c, "eth0#8195", "work")->sides[SIDE_B]);
	compare_fini(&c);
	return mean;
}

/* One was idle in one run.  After a reboot nobody knows which it was. */
static void test_numbers_of_one_boot(void **state)
{
	(void)state;
	assert_true(work_of_the_third(1000 * SECOND, 1001 * SECOND) == 200);
	assert_true(work_of_the_third(1000 * SECOND, 2000 * SECOND) == 300);
}

/* Polled by threads that nobody times, and idle now and then. */
static void test_unknown_time_is_not_none(void **state)
{
	struct compare c;
	struct interval iv;
	struct napi_row *n;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 20; i++) {
		interval_init(&iv);
		iv.ns = SECOND;
		n = table_add(&iv.napis);
		rows_missing(SCOPE_NAPI, n);
		n->queue = 0;
		n->backlog_cpu = MISSING;
		snprintf(n->label, sizeof(n->label), "eth0/0");
		n->poll_ns = i & 1 ? SECOND / 5 : i % 5 ? MISSING : 0;
		assert_int_equal(compare_add(&c, i & 1, &iv), 0);
		interval_fini(&iv);
	}
	assert_int_equal(compare_judge(&c), 0);
	assert_int_equal(cell(&c, "eth0/0", "poll_ns")->word, COMPARE_MISSING);
	compare_fini(&c);
}

/* Its action ran first in the second half: the kernel counted all the time. */
static void test_an_interrupt_that_woke_up_late(void **state)
{
	const struct compare_cell *count;
	struct compare c;
	struct interval iv;
	struct irq_row *irq;
	int i;

	(void)state;
	compare_init(&c);
	for (i = 0; i < 20; i++) {
		interval_init(&iv);
		iv.ns = SECOND;
		if (i & 1 || i >= 10) {
			irq = table_add(&iv.irqs);
			irq->irq = 24;
			irq->count = irq->count_kernel = 100;
			snprintf(irq->name, sizeof(irq->name), "eth0-0");
		}
		assert_int_equal(compare_add(&c, i & 1, &iv), 0);
		interval_fini(&iv);
	}
	assert_int_equal(compare_judge(&c), 0);
	count = cell(&c, "24:eth0-0", "count_kernel");
	assert_true(fabs(moments_mean(&count->sides[SIDE_A]) - 50) < 1e-6);
	assert_int_equal(count->word, cell(&c, "24:eth0-0", "count")->word);
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
		cmocka_unit_test(test_the_busiest_cpu),
		cmocka_unit_test(test_rows_by_name),
		cmocka_unit_test(test_napis_without_a_number),
		cmocka_unit_test(test_queues_by_number),
		cmocka_unit_test(test_rows_that_come_and_go_are_zero_else),
		cmocka_unit_test(test_what_was_missing_was_not_zero),
		cmocka_unit_test(test_an_interrupt_that_was_requested_again),
		cmocka_unit_test(test_a_short_interval_weighs_nothing),
		cmocka_unit_test(test_a_long_interval_hides_no_other),
		cmocka_unit_test(test_numbers_of_one_boot),
		cmocka_unit_test(test_unknown_time_is_not_none),
		cmocka_unit_test(test_an_interrupt_that_woke_up_late),
		cmocka_unit_test(test_known_of_one_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
