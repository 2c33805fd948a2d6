// SPDX-License-Identifier: GPL-2.0-or-later
/* probes: what is attached, which tier and why, and what an event costs. */
#include "cmd.h"

#include <bpf/bpf.h>
#include <inttypes.h>
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

static void probes_print_program(const struct loader *l, enum probe_id id,
				 unsigned int i, bool timed)
{
	const struct probe_program *p = &probes[id].programs[i];
	struct loader_stats stats;

	if (!loader_stats(l, id, i, &stats))
		return;
	printf("  %-26s %-28s", p->name, target_name(p->target));
	if (timed && stats.runs)
		printf(" %10" PRIu64 " %8" PRIu64 " ns", stats.runs,
		       stats.ns / stats.runs);
	else
		printf(" %10s %11s", timed ? "0" : "-", "-");
	putchar('\n');
}

static void probes_print(const struct loader *l, bool timed)
{
	unsigned int id, i;

	printf("tier: %s\n", tier_name(l->plan.tier));
	if (*l->plan.tier_reason)
		printf("why no better one: %s\n", l->plan.tier_reason);
	printf("\n%-28s %-28s %10s %11s\n", "PROBE and its programs",
	       "ATTACHED TO", "EVENTS", "COST/EVENT");
	for (id = 0; id < NR_PROBES; id++) {
		printf("%-13s %s\n", probes[id].name, probes[id].gives);
		if (l->plan.why[id])
			printf("  off: %s\n", l->plan.why[id]);
		for (i = 0; i < PROBE_MAX_PROGRAMS; i++)
			probes_print_program(l, id, i, timed);
	}
}

static void probes_print_softnet(const struct loader *l)
{
	unsigned int cpu, known = 0;

	for (cpu = 0; cpu < l->sizes.cpus; cpu++)
		known += l->cpus[cpu].softnet != 0;
	printf("\nsoftnet_data found: squeezes are split on %u of %u CPUs\n",
	       known, l->sizes.cpus);
	printf("room: %u pairs of NAPI and CPU, %u of interrupt and CPU, "
	       "%zu KiB mapped\n",
	       l->sizes.slots, l->sizes.irq_slots,
	       (l->sizes.slots *
			(sizeof(struct napi_slot) + sizeof(struct napi_rec)) +
		l->sizes.irq_slots * sizeof(struct irq_slot) +
		l->sizes.cpus * sizeof(struct napi_cpu)) /
		       1024);
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
		probes_print(live_loader(live), stats >= 0);
		probes_print_softnet(live_loader(live));
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
