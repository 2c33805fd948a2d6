// SPDX-License-Identifier: GPL-2.0-or-later
/* compare: two recordings, before and after a change. */
#include "cmd.h"

#include <errno.h>
#include <string.h>

#include "confine.h"
#include "fleet.h"
#include "model/format.h"
#include "run.h"
#include "util/log.h"
#include "util/safe.h"
#include "view/compare.h"

struct compare_options {
	struct options common; /* first: the common parser takes it for these */
	const char *files[NR_SIDES];
	unsigned int nr_files;
};

static error_t compare_parse(int key, char *arg, struct argp_state *state)
{
	struct compare_options *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->common;
		return 0;
	case ARGP_KEY_ARG:
		if (o->nr_files == NR_SIDES)
			argp_error(state, "'%s' is one recording too many", arg);
		else
			o->files[o->nr_files++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->common.reads.count ? o->nr_files != 0 :
					    o->nr_files != NR_SIDES)
			argp_error(state, "two recordings are needed, before "
					  "and after, or several with --read");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of compare_of = {
	.takes = TAKES_DURATION | TAKES_SELECT | TAKES_FLEET,
	.formats = "text, json",
};

static const struct argp compare_argp = {
	.parser = compare_parse,
	.args_doc = "BEFORE AFTER",
	.doc = "Compare two recordings: what of the configuration differs, and "
	       "which numbers moved by more than they vary by themselves.  With "
	       "--read, several times or of a directory: of each machine the "
	       "earliest recording with the latest, a line for each, that with "
	       "most numbers that became worse first.",
};

struct comparison {
	struct options options; /* of the run that is read */
	struct compare compare;
	struct compared runs[NR_SIDES];
	struct sheet *sheet; /* of a fleet: the line goes there */
	int damaged;	     /* what is left of them is compared all the same */
};

/* Every interval of a recording, or of its first --duration. */
static int compare_add_run(struct comparison *c, enum compare_side side,
			   struct run *r)
{
	struct compared *run = &c->runs[side];
	const uint64_t most = c->options.duration_ns;
	int got;

	run->from_ns = r->snapshots[r->latest].real_ns;
	while ((got = run_step(r)) > 0) {
		run->ns += r->interval.ns;
		if (compare_add(&c->compare, side, &r->interval)) {
			log_error("out of memory");
			return -ENOMEM;
		}
		if (most && run->ns >= most)
			break;
	}
	if (got >= 0)
		got = run_found(r);
	return got < 0 ? got :
			 snapshot_copy(&run->last, &r->snapshots[r->latest]);
}

static int compare_read(struct comparison *c, enum compare_side side,
			const char *file)
{
	struct session session;
	struct run run;
	int err, damaged;

	c->options.read = file;
	c->runs[side].file = file;
	err = session_open(&session, &c->options);
	if (err)
		return err;
	err = run_open(&run, &session);
	if (!err)
		err = compare_add_run(c, side, &run);
	if (!err && !c->compare.intervals[side])
		err = run_too_short(&run);
	run_close(&run);
	damaged = session_close(&session);
	c->damaged = c->damaged ? c->damaged : damaged;
	return err;
}

static int compare_print(const struct comparison *c)
{
	int err;

	errno = 0;
	if (c->options.view == &view_json)
		err = compare_print_json(stdout, &c->compare, c->runs);
	else
		err = compare_print_text(stdout, &c->compare, c->runs);
	if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}

static int compare_add_line(const struct comparison *c)
{
	struct compare_summary summary;
	struct sheet *s = c->sheet;
	int side;

	compare_summarize(&c->compare, c->runs, &summary);
	sheet_add_row(s, (double)summary.counts[COMPARE_WORSE] +
				 (double)summary.counts[COMPARE_UNSURE] / 1e6);
	sheet_add_text(s, "host", "HOST", c->runs[SIDE_B].last.host.host);
	for (side = 0; side < NR_SIDES; side++) {
		char time[FORMAT_TIME_ROOM];

		format_time(c->runs[side].from_ns, time);
		sheet_add_text(s, side ? "after_time" : "before_time", NULL,
			       time);
	}
	sheet_add_number(s, "worse", "WORSE", summary.counts[COMPARE_WORSE]);
	sheet_add_number(s, "better", "BETTER", summary.counts[COMPARE_BETTER]);
	sheet_add_number(s, "same", "SAME", summary.counts[COMPARE_SAME]);
	sheet_add_number(s, "unsure", "UNSURE", summary.counts[COMPARE_UNSURE]);
	sheet_add_number(s, "settings", "SETTINGS", summary.settings);
	sheet_add_text(s, "worst", "WORST", summary.worst);
	sheet_add_text(s, "before", NULL, c->runs[SIDE_A].file);
	sheet_add_text(s, "after", NULL, c->runs[SIDE_B].file);
	return 0;
}

static int compare_files(struct comparison *c, const struct options *o,
			 const char *const files[NR_SIDES])
{
	int side, err = 0;

	compare_init(&c->compare);
	for (side = 0; side < NR_SIDES; side++)
		snapshot_init(&c->runs[side].last);
	c->options = *o;
	for (side = 0; side < NR_SIDES && !err; side++)
		err = compare_read(c, side, files[side]);
	if (!err) {
		err = compare_judge(&c->compare);
		if (err)
			log_error("out of memory");
	}
	if (!err)
		err = c->sheet ? compare_add_line(c) : compare_print(c);
	for (side = 0; side < NR_SIDES; side++)
		snapshot_fini(&c->runs[side].last);
	compare_fini(&c->compare);
	return err ? err : c->damaged;
}

/* --- of many machines ------------------------------------------------------ */

struct compare_recording {
	const char *file;
	char host[ROW_NAME];
	uint64_t from_ns;
};

struct compare_fleet {
	struct options options;
	struct table recordings; /* struct compare_recording */
	struct sheet sheet;
};

static int recording_cmp(const void *a, const void *b)
{
	const struct compare_recording *x = a, *y = b;
	int order = strcmp(x->host, y->host);

	return order ? order :
		       (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* Whose it is, and of when. */
static int compare_identify(void *arg, const char *file)
{
	struct compare_fleet *f = arg;
	struct compare_recording *r;
	struct session session;
	struct run run;
	int err;

	f->options.read = file;
	err = session_open(&session, &f->options);
	if (err)
		return err;
	err = run_open(&run, &session);
	r = err ? NULL : table_add(&f->recordings);
	if (!err && !r) {
		log_error("out of memory");
		err = -ENOMEM;
	}
	if (r) {
		r->file = file;
		memcpy(r->host, run.snapshots[0].host.host, sizeof(r->host));
		r->from_ns = run.snapshots[0].real_ns;
	}
	run_close(&run);
	session_close(&session);
	return err;
}

/* Those of one machine, [first, end): the earliest and the latest. */
static int compare_machine(struct compare_fleet *f,
			   const struct compare_recording *first,
			   const struct compare_recording *end)
{
	const char *const files[] = { first->file, end[-1].file };
	struct comparison comparison = { .sheet = &f->sheet };
	char host[ROW_NAME];

	if (end - first >= NR_SIDES)
		return compare_files(&comparison, &f->options, files);
	safe_text(first->host, host, sizeof(host));
	log_error("%s is the only recording of %s: two are needed", first->file,
		  host);
	return -ENODATA;
}

static int compare_machines(struct compare_fleet *f)
{
	const struct compare_recording *r = f->recordings.rows;
	size_t i, j, count = f->recordings.count;
	int err, last = 0;

	table_sort(&f->recordings, recording_cmp);
	for (i = 0; i < count; i = j) {
		for (j = i + 1; j < count && !strcmp(r[j].host, r[i].host);)
			j++;
		err = compare_machine(f, &r[i], &r[j]);
		if (err)
			last = err;
	}
	return last;
}

static int compare_many(const struct options *o)
{
	struct compare_fleet f = {
		.options = *o,
		.recordings = TABLE_INIT(struct compare_recording),
	};
	struct fleet files;
	int err, failed, printed = 0;

	sheet_init(&f.sheet);
	err = fleet_open(&files, o);
	if (!err) {
		err = fleet_each(&files, compare_identify, &f);
		failed = compare_machines(&f);
		err = err ? err : failed;
		printed = fleet_print(&f.sheet, o);
	}
	table_fini(&f.recordings);
	sheet_fini(&f.sheet);
	fleet_close(&files);
	return err ? err : printed;
}

static int cmd_compare_run(int argc, char **argv)
{
	struct comparison comparison = { 0 };
	struct compare_options o = { 0 };
	int err;

	options_init(&o.common);
	options_parse(&o.common, argc, argv, &compare_of, &compare_argp);
	if (o.nr_files)
		confine_replay();
	err = o.nr_files ? compare_files(&comparison, &o.common, o.files) :
			   compare_many(&o.common);
	options_fini(&o.common);
	return err && err != -EPIPE ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_compare = {
	.name = "compare",
	.help = "two recordings: what differs, what moved, what is noise",
	.run = cmd_compare_run,
	.argp = &compare_argp,
	.of = &compare_of,
};
