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
#include "view/svg.h"

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Devices, pipes and the like may be both. */
static bool is_recording(int fd, const struct session *s)
{
	struct stat st, other;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	return (s->replay && !replay_stat(s->replay, &other) &&
		is_same(&st, &other)) ||
	       (s->tee && !tee_stat(s->tee, &other) && is_same(&st, &other));
}

int picture_open(struct picture *p, const char *path, const struct session *s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	bool taken = fd >= 0 && is_recording(fd, s);
	int err;

	memset(p, 0, sizeof(*p));
	p->path = path;
	p->file = fd < 0 || taken ? NULL : fdopen(fd, "w");
	if (!p->file) {
		err = taken ? -EEXIST : -errno;
		log_error("cannot write the picture to %s: %s", path,
			  taken ? "it is the recording" : strerror(-err));
		if (fd >= 0)
			close(fd);
		return err;
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
	if (err)
		log_error("cannot write the picture to %s: %s", p->path,
			  strerror(-err));
	return err;
}

void picture_close(struct picture *p)
{
	if (!p->file)
		return;
	fclose(p->file);
	series_fini(&p->series);
	interval_fini(&p->part);
}
