// SPDX-License-Identifier: GPL-2.0-or-later
/* See confine.h.  The only place that says which capabilities are kept, and why. */
#include "confine.h"

#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "util/capabilities.h"
#include "util/log.h"
#include "util/sandbox.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

static const unsigned int kept_to_open[] = {
	/*
	 * There may be thousands of recordings, opened one after the other, which
	 * root may read; so may it the description of its terminal, in any home.
	 * What was read has nowhere to go but to the output.
	 */
	CAP_DAC_READ_SEARCH,
};

static const unsigned int kept_live[] = {
	/* Network namespaces are entered when they appear; and a driver's poll is
	 * hooked when it is seen, where kernel.perf_event_paranoid is above 2. */
	CAP_SYS_ADMIN,
	/* Which ones there are is seen in the processes of others. */
	CAP_SYS_PTRACE,
	/* A driver's poll is hooked when it is seen, raises when histograms are
	 * asked for; and before 5.19 maps are not changed without it. */
	CAP_BPF,
	CAP_PERFMON,
	/* Before 5.13 poll functions have their names from /proc/kallsyms. */
	CAP_SYSLOG,
};

static void confine_keep(const unsigned int *caps, size_t n)
{
	uint64_t kept = 0;
	size_t i;
	int err;

	for (i = 0; i < n; i++)
		kept |= 1ULL << caps[i];
	err = capabilities_keep(kept);
	if (err)
		log_warn("cannot give up capabilities: %s", strerror(-err));
}

/* Where there are no filters it goes on without, as it did before they were. */
static void confine_calls(unsigned int allow)
{
	int err = sandbox_enter(allow);

	if (err)
		log_info("no system calls are refused: %s", strerror(-err));
}

void confine_replay(void)
{
	confine_keep(kept_to_open, ARRAY_SIZE(kept_to_open));
	confine_calls(0);
}

void confine_opened(void)
{
	confine_keep(NULL, 0);
}

void confine_live(void)
{
	confine_keep(kept_live, ARRAY_SIZE(kept_live));
	confine_calls(SANDBOX_BPF | SANDBOX_NETNS | SANDBOX_NETLINK);
}

/* What it tries in vain without capabilities is refused as it was. */
void confine_export(void)
{
	confine_calls(SANDBOX_BPF);
}
