// SPDX-License-Identifier: GPL-2.0-or-later
/* See devices.h. */
#include "collect/devices.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/maps.h"
#include "collect/names.h"
#include "util/log.h"

/* How often the device of a NAPI was looked for, and was not found. */
#define DEVICES_LOOKS 3

struct looked {
	uint64_t id;
	uint64_t ns; /* when last */
	unsigned int times;
};

int devices_init(struct devices *d, struct netdev *netdev, struct loader *loader)
{
	memset(d, 0, sizeof(*d));
	d->netdev = netdev;
	d->loader = loader;
	d->looked = calloc(loader->sizes.slots, sizeof(*d->looked));
	return d->looked ? 0 : -ENOMEM;
}

void devices_fini(struct devices *d)
{
	free(d->looked);
	d->looked = NULL;
}

static bool devices_know(const struct snapshot *s, const struct napi_row *row)
{
	const struct dev_row key = { .netns_ino = row->netns_ino,
				     .ifindex = row->ifindex };

	return row->backlog_cpu != MISSING || !row->ifindex ||
	       row->id == NAPI_GONE || table_find(&s->devs, &key, dev_row_cmp);
}

/*
 * For a device that is gone for good, and a namespace that is hidden, processes are not
 * looked through for ever.
 */
static bool devices_look_for(struct devices *d, const struct snapshot *s,
			     const struct napi_row *row)
{
	struct looked *looked = &d->looked[maps_rec(row)];

	if (looked->id != row->id)
		*looked = (struct looked){ .id = row->id };
	if (looked->ns != s->mono_ns)
		looked->times++;
	looked->ns = s->mono_ns;
	return looked->times <= DEVICES_LOOKS;
}

/*
 * Where is it now, whose device is not known?  False: nobody will find one for a NAPI
 * that is gone.
 */
static bool devices_place(struct devices *d, struct napi_row *row)
{
	struct napi_inspect now;
	int err = loader_inspect(d->loader, maps_rec(row), &now);

	if (!err)
		row->netns_ino = now.netns;
	return err != -ENODEV;
}

/*
 * Has a NAPI a device that is not known, not even where it is now?  The rows of one are
 * neighbours; and what was looked for often is asked once per scan.
 */
static bool devices_miss(struct devices *d, struct snapshot *s, bool all)
{
	const struct napi_row *last = NULL;
	struct napi_row *row;
	bool unknown = false;

	table_for_each (&s->pairs, row) {
		if (devices_know(s, row))
			continue;
		if (last && last->id == row->id) {
			row->netns_ino = last->netns_ino;
			continue;
		}
		last = row;
		if (!devices_look_for(d, s, row) && !all)
			continue;
		if (!devices_place(d, row))
			continue;
		if (devices_know(s, row))
			d->looked[maps_rec(row)].times = 0;
		else if (d->looked[maps_rec(row)].times <= DEVICES_LOOKS)
			unknown = true;
	}
	return unknown;
}

/* An unknown namespace is looked for at once, else now and then. */
static bool devices_should_scan(struct devices *d, struct snapshot *s)
{
	const uint64_t often = 1000000000ULL, seldom = 10 * often;
	uint64_t age = s->mono_ns - d->scanned_ns;
	bool all = age > seldom;

	return (age >= often && devices_miss(d, s, all)) || all;
}

static int devices_ask(struct devices *d, struct snapshot *s)
{
	int err;

	table_clear(&s->devs);
	table_clear(&s->told);
	err = netdev_read(d->netdev, &s->devs, &s->told);
	table_sort(&s->devs, dev_row_cmp);
	table_sort(&s->told, told_row_cmp);
	return err;
}

int devices_read(struct devices *d, struct snapshot *s, bool stats)
{
	int err = devices_ask(d, s);

	if (!err && devices_should_scan(d, s)) {
		d->scanned_ns = s->mono_ns;
		if (netdev_rescan(d->netdev))
			err = devices_ask(d, s);
	}
	if (err && (!d->named || d->strict))
		return err;
	/* Of a machine that is short of memory the rest is still worth reading. */
	if (err && !d->warned)
		log_warn("the names and statistics of devices are missing for a "
			 "while: netlink: %s",
			 strerror(-err));
	d->named = true;
	d->warned = err != 0;
	if (!err && stats)
		netdev_read_drops(d->netdev, &s->devs);
	names_apply(d->netdev, s, &s->told);
	return 0;
}
