// SPDX-License-Identifier: GPL-2.0-or-later
/* See options.h. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "util/log.h"

#define NSEC_PER_SEC 1000000000ULL
#define MIN_INTERVAL_NS (NSEC_PER_SEC / 20)
#define MAX_INTERVAL_NS (86400 * NSEC_PER_SEC)
#define MAX_DURATION_NS (366 * 86400 * NSEC_PER_SEC)

enum {
	OPTION_TIER = 256,
	OPTION_WITHOUT,
	OPTION_NO_TOUCH,
	OPTION_SLOTS,
	OPTION_SAMPLE,
	OPTION_FIELDS,
	OPTION_SORT,
};

/* An option, and the enum options_taken that it belongs to; 0: all have it. */
struct common_option {
	uint32_t of;
	struct argp_option argp;
};

static const struct common_option common_options[] = {
	{ TAKES_INTERVAL,
	  { "interval", 'i', "SEC", 0, "Seconds between readings (1)", 1 } },
	{ TAKES_DURATION,
	  { "duration", 'd', "SEC", 0,
	    "Stop after so many seconds; of recordings, read so many", 1 } },
	{ TAKES_FILES | TAKES_FLEET,
	  { "read", 'r', "FILE", 0,
	    "Read a recording (- is standard input), not this machine", 1 } },
	{ TAKES_FILES,
	  { "write", 'w', "FILE", 0, "Record what is read, for -r elsewhere", 1 } },
	{ TAKES_SELECT, { "dev", 'D', "DEV", 0, "Only NAPIs of this device", 2 } },
	{ TAKES_SELECT,
	  { "cpu", 'C', "LIST", 0, "Only these CPUs, for example 0-3,8", 2 } },
	{ 0, { "format", 'f', "FORMAT", 0, NULL, 3 } },
	{ TAKES_FIELDS,
	  { "fields", OPTION_FIELDS, "FIELDS", 0,
	    "Only these fields, comma-separated (`napiscope help fields` lists them)",
	    3 } },
	{ TAKES_SORT,
	  { "sort", OPTION_SORT, "FIELD", 0, "Sort rows by this field", 3 } },
	{ TAKES_LIVE,
	  { "tier", OPTION_TIER, "TIER", 0,
	    "Use tracepoint, fentry or kprobe programs, or fail", 4 } },
	{ TAKES_LIVE,
	  { "without", OPTION_WITHOUT, "PROBE", 0,
	    "Leave an optional probe out; may be repeated", 4 } },
	{ TAKES_LIVE,
	  { "no-touch", OPTION_NO_TOUCH, NULL, 0,
	    "Send no loopback datagram to learn kernel addresses", 4 } },
	{ TAKES_LIVE,
	  { "slots", OPTION_SLOTS, "N", 0,
	    "Room for N pairs of NAPI and CPU, and of interrupt and CPU (else as "
	    "many as fit the number of CPUs)",
	    4 } },
	{ TAKES_SAMPLE,
	  { "sample", OPTION_SAMPLE, "N", 0,
	    "Time one NET_RX run and interrupt of N only; counts stay exact", 4 } },
	{ 0, { NULL, 'h', NULL, OPTION_HIDDEN, NULL, 5 } },
	{ 0, { "verbose", 'v', NULL, 0, "Say more; may be repeated", 5 } },
};

#define NR_COMMON (sizeof(common_options) / sizeof(*common_options))

void options_init(struct options *o)
{
	memset(o, 0, sizeof(*o));
	o->interval_ns = NSEC_PER_SEC;
	o->live.wish.tier = TIER_AUTO;
	o->reads.row_size = sizeof(o->read);
	o->view = &view_text;
}

void options_fini(struct options *o)
{
	cpuset_fini(&o->cpus);
	table_fini(&o->reads);
}

int options_check(const struct options *o, const struct snapshot *s)
{
	int err = selection_check(s, &o->selection);

	if (err == -ENODEV && o->read)
		log_error("%s has no device '%s'", o->read, o->selection.dev);
	else if (err && o->read)
		log_error("%s has none of the CPUs given with --cpu", o->read);
	else if (err == -ENODEV)
		log_error("no device '%s' in any network namespace that can be "
			  "seen; `ip -br link` lists those of this one",
			  o->selection.dev);
	else if (err)
		log_error("none of the CPUs given with --cpu is online; see "
			  "/sys/devices/system/cpu/online");
	return err;
}

static void options_parse_time(struct argp_state *state, const char *what,
			       const char *arg, uint64_t max, uint64_t *ns)
{
	int err = num_parse_seconds(arg, MIN_INTERVAL_NS, max, ns);

	if (err)
		argp_error(state,
			   "%s '%s' is not a number of seconds from "
			   "0.05 to %llu",
			   what, arg, (unsigned long long)(max / NSEC_PER_SEC));
}

static void options_parse_cpus(struct argp_state *state, struct options *o,
			       const char *arg)
{
	cpuset_fini(&o->cpus);
	if (cpuset_parse(arg, &o->cpus) || !cpuset_count(&o->cpus))
		argp_error(state, "'%s' is not a list of CPUs such as 0-3,8",
			   arg);
	o->selection.cpus = &o->cpus;
}

static void options_parse_probe(struct argp_state *state, struct options *o,
				const char *arg)
{
	enum probe_id id;

	if (probe_parse(arg, &id))
		argp_error(state,
			   "no probe is called '%s'; `napiscope probes` "
			   "lists them",
			   arg);
	else
		o->live.wish.without |= 1U << id;
}

/* Is name one of the words of "text, json"? */
static bool formats_have(const char *formats, const char *name)
{
	const size_t length = strlen(name);

	for (;; formats += 2) {
		if (strcspn(formats, ",") == length &&
		    !strncmp(formats, name, length))
			return true;
		formats += strcspn(formats, ",");
		if (!*formats)
			return false;
	}
}

static void options_parse_format(struct argp_state *state, struct options *o,
				 const char *arg)
{
	if (!formats_have(o->formats, arg))
		argp_error(state, "format '%s' is none of %s", arg, o->formats);
	else if (o->trace_view) /* who shows events shows no intervals */
		o->trace_view = trace_view_find(arg);
	else
		o->view = view_find(arg);
}

static void options_parse_fields(struct argp_state *state, struct options *o,
				 const char *arg)
{
	const char *bad;

	if (view_check_fields(arg, &bad))
		argp_error(state,
			   "no field is called '%.*s'; `napiscope help "
			   "fields` lists them",
			   (int)strcspn(bad, ","), bad);
	o->fields = arg;
}

static void options_parse_sort(struct argp_state *state, struct options *o,
			       const char *arg)
{
	struct interval empty;

	interval_init(&empty);
	if (interval_sort(&empty, arg))
		argp_error(state,
			   "cannot sort by '%s': no field with a number "
			   "is called so; `napiscope help fields` lists them",
			   arg);
	interval_fini(&empty);
	o->sort = arg;
}

static void options_parse_write(struct argp_state *state, struct options *o,
				const char *arg)
{
	if (!strcmp(arg, "-"))
		argp_error(state, "'-': standard output is the command's own; "
				  "write to a file or to a named pipe");
	o->write = arg;
}

static void options_parse_read(struct argp_state *state, struct options *o,
			       const char *arg)
{
	const char **read = table_add(&o->reads);

	if (!read)
		argp_failure(state, EXIT_FAILURE, ENOMEM, "-r");
	else
		*read = arg;
	o->read = arg;
}

/* A format that has no place for a field would be silent about it. */
static void options_check_fields(struct argp_state *state,
				 const struct options *o)
{
	const char *bad;

	if (o->fields && view_check_shown(o->view, o->fields, &bad))
		argp_error(state,
			   "format %s cannot show '%.*s': leave it out, or "
			   "choose another of %s",
			   o->view->name, (int)strcspn(bad, ","), bad,
			   o->formats);
}

/* All but the file of a recording is as it was recorded. */
static void options_check_read(struct argp_state *state, const struct options *o)
{
	const struct live_options *live = &o->live;

	if (o->read && (live->wish.tier != TIER_AUTO || live->wish.without ||
			live->no_touch || live->slots || live->wish.sample))
		argp_error(state, "--tier, --without, --no-touch, --slots and "
				  "--sample are for this machine, and --read "
				  "reads a recording");
	if (o->reads.count > 1 && !o->reads_many)
		argp_error(state, "one recording at a time is read; report, "
				  "diagnose and compare take several");
}

/* Those that say how the live machine is read. */
static error_t options_parse_live(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	uint64_t value;

	switch (key) {
	case OPTION_TIER:
		if (tier_parse(arg, &o->live.wish.tier))
			argp_error(state,
				   "tier '%s' is none of tracepoint, "
				   "fentry, kprobe, auto",
				   arg);
		break;
	case OPTION_WITHOUT:
		options_parse_probe(state, o, arg);
		break;
	case OPTION_NO_TOUCH:
		o->live.no_touch = true;
		break;
	case OPTION_SLOTS:
		if (num_parse_u64(arg, 1, 1 << 22, &value))
			argp_error(state,
				   "slots '%s' is not a number from 1 "
				   "to 4194304",
				   arg);
		o->live.slots = value;
		break;
	case OPTION_SAMPLE:
		if (num_parse_u64(arg, 2, 1000, &value))
			argp_error(state,
				   "sample '%s' is not a number from 2 "
				   "to 1000",
				   arg);
		o->live.wish.sample = value;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static error_t options_parse_one(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'i':
		options_parse_time(state, "interval", arg, MAX_INTERVAL_NS,
				   &o->interval_ns);
		o->interval_given = true;
		break;
	case 'd':
		options_parse_time(state, "duration", arg, MAX_DURATION_NS,
				   &o->duration_ns);
		break;
	case 'r':
		options_parse_read(state, o, arg);
		break;
	case 'w':
		options_parse_write(state, o, arg);
		break;
	case 'D':
		o->selection.dev = arg;
		break;
	case 'C':
		options_parse_cpus(state, o, arg);
		break;
	case 'f':
		options_parse_format(state, o, arg);
		break;
	case OPTION_FIELDS:
		options_parse_fields(state, o, arg);
		break;
	case OPTION_SORT:
		options_parse_sort(state, o, arg);
		break;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case 'v':
		log_set_level(log_get_level() + 1);
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' is one argument too many", arg);
		break;
	case ARGP_KEY_END:
		options_check_read(state, o);
		options_check_fields(state, o);
		break;
	default:
		return options_parse_live(key, arg, state);
	}
	return 0;
}

void options_of_command(const struct options_of *of,
			struct argp_option options[OPTIONS_ROOM])
{
	size_t i, n = 0;

	_Static_assert(NR_COMMON < OPTIONS_ROOM, "room for the last one");
	for (i = 0; i < NR_COMMON; i++) {
		if (common_options[i].of && !(common_options[i].of & of->takes))
			continue;
		options[n] = common_options[i].argp;
		if (options[n].key == 'f')
			options[n].doc = of->formats;
		n++;
	}
	memset(&options[n], 0, sizeof(options[n]));
}

void options_parse(struct options *o, int argc, char **argv,
		   const struct options_of *of, const struct argp *own)
{
	struct argp_option taken[OPTIONS_ROOM];
	const struct argp common = { .options = taken,
				     .parser = options_parse_one };
	const struct argp_child children[] = { { &common, 0, NULL, 0 }, { 0 } };
	struct argp argp = *own;

	options_of_command(of, taken);
	o->formats = of->formats;
	o->reads_many = of->takes & TAKES_FLEET;
	argp.children = children;
	argp_err_exit_status = of->usage_status ? of->usage_status : EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, o);
}
