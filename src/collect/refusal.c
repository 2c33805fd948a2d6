// SPDX-License-Identifier: GPL-2.0-or-later
/* See refusal.h. */
#include "collect/refusal.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include "util/log.h"

static const char *refusal_of(unsigned int failed)
{
	return failed == NR_PROBES ? "load" : "attach";
}

/* Before 5.11 maps are charged to the limit of locked memory. */
static bool refusal_counts_memlock(void)
{
	unsigned int major, minor;
	struct utsname u;

	return !uname(&u) && sscanf(u.release, "%u.%u", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 11));
}

/* Where libbpf could not raise the limit. */
static bool refusal_is_memlock(int err, size_t bytes)
{
	const unsigned long need = bytes >> 10;
	struct rlimit limit;

	if (err != -EPERM || !refusal_counts_memlock() ||
	    getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur >> 10 >= 2 * need)
		return false;
	log_error("this kernel counts maps as locked memory: %lu KiB and more "
		  "are needed, the limit is %lu KiB; use ulimit -l unlimited, "
		  "or CAP_SYS_RESOURCE",
		  need, (unsigned long)(limit.rlim_cur >> 10));
	return true;
}

static void refusal_say_given_up(const struct probe_plan *plan,
				 uint32_t given_up, unsigned int failed, int err)
{
	char names[256] = "";
	unsigned int id;
	size_t used = 0;

	for (id = 0; id < NR_PROBES && used < sizeof(names); id++)
		if (given_up >> id & 1)
			used += snprintf(names + used, sizeof(names) - used,
					 "%s%s", used ? ", " : "",
					 probes[id].name);
	log_warn("the kernel refuses to %s probes (%s): going on in the %s "
		 "tier, without %s",
		 refusal_of(failed), strerror(-err), tier_name(plan->tier),
		 names);
}

static void refusal_say(const struct probe_plan *plan, unsigned int failed,
			int err)
{
	const char *advice = "-vv shows the kernel's log";

	if (err == -ENOMEM)
		advice = "fewer --slots need less memory";
	else if (err == -EMFILE)
		advice = "ulimit -n gives more";
	else if (err == -EPERM)
		advice = "a security module or a container's seccomp profile "
			 "may forbid it; -vv shows the kernel's log";
	log_error("cannot %s the programs of the %s tier: %s; %s",
		  refusal_of(failed), tier_name(plan->tier), strerror(-err),
		  advice);
}

bool refusal_lessen(struct probe_plan *plan, unsigned int failed, int err,
		    size_t bytes)
{
	uint32_t given_up;

	if (refusal_is_memlock(err, bytes))
		return false;
	/* Fewer programs need no fewer maps. */
	given_up = failed == NR_PROBES && (err == -ENOMEM || err == -EMFILE) ?
			   0 :
			   probe_give_up(plan, failed);
	if (given_up)
		refusal_say_given_up(plan, given_up, failed, err);
	else
		refusal_say(plan, failed, err);
	return given_up;
}
