// SPDX-License-Identifier: GPL-2.0-or-later
/* See leave.h. */
#include "util/leave.h"

#include <poll.h>
#include <signal.h>

#define LEAVE_LOOK_MS 100

static bool is_leaving(void)
{
	sigset_t set;

	return !sigpending(&set) &&
	       (sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) ||
		sigismember(&set, SIGHUP) || sigismember(&set, SIGQUIT));
}

bool leave_wait(int fd, short events)
{
	struct pollfd at = { .fd = fd, .events = events };

	while (!poll(&at, 1, LEAVE_LOOK_MS))
		if (is_leaving())
			return false;
	return true;
}
