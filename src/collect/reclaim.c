// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See reclaim.h.  A slot is taken away from programs that may run at this moment:
 * first no program finds it any more, then those that had found it have to be
 * through, and only then it is read a last time and cleared.
 */
#include "collect/reclaim.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "collect/maps.h"
#include "collect/reclaim_irqs.h"
#include "model/field.h"
#include "model/hist.h"
#include "napiscope.skel.h"
#include "util/clock.h"

/* Far longer than a program runs, where the kernel does not tell. */
#define RECLAIM_GRACE_NS 100000000

static int row_cpu_cmp(const void *a, const void *b)
{
	const struct napi_row *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

/*
 * A change of a map of maps is over when all programs are that ran at its beginning:
 * synchronize_rcu(), which no other call promises (membarrier() refuses with nohz_full,
 * and waits for nobody where one CPU is online).
 */
static void grace_open(struct reclaim *r)
{
	LIBBPF_OPTS(bpf_map_create_opts, of);

	r->grace[0] =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "grace_inner", 4, 4, 1, NULL);
	of.inner_map_fd = r->grace[0];
	r->grace[1] = r->grace[0] < 0 ?
			      -1 :
			      bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS,
					     "grace", 4, 4, 1, &of);
}

void reclaim_init(struct reclaim *r)
{
	memset(r, 0, sizeof(*r));
	grace_open(r);
	r->seen.row_size = sizeof(struct reclaim_slot);
	r->seen_irqs.row_size = sizeof(struct reclaim_slot);
	r->gone.row_size = sizeof(struct napi_row);
	r->gone_irqs.row_size = sizeof(struct irq_row);
	r->again.row_size = sizeof(struct reclaim_again);
	left_init(&r->left);
}

void reclaim_fini(struct reclaim *r)
{
	table_fini(&r->seen);
	table_fini(&r->seen_irqs);
	table_fini(&r->gone);
	table_fini(&r->gone_irqs);
	table_fini(&r->again);
	left_fini(&r->left);
	if (r->grace[1] >= 0)
		close(r->grace[1]);
	if (r->grace[0] >= 0)
		close(r->grace[0]);
}

int reclaim_open(struct table *seen, unsigned int slots)
{
	while (seen->count < slots)
		if (!table_add(seen))
			return -ENOMEM;
	return 0;
}

/* --- which -------------------------------------------------------------------- */

/* What is left of the pool is below this. */
static unsigned int hists_most(const struct loader *l)
{
	return l->sizes.hists - l->sizes.hists / 4;
}

/*
 * Slots and histograms are given out in order: half of them are taken, or were.
 * A histogram is taken with its first value.  Of what is first seen now nothing is
 * idle yet, so this has to come before room is short.
 */
static bool is_pressed(const struct loader *l)
{
	struct hist_row hist;

	if (__atomic_load_n(&l->slots[l->sizes.slots / 2].napi, __ATOMIC_ACQUIRE) ||
	    l->slots_used > l->sizes.slots / 2 || reclaim_irqs_pressed(l))
		return true;
	if (!l->hists || l->sizes.hists == 1)
		return false;
	memcpy(hist.counts, l->hists[l->sizes.hists / 2].counts,
	       sizeof(hist.counts));
	return hist_count(&hist);
}

static uint64_t slot_events(const struct napi_slot *s)
{
	return s->inline_polls + s->ksoftirqd_polls + s->threaded_polls +
	       s->busy_polls + s->netpoll_polls + s->schedules +
	       s->core_reschedules + s->completions + s->rearms +
	       s->watchdog_polls + s->sched_polls;
}

static unsigned int slot_hists(const struct loader *l, const struct napi_slot *s)
{
	unsigned int kind, n = 0;

	for (kind = 0; kind < NAPI_NR_HISTS; kind++)
		n += reclaim_has_hist(l, s->hists[kind]);
	return n;
}

/*
 * How many slots are taken, and adds to *hists.  Readings have to know up to where.
 * The slots of a NAPI are a group; those of a backlog are kept.
 */
static int napis_see(struct reclaim *r, struct loader *l, uint64_t now,
		     unsigned int *hists)
{
	struct reclaim_slot *seen;
	unsigned int i, used = 0;
	int err = reclaim_open(&r->seen, l->sizes.slots);

	if (err)
		return err;
	seen = r->seen.rows;
	for (i = 0; i < l->sizes.slots; i++) {
		if (!__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE)) {
			memset(&seen[i], 0, sizeof(seen[i]));
			continue;
		}
		used++;
		if (i >= l->slots_used)
			l->slots_used = i + 1;
		reclaim_see(&seen[i], slot_events(&l->slots[i]), now);
		seen[i].group = l->slots[i].rec;
		seen[i].kept = !l->recs[l->slots[i].rec].dev;
		seen[i].hists = slot_hists(l, &l->slots[i]);
		*hists += seen[i].hists;
	}
	return used;
}

/* Of so many. */
static unsigned int over(unsigned int used, unsigned int most)
{
	return used > most ? used - most : 0;
}

/*
 * Of whole ones only NAPIs go for their histograms.  As many more as came since the
 * last look will come until the next.  How many were chosen, or -ENOMEM.
 */
static int slots_choose(struct reclaim *r, struct loader *l, uint64_t now)
{
	unsigned int hists = 0, came;
	int napis = napis_see(r, l, now, &hists);
	int irqs = reclaim_irqs_see(r, l, now, &hists);
	struct reclaim_need need = { 0 };

	if (napis < 0 || irqs < 0)
		return -ENOMEM;
	came = over(hists, r->hists);
	r->hists = hists;
	need.hists = over(hists + came, hists_most(l));
	need.room = left_room(&r->left, l);
	need.slots = over(irqs, l->sizes.irq_slots / 2);
	irqs = reclaim_choose(&r->seen_irqs, &need, now);
	need.slots = over(napis, l->sizes.slots / 2);
	need.whole = true;
	napis = reclaim_choose(&r->seen, &need, now);
	return napis < 0 || irqs < 0 ? -ENOMEM : napis + irqs;
}

/* --- giving back -------------------------------------------------------------- */

static struct reclaim_slot *seen_at(const struct reclaim *r, unsigned int i)
{
	return (struct reclaim_slot *)r->seen.rows + i;
}

int reclaim_delete(const struct bpf_map *map, struct napi_key key)
{
	return bpf_map_delete_elem(bpf_map__fd(map), &key) && errno != ENOENT ?
		       -errno :
		       0;
}

/* So that one of its address is another one. */
static int recs_hide(const struct reclaim *r, struct loader *l)
{
	const struct napi_rec *rec;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < r->seen.count; i++) {
		if (!seen_at(r, i)->chosen || seen_at(r, i)->left)
			continue;
		rec = &l->recs[l->slots[i].rec];
		err = reclaim_delete(l->skel->maps.rec_of,
				     (struct napi_key){ rec->napi, rec->ident,
							NAPI_ANY_CPU });
	}
	return err;
}

/*
 * What is counted from here on finds a slot of its own.  Those that a kernel refuses
 * to hide stay.
 */
static int napis_hide(const struct reclaim *r, struct loader *l)
{
	int err = recs_hide(r, l);
	struct napi_slot *s;
	unsigned int i;

	for (i = 0; i < r->seen.count; i++) {
		if (!seen_at(r, i)->chosen)
			continue;
		s = &l->slots[i];
		if (!err)
			err = reclaim_delete(
				l->skel->maps.slot_of,
				(struct napi_key){ s->napi, s->ident, s->cpu });
		if (err)
			seen_at(r, i)->chosen = false;
		else
			__atomic_store_n(&s->napi, 0, __ATOMIC_RELEASE);
	}
	return err;
}

/* Until all programs are through that run now. */
static void wait_for_programs(const struct reclaim *r)
{
	struct timespec grace = { .tv_nsec = RECLAIM_GRACE_NS };
	const uint32_t first = 0;

	if (r->grace[1] >= 0 &&
	    !bpf_map_update_elem(r->grace[1], &first, &r->grace[0], BPF_ANY))
		return;
	while (nanosleep(&grace, &grace) && errno == EINTR)
		;
}

/* An index that a CPU remembers may soon be another CPU's. */
static void caches_forget(const struct reclaim *r, struct loader *l)
{
	unsigned int cpu, i;
	uint32_t *entry;

	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		for (i = 0; i < NAPI_CACHE_SLOTS; i++) {
			entry = &l->cpus[cpu].slot_cache[i];
			if (*entry && *entry <= l->sizes.slots &&
			    seen_at(r, *entry - 1)->chosen)
				__atomic_store_n(entry, 0, __ATOMIC_RELAXED);
		}
	}
}

static int gone_add(struct reclaim *r, const struct napi_row *row)
{
	struct napi_row *gone = table_find(&r->gone, row, row_cpu_cmp);
	uint64_t inferred = row->inferred;

	if (!gone) {
		gone = table_insert(&r->gone,
				    table_from(&r->gone, row, row_cpu_cmp));
		if (!gone)
			return -ENOMEM;
		rows_missing(SCOPE_NAPI, gone);
		gone->id = NAPI_GONE;
		gone->cpu = row->cpu;
		gone->exact = row->exact;
		gone->ifindex = gone->napi_id = gone->queue = gone->irq = MISSING;
		gone->netns_ino = gone->backlog_cpu = gone->weight = MISSING;
	}
	rows_sum(SCOPE_NAPI, gone, row);
	gone->inferred |= inferred & ~(uint64_t)INFERRED_IRQ;
	return 0;
}

void reclaim_push(const struct bpf_map *queue, uint32_t index)
{
	bpf_map_update_elem(bpf_map__fd(queue), NULL, &index, BPF_ANY);
}

void reclaim_hist(struct reclaim *r, struct loader *l, uint32_t cell)
{
	r->hists--;
	memset(&l->hists[cell - 1], 0, sizeof(*l->hists));
	reclaim_push(l->skel->maps.free_hists, cell - 1);
}

static int slot_keep(struct reclaim *r, const struct loader *l, unsigned int i)
{
	const struct napi_slot *s = &l->slots[i];
	struct napi_row row;

	if (seen_at(r, i)->left)
		return left_keep_napi(&r->left, l, s);
	maps_read_pair(l, s, &row);
	return gone_add(r, &row) ? -ENOMEM : left_keep_gone(&r->left, l, s);
}

static int slot_clear(struct reclaim *r, struct loader *l, unsigned int i)
{
	struct napi_slot *s = &l->slots[i];
	int err = slot_keep(r, l, i);
	unsigned int kind;

	for (kind = 0; kind < NAPI_NR_HISTS; kind++)
		if (reclaim_has_hist(l, s->hists[kind]))
			reclaim_hist(r, l, s->hists[kind]);
	memset(s, 0, sizeof(*s));
	reclaim_push(l->skel->maps.free_slots, i);
	return err;
}

static void rec_clear(struct loader *l, unsigned int i)
{
	const uint32_t reuse = l->recs[i].reuse + 1;

	memset(&l->recs[i], 0, sizeof(l->recs[i]));
	l->recs[i].reuse = reuse;
	reclaim_push(l->skel->maps.free_recs, i);
}

static bool rec_has_id(const struct loader *l, uint64_t id)
{
	return l->recs[(uint32_t)id].reuse == id >> 32;
}

/* It is found again; or, where that cannot be, one of its address is another one. */
static void rec_show(const struct loader *l, uint32_t i)
{
	const struct napi_rec *rec = &l->recs[i];
	const struct napi_key key = { rec->napi, rec->ident, NAPI_ANY_CPU };

	bpf_map_update_elem(bpf_map__fd(l->skel->maps.rec_of), &key, &i,
			    BPF_NOEXIST);
}

/*
 * Records whose slots all go.  One is spared that a program had found, and not yet
 * its slot, when both were hidden.
 */
static void recs_clear(struct loader *l, bool *going)
{
	unsigned int i;

	for (i = 0; i < l->sizes.slots; i++) {
		if (!__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE) ||
		    !going[l->slots[i].rec])
			continue;
		going[l->slots[i].rec] = false;
		rec_show(l, l->slots[i].rec);
	}
	for (i = 0; i < l->sizes.slots; i++)
		if (going[i])
			rec_clear(l, i);
}

/* Of a NAPI that went, what it had left elsewhere goes with it. */
static int lefts_clear(struct reclaim *r, const struct loader *l)
{
	struct table *napis = &r->left.napis, *hists = &r->left.hists;
	const struct left_hist *h;
	const struct napi_row *row;
	size_t kept = 0;
	int err = 0;

	table_for_each (napis, row) {
		if (rec_has_id(l, row->id))
			table_keep(napis, row, kept++);
		else if (gone_add(r, row))
			err = -ENOMEM;
	}
	napis->count = kept;
	kept = 0;
	table_for_each (hists, h) {
		if (h->row.kind >= NAPI_NR_HISTS || rec_has_id(l, h->row.id))
			table_keep(hists, h, kept++);
		else if (left_add_gone(&r->left, &h->row))
			err = -ENOMEM;
	}
	hists->count = kept;
	return err;
}

static int napis_clear(struct reclaim *r, struct loader *l)
{
	bool *going = calloc(l->sizes.slots, sizeof(*going));
	struct reclaim_slot *seen = r->seen.rows;
	unsigned int i;
	int err = 0;

	if (!going)
		return -ENOMEM;
	caches_forget(r, l);
	for (i = 0; i < r->seen.count; i++) {
		if (!seen[i].chosen)
			continue;
		going[seen[i].group] |= !seen[i].left;
		if (slot_clear(r, l, i))
			err = -ENOMEM;
		memset(&seen[i], 0, sizeof(seen[i]));
	}
	recs_clear(l, going);
	free(going);
	if (lefts_clear(r, l))
		err = -ENOMEM;
	return err;
}

static int first_error(int first, int err)
{
	return first ? first : err;
}

/* What could be hidden is cleared, whatever else goes wrong. */
static int chosen_give_back(struct reclaim *r, struct loader *l)
{
	int err = napis_hide(r, l);

	err = first_error(err, reclaim_irqs_hide(r, l));
	wait_for_programs(r);
	err = first_error(err, napis_clear(r, l));
	err = first_error(err, reclaim_irqs_clear(r, l));
	left_end(&r->left);
	return err;
}

static void hist_offer(uint32_t *cell)
{
	if (__atomic_load_n(cell, __ATOMIC_RELAXED) == NAPI_HIST_NONE)
		__atomic_store_n(cell, 0, __ATOMIC_RELAXED);
}

/* The programs write to a cell only when it is 0. */
void reclaim_offer_hists(struct reclaim *r, struct loader *l)
{
	unsigned int i, kind;

	if (!r->offer)
		return;
	r->offer = false;
	for (i = 0; i < l->sizes.slots; i++)
		for (kind = 0; kind < NAPI_NR_HISTS; kind++)
			hist_offer(&l->slots[i].hists[kind]);
	for (i = 0; i < l->sizes.irq_slots; i++)
		hist_offer(&l->irqs[i].hist);
	for (i = 0; i < l->sizes.cpus; i++) {
		hist_offer(&l->cpus[i].raise_hist);
		hist_offer(&l->cpus[i].net_rx_hist);
	}
}

int reclaim_run(struct reclaim *r, struct loader *l)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	unsigned int hists;
	int err;

	if (r->refused || !l->slots || now - r->looked_ns < RECLAIM_PERIOD_NS)
		return 0;
	r->looked_ns = now;
	r->pressed = r->pressed || is_pressed(l);
	if (!r->pressed)
		return 0;
	err = slots_choose(r, l, now);
	hists = r->hists;
	if (err > 0)
		err = chosen_give_back(r, l);
	r->offer = r->offer || r->hists < hists;
	r->refused = err < 0;
	return err;
}

int reclaim_add_rows(struct reclaim *r, const struct loader *l,
		     struct snapshot *s, bool forget)
{
	const struct napi_row *gone;
	struct napi_row *row;

	if (left_add_rows(&r->left, l, s, forget))
		return -ENOMEM;
	table_for_each (&r->gone, gone) {
		row = table_add(&s->pairs);
		if (!row)
			return -ENOMEM;
		*row = *gone;
	}
	return reclaim_irqs_add_rows(r, s);
}
