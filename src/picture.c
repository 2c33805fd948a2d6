// SPDX-License-Identifier: GPL-2.0-or-later
/* See picture.h. */
#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/replay.h"
#include "collect/tee.h"
#include "session.h"
#include "util/log.h"
#include "util/output.h"
#include "view/svg.h"

/* Devices, pipes and the like may be both. */
static bool is_recording(int fd, const struct session *s)
{
	struct stat st, other;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	return (s->replay && !replay_stat(s->replay, &other) &&
		output_is_same(&st, &other)) ||
	       (s->tee && !tee_stat(s->tee, &other) &&
		output_is_same(&st, &other));
}

/* NULL, or why it is not. */
static const char *picture_create(struct picture *p, const struct session *s)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	const char *why;

	if (fd < 0)
		return strerror(errno);
	why = is_recording(fd, s) ? "it is the recording" : output_claim(fd);
	if (!why) {
		p->file = fdopen(fd, "w");
		why = p->file ? NULL : strerror(errno);
	}
	if (why)
		close(fd);
	return why;
}

int picture_open(struct picture *p, const char *path, const struct session *s)
{
	const char *why;

	memset(p, 0, sizeof(*p));
	p->path = path;
	why = picture_create(p, s);
	if (why) {
		log_error("cannot write the picture to %s: %s", path, why);
		return -EIO;
	}
	series_init(&p->series);
	interval_init(&p->part);
	return 0;
}

int picture_add(struct picture *p, struct run *r)
{
	int err;

	if (!p->file)
		return 0;
	err = run_part(r, &p->part);
	if (!err)
		err = series_add(&p->series, &p->part);
	if (err)
		log_error("out of memory");
	return err;
}

int picture_draw(struct picture *p, const struct interval *iv)
{
	int err;

	/* A pipe or a device has nothing that could be cut off. */
	if (ftruncate(fileno(p->file), 0) && errno != EINVAL)
		err = -errno;
	else
		err = svg_write(p->file, &p->series, iv);
	/* Over a network a disk may be full only now. */
	if (fclose(p->file) && !err)
		err = -errno;
	p->file = NULL;
	if (err)
		log_error("cannot write the picture to %s: %s", p->path,
			  strerror(-err));
	return err;
}

void picture_close(struct picture *p)
{
	if (p->file)
		fclose(p->file);
	series_fini(&p->series);
	interval_fini(&p->part);
}
