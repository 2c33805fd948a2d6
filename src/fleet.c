// SPDX-License-Identifier: GPL-2.0-or-later
/* See fleet.h. */
#include "fleet.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "confine.h"
#include "model/format.h"
#include "util/log.h"
#include "util/output.h"

static bool path_is_directory(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool fleet_is_asked_for(const struct options *o)
{
	return o->reads.count > 1 || (o->read && path_is_directory(o->read));
}

static int fleet_add(struct fleet *f, const char *dir, const char *name)
{
	char **file = table_add(&f->files);
	size_t room = strlen(dir) + strlen(name) + 2;

	if (!file)
		return -ENOMEM;
	*file = malloc(room);
	if (!*file)
		return -ENOMEM;
	snprintf(*file, room, "%s%s%s", dir, *dir ? "/" : "", name);
	return 0;
}

static bool path_is_regular(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

static int path_is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Not what is below it. */
static int fleet_add_directory(struct fleet *f, const char *path)
{
	struct dirent **entries;
	int i, n, err = 0;

	n = scandir(path, &entries, path_is_visible, alphasort);
	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		if (!err)
			err = fleet_add(f, path, entries[i]->d_name);
		if (!err && !path_is_regular(*(char **)table_at(
				    &f->files, f->files.count - 1)))
			free(*(char **)table_at(&f->files, --f->files.count));
		free(entries[i]);
	}
	free(entries);
	return err;
}

static bool is_for_one(const struct options *o)
{
	return o->write || o->svg ||
	       (o->view != &view_text && o->view != &view_json);
}

int fleet_open(struct fleet *f, const struct options *o)
{
	const char **read;
	int err = 0;

	*f = (struct fleet){ .files = TABLE_INIT(char *) };
	if (is_for_one(o)) {
		log_error("of several recordings one table is printed, as text "
			  "or json: --write, --svg and other formats are for "
			  "one recording");
		return -EINVAL;
	}
	table_for_each (&o->reads, read) {
		err = path_is_directory(*read) ? fleet_add_directory(f, *read) :
						 fleet_add(f, "", *read);
		if (!err)
			continue;
		log_error("cannot read %s: %s", *read, strerror(-err));
		return err;
	}
	if (f->files.count) {
		confine_replay();
		return 0;
	}
	log_error("there is no recording in %s", o->read);
	return -ENOENT;
}

void fleet_close(struct fleet *f)
{
	char **file;

	table_for_each (&f->files, file)
		free(*file);
	table_fini(&f->files);
}

int fleet_each(const struct fleet *f, int (*one)(void *arg, const char *file),
	       void *arg)
{
	int err, last = 0;
	char **file;

	table_for_each (&f->files, file) {
		err = one(arg, *file);
		if (err == -EINTR)
			return err;
		if (err)
			last = err;
	}
	return last;
}

void fleet_add_head(struct sheet *s, double weight, const struct interval *iv)
{
	char time[FORMAT_TIME_ROOM], seconds[FORMAT_ROOM];

	format_time(iv->real_ns - iv->ns, time);
	snprintf(seconds, sizeof(seconds), "%.1f", (double)iv->ns / 1e9);
	sheet_add_row(s, weight);
	sheet_add_text(s, "host", "HOST", iv->host.host);
	sheet_add_text(s, "kernel", NULL, iv->host.kernel);
	sheet_add_text(s, "tier", NULL, iv->host.tier);
	sheet_add_text(s, "time", NULL, time);
	sheet_add_real(s, "interval_s", "SECONDS", (double)iv->ns / 1e9, seconds);
}

void fleet_add_file(struct sheet *s, const char *file)
{
	sheet_add_text(s, "file", "FILE", file);
}

int fleet_print(struct sheet *s, const struct options *o)
{
	int err;

	sheet_sort(s);
	errno = 0;
	err = o->view == &view_json ? sheet_print_json(stdout, s) :
				      sheet_print_text(stdout, s);
	if (!err)
		err = output_flush(stdout);
	if (err == -ENOMEM)
		log_error("out of memory");
	else if (err && err != -EPIPE)
		log_error("cannot write to standard output: %s", strerror(-err));
	return err;
}
