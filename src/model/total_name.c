// SPDX-License-Identifier: GPL-2.0-or-later
/* See total_name.h. */
#include "model/total_name.h"

#include <stdio.h>
#include <string.h>

/* FNV-1a, of a text with its NUL. */
static uint64_t id_add(uint64_t id, const char *text)
{
	do
		id = (id ^ (unsigned char)*text) * 0x100000001b3ULL;
	while (*text++);
	return id;
}

static uint64_t id_of_napi(const struct napi_row *n)
{
	uint64_t id = 0xcbf29ce484222325ULL;

	id = id_add(id, n->netns);
	id = id_add(id, n->dev);
	id = id_add(id, n->poll_func);
	return id_add(id, n->label);
}

uint64_t total_dev_id(const char *netns, const char *dev)
{
	return id_add(id_add(0xcbf29ce484222325ULL, netns), dev);
}

uint64_t total_irq_id(const struct irq_row *i)
{
	return id_add(0xcbf29ce484222325ULL, i->name);
}

static int name_cmp(const void *a, const void *b)
{
	const struct total_name *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/*
 * The name of an interrupt's action; NULL: there are several, or none.  One that was
 * freed and requested again has a row more, of the same name.
 */
static const char *only_name(const struct interval *iv, uint64_t irq)
{
	const struct irq_row key = { .irq = irq }, *rows = iv->irqs.rows;
	size_t i = table_from(&iv->irqs, &key, irq_row_cmp);
	const char *name = NULL;

	for (; i < iv->irqs.count && rows[i].irq == irq; i++) {
		if (rows[i].id == IRQ_GONE(irq))
			continue;
		if (name && strcmp(name, rows[i].name))
			return NULL;
		name = rows[i].name;
	}
	return name;
}

/*
 * Where the kernel does not tell the queue (before 6.8), the label has the NAPI
 * id, which is another one after a reload: the interrupt's name is not.  While it is
 * undecided which interrupt it is, the name stays.
 */
static void napi_rename(const struct interval *iv, struct napi_row *n,
			const struct napi_row *before)
{
	const char *name = NULL;

	if (n->queue != MISSING || n->backlog_cpu != MISSING)
		return;
	if (n->irq != MISSING)
		name = only_name(iv, n->irq);
	else if (before && !strcmp(before->dev, n->dev))
		name = before->label;
	if (name && name[0])
		snprintf(n->label, sizeof(n->label), "%s", name);
}

static void napi_become_other(struct napi_row *n)
{
	snprintf(n->label, sizeof(n->label), "%s", TOTAL_OTHER);
	n->dev[0] = '\0';
	n->netns[0] = '\0';
	n->poll_func[0] = '\0';
	n->netns_ino = MISSING;
	n->ifindex = MISSING;
	n->napi_id = MISSING;
	n->queue = MISSING;
	n->irq = MISSING;
	n->backlog_cpu = MISSING;
}

/* False: it is new, and there is no room for it.  Those of CPUs are no more than those. */
static bool name_take(struct total *t, const struct napi_row *n, uint64_t id,
		      uint64_t now_ns)
{
	struct total_name key = { .id = id }, *name;

	name = table_find(&t->names, &key, name_cmp);
	if (!name) {
		if (t->names.count >= t->max_napis && n->backlog_cpu == MISSING)
			return false;
		name = table_insert(&t->names,
				    table_from(&t->names, &key, name_cmp));
		if (!name)
			return false;
	}
	name->id = id;
	name->grew_ns = now_ns;
	snprintf(name->netns, sizeof(name->netns), "%s", n->netns);
	snprintf(name->dev, sizeof(name->dev), "%s", n->dev);
	return true;
}

void total_name(struct total *t, const struct interval *iv, struct napi_row *n,
		const struct napi_row *before)
{
	napi_rename(iv, n, before);
	n->id = id_of_napi(n);
	if (name_take(t, n, n->id, iv->mono_ns))
		return;
	napi_become_other(n);
	n->id = id_of_napi(n);
}
