/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source that hands on what another one reads, and writes it to a file.  A
 * snapshot is in the file when read() returns, so that whatever ends the
 * process costs none.
 */
#ifndef COLLECT_TEE_H
#define COLLECT_TEE_H

#include <sys/stat.h>

#include "model/event.h"
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
/* The file that is written; 0 or -errno. */
int tee_stat(const struct tee *tee, struct stat *st);

/*
 * Of a trace: an event is in the file with the next snapshot, or flush, and
 * stands there between the snapshots as it did among the calls.  0, or -errno
 * after the error was printed.
 */
int tee_add_event(struct tee *tee, const struct trace_event *e);
int tee_flush(struct tee *tee);
/* One that was read elsewhere. */
int tee_put_snapshot(struct tee *tee, const struct snapshot *s);
int tee_put_facts(struct tee *tee, const struct trace_facts *facts);

/* Ends the file and closes inner.  0, or -errno: it was printed. */
int tee_close(struct tee *tee);

#endif /* COLLECT_TEE_H */
