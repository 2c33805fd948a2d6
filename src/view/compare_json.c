// SPDX-License-Identifier: GPL-2.0-or-later
/* The comparison as one JSON object; see compare.h. */
#include "util/safe.h"
#include "view/compare.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "model/config_diff.h"
#include "model/format.h"
#include "view/json.h"

#define SCHEMA "napiscope-compare/1"

static json_t *text(const char *value)
{
	char safe[512];

	if (!value)
		return json_null();
	safe_text(value, safe, sizeof(safe));
	return json_string(safe);
}

static json_t *run_json(const struct compared *run, uint64_t intervals)
{
	json_t *o = json_object();

	json_object_set_new(o, "file", text(run->file));
	json_object_set_new(o, "host", text(run->last.host.host));
	json_object_set_new(o, "kernel", text(run->last.host.kernel));
	json_object_set_new(o, "tier", text(run->last.host.tier));
	json_object_set_new(o, "time_s", json_real((double)run->from_ns / 1e9));
	json_object_set_new(o, "duration_s", json_real((double)run->ns / 1e9));
	json_object_set_new(o, "intervals", json_integer((json_int_t)intervals));
	return o;
}

static void add_setting(void *arg, const char *path, const char *a, const char *b)
{
	json_t *o = json_object();

	json_object_set_new(o, "path", text(path));
	json_object_set_new(o, "a", text(a));
	json_object_set_new(o, "b", text(b));
	json_array_append_new(arg, o);
}

/* Per second; times as a share of one CPU; quotients as they are. */
static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *cell_json(const struct compare_row *row,
			 const struct compare_cell *cell)
{
	json_t *o = json_object();

	json_object_set_new(o, "scope", text(field_scope_name(row->scope)));
	json_object_set_new(o, "row", text(row->name));
	json_object_set_new(o, "field", text(cell->field->name));
	json_object_set_new(o, "a", number(moments_mean(&cell->sides[SIDE_A])));
	json_object_set_new(o, "b", number(moments_mean(&cell->sides[SIDE_B])));
	json_object_set_new(o, "ratio", number(compare_ratio(cell)));
	json_object_set_new(o, "word", text(compare_word_name(cell->word)));
	return o;
}

static json_t *only_json(const struct compare *c, enum compare_side side)
{
	const struct compare_row *row;
	json_t *array = json_array(), *o;

	table_for_each (&c->rows, row) {
		if (row->seen[!side])
			continue;
		o = json_object();
		json_object_set_new(o, "scope",
				    text(field_scope_name(row->scope)));
		json_object_set_new(o, "row", text(row->name));
		json_array_append_new(array, o);
	}
	return array;
}

/* The arrays that cells go to; same ones are only counted. */
struct cells {
	json_t *moved;
	json_t *unsure;
	json_t *missing;
	json_int_t same;
};

static void add_cell(struct cells *cells, const struct compare_row *row,
		     const struct compare_cell *cell)
{
	switch (cell->word) {
	case COMPARE_NONE:
		break;
	case COMPARE_SAME:
		cells->same++;
		break;
	case COMPARE_UNSURE:
		json_array_append_new(cells->unsure, cell_json(row, cell));
		break;
	case COMPARE_MISSING:
		json_array_append_new(cells->missing, cell_json(row, cell));
		break;
	default:
		json_array_append_new(cells->moved, cell_json(row, cell));
	}
}

static void add_cells(const struct compare *c, struct cells *cells)
{
	const struct compare_cell *cell;
	const struct compare_row *row;

	table_for_each (&c->rows, row)
		if (row->seen[SIDE_A] && row->seen[SIDE_B])
			table_for_each (&row->cells, cell)
				add_cell(cells, row, cell);
}

int compare_print_json(FILE *out, const struct compare *c,
		       const struct compared runs[NR_SIDES])
{
	json_t *root = json_object(), *config = json_array();
	struct cells cells = { json_array(), json_array(), json_array(), 0 };

	config_diff(&runs[SIDE_A].last, &runs[SIDE_B].last, add_setting, config);
	add_cells(c, &cells);
	json_object_set_new(root, "schema", json_string(SCHEMA));
	json_object_set_new(root, "a",
			    run_json(&runs[SIDE_A], c->intervals[SIDE_A]));
	json_object_set_new(root, "b",
			    run_json(&runs[SIDE_B], c->intervals[SIDE_B]));
	json_object_set_new(root, "config", config);
	json_object_set_new(root, "moved", cells.moved);
	json_object_set_new(root, "unsure", cells.unsure);
	json_object_set_new(root, "missing", cells.missing);
	json_object_set_new(root, "same", json_integer(cells.same));
	json_object_set_new(root, "only_a", only_json(c, SIDE_A));
	json_object_set_new(root, "only_b", only_json(c, SIDE_B));
	return view_json_print(out, root, false);
}
