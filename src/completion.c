// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See completion.h.  What can follow an option is said by the name of its
 * argument: FILE, DEV and so on.
 */
#include "completion.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/event.h"
#include "options.h"

/* What an argument may be. */
enum values {
	VALUES_NONE, /* nobody can guess */
	VALUES_FILES,
	VALUES_USERS,
	VALUES_DEVICES,
	VALUES_WORDS, /* one of them */
	VALUES_LIST,  /* some of them, with commas */
};

typedef void (*words_fn)(const struct command *c);

struct argument {
	const char *name;
	enum values values;
	words_fn words;
};

/* --- words ----------------------------------------------------------------- */

static void words_formats(const struct command *c)
{
	const char *p;

	for (p = c->of->formats; *p; p++)
		if (*p != ',')
			putchar(*p);
}

static void words_tiers(const struct command *c)
{
	enum tier tier;

	(void)c;
	for (tier = 0; tier <= TIER_AUTO; tier++)
		printf("%s%s", tier ? " " : "", tier_name(tier));
}

static void words_probes(const struct command *c)
{
	unsigned int i;
	bool any = false;

	(void)c;
	for (i = 0; i < NR_PROBES; i++) {
		if (probes[i].required)
			continue;
		printf("%s%s", any ? " " : "", probes[i].name);
		any = true;
	}
}

/* Has a scope before this one a field of that name? */
static bool field_is_known(enum field_scope scope, const char *name)
{
	enum field_scope before;
	const struct field *f;

	for (before = 0; before < scope; before++) {
		f = field_find(before, name);
		if (f && !(f->flags & FIELD_HIDDEN))
			return true;
	}
	return false;
}

static void words_fields(const struct command *c)
{
	enum field_scope scope;
	const struct field *f;

	(void)c;
	printf("hist");
	for (scope = 0; scope < NR_SCOPES; scope++)
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & FIELD_HIDDEN) &&
			    !field_is_known(scope, f->name))
				printf(" %s", f->name);
}

/* Those that rows can be sorted by. */
static void words_sort(const struct command *c)
{
	enum field_scope scope;
	const struct field *f;
	struct interval empty;
	bool any = false;

	(void)c;
	interval_init(&empty);
	for (scope = 0; scope < NR_SCOPES; scope++)
		for (f = field_table(scope); f->name; f++) {
			if (f->flags & FIELD_HIDDEN ||
			    field_is_known(scope, f->name) ||
			    interval_sort(&empty, f->name))
				continue;
			printf("%s%s", any ? " " : "", f->name);
			any = true;
		}
	interval_fini(&empty);
}

static void words_events(const struct command *c)
{
	unsigned int type;

	(void)c;
	printf("all");
	for (type = 0; type < TRACE_NR; type++)
		printf(" %s", event_name(type));
}

static void words_hists(const struct command *c)
{
	(void)c;
	printf("dev napi none");
}

static const struct argument arguments[] = {
	{ "FILE", VALUES_FILES, NULL },
	{ "BEFORE AFTER", VALUES_FILES, NULL },
	{ "USER", VALUES_USERS, NULL },
	{ "DEV", VALUES_DEVICES, NULL },
	{ "FORMAT", VALUES_WORDS, words_formats },
	{ "TIER", VALUES_WORDS, words_tiers },
	{ "PROBE", VALUES_WORDS, words_probes },
	{ "FIELD", VALUES_WORDS, words_sort },
	{ "PER", VALUES_WORDS, words_hists },
	{ "FIELDS", VALUES_LIST, words_fields },
	{ "EVENTS", VALUES_LIST, words_events },
};

static const struct argument *argument_find(const char *name)
{
	static const struct argument none = { "", VALUES_NONE, NULL };
	unsigned int i;

	for (i = 0; name && i < sizeof(arguments) / sizeof(*arguments); i++)
		if (!strcmp(arguments[i].name, name))
			return &arguments[i];
	return &none;
}

/* --- options --------------------------------------------------------------- */

typedef void (*option_fn)(const struct command *c, const struct argp_option *o);

static const struct argp_option help_options[] = {
	{ "help", '?', NULL, 0, "Give a list of all options", 0 },
	{ "usage", 256, NULL, 0, "Give a short usage message", 0 },
	{ "version", 'V', NULL, 0, "Print the version", 0 },
	{ 0 },
};

static void options_each(const struct command *c,
			 const struct argp_option *options, option_fn fn)
{
	const struct argp_option *o;

	for (o = options; o && (o->name || o->key || o->doc); o++)
		if (o->name)
			fn(c, o);
}

/* Its own, those it shares, and those that all programs have. */
static void command_each(const struct command *c, option_fn fn)
{
	struct argp_option shared[OPTIONS_ROOM];

	options_of_command(c->of, shared);
	options_each(c, c->argp->options, fn);
	options_each(c, shared, fn);
	options_each(c, help_options, fn);
}

static bool option_is_short(const struct argp_option *o)
{
	return o->key > ' ' && o->key < 127;
}

/* --- bash ------------------------------------------------------------------ */

static void bash_name(const struct command *c, const struct argp_option *o)
{
	(void)c;
	printf(" --%s", o->name);
	if (option_is_short(o) && o->key != '?')
		printf(" -%c", o->key);
}

static void bash_values(const struct command *c, const struct argument *a)
{
	switch (a->values) {
	case VALUES_NONE:
		printf(":");
		break;
	case VALUES_FILES:
		printf("_napiscope_files");
		break;
	case VALUES_USERS:
		printf("_napiscope_users");
		break;
	case VALUES_DEVICES:
		printf("_napiscope_devices");
		break;
	case VALUES_WORDS:
	case VALUES_LIST:
		printf("_napiscope_%s \"",
		       a->values == VALUES_LIST ? "list" : "words");
		a->words(c);
		printf("\"");
		break;
	}
}

static void bash_option(const struct command *c, const struct argp_option *o)
{
	if (!o->arg)
		return;
	printf("\t%s:--%s", c->name, o->name);
	if (option_is_short(o))
		printf("|%s:-%c", c->name, o->key);
	printf(") ");
	bash_values(c, argument_find(o->arg));
	printf("; return ;;\n");
}

static void bash_command(const struct command *c)
{
	printf("\t%s)\n\t\t", c->name);
	if (c->argp->args_doc) {
		printf("[[ $cur == -* ]] || { ");
		bash_values(c, argument_find(c->argp->args_doc));
		printf("; return; }\n\t\t");
	}
	printf("_napiscope_words \"");
	command_each(c, bash_name);
	printf("\" ;;\n");
}

static void bash_print(const struct command *const *commands, size_t count)
{
	size_t i;

	fputs("# bash completion for napiscope: made from its option tables.\n"
	      "_napiscope_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" "
	      "-- \"$cur\"); }\n"
	      "_napiscope_files() { compopt -o filenames; mapfile -t COMPREPLY "
	      "< <(compgen -f -- \"$cur\"); }\n"
	      "_napiscope_users() { mapfile -t COMPREPLY < <(compgen -u -- "
	      "\"$cur\"); }\n"
	      "_napiscope_devices() { _napiscope_words \"$(ls /sys/class/net)\"; "
	      "}\n"
	      "_napiscope_list() {\n"
	      "\tlocal head=\n\n"
	      "\tcompopt -o nospace\n"
	      "\t[[ $cur != *,* ]] || head=${cur%,*},\n"
	      "\tmapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$1\" -- "
	      "\"${cur##*,}\")\n"
	      "}\n"
	      "_napiscope() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} "
	      "prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal command=${COMP_WORDS[1]}\n\n"
	      "\t# \"--tier=fentry\" comes as three words\n"
	      "\tif [[ $cur == = ]]; then\n"
	      "\t\tcur=\n"
	      "\telif [[ $prev == = ]]; then\n"
	      "\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\tfi\n"
	      "\tCOMPREPLY=()\n"
	      "\tif ((COMP_CWORD == 1)) && [[ $cur != -* ]]; then\n"
	      "\t\t_napiscope_words \"help",
	      stdout);
	for (i = 0; i < count; i++)
		printf(" %s", commands[i]->name);
	printf("\"\n\t\treturn\n\tfi\n\t[[ $command != -* ]] || command=%s\n"
	       "\tcase $command:$prev in\n",
	       commands[0]->name);
	for (i = 0; i < count; i++)
		command_each(commands[i], bash_option);
	printf("\tesac\n\tcase $command in\n");
	for (i = 0; i < count; i++)
		bash_command(commands[i]);
	printf("\tesac\n}\ncomplete -F _napiscope napiscope\n");
}

/* --- zsh ------------------------------------------------------------------- */

/* In single quotes, and in _arguments' brackets, which end at a bracket. */
static void zsh_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\'", stdout);
		else if (strchr("[]:\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void zsh_values(const struct command *c, const char *name)
{
	const struct argument *a = argument_find(name);

	printf(":%s:", name ? name : "");
	switch (a->values) {
	case VALUES_NONE:
		break;
	case VALUES_FILES:
		printf("_files");
		break;
	case VALUES_USERS:
		printf("_users");
		break;
	case VALUES_DEVICES:
		printf("_net_interfaces");
		break;
	case VALUES_WORDS:
		printf("(");
		a->words(c);
		printf(")");
		break;
	case VALUES_LIST:
		printf("_values -s , value ");
		a->words(c);
		break;
	}
}

static void zsh_option(const struct command *c, const struct argp_option *o)
{
	const char *end = !o->arg			 ? "" :
			  o->flags & OPTION_ARG_OPTIONAL ? "=-" :
							   "=";

	printf(" \\\n\t\t\t");
	if (option_is_short(o) && o->key != '?')
		printf("'(-%c --%s)'{-%c%s,--%s%s}'[", o->key, o->name, o->key,
		       o->arg ? "+" : "", o->name, end);
	else
		printf("'--%s%s[", o->name, end);
	zsh_text(o->doc);
	printf("]");
	if (o->arg)
		zsh_values(c, o->arg);
	printf("'");
}

static void zsh_command(const struct command *c)
{
	printf("\t%s)\n\t\t_arguments -s", c->name);
	command_each(c, zsh_option);
	if (c->argp->args_doc) {
		printf(" \\\n\t\t\t'*");
		zsh_values(c, c->argp->args_doc);
		printf("'");
	}
	printf(" ;;\n");
}

static void zsh_print(const struct command *const *commands, size_t count)
{
	size_t i;

	printf("#compdef napiscope\n"
	       "# zsh completion for napiscope: made from its option tables.\n"
	       "_napiscope() {\n\tlocal command=%s\n\tlocal -a commands\n\n"
	       "\tcommands=(\n",
	       commands[0]->name);
	for (i = 0; i < count; i++) {
		printf("\t\t'%s:", commands[i]->name);
		zsh_text(commands[i]->help);
		printf("'\n");
	}
	fputs("\t)\n"
	      "\tif ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n"
	      "\t\t_describe command commands\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tif [[ $words[2] != -* ]]; then\n"
	      "\t\tcommand=$words[2]\n"
	      "\t\tshift words\n"
	      "\t\t((CURRENT--))\n"
	      "\tfi\n"
	      "\tcase $command in\n",
	      stdout);
	for (i = 0; i < count; i++)
		zsh_command(commands[i]);
	printf("\tesac\n}\n_napiscope \"$@\"\n");
}

int completion_print(const char *shell, const struct command *const *commands,
		     size_t count)
{
	if (!strcmp(shell, "bash"))
		bash_print(commands, count);
	else if (!strcmp(shell, "zsh"))
		zsh_print(commands, count);
	else
		return -EINVAL;
	return 0;
}
