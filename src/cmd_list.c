// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list: every NAPI instance that the kernel tells of or that was seen to
 * poll, and what it is linked to, with the source of each link.
 */
#include "cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/config.h"
#include "model/format.h"
#include "session.h"
#include "util/log.h"
#include "view/sheet.h"

#define NSEC_PER_SEC 1000000000ULL
#define LIST_WATCH_NS NSEC_PER_SEC
#define LIST_CELL 96

static const struct options_of list_of = {
	.takes = TAKES_DURATION | TAKES_FILES | TAKES_SELECT | TAKES_LIVE,
	.formats = "text, json",
};

static const struct argp list_argp = {
	.doc = "Watch for a second (or --duration), then list every NAPI "
	       "instance: device, queue, id, interrupt and the CPU that gets it, "
	       "poll function, weight, state, GRO, thread, coalescing.  IRQ-FROM "
	       "says how the interrupt was found: netlink, traced (fentry and "
	       "kprobe tiers) or vote.  Idle instances are listed where the "
	       "kernel has napi-get (6.8).",
};

/* One line; numbers are MISSING and texts "" when they are not known. */
struct list_row {
	struct napi_row napi;
	struct told_row told;
	const struct state_row *state; /* NULL: not known */
	uint64_t gro;
	uint64_t rx_usecs;
	uint64_t rx_frames;
	char affinity[LIST_CELL];
	const char *irq_from;
};

struct list {
	struct table rows; /* struct list_row */
	struct snapshot snapshot;
};

static const struct told_row *list_told(const struct list *list,
					const struct napi_row *napi)
{
	struct told_row key = { .netns_ino = napi->netns_ino,
				.napi_id = napi->napi_id };

	if (napi->napi_id == MISSING)
		return NULL;
	return table_find(&list->snapshot.told, &key, told_row_cmp);
}

static size_t list_told_index(const struct list *list, const struct told_row *told)
{
	return told - (const struct told_row *)list->snapshot.told.rows;
}

static void list_set_irq(const struct list *list, struct list_row *row)
{
	const struct napi_row *napi = &row->napi;
	const struct table *config = &list->snapshot.config;
	const char *affinity;

	row->irq_from = "";
	if (napi->irq == MISSING)
		return;
	row->irq_from = row->told.irq != MISSING      ? "netlink" :
			napi->inferred & INFERRED_IRQ ? "vote" :
							"traced";
	affinity = config_findf(config, "irq/%" PRIu64 "/effective_affinity",
				napi->irq);
	if (!affinity || !*affinity)
		affinity = config_findf(config, "irq/%" PRIu64 "/affinity",
					napi->irq);
	snprintf(row->affinity, sizeof(row->affinity), "%s",
		 affinity ? affinity : "");
}

static uint64_t list_setting(const struct list *list,
			     const struct napi_row *napi, const char *what)
{
	char path[CONFIG_PATH];

	if (!napi->dev[0])
		return MISSING;
	config_dev_path(path, napi->dev, napi->netns, what);
	return config_number(&list->snapshot.config, path);
}

static void list_complete(const struct list *list, struct list_row *row,
			  const struct told_row *told)
{
	const struct napi_row *napi = &row->napi;

	memset(&row->told, 0xff, sizeof(row->told)); /* all MISSING */
	if (told)
		row->told = *told;
	list_set_irq(list, row);
	row->gro = list_setting(list, napi, "features/gro");
	row->rx_usecs = list_setting(list, napi, "coalesce/rx_usecs");
	row->rx_frames = list_setting(list, napi, "coalesce/rx_frames");
}

/* A NAPI that was not seen to poll, as the kernel tells of it. */
static void list_from_told(const struct list *list, struct list_row *row,
			   const struct told_row *told)
{
	struct dev_row key = { .netns_ino = told->netns_ino,
			       .ifindex = told->ifindex };
	const struct dev_row *dev =
		table_find(&list->snapshot.devs, &key, dev_row_cmp);
	struct napi_row *napi = &row->napi;

	napi->napi_id = told->napi_id;
	napi->ifindex = told->ifindex;
	napi->netns_ino = told->netns_ino;
	napi->queue = told->queue;
	napi->irq = told->irq;
	napi->weight = MISSING;
	napi->backlog_cpu = MISSING;
	if (!dev)
		return;
	memcpy(napi->dev, dev->dev, sizeof(napi->dev));
	memcpy(napi->netns, dev->netns, sizeof(napi->netns));
}

static const struct state_row *list_state(const struct list *list, uint64_t id)
{
	struct state_row key = { .id = id };

	return table_find(&list->snapshot.states, &key, state_row_cmp);
}

/* The rows of one NAPI are neighbours: a line each, whatever the CPUs. */
static int list_add_seen(struct list *list, bool *seen)
{
	const struct told_row *told;
	const struct napi_row *pair;
	uint64_t last = MISSING;
	struct list_row *row;

	table_for_each (&list->snapshot.pairs, pair) {
		if (pair->id == last || pair->id == NAPI_GONE)
			continue;
		last = pair->id;
		row = table_add(&list->rows);
		if (!row)
			return -ENOMEM;
		row->napi = *pair;
		row->state = list_state(list, pair->id);
		told = list_told(list, pair);
		list_complete(list, row, told);
		if (told)
			seen[list_told_index(list, told)] = true;
	}
	return 0;
}

static int list_add_idle(struct list *list, const bool *seen, const char *dev)
{
	const struct told_row *told;
	struct list_row *row;

	table_for_each (&list->snapshot.told, told) {
		if (seen[list_told_index(list, told)])
			continue;
		row = table_add(&list->rows);
		if (!row)
			return -ENOMEM;
		list_from_told(list, row, told);
		if (dev && strcmp(row->napi.dev, dev)) {
			list->rows.count--;
			continue;
		}
		list_complete(list, row, told);
	}
	return 0;
}

static uint64_t list_thread(const struct list_row *row)
{
	if (row->state)
		return row->state->thread ? row->state->thread : MISSING;
	return row->told.pid;
}

/* What a line says, in the order of columns and of JSON members. */
static void list_cells(const struct list_row *row, struct sheet *s)
{
	const struct napi_row *n = &row->napi;

	sheet_add_row(s, 0);
	sheet_add_text(s, "dev", "DEV",
		       n->backlog_cpu == MISSING ? n->dev : n->label);
	sheet_add_text(s, "netns", "NETNS", n->netns);
	sheet_add_number(s, "queue", "QUEUE", n->queue);
	sheet_add_number(s, "napi_id", "NAPI-ID", n->napi_id);
	sheet_add_number(s, "irq", "IRQ", n->irq);
	sheet_add_text(s, "irq_from", "IRQ-FROM", row->irq_from);
	sheet_add_text(s, "affinity", "AFFINITY", row->affinity);
	sheet_add_text(s, "poll_func", "FUNCTION", n->poll_func);
	sheet_add_number(s, "weight", "WEIGHT", n->weight);
	sheet_add_number(s, "thread", "THREAD", list_thread(row));
	sheet_add_number(s, "gro", "GRO", row->gro);
	sheet_add_number(s, "rx_usecs", "RX-USECS", row->rx_usecs);
	sheet_add_number(s, "rx_frames", "RX-FRAMES", row->rx_frames);
	sheet_add_number(s, "defer_hard_irqs", "DEFER",
			 row->told.defer_hard_irqs);
	sheet_add_number(s, "gro_flush_timeout_ns", "FLUSH-NS",
			 row->told.gro_flush_timeout_ns);
	sheet_add_text(s, "state", "STATE", row->state ? row->state->states : "");
	sheet_add_number(s, "ifindex", NULL, n->ifindex);
}

static int list_print_sheet(const struct list *list, const struct sheet *s,
			    const struct options *o)
{
	int err;

	errno = 0;
	if (o->view == &view_json) {
		err = sheet_print_json(stdout, s);
	} else {
		err = sheet_print_text(stdout, s);
		if (list->snapshot.host.napi_get != 1)
			printf("This kernel has no napi-get (Linux 6.8): only "
			       "NAPIs that polled are listed.\n");
	}
	if (err == -ENOMEM)
		log_error("out of memory");
	/* What could not be written is said when all of it is flushed. */
	return err == -ENOMEM ? err : 0;
}

static int list_print(struct list *list, const struct options *o)
{
	bool *seen = calloc(list->snapshot.told.count + 1, sizeof(*seen));
	int err = seen ? list_add_seen(list, seen) : -ENOMEM;
	const struct list_row *row;
	struct sheet sheet;

	/* An idle one is on no CPU. */
	if (!err && !o->selection.cpus)
		err = list_add_idle(list, seen, o->selection.dev);
	free(seen);
	if (err) {
		log_error("out of memory");
		return err;
	}
	sheet_init(&sheet);
	table_for_each (&list->rows, row)
		list_cells(row, &sheet);
	err = list_print_sheet(list, &sheet, o);
	sheet_fini(&sheet);
	return err;
}

static int list_run(struct list *list, struct session *session,
		    const struct options *o)
{
	uint64_t ns = o->duration_ns ? o->duration_ns : LIST_WATCH_NS;
	struct timespec watch = { ns / NSEC_PER_SEC, ns % NSEC_PER_SEC };
	int err;

	if (session->live)
		nanosleep(&watch, NULL);
	err = session_read_one(session, &list->snapshot);
	return err ? err : list_print(list, o);
}

static int cmd_list_run(int argc, char **argv)
{
	struct list list = { .rows = TABLE_INIT(struct list_row) };
	struct options options;
	struct session session;
	int err;

	options_init(&options);
	options.live.details = true;
	options_parse(&options, argc, argv, &list_of, &list_argp);
	snapshot_init(&list.snapshot);
	err = session_open(&session, &options);
	if (!err) {
		session_confine(&session);
		err = list_run(&list, &session, &options);
	}
	if (session_close(&session))
		err = -1;
	table_fini(&list.rows);
	snapshot_fini(&list.snapshot);
	options_fini(&options);
	return err ? EXIT_FAILED : EXIT_OK;
}

const struct command cmd_list = {
	.name = "list",
	.help = "every NAPI instance and what it is linked to",
	.run = cmd_list_run,
	.argp = &list_argp,
	.of = &list_of,
};
