/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities: what a process of root, or one that was given some, may do. */
#ifndef UTIL_CAPABILITIES_H
#define UTIL_CAPABILITIES_H

#include <stdint.h>

/*
 * Keeps of the process's capabilities those whose bits (1 << CAP_...) are set, and
 * no way to get one back: not by a program that it executes, either.  The caller
 * has one thread.  0 or -errno.
 */
int capabilities_keep(uint64_t kept);

#endif /* UTIL_CAPABILITIES_H */
