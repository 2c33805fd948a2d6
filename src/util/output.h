/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what was printed could be written. */
#ifndef UTIL_OUTPUT_H
#define UTIL_OUTPUT_H

#include <stdio.h>

/*
 * 0, or -errno of the write that failed since the caller set errno to 0; -EIO
 * when that is not known any more.  A reader that has seen enough (-EPIPE) is
 * told of once: the caller may take it for no failure.
 */
int output_status(FILE *out);
/* The same, with what is still in the buffer. */
int output_flush(FILE *out);
/*
 * From now on what is written to standard output waits for its reader no longer than
 * until a signal that ends the program, and fails with EPIPE then: they are blocked,
 * and are only taken up when the write is over.  0 or -errno.
 */
int output_give_way(void);

#endif /* UTIL_OUTPUT_H */
