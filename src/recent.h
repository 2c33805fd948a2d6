/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on the last seconds of a run that makes short intervals. */
#ifndef RECENT_H
#define RECENT_H

#include "model/finding_lines.h"
#include "run.h"

/*
 * An interval of a second is too short to judge by, and what was wrong an hour
 * ago is over: judged are the last ten to twenty seconds.
 */
struct recent {
	struct snapshot from; /* they begin here */
	struct snapshot next; /* and here, when that was ten seconds ago */
	struct interval interval;
};

void recent_init(struct recent *r);
void recent_fini(struct recent *r);

/*
 * Judges from the beginning of the last interval that the run made (anew), or
 * from where it was judged from before, to its end.  0, -ENODATA: the run made
 * none yet, or -ENOMEM.
 */
int recent_judge(struct recent *r, const struct run *run, bool anew,
		 struct verdict *v, struct verdict_scope *scope);

#endif /* RECENT_H */
