/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel refused the programs that were chosen: what to go without, or what to
 * tell the user.
 */
#ifndef COLLECT_REFUSAL_H
#define COLLECT_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>

#include "collect/probes.h"

/*
 * True when the plan is a lesser one, to be tried; it is said what is missing.  False
 * when there is none, and it is said why.  failed is the probe that did not attach,
 * NR_PROBES when the object did not load; err is -errno; bytes those of the maps.
 */
bool refusal_lessen(struct probe_plan *plan, unsigned int failed, int err,
		    size_t bytes);

#endif /* COLLECT_REFUSAL_H */
