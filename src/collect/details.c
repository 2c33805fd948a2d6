// SPDX-License-Identifier: GPL-2.0-or-later
/* See details.h. */
#include "collect/details.h"

#include <errno.h>
#include <stdio.h>

#include "collect/config.h"
#include "collect/maps.h"

#define DETAILS_EVERY_NS 10000000000ULL

void details_init(struct details *d)
{
	snapshot_init(&d->kept);
	d->read_ns = 0;
	d->timed = false;
}

void details_fini(struct details *d)
{
	snapshot_fini(&d->kept);
}

/* "SCHED,MISSED": what does not fit is left out, at the end. */
static void state_print(const struct facts *facts, uint64_t bits, char *text)
{
	size_t used = 0;
	unsigned int i;

	*text = '\0';
	for (i = 0; i < NR_NAPI_STATES && used < ROW_STATES; i++)
		if (facts->state_bits[i] >= 0 && bits >> facts->state_bits[i] & 1)
			used += snprintf(text + used, ROW_STATES - used, "%s%s",
					 used ? "," : "", napi_state_name(i));
}

/* The rows of one NAPI are neighbours: one look, whatever the CPUs. */
static int details_states(struct loader *l, const struct facts *facts,
			  struct snapshot *s)
{
	const struct napi_row *pair;
	struct napi_inspect now;
	struct state_row *row;
	uint64_t last = MISSING;

	table_for_each (&s->pairs, pair) {
		if (pair->id == last)
			continue;
		last = pair->id;
		if (loader_inspect(l, maps_rec(pair), &now))
			continue;
		row = table_add(&s->states);
		if (!row)
			return -ENOMEM;
		row->id = pair->id;
		row->thread = now.thread;
		state_print(facts, now.state, row->states);
	}
	return 0;
}

static int details_program(const struct loader *l, enum probe_id id,
			   unsigned int i, bool timed, struct snapshot *s)
{
	const struct probe_program *p = &probes[id].programs[i];
	struct program_row *row;
	struct loader_stats stats;

	if (!loader_stats(l, id, i, &stats))
		return 0;
	row = table_add(&s->programs);
	if (!row)
		return -ENOMEM;
	row->id = id * PROBE_MAX_PROGRAMS + i;
	row->probe = id;
	snprintf(row->name, sizeof(row->name), "%s", p->name);
	snprintf(row->target, sizeof(row->target), "%s", target_name(p->target));
	row->insns = stats.insns;
	row->verified = stats.verified;
	row->runs = timed ? stats.runs : MISSING;
	row->ns = timed ? stats.ns : MISSING;
	return 0;
}

static int details_probe(const struct loader *l, enum probe_id id,
			 struct snapshot *s)
{
	const char *why = l->plan.why[id];
	struct probe_row *row = table_add(&s->probes);

	if (!row)
		return -ENOMEM;
	row->id = id;
	snprintf(row->name, sizeof(row->name), "%s", probes[id].name);
	snprintf(row->gives, sizeof(row->gives), "%s", probes[id].gives);
	snprintf(row->why, sizeof(row->why), "%s", why ? why : "");
	row->required = probes[id].required;
	row->on = l->plan.on >> id & 1;
	return 0;
}

static int details_probes(const struct loader *l, bool timed, struct snapshot *s)
{
	unsigned int id, i;
	int err = 0;

	for (id = 0; id < NR_PROBES && !err; id++) {
		err = details_probe(l, id, s);
		for (i = 0; i < PROBE_MAX_PROGRAMS && !err; i++)
			err = details_program(l, id, i, timed, s);
	}
	return err;
}

static int details_copy(struct snapshot *dst, struct snapshot *src)
{
	const struct snapshot_table *t;
	int err = 0;

	for (t = snapshot_tables; t->cmp && !err; t++)
		if (t->scope >= SCOPE_STATE)
			err = table_copy(snapshot_table(dst, t),
					 snapshot_table(src, t));
	return err;
}

int details_read(struct details *d, struct loader *l, const struct facts *facts,
		 const struct netdev *nd, struct snapshot *s)
{
	int err;

	if (d->read_ns && s->mono_ns - d->read_ns < DETAILS_EVERY_NS)
		return details_copy(s, &d->kept);
	err = details_states(l, facts, s);
	if (!err)
		err = details_probes(l, d->timed, s);
	if (!err)
		err = config_capture("", nd, s);
	if (!err)
		err = details_copy(&d->kept, s);
	d->read_ns = s->mono_ns;
	return err;
}
