// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The CSV view (RFC 4180), long form: one number a line, so that tables of
 * different columns share one file.  A missing value has no line.
 */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "model/format.h"
#include "model/hist.h"
#include "model/list.h"
#include "util/output.h"
#include "util/safe.h"

static void csv_text(FILE *out, const char *text)
{
	char safe[4 * (ROW_NAME + ROW_NETNS + 24)], *c;

	safe_text(text, safe, sizeof(safe));
	fputc('"', out);
	for (c = safe; *c; c++) {
		if (*c == '"')
			fputc('"', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

/*
 * As other views name it, and with a number where several may be called that: NAPIs
 * for sending alone, an action that was requested again, or whose room was given back.
 */
static void csv_row_name(const struct interval *iv, enum field_scope scope,
			 const void *row, char *name, size_t room)
{
	const struct napi_row *n = row;
	const struct irq_row *irq = row;
	size_t used;

	format_row_name(scope, row, name, room);
	used = strlen(name);
	if (scope == SCOPE_NAPI && n->id != NAPI_GONE && n->queue == MISSING &&
	    n->napi_id == MISSING && n->backlog_cpu == MISSING)
		snprintf(name + used, room - used, "#%" PRIu64, n->id);
	else if (scope == SCOPE_IRQ && irq->id == IRQ_GONE(irq->irq))
		snprintf(name + used, room - used, "#gone");
	else if (scope == SCOPE_IRQ && list_irq_twins(iv, irq))
		snprintf(name + used, room - used, "#%" PRIu64,
			 list_irq_twins(iv, irq));
}

static void csv_line(FILE *out, const struct interval *iv,
		     enum field_scope scope, const void *row, const char *name,
		     const char *suffix, uint64_t value)
{
	char row_name[ROW_NAME + ROW_NETNS + 24];

	if (value == MISSING)
		return;
	fprintf(out, "%.3f,%s,", iv->real_ns / 1e9, field_scope_name(scope));
	csv_row_name(iv, scope, row, row_name, sizeof(row_name));
	csv_text(out, row_name);
	fprintf(out, ",%s%s%s,%" PRIu64 "\n", name, *suffix ? "." : "", suffix,
		value);
}

/* "hist.NAME.p99" and so on, and "hist.NAME.bucket.LOW.HIGH". */
static void csv_hist(FILE *out, const struct interval *iv, enum field_scope scope,
		     const void *row, const struct hist_row *h)
{
	char name[64], bucket[64];
	unsigned int i;

	snprintf(name, sizeof(name), "hist.%s", hist_kinds[h->kind].name);
	csv_line(out, iv, scope, row, name, "count", hist_count(h));
	csv_line(out, iv, scope, row, name, "sum", h->sum);
	for (i = 0; i < HIST_NR_PARTS; i++)
		csv_line(out, iv, scope, row, name, hist_parts[i].name,
			 hist_percentile(h, hist_parts[i].permille));
	csv_line(out, iv, scope, row, name, "max", h->max);
	for (i = 0; i < HIST_BUCKETS; i++) {
		if (!h->counts[i])
			continue;
		snprintf(bucket, sizeof(bucket), "bucket.%" PRIu64 ".%" PRIu64,
			 (uint64_t)hist_low(i), (uint64_t)hist_low(i + 1));
		csv_line(out, iv, scope, row, name, bucket, h->counts[i]);
	}
}

static void csv_hists(FILE *out, const struct interval *iv,
		      enum field_scope scope, const void *row)
{
	struct hist_row sum;
	unsigned int kind;

	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		if (hist_of_row(iv, kind, scope, row, &sum))
			csv_hist(out, iv, scope, row, &sum);
}

static void csv_field(FILE *out, const struct interval *iv,
		      enum field_scope scope, const void *row,
		      const struct field *f)
{
	unsigned int vec;

	switch (f->kind) {
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		for (vec = 0; vec < NAPI_NR_VECS; vec++)
			csv_line(out, iv, scope, row, f->name, vec_name(vec),
				 field_vector(f, row)[vec]);
		return;
	default:
		csv_line(out, iv, scope, row, f->name, "", field_u64(f, row));
	}
}

static bool view_csv_shows(const struct field *f)
{
	return !(f->flags & FIELD_PEOPLE) && f->kind != FIELD_TEXT &&
	       f->kind != FIELD_LIST;
}

static void csv_rows(FILE *out, const struct interval *iv,
		     enum field_scope scope, const struct view_options *options)
{
	struct field_rows rows = interval_rows(iv, scope);
	const struct field *f;
	const void *row;
	size_t i;

	for (i = 0; i < rows.count; i++) {
		row = (const char *)rows.rows + i * rows.row_size;
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & FIELD_HIDDEN) && view_csv_shows(f) &&
			    view_wants(options, f))
				csv_field(out, iv, scope, row, f);
		if (view_wants_hists(options))
			csv_hists(out, iv, scope, row);
	}
}

static int view_csv_interval(FILE *out, const struct interval *iv,
			     const struct view_options *options)
{
	unsigned int scope;

	if (!options->more)
		fputs("time_s,scope,row,field,value\n", out);
	for (scope = 0; scope <= SCOPE_LOST; scope++)
		if (scope != SCOPE_LINE)
			csv_rows(out, iv, scope, options);
	return output_status(out);
}

const struct view view_csv = {
	.name = "csv",
	.shows = view_csv_shows,
	.interval = view_csv_interval,
};
