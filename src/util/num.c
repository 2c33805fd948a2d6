// SPDX-License-Identifier: GPL-2.0-or-later
/* See num.h. */
#include "util/num.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NSEC_PER_SEC 1000000000ULL
#define CPU_LIMIT 65536

int num_parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end)
		return -EINVAL;
	if (errno || value < min || value > max)
		return -ERANGE;
	*out = value;
	return 0;
}

/* Up to nine digits after the point, as nanoseconds. */
static int num_parse_fraction(const char *text, uint64_t *ns)
{
	uint64_t unit = NSEC_PER_SEC;

	*ns = 0;
	for (; isdigit((unsigned char)*text) && unit > 1; text++) {
		unit /= 10;
		*ns += unit * (uint64_t)(*text - '0');
	}
	return *text || unit == NSEC_PER_SEC ? -EINVAL : 0;
}

int num_parse_seconds(const char *text, uint64_t min_ns, uint64_t max_ns,
		      uint64_t *out_ns)
{
	uint64_t ns, fraction = 0;
	unsigned long long seconds;
	char *end;

	if (!isdigit((unsigned char)text[*text == '.']))
		return -EINVAL;
	errno = 0;
	seconds = strtoull(text, &end, 10);
	if (*end == '.' && num_parse_fraction(end + 1, &fraction))
		return -EINVAL;
	if (*end && *end != '.')
		return -EINVAL;
	if (errno || __builtin_mul_overflow(seconds, NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, fraction, &ns) || ns < min_ns ||
	    ns > max_ns)
		return -ERANGE;
	*out_ns = ns;
	return 0;
}

/* Digits, and up to as many decimals as the unit has zeros. */
static int num_scale(const char *text, size_t length, uint64_t unit_ns,
		     uint64_t *out_ns)
{
	uint64_t ns = 0, step = unit_ns;
	bool point = false;
	size_t i;

	for (i = 0; i < length; i++) {
		if (text[i] == '.' && i && !point && i + 1 < length) {
			point = true;
			continue;
		}
		if (!isdigit((unsigned char)text[i]) || (point && step < 10))
			return -EINVAL;
		if (point)
			step /= 10;
		else if (__builtin_mul_overflow(ns, 10, &ns))
			return -ERANGE;
		if (__builtin_add_overflow(ns, (text[i] - '0') * step, &ns))
			return -ERANGE;
	}
	*out_ns = ns;
	return length ? 0 : -EINVAL;
}

int num_parse_time(const char *text, uint64_t min_ns, uint64_t max_ns,
		   uint64_t *out_ns)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = { { "ns", 1 },
		      { "us", 1000 },
		      { "ms", 1000000 },
		      { "s", NSEC_PER_SEC } };
	size_t length = strspn(text, "0123456789.");
	uint64_t ns;
	unsigned int i;
	int err;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(text + length, units[i].name))
			continue;
		err = num_scale(text, length, units[i].ns, &ns);
		if (!err && (ns < min_ns || ns > max_ns))
			err = -ERANGE;
		if (!err)
			*out_ns = ns;
		return err;
	}
	return -EINVAL;
}

static int cpuset_add(struct cpuset *set, unsigned int cpu)
{
	size_t need = cpu / 64 + 1;
	uint64_t *words;

	if (need > set->nr_words) {
		words = reallocarray(set->words, need, sizeof(*words));
		if (!words)
			return -ENOMEM;
		memset(words + set->nr_words, 0,
		       (need - set->nr_words) * sizeof(*words));
		set->words = words;
		set->nr_words = need;
	}
	set->words[cpu / 64] |= 1ULL << cpu % 64;
	return 0;
}

static int cpuset_parse_number(const char **p, unsigned int *cpu)
{
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)**p))
		return -EINVAL;
	value = strtoul(*p, &end, 10);
	if (value >= CPU_LIMIT)
		return -EINVAL;
	*cpu = value;
	*p = end;
	return 0;
}

/* One "N" or "N-M". */
static int cpuset_parse_range(const char **p, struct cpuset *set)
{
	unsigned int first, last;
	int err;

	err = cpuset_parse_number(p, &first);
	if (err)
		return err;
	last = first;
	if (**p == '-') {
		++*p;
		err = cpuset_parse_number(p, &last);
	}
	if (err || last < first)
		return -EINVAL;
	for (; !err && first <= last; first++)
		err = cpuset_add(set, first);
	return err;
}

/* The kernel ends its lists with a newline. */
static bool cpuset_list_ends(const char *list)
{
	return !*list || !strcmp(list, "\n");
}

int cpuset_parse(const char *list, struct cpuset *set)
{
	int err = 0;

	memset(set, 0, sizeof(*set));
	if (cpuset_list_ends(list))
		return 0;
	for (;; list++) {
		err = cpuset_parse_range(&list, set);
		if (err || *list != ',')
			break;
	}
	if (!err && !cpuset_list_ends(list))
		err = -EINVAL;
	if (err)
		cpuset_fini(set);
	return err;
}

bool cpuset_has(const struct cpuset *set, unsigned int cpu)
{
	return cpu / 64 < set->nr_words && set->words[cpu / 64] >> cpu % 64 & 1;
}

unsigned int cpuset_count(const struct cpuset *set)
{
	unsigned int count = 0;
	size_t i;

	for (i = 0; i < set->nr_words; i++)
		count += __builtin_popcountll(set->words[i]);
	return count;
}

unsigned int cpuset_end(const struct cpuset *set)
{
	size_t i = set->nr_words;

	while (i--)
		if (set->words[i])
			return i * 64 + 64 - __builtin_clzll(set->words[i]);
	return 0;
}

void cpuset_fini(struct cpuset *set)
{
	free(set->words);
	memset(set, 0, sizeof(*set));
}
