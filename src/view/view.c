// SPDX-License-Identifier: GPL-2.0-or-later
/* See view.h. */
#include "view/view.h"

#include <errno.h>
#include <string.h>

/* Among the names of fields: the histograms of a row. */
#define HIST_WORD "hist"

static const struct view *const views[] = { &view_text, &view_json, &view_csv,
					    &view_openmetrics };

const struct view *view_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++)
		if (!strcmp(views[i]->name, name))
			return views[i];
	return NULL;
}

/* Is name one of the comma-separated words of list? */
static bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (list) {
		if (!strncmp(list, name, length) &&
		    (!list[length] || list[length] == ','))
			return true;
		list = strchr(list, ',');
		if (list)
			list++;
	}
	return false;
}

bool view_wants(const struct view_options *options, const struct field *f)
{
	return !options->fields || list_has(options->fields, f->name);
}

bool view_wants_hists(const struct view_options *options)
{
	return options->hists &&
	       (!options->fields || list_has(options->fields, HIST_WORD));
}

/* Is it in some scope, and in the view unless that is NULL? */
static bool name_known(const struct view *view, const char *name, size_t length)
{
	const struct field *f;
	unsigned int scope;

	if (length == strlen(HIST_WORD) && !strncmp(name, HIST_WORD, length))
		return true;
	for (scope = 0; scope < NR_SCOPES; scope++)
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & FIELD_HIDDEN) &&
			    strlen(f->name) == length &&
			    !strncmp(f->name, name, length) &&
			    (!view || view->shows(f)))
				return true;
	return false;
}

/* The first name that is not, or NULL. */
static const char *first_unknown(const struct view *view, const char *fields)
{
	size_t length;

	while (*fields) {
		length = strcspn(fields, ",");
		if (!name_known(view, fields, length))
			return fields;
		fields += length;
		if (*fields)
			fields++;
	}
	return NULL;
}

int view_check_fields(const char *fields, const char **bad)
{
	*bad = first_unknown(NULL, fields);
	return *bad ? -ENOENT : 0;
}

int view_check_shown(const struct view *view, const char *fields, const char **bad)
{
	*bad = first_unknown(view, fields);
	return *bad ? -ENOTSUP : 0;
}
