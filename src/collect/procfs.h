/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers of /proc and /sys.  Each takes a root directory: "" on the live
 * machine, a recorded tree in tests.  All return 0 or -errno (-ENOENT: this
 * kernel has no such file, -EPROTO: it is there but not of a known form) and
 * print nothing.
 */
#ifndef COLLECT_PROCFS_H
#define COLLECT_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/num.h"
#include "util/table.h"

struct host_row;

/* The whole file, NUL-terminated, in *buf of *room bytes, grown as needed. */
int procfs_slurp(const char *path, char **buf, size_t *room);
/* As above, of the path that fmt makes. */
__attribute__((format(printf, 3, 4))) int procfs_readf(char **buf, size_t *room,
						       const char *fmt, ...);

/* The number in an open file of /proc/sys, which may be read again and again. */
int procfs_sysctl(int fd, uint64_t *value);

/*
 * These fill the kernel's counters of struct cpu_row in a table sorted by
 * CPU; a CPU without a row is passed over, a row that the file does not have
 * keeps what it had.  After -EPROTO the rows before the bad line are filled.
 */

/*
 * Columns by count: with 13 or more the CPU is column 13, else the lines are
 * the online CPUs in order, and -EPROTO if they are not as many.
 */
int procfs_softnet(const char *root, const struct cpuset *online,
		   struct table *cpus);
/* Columns by header: CPUs may be missing in it. */
int procfs_softirqs(const char *root, struct table *cpus);
/*
 * Ticks to nanoseconds with ticks per second hz (sysconf(_SC_CLK_TCK)); what
 * does not fit, as from steal clocks that ran backwards, is MISSING.
 */
int procfs_stat(const char *root, unsigned int hz, struct table *cpus);

/*
 * Appends a struct line_row for every device irq and CPU with a count > 0;
 * none on failure.
 */
int procfs_interrupts(const char *root, struct table *lines);

/*
 * Fills the counters of UDP, IPv4 and IPv6 together, of the process's own
 * network namespace; they are MISSING on failure, and where the file has none.
 */
int procfs_udp(const char *root, struct host_row *host);

/*
 * Process ids of the ksoftirqd threads, by CPU; pids has room for nr.  0 for
 * a CPU without one.  Returns how many were found, or -errno.  With most of them
 * found it looks no further: of processes there may be many more.
 */
int procfs_ksoftirqd(const char *root, uint32_t *pids, unsigned int nr,
		     unsigned int most);

/*
 * which: "online", "possible", "present", "isolated", "nohz_full".  set is
 * empty on failure; the caller owes it cpuset_fini().
 */
int sysfs_cpus(const char *root, const char *which, struct cpuset *set);

/* Numbers of queues of a device: entries of /sys/class/net/DEV/queues. */
int sysfs_net_queues(const char *root, const char *dev, unsigned int *rx,
		     unsigned int *tx);
/* One number of /sys/class/net/DEV, for example "threaded"; -1 is -EPROTO. */
int sysfs_net_u64(const char *root, const char *dev, const char *name,
		  uint64_t *value);

#endif /* COLLECT_PROCFS_H */
