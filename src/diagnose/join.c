// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One root, one finding: a core that eight interrupts sit on is squeezed, drops,
 * and runs ksoftirqd, and that is one thing to mend.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

typedef const struct rule *(*rule_finder)(const char *id);

/* The saturated CPU itself is a symptom of what is known to saturate it. */
static bool may_join(const struct rule *rule)
{
	return rule->symptom || rule->root == 1;
}

/*
 * Which findings of a CPU may be the reason of others: those with the highest root,
 * and of them the first.  What is harmless is no reason for anything.
 */
struct cpu_root {
	uint64_t cpu;
	struct finding *any;
	unsigned int any_root;	/* of its rule */
	struct finding *helped; /* one that knows a command */
	unsigned int helped_root;
};

static int root_cmp(const void *a, const void *b)
{
	const struct cpu_root *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void root_take(struct finding **best, unsigned int *best_root,
		      struct finding *f, unsigned int root)
{
	if (root <= *best_root)
		return;
	*best = f;
	*best_root = root;
}

/* A row for each CPU with a finding that may be a reason. */
static int roots_find(struct table *roots, const struct verdict *v,
		      rule_finder find)
{
	struct cpu_root *row, *last = NULL;
	struct finding *f;
	size_t i;

	table_for_each (&v->findings, f) {
		if (f->cpu == MISSING || f->severity < SEVERITY_WARNING)
			continue;
		row = table_add(roots);
		if (!row)
			return -ENOMEM;
		row->cpu = f->cpu;
		root_take(&row->any, &row->any_root, f, find(f->id)->root);
		if (finding_has_command(f))
			root_take(&row->helped, &row->helped_root, f,
				  find(f->id)->root);
	}
	table_sort(roots, root_cmp);
	for (i = 0, row = roots->rows; i < roots->count; i++, row++) {
		if (!last || last->cpu != row->cpu) {
			last = last ? last + 1 : roots->rows;
			*last = *row;
			continue;
		}
		root_take(&last->any, &last->any_root, row->any, row->any_root);
		root_take(&last->helped, &last->helped_root, row->helped,
			  row->helped_root);
	}
	roots->count = last ? last - (struct cpu_root *)roots->rows + 1 : 0;
	return 0;
}

static bool is_about_another(const struct finding *a, const struct finding *b)
{
	return *a->about && *b->about && strcmp(a->about, b->about);
}

/*
 * The finding on this CPU that is the reason of a symptom, or NULL.  Who knows no
 * command takes nobody in who does, nor does who mends another device.
 */
static struct finding *root_of(const struct table *roots,
			       const struct finding *f, const struct rule *rule)
{
	const struct cpu_root key = { .cpu = f->cpu }, *at;

	if (f->cpu == MISSING || f->apart || !may_join(rule))
		return NULL;
	at = table_find(roots, &key, root_cmp);
	if (!at)
		return NULL;
	if (rule->symptom && finding_has_command(f))
		return at->helped_root > rule->root &&
				       !is_about_another(f, at->helped) ?
			       at->helped :
			       NULL;
	return at->any_root > rule->root ? at->any : NULL;
}

/* What tells those that are alike: one command that mends them, or one sentence. */
static const char *like_text(const struct finding *f)
{
	return finding_has_command(f) ? f->fix : f->cause;
}

/* Those that are alike, on whatever CPU, are neighbours. */
static int like_cmp(const void *a, const void *b)
{
	const struct finding *x = *(struct finding *const *)a;
	const struct finding *y = *(struct finding *const *)b;
	int order = strcmp(x->id, y->id);

	if (!order)
		order = (x->severity > y->severity) - (x->severity < y->severity);
	if (!order)
		order = strcmp(like_text(x), like_text(y));
	if (!order)
		order = (x->share < y->share) - (x->share > y->share);
	return order ? order : (x > y) - (x < y);
}

static bool is_like(const struct finding *a, const struct finding *b)
{
	return a->severity == b->severity && !strcmp(a->id, b->id) &&
	       !strcmp(like_text(a), like_text(b));
}

/* Those that are left: the one with the most takes in the others. */
static int likes_set(const struct verdict *v)
{
	struct table likes = TABLE_INIT(struct finding *);
	struct finding *f, **ref, *first = NULL;
	int err = 0;

	table_for_each (&v->findings, f) {
		f->root = 0;
		if (f->cpu == MISSING)
			continue;
		ref = table_add(&likes);
		if (!ref) {
			err = -ENOMEM;
			break;
		}
		*ref = f;
	}
	table_sort(&likes, like_cmp);
	for (ref = likes.rows;
	     ref && ref < (struct finding **)likes.rows + likes.count; ref++) {
		if (first && is_like(first, *ref))
			(*ref)->root =
				first - (struct finding *)v->findings.rows + 1;
		else
			first = *ref;
	}
	table_fini(&likes);
	return err;
}

/* Who joins whom, before anybody's severity changes. */
static int roots_set(struct verdict *v, rule_finder find)
{
	struct table roots = TABLE_INIT(struct cpu_root);
	struct finding *f, *root, *rows = v->findings.rows;
	int err = roots_find(&roots, v, find);

	table_for_each (&v->findings, f) {
		root = root_of(&roots, f, find(f->id));
		f->root = root ? root - rows + 1 : 0;
	}
	table_fini(&roots);
	return err;
}

static bool finding_has(const struct finding *f, const char *name)
{
	unsigned int i;

	for (i = 0; i < f->nr_evidence; i++)
		if (!strcmp(f->evidence[i].name, name))
			return true;
	return false;
}

/* With a subject, where that is another one. */
static void add_joined(struct finding *root, const char *id, const char *kind,
		       const char *subject)
{
	struct joined *j = &root->joined[root->nr_joined];

	if (root->nr_joined == FINDING_JOINED) {
		root->more_joined++;
		return;
	}
	root->nr_joined++;
	j->id = id;
	j->kind = kind;
	if (strcmp(kind, root->kind) || strcmp(subject, root->subject))
		snprintf(j->subject, sizeof(j->subject), "%s", subject);
}

static void join(struct finding *root, const struct finding *symptom)
{
	const struct evidence *first = symptom->evidence;

	unsigned int i;

	add_joined(root, symptom->id, symptom->kind, symptom->subject);
	/* And those that it had taken in itself. */
	for (i = 0; i < symptom->nr_joined; i++) {
		const struct joined *j = &symptom->joined[i];

		add_joined(root, j->id, j->kind,
			   *j->subject ? j->subject : symptom->subject);
	}
	root->more_joined += symptom->more_joined;
	/* The number that it is about. */
	if (symptom->nr_evidence && root->nr_evidence < FINDING_EVIDENCE &&
	    !finding_has(root, first->name))
		root->evidence[root->nr_evidence++] = *first;
	if (symptom->severity > root->severity)
		root->severity = symptom->severity;
}

/* Only the roots are left. */
static void take_in(struct verdict *v)
{
	struct finding *f, *rows = v->findings.rows;
	size_t i, kept = 0;

	table_for_each (&v->findings, f)
		if (f->root)
			join(&rows[f->root - 1], f);
	for (i = 0; i < v->findings.count; i++) {
		if (rows[i].root)
			continue;
		if (kept != i)
			rows[kept] = rows[i];
		kept++;
	}
	v->findings.count = kept;
}

int findings_join(struct verdict *v, rule_finder find)
{
	int err = roots_set(v, find);

	if (!err)
		take_in(v);
	return err;
}

int findings_join_alike(struct verdict *v)
{
	int err = likes_set(v);

	if (!err)
		take_in(v);
	return err;
}
