// SPDX-License-Identifier: GPL-2.0-or-later
/* See replay.h. */
#include "collect/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/codec.h"
#include "model/codec_events.h"
#include "model/hist.h"
#include "util/leave.h"
#include "util/log.h"

#define REPLAY_CHUNK 65536
/*
 * Where frames seem to begin in what is damaged, each has its CRC computed: a
 * file made to cost time has no end of them.
 */
#define REPLAY_MAX_FALSE 1000

struct replay {
	struct source source;
	char *path;
	int fd;
	/* A window of the file */
	struct bytes window;
	size_t at;	 /* what was taken of it */
	uint64_t offset; /* of at, in the file */
	bool eof;
	struct decoder decoder;
	struct bytes raw; /* of the present frame */
	/* What was found */
	uint64_t snapshots;
	uint64_t written; /* as the end of the recording says */
	bool ended;	  /* it has an end */
	bool cut;	  /* in the middle of a frame */
	bool over;	  /* and reported */
	bool damaged;	  /* ... and where first */
	uint64_t damaged_at;
	bool joined; /* another one follows in the file */
	uint64_t joined_at;
	unsigned int false_frames;
	/* When the last snapshot was, and how long none could be read */
	uint64_t last_ns;
	bool gap;
	uint64_t gap_ns;
	/* Where the parts of a trace go; NULL: they are passed over. */
	struct table *events;
	struct trace_facts *facts;
};

/* --- the window ------------------------------------------------------------ */

static size_t window_left(const struct replay *r)
{
	return r->window.count - r->at;
}

static const uint8_t *window_data(const struct replay *r)
{
	return r->window.data + r->at;
}

static void window_take(struct replay *r, size_t count)
{
	r->at += count;
	r->offset += count;
}

static void window_compact(struct replay *r)
{
	if (r->at < REPLAY_CHUNK || r->at < r->window.count / 2)
		return;
	r->window.count -= r->at;
	memmove(r->window.data, r->window.data + r->at, r->window.count);
	r->at = 0;
}

static int window_read(struct replay *r)
{
	uint8_t *end = bytes_extend(&r->window, REPLAY_CHUNK);
	ssize_t got = 0;

	if (!end)
		return -ENOMEM;
	if (leave_wait(r->fd, POLLIN)) {
		do {
			got = read(r->fd, end, REPLAY_CHUNK);
		} while (got < 0 && errno == EINTR);
	} else {
		/* Not cut off: nobody wanted the rest. */
		r->over = true;
	}
	r->window.count -= REPLAY_CHUNK - (got > 0 ? got : 0);
	r->eof = !got;
	return got < 0 ? -errno : 0;
}

/* 1: count bytes are there, 0: the file ends before, or -errno. */
static int window_fill(struct replay *r, size_t count)
{
	int err = 0;

	if (window_left(r) < count)
		window_compact(r);
	while (!err && window_left(r) < count && !r->eof)
		err = window_read(r);
	return err ? err : window_left(r) >= count;
}

/* --- frames ---------------------------------------------------------------- */

/* What is at the window: nothing, or a frame, or what is none. */
enum found {
	FOUND_END,
	FOUND_FRAME,
	FOUND_CUT,    /* what may be the beginning of a frame, and the end */
	FOUND_DAMAGE, /* no frame */
};

/* enum found, or -errno; of a frame the contents are in r->raw. */
static int replay_look(struct replay *r, struct frame *frame)
{
	int got = window_fill(r, FRAME_HEAD);

	if (got < 0)
		return got;
	if (!window_left(r))
		return FOUND_END;
	if (!got)
		return frame_may_begin(window_data(r), window_left(r)) ?
			       FOUND_CUT :
			       FOUND_DAMAGE;
	if (!frame_parse_head(window_data(r), frame))
		return FOUND_DAMAGE;
	got = window_fill(r, FRAME_HEAD + (size_t)frame->length);
	if (got <= 0)
		return got ? got : FOUND_CUT;
	got = frame_unpack(frame, window_data(r), &r->raw);
	if (got)
		return got == -EBADMSG ? FOUND_DAMAGE : got;
	return FOUND_FRAME;
}

/* To where the next frame may begin; false: the file ends before. */
static int replay_seek_frame(struct replay *r)
{
	int got;

	window_take(r, 1);
	for (;;) {
		got = window_fill(r, FRAME_MAGIC_SIZE);
		if (got <= 0)
			return got;
		if (frame_may_begin(window_data(r), FRAME_MAGIC_SIZE))
			return 1;
		window_take(r, 1);
	}
}

static void replay_note_damage(struct replay *r, uint64_t at)
{
	r->gap = true;
	if (r->damaged)
		return;
	r->damaged = true;
	r->damaged_at = at;
}

/*
 * Looks for a whole frame behind one that is not.  FOUND_FRAME; FOUND_END: no
 * other follows; or -errno.
 */
static int replay_resync(struct replay *r, struct frame *frame)
{
	int got;

	do {
		got = replay_seek_frame(r);
		if (got <= 0)
			return got ? got : FOUND_END;
		got = replay_look(r, frame);
		if (got < 0 || got == FOUND_FRAME)
			return got;
	} while (++r->false_frames < REPLAY_MAX_FALSE);
	return FOUND_END;
}

/*
 * The next whole frame, or FOUND_END.  What looks cut off but has a frame
 * behind it has a damaged length.
 */
static int replay_next_frame(struct replay *r, struct frame *frame)
{
	uint64_t at = r->offset;
	int found = replay_look(r, frame), behind;

	if (found != FOUND_CUT && found != FOUND_DAMAGE)
		return found;
	behind = replay_resync(r, frame);
	if (behind == FOUND_END && found == FOUND_CUT) {
		r->cut = true;
		r->offset = at;
	} else if (behind >= 0) {
		replay_note_damage(r, at);
	}
	return behind;
}

/* --- the end --------------------------------------------------------------- */

static void replay_say_damaged(const struct replay *r)
{
	char lost[64] = "some snapshots are lost", across[64];

	if (r->ended && r->written == r->snapshots) {
		log_error("%s is damaged at byte %" PRIu64
			  ": no snapshot is lost, events may be",
			  r->path, r->damaged_at);
		return;
	}
	if (r->ended && r->written > r->snapshots)
		snprintf(lost, sizeof(lost),
			 "%" PRIu64 " of %" PRIu64 " snapshots are lost",
			 r->written - r->snapshots, r->written);
	/* Behind the damage there is another snapshot, or there is none. */
	snprintf(across, sizeof(across), ", all behind it");
	if (r->gap_ns)
		snprintf(across, sizeof(across),
			 ", and the intervals across are %.0f s long",
			 r->gap_ns / 1e9);
	log_error("%s is damaged at byte %" PRIu64 ": %s%s%s", r->path,
		  r->damaged_at, lost, across,
		  r->ended ? "" : "; its end is missing");
}

static void replay_say_joined(const struct replay *r)
{
	log_error("%s holds another recording from byte %" PRIu64
		  " on, where time goes back: only what is before it is read",
		  r->path, r->joined_at);
}

static void replay_say_cut(const struct replay *r)
{
	log_warn("%s was cut off at byte %" PRIu64 ": %s; the %" PRIu64
		 " snapshots before it are whole",
		 r->path, r->offset,
		 r->cut ? "its last frame is not whole" : "it has no end",
		 r->snapshots);
}

/* Once, in one line: what was wrong with the file. */
static void replay_report(struct replay *r)
{
	if (r->over)
		return;
	r->over = true;
	if (!r->snapshots)
		log_error("%s holds no snapshot%s: nothing can be shown of it",
			  r->path,
			  r->damaged ? " that is whole" :
			  r->ended   ? "" :
				       ", it was cut off before the first one");
	else if (r->joined)
		replay_say_joined(r);
	else if (r->damaged)
		replay_say_damaged(r);
	else if (!r->ended)
		replay_say_cut(r);
}

int replay_error(const struct replay *r)
{
	/* Nobody came to the end, but perhaps past what is damaged. */
	if (!r->over && r->damaged && r->snapshots)
		replay_say_damaged(r);
	else if (!r->over)
		return 0;
	return !r->snapshots ? -ENODATA : r->damaged ? -EBADMSG : 0;
}

/* Behind the end there is nothing, and no snapshot is lost unseen. */
static int replay_take_end(struct replay *r)
{
	struct reader reader = reader_of(r->raw.data, r->raw.count);
	int more = window_fill(r, 1);

	r->ended = true;
	r->written = reader_varint(&reader);
	if (more > 0 || r->written != r->snapshots)
		replay_note_damage(r, r->offset);
	return more < 0 ? more : 0;
}

/* --- the source ------------------------------------------------------------ */

/*
 * The largest values of what is lost are not known: the upper end of the
 * highest bucket that has one is.
 */
static void replay_bound_max(struct snapshot *s)
{
	struct hist_row *h;
	unsigned int k;

	table_for_each (&s->hists, h) {
		for (k = HIST_BUCKETS; k && !h->counts[k - 1];)
			k--;
		if (k && h->max < hist_low(k) - 1)
			h->max = hist_low(k) - 1;
	}
}

static void replay_count(struct replay *r, struct snapshot *s)
{
	if (r->gap && r->snapshots)
		replay_bound_max(s);
	if (r->gap && r->snapshots && s->mono_ns > r->last_ns)
		r->gap_ns += s->mono_ns - r->last_ns;
	r->gap = false;
	r->last_ns = s->mono_ns;
	r->snapshots++;
}

static int replay_take_events(struct replay *r)
{
	int err = events_decode(&r->raw, r->events);

	return err ? err : REPLAY_EVENTS;
}

static int replay_take_facts(struct replay *r)
{
	int err = facts_decode(&r->raw, r->facts);

	return err ? err : REPLAY_FACTS;
}

/* enum replay_part, or -errno; nothing of it was wanted: 0. */
static int replay_decode(struct replay *r, const struct frame *frame,
			 struct snapshot *s)
{
	if (frame->type == FRAME_EVENTS)
		return r->events ? replay_take_events(r) : 0;
	if (frame->type == FRAME_FACTS)
		return r->facts ? replay_take_facts(r) : 0;
	return decoder_take(&r->decoder, frame->type, &r->raw, s);
}

/* Time never goes back in one recording: two were written to one file. */
static int replay_take_other(struct replay *r, uint64_t at)
{
	replay_note_damage(r, at);
	r->joined = true;
	r->joined_at = at;
	return 0;
}

/* As replay_decode(); what is damaged is noted, and passed over. */
static int replay_take_frame(struct replay *r, const struct frame *frame,
			     struct snapshot *s)
{
	uint64_t at = r->offset;
	int got = replay_decode(r, frame, s);

	window_take(r, FRAME_HEAD + frame->length);
	if (got == -EBADMSG) {
		replay_note_damage(r, at);
		return 0;
	}
	if (got == REPLAY_SNAPSHOT && r->snapshots && s->mono_ns < r->last_ns)
		return replay_take_other(r, at);
	if (got == REPLAY_SNAPSHOT)
		replay_count(r, s);
	return got;
}

/* As replay_read(), without a word. */
static int replay_read_next(struct replay *r, struct snapshot *s)
{
	struct frame frame;
	int got = 0;

	while (!r->over && !r->ended && !r->joined && !got) {
		got = replay_next_frame(r, &frame);
		if (got == FOUND_END)
			return 0;
		if (got == FOUND_FRAME && frame.type == FRAME_END) {
			window_take(r, FRAME_HEAD + frame.length);
			got = replay_take_end(r);
		} else if (got == FOUND_FRAME) {
			got = replay_take_frame(r, &frame, s);
		}
	}
	return got;
}

static int replay_read(struct source *source, struct snapshot *s)
{
	struct replay *r = (struct replay *)source;
	int got = replay_read_next(r, s);

	if (got < 0)
		log_error("cannot read %s: %s", r->path, strerror(-got));
	if (!got)
		replay_report(r);
	return got;
}

int replay_read_part(struct replay *r, struct snapshot *s, struct table *events,
		     struct trace_facts *facts)
{
	int got;

	r->events = events;
	r->facts = facts;
	got = replay_read(&r->source, s);
	r->events = NULL;
	r->facts = NULL;
	return got;
}

static void replay_close(struct source *source)
{
	struct replay *r = (struct replay *)source;

	if (r->fd > STDIN_FILENO)
		close(r->fd);
	bytes_fini(&r->window);
	bytes_fini(&r->raw);
	decoder_fini(&r->decoder);
	free(r->path);
	free(r);
}

static const struct source_ops replay_ops = {
	.read = replay_read,
	.close = replay_close,
};

struct source *replay_source(struct replay *r)
{
	return &r->source;
}

int replay_stat(const struct replay *r, struct stat *st)
{
	return fstat(r->fd, st) ? -errno : 0;
}

/* A file that ends within its head is one that was cut off. */
static int replay_check_head(struct replay *r)
{
	int got = window_fill(r, FILE_HEAD), version;
	size_t left = window_left(r);

	if (got < 0)
		return got;
	if (!got && left &&
	    !memcmp(window_data(r), FILE_MAGIC,
		    left < FILE_MAGIC_SIZE ? left : FILE_MAGIC_SIZE)) {
		window_take(r, left);
		return 0;
	}
	version = got ? frame_parse_file_head(window_data(r)) : -EBADMSG;
	window_take(r, got ? FILE_HEAD : 0);
	return version > FILE_VERSION ? -EPROTONOSUPPORT :
	       version < 0	      ? version :
					0;
}

static int replay_open_file(struct replay *r, const char *path)
{
	r->path = strdup(strcmp(path, "-") ? path : "standard input");
	if (!r->path)
		return -ENOMEM;
	r->fd = STDIN_FILENO;
	if (strcmp(path, "-"))
		r->fd = open(path, O_RDONLY | O_CLOEXEC);
	return r->fd < 0 ? -errno : replay_check_head(r);
}

static void replay_say_error(const char *path, int err)
{
	if (err == -EBADMSG)
		log_error("%s is no recording of napiscope", path);
	else if (err == -EPROTONOSUPPORT)
		log_error("%s was written by a newer napiscope: read it with "
			  "that one",
			  path);
	else if (err == -EISDIR)
		log_error("%s is a directory: report, diagnose and compare "
			  "read those, all others one recording",
			  path);
	else
		log_error("cannot read %s: %s", path, strerror(-err));
}

int replay_open(struct replay **out, const char *path)
{
	struct replay *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return -ENOMEM;
	r->source.ops = &replay_ops;
	decoder_init(&r->decoder);
	err = replay_open_file(r, path);
	if (err) {
		replay_say_error(path, err);
		replay_close(&r->source);
		return err;
	}
	*out = r;
	return 0;
}
