// SPDX-License-Identifier: GPL-2.0-or-later
/* See fields.h. */
#include "fields.h"

#include <stdio.h>

#include "model/field.h"
#include "model/paragraph.h"

#define FIELDS_WIDTH 80
#define FIELDS_INDENT 4

static const char *const titles[NR_SCOPES] = {
	[SCOPE_HOST] = "The machine",	 [SCOPE_CPU] = "CPUs",
	[SCOPE_NAPI] = "NAPI instances", [SCOPE_IRQ] = "Interrupts",
	[SCOPE_DEV] = "Devices",	 [SCOPE_LOST] = "What was lost",
};

/* What to print: a head of each scope, and a field. */
struct fields_form {
	void (*scope)(const char *title, const char *name);
	void (*field)(const struct field *f, const char *tier);
};

static void fields_walk(const struct fields_form *form)
{
	const struct field *f;
	unsigned int scope;

	for (scope = 0; scope < NR_SCOPES; scope++) {
		if (!titles[scope])
			continue;
		form->scope(titles[scope], field_scope_name(scope));
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & FIELD_HIDDEN))
				form->field(f, f->flags & FIELD_SCHED ?
						       " Needs the fentry or "
						       "kprobe tier." :
						       "");
	}
}

static void fields_line(void *arg, const char *line)
{
	(void)arg;
	puts(line);
}

static void fields_scope_text(const char *title, const char *name)
{
	printf("%s (%s)\n", title, name);
}

static void fields_field_text(const struct field *f, const char *tier)
{
	struct paragraph p;

	printf("  %s (%s)\n", f->name, f->title);
	paragraph_init(&p, FIELDS_WIDTH, fields_line, NULL);
	paragraph_pad(&p, FIELDS_INDENT);
	paragraph_hang(&p, FIELDS_INDENT);
	paragraph_words(&p, f->help);
	paragraph_words(&p, tier);
	paragraph_end(&p);
}

static void fields_scope_man(const char *title, const char *name)
{
	printf(".SS %s (%s)\n", title, name);
}

static void fields_field_man(const struct field *f, const char *tier)
{
	printf(".TP\n.BR %s \" (%s)\"\n%s%s\n", f->name, f->title, f->help, tier);
}

void fields_print(void)
{
	fields_walk(&(struct fields_form){ fields_scope_text, fields_field_text });
}

void fields_print_man(void)
{
	fields_walk(&(struct fields_form){ fields_scope_man, fields_field_man });
}
