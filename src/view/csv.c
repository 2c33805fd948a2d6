// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The CSV view (RFC 4180), long form: one number a line, so that tables of
 * different columns share one file.  A missing value has no line.
 */
#include "view/view.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/format.h"

static void csv_text(FILE *out, const char *text)
{
	char safe[4 * ROW_NAME], *c;

	format_safe(text, safe, sizeof(safe));
	fputc('"', out);
	for (c = safe; *c; c++) {
		if (*c == '"')
			fputc('"', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

/* What tells a row of this scope from the others. */
static void csv_row_name(FILE *out, enum field_scope scope, const void *row)
{
	char name[ROW_NAME + ROW_NETNS + 2] = "";
	const struct napi_row *n = row;
	const struct irq_row *i = row;
	const struct dev_row *d = row;

	switch (scope) {
	case SCOPE_CPU:
		snprintf(name, sizeof(name), "%" PRIu64,
			 ((const struct cpu_row *)row)->cpu);
		break;
	case SCOPE_NAPI:
		snprintf(name, sizeof(name), "%s%s%s", n->label,
			 *n->netns ? "@" : "", n->netns);
		break;
	case SCOPE_IRQ:
		snprintf(name, sizeof(name), "%" PRIu64 ":%s", i->irq, i->name);
		break;
	case SCOPE_DEV:
		snprintf(name, sizeof(name), "%s%s%s", d->dev,
			 *d->netns ? "@" : "", d->netns);
		break;
	default:
		break;
	}
	csv_text(out, name);
}

static void csv_line(FILE *out, const struct interval *iv,
		     enum field_scope scope, const void *row,
		     const struct field *f, const char *suffix, uint64_t value)
{
	if (value == MISSING)
		return;
	fprintf(out, "%.3f,%s,", iv->real_ns / 1e9, field_scope_name(scope));
	csv_row_name(out, scope, row);
	fprintf(out, ",%s%s%s,%" PRIu64 "\n", f->name, *suffix ? "." : "",
		suffix, value);
}

static void csv_field(FILE *out, const struct interval *iv,
		      enum field_scope scope, const void *row,
		      const struct field *f)
{
	unsigned int vec;

	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_LIST:
		return;
	case FIELD_VECTOR:
	case FIELD_VECTOR32:
		for (vec = 0; vec < NAPI_NR_VECS; vec++)
			csv_line(out, iv, scope, row, f, vec_name(vec),
				 field_vector(f, row)[vec]);
		return;
	default:
		csv_line(out, iv, scope, row, f, "", field_u64(f, row));
	}
}

static void csv_rows(FILE *out, const struct interval *iv,
		     enum field_scope scope, const struct view_options *options)
{
	struct field_rows rows = interval_rows(iv, scope);
	const struct field *f;
	size_t i;

	for (i = 0; i < rows.count; i++)
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & (FIELD_HIDDEN | FIELD_PEOPLE)) &&
			    view_wants(options, f))
				csv_field(out, iv, scope,
					  (const char *)rows.rows +
						  i * rows.row_size,
					  f);
}

static int view_csv_interval(FILE *out, const struct interval *iv,
			     const struct view_options *options)
{
	unsigned int scope;

	if (!options->more)
		fputs("time_s,scope,row,field,value\n", out);
	for (scope = 0; scope < NR_SCOPES; scope++)
		if (scope != SCOPE_LINE)
			csv_rows(out, iv, scope, options);
	return ferror(out) ? -EIO : 0;
}

const struct view view_csv = {
	.name = "csv",
	.interval = view_csv_interval,
};
