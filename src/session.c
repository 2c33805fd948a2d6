// SPDX-License-Identifier: GPL-2.0-or-later
/* See session.h. */
#include "session.h"

#include <errno.h>
#include <string.h>

#include "confine.h"
#include "util/output.h"

static int session_open_source(struct session *s)
{
	struct live_options live = s->options->live;
	int err;

	if (s->options->read) {
		err = replay_open(&s->replay, s->options->read);
		if (!err)
			s->source = replay_source(s->replay);
		return err;
	}
	if (s->options->write) {
		live.details = true;
		live.dev_stats = true;
	}
	err = live_open(&s->live, &live);
	if (!err)
		s->source = live_source(s->live);
	return err;
}

static int session_open_tee(struct session *s)
{
	struct stat st;
	bool reads = s->replay && !replay_stat(s->replay, &st);
	int err;

	err = tee_open(&s->tee, s->source, s->options->write, reads ? &st : NULL);
	if (!err)
		s->source = tee_source(s->tee);
	return err;
}

int session_open(struct session *s, const struct options *options)
{
	int err;

	memset(s, 0, sizeof(*s));
	s->options = options;
	err = session_open_source(s);
	if (!err && options->write)
		err = session_open_tee(s);
	return err;
}

int session_close(struct session *s)
{
	int err = s->replay ? replay_error(s->replay) : 0;
	int written = 0;

	if (s->tee)
		written = tee_close(s->tee);
	else if (s->source)
		s->source->ops->close(s->source);
	return err ? err : written;
}

void session_confine(const struct session *s)
{
	/* Who prints for long says so when it fails. */
	output_give_way();
	if (s->live) {
		confine_live();
		return;
	}
	confine_replay();
	confine_opened();
}

/* 1, 0 at the end of a recording, or -errno. */
static int session_read_last(struct session *session, struct snapshot *s)
{
	const struct options *o = session->options;
	uint64_t first = 0;
	int got, any = 0;

	for (;;) {
		got = session->source->ops->read(session->source, s);
		if (got <= 0)
			return got ? got : any;
		first = any ? first : s->mono_ns;
		any = 1;
		if (session->live ||
		    (o->duration_ns && s->mono_ns - first >= o->duration_ns))
			return 1;
	}
}

int session_read_one(struct session *session, struct snapshot *s)
{
	const struct options *o = session->options;
	int got = session_read_last(session, s);
	int err;

	if (got <= 0)
		return got ? got : -ENODATA;
	err = options_check(o, s);
	if (!err)
		snapshot_select(s, &o->selection);
	return err;
}
