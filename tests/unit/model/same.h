/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are two snapshots equal in all that a recording holds? */
#ifndef TESTS_MODEL_SAME_H
#define TESTS_MODEL_SAME_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/snapshot.h"

static inline bool same_field(const struct field *f, const void *a, const void *b)
{
	if (f->kind == FIELD_DERIVED || f->kind == FIELD_LIST)
		return true;
	if (f->kind == FIELD_TEXT)
		return !strcmp(field_text(f, a), field_text(f, b));
	return !memcmp(field_vector(f, a), field_vector(f, b), f->size);
}

static inline void same_row(enum field_scope scope, size_t i, const void *a,
			    const void *b)
{
	const struct field *f;

	for (f = field_table(scope); f->name; f++)
		if (!same_field(f, a, b))
			fail_msg("%s[%zu].%s differs", field_scope_name(scope),
				 i, f->name);
}

static inline void same_snapshot(struct snapshot *a, struct snapshot *b)
{
	const struct snapshot_table *t;
	struct table *x, *y;
	size_t i;

	assert_true(a->mono_ns == b->mono_ns && a->real_ns == b->real_ns);
	same_row(SCOPE_HOST, 0, &a->host, &b->host);
	same_row(SCOPE_LOST, 0, &a->lost, &b->lost);
	for (t = snapshot_tables; t->cmp; t++) {
		x = snapshot_table(a, t);
		y = snapshot_table(b, t);
		assert_int_equal(x->count, y->count);
		for (i = 0; i < x->count; i++)
			same_row(t->scope, i, table_at(x, i), table_at(y, i));
	}
}

#endif /* TESTS_MODEL_SAME_H */
