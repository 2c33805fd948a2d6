// SPDX-License-Identifier: GPL-2.0-or-later
/* Groups of a make-believe machine: each number is the sum of its rows', exactly. */
#include "model/group.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "machine.h"

#define CPUS 24
#define NAPIS 96

struct fixture {
	struct interval iv;
	struct interval grouped;
	struct table nodes;
};

/* Three nodes of eight CPUs, of which the last two CPUs do not say theirs. */
static void add_nodes(struct snapshot *s)
{
	char path[CONFIG_PATH];
	unsigned int cpu;

	for (cpu = 0; cpu < CPUS - 2; cpu++) {
		snprintf(path, sizeof(path), "cpu/%u/node", cpu);
		config_add(&s->config, path,
			   cpu < 8  ? "0" :
			   cpu < 16 ? "1" :
				      "2");
	}
	snapshot_sort(s);
}

static void fixture_init(struct fixture *f)
{
	struct snapshot before;
	struct napi_row *n;
	struct machine m;

	machine_init_shape(&m, CPUS, NAPIS, NAPIS + 20, 60, 1, 40);
	machine_add_hists(&m);
	add_nodes(&m.s);
	snapshot_init(&before);
	machine_run(&m);
	assert_int_equal(snapshot_copy(&before, &m.s), 0);
	machine_run(&m);
	/* One that is polled in a way nobody times, one with a number nobody has. */
	n = table_at(&m.s.pairs, 3);
	n->threaded_polls = 1000;
	n = table_at(&m.s.pairs, 4);
	n->schedules = MISSING;
	/* Two actions of one line. */
	((struct irq_row *)table_at(&m.s.irqs, 6))->irq =
		((struct irq_row *)table_at(&m.s.irqs, 5))->irq;
	snapshot_sort(&m.s);
	interval_init(&f->iv);
	interval_init(&f->grouped);
	memset(&f->nodes, 0, sizeof(f->nodes));
	assert_int_equal(interval_make(&f->iv, &before, &m.s), 0);
	assert_int_equal(config_read_nodes(&f->iv.config, CPUS, &f->nodes), 0);
	snapshot_fini(&before);
	machine_fini(&m);
}

static void fixture_fini(struct fixture *f)
{
	interval_fini(&f->iv);
	interval_fini(&f->grouped);
	table_fini(&f->nodes);
}

static bool adds_up(const struct field *f)
{
	switch (f->kind) {
	case FIELD_COUNTER:
	case FIELD_COUNTER32:
		return true;
	case FIELD_DERIVED:
		/* The kernel's count of a line stands at each of its actions. */
		return !(f->flags & FIELD_RATIO) &&
		       strcmp(f->name, "count_kernel");
	default:
		return false;
	}
}

static uint64_t sum_of(const struct interval *iv, const struct field *f)
{
	struct field_rows rows = interval_rows(iv, f->scope);
	const char *row = rows.rows;
	uint64_t sum = MISSING;
	size_t i;

	for (i = 0; i < rows.count; i++, row += rows.row_size)
		sum = value_add(sum, field_u64(f, row));
	return sum;
}

static void assert_adds_up(const struct fixture *f)
{
	static const enum field_scope scopes[] = { SCOPE_CPU, SCOPE_NAPI,
						   SCOPE_IRQ, SCOPE_DEV };
	const struct field *field;
	unsigned int i, fields = 0;

	for (i = 0; i < sizeof(scopes) / sizeof(*scopes); i++)
		for (field = field_table(scopes[i]); field->name; field++) {
			if (!adds_up(field))
				continue;
			fields++;
			if (sum_of(&f->iv, field) != sum_of(&f->grouped, field))
				fail_msg("%s: %" PRIu64 ", grouped %" PRIu64,
					 field->name, sum_of(&f->iv, field),
					 sum_of(&f->grouped, field));
		}
	assert_true(fields > 60);
}

/* Values of all histograms of a kind. */
static uint64_t values_of(const struct interval *iv, uint64_t kind)
{
	const struct hist_row *h;
	uint64_t values = 0;

	table_for_each (&iv->hists, h)
		if (h->kind == kind)
			values += hist_count(h);
	return values;
}

static void assert_hists_add_up(const struct fixture *f)
{
	unsigned int kind;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		assert_true(values_of(&f->iv, kind) ==
			    values_of(&f->grouped, kind));
}

/* Each line once. */
static uint64_t line_counts(const struct interval *iv)
{
	const struct line_row *line;
	uint64_t sum = 0;

	table_for_each (&iv->lines, line)
		sum += line->count;
	return sum;
}

static void test_by_node(void **state)
{
	const struct napi_row *napi;
	const struct cpu_row *cpu;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_NODE, &f.nodes), 0);
	assert_int_equal(f.grouped.cpus.count, 4);
	assert_int_equal(f.grouped.napis.count, 4);
	cpu = table_at(&f.grouped.cpus, 0);
	assert_int_equal(cpu[2].cpu, 2);
	assert_true(cpu[3].cpu == GROUP_NO_NODE);
	napi = table_at(&f.grouped.napis, 0);
	assert_string_equal(napi[1].label, "node 1");
	assert_string_equal(napi[3].label, "no node");
	assert_true(napi[0].irq == MISSING);
	assert_true(napi[1].poll_p99_ns != MISSING);
	assert_adds_up(&f);
	assert_hists_add_up(&f);
	fixture_fini(&f);
}

static void test_by_dev(void **state)
{
	const struct field *kernel = field_find(SCOPE_IRQ, "count_kernel");
	const struct napi_row *napi;
	unsigned int i, devs = 0;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_DEV, &f.nodes), 0);
	assert_int_equal(f.grouped.cpus.count, CPUS);
	assert_int_equal(f.grouped.napis.count, 3);
	for (i = 0; i < 3; i++) {
		napi = table_at(&f.grouped.napis, i);
		devs |= 1U << (napi->label[3] - '0');
		assert_true(!strcmp(napi->label, napi->dev));
	}
	assert_int_equal(devs, 7);
	assert_adds_up(&f);
	assert_hists_add_up(&f);
	assert_true(sum_of(&f.grouped, kernel) == line_counts(&f.grouped));
	fixture_fini(&f);
}

static uint64_t unknown_sums(const struct interval *iv)
{
	const struct irq_row *irq;
	uint64_t unknown = 0;

	table_for_each (&iv->irqs, irq)
		unknown += irq->count_kernel == MISSING;
	return unknown;
}

/* What one CPU counted is not known: nor is the sum of the group that it is in. */
static void test_unknown_count(void **state)
{
	struct irq_row *irq;
	struct line_row *line;
	uint64_t unknown;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_DEV, &f.nodes), 0);
	unknown = unknown_sums(&f.grouped);
	line = table_at(&f.iv.lines, 0);
	line->count = MISSING;
	table_for_each (&f.iv.irqs, irq)
		if (irq->irq == line->irq)
			irq->count_kernel = MISSING;
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_DEV, &f.nodes), 0);
	assert_int_equal(unknown_sums(&f.grouped), unknown + 1);
	fixture_fini(&f);
}

/* A node of which one CPU is idle, and the other polls in a way that nobody times. */
static void test_unknown_poll_time(void **state)
{
	struct cpu_row *cpu;
	struct fixture f;

	(void)state;
	fixture_init(&f);
	table_for_each (&f.iv.cpus, cpu) {
		if (cpu->cpu >= 8)
			continue;
		cpu->polls = cpu->cpu == 3 ? 1000 : 0;
		cpu->poll_ns = cpu->cpu == 3 ? MISSING : 0;
	}
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_NODE, &f.nodes), 0);
	cpu = table_at(&f.grouped.cpus, 0);
	assert_int_equal(cpu->polls, 1000);
	assert_true(cpu->poll_ns == MISSING);
	fixture_fini(&f);
}

/* Made anew of another interval, it has nothing of the one before. */
static void test_again(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_DEV, &f.nodes), 0);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_NODE, &f.nodes), 0);
	assert_int_equal(f.grouped.napis.count, 4);
	assert_adds_up(&f);
	/* Nothing is known of any CPU: one group, and the same sums. */
	table_clear(&f.nodes);
	assert_int_equal(group_make(&f.grouped, &f.iv, GROUP_NODE, &f.nodes), 0);
	assert_int_equal(f.grouped.cpus.count, 1);
	assert_adds_up(&f);
	fixture_fini(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_node),
		cmocka_unit_test(test_by_dev),
		cmocka_unit_test(test_unknown_poll_time),
		cmocka_unit_test(test_unknown_count),
		cmocka_unit_test(test_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
