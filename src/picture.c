// SPDX-License-Identifier: GPL-2.0-or-later
/* See picture.h. */
#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "util/log.h"
#include "view/svg.h"

int picture_open(struct picture *p, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666), err;

	memset(p, 0, sizeof(*p));
	p->path = path;
	p->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!p->file) {
		err = -errno;
		log_error("cannot write the picture to %s: %s", path,
			  strerror(-err));
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
