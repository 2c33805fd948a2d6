// SPDX-License-Identifier: GPL-2.0-or-later
/* See config_diff.h. */
#include "model/config_diff.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "model/config.h"

struct diff {
	config_diff_fn fn;
	void *arg;
	size_t count;
	const struct table *a;
	const struct table *b;
	char absent[CONFIG_PATH]; /* device that one of them does not have */
	bool some_devs;		  /* one of them did not ask all devices */
};

static void diff_emit(struct diff *d, const char *path, const char *a,
		      const char *b)
{
	if (a && b && !strcmp(a, b))
		return;
	d->count++;
	d->fn(d->arg, path, a, b);
}

static void diff_number(struct diff *d, const char *path, uint64_t a, uint64_t b)
{
	char from[24], to[24];

	snprintf(from, sizeof(from), "%" PRIu64, a);
	snprintf(to, sizeof(to), "%" PRIu64, b);
	diff_emit(d, path, a == MISSING ? NULL : from, b == MISSING ? NULL : to);
}

static void diff_host(struct diff *d, const struct host_row *a,
		      const struct host_row *b)
{
	diff_emit(d, "host/host", a->host, b->host);
	diff_emit(d, "host/kernel", a->kernel, b->kernel);
	diff_emit(d, "host/tier", a->tier, b->tier);
	diff_number(d, "host/cpus_online", a->nr_cpus, b->nr_cpus);
	if (a->netdev_budget != b->netdev_budget)
		diff_number(d, "sysctl/net.core.netdev_budget",
			    a->netdev_budget, b->netdev_budget);
	if (a->netdev_budget_usecs != b->netdev_budget_usecs)
		diff_number(d, "sysctl/net.core.netdev_budget_usecs",
			    a->netdev_budget_usecs, b->netdev_budget_usecs);
}

/* Said by diff_host(): the host row has them in every reading. */
static bool path_is_of_host(const char *path)
{
	return !strcmp(path, "sysctl/net.core.netdev_budget") ||
	       !strcmp(path, "sysctl/net.core.netdev_budget_usecs");
}

/* "dev/eth0" of "dev/eth0/ring/rx"; interrupts come and go with devices. */
static void path_owner(const char *path, char *owner)
{
	const char *name = strchr(path, '/');
	const char *end = name ? strchr(name + 1, '/') : NULL;

	*owner = '\0';
	if (end && (!strncmp(path, "dev/", 4) || !strncmp(path, "irq/", 4)))
		snprintf(owner, CONFIG_PATH, "%.*s", (int)(end - path), path);
}

/* Of a device that only one has, one line says so. */
static bool diff_absent(struct diff *d, const struct config_row *a,
			const struct config_row *b)
{
	char owner[CONFIG_PATH], below[CONFIG_PATH + 1];

	path_owner(a ? a->path : b->path, owner);
	if (!*owner)
		return false;
	snprintf(below, sizeof(below), "%s/", owner);
	if (config_has_below(a ? d->b : d->a, below))
		return false;
	if (strcmp(owner, d->absent))
		diff_emit(d, owner, a ? "there" : NULL, b ? "there" : NULL);
	snprintf(d->absent, sizeof(d->absent), "%s", owner);
	return true;
}

static void diff_row(struct diff *d, const struct config_row *a,
		     const struct config_row *b)
{
	const char *path = a ? a->path : b->path;

	if ((!a || !b) && (diff_absent(d, a, b) ||
			   (d->some_devs && !strncmp(path, "dev/", 4))))
		return;
	if (!path_is_of_host(path))
		diff_emit(d, path, a ? a->value : NULL, b ? b->value : NULL);
}

/* Both are sorted by path. */
static void diff_tables(struct diff *d)
{
	const struct table *a = d->a, *b = d->b;
	const struct config_row *x, *y;
	size_t i = 0, j = 0;
	int order;

	for (;;) {
		x = i < a->count ? table_at(a, i) : NULL;
		y = j < b->count ? table_at(b, j) : NULL;
		if (!x && !y)
			return;
		order = !x ? 1 : !y ? -1 : config_row_cmp(x, y);
		diff_row(d, order <= 0 ? x : NULL, order >= 0 ? y : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

size_t config_diff(const struct snapshot *a, const struct snapshot *b,
		   config_diff_fn fn, void *arg)
{
	struct diff d = { .fn = fn, .arg = arg, .a = &a->config, .b = &b->config };

	d.some_devs = config_find(d.a, CONFIG_DEVS_ASKED) ||
		      config_find(d.b, CONFIG_DEVS_ASKED);
	diff_host(&d, &a->host, &b->host);
	diff_tables(&d);
	return d.count;
}
