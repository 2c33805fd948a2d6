/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report as a picture: one SVG file that needs nothing else. */
#ifndef VIEW_SVG_H
#define VIEW_SVG_H

#include <stdio.h>

#include "model/series.h"

/*
 * The series, and the interval over all of it, which has the names of the
 * machine and what was lost.  0 or -errno of the output.
 */
int svg_write(FILE *out, const struct series *s, const struct interval *iv);

#endif /* VIEW_SVG_H */
