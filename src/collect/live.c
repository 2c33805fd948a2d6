// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See live.h.  The order of a reading: what /proc counts, the mapped arrays,
 * /proc again if it has to agree, then names and devices.
 */
#include "collect/live.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "collect/budget.h"
#include "collect/details.h"
#include "collect/devices.h"
#include "collect/facts.h"
#include "collect/kallsyms.h"
#include "collect/maps.h"
#include "collect/netdev.h"
#include "collect/procfs.h"
#include "collect/reclaim.h"
#include "collect/settle.h"
#include "collect/sizes.h"
#include "collect/touch.h"
#include "model/field.h"
#include "util/clock.h"
#include "util/log.h"

#define LIVE_SETTLE_NS 200000

/* A poll function that the programs could not name (before 5.13). */
struct poll_name {
	uint64_t addr;
	char name[NAPI_FUNC_NAME];
};

struct live {
	struct source source;
	struct live_options opened;
	struct live_options options; /* with what is wanted for a while */
	struct facts facts;
	struct loader loader;
	struct netdev *netdev;
	struct budget budget;
	struct reclaim reclaim;
	struct cpuset online;
	struct table cpus; /* struct cpu_row, all MISSING: CPUs ever online */
	struct details details;
	struct snapshot check;	 /* its counters, right after the real one's */
	struct table poll_names; /* struct poll_name */
	struct devices devices;
	uint32_t *ksoftirqd; /* pids, by CPU */
};

/* What was raised on a CPU that went offline does not wait for it to come back. */
static void live_forget_raises(struct live *live, const struct cpuset *online)
{
	unsigned int cpu;

	for (cpu = 0; live->loader.cpus && cpu < live->loader.sizes.cpus; cpu++)
		if (cpuset_has(&live->online, cpu) && !cpuset_has(online, cpu))
			live->loader.cpus[cpu].raise_ts = 0;
}

/* Marks which CPUs are online, and gives each a row the first time it is. */
static int live_read_online(struct live *live)
{
	struct cpuset online = { 0 };
	struct cpu_row key, *row;
	int err = sysfs_cpus("", "online", &online);

	if (err)
		return err;
	live_forget_raises(live, &online);
	cpuset_fini(&live->online);
	live->online = online;
	for (key.cpu = 0; key.cpu < cpuset_end(&online); key.cpu++) {
		if (!cpuset_has(&online, key.cpu) ||
		    table_find(&live->cpus, &key, cpu_row_cmp))
			continue;
		row = table_insert(&live->cpus,
				   table_from(&live->cpus, &key, cpu_row_cmp));
		if (!row)
			return -ENOMEM;
		rows_missing(SCOPE_CPU, row);
		row->cpu = key.cpu;
	}
	return 0;
}

/* Number of ksoftirqd threads found, or -errno. */
static int live_find_ksoftirqd(struct live *live)
{
	const unsigned int nr = live->loader.sizes.cpus;

	if (!live->ksoftirqd)
		live->ksoftirqd = calloc(nr, sizeof(*live->ksoftirqd));
	if (!live->ksoftirqd)
		return -ENOMEM;
	return procfs_ksoftirqd("", live->ksoftirqd, nr,
				cpuset_count(&live->online));
}

static void live_tell_ksoftirqd(struct live *live)
{
	unsigned int cpu;

	for (cpu = 0; cpu < live->loader.sizes.cpus; cpu++)
		if (live->ksoftirqd[cpu])
			live->loader.cpus[cpu].ksoftirqd = live->ksoftirqd[cpu];
}

static void live_find_softnet(struct live *live)
{
	static const char *const names[] = { "softnet_data", "__per_cpu_offset" };
	uint64_t addrs[2];

	if (kallsyms_find("", names, addrs, 2) || !addrs[0] || !addrs[1] ||
	    loader_set_softnet(&live->loader, addrs[0], addrs[1]))
		log_info("softnet_data is hidden: it is learned from the "
			 "first poll of each CPU's backlog");
}

static bool live_needs_touch(unsigned int cpu, const void *arg)
{
	const struct live *live = arg;

	return cpu < live->loader.sizes.cpus && !live->loader.cpus[cpu].softnet;
}

static void live_learn(struct live *live)
{
	struct host_row host;
	int err;

	budget_tell(&live->budget, &host, live->loader.control);
	live_find_softnet(live);
	if (live->options.no_touch)
		return;
	err = touch_backlogs(live_needs_touch, live);
	if (err)
		log_info("no loopback datagram could be sent (%s): a CPU's "
			 "squeezes are split from its first backlog poll on",
			 strerror(-err));
}

void live_start_hists(struct live *live)
{
	int err = loader_start_hists(&live->loader);

	if (err)
		log_warn("probe %s cannot be attached: %s; going on without "
			 "raise_ns",
			 probes[PROBE_SOFTIRQ_RAISE].name, strerror(-err));
}

static int live_attach(struct live *live)
{
	struct probe_plan plan;
	struct loader_sizes sizes;
	int found, err;

	facts_collect(&live->facts);
	err = probe_choose(&live->facts, &live->options.wish, &plan);
	if (err) {
		log_error("%s", plan.tier_reason);
		return err;
	}
	err = sizes_choose(live->options.slots, live->options.wish.hists, &sizes);
	if (err)
		return err;
	live->loader.sizes = sizes;
	err = live_read_online(live);
	if (err) {
		log_error("cannot read which CPUs are online "
			  "(/sys/devices/system/cpu): %s",
			  strerror(-err));
		return err;
	}
	found = live_find_ksoftirqd(live);
	err = found == -ENOMEM ?
		      found :
		      devices_init(&live->devices, live->netdev, &live->loader);
	if (err) {
		log_error("cannot begin: %s", strerror(-err));
		return err;
	}
	live->devices.strict = live->options.forget;
	live->options.trace.online = &live->online;
	err = loader_open(&live->loader, &live->facts, &plan, &sizes,
			  &live->options.trace, found <= 0);
	if (err)
		return err;
	live_tell_ksoftirqd(live);
	live_learn(live);
	if (!live->options.hists_later)
		live_start_hists(live);
	return 0;
}

static void live_close(struct source *source)
{
	struct live *live = (struct live *)source;

	loader_close(&live->loader);
	netdev_close(live->netdev);
	budget_close(&live->budget);
	reclaim_fini(&live->reclaim);
	cpuset_fini(&live->online);
	table_fini(&live->cpus);
	details_fini(&live->details);
	snapshot_fini(&live->check);
	table_fini(&live->poll_names);
	devices_fini(&live->devices);
	free(live->ksoftirqd);
	free(live);
}

/* What /proc counts. */
static int live_read_kernel(struct live *live, struct snapshot *s)
{
	table_clear(&s->lines);
	procfs_softnet("", &live->online, &s->cpus);
	procfs_softirqs("", &s->cpus);
	/* What /proc hides is missing, no error. */
	return procfs_interrupts("", &s->lines) == -ENOMEM ? -ENOMEM : 0;
}

/* "" when the symbols are hidden; each address is looked up once. */
static const char *live_poll_name(struct live *live, uint64_t addr)
{
	struct poll_name *known;

	table_for_each (&live->poll_names, known)
		if (known->addr == addr)
			return known->name;
	known = table_add(&live->poll_names);
	if (!known)
		return "";
	known->addr = addr;
	if (kallsyms_name("", addr, known->name, sizeof(known->name)))
		known->name[0] = '\0';
	return known->name;
}

static void live_name_polls(struct live *live, struct snapshot *s)
{
	const struct napi_rec *recs = live->loader.recs;
	struct napi_row *row;

	table_for_each (&s->pairs, row)
		if (row->id != NAPI_GONE && !row->poll_func[0])
			snprintf(row->poll_func, sizeof(row->poll_func), "%s",
				 live_poll_name(live, recs[maps_rec(row)].poll));
}

/* Those that polled first since they were last looked for are hooked, too. */
static void live_follow_polls(struct live *live)
{
	struct loader *l = &live->loader;
	const struct napi_rec *rec;
	const char *name;
	unsigned int i;

	if (!(l->plan.on >> PROBE_DRIVER_POLL & 1))
		return;
	for (i = 0; i < l->sizes.slots; i++) {
		if (!__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE))
			continue;
		rec = &l->recs[l->slots[i].rec];
		name = rec->poll_name;
		loader_follow_poll(l,
				   *name ? name : live_poll_name(live, rec->poll),
				   &l->slots[i]);
	}
	loader_hook_again(l);
}

static int live_read_maps(struct live *live, struct snapshot *s)
{
	int err;

	s->mono_ns = clock_ns(CLOCK_MONOTONIC);
	s->real_ns = clock_ns(CLOCK_REALTIME);
	table_clear(&s->pairs);
	table_clear(&s->irqs);
	table_clear(&s->hists);
	err = maps_read_cpus(&live->loader, s);
	if (!err)
		err = maps_read_pairs(&live->loader, s);
	if (!err && live->loader.plan.on >> PROBE_IRQ_HANDLER & 1)
		err = maps_read_irqs(&live->loader, s);
	if (!err)
		maps_read_lost(&live->loader, s);
	return err;
}

/*
 * The kernel counts on while we read.  Its counters and ours are of one instant
 * when both grow alike until they are read once more, in the reverse order.
 * The kernel counts a softirq just before its event: a CPU that a hypervisor
 * stopped in between goes on meanwhile.  Softirqs may run in that time, for
 * waiting itself takes one under PREEMPT_RT.
 */
static int live_read_counters(struct live *live, struct snapshot *s)
{
	const struct timespec settle = { .tv_nsec = LIVE_SETTLE_NS };
	struct napi_hist *hists = live->loader.hists;
	struct settle tries;
	int err;

	settle_begin(&tries, live->options.settle, clock_ns(CLOCK_MONOTONIC));
	s->host.settled = 0;
	do {
		/* Fresh rows for every CPU */
		err = table_copy(&s->cpus, &live->cpus);
		if (!err)
			err = live_read_kernel(live, s);
		if (!err)
			err = live_read_maps(live, s);
		if (err || !tries.left)
			return err;
		nanosleep(&settle, NULL);
		err = table_copy(&live->check.cpus, &live->cpus);
		/* Only counters are compared, and time is short. */
		live->loader.hists = NULL;
		if (!err)
			err = live_read_maps(live, &live->check);
		live->loader.hists = hists;
		if (!err)
			err = live_read_kernel(live, &live->check);
		s->host.settled = !err && settle_agrees(s, &live->check);
	} while (!err && !s->host.settled &&
		 settle_again(&tries, clock_ns(CLOCK_MONOTONIC)));
	return err;
}

/* Room in the programs' arrays, and how well it is used. */
static void live_read_sizes(const struct loader *l, struct host_row *host)
{
	unsigned int cpu;

	host->slots = l->sizes.slots;
	host->irq_slots = l->sizes.irq_slots;
	host->map_bytes = loader_bytes(&l->sizes);
	host->possible_cpus = l->sizes.cpus;
	host->sample = l->plan.sample ? l->plan.sample : MISSING;
	host->softnet_known = 0;
	host->cache_misses = 0;
	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		host->softnet_known += l->cpus[cpu].softnet != 0;
		host->cache_misses += l->cpus[cpu].cache_misses;
	}
}

static void live_read_host(struct live *live, struct snapshot *s)
{
	struct utsname u;

	budget_tell(&live->budget, &s->host, live->loader.control);
	uname(&u);
	snprintf(s->host.host, sizeof(s->host.host), "%s", u.nodename);
	snprintf(s->host.kernel, sizeof(s->host.kernel), "%s", u.release);
	snprintf(s->host.tier, sizeof(s->host.tier), "%s",
		 tier_name(live->loader.plan.tier));
	snprintf(s->host.tier_reason, sizeof(s->host.tier_reason), "%s",
		 live->loader.plan.tier_reason);
	s->host.nr_cpus = cpuset_count(&live->online);
	s->host.napi_get = netdev_has_napi_get(live->netdev);
	live_read_sizes(&live->loader, &s->host);
	procfs_udp("", &s->host);
	s->host.self_cpu_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

void live_keep(struct live *live)
{
	int err = reclaim_run(&live->reclaim, &live->loader);

	loader_look_again(&live->loader);
	live_follow_polls(live);
	netdev_forget_gone(live->netdev);
	if (err)
		log_warn("no room is made for more NAPIs any more: %s; where what "
			 "is lost grows, start again with more --slots",
			 strerror(-err));
}

static int live_read(struct source *source, struct snapshot *s)
{
	struct live *live = (struct live *)source;
	size_t before = live->cpus.count;
	const char *what = "which CPUs are online (/sys/devices/system/cpu)";
	int err;

	snapshot_clear(s);
	live_keep(live);
	live->loader.control->hist_epoch++;
	err = live_read_online(live);
	if (live->cpus.count != before && live_find_ksoftirqd(live) > 0)
		live_tell_ksoftirqd(live);
	live_read_host(live, s);
	if (!err) {
		what = "the counters of the kernel in /proc, and the programs'";
		err = live_read_counters(live, s);
	}
	if (!err)
		err = reclaim_add_rows(&live->reclaim, &live->loader, s,
				       live->options.forget);
	maps_add_events(s);
	reclaim_offer_hists(&live->reclaim, &live->loader);
	/* A system call for each program: not with each try. */
	s->lost.missed = loader_missed(&live->loader);
	live_name_polls(live, s);
	/* Rows of one NAPI must be neighbours before they are named. */
	snapshot_sort(s);
	/* Of the same instant as the counters: names may take a second. */
	procfs_stat("", sysconf(_SC_CLK_TCK), &s->cpus);
	if (!err) {
		what = "the names and statistics of devices (netlink)";
		err = devices_read(&live->devices, s, live->options.dev_stats);
	}
	if (!err && live->options.details) {
		what = "the settings of the machine";
		err = details_read(&live->details, &live->loader, &live->facts,
				   live->netdev, s);
	}
	if (err) {
		log_error("cannot read %s: %s", what, strerror(-err));
		return err;
	}
	return 1;
}

static const struct source_ops live_ops = {
	.read = live_read,
	.close = live_close,
};

int live_open(struct live **out, const struct live_options *options)
{
	struct live *live = calloc(1, sizeof(*live));
	int err;

	if (!live)
		return -ENOMEM;
	live->source.ops = &live_ops;
	live->opened = *options;
	live->options = *options;
	live->cpus.row_size = sizeof(struct cpu_row);
	details_init(&live->details);
	reclaim_init(&live->reclaim);
	snapshot_init(&live->check);
	live->poll_names.row_size = sizeof(struct poll_name);
	live->budget = (struct budget){ -1, -1 };
	err = netdev_open(&live->netdev);
	if (err == -ENOENT) {
		log_error("there is no /proc/thread-self/ns/net: is /proc "
			  "mounted?");
	} else if (err) {
		log_error("cannot open a netlink socket: %s", strerror(-err));
	} else {
		budget_open(&live->budget, live->netdev);
		err = live_attach(live);
	}
	if (err) {
		live_close(&live->source);
		return err;
	}
	*out = live;
	return 0;
}

struct source *live_source(struct live *live)
{
	return &live->source;
}

void live_set_settle(struct live *live, unsigned int tries)
{
	live->options.settle = tries;
}

void live_renew_details(struct live *live, bool dev_stats)
{
	live->options.details = true;
	live->options.dev_stats = live->opened.dev_stats || dev_stats;
	live->details.read_ns = 0;
}

void live_end_details(struct live *live)
{
	live->options.details = live->opened.details;
	live->options.dev_stats = live->opened.dev_stats;
}

int live_time_programs(struct live *live)
{
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);

	live->details.timed = stats >= 0;
	return stats;
}

struct loader *live_loader(struct live *live)
{
	return &live->loader;
}
