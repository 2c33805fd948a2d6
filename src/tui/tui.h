/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live screen.  It is given intervals and keys and draws; it reads no
 * source and knows no probe.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>
#include <stdint.h>

#include "model/finding_lines.h"
#include "model/interval.h"

struct tui;

/* Settings of the machine.  They cost time, and are read only where they are shown. */
enum tui_settings {
	TUI_NO_SETTINGS,
	TUI_NODES,
	TUI_ALL_SETTINGS, /* and the statistics of drivers */
};

/* What the screen asks of its owner. */
struct tui_owner {
	void *arg;
	/* The user chose another refresh interval. */
	void (*set_interval)(void *arg, uint64_t ns);
	/* The user wants histograms from now on; NULL: nobody can give them. */
	void (*set_hists)(void *arg);
	/* Nothing new shall come while somebody reads; NULL: it does, and is kept. */
	void (*set_paused)(void *arg, bool paused);
	/* What is shown needs these from now on; NULL: nobody reads them. */
	void (*set_settings)(void *arg, enum tui_settings needed);
	/*
	 * What is wrong, and in which time: anew since the interval that was
	 * shown last, else that time goes on to now.  0, -ENODATA (no interval
	 * yet) or -errno; *v is replaced.  NULL: nobody judges.
	 */
	int (*diagnose)(void *arg, bool anew, struct verdict *v,
			struct verdict_scope *scope);
};

struct tui_options {
	uint64_t interval_ns;
	const char *sort;   /* field of any rows, NULL: the default */
	const char *filter; /* NULL: none */
	const char *dev; /* all that is shown is of this device; NULL: it is not */
	bool some_cpus; /* and not of all CPUs */
};

/*
 * Takes the terminal over.  0; -ENOTTY when standard input or output is none,
 * -EOPNOTSUPP when TERM is unknown or cannot place the cursor, or -errno.  From
 * here until tui_close() the terminal is restored on every way out, fatal signals
 * included; nothing else may write to it.  The owner hands over SIGWINCH, and leaves
 * on SIGINT and SIGTERM; SIGTSTP is left to curses.
 */
int tui_open(struct tui **out, const struct tui_options *options,
	     const struct tui_owner *owner);
void tui_close(struct tui *tui);

/* A new interval: takes over what it needs, keeps history, draws. */
int tui_update(struct tui *tui, const struct interval *iv);

/* A line about the run; "": none. */
void tui_set_banner(struct tui *tui, const char *banner);

/* Standard input is readable.  LOOP_CONTINUE, or 0: the user wants to leave. */
int tui_input(struct tui *tui);

/* SIGWINCH came. */
void tui_resize(struct tui *tui);

#endif /* TUI_TUI_H */
