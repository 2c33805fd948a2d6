/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers in text: strict and bounded, nothing may follow the number. */
#ifndef UTIL_NUM_H
#define UTIL_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0, -EINVAL (not a number, or something follows) or -ERANGE. */
int num_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out);
/* Seconds with up to 9 decimals, as nanoseconds; errors as above. */
int num_parse_seconds(const char *text, uint64_t min_ns, uint64_t max_ns,
		      uint64_t *out_ns);

/* "250us", "1.5ms": a number with a unit (ns, us, ms, s), as above. */
int num_parse_time(const char *text, uint64_t min_ns, uint64_t max_ns,
		   uint64_t *out_ns);

/* A set of CPUs of any size. */
struct cpuset {
	uint64_t *words;
	size_t nr_words;
};

/* "0-3,8": the kernel's list format.  0, -EINVAL or -ENOMEM. */
int cpuset_parse(const char *list, struct cpuset *set);
bool cpuset_has(const struct cpuset *set, unsigned int cpu);
/* Number of CPUs in the set. */
unsigned int cpuset_count(const struct cpuset *set);
/* 1 + the highest CPU, 0 when empty. */
unsigned int cpuset_end(const struct cpuset *set);
void cpuset_fini(struct cpuset *set);

#endif /* UTIL_NUM_H */
