// SPDX-License-Identifier: GPL-2.0-or-later
/* See panel.h. */
#include "tui/panel.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "tui/text.h"

/* Rows that are looked at for fields that none has: so many that do something. */
#define ABSENT_SAMPLE 64

void panel_init(struct panel *p, const struct panel_class *class)
{
	*p = (struct panel){
		.class = class,
		.lines = TABLE_INIT(struct panel_line),
		.opened = TABLE_INIT(uint64_t),
		.pinned = true,
		.absent = UINT64_MAX,
	};
	history_init(&p->history);
	history_init(&p->held);
}

void panel_fini(struct panel *p)
{
	table_fini(&p->lines);
	table_fini(&p->entries);
	table_fini(&p->opened);
	table_fini(&p->folded);
	history_fini(&p->history);
	history_fini(&p->held);
}

void panel_set_class(struct panel *p, const struct panel_class *class)
{
	if (p->class == class)
		return;
	p->class = class;
	table_clear(&p->lines);
	table_clear(&p->opened);
	history_fini(&p->history);
	history_init(&p->history);
	history_fini(&p->held);
	history_init(&p->held);
	p->most_lines = 0;
	p->label_width = 0;
	p->pinned = true;
	if (p->sort && !panel_can_sort_by(p, p->sort))
		p->sort = NULL;
}

/* --- recording --- */

static bool field_is_present(const struct field *f, const void *row)
{
	switch (f->kind) {
	case FIELD_TEXT:
		return *field_text(f, row);
	case FIELD_LIST:
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		return true;
	default:
		return field_u64(f, row) != MISSING;
	}
}

struct sample {
	const void *rows[ABSENT_SAMPLE];
	size_t count;
};

static void sample_take(struct sample *s, const struct panel *p,
			struct field_rows rows)
{
	const char *row = rows.rows;
	size_t i;

	s->count = 0;
	for (i = 0; i < rows.count && s->count < ABSENT_SAMPLE; i++) {
		if (!p->class->is_idle || !p->class->is_idle(row))
			s->rows[s->count++] = row;
		row += rows.row_size;
	}
}

static bool field_is_in_sample(const struct field *f, const struct sample *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (field_is_present(f, s->rows[i]))
			return true;
	return false;
}

/* Once seen, a field keeps its column: columns must not come and go. */
static void panel_find_absent(struct panel *p, struct field_rows rows)
{
	const struct field *table = field_table(p->class->scope), *f;
	struct sample sample;
	uint64_t bit;

	if (!p->absent)
		return;
	sample_take(&sample, p, rows);
	for (f = table; f->name && f < table + 64; f++) {
		bit = 1ULL << (f - table);
		if (p->absent & bit && field_is_in_sample(f, &sample))
			p->absent &= ~bit;
	}
}

/* Per second, or the share of a CPU; NAN when missing. */
static float panel_sample(const struct interval *iv, const struct field *f,
			  const void *row)
{
	uint64_t value = field_u64(f, row);

	if (value == MISSING)
		return NAN;
	if (f->flags & FIELD_RATIO || f->kind == FIELD_KEY)
		return (float)value;
	if (f->unit == UNIT_NS)
		return iv->ns ? (float)value / (float)iv->ns : NAN;
	return (float)interval_rate(iv, value);
}

static bool field_has_history(const struct field *f)
{
	return f && f->kind != FIELD_TEXT && f->kind != FIELD_KEY;
}

static int panel_record_row(struct panel *p, const struct interval *iv,
			    const struct field *usual, const void *row)
{
	float values[NR_HISTORY_SERIES] = { NAN, NAN };

	if (p->class->is_idle && p->class->is_idle(row))
		values[HISTORY_USUAL] = 0;
	else
		values[HISTORY_USUAL] = panel_sample(iv, usual, row);
	if (field_has_history(p->sort))
		values[HISTORY_SORT] = panel_sample(iv, p->sort, row);
	return history_add(&p->history, p->class->key(row), values);
}

int panel_record(struct panel *p, const struct interval *iv)
{
	struct field_rows rows = interval_rows(iv, p->class->scope);
	const struct field *usual = field_find(p->class->scope, p->class->spark);
	size_t i;
	int err = 0;

	panel_find_absent(p, rows);
	history_begin(&p->history, iv->mono_ns, iv->ns);
	for (i = 0; i < rows.count && !err; i++)
		err = panel_record_row(p, iv, usual,
				       (const char *)rows.rows +
					       i * rows.row_size);
	history_end(&p->history);
	return err;
}

const struct field *panel_spark(const struct panel *p, enum history_series *series)
{
	const struct field *usual = field_find(p->class->scope, p->class->spark);

	*series = HISTORY_USUAL;
	if (!field_has_history(p->sort) || p->sort == usual)
		return usual;
	*series = HISTORY_SORT;
	return p->sort;
}

/* --- the cursor --- */

const struct panel_line *panel_current(const struct panel *p)
{
	return p->cursor < p->lines.count ? table_at(&p->lines, p->cursor) : NULL;
}

static void panel_set_cursor(struct panel *p, size_t cursor)
{
	const struct panel_line *line;

	if (cursor >= p->lines.count)
		cursor = p->lines.count ? p->lines.count - 1 : 0;
	p->cursor = cursor;
	line = panel_current(p);
	if (line)
		p->selected = line->id;
}

void panel_move(struct panel *p, long lines)
{
	long cursor = (long)p->cursor + lines;

	p->pinned = false;
	panel_set_cursor(p, cursor < 0 ? 0 : (size_t)cursor);
}

void panel_home(struct panel *p)
{
	panel_set_cursor(p, 0);
	p->pinned = true;
}

void panel_scroll(struct panel *p, size_t page)
{
	size_t last = p->lines.count > page ? p->lines.count - page : 0;

	p->page = page;
	if (p->top > last)
		p->top = last;
	if (p->cursor < p->top)
		p->top = p->cursor;
	else if (page && p->cursor >= p->top + page)
		p->top = p->cursor - page + 1;
}

/* --- order --- */

/* A name is hidden from tables, being their first column anyway. */
bool panel_can_sort_by(const struct panel *p, const struct field *f)
{
	switch (f->kind) {
	case FIELD_LIST:
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		return false;
	default:
		return !(f->flags & FIELD_HIDDEN) ||
		       columns_names(p->class->specs, f);
	}
}

bool panel_sort_by(struct panel *p, const struct field *f)
{
	if (f && !panel_can_sort_by(p, f))
		return false;
	if (f != p->sort) {
		history_forget(&p->history, HISTORY_SORT);
		history_forget(&p->held, HISTORY_SORT);
	}
	p->sort = f;
	p->reverse = false;
	return true;
}

static bool panel_steps_to(const struct panel *p, const struct field *f)
{
	return panel_can_sort_by(p, f) && (!(f->flags & FIELD_NO_TEXT) ||
					   columns_names(p->class->specs, f));
}

/* Busiest first stands before the first field. */
void panel_sort_step(struct panel *p, int step)
{
	const struct field *table = field_table(p->class->scope), *f;
	long n = 0, i;

	while (table[n].name)
		n++;
	i = p->sort ? p->sort - table : -1;
	do {
		i += step;
		if (i < -1)
			i = n - 1;
		f = i >= 0 && i < n ? &table[i] : NULL;
	} while (f && !panel_steps_to(p, f));
	panel_sort_by(p, f);
}

/* --- parts --- */

int panel_toggle_parts(struct panel *p)
{
	const struct panel_line *line = panel_current(p);
	uint64_t *keys = p->opened.rows, *key;
	size_t i;

	if (!line || !p->class->parts)
		return 0;
	for (i = 0; i < p->opened.count; i++) {
		if (keys[i] != line->id.key)
			continue;
		keys[i] = keys[--p->opened.count];
		/* The part that the cursor stood on is gone: to its row. */
		p->selected.cpu = MISSING;
		return 0;
	}
	key = table_add(&p->opened);
	if (!key)
		return -ENOMEM;
	*key = line->id.key;
	p->pinned = false;
	return 0;
}
