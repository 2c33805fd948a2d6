/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the backlog of CPUs poll once, so that its address is learned. */
#ifndef COLLECT_TOUCH_H
#define COLLECT_TOUCH_H

#include <stdbool.h>

/*
 * Sends one datagram over the loopback device from each CPU that needs() says
 * yes to, that the process may run on and that is neither isolated nor
 * nohz_full.  0 or -errno (no loopback address, for example).
 */
int touch_backlogs(bool (*needs)(unsigned int cpu, const void *arg),
		   const void *arg);

#endif /* COLLECT_TOUCH_H */
