// SPDX-License-Identifier: GPL-2.0-or-later
/* See recent.h. */
#include "recent.h"

#include <errno.h>

#include "diagnose/diagnose.h"

#define RECENT_NS 10000000000ULL

void recent_init(struct recent *r)
{
	snapshot_init(&r->from);
	snapshot_init(&r->next);
	interval_init(&r->interval);
}

void recent_fini(struct recent *r)
{
	snapshot_fini(&r->from);
	snapshot_fini(&r->next);
	interval_fini(&r->interval);
}

static int recent_begin(struct recent *r, const struct run *run)
{
	int err = snapshot_copy(&r->from, &run->snapshots[!run->latest]);

	return err ? err : snapshot_copy(&r->next, &run->snapshots[run->latest]);
}

/* From now on. */
static int recent_restart(struct recent *r, const struct snapshot *now)
{
	int err = snapshot_copy(&r->from, now);

	return err ? err : snapshot_copy(&r->next, now);
}

/*
 * After ten seconds the next judgement begins where those began; before, when
 * settings began to be read only now: rules judge by what they were, too.
 */
static int recent_move(struct recent *r, const struct snapshot *now)
{
	const struct snapshot from = r->from;

	if (!from.config.count && now->config.count)
		return recent_restart(r, now);
	if (now->mono_ns - r->next.mono_ns < RECENT_NS)
		return 0;
	r->from = r->next;
	r->next = from;
	return snapshot_copy(&r->next, now);
}

int recent_judge(struct recent *r, const struct run *run, bool anew,
		 struct verdict *v, struct verdict_scope *scope)
{
	const struct selection *selection = &run->options->selection;
	const struct snapshot *now = &run->snapshots[run->latest];
	const struct diagnosis diagnosis = { &r->interval, &r->from, now,
					     selection };
	int err = 0;

	if (!run->interval.ns)
		return -ENODATA;
	if (anew)
		err = recent_begin(r, run);
	if (!err)
		err = interval_make(&r->interval, &r->from, now);
	if (!err)
		err = diagnose(&diagnosis, v);
	if (err)
		return err;
	scope->host = r->interval.host.host;
	scope->ns = r->interval.ns;
	scope->selected = selection_is_any(selection);
	return recent_move(r, now);
}
