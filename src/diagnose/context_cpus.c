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

/* irqaffinity=LIST of the kernel's command line: where interrupts are to go. */
static bool context_read_irqaffinity(const struct context *c, struct cpuset *set)
{
	char text[LIST_ROOM], *at;

	if (!config_find(&c->iv->config, "host/cmdline"))
		return true;
	if (!context_text(c, "host/cmdline", text))
		return false;
	at = strstr(text, "irqaffinity=");
	if (!at)
		return true;
	at += strlen("irqaffinity=");
	at[strcspn(at, " ")] = '\0';
	return !cpuset_parse(at, set);
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
	    free_cpus_without(c, "cpu/nohz_full", &f->tickless) &&
	    context_read_irqaffinity(c, &f->meant))
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

static struct context_core *core_of(const struct context *c, uint64_t cpu)
{
	const struct table *cores = &c->cpus.cores;

	return cpu < cores->count ? table_at(cores, cpu) : NULL;
}

static uint64_t cpu_core(const struct context *c, uint64_t cpu)
{
	const struct context_core *core = core_of(c, cpu);

	return core ? core->first : cpu;
}

/* What the threads of a core receive is with the first of them, for now. */
static void context_read_cores_ns(struct context *c)
{
	struct context_core *cores = c->cpus.cores.rows;
	const struct cpu_row *row;
	uint64_t own;
	unsigned int cpu;

	table_for_each (&c->iv->cpus, row)
		if (core_of(c, row->cpu) && core_of(c, cpu_core(c, row->cpu)))
			core_of(c, cpu_core(c, row->cpu))->net_rx_ns +=
				known(row->net_rx_ns);
	/* The first thread's is the last: it has the sum. */
	for (cpu = c->cpus.end; cpu-- > 0;) {
		row = context_cpu(c, cpu);
		own = row ? known(row->net_rx_ns) : 0;
		if (cores[cpu].first < c->cpus.end)
			cores[cpu].net_rx_ns =
				cores[cores[cpu].first].net_rx_ns - own;
	}
}

/* A CPU whose siblings are not known is a core by itself. */
static int context_read_cores(struct context *c)
{
	struct table *cores = &c->cpus.cores;
	struct context_core *core;
	const char *siblings;
	unsigned int cpu;

	cores->row_size = sizeof(*core);
	for (cpu = 0; cpu < c->cpus.end; cpu++) {
		core = table_add(cores);
		if (!core)
			return -ENOMEM;
		siblings = config_findf(&c->iv->config, "cpu/%u/siblings", cpu);
		if (!siblings || sscanf(siblings, "%" SCNu64, &core->first) != 1 ||
		    core->first > cpu)
			core->first = cpu;
	}
	context_read_cores_ns(c);
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
	cpuset_fini(&c->cpus.meant);
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
	       (!cpuset_end(&f->meant) || cpuset_has(&f->meant, cpu)) &&
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

static bool cpu_is_core(const struct context *c, uint64_t cpu)
{
	return cpu_core(c, cpu) == cpu;
}

/* How good a place for more softirqs: idle CPUs before those whose tasks would wait. */
static uint64_t cpu_room_ns(const struct context *c, uint64_t cpu, uint64_t skip)
{
	const struct context_core *core = core_of(c, cpu);
	const struct cpu_row *row = context_cpu(c, cpu);
	uint64_t busy = row ? known(row->softirq_ns) : 0;
	uint64_t left = busy < c->iv->ns ? c->iv->ns - busy : 0;

	if (row && row->stat_idle_ns != MISSING)
		left = cpu_is_idle(c, row) ? c->iv->ns + row->stat_idle_ns :
					     cpu_left_ns(c, row);
	busy = core ? core->net_rx_ns + core->given * c->iv->ns / 2 : 0;
	left = busy < left ? left - busy : 0;
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

void context_give_cpu(struct context *c, uint64_t cpu)
{
	struct context_core *core = core_of(c, cpu);

	if (core)
		core->given++;
}

/* A CPU as a place for an interrupt; what differs by less than a tenth is alike. */
struct place {
	uint64_t cpu;
	uint64_t tenths;
	bool is_first; /* thread of its core, and has time */
};

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->is_first != y->is_first)
		return x->is_first ? -1 : 1;
	if (x->tenths != y->tenths)
		return x->tenths > y->tenths ? -1 : 1;
	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void place_fill(const struct context *c, uint64_t cpu, uint64_t relieved,
		       struct place *place)
{
	const struct cpu_row *row = context_cpu(c, cpu);
	uint64_t room = cpu_room_ns(c, cpu, MISSING);

	if (cpu == relieved && row) {
		room += known(row->net_rx_ns);
		if (room > 4 * c->iv->ns)
			room = 4 * c->iv->ns;
	}
	place->cpu = cpu;
	place->tenths = room / (c->iv->ns / 10 + 1);
	place->is_first = cpu_is_core(c, cpu) &&
			  (cpu == relieved || cpu_has_time(c, row));
}

unsigned int context_best_cpus(const struct context *c, uint64_t node,
			       uint64_t relieved, uint64_t *cpus,
			       unsigned int room)
{
	struct table places = TABLE_INIT(struct place);
	struct place *place;
	unsigned int cpu, n = 0;

	for (cpu = 0; cpu < c->cpus.end; cpu++) {
		if (!context_has_cpu(c, cpu, node, MISSING))
			continue;
		place = table_add(&places);
		if (!place)
			break;
		place_fill(c, cpu, relieved, place);
	}
	table_sort(&places, place_cmp);
	for (; n < places.count && n < room; n++)
		cpus[n] = ((struct place *)table_at(&places, n))->cpu;
	table_fini(&places);
	return n;
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

/* Which CPUs a mask may have. */
struct mask_of {
	uint64_t node;
	uint64_t skip;
	uint64_t busy; /* MISSING: time is not asked for */
};

static bool mask_has_cpu(const struct context *c, const struct mask_of *of,
			 uint64_t cpu)
{
	return context_has_cpu(c, cpu, of->node, of->skip) &&
	       (of->busy == MISSING || cpu == of->busy ||
		cpu_has_time(c, context_cpu(c, cpu)));
}

/* As the kernel writes it: words of 32 bits, the highest first. */
void context_mask(const struct context *c, uint64_t node, uint64_t skip,
		  uint64_t busy, char mask[CPUS_ROOM])
{
	struct mask_of of = { node, skip, busy };
	unsigned int i = (c->cpus.end + 31) / 32, bit, cpu, have = 0;
	size_t used = 0;
	uint32_t word;

	for (cpu = 0; cpu < c->cpus.end; cpu++)
		have += mask_has_cpu(c, &of, cpu);
	if (have < 2)
		of.busy = MISSING;

	*mask = '\0';
	if (i > CPUS_ROOM / 9)
		return;
	while (i-- > 0) {
		word = 0;
		for (bit = 0; bit < 32; bit++)
			if (mask_has_cpu(c, &of, 32 * i + bit))
				word |= 1U << bit;
		if (used + 10 < CPUS_ROOM && (used || word || !i))
			used += snprintf(mask + used, CPUS_ROOM - used,
					 used ? ",%08x" : "%x", word);
	}
}
