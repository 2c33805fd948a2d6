// SPDX-License-Identifier: GPL-2.0-or-later
/* probes: what is attached, which tier and why, and what an event costs. */
#include "cmd.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/format.h"
#include "session.h"
#include "util/log.h"
#include "util/safe.h"
#include "view/json.h"

#define PROBES_WATCH_NS 1000000000

static const struct options_of probes_of = {
	.takes = TAKES_DURATION | TAKES_FILES | TAKES_LIVE,
	.formats = "text, json",
};

static const struct argp probes_argp = {
	.doc = "Attach the probes for a second, then say which are in use, "
	       "which are not and why, and what an event costs.  The cost is "
	       "what the kernel's BPF statistics say (they need CAP_SYS_ADMIN "
	       "and are on only for that second); about 30 ns of it are "
	       "their own.",
};

/* Known only while statistics are on, for programs that ran. */
static uint64_t probes_cost_ns(const struct program_row *p)
{
	return p->runs != MISSING && p->runs ? p->ns / p->runs : MISSING;
}

/* Of a recording, which may say anything. */
static void probes_print_text(const char *label, const char *text)
{
	char safe[ROW_WHY];

	safe_text(text, safe, sizeof(safe));
	printf("%s%s\n", label, safe);
}

static void probes_print_program(const struct program_row *p)
{
	uint64_t cost = probes_cost_ns(p);
	char name[sizeof(p->name)], target[sizeof(p->target)];
	char insns[FORMAT_ROOM];

	safe_text(p->name, name, sizeof(name));
	safe_text(p->target, target, sizeof(target));
	format_number(p->insns, insns);
	printf("  %-24s %-26s %5s", name, target, insns);
	if (cost != MISSING)
		printf(" %8" PRIu64 " %5" PRIu64 " ns\n", p->runs, cost);
	else
		printf(" %8s %8s\n", p->runs == MISSING ? "-" : "0", "-");
}

static void probes_print_probes(const struct snapshot *s)
{
	const struct program_row *program;
	const struct probe_row *probe;
	char label[sizeof(probe->name) + 2];

	table_for_each (&s->probes, probe) {
		safe_text(probe->name, label, sizeof(probe->name));
		strcat(label, ": ");
		probes_print_text(label, probe->gives);
		if (*probe->why)
			probes_print_text("  off: ", probe->why);
		table_for_each (&s->programs, program)
			if (program->probe == probe->id)
				probes_print_program(program);
	}
}

static void probes_print(const struct snapshot *s)
{
	const struct host_row *h = &s->host;
	char number[3][FORMAT_ROOM];

	probes_print_text("tier: ", h->tier);
	if (*h->tier_reason)
		probes_print_text("why no better one: ", h->tier_reason);
	printf("\n%-26s %-26s %5s %8s %8s\n", "PROBE and its programs",
	       "ATTACHED TO", "INSNS", "EVENTS", "COST");
	probes_print_probes(s);
	format_number(h->softnet_known, number[0]);
	format_number(h->possible_cpus, number[1]);
	printf("\nsoftnet_data is known, and squeezes are split, on %s of %s "
	       "CPUs\n",
	       number[0], number[1]);
	format_number(h->slots, number[0]);
	format_number(h->irq_slots, number[1]);
	format_number(h->map_bytes == MISSING ? MISSING : h->map_bytes / 1024,
		      number[2]);
	printf("room for %s pairs of NAPI and CPU and %s of interrupt and CPU: "
	       "%s KiB\n",
	       number[0], number[1], number[2]);
	format_number(h->cache_misses, number[0]);
	printf("%s events found their slot by the hash, not by the cache\n",
	       number[0]);
}

/* NULL: missing. */
static json_t *probes_json_number(uint64_t value)
{
	return value == MISSING ? NULL : json_integer(value);
}

static json_t *probes_json_program(const struct program_row *p)
{
	uint64_t cost = probes_cost_ns(p);
	return json_pack("{s:o, s:o, s:o*, s:o*, s:o*}", "name",
			 view_json_text(p->name), "target",
			 view_json_text(p->target), "insns",
			 probes_json_number(p->insns), "verified_insns",
			 probes_json_number(p->verified), "cost_ns",
			 probes_json_number(cost));
}

static json_t *probes_json_probe(const struct snapshot *s,
				 const struct probe_row *probe)
{
	json_t *programs = json_array();
	const struct program_row *p;

	table_for_each (&s->programs, p)
		if (p->probe == probe->id)
			json_array_append_new(programs, probes_json_program(p));
	return json_pack("{s:o, s:o, s:b, s:b, s:o*, s:o}", "name",
			 view_json_text(probe->name), "gives",
			 view_json_text(probe->gives), "required",
			 (int)(probe->required == 1), "on", (int)(probe->on == 1),
			 "why", *probe->why ? view_json_text(probe->why) : NULL,
			 "programs", programs);
}

static void probes_print_json(const struct snapshot *s)
{
	json_t *array = json_array(), *root;
	const struct probe_row *probe;

	table_for_each (&s->probes, probe)
		json_array_append_new(array, probes_json_probe(s, probe));
	root = json_pack("{s:o, s:o, s:o*, s:o}", "tier",
			 view_json_text(s->host.tier), "why_no_better",
			 view_json_text(s->host.tier_reason), "bytes",
			 probes_json_number(s->host.map_bytes), "probes", array);
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

/* As live_time_programs(). */
static int probes_watch(struct live *live, uint64_t ns)
{
	const struct timespec wait = { .tv_sec = ns / 1000000000,
				       .tv_nsec = ns % 1000000000 };
	int stats = live_time_programs(live);

	if (stats < 0)
		log_info("no BPF statistics: CAP_SYS_ADMIN is needed for the "
			 "cost of events");
	nanosleep(&wait, NULL);
	return stats;
}

static int probes_run(struct session *session, const struct options *o)
{
	const uint64_t ns = o->duration_ns ? o->duration_ns : PROBES_WATCH_NS;
	int stats = session->live ? probes_watch(session->live, ns) : -1;
	struct snapshot s;
	int err;

	snapshot_init(&s);
	err = session_read_one(session, &s);
	if (!err && o->view == &view_json)
		probes_print_json(&s);
	else if (!err)
		probes_print(&s);
	snapshot_fini(&s);
	if (stats >= 0)
		close(stats);
	return err;
}

static int cmd_probes_run(int argc, char **argv)
{
	struct options options;
	struct session session;
	int err;

	options_init(&options);
	options.live.details = true;
	options_parse(&options, argc, argv, &probes_of, &probes_argp);
	err = session_open(&session, &options);
	if (!err) {
		session_confine(&session);
		err = probes_run(&session, &options);
	}
	if (session_close(&session))
		err = -1;
	options_fini(&options);
	return err ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_probes = {
	.name = "probes",
	.help = "what is attached, which tier and why, cost per event",
	.run = cmd_probes_run,
	.argp = &probes_argp,
	.of = &probes_of,
};
