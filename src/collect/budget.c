// SPDX-License-Identifier: GPL-2.0-or-later
/* See budget.h. */
#include "collect/budget.h"

#include <unistd.h>

#include "collect/facts.h"
#include "collect/procfs.h"

void budget_open(struct budget *b, const struct netdev *nd)
{
	b->packets_fd =
		netdev_open_initial(nd, "/proc/sys/net/core/netdev_budget");
	b->usecs_fd =
		netdev_open_initial(nd, "/proc/sys/net/core/netdev_budget_usecs");
}

void budget_close(struct budget *b)
{
	if (b->packets_fd >= 0)
		close(b->packets_fd);
	if (b->usecs_fd >= 0)
		close(b->usecs_fd);
}

/* usecs_to_jiffies() of the kernel: rounded up. */
static uint64_t usecs_to_jiffies(uint64_t usecs, uint64_t hz)
{
	return (usecs * hz + 999999) / 1000000;
}

void budget_tell(const struct budget *b, struct host_row *host,
		 struct probe_control *control)
{
	host->hz = facts_hz();
	host->netdev_budget = MISSING;
	host->netdev_budget_usecs = MISSING;
	if (!host->hz || procfs_sysctl(b->packets_fd, &host->netdev_budget) ||
	    procfs_sysctl(b->usecs_fd, &host->netdev_budget_usecs)) {
		control->budget_valid = 0;
		return;
	}
	/* The limit is written first, for the programs use both or none. */
	control->limit_jiffies =
		usecs_to_jiffies(host->netdev_budget_usecs, host->hz);
	control->budget = host->netdev_budget;
	__atomic_store_n(&control->budget_valid, 1, __ATOMIC_RELEASE);
}
