/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that commands share, and how they are parsed (glibc argp). */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "collect/live.h"
#include "model/select.h"
#include "util/num.h"
#include "view/trace.h"
#include "view/view.h"

struct options {
	uint64_t interval_ns;
	bool interval_given;
	uint64_t duration_ns; /* 0: no end */
	uint64_t count;	      /* 0: no end */
	bool batch;
	bool hists; /* in every interval */
	struct live_options live;
	struct selection selection;
	struct cpuset cpus;
	const struct view *view;
	const struct trace_view *trace_view; /* NULL: not a format of trace */
	const char *read;   /* a recording; NULL: the live machine */
	struct table reads; /* const char *: every one that was given */
	const char *write;  /* a recording; NULL: none */
	const char *fields;
	const char *sort;
	const char *svg;     /* of report: a file for the picture; NULL: none */
	const char *formats; /* that the command has */
	bool reads_many;     /* so does it, at once */
};

/* The common options that a command has; others are wrong usage. */
enum options_taken {
	TAKES_INTERVAL = 1 << 0,
	TAKES_DURATION = 1 << 1,
	TAKES_FILES = 1 << 2,  /* --read, --write */
	TAKES_SELECT = 1 << 3, /* --dev, --cpu */
	TAKES_FIELDS = 1 << 4,
	TAKES_SORT = 1 << 5,
	TAKES_LIVE = 1 << 6,  /* --tier, --without, --no-touch, --slots */
	TAKES_FLEET = 1 << 7, /* several --read, or a directory: see fleet.h */
	TAKES_SAMPLE = 1 << 8,
};

/* What of them a command has, and what it prints: "text, json". */
struct options_of {
	uint32_t takes;
	const char *formats;
	int usage_status; /* of wrong usage; 0: 2 */
};

void options_init(struct options *o);
void options_fini(struct options *o);

/* Says what of --dev and --cpu is not there: 0 or -errno, printed. */
int options_check(const struct options *o, const struct snapshot *s);

/* Room for the common options of a command, ended by an empty one. */
#define OPTIONS_ROOM 24
void options_of_command(const struct options_of *of,
			struct argp_option options[OPTIONS_ROOM]);

/*
 * Parses the arguments of a command; argv[0] is its name.  Wrong usage prints
 * one line and ends the process with its status, as --help and --usage end it
 * with 0.  own may add options of the command: it gets the struct options as
 * its input.
 */
void options_parse(struct options *o, int argc, char **argv,
		   const struct options_of *of, const struct argp *own);

#endif /* OPTIONS_H */
