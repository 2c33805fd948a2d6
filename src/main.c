// SPDX-License-Identifier: GPL-2.0-or-later
/* The command table. */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "completion.h"
#include "fields.h"
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
	printf("\n`napiscope COMMAND --help` lists its options; `napiscope "
	       "help fields` and\nnapiscope(1) explain every number.\n");
}

/* What the build makes other files of; -EINVAL: nothing of that. */
static int main_print_made(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--completion"))
		return completion_print(argv[2], commands, NR_COMMANDS);
	if (argc != 2 || strcmp(argv[1], "--man-fields"))
		return -EINVAL;
	fields_print_man();
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
	err = output_close();
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

static int main_unknown(const char *name)
{
	fprintf(stderr,
		"napiscope: no command is called '%s'%s; `napiscope help` lists "
		"them\n",
		name, main_what_is_missing(name));
	return EXIT_USAGE;
}

static int main_help(const char *topic)
{
	const struct command *command = main_find(topic);

	if (command)
		return main_run(command, 2, (char *[]){ NULL, "--help", NULL });
	if (*topic && strcmp(topic, "fields") != 0)
		return main_unknown(topic);
	if (*topic)
		fields_print();
	else
		main_print_help();
	return main_flush();
}

int main(int argc, char **argv)
{
	const struct command *command;

	/* Errors of write(), not ways to die: the terminal is to be given back. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
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
	if (!strcmp(argv[1], "help"))
		return main_help(argc == 3 ? argv[2] : "");
	command = main_find(argv[1]);
	if (!command)
		return main_unknown(argv[1]);
	return main_run(command, argc - 1, argv + 1);
}
