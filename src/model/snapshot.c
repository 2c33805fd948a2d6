// SPDX-License-Identifier: GPL-2.0-or-later
/* See snapshot.h. */
#include "model/snapshot.h"

#include <string.h>

void snapshot_init(struct snapshot *s)
{
	memset(s, 0, sizeof(*s));
	s->cpus.row_size = sizeof(struct cpu_row);
	s->pairs.row_size = sizeof(struct napi_row);
	s->irqs.row_size = sizeof(struct irq_row);
	s->lines.row_size = sizeof(struct line_row);
	s->devs.row_size = sizeof(struct dev_row);
}

void snapshot_fini(struct snapshot *s)
{
	table_fini(&s->cpus);
	table_fini(&s->pairs);
	table_fini(&s->irqs);
	table_fini(&s->lines);
	table_fini(&s->devs);
}

void snapshot_clear(struct snapshot *s)
{
	table_clear(&s->cpus);
	table_clear(&s->pairs);
	table_clear(&s->irqs);
	table_clear(&s->lines);
	table_clear(&s->devs);
}

void snapshot_sort(struct snapshot *s)
{
	table_sort(&s->cpus, cpu_row_cmp);
	table_sort(&s->pairs, napi_row_cmp);
	table_sort(&s->irqs, irq_row_cmp);
	table_sort(&s->lines, line_row_cmp);
	table_sort(&s->devs, dev_row_cmp);
}
