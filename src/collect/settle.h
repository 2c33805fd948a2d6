/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often, and for how long, a reading is tried again until /proc and the maps
 * are of one instant, and how that is known.  Pure: the clock is the caller's.
 */
#ifndef COLLECT_SETTLE_H
#define COLLECT_SETTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/snapshot.h"

/*
 * Longest that a try may take, over all tries: more than any machine takes that can
 * settle at all.  With thousands of interrupts on hundreds of CPUs /proc/interrupts
 * has tens of megabytes, which each try reads twice, and one of the counts nearly
 * always moved meanwhile: fifty tries would keep the end of a report waiting for
 * many seconds, and take a CPU from what is measured.
 */
#define SETTLE_TRY_NS 40000000ULL
/* Tries at the end of a report, and of each reading before it. */
#define SETTLE_AT_END 50
#define SETTLE_BETWEEN 5
/* These come each second: together they may take a twentieth of one. */
#define SETTLE_BETWEEN_NS 50000000ULL

struct settle {
	unsigned int left; /* tries, this one included; 0: nobody asks for it */
	uint64_t end_ns;
};

void settle_begin(struct settle *s, unsigned int tries, uint64_t now_ns);
/* A try failed: is there another? */
bool settle_again(struct settle *s, uint64_t now_ns);

/*
 * Nothing moved between two readings, or the kernel's counters and ours by the same:
 * of a the kernel was read first, of b the maps.
 */
bool settle_agrees(const struct snapshot *a, const struct snapshot *b);

#endif /* COLLECT_SETTLE_H */
