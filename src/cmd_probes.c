// SPDX-License-Identifier: GPL-2.0-or-later
/* probes: what is attached, which tier and why, and what an event costs. */
#include "cmd.h"

#include <bpf/bpf.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "util/log.h"

#define PROBES_WATCH_SECONDS 1

static const struct argp probes_argp = {
	.doc = "Attach the probes for a second, then say which are in use, "
	       "which are not and why, and what an event costs.  The cost is "
	       "what the kernel's BPF statistics say (they need CAP_SYS_ADMIN "
	       "and are on only for that second); about 30 ns of it are "
	       "their own.",
};

/* Known only while statistics are on, for programs that ran. */
static uint64_t probes_cost_ns(const struct loader_stats *stats, bool timed)
{
	return timed && stats->runs ? stats->ns / stats->runs : MISSING;
}

static void probes_print_program(const struct loader *l, enum probe_id id,
				 unsigned int i, bool timed)
{
	const struct probe_program *p = &probes[id].programs[i];
	struct loader_stats stats;
	uint64_t cost;

	if (!loader_stats(l, id, i, &stats))
		return;
	cost = probes_cost_ns(&stats, timed);
	printf("  %-24s %-26s %5" PRIu64, p->name, target_name(p->target),
	       stats.insns);
	if (cost != MISSING)
		printf(" %8" PRIu64 " %5" PRIu64 " ns\n", stats.runs, cost);
	else
		printf(" %8s %8s\n", timed ? "0" : "-", "-");
}

static void probes_print(const struct loader *l, bool timed)
{
	unsigned int id, i, cpu, known = 0;
	uint64_t misses = 0;

	printf("tier: %s\n", tier_name(l->plan.tier));
	if (*l->plan.tier_reason)
		printf("why no better one: %s\n", l->plan.tier_reason);
	printf("\n%-26s %-26s %5s %8s %8s\n", "PROBE and its programs",
	       "ATTACHED TO", "INSNS", "EVENTS", "COST");
	for (id = 0; id < NR_PROBES; id++) {
		printf("%s: %s\n", probes[id].name, probes[id].gives);
		if (l->plan.why[id])
			printf("  off: %s\n", l->plan.why[id]);
		for (i = 0; i < PROBE_MAX_PROGRAMS; i++)
			probes_print_program(l, id, i, timed);
	}
	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		known += l->cpus[cpu].softnet != 0;
		misses += l->cpus[cpu].cache_misses;
	}
	printf("\nsoftnet_data is known, and squeezes are split, on %u of %u "
	       "CPUs\n",
	       known, l->sizes.cpus);
	printf("room for %u pairs of NAPI and CPU and %u of interrupt and CPU: "
	       "%zu KiB\n",
	       l->sizes.slots, l->sizes.irq_slots,
	       loader_bytes(&l->sizes) / 1024);
	printf("%" PRIu64 " events found their slot by the hash, not by the "
	       "cache\n",
	       misses);
}

static json_t *probes_json_program(const struct loader *l, enum probe_id id,
				   unsigned int i, bool timed)
{
	const struct probe_program *p = &probes[id].programs[i];
	struct loader_stats stats;
	json_t *object;
	uint64_t cost;

	if (!loader_stats(l, id, i, &stats))
		return NULL;
	object = json_pack("{s:s, s:s, s:I, s:I}", "name", p->name, "target",
			   target_name(p->target), "insns",
			   (json_int_t)stats.insns, "verified_insns",
			   (json_int_t)stats.verified);
	cost = probes_cost_ns(&stats, timed);
	if (cost != MISSING)
		json_object_set_new(object, "cost_ns", json_integer(cost));
	return object;
}

static json_t *probes_json_probe(const struct loader *l, enum probe_id id,
				 bool timed)
{
	json_t *programs = json_array(), *program;
	unsigned int i;

	for (i = 0; i < PROBE_MAX_PROGRAMS; i++) {
		program = probes_json_program(l, id, i, timed);
		if (program)
			json_array_append_new(programs, program);
	}
	return json_pack("{s:s, s:s, s:b, s:b, s:s*, s:o}", "name",
			 probes[id].name, "gives", probes[id].gives, "required",
			 probes[id].required, "on", (int)(l->plan.on >> id & 1),
			 "why", l->plan.why[id], "programs", programs);
}

static void probes_print_json(const struct loader *l, bool timed)
{
	json_t *array = json_array(), *root;
	unsigned int id;

	for (id = 0; id < NR_PROBES; id++)
		json_array_append_new(array, probes_json_probe(l, id, timed));
	root = json_pack("{s:s, s:s, s:I, s:o}", "tier", tier_name(l->plan.tier),
			 "why_no_better", l->plan.tier_reason, "bytes",
			 (json_int_t)loader_bytes(&l->sizes), "probes", array);
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

static int cmd_probes_run(int argc, char **argv)
{
	struct options options;
	struct live *live;
	int stats, err;

	options_init(&options);
	options_parse(&options, argc, argv, &probes_argp);
	err = live_open(&live, &options.live);
	if (!err) {
		stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
		if (stats < 0)
			log_info("no BPF statistics: CAP_SYS_ADMIN is needed "
				 "for the cost of events");
		sleep(PROBES_WATCH_SECONDS);
		if (options.view == &view_json)
			probes_print_json(live_loader(live), stats >= 0);
		else
			probes_print(live_loader(live), stats >= 0);
		if (stats >= 0)
			close(stats);
		live_source(live)->ops->close(live_source(live));
	}
	options_fini(&options);
	return err ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_probes = {
	.name = "probes",
	.help = "what is attached, which tier and why, cost per event",
	.run = cmd_probes_run,
};
