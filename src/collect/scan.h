/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of /proc, line by line and cell by cell, for procfs.c and
 * interrupts.c.  What is not of the expected form is -EPROTO.
 */
#ifndef COLLECT_SCAN_H
#define COLLECT_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/rows.h"
#include "util/table.h"

/* CPUs are below it, as for cpuset_parse(). */
#define SCAN_CPU_LIMIT 65536

static inline const char *text_skip(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

static inline bool text_ends(const char *p)
{
	return *p == ' ' || !*p;
}

/*
 * Each skips blanks, and moves *p on if it succeeds.  text_number: decimal,
 * up to max; what follows it is the caller's to judge.  text_cell: also, with
 * a blank or the line's end behind it.  text_hex: 1 to 8 digits, likewise.
 */
int text_number(const char **p, uint64_t max, uint64_t *out);
int text_cell(const char **p, uint64_t max, uint64_t *out);
int text_hex(const char **p, uint32_t *out);

/* A column of a file whose header names its CPUs. */
struct column {
	unsigned int cpu;
	struct cpu_row *row; /* NULL: not wanted */
};

struct scan {
	struct table *cpus;   /* struct cpu_row by CPU, or NULL */
	struct table columns; /* struct column; empty: no header seen yet */
	void *arg;
};

#define SCAN_INIT(cpus_, arg_)                                         \
	{                                                              \
		.cpus = (cpus_), .columns = TABLE_INIT(struct column), \
		.arg = (arg_)                                          \
	}

typedef int (*scan_fn)(struct scan *scan, const char *line);

/* NULL: scan has no row of that CPU. */
struct cpu_row *scan_row(const struct scan *scan, uint64_t cpu);
/*
 * fn for each line of text, which is changed, until one fails.  -EPROTO for an
 * empty text, and for a last line without its end: it was cut off.
 */
int scan_text(struct scan *scan, char *text, scan_fn fn);
/* As above, for ROOT/proc/NAME, and frees the columns. */
int scan_file(struct scan *scan, const char *root, const char *name, scan_fn fn);
/*
 * "CPU0 CPU2 ..." into the columns: the possible CPUs in softirqs, those
 * online in interrupts.
 */
int scan_header(struct scan *scan, const char *line);

#endif /* COLLECT_SCAN_H */
