// SPDX-License-Identifier: GPL-2.0-or-later
/* From arrays as the programs leave them to rows: histograms and their maxima. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "collect/maps.h"
#include "model/hist.h"

#define NR_HISTS 8

struct fixture {
	struct napi_cpu cpus[2];
	struct napi_slot slots[4];
	struct napi_rec recs[4];
	struct irq_slot irqs[2];
	struct napi_hist hists[NR_HISTS];
	struct probe_control control;
	struct loader loader;
	struct snapshot s;
};

static int setup(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.control.hist_epoch = 5;
	f.loader.cpus = f.cpus;
	f.loader.slots = f.slots;
	f.loader.recs = f.recs;
	f.loader.irqs = f.irqs;
	f.loader.hists = f.hists;
	f.loader.control = &f.control;
	f.loader.sizes = (struct loader_sizes){
		.cpus = 2, .slots = 4, .irq_slots = 2, .hists = NR_HISTS
	};
	snapshot_init(&f.s);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	snapshot_fini(&f->s);
	return 0;
}

/* As hist_count() of the programs, in the epoch of the control. */
static void add_value(struct fixture *f, uint32_t cell, uint64_t value)
{
	uint64_t epoch = f->control.hist_epoch;
	struct napi_hist *h = &f->hists[cell - 1];

	h->counts[hist_bucket(value)]++;
	h->sum += value;
	if (h->max_epoch[epoch & 1] != epoch || h->max[epoch & 1] < value)
		h->max[epoch & 1] = value;
	h->max_epoch[epoch & 1] = epoch;
}

static void add_slot(struct fixture *f, unsigned int i, uint32_t rec, uint32_t cpu)
{
	f->slots[i].napi = 0x1000 + rec;
	f->slots[i].rec = rec;
	f->slots[i].cpu = cpu;
	f->recs[rec].napi = 0x1000 + rec;
	f->recs[rec].dev = 1;
}

static const struct hist_row *find(const struct fixture *f,
				   enum napi_hist_kind kind, uint64_t id,
				   uint64_t cpu)
{
	const struct hist_row *h;

	table_for_each (&f->s.hists, h)
		if (h->kind == kind && h->id == id && h->cpu == cpu)
			return h;
	return NULL;
}

static void test_of_pairs(void **state)
{
	struct fixture *f = *state;

	add_slot(f, 0, 2, 1);
	add_slot(f, 1, 3, 0);
	f->slots[0].hists[NAPI_HIST_WORK] = 8;
	f->slots[0].hists[NAPI_HIST_RESIDENCY_NS] = 3;
	f->slots[1].hists[NAPI_HIST_WORK] = NAPI_HIST_NONE;
	add_value(f, 8, 64);
	add_value(f, 8, 3);
	add_value(f, 3, 700);
	assert_int_equal(maps_read_pairs(&f->loader, &f->s), 0);
	assert_int_equal(f->s.pairs.count, 2);
	assert_int_equal(f->s.hists.count, 2);
	assert_int_equal(find(f, NAPI_HIST_WORK, 2, 1)->sum, 67);
	assert_int_equal(hist_count(find(f, NAPI_HIST_WORK, 2, 1)), 2);
	assert_int_equal(find(f, NAPI_HIST_RESIDENCY_NS, 2, 1)->sum, 700);
}

/* Of 10 polls 3 are of a thread that did not let the NAPI go, 2 used a budget up. */
static void test_held_polls_end_no_session(void **state)
{
	struct fixture *f = *state;
	const struct napi_row *row;

	add_slot(f, 0, 2, 1);
	f->slots[0].inline_polls = 4;
	f->slots[0].threaded_polls = 6;
	f->slots[0].held_polls = 3;
	f->slots[0].busy_polls = 5;
	f->slots[0].exhausted = 3;
	f->slots[0].busy_exhausted = 1;
	f->slots[0].untimed_polls = 6;
	assert_int_equal(maps_read_pairs(&f->loader, &f->s), 0);
	row = table_at(&f->s.pairs, 0);
	assert_int_equal(row->sessions, 4 + 6 - 3 - 2);
	assert_int_equal(row->threaded_polls, 6);
	assert_int_equal(row->untimed_polls, 6);
	assert_true(row->inferred & INFERRED_SESSIONS);
	assert_true(row->inferred & INFERRED_POLL_NS);
}

static void test_of_irqs_and_cpus(void **state)
{
	struct fixture *f = *state;
	struct cpu_row *cpu = table_add(&f->s.cpus);

	cpu->cpu = 1;
	f->cpus[1].raise_hist = 1;
	f->cpus[1].net_rx_hist = 2;
	f->irqs[0].action = 0x77;
	f->irqs[0].irq = 9;
	f->irqs[0].hist = 3;
	add_value(f, 1, 10);
	add_value(f, 2, 20);
	add_value(f, 3, 30);
	assert_int_equal(maps_read_cpus(&f->loader, &f->s), 0);
	assert_int_equal(maps_read_irqs(&f->loader, &f->s), 0);
	assert_int_equal(find(f, NAPI_HIST_RAISE_NS, 0, 1)->sum, 10);
	assert_int_equal(find(f, NAPI_HIST_NET_RX_NS, 0, 1)->sum, 20);
	assert_int_equal(find(f, NAPI_HIST_IRQ_NS, 0x77, 0)->sum, 30);
	assert_int_equal(find(f, NAPI_HIST_IRQ_NS, 0x77, 0)->irq, 9);
}

/* As the programs do, in the epoch of the control. */
static void add_late(struct fixture *f, uint64_t ns, const char *comm)
{
	uint64_t epoch = f->control.hist_epoch;
	struct napi_cpu *c = &f->cpus[1];

	if (c->late_epoch[epoch & 1] == epoch && c->late_ns[epoch & 1] >= ns)
		return;
	c->late_epoch[epoch & 1] = epoch;
	c->late_ns[epoch & 1] = ns;
	memset(c->late_comm[epoch & 1], 0, NAPI_COMM);
	memcpy(c->late_comm[epoch & 1], comm, strnlen(comm, NAPI_COMM));
}

static void check_late(struct fixture *f, uint64_t ns, const char *comm)
{
	struct cpu_row *cpu;

	snapshot_clear(&f->s);
	cpu = table_add(&f->s.cpus);
	rows_missing(SCOPE_CPU, cpu);
	cpu->cpu = 1;
	f->control.hist_epoch++;
	assert_int_equal(maps_read_cpus(&f->loader, &f->s), 0);
	assert_true(cpu->late_ns == ns);
	assert_string_equal(cpu->late_comm, comm);
}

static void test_late_of_each_reading(void **state)
{
	struct fixture *f = *state;

	f->control.hist_epoch = 1;
	check_late(f, MISSING, "");
	add_late(f, 500, "stress");
	add_late(f, 400, "swapper/1");
	check_late(f, 500, "stress");
	check_late(f, MISSING, "");
	add_late(f, 3, "sixteen letters_");
	check_late(f, 3, "sixteen letters");
	/* Before and while it is read: the larger one, with its task. */
	add_late(f, 70, "before");
	f->control.hist_epoch++;
	add_late(f, 60, "while");
	f->control.hist_epoch--;
	check_late(f, 70, "before");
	add_late(f, 80, "while");
	check_late(f, 80, "while");
}

static uint64_t read_max(struct fixture *f)
{
	snapshot_clear(&f->s);
	/* As the live source does, before it reads. */
	f->control.hist_epoch++;
	assert_int_equal(maps_read_pairs(&f->loader, &f->s), 0);
	return find(f, NAPI_HIST_WORK, 0, 0)->max;
}

/* Of the values since the reading before, whatever came earlier. */
static void test_max_of_each_reading(void **state)
{
	struct fixture *f = *state;

	add_slot(f, 0, 0, 0);
	f->slots[0].hists[NAPI_HIST_WORK] = 1;
	add_value(f, 1, 64);
	assert_int_equal(read_max(f), 64);
	assert_int_equal(read_max(f), 0);
	add_value(f, 1, 3);
	assert_int_equal(read_max(f), 3);
	add_value(f, 1, 48);
	add_value(f, 1, 7);
	assert_int_equal(read_max(f), 48);
	add_value(f, 1, 5);
	assert_int_equal(read_max(f), 5);
}

/* One that comes between the new epoch and the reading is in both. */
static void test_max_while_reading(void **state)
{
	struct fixture *f = *state;

	add_slot(f, 0, 0, 0);
	f->slots[0].hists[NAPI_HIST_WORK] = 1;
	add_value(f, 1, 9);
	f->control.hist_epoch++;
	add_value(f, 1, 50);
	assert_int_equal(maps_read_pairs(&f->loader, &f->s), 0);
	assert_int_equal(find(f, NAPI_HIST_WORK, 0, 0)->max, 50);
	add_value(f, 1, 8);
	assert_int_equal(read_max(f), 50);
	assert_int_equal(read_max(f), 0);
}

/* Without an id it has its namespace's number in its place, which is none. */
static void test_a_namespace_is_no_id(void **state)
{
	struct fixture *f = *state;
	struct napi_row row;

	add_slot(f, 0, 0, 0);
	f->recs[0].dev = 0x2000;
	f->recs[0].ident = 7ULL << 32 | 4026531840U;
	maps_read_pair(&f->loader, &f->slots[0], &row);
	assert_int_equal(row.napi_id, MISSING);
	assert_int_equal(row.ifindex, 7);
	f->recs[0].ident = 7ULL << 32 | NAPI_ID_END;
	maps_read_pair(&f->loader, &f->slots[0], &row);
	assert_int_equal(row.napi_id, MISSING);
	f->recs[0].ident = 7ULL << 32 | 8193;
	maps_read_pair(&f->loader, &f->slots[0], &row);
	assert_int_equal(row.napi_id, 8193);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_of_pairs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_held_polls_end_no_session,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_of_irqs_and_cpus, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_late_of_each_reading,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_max_of_each_reading, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_max_while_reading, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_namespace_is_no_id,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
