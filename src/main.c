// SPDX-License-Identifier: GPL-2.0-or-later
/* The command table. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "completion.h"
#include "model/field.h"
#include "util/log.h"
#include "util/output.h"

const char *argp_program_version = "napiscope " VERSION;

static const struct command *const commands[] = {
	&cmd_top,    &cmd_report, &cmd_diagnose, &cmd_compare,
	&cmd_list,   &cmd_trace,  &cmd_probes,
#ifndef WITHOUT_EXPORT
	&cmd_export,
#endif
};

#define NR_COMMANDS (sizeof(commands) / sizeof(*commands))

static void main_print_help(void)
{
	unsigned int i;

	printf("Usage: napiscope [COMMAND] [OPTIONS]\n"
	       "Show what Linux NAPI does on this machine: which CPU, which "
	       "NAPI, how long, and\nhow often the budget ran out and why.\n\n");
	for (i = 0; i < NR_COMMANDS; i++)
		printf("  %-9s %s\n", commands[i]->name, commands[i]->help);
	printf("\n`napiscope COMMAND --help` lists its options; napiscope(1) "
	       "explains every number.\n");
}

/* The FIELDS section of the manual page; the build calls it. */
static void main_print_man_fields(void)
{
	static const char *const titles[NR_SCOPES] = {
		[SCOPE_HOST] = "The machine",	 [SCOPE_CPU] = "CPUs",
		[SCOPE_NAPI] = "NAPI instances", [SCOPE_IRQ] = "Interrupts",
		[SCOPE_DEV] = "Devices",	 [SCOPE_LOST] = "What was lost",
	};
	const struct field *f;
	unsigned int scope;

	for (scope = 0; scope < NR_SCOPES; scope++) {
		if (!titles[scope])
			continue;
		printf(".SS %s (%s)\n", titles[scope], field_scope_name(scope));
		for (f = field_table(scope); f->name; f++)
			if (!(f->flags & FIELD_HIDDEN))
				printf(".TP\n.BR %s \" (%s)\"\n%s%s\n", f->name,
				       f->title, f->help,
				       f->flags & FIELD_SCHED ?
					       " Needs the fentry or kprobe "
					       "tier." :
					       "");
	}
}

/* What the build makes other files of; -EINVAL: nothing of that. */
static int main_print_made(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--completion"))
		return completion_print(argv[2], commands, NR_COMMANDS);
	if (argc != 2 || strcmp(argv[1], "--man-fields"))
		return -EINVAL;
	main_print_man_fields();
	return 0;
}

static const struct command *main_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < NR_COMMANDS; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

/* What was printed may still be in the buffer, and the disk be full. */
static int main_flush(void)
{
	int err;

	errno = 0;
	err = output_flush(stdout);
	if (!err || err == -EPIPE)
		return EXIT_OK;
	log_error("cannot write to standard output: %s", strerror(-err));
	return EXIT_FAILED;
}

/* `napiscope report ...` is to look like one program name to argp. */
static int main_run(const struct command *command, int argc, char **argv)
{
	char name[32];
	int status;

	snprintf(name, sizeof(name), "napiscope %s", command->name);
	argv[0] = name;
	status = command->run(argc, argv);
	return status ? status : main_flush();
}

/* Why a command that other builds have is not in this one. */
static const char *main_what_is_missing(const char *name)
{
#ifdef WITHOUT_EXPORT
	if (!strcmp(name, "export"))
		return " in this build, which is static";
#endif
	(void)name;
	return "";
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2 || argv[1][0] == '-') {
		if (argc <= 3 && !main_print_made(argc, argv))
			return EXIT_OK;
		if (argc == 2 &&
		    (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
			main_print_help();
			return EXIT_OK;
		}
		return main_run(&cmd_top, argc, argv);
	}
	if (!strcmp(argv[1], "help")) {
		command = argc == 3 ? main_find(argv[2]) : NULL;
		if (command)
			return main_run(command, 2,
					(char *[]){ NULL, "--help", NULL });
		main_print_help();
		return EXIT_OK;
	}
	command = main_find(argv[1]);
	if (!command) {
		fprintf(stderr,
			"napiscope: no command is called '%s'%s; `napiscope "
			"help` lists them\n",
			argv[1], main_what_is_missing(argv[1]));
		return EXIT_USAGE;
	}
	return main_run(command, argc - 1, argv + 1);
}
