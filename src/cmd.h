/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands.  Each gets its own arguments and returns the exit status. */
#ifndef CMD_H
#define CMD_H

#include <argp.h>

struct options_of;

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

/* Of `diagnose`, as plugins of monitoring systems have it. */
enum diagnose_status {
	DIAGNOSE_OK = 0, /* nothing worse than harmless or a note */
	DIAGNOSE_WARNING = 1,
	DIAGNOSE_CRITICAL = 2,
	DIAGNOSE_UNKNOWN = 3, /* usage, failure, could not be measured */
};

struct command {
	const char *name;
	const char *help; /* one line */
	int (*run)(int argc, char **argv);
	const struct argp *argp;     /* its own options */
	const struct options_of *of; /* and those it shares */
};

extern const struct command cmd_top;
extern const struct command cmd_report;
extern const struct command cmd_diagnose;
extern const struct command cmd_list;
extern const struct command cmd_compare;
extern const struct command cmd_probes;
extern const struct command cmd_trace;
extern const struct command cmd_export;

#endif /* CMD_H */
