// SPDX-License-Identifier: GPL-2.0-or-later
/* See group.h. */
#include "model/group.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/hist.h"
#include "model/total.h"

struct grouper {
	const struct interval *iv;
	enum grouping by;
	const struct table *nodes;
};

/* Who a row belongs to. */
struct group {
	uint64_t id;
	char name[ROW_NAME];
	char netns[ROW_NETNS];
};

static uint64_t node_of(const struct grouper *g, uint64_t cpu)
{
	const uint64_t *nodes = g->nodes->rows;

	return cpu < g->nodes->count && nodes[cpu] != MISSING ? nodes[cpu] :
								GROUP_NO_NODE;
}

static void group_of_cpu(const struct grouper *g, uint64_t cpu,
			 struct group *group)
{
	group->id = node_of(g, cpu);
	group->netns[0] = '\0';
	if (group->id == GROUP_NO_NODE)
		snprintf(group->name, sizeof(group->name), "no node");
	else
		snprintf(group->name, sizeof(group->name), "node %" PRIu64,
			 group->id);
}

static void group_by_name(struct group *group, const char *name, const char *netns)
{
	snprintf(group->name, sizeof(group->name), "%s", name);
	snprintf(group->netns, sizeof(group->netns), "%s", netns);
	group->id = total_dev_id(group->netns, group->name);
}

/* The backlogs together; a device that has no name is what polls it. */
static void group_of_dev(const struct napi_row *n, struct group *group)
{
	if (n->backlog_cpu != MISSING)
		group_by_name(group, "backlog", "");
	else
		group_by_name(group, *n->dev ? n->dev : n->label, n->netns);
}

static void group_of_napi(const struct grouper *g, const struct napi_row *n,
			  struct group *group)
{
	if (g->by == GROUP_NODE)
		group_of_cpu(g, n->cpu, group);
	else
		group_of_dev(n, group);
}

/* The device whose NAPIs it schedules. */
static void group_of_irq(const struct grouper *g, uint64_t irq, uint64_t cpu,
			 struct group *group)
{
	struct napi_refs napis = napi_index_of_irq(&g->iv->index, irq);
	struct group other;
	size_t i;

	if (g->by == GROUP_NODE) {
		group_of_cpu(g, cpu, group);
		return;
	}
	if (!napis.count) {
		group_by_name(group, "no NAPI's", "");
		return;
	}
	group_of_dev(napis.at[0], group);
	for (i = 1; i < napis.count; i++) {
		group_of_dev(napis.at[i], &other);
		if (other.id != group->id)
			group_by_name(group, "several devices'", "");
	}
}

/* --- rows ---------------------------------------------------------------------- */

/* Neighbours that cmp does not tell apart become one. */
static void rows_merge(enum field_scope scope, struct table *t,
		       int (*cmp)(const void *, const void *))
{
	void *row, *last = NULL;
	size_t i, kept = 0;

	table_sort(t, cmp);
	for (i = 0; i < t->count; i++) {
		row = table_at(t, i);
		if (last && !cmp(last, row)) {
			rows_sum(scope, last, row);
			rows_sum_derived(scope, last, row);
			continue;
		}
		last = table_at(t, kept++);
		if (last != row)
			memcpy(last, row, t->row_size);
	}
	t->count = kept;
}

/* The latest of the node, and whom it waited for. */
static void cpu_keep_late(struct cpu_row *to, const struct cpu_row *c)
{
	if (c->late_ns == MISSING ||
	    (to->late_ns != MISSING && to->late_ns >= c->late_ns))
		return;
	to->late_ns = c->late_ns;
	memcpy(to->late_comm, c->late_comm, sizeof(to->late_comm));
}

static int group_cpus(const struct grouper *g, struct interval *out)
{
	struct cpu_row *c, *to;
	size_t i, kept = 0;
	uint64_t poll_ns;

	if (table_copy(&out->cpus, &g->iv->cpus))
		return -ENOMEM;
	if (g->by != GROUP_NODE)
		return 0;
	table_for_each (&out->cpus, c)
		c->cpu = node_of(g, c->cpu);
	table_sort(&out->cpus, cpu_row_cmp);
	c = out->cpus.rows;
	for (i = 0; i < out->cpus.count; i++) {
		to = kept ? &c[kept - 1] : NULL;
		if (!to || to->cpu != c[i].cpu) {
			c[kept++] = c[i];
			continue;
		}
		poll_ns = poll_ns_add(to->poll_ns, to->polls, c[i].poll_ns,
				      c[i].polls);
		rows_sum(SCOPE_CPU, to, &c[i]);
		rows_sum_derived(SCOPE_CPU, to, &c[i]);
		to->poll_ns = poll_ns;
		cpu_keep_late(to, &c[i]);
	}
	out->cpus.count = kept;
	return 0;
}

static void napi_rename(const struct grouper *g, struct napi_row *n,
			const struct group *group)
{
	n->id = group->id;
	snprintf(n->label, sizeof(n->label), "%s", group->name);
	snprintf(n->netns, sizeof(n->netns), "%s", group->netns);
	n->poll_func[0] = '\0';
	if (g->by == GROUP_NODE) {
		n->dev[0] = '\0';
		n->netns_ino = MISSING;
		n->ifindex = MISSING;
	}
	n->napi_id = MISSING;
	n->queue = MISSING;
	n->irq = MISSING;
	n->irq_votes = MISSING;
	n->weight = MISSING;
	n->backlog_cpu = MISSING;
}

static int group_pairs(const struct grouper *g, struct interval *out)
{
	struct group group;
	struct napi_row *n;

	if (table_copy(&out->pairs, &g->iv->pairs))
		return -ENOMEM;
	table_for_each (&out->pairs, n) {
		group_of_napi(g, n, &group);
		napi_rename(g, n, &group);
	}
	rows_merge(SCOPE_NAPI, &out->pairs, napi_row_cmp);
	return 0;
}

static void irq_rename(struct irq_row *irq, const struct group *group)
{
	irq->id = group->id;
	irq->irq = group->id;
	irq->flow[0] = '\0';
	snprintf(irq->name, sizeof(irq->name), "%s", group->name);
}

/* As rows_merge().  Of what nobody knows the sum is not known. */
static void lines_merge(struct table *t)
{
	struct line_row *line, *last = NULL;
	size_t kept = 0;

	table_sort(t, line_row_cmp);
	table_for_each (t, line) {
		if (!last || line_row_cmp(last, line)) {
			last = table_at(t, kept++);
			*last = *line;
		} else if (last->count == MISSING || line->count == MISSING) {
			last->count = MISSING;
		} else {
			last->count += line->count;
		}
	}
	t->count = kept;
}

/*
 * A line is counted once, however many actions it has, and where it was counted
 * there is a row, though no handler ran there.
 */
static int group_line(const struct grouper *g, struct interval *out,
		      const struct line_row *line)
{
	const struct irq_row key = { .irq = line->irq }, *irqs = g->iv->irqs.rows;
	size_t i = table_from(&g->iv->irqs, &key, irq_row_cmp);
	struct line_row *to;
	struct irq_row *irq;
	struct group group;

	if (i == g->iv->irqs.count || irqs[i].irq != line->irq)
		return 0;
	group_of_irq(g, line->irq, line->cpu, &group);
	to = table_add(&out->lines);
	irq = line->count ? table_add(&out->irq_pairs) : NULL;
	if (!to || (line->count && !irq))
		return -ENOMEM;
	*to = *line;
	to->irq = group.id;
	to->flow[0] = '\0';
	if (irq) {
		rows_missing(SCOPE_IRQ, irq);
		irq_rename(irq, &group);
		irq->cpu = line->cpu;
	}
	return 0;
}

static int group_irqs(const struct grouper *g, struct interval *out)
{
	const struct line_row *line;
	struct group group;
	struct irq_row *irq;

	if (table_copy(&out->irq_pairs, &g->iv->irq_pairs))
		return -ENOMEM;
	table_for_each (&out->irq_pairs, irq) {
		group_of_irq(g, irq->irq, irq->cpu, &group);
		irq_rename(irq, &group);
	}
	table_clear(&out->lines);
	table_for_each (&g->iv->lines, line)
		if (group_line(g, out, line))
			return -ENOMEM;
	rows_merge(SCOPE_IRQ, &out->irq_pairs, irq_row_cmp);
	lines_merge(&out->lines);
	return 0;
}

/* --- histograms ---------------------------------------------------------------- */

static void hist_rekey(const struct grouper *g, struct hist_row *h)
{
	struct napi_row key = { .id = h->id, .cpu = MISSING }, *n;
	struct group group;

	switch (hist_kinds[h->kind].scope) {
	case SCOPE_NAPI:
		n = table_find(&g->iv->napis, &key, napi_row_cmp);
		if (g->by == GROUP_NODE)
			group_of_cpu(g, h->cpu, &group);
		else if (n)
			group_of_dev(n, &group);
		else
			return;
		h->id = group.id;
		break;
	case SCOPE_IRQ:
		group_of_irq(g, h->irq, h->cpu, &group);
		h->irq = group.id;
		h->id = group.id;
		break;
	default:
		if (g->by == GROUP_NODE)
			h->cpu = node_of(g, h->cpu);
		return;
	}
}

static int group_hists(const struct grouper *g, struct interval *out)
{
	struct hist_row *h;
	size_t i, kept = 0;

	if (table_copy(&out->hists, &g->iv->hists))
		return -ENOMEM;
	table_for_each (&out->hists, h)
		hist_rekey(g, h);
	table_sort(&out->hists, hist_row_cmp);
	h = out->hists.rows;
	for (i = 0; i < out->hists.count; i++) {
		if (kept && !hist_row_cmp(&h[kept - 1], &h[i]))
			hist_add(&h[kept - 1], &h[i]);
		else if (kept++ != i)
			h[kept - 1] = h[i];
	}
	out->hists.count = kept;
	return 0;
}

int group_make(struct interval *out, const struct interval *iv,
	       enum grouping by, const struct table *nodes)
{
	const struct grouper g = { iv, by, nodes };

	out->mono_ns = iv->mono_ns;
	out->real_ns = iv->real_ns;
	out->ns = iv->ns;
	out->host = iv->host;
	out->lost = iv->lost;
	if (group_cpus(&g, out) || group_pairs(&g, out) || group_irqs(&g, out) ||
	    group_hists(&g, out) || table_copy(&out->devs, &iv->devs))
		return -ENOMEM;
	return interval_from_parts(out);
}
