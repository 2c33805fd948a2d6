// SPDX-License-Identifier: GPL-2.0-or-later
/* Which CPUs a fix may name; see context.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/context.h"

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
static void context_read_cpus(struct context *c)
{
	struct context_cpus *f = &c->cpus;
	char text[LIST_ROOM];

	if (context_text(c, "cpu/online", text) &&
	    !cpuset_parse(text, &f->online) &&
	    free_cpus_without(c, "cpu/isolated", &f->isolated) &&
	    free_cpus_without(c, "cpu/partitioned", &f->partitioned) &&
	    free_cpus_without(c, "cpu/nohz_full", &f->tickless))
		f->end = cpuset_end(&f->online);
}

/* Of every CPU with a row or a place among those online. */
static int context_read_nodes(struct context *c)
{
	const struct table *cpus = &c->iv->cpus;
	const struct cpu_row *last =
		cpus->count ? table_at(cpus, cpus->count - 1) : NULL;
	uint64_t end = cpuset_end(&c->cpus.online);

	if (last && last->cpu >= end)
		end = last->cpu + 1;
	return config_read_nodes(&c->iv->config, end, &c->cpus.nodes);
}

/* A CPU whose siblings are not known is a core by itself. */
static int context_read_cores(struct context *c)
{
	struct table *cores = &c->cpus.cores;
	const char *siblings;
	unsigned int cpu;
	uint64_t *first;

	cores->row_size = sizeof(*first);
	for (cpu = 0; cpu < c->cpus.end; cpu++) {
		first = table_add(cores);
		if (!first)
			return -ENOMEM;
		siblings = config_findf(&c->iv->config, "cpu/%u/siblings", cpu);
		if (!siblings || sscanf(siblings, "%" SCNu64, first) != 1)
			*first = cpu;
	}
	return 0;
}

int context_init_cpus(struct context *c)
{
	int err;

	context_read_cpus(c);
	err = context_read_nodes(c);
	return err ? err : context_read_cores(c);
}

void context_fini_cpus(struct context *c)
{
	cpuset_fini(&c->cpus.online);
	cpuset_fini(&c->cpus.isolated);
	cpuset_fini(&c->cpus.partitioned);
	cpuset_fini(&c->cpus.tickless);
	table_fini(&c->cpus.nodes);
	table_fini(&c->cpus.cores);
}

static bool context_has_cpu(const struct context *c, uint64_t cpu,
			    uint64_t node, uint64_t skip)
{
	const struct context_cpus *f = &c->cpus;

	return cpu != skip && cpuset_has(&f->online, cpu) &&
	       !cpuset_has(&f->isolated, cpu) &&
	       !cpuset_has(&f->partitioned, cpu) &&
	       !cpuset_has(&f->tickless, cpu) &&
	       (node == MISSING || cpu_node(c, cpu) == node);
}

#define NODE_ITSELF 10 /* ACPI: LOCAL_DISTANCE */

/* A number for each node that is online, in their order. */
uint64_t node_distance(const struct context *c, uint64_t from, uint64_t to)
{
	const char *text = config_findf(&c->iv->config, "node/%u/distance",
					(unsigned int)from);
	uint64_t distance;
	unsigned int node;
	int length;

	if (from == to)
		return NODE_ITSELF;
	for (node = 0; text && node <= to; node++) {
		if (!config_findf(&c->iv->config, "node/%u/distance", node))
			continue;
		if (sscanf(text, "%" SCNu64 "%n", &distance, &length) != 1)
			break;
		if (node == to)
			return distance;
		text += length;
	}
	return MISSING;
}

static uint64_t cpu_core(const struct context *c, uint64_t cpu)
{
	const struct table *cores = &c->cpus.cores;

	return cpu < cores->count ? *(uint64_t *)table_at(cores, cpu) : cpu;
}

static bool cpu_is_core(const struct context *c, uint64_t cpu)
{
	return cpu_core(c, cpu) == cpu;
}

uint64_t context_nth_cpu(const struct context *c, unsigned int n, uint64_t node)
{
	unsigned int cpu, round;
	bool first;

	for (round = 0; round < 2; round++) {
		for (cpu = 0; cpu < c->cpus.end; cpu++) {
			first = cpu_is_core(c, cpu) &&
				cpu_has_time(c, context_cpu(c, cpu));
			if (context_has_cpu(c, cpu, node, MISSING) &&
			    first == !round && !n--)
				return cpu;
		}
	}
	return MISSING;
}

/* How good a place for more softirqs: idle CPUs before those whose tasks would wait. */
static uint64_t cpu_room_ns(const struct context *c, uint64_t cpu, uint64_t skip)
{
	const struct cpu_row *row = context_cpu(c, cpu);
	uint64_t busy = row ? known(row->softirq_ns) : 0;
	uint64_t left = busy < c->iv->ns ? c->iv->ns - busy : 0;

	if (row && row->stat_idle_ns != MISSING)
		left = cpu_is_idle(c, row) ? c->iv->ns + row->stat_idle_ns :
					     cpu_left_ns(row);
	if (skip != MISSING && cpu_core(c, cpu) == cpu_core(c, skip))
		return left;
	return left + 3 * c->iv->ns;
}

uint64_t context_idlest_cpu(const struct context *c, uint64_t node, uint64_t skip)
{
	uint64_t room, most = 0, best = MISSING;
	unsigned int cpu;

	for (cpu = 0; cpu < c->cpus.end; cpu++) {
		if (!context_has_cpu(c, cpu, node, skip) ||
		    !cpu_has_time(c, context_cpu(c, cpu)))
			continue;
		room = cpu_room_ns(c, cpu, skip);
		if (best != MISSING && room <= most)
			continue;
		most = room;
		best = cpu;
	}
	return best;
}

unsigned int context_nr_cores(const struct context *c, uint64_t node)
{
	unsigned int cpu, count = 0;

	for (cpu = 0; cpu < c->cpus.end; cpu++)
		count += context_has_cpu(c, cpu, node, MISSING) &&
			 cpu_is_core(c, cpu);
	return count;
}

uint64_t context_rps_skip(const struct context *c, uint64_t cpu)
{
	return context_nr_cpus(c, cpu_node(c, cpu), cpu) > 1 ? cpu : MISSING;
}

unsigned int context_nr_cpus(const struct context *c, uint64_t node, uint64_t skip)
{
	unsigned int cpu, count = 0;

	for (cpu = 0; cpu < c->cpus.end; cpu++)
		count += context_has_cpu(c, cpu, node, skip);
	return count;
}

/* As the kernel writes it: words of 32 bits, the highest first. */
void context_mask(const struct context *c, uint64_t node, uint64_t skip,
		  char mask[CPUS_ROOM])
{
	unsigned int i = (c->cpus.end + 31) / 32, bit;
	size_t used = 0;
	uint32_t word;

	*mask = '\0';
	if (i > CPUS_ROOM / 9)
		return;
	while (i-- > 0) {
		word = 0;
		for (bit = 0; bit < 32; bit++)
			if (context_has_cpu(c, 32 * i + bit, node, skip))
				word |= 1U << bit;
		if (used + 10 < CPUS_ROOM && (used || word || !i))
			used += snprintf(mask + used, CPUS_ROOM - used,
					 used ? ",%08x" : "%x", word);
	}
}
