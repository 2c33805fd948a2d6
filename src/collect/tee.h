/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that hands on what another one reads, and writes it to a file.  A
 * snapshot is in the file when read() returns, so that whatever ends the
 * process costs none.
 */
#ifndef COLLECT_TEE_H
#define COLLECT_TEE_H

#include <sys/stat.h>

#include "model/snapshot.h"

struct tee;

/*
 * Creates or replaces the file, unless it is the one that not_this describes
 * (NULL: any will do).  0, or -errno after the error was printed; inner stays
 * the caller's until tee_close().
 */
int tee_open(struct tee **out, struct source *inner, const char *path,
	     const struct stat *not_this);
struct source *tee_source(struct tee *tee);

/* Ends the file and closes inner.  0, or -errno: it was printed. */
int tee_close(struct tee *tee);

#endif /* COLLECT_TEE_H */
