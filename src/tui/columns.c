// SPDX-License-Identifier: GPL-2.0-or-later
/* See columns.h. */
#include "tui/columns.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_WIDTH 5 /* "12.3k", "100.0" */
#define TIME_WIDTH 6   /* "12.3us" */
#define KEY_WIDTH 4
#define TEXT_WIDTH 8
#define TEXT_WIDEST 28
#define LABEL_WIDEST 40
/* Of a screen this wide, long titles of counts get their unit too. */
#define ROOMY_WIDTH 120
/* After those that a panel asked for. */
#define PRIORITY_PLAIN 100
#define PRIORITY_WIDE 200

/* A column that may get a place. */
struct candidate {
	struct column column;
	unsigned int priority;
	int widest;
	bool taken;
};

struct candidates {
	struct candidate at[COLUMNS_MAX];
	unsigned int nr;
};

static int max(int a, int b)
{
	return a > b ? a : b;
}

static int min(int a, int b)
{
	return a < b ? a : b;
}

static bool field_is_rate(const struct field *f)
{
	if (f->flags & FIELD_RATIO)
		return false;
	if (f->unit != UNIT_COUNT && f->unit != UNIT_BYTES)
		return false;
	return f->kind == FIELD_COUNTER || f->kind == FIELD_COUNTER32 ||
	       f->kind == FIELD_DERIVED;
}

void columns_make_title(const struct field *f, char title[COLUMN_TITLE])
{
	snprintf(title, COLUMN_TITLE, "%s%s", f->title,
		 field_is_rate(f) ? "/s" : "");
}

static void candidate_set_field(struct candidate *c, const struct field *f,
				bool roomy)
{
	int width = NUMBER_WIDTH;

	c->column.field = f;
	columns_make_title(f, c->column.title);
	if (!roomy && strlen(f->title) > NUMBER_WIDTH)
		snprintf(c->column.title, COLUMN_TITLE, "%s", f->title);
	if (f->kind == FIELD_KEY)
		width = KEY_WIDTH;
	if (f->unit == UNIT_NS && f->flags & FIELD_RATIO)
		width = TIME_WIDTH;
	if (f->kind == FIELD_TEXT) {
		width = TEXT_WIDTH;
		c->widest = TEXT_WIDEST;
	}
	c->column.left = f->kind == FIELD_TEXT || f->kind == FIELD_LIST;
	c->column.width = max(width, (int)strlen(c->column.title));
}

/* A fifth of the line, so that numbers have room beside long names. */
static void candidate_set_label(struct candidate *c,
				const struct column_plan *plan,
				const struct field *f, int width)
{
	int wanted = max(plan->label_width, (int)strlen(plan->label_title));

	wanted = min(wanted, LABEL_WIDEST);
	c->column.left = !f || f->kind != FIELD_KEY;
	c->column.width = min(wanted, width / 5);
	c->widest = wanted;
	snprintf(c->column.title, COLUMN_TITLE, "%s", plan->label_title);
}

static void candidate_set_special(struct candidate *c,
				  const struct column_plan *plan)
{
	c->column.left = true;
	switch (c->column.kind) {
	case COLUMN_BAR:
		snprintf(c->column.title, COLUMN_TITLE, "irq rx soft poll");
		break;
	case COLUMN_CONTEXT:
		snprintf(c->column.title, COLUMN_TITLE, "CONTEXT");
		break;
	case COLUMN_SPARK:
		snprintf(c->column.title, COLUMN_TITLE, "%s 60s",
			 plan->spark->title);
		break;
	default:
		break;
	}
}

static bool plan_lacks(const struct column_plan *plan, const struct field *f)
{
	size_t n = (size_t)(f - field_table(plan->scope));

	if (f == plan->sort)
		return false;
	return n < 64 && plan->absent >> n & 1;
}

static bool field_can_be_column(const struct field *f)
{
	return f->kind != FIELD_VECTOR && f->kind != FIELD_VECTOR32;
}

static bool plan_wants(const struct column_plan *plan,
		       const struct column_spec *spec)
{
	switch (spec->kind) {
	case COLUMN_NEVER:
		return false;
	case COLUMN_OF_ONE:
	case COLUMN_BAR:
		return !plan->sums;
	default:
		return true;
	}
}

static void candidates_add_spec(struct candidates *all,
				const struct column_plan *plan,
				const struct column_spec *spec, int width)
{
	struct candidate *c = &all->at[all->nr];
	enum column_kind kind = spec->kind;
	const struct field *f = NULL;

	if (all->nr == COLUMNS_MAX || !plan_wants(plan, spec))
		return;
	if (kind == COLUMN_OF_ONE)
		kind = COLUMN_FIELD;
	if (spec->name)
		f = field_find(plan->scope, spec->name);
	if (kind == COLUMN_FIELD &&
	    (!f || !field_can_be_column(f) || plan_lacks(plan, f)))
		return;
	*c = (struct candidate){ .column.kind = kind, .priority = spec->priority };
	if (f && f == plan->sort)
		c->priority = 1;
	if (kind == COLUMN_FIELD)
		candidate_set_field(c, f, width >= ROOMY_WIDTH);
	else if (kind == COLUMN_LABEL)
		candidate_set_label(c, plan, f, width);
	else
		candidate_set_special(c, plan);
	c->column.width = max(c->column.width, spec->width);
	if (spec->width)
		c->widest = spec->widest;
	c->widest = max(c->widest, c->column.width);
	all->nr++;
}

bool columns_names(const struct column_spec *specs, const struct field *f)
{
	const struct column_spec *spec;

	for (spec = specs; spec->kind != COLUMN_END; spec++)
		if (spec->name && !strcmp(spec->name, f->name))
			return true;
	return false;
}

/* Every field that nobody asked for or ruled out; a sum has no key but its label. */
static void candidates_add_rest(struct candidates *all,
				const struct column_plan *plan, int width)
{
	const struct field *f, *table = field_table(plan->scope);
	struct column_spec spec = { .kind = COLUMN_FIELD };

	for (f = table; f->name; f++) {
		if (columns_names(plan->specs, f) ||
		    (plan->sums && f->kind == FIELD_KEY))
			continue;
		if (f != plan->sort && f->flags & (FIELD_HIDDEN | FIELD_NO_TEXT))
			continue;
		spec.name = f->name;
		spec.priority =
			f->flags & FIELD_WIDE ? PRIORITY_WIDE : PRIORITY_PLAIN;
		spec.priority += (unsigned int)(f - table);
		candidates_add_spec(all, plan, &spec, width);
	}
}

/* In the order of the screen; the sparkline comes last. */
static void candidates_collect(struct candidates *all,
			       const struct column_plan *plan, int width)
{
	const struct column_spec *spec, *spark = NULL;

	all->nr = 0;
	for (spec = plan->specs; spec->kind != COLUMN_END; spec++) {
		if (spec->kind == COLUMN_SPARK)
			spark = spec;
		else
			candidates_add_spec(all, plan, spec, width);
	}
	candidates_add_rest(all, plan, width);
	if (spark && plan->spark)
		candidates_add_spec(all, plan, spark, width);
}

static struct candidate *candidates_next(struct candidates *all, int room)
{
	struct candidate *best = NULL, *c;
	unsigned int i;

	for (i = 0; i < all->nr; i++) {
		c = &all->at[i];
		if (c->taken || c->column.width + 1 > room)
			continue;
		if (!best || c->priority < best->priority)
			best = c;
	}
	return best;
}

/* Takes what fits, best first; returns the columns left over. */
static int candidates_take(struct candidates *all, int room)
{
	struct candidate *c;

	while ((c = candidates_next(all, room))) {
		c->taken = true;
		room -= c->column.width + 1;
	}
	return room;
}

static int candidates_widen(struct candidates *all, enum column_kind kind,
			    int widest, int room)
{
	struct candidate *c;
	unsigned int i;
	int more;

	for (i = 0; i < all->nr; i++) {
		c = &all->at[i];
		if (!c->taken || c->column.kind != kind)
			continue;
		more = min(min(widest, c->widest) - c->column.width, room);
		if (more > 0) {
			c->column.width += more;
			room -= more;
		}
	}
	return room;
}

/* Names first, then pictures to a readable size, then to all there is. */
static void candidates_widen_all(struct candidates *all, int room)
{
	room = candidates_widen(all, COLUMN_LABEL, LABEL_WIDEST, room);
	room = candidates_widen(all, COLUMN_BAR, 16, room);
	room = candidates_widen(all, COLUMN_SPARK, 20, room);
	room = candidates_widen(all, COLUMN_FIELD, TEXT_WIDEST, room);
	room = candidates_widen(all, COLUMN_SPARK, 60, room);
	candidates_widen(all, COLUMN_BAR, 60, room);
}

static void columns_place(struct columns *columns, const struct candidates *all)
{
	struct column *column;
	unsigned int i;
	int x = 0;

	columns->nr = 0;
	for (i = 0; i < all->nr; i++) {
		if (!all->at[i].taken)
			continue;
		column = &columns->at[columns->nr++];
		*column = all->at[i].column;
		column->x = x;
		x += column->width + 1;
	}
}

void columns_choose(struct columns *columns, const struct column_plan *plan,
		    int width)
{
	struct candidates all;
	int room;

	candidates_collect(&all, plan, width);
	/* No blank is needed behind the last column. */
	room = candidates_take(&all, width + 1);
	candidates_widen_all(&all, room);
	columns_place(columns, &all);
}
