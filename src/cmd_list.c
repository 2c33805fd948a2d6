// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * list: every NAPI instance that the kernel tells of or that was seen to
 * poll, and what it is linked to, with the source of each link.
 */
#include "cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/config.h"
#include "model/format.h"
#include "session.h"
#include "util/log.h"

#define NSEC_PER_SEC 1000000000ULL
#define LIST_WATCH_NS NSEC_PER_SEC
#define LIST_CELL 96

static const struct options_of list_of = {
	.takes = TAKES_DURATION | TAKES_FILES | TAKES_SELECT | TAKES_LIVE,
	.formats = "text, json",
};

static const struct argp list_argp = {
	.doc = "Watch for a second (or --duration), then list every NAPI "
	       "instance: device, queue, id, interrupt and its affinity, poll "
	       "function, weight, state, GRO, thread, coalescing.  IRQ-FROM "
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
static int list_add_seen(struct list *list)
{
	const struct napi_row *pair;
	uint64_t last = MISSING;
	struct list_row *row;

	table_for_each (&list->snapshot.pairs, pair) {
		if (pair->id == last)
			continue;
		last = pair->id;
		row = table_add(&list->rows);
		if (!row)
			return -ENOMEM;
		row->napi = *pair;
		row->state = list_state(list, pair->id);
		list_complete(list, row, list_told(list, pair));
	}
	return 0;
}

static bool list_has(const struct list *list, const struct told_row *told)
{
	const struct list_row *row;

	table_for_each (&list->rows, row)
		if (row->napi.netns_ino == told->netns_ino &&
		    row->napi.napi_id == told->napi_id)
			return true;
	return false;
}

static int list_add_idle(struct list *list, const char *dev)
{
	const struct told_row *told;
	struct list_row *row;

	table_for_each (&list->snapshot.told, told) {
		if (list_has(list, told))
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
struct list_cell {
	const char *name;
	const char *title;
	uint64_t number;
	char text[LIST_CELL]; /* used when number is MISSING */
};

#define LIST_CELLS 17

static void list_cell_number(struct list_cell *c, const char *name,
			     const char *title, uint64_t number)
{
	c->name = name;
	c->title = title;
	c->number = number;
	c->text[0] = '\0';
}

static void list_cell_text(struct list_cell *c, const char *name,
			   const char *title, const char *text)
{
	list_cell_number(c, name, title, MISSING);
	format_safe(text, c->text, sizeof(c->text));
}

static void list_cells(const struct list_row *row, struct list_cell *c)
{
	const struct napi_row *n = &row->napi;

	list_cell_text(c++, "dev", "DEV",
		       n->backlog_cpu == MISSING ? n->dev : n->label);
	list_cell_text(c++, "netns", "NETNS", n->netns);
	list_cell_number(c++, "queue", "QUEUE", n->queue);
	list_cell_number(c++, "napi_id", "NAPI-ID", n->napi_id);
	list_cell_number(c++, "irq", "IRQ", n->irq);
	list_cell_text(c++, "irq_from", "IRQ-FROM", row->irq_from);
	list_cell_text(c++, "affinity", "AFFINITY", row->affinity);
	list_cell_text(c++, "poll_func", "FUNCTION", n->poll_func);
	list_cell_number(c++, "weight", "WEIGHT", n->weight);
	list_cell_number(c++, "thread", "THREAD", list_thread(row));
	list_cell_number(c++, "gro", "GRO", row->gro);
	list_cell_number(c++, "rx_usecs", "RX-USECS", row->rx_usecs);
	list_cell_number(c++, "rx_frames", "RX-FRAMES", row->rx_frames);
	list_cell_number(c++, "defer_hard_irqs", "DEFER",
			 row->told.defer_hard_irqs);
	list_cell_number(c++, "gro_flush_timeout_ns", "FLUSH-NS",
			 row->told.gro_flush_timeout_ns);
	list_cell_text(c++, "state", "STATE",
		       row->state ? row->state->states : "");
	list_cell_number(c++, "ifindex", NULL, n->ifindex);
}

static void list_cell_print(const struct list_cell *c, char *text)
{
	if (c->number != MISSING)
		snprintf(text, LIST_CELL, "%" PRIu64, c->number);
	else
		snprintf(text, LIST_CELL, "%s", c->text[0] ? c->text : "-");
}

static void list_measure(const struct list *list, int *width)
{
	struct list_cell cells[LIST_CELLS];
	const struct list_row *row;
	char text[LIST_CELL];
	unsigned int i;

	table_for_each (&list->rows, row) {
		list_cells(row, cells);
		for (i = 0; cells[i].title; i++) {
			list_cell_print(&cells[i], text);
			if ((int)strlen(text) > width[i])
				width[i] = strlen(text);
			if ((int)strlen(cells[i].title) > width[i])
				width[i] = strlen(cells[i].title);
		}
	}
}

static void list_print_line(const struct list_cell *cells, const int *width,
			    bool heading)
{
	char text[LIST_CELL];
	unsigned int i;

	for (i = 0; cells[i].title; i++) {
		list_cell_print(&cells[i], text);
		printf("%-*s%s", width[i], heading ? cells[i].title : text,
		       cells[i + 1].title ? " " : "\n");
	}
}

static void list_print_text(const struct list *list)
{
	struct list_cell cells[LIST_CELLS];
	int width[LIST_CELLS] = { 0 };
	const struct list_row *row;

	list_measure(list, width);
	table_for_each (&list->rows, row) {
		list_cells(row, cells);
		if (row == list->rows.rows)
			list_print_line(cells, width, true);
		list_print_line(cells, width, false);
	}
	if (list->snapshot.host.napi_get != 1)
		printf("This kernel has no napi-get (Linux 6.8): only NAPIs "
		       "that polled are listed.\n");
}

static json_t *list_json_row(const struct list_cell *cells)
{
	json_t *object = json_object();
	unsigned int i;

	for (i = 0; i < LIST_CELLS; i++) {
		if (cells[i].number != MISSING)
			json_object_set_new(object, cells[i].name,
					    json_integer(cells[i].number));
		else if (cells[i].text[0])
			json_object_set_new(object, cells[i].name,
					    json_string(cells[i].text));
	}
	return object;
}

static int list_print_json(const struct list *list)
{
	struct list_cell cells[LIST_CELLS];
	const struct list_row *row;
	json_t *array = json_array();
	int err;

	table_for_each (&list->rows, row) {
		list_cells(row, cells);
		json_array_append_new(array, list_json_row(cells));
	}
	err = json_dumpf(array, stdout, JSON_INDENT(2));
	json_decref(array);
	putchar('\n');
	return err;
}

static int list_print(struct list *list, const struct options *o)
{
	int err = list_add_seen(list);

	/* An idle one is on no CPU. */
	if (!err && !o->selection.cpus)
		err = list_add_idle(list, o->selection.dev);
	if (err) {
		log_error("out of memory");
		return err;
	}
	if (o->view == &view_json)
		return list_print_json(list);
	list_print_text(list);
	return 0;
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
	if (!err)
		err = list_run(&list, &session, &options);
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
