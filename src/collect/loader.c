// SPDX-License-Identifier: GPL-2.0-or-later
/* See loader.h. */
#include "collect/loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "collect/loader_trace.h"
#include "collect/refusal.h"
#include "model/rows.h"
#include "napiscope.skel.h"
#include "util/clock.h"
#include "util/log.h"

/* Longest wait for softirqs to end, in tenths of a millisecond. */
#define LOADER_QUIET_TRIES 1000
/* No softirq that runs when all is attached takes as long. */
#define LOADER_LONGEST_NS 1000000000ULL

static struct bpf_program *loader_program(const struct loader *l, const char *name)
{
	return bpf_object__find_program_by_name(l->skel->obj, name);
}

/* 0 when the kernel has no such state. */
static uint32_t loader_state_mask(const struct facts *facts, enum napi_state state)
{
	return facts->state_bits[state] < 0 ? 0 : 1U << facts->state_bits[state];
}

static void loader_configure(struct loader *l, const struct facts *facts,
			     bool ksoftirqd_by_comm)
{
	struct probe_config *config =
		(struct probe_config *)&l->skel->rodata->config;
	uint32_t on = l->plan.on;

	config->busy_poll_mask = loader_state_mask(facts, STATE_IN_BUSY_POLL);
	config->busy_thread_mask =
		loader_state_mask(facts, STATE_THREADED_BUSY_POLL);
	config->disable_mask = loader_state_mask(facts, STATE_DISABLE);
	config->core_mask = config->disable_mask |
			    loader_state_mask(facts, STATE_PREFER_BUSY_POLL);
	config->sched_mask =
		loader_state_mask(facts, STATE_SCHED) | config->disable_mask;
	config->exact_poll = probe_exact(&l->plan);
	config->poll_entry = on >> PROBE_POLL_ENTRY & 1;
	config->schedule = on >> PROBE_SCHEDULE & 1;
	config->raise = on >> PROBE_SOFTIRQ_RAISE & 1;
	config->ksoftirqd_by_comm = ksoftirqd_by_comm;
	config->symbol_names = facts->symbol_names;
	config->hists = l->plan.hists;
	config->sample = l->plan.sample;
}

static int loader_resize(struct loader *l)
{
	const struct {
		struct bpf_map *map;
		unsigned int entries;
	} sizes[] = {
		{ l->skel->maps.napi_cpus, l->sizes.cpus },
		{ l->skel->maps.napi_slots, l->sizes.slots },
		{ l->skel->maps.slot_of, l->sizes.slots },
		{ l->skel->maps.free_slots, l->sizes.slots },
		{ l->skel->maps.napi_recs, l->sizes.slots },
		{ l->skel->maps.rec_of, l->sizes.slots },
		{ l->skel->maps.free_recs, l->sizes.slots },
		{ l->skel->maps.irq_slots, l->sizes.irq_slots },
		{ l->skel->maps.irq_of, l->sizes.irq_slots },
		{ l->skel->maps.free_irqs, l->sizes.irq_slots },
		{ l->skel->maps.napi_hists, l->sizes.hists },
		{ l->skel->maps.free_hists, l->sizes.hists },
	};
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < sizeof(sizes) / sizeof(*sizes); i++)
		err = bpf_map__set_max_entries(sizes[i].map, sizes[i].entries);
	return err;
}

static void loader_autoload(struct loader *l)
{
	struct bpf_program *prog;
	unsigned int id, i;

	bpf_object__for_each_program(prog, l->skel->obj)
		bpf_program__set_autoload(prog, false);
	for (id = 0; id < NR_PROBES; id++)
		for (i = 0; i < PROBE_MAX_PROGRAMS; i++)
			if (probe_uses(&l->plan, id, i))
				bpf_program__set_autoload(
					loader_program(
						l, probes[id].programs[i].name),
					true);
	bpf_program__set_autoload(l->skel->progs.fill_queues__run, true);
	bpf_program__set_autoload(l->skel->progs.learn_softnet__run, true);
	bpf_program__set_autoload(l->skel->progs.inspect_napi__run, true);
}

/* Runs one of the programs that are never attached; its answer, or -errno. */
static int loader_run(const struct bpf_program *prog, const uint64_t *args,
		      unsigned int n)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = args,
		    .ctx_size_in = n * sizeof(*args));

	if (bpf_prog_test_run_opts(bpf_program__fd(prog), &opts))
		return -errno;
	return opts.retval;
}

static int loader_fill_queues(struct loader *l)
{
	const struct loader_sizes *sizes = &l->sizes;
	uint64_t first, entries = sizes->slots;
	int err = 0;

	if (entries < sizes->irq_slots)
		entries = sizes->irq_slots;
	if (entries < sizes->hists)
		entries = sizes->hists;
	for (first = 0; !err && first < entries; first += NAPI_FILL_STEP)
		err = loader_run(l->skel->progs.fill_queues__run, &first, 1);
	return err;
}

/* The kernel rounds the array, not the value, up to whole pages. */
static size_t loader_map_bytes(const struct bpf_map *map)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t bytes =
		(size_t)bpf_map__value_size(map) * bpf_map__max_entries(map);

	return (bytes + page - 1) / page * page;
}

static int loader_mmap(const struct bpf_map *map, int prot, void *out)
{
	void *at = mmap(NULL, loader_map_bytes(map), prot, MAP_SHARED,
			bpf_map__fd(map), 0);

	if (at == MAP_FAILED)
		return -errno;
	*(void **)out = at;
	return 0;
}

static void loader_munmap(const struct bpf_map *map, const void *at)
{
	if (at)
		munmap((void *)at, loader_map_bytes(map));
}

static int loader_mmap_all(struct loader *l)
{
	int err = loader_mmap(l->skel->maps.napi_cpus, PROT_READ | PROT_WRITE,
			      &l->cpus);

	if (!err)
		err = loader_mmap(l->skel->maps.napi_slots,
				  PROT_READ | PROT_WRITE, &l->slots);
	if (!err)
		err = loader_mmap(l->skel->maps.napi_recs,
				  PROT_READ | PROT_WRITE, &l->recs);
	if (!err)
		err = loader_mmap(l->skel->maps.irq_slots,
				  PROT_READ | PROT_WRITE, &l->irqs);
	if (!err)
		err = loader_mmap(l->skel->maps.napi_hists,
				  PROT_READ | PROT_WRITE, &l->hists);
	if (!err && l->trace.events)
		err = loader_mmap(l->skel->maps.trace_cpus,
				  PROT_READ | PROT_WRITE, &l->trace_cpus);
	if (!err && l->trace.window)
		err = loader_mmap(l->skel->maps.trace_window, PROT_READ,
				  &l->trace_window);
	l->control = &l->skel->bss->control;
	return err;
}

static int loader_load(struct loader *l, const struct facts *facts,
		       bool ksoftirqd_by_comm)
{
	int err;

	l->skel = napiscope_bpf__open();
	if (!l->skel)
		return -errno;
	loader_configure(l, facts, ksoftirqd_by_comm);
	loader_autoload(l);
	err = loader_resize(l);
	if (!err)
		err = loader_trace_prepare(l);
	if (!err)
		err = napiscope_bpf__load(l->skel);
	if (!err)
		err = loader_fill_queues(l);
	if (!err)
		err = loader_mmap_all(l);
	if (!err)
		err = loader_trace_fill(l);
	return err;
}

static void loader_unload(struct loader *l)
{
	loader_trace_fini(l);
	if (!l->skel)
		return;
	loader_munmap(l->skel->maps.napi_cpus, l->cpus);
	loader_munmap(l->skel->maps.napi_slots, l->slots);
	loader_munmap(l->skel->maps.napi_recs, l->recs);
	loader_munmap(l->skel->maps.irq_slots, l->irqs);
	loader_munmap(l->skel->maps.napi_hists, l->hists);
	loader_munmap(l->skel->maps.trace_cpus, l->trace_cpus);
	loader_munmap(l->skel->maps.trace_window, l->trace_window);
	l->trace_cpus = NULL;
	l->trace_window = NULL;
	l->cpus = NULL;
	l->slots = NULL;
	l->recs = NULL;
	l->irqs = NULL;
	l->hists = NULL;
	napiscope_bpf__destroy(l->skel);
	l->skel = NULL;
}

/* Later, by loader_follow_poll() and loader_start_hists(). */
static bool loader_attaches_later(const struct loader *l, enum probe_id id)
{
	return id == PROBE_DRIVER_POLL || l->plan.with_hists >> id & 1;
}

static int loader_attach_probe(struct loader *l, enum probe_id id)
{
	const struct probe *probe = &probes[id];
	unsigned int i;

	for (i = 0; i < PROBE_MAX_PROGRAMS; i++) {
		if (!probe_uses(&l->plan, id, i) || l->links[id][i])
			continue;
		l->links[id][i] = bpf_program__attach(
			loader_program(l, probe->programs[i].name));
		if (!l->links[id][i])
			return -errno;
	}
	return 0;
}

/* Of a pair the entry comes second, and goes first: what has begun has to end. */
static void loader_detach_probe(struct loader *l, enum probe_id id)
{
	unsigned int i;

	for (i = PROBE_MAX_PROGRAMS; i-- > 0;) {
		bpf_link__destroy(l->links[id][i]);
		l->links[id][i] = NULL;
	}
}

static void loader_detach(struct loader *l)
{
	struct driver_poll *poll;
	unsigned int id;

	table_for_each (&l->driver_polls, poll)
		bpf_link__destroy(poll->link);
	table_fini(&l->driver_polls);

	for (id = 0; id < NR_PROBES; id++)
		loader_detach_probe(l, id);
}

/*
 * What ends a stay in poll mode comes before what begins one: else one that ends in
 * between stays open, and its end is the next interrupt.
 */
static enum probe_id loader_nth(unsigned int n)
{
	if (n > PROBE_COMPLETE)
		return n;
	return n ? n - 1 : PROBE_COMPLETE;
}

/* -errno, and *failed is the probe that could not be attached. */
static int loader_attach(struct loader *l, unsigned int *failed)
{
	enum probe_id id;
	unsigned int n;
	int err;

	l->control->begun_ns = UINT64_MAX;
	for (n = 0; n < NR_PROBES; n++) {
		id = loader_nth(n);
		if (!(l->plan.on >> id & 1) || loader_attaches_later(l, id))
			continue;
		err = loader_attach_probe(l, id);
		if (err) {
			*failed = id;
			return err;
		}
	}
	l->control->begun_ns = clock_ns(CLOCK_MONOTONIC) + LOADER_LONGEST_NS;
	return 0;
}

int loader_open(struct loader *l, const struct facts *facts,
		const struct probe_plan *plan, const struct loader_sizes *sizes,
		const struct loader_trace *trace, bool ksoftirqd_by_comm)
{
	unsigned int failed;
	int err;

	memset(l, 0, sizeof(*l));
	l->driver_polls.row_size = sizeof(struct driver_poll);
	l->plan = *plan;
	l->sizes = *sizes;
	l->trace = *trace;
	l->in_net_rx_action = facts->in_net_rx_action;
	l->listed_mask = loader_state_mask(facts, STATE_LISTED);
	if (facts->rings_sleep && trace->events && !trace->window) {
		log_error("the ring buffers of this kernel may sleep, and events "
			  "come in interrupts (PREEMPT_RT before 6.12): use "
			  "--around-squeeze, which needs none");
		return -EOPNOTSUPP;
	}
	do {
		failed = NR_PROBES;
		err = loader_load(l, facts, ksoftirqd_by_comm);
		if (!err)
			err = loader_attach(l, &failed);
		if (!err)
			return 0;
		loader_close(l);
	} while (refusal_lessen(&l->plan, failed, err,
				loader_bytes(&l->sizes) +
					loader_trace_bytes(&l->sizes, &l->trace)));
	return err;
}

void loader_close(struct loader *l)
{
	loader_detach(l);
	loader_unload(l);
}

int loader_start_hists(struct loader *l)
{
	if (!l->plan.hists)
		return 0;
	l->control->hists = 1;
	/* The kernel's softirq_raise event only costs where it is wanted. */
	if (l->plan.on & l->plan.with_hists & 1U << PROBE_SOFTIRQ_RAISE)
		return loader_attach_probe(l, PROBE_SOFTIRQ_RAISE);
	return 0;
}

/* No softirq runs that was seen to begin. */
static bool loader_is_quiet(const struct loader *l)
{
	unsigned int cpu;

	for (cpu = 0; cpu < l->sizes.cpus; cpu++)
		if (*(volatile uint32_t *)&l->cpus[cpu].run_vec)
			return false;
	return true;
}

/* Softirqs are counted when they begin: first no more may, then all end. */
static void loader_end_softirqs(struct loader *l)
{
	const struct timespec wait = { .tv_nsec = 100000 };
	struct bpf_link **link;
	unsigned int i, tries = LOADER_QUIET_TRIES;

	for (i = 0; i < PROBE_MAX_PROGRAMS; i++) {
		link = &l->links[PROBE_SOFTIRQ][i];
		if (probes[PROBE_SOFTIRQ].programs[i].target !=
		    TARGET_SOFTIRQ_ENTRY)
			continue;
		bpf_link__destroy(*link);
		*link = NULL;
	}
	while (!loader_is_quiet(l) && --tries)
		nanosleep(&wait, NULL);
}

void loader_look_again(const struct loader *l)
{
	l->control->no_slots = 0;
	l->control->no_irqs = 0;
}

void loader_stop(struct loader *l)
{
	l->missed = loader_missed(l);
	l->stopped = true;
	l->control->stopping = 1;
	loader_end_softirqs(l);
	loader_detach(l);
}

/* Bytes that the kernel filled in, or < 0. */
static int loader_info(const struct loader *l, const char *name,
		       struct bpf_prog_info *info)
{
	uint32_t size = sizeof(*info);
	int err;

	memset(info, 0, sizeof(*info));
	err = bpf_obj_get_info_by_fd(bpf_program__fd(loader_program(l, name)),
				     info, &size);
	return err ? err : (int)size;
}

/* Runs of a program that the kernel skipped; MISSING: it does not count them. */
static uint64_t program_missed(const struct loader *l, const char *name)
{
	const int counted = offsetof(struct bpf_prog_info, verified_insns);
	struct bpf_prog_info info;

	return loader_info(l, name, &info) < counted ? MISSING :
						       info.recursion_misses;
}

/* struct bpf_link_info of a kprobe, as far as 6.7 has it. */
struct kprobe_link_info {
	uint32_t type, id, prog_id, pad;
	uint32_t event_type, pad_event;
	uint64_t func_name;
	uint32_t name_len, offset;
	uint64_t addr;
	uint64_t missed;
};

/* Hits of a kprobe that never reached its program; MISSING before 6.7. */
static uint64_t kprobe_missed(const struct bpf_link *link)
{
	struct kprobe_link_info info = { 0 };
	uint32_t size = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &size) ||
	    size < sizeof(info))
		return MISSING;
	return info.missed;
}

/* Adds to what may be MISSING. */
static void missed_add(uint64_t *sum, uint64_t n)
{
	*sum = *sum == MISSING || n == MISSING ? MISSING : *sum + n;
}

static bool is_kprobe(const char *program)
{
	const char *suffix = strstr(program, "__kp");

	return suffix && !suffix[4];
}

uint64_t loader_missed(const struct loader *l)
{
	const struct driver_poll *poll;
	unsigned int id, i;
	uint64_t missed = 0;
	const char *name;

	if (l->stopped)
		return l->missed;
	for (id = 0; id < NR_PROBES; id++) {
		for (i = 0; i < PROBE_MAX_PROGRAMS; i++) {
			if (!l->links[id][i])
				continue;
			name = probes[id].programs[i].name;
			missed_add(&missed, program_missed(l, name));
			if (is_kprobe(name))
				missed_add(&missed,
					   kprobe_missed(l->links[id][i]));
		}
	}
	if (l->plan.on >> PROBE_DRIVER_POLL & 1)
		missed_add(&missed, program_missed(l, "driver_poll_in__kp"));
	table_for_each (&l->driver_polls, poll)
		if (poll->link)
			missed_add(&missed, kprobe_missed(poll->link));
	return missed;
}

bool loader_stats(const struct loader *l, enum probe_id id, unsigned int i,
		  struct loader_stats *stats)
{
	const int counted = offsetof(struct bpf_prog_info, verified_insns) +
			    sizeof(((struct bpf_prog_info *)0)->verified_insns);
	struct bpf_prog_info info;
	int size;

	if (!l->links[id][i])
		return false;
	size = loader_info(l, probes[id].programs[i].name, &info);
	if (size < 0)
		return false;
	stats->insns = info.xlated_prog_len / sizeof(struct bpf_insn);
	stats->verified = size < counted ? MISSING : info.verified_insns;
	stats->runs = info.run_cnt;
	stats->ns = info.run_time_ns;
	return true;
}

int loader_set_softnet(struct loader *l, uint64_t softnet_data,
		       uint64_t per_cpu_offset)
{
	uint64_t args[3] = { 0, softnet_data, per_cpu_offset };
	int err = 0;

	for (; !err && args[0] < l->sizes.cpus; args[0]++)
		err = loader_run(l->skel->progs.learn_softnet__run, args, 3);
	return err > 0 ? -EFAULT : err;
}

int loader_inspect(struct loader *l, unsigned int rec, struct napi_inspect *out)
{
	const uint64_t arg = rec;
	int err = loader_run(l->skel->progs.inspect_napi__run, &arg, 1);

	/* The program found another one there. */
	if (err)
		return err < 0 ? err : -ENODEV;
	*out = l->skel->bss->inspect;
	/*
	 * What is deleted may stand in memory, and its namespace be another one.
	 * A backlog is never listed.
	 */
	if (l->recs[rec].dev && l->listed_mask && !(out->state & l->listed_mask))
		return -ENODEV;
	l->recs[rec].netns = out->netns;
	return 0;
}

size_t loader_bytes(const struct loader_sizes *sizes)
{
	return sizes->cpus * sizeof(struct napi_cpu) +
	       sizes->slots *
		       (sizeof(struct napi_slot) + sizeof(struct napi_rec)) +
	       sizes->irq_slots * sizeof(struct irq_slot) +
	       sizes->hists * sizeof(struct napi_hist);
}
