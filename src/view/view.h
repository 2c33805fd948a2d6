/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Views: an interval as bytes.  A format is one file and one line in the
 * table of view.c; all are generic over the field table.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdio.h>

#include "model/interval.h"

struct view_options {
	const char *fields; /* comma-separated names; NULL: the format's choice */
	unsigned int width; /* of a text line, in columns */
	bool totals;	    /* counts of the interval, not per second */
	bool lines;	    /* one of many: a line each, where the format can */
	bool more;	    /* not the first of many: no heading again */
	bool hists;	    /* histograms, too */
	const char *dev;    /* the only device that was chosen, or NULL */
	bool named;	    /* rows are told apart by names: model/total.h */
	bool hists_by_dev;  /* those of NAPIs, added up by device */
};

struct view {
	const char *name;
	/* Can this field be in it? */
	bool (*shows)(const struct field *f);
	/* Writes one interval.  0 or -errno (of the output, or -ENOMEM). */
	int (*interval)(FILE *out, const struct interval *iv,
			const struct view_options *options);
};

/* NULL: no format of this name. */
const struct view *view_find(const char *name);

/* Is the field named in options->fields, or is there no choice? */
bool view_wants(const struct view_options *options, const struct field *f);
/* Are histograms wanted: by the command, and by the word "hist" in fields? */
bool view_wants_hists(const struct view_options *options);
/* 0, or -ENOENT and *bad points at the first name that no scope knows. */
int view_check_fields(const char *fields, const char **bad);
/* 0, or -ENOTSUP and *bad points at the first name that the format cannot show. */
int view_check_shown(const struct view *view, const char *fields,
		     const char **bad);

extern const struct view view_text;
extern const struct view view_json;
extern const struct view view_csv;
extern const struct view view_openmetrics;
/* The same where options->named is set. */
extern const struct view view_exported;

#endif /* VIEW_VIEW_H */
