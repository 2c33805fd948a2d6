// SPDX-License-Identifier: GPL-2.0-or-later
/* See tee.h. */
#include "collect/tee.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/codec.h"
#include "model/codec_events.h"
#include "util/leave.h"
#include "util/log.h"
#include "util/output.h"

struct tee {
	struct source source;
	struct source *inner;
	char *path;
	int fd;
	bool may_stall; /* a pipe, whose reader may stop to read */
	struct encoder encoder;
	struct bytes out;
	struct table events; /* struct trace_event, for the next frame */
	struct bytes raw;
	off_t whole; /* bytes of the file that are whole frames */
	uint64_t snapshots;
	int error; /* nothing is written after it */
};

static int tee_write_all(const struct tee *tee)
{
	const uint8_t *at = tee->out.data;
	size_t left = tee->out.count;
	ssize_t put;

	while (left) {
		/* A pipe takes so much at once without waiting. */
		if (tee->may_stall && !leave_wait(tee->fd, POLLOUT))
			return -EINTR;
		put = write(tee->fd, at,
			    tee->may_stall && left > PIPE_BUF ? PIPE_BUF : left);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			at += put;
			left -= put;
		}
	}
	return 0;
}

/* What a full disk took half of is taken back, where that is possible. */
static int tee_fail(struct tee *tee, int err)
{
	tee->error = err;
	if (ftruncate(tee->fd, tee->whole) && errno != EINVAL)
		log_info("cannot shorten %s: %s", tee->path, strerror(errno));
	log_error("cannot write %s: %s; the %" PRIu64 " snapshots before can "
		  "be read",
		  tee->path, strerror(-err), tee->snapshots);
	return err;
}

/* Writes what was encoded, unless that failed. */
static int tee_write(struct tee *tee, int err)
{
	if (!err)
		err = tee_write_all(tee);
	if (err)
		return tee_fail(tee, err);
	tee->whole += tee->out.count;
	bytes_clear(&tee->out);
	return 0;
}

/* Of a failure before, nobody is told twice. */
static int tee_put(struct tee *tee, enum frame_type type)
{
	int err = tee->error;

	if (!err)
		err = tee_write(tee, frame_pack(type, &tee->raw, &tee->out));
	bytes_clear(&tee->raw);
	return err;
}

int tee_flush(struct tee *tee)
{
	if (!tee->events.count)
		return tee->error;
	events_encode(tee->events.rows, tee->events.count, &tee->raw);
	table_clear(&tee->events);
	return tee_put(tee, FRAME_EVENTS);
}

int tee_add_event(struct tee *tee, const struct trace_event *e)
{
	struct trace_event *row = table_add(&tee->events);

	if (!row)
		return tee_fail(tee, -ENOMEM);
	*row = *e;
	return tee->events.count < CODEC_MAX_EVENTS ? 0 : tee_flush(tee);
}

int tee_put_facts(struct tee *tee, const struct trace_facts *facts)
{
	int err = tee_flush(tee);

	if (err)
		return err;
	facts_encode(facts, &tee->raw);
	return tee_put(tee, FRAME_FACTS);
}

int tee_put_snapshot(struct tee *tee, const struct snapshot *s)
{
	int err = tee_flush(tee);

	if (!err)
		err = tee_write(tee, encoder_put(&tee->encoder, s, &tee->out));
	if (!err)
		tee->snapshots++;
	return err;
}

static int tee_read(struct source *source, struct snapshot *s)
{
	struct tee *tee = (struct tee *)source;
	int err = tee_flush(tee);
	int got;

	if (err)
		return err;
	got = tee->inner->ops->read(tee->inner, s);
	if (got <= 0)
		return got;
	err = tee_put_snapshot(tee, s);
	return err ? err : got;
}

static void tee_free(struct tee *tee)
{
	if (tee->fd >= 0)
		close(tee->fd);
	encoder_fini(&tee->encoder);
	bytes_fini(&tee->out);
	bytes_fini(&tee->raw);
	table_fini(&tee->events);
	free(tee->path);
	free(tee);
}

int tee_close(struct tee *tee)
{
	int err = tee_flush(tee);

	if (!err)
		err = tee_write(tee, encoder_end(&tee->encoder, &tee->out));
	/* Over a network a disk may be full only now. */
	if (close(tee->fd) && !err) {
		err = -errno;
		log_error("cannot write %s: %s", tee->path, strerror(errno));
	}
	tee->fd = -1;
	tee->inner->ops->close(tee->inner);
	tee_free(tee);
	return err;
}

static void tee_source_close(struct source *source)
{
	tee_close((struct tee *)source);
}

static const struct source_ops tee_ops = {
	.read = tee_read,
	.close = tee_source_close,
};

struct source *tee_source(struct tee *tee)
{
	return &tee->source;
}

/* Emptied only once it is known to be nobody else's.  NULL, or why it is not. */
static const char *tee_create(struct tee *tee, const struct stat *not_this)
{
	const char *why;
	struct stat st;

	tee->fd = open(tee->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (tee->fd < 0 || fstat(tee->fd, &st))
		return strerror(errno);
	if (not_this && output_is_same(&st, not_this))
		return "it is the recording that is read";
	why = output_claim(tee->fd);
	if (why)
		return why;
	/* A pipe has no length. */
	tee->may_stall = !S_ISREG(st.st_mode);
	if (!tee->may_stall && ftruncate(tee->fd, 0))
		return strerror(errno);
	return NULL;
}

int tee_stat(const struct tee *tee, struct stat *st)
{
	return fstat(tee->fd, st) ? -errno : 0;
}

int tee_open(struct tee **out, struct source *inner, const char *path,
	     const struct stat *not_this)
{
	struct tee *tee = calloc(1, sizeof(*tee));
	const char *why = NULL;

	if (!tee)
		return -ENOMEM;
	tee->source.ops = &tee_ops;
	tee->events.row_size = sizeof(struct trace_event);
	tee->inner = inner;
	tee->fd = -1;
	tee->path = strdup(path);
	if (encoder_init(&tee->encoder) || !tee->path)
		why = strerror(ENOMEM);
	if (!why)
		why = tee_create(tee, not_this);
	if (why) {
		log_error("cannot write %s: %s", path, why);
		tee_free(tee);
		return -EIO;
	}
	*out = tee;
	return 0;
}
