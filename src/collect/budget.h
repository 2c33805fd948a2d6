/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits of net_rx_action: two sysctls of the initial network namespace, which
 * any other hides.
 */
#ifndef COLLECT_BUDGET_H
#define COLLECT_BUDGET_H

#include "collect/netdev.h"
#include "napi_types.h"

struct budget {
	int packets_fd, usecs_fd; /* or -errno */
};

void budget_open(struct budget *b, const struct netdev *nd);
void budget_close(struct budget *b);

/*
 * Reads them into host, every time, for they may change, and tells the programs,
 * which split no squeezes when they cannot be read.
 */
void budget_tell(const struct budget *b, struct host_row *host,
		 struct probe_control *control);

#endif /* COLLECT_BUDGET_H */
