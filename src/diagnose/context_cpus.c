// SPDX-License-Identifier: GPL-2.0-or-later
/* Which CPUs a fix may name; see context.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/context.h"

/*
 * CPUs that softirqs may be given: online, and neither isolated nor without a tick,
 * which are somebody's alone.
 */
struct free_cpus {
	struct cpuset online;
	struct cpuset isolated;
	struct cpuset tickless;
	unsigned int end;
};

/* False: there is a list and it cannot be read.  "(null)" is the kernel's "none". */
static bool free_cpus_without(const struct context *c, const char *path,
			      struct cpuset *set)
{
	char text[LIST_ROOM];

	if (!config_find(&c->iv->config, path))
		return true;
	return context_text(c, path, text) &&
	       (!*text || strchr(text, '(') || !cpuset_parse(text, set));
}

/* A list that cannot be read leaves no CPU: better no advice than a wrong one. */
static void free_cpus_init(const struct context *c, struct free_cpus *f)
{
	char text[LIST_ROOM];

	memset(f, 0, sizeof(*f));
	if (context_text(c, "cpu/online", text) &&
	    !cpuset_parse(text, &f->online) &&
	    free_cpus_without(c, "cpu/isolated", &f->isolated) &&
	    free_cpus_without(c, "cpu/nohz_full", &f->tickless))
		f->end = cpuset_end(&f->online);
}

static void free_cpus_fini(struct free_cpus *f)
{
	cpuset_fini(&f->online);
	cpuset_fini(&f->isolated);
	cpuset_fini(&f->tickless);
}

static bool free_cpus_have(const struct context *c, const struct free_cpus *f,
			   uint64_t cpu, uint64_t node, uint64_t skip)
{
	return cpu != skip && cpuset_has(&f->online, cpu) &&
	       !cpuset_has(&f->isolated, cpu) && !cpuset_has(&f->tickless, cpu) &&
	       (node == MISSING || cpu_node(c, cpu) == node);
}

uint64_t context_nth_cpu(const struct context *c, unsigned int n, uint64_t node,
			 uint64_t skip)
{
	struct free_cpus f;
	unsigned int cpu;

	free_cpus_init(c, &f);
	for (cpu = 0; cpu < f.end; cpu++)
		if (free_cpus_have(c, &f, cpu, node, skip) && !n--)
			break;
	free_cpus_fini(&f);
	return cpu < f.end ? cpu : MISSING;
}

/* Time that a CPU has left: threads and busy pollers are not in its softirqs. */
static uint64_t cpu_idle_ns(const struct context *c, uint64_t cpu)
{
	const struct cpu_row *row = context_cpu(c, cpu);
	uint64_t busy;

	if (row && row->stat_idle_ns != MISSING)
		return row->stat_idle_ns;
	busy = row ? known(row->softirq_ns) : 0;
	return busy < c->iv->ns ? c->iv->ns - busy : 0;
}

uint64_t context_idlest_cpu(const struct context *c, uint64_t node, uint64_t skip)
{
	uint64_t best = MISSING;
	struct free_cpus f;
	unsigned int cpu;

	free_cpus_init(c, &f);
	for (cpu = 0; cpu < f.end; cpu++)
		if (free_cpus_have(c, &f, cpu, node, skip) &&
		    cpu_has_time(c, context_cpu(c, cpu)) &&
		    (best == MISSING ||
		     cpu_idle_ns(c, cpu) > cpu_idle_ns(c, best)))
			best = cpu;
	free_cpus_fini(&f);
	return best;
}

/* Is it the first thread of its core, or not known to be another's? */
static bool cpu_is_core(const struct context *c, uint64_t cpu)
{
	const char *siblings = config_findf(&c->iv->config, "cpu/%u/siblings",
					    (unsigned int)cpu);
	uint64_t first;

	return !siblings || sscanf(siblings, "%" SCNu64, &first) != 1 ||
	       first == cpu;
}

unsigned int context_nr_cores(const struct context *c, uint64_t node)
{
	unsigned int cpu, count = 0;
	struct free_cpus f;

	free_cpus_init(c, &f);
	for (cpu = 0; cpu < f.end; cpu++)
		count += free_cpus_have(c, &f, cpu, node, MISSING) &&
			 cpu_is_core(c, cpu);
	free_cpus_fini(&f);
	return count;
}

uint64_t context_rps_skip(const struct context *c, uint64_t cpu)
{
	return context_nr_cpus(c, cpu_node(c, cpu), cpu) > 1 ? cpu : MISSING;
}

unsigned int context_nr_cpus(const struct context *c, uint64_t node, uint64_t skip)
{
	unsigned int cpu, count = 0;
	struct free_cpus f;

	free_cpus_init(c, &f);
	for (cpu = 0; cpu < f.end; cpu++)
		count += free_cpus_have(c, &f, cpu, node, skip);
	free_cpus_fini(&f);
	return count;
}

/* As the kernel writes it: words of 32 bits, the highest first. */
void context_mask(const struct context *c, uint64_t node, uint64_t skip,
		  char mask[CPUS_ROOM])
{
	uint32_t word;
	unsigned int i, bit;
	struct free_cpus f;
	size_t used = 0;

	free_cpus_init(c, &f);
	*mask = '\0';
	if (f.end > CPUS_ROOM / 9 * 32)
		f.end = 0;
	for (i = (f.end + 31) / 32; i-- > 0;) {
		word = 0;
		for (bit = 0; bit < 32; bit++)
			if (free_cpus_have(c, &f, 32 * i + bit, node, skip))
				word |= 1U << bit;
		if (used + 10 < CPUS_ROOM && (used || word || !i))
			used += snprintf(mask + used, CPUS_ROOM - used,
					 used ? ",%08x" : "%x", word);
	}
	free_cpus_fini(&f);
}
