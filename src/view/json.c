// SPDX-License-Identifier: GPL-2.0-or-later
/* The JSON view: one object an interval, members in the order of the table. */
#include "view/json.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/finding.h"
#include "model/format.h"
#include "model/hist.h"
#include "util/output.h"
#include "util/safe.h"
#include "view/view.h"

#define SCHEMA "napiscope/1"

json_t *view_json_text(const char *text)
{
	char safe[1024];

	safe_text(text, safe, sizeof(safe));
	return json_string(safe);
}

json_t *view_json_lines(const char *text)
{
	char line[sizeof(((struct finding *)0)->fix)], all[2 * sizeof(line)];
	size_t used = 0, bytes;

	for (; *text; text += bytes) {
		bytes = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)bytes, text);
		safe_text(line, all + used, sizeof(all) - used - 1);
		used += strlen(all + used);
		if (text[bytes]) {
			all[used++] = '\n';
			bytes++;
		}
	}
	all[used] = '\0';
	return json_string(all);
}

static void json_emit(void *arg, const struct field_item *item)
{
	json_t *array = arg, *tuple;
	unsigned int i;

	if (item->text) {
		json_array_append_new(array, view_json_text(item->text));
		return;
	}
	if (item->nr_numbers == 1) {
		json_array_append_new(array, json_integer(item->numbers[0]));
		return;
	}
	tuple = json_array();
	for (i = 0; i < item->nr_numbers; i++)
		json_array_append_new(tuple, json_integer(item->numbers[i]));
	json_array_append_new(array, tuple);
}

/* NULL when nothing of the vector could be had. */
static json_t *json_vector(const struct field *f, const void *row)
{
	const uint64_t *values = field_vector(f, row);
	json_t *object = json_object();
	unsigned int vec;

	for (vec = 0; vec < NAPI_NR_VECS; vec++)
		if (values[vec] != MISSING)
			json_object_set_new(object, vec_name(vec),
					    json_integer(values[vec]));
	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *json_value(const struct field *f, const struct interval *iv,
			  const void *row)
{
	json_t *array;

	switch (f->kind) {
	case FIELD_TEXT:
		return *field_text(f, row) ? view_json_text(field_text(f, row)) :
					     NULL;
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		return json_vector(f, row);
	case FIELD_LIST:
		array = json_array();
		f->list(iv, row, json_emit, array);
		return array;
	default:
		return field_u64(f, row) == MISSING ?
			       NULL :
			       json_integer(field_u64(f, row));
	}
}

/* [low, high, count] of each bucket with values: low <= value < high. */
static json_t *json_buckets(const struct hist_row *h)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		if (h->counts[i])
			json_array_append_new(
				array, json_pack("[I,I,I]", hist_low(i),
						 hist_low(i + 1), h->counts[i]));
	return array;
}

static json_t *json_hist(const struct hist_row *h)
{
	json_t *object = json_object();
	unsigned int i;

	json_object_set_new(object, "count", json_integer(hist_count(h)));
	json_object_set_new(object, "sum", json_integer(h->sum));
	for (i = 0; i < HIST_NR_PARTS; i++)
		json_object_set_new(
			object, hist_parts[i].name,
			json_integer(hist_percentile(h, hist_parts[i].permille)));
	json_object_set_new(object, "max", json_integer(h->max));
	json_object_set_new(object, "buckets", json_buckets(h));
	return object;
}

/* NULL when the row has none. */
static json_t *json_hists(const struct interval *iv, enum field_scope scope,
			  const void *row)
{
	json_t *object = json_object();
	struct hist_row sum;
	unsigned int kind;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		if (hist_of_row(iv, kind, scope, row, &sum))
			json_object_set_new(object, hist_kinds[kind].name,
					    json_hist(&sum));
	if (json_object_size(object))
		return object;
	json_decref(object);
	return NULL;
}

static bool view_json_shows(const struct field *f)
{
	return !(f->flags & FIELD_PEOPLE);
}

static void json_set_row(json_t *object, enum field_scope scope,
			 const struct interval *iv, const void *row,
			 const struct view_options *options)
{
	const struct field *f;
	json_t *value;

	for (f = field_table(scope); f->name; f++) {
		if (f->flags & FIELD_HIDDEN || !view_json_shows(f) ||
		    !view_wants(options, f))
			continue;
		value = json_value(f, iv, row);
		if (value)
			json_object_set_new(object, f->name, value);
	}
	value = view_wants_hists(options) ? json_hists(iv, scope, row) : NULL;
	if (value)
		json_object_set_new(object, "hist", value);
}

static json_t *json_row(enum field_scope scope, const struct interval *iv,
			const struct field_rows *rows, size_t i,
			const struct view_options *options)
{
	json_t *object = json_object();

	json_set_row(object, scope, iv,
		     (const char *)rows->rows + i * rows->row_size, options);
	return object;
}

static json_t *json_rows(enum field_scope scope, const struct interval *iv,
			 const struct view_options *options)
{
	struct field_rows rows = interval_rows(iv, scope);
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < rows.count; i++)
		json_array_append_new(array,
				      json_row(scope, iv, &rows, i, options));
	return array;
}

json_t *view_json_head(const struct interval *iv)
{
	const struct view_options all = { 0 };
	json_t *root = json_object();

	json_object_set_new(root, "schema", json_string(SCHEMA));
	json_set_row(root, SCOPE_HOST, iv, &iv->host, &all);
	json_object_set_new(root, "time_s", json_real(iv->real_ns / 1e9));
	json_object_set_new(root, "interval_s", json_real(iv->ns / 1e9));
	return root;
}

static const enum field_scope row_scopes[] = { SCOPE_CPU, SCOPE_NAPI, SCOPE_IRQ,
					       SCOPE_DEV };

#define NR_ROW_SCOPES (sizeof(row_scopes) / sizeof(*row_scopes))

static json_t *json_lost(const struct interval *iv)
{
	const struct view_options all = { 0 };
	json_t *lost = json_object();

	json_set_row(lost, SCOPE_LOST, iv, &iv->lost, &all);
	return lost;
}

static json_t *json_interval(const struct interval *iv,
			     const struct view_options *options)
{
	json_t *root = view_json_head(iv);
	unsigned int i;

	for (i = 0; i < NR_ROW_SCOPES; i++)
		json_object_set_new(root, field_scope_name(row_scopes[i]),
				    json_rows(row_scopes[i], iv, options));
	json_object_set_new(root, "lost", json_lost(iv));
	return root;
}

/* Nobody else writes: each word would take the lock. */
static int json_write(const char *text, size_t size, void *out)
{
	return fwrite_unlocked(text, 1, size, out) == size ? 0 : -1;
}

/* Writes it, and frees it. */
static int json_put(FILE *out, json_t *value, size_t flags)
{
	int err;

	if (!value)
		return -ENOMEM;
	err = json_dump_callback(value, json_write, out,
				 flags | JSON_REAL_PRECISION(16));
	json_decref(value);
	return err && !ferror(out) ? -ENOMEM : 0;
}

int view_json_print(FILE *out, json_t *root, bool line)
{
	int err = json_put(out, root, line ? JSON_COMPACT : JSON_INDENT(2));

	if (err)
		return err;
	fputc('\n', out);
	return output_status(out);
}

static int json_line_rows(FILE *out, enum field_scope scope,
			  const struct interval *iv,
			  const struct view_options *options)
{
	struct field_rows rows = interval_rows(iv, scope);
	int err = 0;
	size_t i;

	fprintf(out, ",\"%s\":[", field_scope_name(scope));
	for (i = 0; !err && i < rows.count; i++) {
		if (i)
			fputc(',', out);
		err = json_put(out, json_row(scope, iv, &rows, i, options),
			       JSON_COMPACT);
	}
	fputc(']', out);
	return err;
}

/* json_interval() in one line, which is never in memory as a whole. */
static int json_line(FILE *out, const struct interval *iv,
		     const struct view_options *options)
{
	unsigned int i;
	int err;

	fputc('{', out);
	err = json_put(out, view_json_head(iv), JSON_COMPACT | JSON_EMBED);
	for (i = 0; !err && i < NR_ROW_SCOPES; i++)
		err = json_line_rows(out, row_scopes[i], iv, options);
	fputs(",\"lost\":", out);
	if (!err)
		err = json_put(out, json_lost(iv), JSON_COMPACT);
	fputs("}\n", out);
	return err ? err : output_status(out);
}

static int view_json_interval(FILE *out, const struct interval *iv,
			      const struct view_options *options)
{
	return options->lines ?
		       json_line(out, iv, options) :
		       view_json_print(out, json_interval(iv, options), false);
}

const struct view view_json = {
	.name = "json",
	.shows = view_json_shows,
	.interval = view_json_interval,
};
