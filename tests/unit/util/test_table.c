// SPDX-License-Identifier: GPL-2.0-or-later
/* The growing array: empty ones above all, and rows after it has moved. */
#include "util/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Asking for too much is part of the test, not a reason to stop it. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

struct row {
	uint64_t key;
	char name[13]; /* a size that is no power of two */
};

static int row_cmp(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void add_keys(struct table *t, const uint64_t *keys, size_t nr)
{
	struct row *row;
	size_t i;

	for (i = 0; i < nr; i++) {
		row = table_add(t);
		assert_non_null(row);
		row->key = keys[i];
	}
}

static void test_empty(void **state)
{
	struct table t = TABLE_INIT(struct row), copy = TABLE_INIT(struct row);
	struct row key = { 0 }, *row;

	(void)state;
	table_for_each (&t, row)
		fail();
	table_sort(&t, row_cmp);
	assert_null(table_find(&t, &key, row_cmp));
	assert_int_equal(table_copy(&copy, &t), 0);
	assert_int_equal(copy.count, 0);
	table_clear(&t);
	table_fini(&t);
	table_fini(&t);
	table_fini(&copy);
}

/* Rows keep what they had when the array moves, and new ones are zero. */
static void test_grow(void **state)
{
	struct table t = TABLE_INIT(struct row);
	static const struct row zero;
	struct row *row;
	uint64_t i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		row = table_add(&t);
		assert_non_null(row);
		assert_memory_equal(row, &zero, sizeof(zero));
		memset(row, 0xa5, sizeof(*row));
		row->key = i;
		assert_ptr_equal(row, table_at(&t, i));
		assert_true(t.count <= t.room);
	}
	i = 0;
	table_for_each (&t, row)
		assert_int_equal(row->key, i++);
	assert_int_equal(i, 1000);
	table_fini(&t);
	assert_int_equal(t.count + t.room, 0);
}

/* Memory is kept, but what was in it does not come back. */
static void test_clear(void **state)
{
	struct table t = TABLE_INIT(struct row);
	static const struct row zero;
	struct row *row;
	size_t room;

	(void)state;
	row = table_add(&t);
	memset(row, 0xa5, sizeof(*row));
	room = t.room;
	table_clear(&t);
	assert_int_equal(t.count, 0);
	assert_int_equal(t.room, room);
	table_for_each (&t, row)
		fail();
	row = table_add(&t);
	assert_memory_equal(row, &zero, sizeof(zero));
	table_fini(&t);
	row = table_add(&t);
	assert_non_null(row);
	table_fini(&t);
}

static void test_sort_and_find(void **state)
{
	static const uint64_t keys[] = { 7, 3, UINT64_MAX, 0, 5 };
	static const uint64_t sorted[] = { 0, 3, 5, 7, UINT64_MAX };
	struct table t = TABLE_INIT(struct row);
	struct row key = { 0 }, *row;
	size_t i = 0;

	(void)state;
	add_keys(&t, keys, 5);
	table_sort(&t, row_cmp);
	table_for_each (&t, row)
		assert_true(row->key == sorted[i++]);
	for (i = 0; i < 5; i++) {
		key.key = sorted[i];
		assert_ptr_equal(table_find(&t, &key, row_cmp), table_at(&t, i));
	}
	key.key = 4;
	assert_null(table_find(&t, &key, row_cmp));
	/* what was cleared is not found, though still in memory */
	table_clear(&t);
	key.key = 5;
	assert_null(table_find(&t, &key, row_cmp));
	table_fini(&t);
}

/* Of equal rows one is left, and those behind it move up whole. */
static void test_sort_unique(void **state)
{
	static const uint64_t keys[] = { 7, 3, 7, 0, 3, 3 };
	static const uint64_t sorted[] = { 0, 3, 7 };
	struct table t = TABLE_INIT(struct row);
	struct row *row;
	size_t i = 0;

	(void)state;
	table_sort_unique(&t, row_cmp);
	assert_int_equal(t.count, 0);
	add_keys(&t, keys, 6);
	table_for_each (&t, row)
		memset(row->name, 'a' + (int)row->key, sizeof(row->name));
	table_sort_unique(&t, row_cmp);
	assert_int_equal(t.count, 3);
	table_for_each (&t, row) {
		assert_true(row->key == sorted[i++]);
		assert_int_equal(row->name[12], 'a' + (int)row->key);
	}
	table_fini(&t);
}

static void key_count(void *to, const void *from)
{
	(void)from;
	((struct row *)to)->name[0]++;
}

/* Each of those that are equal is put into the one that is left. */
static void test_merge(void **state)
{
	static const uint64_t keys[] = { 7, 3, 7, 0, 3, 3 };
	struct table t = TABLE_INIT(struct row);
	struct row *row;

	(void)state;
	add_keys(&t, keys, 6);
	table_for_each (&t, row)
		memset(row->name, 0, sizeof(row->name));
	table_merge(&t, row_cmp, key_count);
	assert_int_equal(t.count, 3);
	row = t.rows;
	assert_true(row[0].key == 0 && row[0].name[0] == 0);
	assert_true(row[1].key == 3 && row[1].name[0] == 2);
	assert_true(row[2].key == 7 && row[2].name[0] == 1);
	table_fini(&t);
}

static void test_copy(void **state)
{
	static const uint64_t keys[] = { 1, 2, 3 }, others[] = { 9 };
	struct table a = TABLE_INIT(struct row), b = TABLE_INIT(struct row);
	struct row *row;

	(void)state;
	add_keys(&a, keys, 3);
	add_keys(&b, others, 1);
	assert_int_equal(table_copy(&b, &a), 0);
	assert_int_equal(b.count, 3);
	assert_ptr_not_equal(a.rows, b.rows);
	row = table_at(&a, 2);
	row->key = 33;
	row = table_at(&b, 2);
	assert_int_equal(row->key, 3);
	/* to one that is longer */
	table_clear(&a);
	add_keys(&a, others, 1);
	assert_int_equal(table_copy(&b, &a), 0);
	assert_int_equal(b.count, 1);
	row = table_at(&b, 0);
	assert_int_equal(row->key, 9);
	/* and it still grows */
	add_keys(&b, keys, 3);
	assert_int_equal(b.count, 4);
	table_fini(&a);
	table_fini(&b);
}

/* In order one by one, whatever order they come in; and where they would stand. */
static void test_insert(void **state)
{
	static const uint64_t keys[] = { 5, 1, 9, 7, 3, 11 };
	struct table t = TABLE_INIT(struct row);
	struct row key = { 0 }, *row;
	size_t i;

	(void)state;
	assert_int_equal(table_from(&t, &key, row_cmp), 0);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		key.key = keys[i];
		row = table_insert(&t, table_from(&t, &key, row_cmp));
		assert_non_null(row);
		assert_int_equal(row->key, 0);
		row->key = keys[i];
	}
	for (i = 0; i < t.count; i++) {
		row = table_at(&t, i);
		assert_int_equal(row->key, 2 * i + 1);
		assert_int_equal(table_from(&t, row, row_cmp), i);
		key.key = 2 * i;
		assert_int_equal(table_from(&t, &key, row_cmp), i);
	}
	key.key = 12;
	assert_int_equal(table_from(&t, &key, row_cmp), t.count);
	table_fini(&t);
}

/* A table with more rows than memory: it says so, and keeps what it has. */
static void test_no_memory(void **state)
{
	struct table t = { .row_size = SIZE_MAX / 8 };
	struct table big = { .row_size = SIZE_MAX / 8, .count = 16 };

	(void)state;
	assert_null(table_add(&t));
	assert_int_equal(t.count, 0);
	assert_null(t.rows);
	assert_true(table_copy(&t, &big) < 0);
	assert_int_equal(t.count, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_grow),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_sort_and_find),
		cmocka_unit_test(test_sort_unique),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_insert),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
