/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The picture of report --svg: readings into a series, the series into a file. */
#ifndef PICTURE_H
#define PICTURE_H

#include "model/series.h"
#include "run.h"

struct picture {
	const char *path;
	FILE *file; /* NULL: could not be opened, nothing is kept */
	struct series series;
	struct interval part;
};

/*
 * Opens the file before any time is spent, and leaves what is in it as it is; none
 * that the session reads or writes.  0, or -errno after the error was printed.
 */
int picture_open(struct picture *p, const char *path, const struct session *s);
/* What run_skip() has just read.  0, or -errno, printed. */
int picture_add(struct picture *p, struct run *r);
/* Draws it over the interval of all readings; 0, or -errno, printed. */
int picture_draw(struct picture *p, const struct interval *iv);
void picture_close(struct picture *p);

#endif /* PICTURE_H */
