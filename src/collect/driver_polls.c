// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Poll functions of drivers, each with a kprobe of its own, where there is no
 * __napi_poll: see loader.h.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collect/loader.h"
#include "napiscope.skel.h"
#include "util/log.h"

/* As many polls that are timed by difference, and no other, are of no hook. */
#define POLLS_UNSEEN 16

static void driver_poll_hook(struct loader *l, struct driver_poll *poll)
{
	poll->link = bpf_program__attach_kprobe(
		l->skel->progs.driver_poll_in__kp, false, poll->name);
	if (!poll->link)
		log_warn("poll function %s cannot be hooked (%s): its polls "
			 "are timed by difference",
			 poll->name, strerror(errno));
}

static struct driver_poll *driver_poll_get(struct loader *l, const char *function)
{
	struct driver_poll *poll;
	char name[NAPI_FUNC_NAME];

	/* Without " [module]". */
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(function, " "),
		 function);
	if (!*name)
		return NULL;
	table_for_each (&l->driver_polls, poll)
		if (!strcmp(poll->name, name))
			return poll;
	poll = table_add(&l->driver_polls);
	if (!poll)
		return NULL;
	memcpy(poll->name, name, sizeof(name));
	driver_poll_hook(l, poll);
	return poll;
}

void loader_follow_poll(struct loader *l, const char *function,
			const struct napi_slot *slot)
{
	struct driver_poll *poll;

	if (!(l->plan.on >> PROBE_DRIVER_POLL & 1) || l->stopped)
		return;
	poll = driver_poll_get(l, function);
	if (!poll)
		return;
	poll->inferred += slot->inferred_polls;
	poll->exact += slot->inline_polls + slot->ksoftirqd_polls -
		       slot->inferred_polls;
}

void loader_hook_again(struct loader *l)
{
	struct driver_poll *poll;

	table_for_each (&l->driver_polls, poll) {
		/* Its module went, and the hook with it; another one may be there. */
		if (poll->link && poll->was_exact == poll->exact &&
		    poll->inferred >= poll->was_inferred + POLLS_UNSEEN) {
			bpf_link__destroy(poll->link);
			driver_poll_hook(l, poll);
		}
		poll->was_exact = poll->exact;
		poll->was_inferred = poll->inferred;
		poll->exact = 0;
		poll->inferred = 0;
	}
}
