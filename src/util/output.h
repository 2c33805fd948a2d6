/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether what was printed could be written. */
#ifndef UTIL_OUTPUT_H
#define UTIL_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

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
 * and are only taken up when the write is over.  Of a terminal only where it may still
 * be opened.  0 or -errno.
 */
int output_give_way(void);
/*
 * Flushes and closes standard output, for a disk may be found full only then.  0 or
 * -errno.
 */
int output_close(void);
/*
 * Takes a regular file that is open to be written for this program alone.  NULL, or
 * why it is not to be written.
 */
const char *output_claim(int fd);
bool output_is_same(const struct stat *a, const struct stat *b);

#endif /* UTIL_OUTPUT_H */
