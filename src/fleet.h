/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings of many machines at once, for `report`, `diagnose` and `compare`:
 * a line each, worst first.
 */
#ifndef FLEET_H
#define FLEET_H

#include "options.h"
#include "session.h"
#include "view/sheet.h"

struct fleet {
	struct table files; /* char *, allocated */
};

/* Is it several recordings, or a directory of them, that are to be read? */
bool fleet_is_asked_for(const struct options *o);
/*
 * Its files, those of a directory by name; from then on files can only be read.
 * 0 or -errno, printed.
 */
int fleet_open(struct fleet *f, const struct options *o);
void fleet_close(struct fleet *f);

/*
 * Calls one for each file.  Of one that fails, which was printed, there is no line:
 * the others follow, unless it was -EINTR.  0, or the last failure.
 */
int fleet_each(const struct fleet *f, int (*one)(void *arg, const char *file),
	       void *arg);

/* The first cells of a line: the machine, its kernel, when and how long. */
void fleet_add_head(struct sheet *s, double weight, const struct interval *iv);
/* And its last one. */
void fleet_add_file(struct sheet *s, const char *file);
/* Sorts and prints it.  0 or -errno, printed (-EPIPE silently). */
int fleet_print(struct sheet *s, const struct options *o);

#endif /* FLEET_H */
