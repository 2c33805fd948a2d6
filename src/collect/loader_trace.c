// SPDX-License-Identifier: GPL-2.0-or-later
/* See loader_trace.h. */
#include "collect/loader_trace.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "napiscope.skel.h"

/*
 * 4 MiB hold 58,000 events: what a saturated CPU makes in an eighth of a
 * second.  On many CPUs not all of them are saturated.
 */
#define TRACE_RING_MAX (4U << 20)
#define TRACE_RING_MIN (1U << 18)
#define TRACE_RINGS_ALL (256U << 20)

/* A power of two, and of pages of up to 64 KiB. */
static unsigned int trace_ring_bytes(unsigned int cpus)
{
	unsigned int bytes = TRACE_RING_MAX;

	while (bytes > TRACE_RING_MIN && bytes > TRACE_RINGS_ALL / cpus)
		bytes /= 2;
	return bytes;
}

static size_t trace_window_entries(const struct loader_sizes *sizes,
				   const struct loader_trace *trace)
{
	return 2 * (size_t)sizes->cpus * trace->window;
}

size_t loader_trace_bytes(const struct loader_sizes *sizes,
			  const struct loader_trace *trace)
{
	if (!trace->events)
		return 0;
	if (trace->window)
		return trace_window_entries(sizes, trace) *
		       sizeof(struct trace_event);
	return (size_t)sizes->cpus * trace_ring_bytes(sizes->cpus);
}

static int trace_ring_create(const struct loader *l)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "trace_ring", 0, 0,
				trace_ring_bytes(l->sizes.cpus), NULL);

	return fd < 0 ? -errno : fd;
}

/* The outer map is made after the example of a ring, which may then go. */
static int trace_prepare_rings(struct loader *l)
{
	int err;

	l->rings = malloc(l->sizes.cpus * sizeof(*l->rings));
	if (!l->rings)
		return -ENOMEM;
	for (l->nr_rings = 0; l->nr_rings < l->sizes.cpus; l->nr_rings++)
		l->rings[l->nr_rings] = -1;
	l->rings[0] = trace_ring_create(l);
	if (l->rings[0] < 0)
		return l->rings[0];
	err = bpf_map__set_max_entries(l->skel->maps.trace_rings, l->sizes.cpus);
	if (!err)
		err = bpf_map__set_inner_map_fd(l->skel->maps.trace_rings,
						l->rings[0]);
	return err;
}

static int trace_leave_out(struct loader *l)
{
	int err = bpf_map__set_autocreate(l->skel->maps.trace_cpus, false);

	if (!err)
		err = bpf_map__set_autocreate(l->skel->maps.trace_window, false);
	if (!err)
		err = bpf_map__set_autocreate(l->skel->maps.trace_rings, false);
	return err;
}

int loader_trace_prepare(struct loader *l)
{
	struct probe_config *config =
		(struct probe_config *)&l->skel->rodata->config;
	const struct loader_trace *trace = &l->trace;
	int err;

	if (!trace->events)
		return trace_leave_out(l);
	config->trace_events = trace->events;
	config->trace_window = trace->window;
	config->trace_longer = trace->longer_ns;
	err = bpf_map__set_max_entries(l->skel->maps.trace_cpus, l->sizes.cpus);
	if (err)
		return err;
	if (!trace->window) {
		err = bpf_map__set_autocreate(l->skel->maps.trace_window, false);
		return err ? err : trace_prepare_rings(l);
	}
	err = bpf_map__set_autocreate(l->skel->maps.trace_rings, false);
	if (!err)
		err = bpf_map__set_max_entries(l->skel->maps.trace_window,
					       trace_window_entries(&l->sizes,
								    trace));
	return err;
}

static int trace_fill_ring(struct loader *l, uint32_t cpu)
{
	int outer = bpf_map__fd(l->skel->maps.trace_rings);

	if (l->rings[cpu] < 0)
		l->rings[cpu] = trace_ring_create(l);
	if (l->rings[cpu] < 0)
		return l->rings[cpu];
	return bpf_map_update_elem(outer, &cpu, &l->rings[cpu], BPF_ANY) ?
		       -errno :
		       0;
}

static bool trace_wants_cpu(const struct loader_trace *trace, unsigned int cpu)
{
	return !trace->cpus || cpuset_has(trace->cpus, cpu);
}

int loader_trace_fill(struct loader *l)
{
	unsigned int cpu;
	int err;

	if (!l->trace.events)
		return 0;
	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		if (!trace_wants_cpu(&l->trace, cpu))
			continue;
		l->trace_cpus[cpu].on = 1;
		if (l->trace.window || !cpuset_has(l->trace.online, cpu))
			continue;
		err = trace_fill_ring(l, cpu);
		if (err)
			return err;
	}
	return 0;
}

int loader_trace_follow(struct loader *l)
{
	unsigned int cpu;
	int err = 0;

	for (cpu = 0; !err && cpu < l->nr_rings; cpu++)
		if (l->rings[cpu] < 0 && trace_wants_cpu(&l->trace, cpu) &&
		    cpuset_has(l->trace.online, cpu))
			err = trace_fill_ring(l, cpu);
	return err;
}

void loader_trace_fini(struct loader *l)
{
	unsigned int cpu;

	for (cpu = 0; cpu < l->nr_rings; cpu++)
		if (l->rings[cpu] >= 0)
			close(l->rings[cpu]);
	free(l->rings);
	l->rings = NULL;
	l->nr_rings = 0;
}

uint64_t loader_trace_lost(const struct loader *l)
{
	uint64_t lost = 0;
	unsigned int cpu;

	for (cpu = 0; l->trace_cpus && cpu < l->sizes.cpus; cpu++)
		lost += l->trace_cpus[cpu].lost;
	return lost;
}
