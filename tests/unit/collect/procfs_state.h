/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What test_procfs.c and test_procfs_broken.c share. */
#ifndef TESTS_PROCFS_STATE_H
#define TESTS_PROCFS_STATE_H

#include <ftw.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collect/procfs.h"
#include "model/field.h"
#include "model/rows.h"

#define HZ 100
#define NS_PER_TICK 10000000ULL

struct state {
	char root[64]; /* of files made by the test */
	struct table cpus;
	struct table lines;
	struct cpuset online;
};

static inline struct cpu_row *row_of(struct state *st, uint64_t cpu)
{
	struct cpu_row key = { .cpu = cpu };

	return table_find(&st->cpus, &key, cpu_row_cmp);
}

/* Rows of CPUs 0 to nr - 1 in which nothing is known. */
static inline void fill_rows(struct state *st, unsigned int nr)
{
	struct cpu_row *row;
	unsigned int cpu;

	table_clear(&st->cpus);
	for (cpu = 0; cpu < nr; cpu++) {
		row = table_add(&st->cpus);
		assert_non_null(row);
		rows_missing(SCOPE_CPU, row);
		row->cpu = cpu;
	}
}

static inline void set_online(struct state *st, const char *list)
{
	cpuset_fini(&st->online);
	assert_int_equal(cpuset_parse(list, &st->online), 0);
}

static inline int setup(void **state)
{
	struct state *st = calloc(1, sizeof(*st));

	if (!st)
		return -1;
	st->cpus.row_size = sizeof(struct cpu_row);
	st->lines.row_size = sizeof(struct line_row);
	strcpy(st->root, "/tmp/test_procfs.XXXXXX");
	*state = st;
	return mkdtemp(st->root) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *info,
			     int type, struct FTW *where)
{
	(void)info;
	(void)type;
	(void)where;
	return remove(path);
}

static inline int teardown(void **state)
{
	struct state *st = *state;

	nftw(st->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	cpuset_fini(&st->online);
	table_fini(&st->cpus);
	table_fini(&st->lines);
	free(st);
	return 0;
}

/* Makes the file ROOT/name and the directories on the way to it. */
static inline void make_file(struct state *st, const char *name, const char *text)
{
	char path[PATH_MAX];
	size_t skip = strlen(st->root) + 1;
	char *slash;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", st->root, name);
	for (slash = strchr(path + skip, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline void check_no_softnet(const struct cpu_row *row)
{
	assert_true(row->softnet_processed == MISSING);
	assert_true(row->softnet_dropped == MISSING);
	assert_true(row->softnet_squeezed == MISSING);
	assert_true(row->softnet_rps == MISSING);
}

struct want_line {
	unsigned int irq, cpu, count;
	const char *flow;
};

static inline void check_lines(struct state *st, const char *root,
			       const struct want_line *want, size_t nr)
{
	const struct line_row *row;
	uint64_t first;
	size_t i;

	table_clear(&st->lines);
	assert_int_equal(procfs_interrupts(root, &st->lines), 0);
	if (!st->lines.count) {
		assert_int_equal(nr, 0);
		return;
	}
	/* The first CPU of a line has a row whatever its count. */
	row = st->lines.rows;
	first = row->cpu;
	for (i = 0; i < nr; i++, row++) {
		while (!row->count && want[i].count)
			assert_int_equal((row++)->cpu, first);
		assert_int_equal(row->irq, want[i].irq);
		assert_int_equal(row->cpu, want[i].cpu);
		assert_int_equal(row->count, want[i].count);
		assert_string_equal(row->flow, want[i].flow);
	}
	for (; row < (struct line_row *)table_at(&st->lines, st->lines.count);
	     row++)
		assert_true(!row->count && row->cpu == first);
}

#define CHECK_LINES(st, root, ...)                                              \
	do {                                                                    \
		static const struct want_line want_[] = { __VA_ARGS__ };        \
		check_lines(st, root, want_, sizeof(want_) / sizeof(want_[0])); \
	} while (0)

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif /* TESTS_PROCFS_STATE_H */
