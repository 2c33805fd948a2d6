/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what the running kernel allows: see struct facts in probes.h. */
#ifndef COLLECT_FACTS_H
#define COLLECT_FACTS_H

#include "collect/probes.h"

/*
 * Looks at the kernel's BTF and loads one-line programs, and attaches where
 * a kernel may refuse only that.  Never fails: what went wrong is a fact too.
 */
void facts_collect(struct facts *facts);

/* Timer ticks per second of the running kernel. */
unsigned int facts_hz(void);

#endif /* COLLECT_FACTS_H */
