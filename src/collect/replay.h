/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The source that reads a recording.  It reads on behind what is damaged, from
 * the next whole key frame, and at the end says in one line what was wrong
 * with the file.
 */
#ifndef COLLECT_REPLAY_H
#define COLLECT_REPLAY_H

#include <sys/stat.h>

#include "model/event.h"
#include "model/snapshot.h"

struct replay;

/* "-" is standard input.  0, or -errno after the error was printed. */
int replay_open(struct replay **out, const char *path);
struct source *replay_source(struct replay *r);

/* So that nobody writes what is being read. */
int replay_stat(const struct replay *r, struct stat *st);

/* What replay_read_part() found. */
enum replay_part {
	REPLAY_END,
	REPLAY_SNAPSHOT,
	REPLAY_EVENTS,
	REPLAY_FACTS,
};

/*
 * Of a trace the next part, whatever it is: into s, behind what is in events
 * (struct trace_event), or into facts.  enum replay_part, or -errno, printed.
 */
int replay_read_part(struct replay *r, struct snapshot *s, struct table *events,
		     struct trace_facts *facts);

/*
 * Once read() has returned 0: 0 (a file that was cut off is no failure),
 * -ENODATA (no snapshot could be read) or -EBADMSG (it is damaged); it was
 * printed.
 */
int replay_error(const struct replay *r);

#endif /* COLLECT_REPLAY_H */
