/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much room the programs' arrays have. */
#ifndef COLLECT_SIZES_H
#define COLLECT_SIZES_H

#include <stdbool.h>

#include "collect/loader.h"

/*
 * For the possible CPUs; slots is the room that was asked for, 0: none was.  0, or
 * -errno after the error was printed.
 */
int sizes_choose(unsigned int slots, bool hists, struct loader_sizes *sizes);

#endif /* COLLECT_SIZES_H */
