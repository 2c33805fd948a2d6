/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands.  Each gets its own arguments and returns the exit status. */
#ifndef CMD_H
#define CMD_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
};

struct command {
	const char *name;
	const char *help; /* one line */
	int (*run)(int argc, char **argv);
};

extern const struct command cmd_top;
extern const struct command cmd_report;
extern const struct command cmd_list;
extern const struct command cmd_compare;
extern const struct command cmd_probes;
extern const struct command cmd_trace;

#endif /* CMD_H */
