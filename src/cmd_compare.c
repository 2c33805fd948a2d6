// SPDX-License-Identifier: GPL-2.0-or-later
/* compare: two recordings, before and after a change. */
#include "cmd.h"

#include <errno.h>
#include <string.h>

#include "run.h"
#include "util/log.h"
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
		if (o->nr_files != NR_SIDES)
			argp_error(state, "two recordings are needed, before "
					  "and after");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct options_of compare_of = {
	.takes = TAKES_DURATION | TAKES_SELECT,
	.formats = "text, json",
};

static const struct argp compare_argp = {
	.parser = compare_parse,
	.args_doc = "BEFORE AFTER",
	.doc = "Compare two recordings: what of the configuration differs, and "
	       "which numbers moved by more than they vary by themselves.",
};

struct comparison {
	struct options options; /* of the run that is read */
	struct compare compare;
	struct compared runs[NR_SIDES];
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
	return err ? err : damaged;
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

static int compare_run(struct comparison *c, const struct compare_options *o)
{
	int side, err = 0;

	compare_init(&c->compare);
	for (side = 0; side < NR_SIDES; side++)
		snapshot_init(&c->runs[side].last);
	c->options = o->common;
	for (side = 0; side < NR_SIDES && !err; side++)
		err = compare_read(c, side, o->files[side]);
	if (!err) {
		err = compare_judge(&c->compare);
		if (err)
			log_error("out of memory");
	}
	if (!err)
		err = compare_print(c);
	for (side = 0; side < NR_SIDES; side++)
		snapshot_fini(&c->runs[side].last);
	compare_fini(&c->compare);
	return err;
}

static int cmd_compare_run(int argc, char **argv)
{
	struct comparison comparison = { 0 };
	struct compare_options o = { 0 };
	int err;

	options_init(&o.common);
	options_parse(&o.common, argc, argv, &compare_of, &compare_argp);
	err = compare_run(&comparison, &o);
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
