/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a command's snapshots come from, and where they go, as its options
 * say: the live machine or a recording, and perhaps a recording.
 */
#ifndef SESSION_H
#define SESSION_H

#include "collect/replay.h"
#include "collect/tee.h"
#include "options.h"

struct session {
	const struct options *options;
	struct live *live;     /* NULL: a recording is read */
	struct replay *replay; /* NULL: the live machine is */
	struct tee *tee;       /* NULL: nothing is written */
	struct source *source; /* what to read; NULL: it could not be opened */
};

/* 0, or -errno after the error was printed. */
int session_open(struct session *s, const struct options *options);
/*
 * Accepts one that session_open() failed on.  0, or -errno, which was printed:
 * the recording that was read is damaged, or the one written not whole.
 */
int session_close(struct session *s);

/*
 * All that is to be opened is open, but for the terminal, if that is what is printed to:
 * gives up what reading does not need.
 */
void session_confine(const struct session *s);

/*
 * For commands that print one snapshot: reads it, and the options' devices and
 * CPUs are in it.  Of a recording it is the last one, or the last one of the
 * options' duration.  0 or -errno, printed.
 */
int session_read_one(struct session *session, struct snapshot *s);

#endif /* SESSION_H */
