// SPDX-License-Identifier: GPL-2.0-or-later
/* See trace.h. */
#include "view/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/format.h"
#include "util/safe.h"
#include "view/view.h"

static const struct trace_view *const views[] = {
	&trace_view_text,
	&trace_view_json,
	&trace_view_perfetto,
};

const struct trace_view *trace_view_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(views) / sizeof(*views); i++)
		if (!strcmp(views[i]->name, name))
			return views[i];
	return NULL;
}

/* safe_text() leaves no control codes: two characters need an escape. */
void trace_put_string(FILE *out, const char *text)
{
	char safe[4 * ROW_NAME], *c;

	safe_text(text, safe, sizeof(safe));
	fputc('"', out);
	for (c = safe; *c; c++) {
		if (*c == '"' || *c == '\\')
			fputc('\\', out);
		fputc(*c, out);
	}
	fputc('"', out);
}

int trace_put_totals(FILE *out, const struct interval *totals)
{
	const struct view_options options = { .totals = true, .lines = true };
	char *text = NULL;
	size_t size = 0;
	FILE *memory = open_memstream(&text, &size);
	int err;

	if (!memory)
		return -ENOMEM;
	err = view_json.interval(memory, totals, &options);
	if (fclose(memory) && !err)
		err = -ENOMEM;
	if (!err)
		fprintf(out, "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
	return err;
}

void trace_napi_name(const struct event *e, char *text, size_t room)
{
	if (!e->napi)
		snprintf(text, room, "?");
	else
		snprintf(text, room, "%s%s%s", e->napi->label,
			 *e->napi->netns ? "@" : "", e->napi->netns);
}
