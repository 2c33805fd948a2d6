// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The OpenMetrics view, as Prometheus reads it.  Families follow from the field
 * table: "napiscope_" + scope + field, times in seconds, growth as counters
 * ("_total") and what is no growth as gauges; texts of a row are its labels.  A
 * missing value has no sample.
 */
#include "view/view.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"
#include "model/hist.h"
#include "model/list.h"
#include "model/total.h"
#include "util/output.h"
#include "util/safe.h"

#define OM_NAME 96
#define OM_LABELS 640
/* Bounds of histograms: every power of two from 2^OM_FIRST to 2^OM_LAST. */
#define OM_FIRST_NS 8
#define OM_LAST_NS 30
#define OM_FIRST_COUNT 0
#define OM_LAST_COUNT 12

struct om_scope {
	enum field_scope scope;
	const char *name;
};

static const struct om_scope om_scopes[] = {
	{ SCOPE_HOST, "" },    { SCOPE_CPU, "cpu_" }, { SCOPE_NAPI, "napi_" },
	{ SCOPE_IRQ, "irq_" }, { SCOPE_DEV, "dev_" }, { SCOPE_LOST, "lost_" },
};

/* A growing text of bounded size; what does not fit is left out whole. */
struct om_labels {
	char text[OM_LABELS];
	size_t used;
};

/* What all families of a scope share. */
struct om_rows {
	struct field_rows rows;
	struct om_labels *labels; /* of each row */
};

/* Puts text at *used; false: it does not fit. */
static bool labels_put(struct om_labels *l, size_t *used, const char *text)
{
	size_t length = strlen(text);

	if (*used + length >= OM_LABELS)
		return false;
	memcpy(l->text + *used, text, length + 1);
	*used += length;
	return true;
}

static bool labels_put_escaped(struct om_labels *l, size_t *used,
			       const char *value)
{
	char safe[4 * ROW_NAME], escaped[3] = "\\";
	const char *c;

	safe_text(value, safe, sizeof(safe));
	for (c = safe; *c; c++) {
		escaped[1] = *c;
		if (!labels_put(l, used, escaped + (*c != '"' && *c != '\\')))
			return false;
	}
	return true;
}

static void labels_add(struct om_labels *l, const char *name, const char *value)
{
	size_t used = l->used;

	if ((!used || labels_put(l, &used, ",")) &&
	    labels_put(l, &used, name) && labels_put(l, &used, "=\"") &&
	    labels_put_escaped(l, &used, value) && labels_put(l, &used, "\""))
		l->used = used;
	else
		l->text[l->used] = '\0';
}

static void labels_add_number(struct om_labels *l, const char *name,
			      uint64_t value)
{
	char text[FORMAT_ROOM];

	if (value == MISSING)
		return;
	snprintf(text, sizeof(text), "%" PRIu64, value);
	labels_add(l, name, text);
}

static void labels_add_text(struct om_labels *l, const char *name,
			    const char *value)
{
	if (*value)
		labels_add(l, name, value);
}

/* What tells rows apart, and stays the same while the row is there. */
static void labels_of_row(struct om_labels *l, const struct interval *iv,
			  enum field_scope scope, bool named, const void *row)
{
	const struct cpu_row *c = row;
	const struct napi_row *n = row;
	const struct irq_row *i = row;
	const struct dev_row *d = row;

	l->used = 0;
	l->text[0] = '\0';
	switch (scope) {
	case SCOPE_CPU:
		labels_add_number(l, "cpu", c->cpu);
		break;
	case SCOPE_NAPI:
		labels_add(l, "napi", n->label);
		labels_add_text(l, "dev", n->dev);
		labels_add_text(l, "netns", n->netns);
		labels_add_text(l, "poll_func", n->poll_func);
		labels_add_number(l, "queue", n->queue);
		if (named)
			break;
		labels_add_number(l, "napi_id", n->napi_id);
		labels_add_number(l, "row", n->id);
		break;
	case SCOPE_IRQ:
		labels_add_number(l, "irq", i->irq);
		labels_add(l, "action", i->name);
		if (!named && list_irq_twins(iv, i))
			labels_add_number(l, "twin", list_irq_twins(iv, i));
		break;
	case SCOPE_DEV:
		labels_add(l, "dev", d->dev);
		labels_add_text(l, "netns", d->netns);
		break;
	default:
		break;
	}
}

static bool field_is_growth(const struct field *f)
{
	return !(f->flags & FIELD_RATIO) && f->kind != FIELD_KEY;
}

/*
 * Of a CPU, ten of it: what /proc counts as well, as napiscope does, event by event.
 * Others serve that.
 */
static bool field_is_known_elsewhere(const struct field *f)
{
	return f->scope == SCOPE_CPU && f->flags & FIELD_NO_TEXT &&
	       (f->flags & FIELD_KERNEL ||
		(f->kind == FIELD_VECTOR && f->unit == UNIT_COUNT));
}

/* Keys of rows are labels; settings of the machine are gauges. */
static bool field_is_metric(const struct field *f, const struct view_options *o)
{
	if (f->flags & (FIELD_HIDDEN | FIELD_PEOPLE) || !view_wants(o, f))
		return false;
	/* There is no largest value since the last time for several readers. */
	if (o->named && f->kind == FIELD_MAX)
		return false;
	if (o->named && !o->fields && field_is_known_elsewhere(f))
		return false;
	/* Quotients are for people: whoever reads this divides sums. */
	if (f->flags & FIELD_RATIO && f->kind != FIELD_MAX)
		return false;
	if (f->kind == FIELD_TEXT || f->kind == FIELD_LIST)
		return false;
	return f->kind != FIELD_KEY || f->scope == SCOPE_HOST;
}

/* "poll_ns" becomes "napi_poll_seconds". */
static void family_name(const struct om_scope *scope, const char *field,
			enum field_unit unit, char *name)
{
	size_t length = strlen(field);

	if (unit == UNIT_NS && length > 3 && !strcmp(field + length - 3, "_ns"))
		length -= 3;
	else if (unit == UNIT_NS && !strcmp(field, "ns"))
		length = 0;
	snprintf(name, OM_NAME, "napiscope_%s%.*s%s%s", scope->name,
		 (int)length, field, length && unit == UNIT_NS ? "_" : "",
		 unit == UNIT_NS ? "seconds" : "");
}

static void print_family(FILE *out, const char *name, const char *type,
			 const char *unit, const char *help)
{
	fprintf(out, "# TYPE %s %s\n", name, type);
	if (*unit)
		fprintf(out, "# UNIT %s %s\n", name, unit);
	fprintf(out, "# HELP %s %s\n", name, help);
}

/* Nanoseconds as seconds, every digit. */
static void print_value(FILE *out, enum field_unit unit, uint64_t value)
{
	if (unit == UNIT_NS)
		fprintf(out, " %" PRIu64 ".%09" PRIu64 "\n", value / 1000000000,
			value % 1000000000);
	else
		fprintf(out, " %" PRIu64 "\n", value);
}

static void print_sample(FILE *out, const struct field *f, const char *name,
			 const char *labels, uint64_t value)
{
	if (value == MISSING)
		return;
	fprintf(out, "%s%s", name, field_is_growth(f) ? "_total" : "");
	if (*labels)
		fprintf(out, "{%s}", labels);
	print_value(out, f->unit, value);
}

static void print_vector(FILE *out, const struct field *f, const char *name,
			 const struct om_labels *row, const void *at)
{
	struct om_labels labels;
	unsigned int vec;

	for (vec = 0; vec < NAPI_NR_VECS; vec++) {
		labels = *row;
		labels_add(&labels, "vec", vec_name(vec));
		print_sample(out, f, name, labels.text, field_vector(f, at)[vec]);
	}
}

static const void *om_row(const struct om_rows *r, size_t i)
{
	return (const char *)r->rows.rows + i * r->rows.row_size;
}

static void print_field(FILE *out, const struct om_scope *scope,
			const struct om_rows *r, const struct field *f)
{
	char name[OM_NAME];
	size_t i;

	family_name(scope, f->name, f->unit, name);
	print_family(out, name, field_is_growth(f) ? "counter" : "gauge",
		     f->unit == UNIT_NS ? "seconds" : "", f->help);
	for (i = 0; i < r->rows.count; i++) {
		if (f->kind == FIELD_VECTOR || f->kind == FIELD_VECTOR32)
			print_vector(out, f, name, &r->labels[i], om_row(r, i));
		else
			print_sample(out, f, name, r->labels[i].text,
				     field_u64(f, om_row(r, i)));
	}
}

/* Values up to 2^bits - 1, which is a bound of buckets. */
static uint64_t hist_below(const struct hist_row *h, unsigned int bits)
{
	uint64_t count = 0;
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS && hist_low(i) < 1ULL << bits; i++)
		count += h->counts[i];
	return count;
}

static void print_bucket(FILE *out, const char *name, const char *labels,
			 enum field_unit unit, unsigned int bits, uint64_t count)
{
	uint64_t bound = (1ULL << bits) - 1;

	fprintf(out, "%s_bucket{%s,le=\"", name, labels);
	if (unit == UNIT_NS)
		fprintf(out, "%" PRIu64 ".%09" PRIu64, bound / 1000000000,
			bound % 1000000000);
	else
		fprintf(out, "%" PRIu64 ".0", bound);
	fprintf(out, "\"} %" PRIu64 "\n", count);
}

static void print_hist(FILE *out, const char *name, const char *labels,
		       const struct hist_row *h)
{
	enum field_unit unit = hist_kinds[h->kind].unit;
	unsigned int bits = unit == UNIT_NS ? OM_FIRST_NS : OM_FIRST_COUNT;
	unsigned int last = unit == UNIT_NS ? OM_LAST_NS : OM_LAST_COUNT;

	for (; bits <= last; bits++)
		print_bucket(out, name, labels, unit, bits, hist_below(h, bits));
	fprintf(out, "%s_bucket{%s,le=\"+Inf\"} %" PRIu64 "\n", name, labels,
		hist_count(h));
	fprintf(out, "%s_sum{%s}", name, labels);
	print_value(out, unit, h->sum);
	fprintf(out, "%s_count{%s} %" PRIu64 "\n", name, labels, hist_count(h));
}

/* In totals they have the id of the device. */
static bool hist_of_named(const struct interval *iv, unsigned int kind,
			  enum field_scope scope, const void *row,
			  struct hist_row *sum)
{
	const struct dev_row *dev = row;
	struct napi_row key = { .cpu = MISSING };

	if (scope != SCOPE_DEV)
		return hist_of_row(iv, kind, scope, row, sum);
	key.id = total_dev_id(dev->netns, dev->dev);
	return hist_of_row(iv, kind, SCOPE_NAPI, &key, sum);
}

static void print_kind(FILE *out, const struct interval *iv,
		       const struct om_scope *scope, const struct om_rows *r,
		       unsigned int kind)
{
	const struct hist_kind *k = &hist_kinds[kind];
	char field[OM_NAME], name[OM_NAME];
	struct hist_row sum;
	size_t i;

	snprintf(field, sizeof(field), "hist_%s", k->name);
	family_name(scope, field, k->unit, name);
	print_family(out, name, "histogram",
		     k->unit == UNIT_NS ? "seconds" : "", k->help);
	for (i = 0; i < r->rows.count; i++)
		if (hist_of_named(iv, kind, scope->scope, om_row(r, i), &sum))
			print_hist(out, name, r->labels[i].text, &sum);
}

/*
 * The scope whose rows a histogram is printed for; NR_SCOPES: for none.  By device
 * there are those that say what is late, and no more series than devices and CPUs.
 */
static enum field_scope kind_scope(unsigned int kind,
				   const struct view_options *options)
{
	if (!options->hists_by_dev || kind == NAPI_HIST_RAISE_NS)
		return hist_kinds[kind].scope;
	return hist_kinds[kind].scope == SCOPE_NAPI ? SCOPE_DEV : NR_SCOPES;
}

static int om_rows_open(struct om_rows *r, const struct interval *iv,
			enum field_scope scope, bool named)
{
	size_t i;

	r->rows = interval_rows(iv, scope);
	r->labels = calloc(r->rows.count ? r->rows.count : 1, sizeof(*r->labels));
	if (!r->labels)
		return -ENOMEM;
	for (i = 0; i < r->rows.count; i++)
		labels_of_row(&r->labels[i], iv, scope, named, om_row(r, i));
	return 0;
}

static int print_scope(FILE *out, const struct interval *iv,
		       const struct om_scope *scope,
		       const struct view_options *options)
{
	const struct field *f;
	struct om_rows rows;
	unsigned int kind;
	int err = om_rows_open(&rows, iv, scope->scope, options->named);

	if (err)
		return err;
	for (f = field_table(scope->scope); f->name; f++)
		if (field_is_metric(f, options))
			print_field(out, scope, &rows, f);
	for (kind = 0; kind < NAPI_NR_HIST_KINDS; kind++)
		if (view_wants_hists(options) &&
		    kind_scope(kind, options) == scope->scope)
			print_kind(out, iv, scope, &rows, kind);
	free(rows.labels);
	return 0;
}

static bool openmetrics_shows(const struct field *f, bool named)
{
	const struct view_options it = { .fields = f->name, .named = named };

	return f->scope != SCOPE_LINE && field_is_metric(f, &it);
}

static bool view_openmetrics_shows(const struct field *f)
{
	return openmetrics_shows(f, false);
}

static bool view_exported_shows(const struct field *f)
{
	return openmetrics_shows(f, true);
}

static int view_openmetrics_interval(FILE *out, const struct interval *iv,
				     const struct view_options *options)
{
	const struct host_row *h = &iv->host;
	struct om_labels labels = { .used = 0 };
	unsigned int i;
	int err = 0;

	labels_add(&labels, "host", h->host);
	labels_add(&labels, "kernel", h->kernel);
	labels_add(&labels, "tier", h->tier);
	print_family(out, "napiscope", "info", "", "The machine and the probes.");
	fprintf(out, "napiscope_info{%s} 1\n", labels.text);
	for (i = 0; !err && i < sizeof(om_scopes) / sizeof(*om_scopes); i++)
		err = print_scope(out, iv, &om_scopes[i], options);
	fputs("# EOF\n", out);
	return err ? err : output_status(out);
}

const struct view view_openmetrics = {
	.name = "openmetrics",
	.shows = view_openmetrics_shows,
	.interval = view_openmetrics_interval,
};

const struct view view_exported = {
	.name = "openmetrics",
	.shows = view_exported_shows,
	.interval = view_openmetrics_interval,
};
