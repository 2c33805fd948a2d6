// SPDX-License-Identifier: GPL-2.0-or-later
/* See snapshot.h. */
#include "model/snapshot.h"

#include <stddef.h>
#include <string.h>

#include "model/hist.h"

#define TABLE(scope, member, row)                                             \
	{                                                                     \
		scope, offsetof(struct snapshot, member), sizeof(struct row), \
			row##_cmp                                             \
	}

const struct snapshot_table snapshot_tables[] = {
	TABLE(SCOPE_CPU, cpus, cpu_row),
	TABLE(SCOPE_NAPI, pairs, napi_row),
	TABLE(SCOPE_IRQ, irqs, irq_row),
	TABLE(SCOPE_LINE, lines, line_row),
	TABLE(SCOPE_DEV, devs, dev_row),
	TABLE(SCOPE_HIST, hists, hist_row),
	TABLE(SCOPE_TOLD, told, told_row),
	TABLE(SCOPE_STATE, states, state_row),
	TABLE(SCOPE_PROBE, probes, probe_row),
	TABLE(SCOPE_PROGRAM, programs, program_row),
	TABLE(SCOPE_CONFIG, config, config_row),
	{ 0 },
};

void snapshot_init(struct snapshot *s)
{
	const struct snapshot_table *t;

	memset(s, 0, sizeof(*s));
	for (t = snapshot_tables; t->cmp; t++)
		snapshot_table(s, t)->row_size = t->row_size;
}

void snapshot_fini(struct snapshot *s)
{
	const struct snapshot_table *t;

	for (t = snapshot_tables; t->cmp; t++)
		table_fini(snapshot_table(s, t));
}

void snapshot_clear(struct snapshot *s)
{
	const struct snapshot_table *t;

	for (t = snapshot_tables; t->cmp; t++)
		table_clear(snapshot_table(s, t));
}

void snapshot_sort(struct snapshot *s)
{
	const struct snapshot_table *t;

	for (t = snapshot_tables; t->cmp; t++)
		table_sort(snapshot_table(s, t), t->cmp);
}

/* CPUs of both, which are sorted; the task goes with the time. */
static void cpus_keep_max(struct table *now, const struct table *before)
{
	const struct cpu_row *old;
	struct cpu_row *c;

	table_for_each (now, c) {
		old = table_find(before, c, cpu_row_cmp);
		if (!old || old->late_ns == MISSING ||
		    (c->late_ns != MISSING && c->late_ns >= old->late_ns))
			continue;
		c->late_ns = old->late_ns;
		memcpy(c->late_comm, old->late_comm, sizeof(c->late_comm));
	}
}

void snapshot_keep_max(struct snapshot *now, const struct snapshot *before)
{
	hists_keep_max(&now->hists, &before->hists);
	cpus_keep_max(&now->cpus, &before->cpus);
}

static void table_unwrap(enum field_scope scope, struct table *now,
			 const struct table *before,
			 int (*cmp)(const void *, const void *))
{
	char *row = now->rows;
	const void *old;
	size_t i;

	for (i = 0; i < now->count; i++, row += now->row_size) {
		old = table_find(before, row, cmp);
		if (old)
			rows_unwrap(scope, row, old);
	}
}

void snapshot_unwrap(struct snapshot *now, const struct snapshot *before)
{
	table_unwrap(SCOPE_CPU, &now->cpus, &before->cpus, cpu_row_cmp);
	table_unwrap(SCOPE_LINE, &now->lines, &before->lines, line_row_cmp);
}

int snapshot_copy(struct snapshot *dst, const struct snapshot *src)
{
	const struct snapshot_table *t;
	int err = 0;

	dst->mono_ns = src->mono_ns;
	dst->real_ns = src->real_ns;
	dst->host = src->host;
	dst->lost = src->lost;
	for (t = snapshot_tables; t->cmp && !err; t++)
		err = table_copy(snapshot_table(dst, t),
				 snapshot_table((struct snapshot *)src, t));
	return err;
}
