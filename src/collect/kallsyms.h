/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel symbols, from /proc/kallsyms.  Addresses are hidden without CAP_SYSLOG. */
#ifndef COLLECT_KALLSYMS_H
#define COLLECT_KALLSYMS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Addresses of n symbols by name, 0 for one that is not there.  0, or -errno
 * (-EACCES: the addresses are hidden).
 */
int kallsyms_find(const char *root, const char *const *names, uint64_t *addrs,
		  size_t n);

/*
 * Name of the function at exactly this address, with " [MODULE]" if it is in
 * one, as the kernel prints it; -ENOENT: none.
 */
int kallsyms_name(const char *root, uint64_t addr, char *name, size_t room);

#endif /* COLLECT_KALLSYMS_H */
