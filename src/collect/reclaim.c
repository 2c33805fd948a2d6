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
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "collect/maps.h"
#include "model/field.h"
#include "napiscope.skel.h"
#include "util/clock.h"

/* Between two looks: a slot that did not change in that time is idle. */
#define RECLAIM_PERIOD_NS 1000000000ULL
/* Far longer than a program runs, where the kernel does not tell. */
#define RECLAIM_GRACE_NS 100000000

struct reclaim_seen {
	uint64_t events;   /* that it had counted */
	uint64_t since_ns; /* when it last changed; 0: it is free */
};

/* A NAPI, by its record. */
struct reclaim_napi {
	uint64_t since_ns; /* of its slot that changed last; 0: none */
	uint32_t slots;
	bool chosen;
};

static int row_cpu_cmp(const void *a, const void *b)
{
	const struct napi_row *x = a, *y = b;

	return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

void reclaim_init(struct reclaim *r)
{
	memset(r, 0, sizeof(*r));
	r->seen.row_size = sizeof(struct reclaim_seen);
	r->gone.row_size = sizeof(struct napi_row);
}

void reclaim_fini(struct reclaim *r)
{
	table_fini(&r->seen);
	table_fini(&r->gone);
}

/* --- which -------------------------------------------------------------------- */

/* Slots are given out in order: half of them are taken, or were. */
static bool is_pressed(const struct loader *l)
{
	return __atomic_load_n(&l->slots[l->sizes.slots / 2].napi,
			       __ATOMIC_ACQUIRE) ||
	       l->slots_used > l->sizes.slots / 2;
}

static uint64_t slot_events(const struct napi_slot *s)
{
	return s->inline_polls + s->ksoftirqd_polls + s->threaded_polls +
	       s->busy_polls + s->netpoll_polls + s->schedules +
	       s->core_reschedules + s->completions + s->rearms +
	       s->watchdog_polls + s->sched_polls;
}

static int seen_open(struct table *seen, unsigned int slots)
{
	while (seen->count < slots)
		if (!table_add(seen))
			return -ENOMEM;
	return 0;
}

/* How many slots are taken.  Readings have to know up to where. */
static unsigned int seen_update(struct reclaim *r, struct loader *l, uint64_t now)
{
	struct reclaim_seen *seen = r->seen.rows;
	unsigned int i, used = 0;
	uint64_t events;

	for (i = 0; i < l->sizes.slots; i++) {
		if (!__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE)) {
			seen[i].since_ns = 0;
			continue;
		}
		used++;
		if (i >= l->slots_used)
			l->slots_used = i + 1;
		events = slot_events(&l->slots[i]);
		if (!seen[i].since_ns || events != seen[i].events)
			seen[i].since_ns = now;
		seen[i].events = events;
	}
	return used;
}

/* By record.  NULL: no memory. */
static struct reclaim_napi *napis_collect(const struct reclaim *r,
					  const struct loader *l)
{
	struct reclaim_napi *napis = calloc(l->sizes.slots, sizeof(*napis));
	const struct reclaim_seen *seen = r->seen.rows;
	struct reclaim_napi *n;
	unsigned int i;

	if (!napis)
		return NULL;
	for (i = 0; i < l->sizes.slots; i++) {
		if (!seen[i].since_ns)
			continue;
		n = &napis[l->slots[i].rec];
		n->slots++;
		if (n->since_ns < seen[i].since_ns)
			n->since_ns = seen[i].since_ns;
	}
	return napis;
}

static int since_cmp(const void *a, const void *b)
{
	const struct reclaim_napi *x = *(const struct reclaim_napi *const *)a;
	const struct reclaim_napi *y = *(const struct reclaim_napi *const *)b;

	return (x->since_ns > y->since_ns) - (x->since_ns < y->since_ns);
}

/* Chooses so many slots' worth, idle longest first.  How many NAPIs, or -ENOMEM. */
static int napis_choose(struct reclaim_napi *napis, const struct loader *l,
			unsigned int wanted, uint64_t now)
{
	struct reclaim_napi **idle = calloc(l->sizes.slots, sizeof(*idle));
	unsigned int i, n = 0, slots = 0;

	if (!idle)
		return -ENOMEM;
	for (i = 0; i < l->sizes.slots; i++)
		if (napis[i].slots && l->recs[i].dev &&
		    now - napis[i].since_ns >= RECLAIM_PERIOD_NS)
			idle[n++] = &napis[i];
	qsort(idle, n, sizeof(*idle), since_cmp);
	for (i = 0; i < n && slots < wanted; i++) {
		idle[i]->chosen = true;
		slots += idle[i]->slots;
	}
	free(idle);
	return i;
}

/* --- giving back -------------------------------------------------------------- */

static bool slot_is_chosen(const struct reclaim *r, const struct loader *l,
			   const struct reclaim_napi *napis, unsigned int i)
{
	const struct reclaim_seen *seen = r->seen.rows;

	return seen[i].since_ns && napis[l->slots[i].rec].chosen;
}

static int key_delete(const struct bpf_map *map, uint64_t napi, uint64_t ident,
		      uint64_t cpu)
{
	const struct napi_key key = { napi, ident, cpu };

	return bpf_map_delete_elem(bpf_map__fd(map), &key) && errno != ENOENT ?
		       -errno :
		       0;
}

/*
 * What is counted from here on finds a slot of its own.  A kernel that refuses
 * does so at once.
 */
static int chosen_hide(const struct reclaim *r, struct loader *l,
		       const struct reclaim_napi *napis)
{
	struct napi_slot *s;
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < l->sizes.slots; i++)
		if (napis[i].chosen)
			err = key_delete(l->skel->maps.rec_of, l->recs[i].napi,
					 l->recs[i].ident, NAPI_ANY_CPU);
	for (i = 0; !err && i < l->sizes.slots; i++) {
		if (!slot_is_chosen(r, l, napis, i))
			continue;
		s = &l->slots[i];
		key_delete(l->skel->maps.slot_of, s->napi, s->ident, s->cpu);
		__atomic_store_n(&s->napi, 0, __ATOMIC_RELEASE);
	}
	return err;
}

/* Until all programs are through that run now. */
static void wait_for_programs(void)
{
	const struct timespec grace = { .tv_nsec = RECLAIM_GRACE_NS };

	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&grace, NULL);
}

/* An index that a CPU remembers may soon be another CPU's. */
static void caches_forget(struct loader *l, const struct reclaim_napi *napis)
{
	unsigned int cpu, i;
	uint32_t *entry;

	for (cpu = 0; cpu < l->sizes.cpus; cpu++) {
		for (i = 0; i < NAPI_CACHE_SLOTS; i++) {
			entry = &l->cpus[cpu].slot_cache[i];
			if (*entry && *entry <= l->sizes.slots &&
			    napis[l->slots[*entry - 1].rec].chosen)
				__atomic_store_n(entry, 0, __ATOMIC_RELAXED);
		}
	}
}

static int gone_add(struct reclaim *r, const struct napi_row *row)
{
	struct napi_row *gone = table_find(&r->gone, row, row_cpu_cmp);
	uint64_t inferred = row->inferred;

	if (!gone) {
		gone = table_add(&r->gone);
		if (!gone)
			return -ENOMEM;
		rows_missing(SCOPE_NAPI, gone);
		gone->id = NAPI_GONE;
		gone->cpu = row->cpu;
		gone->exact = row->exact;
		gone->ifindex = gone->napi_id = gone->queue = gone->irq = MISSING;
		gone->netns_ino = gone->backlog_cpu = gone->weight = MISSING;
		table_sort(&r->gone, row_cpu_cmp);
		gone = table_find(&r->gone, row, row_cpu_cmp);
	}
	rows_sum(SCOPE_NAPI, gone, row);
	gone->inferred |= inferred & ~(uint64_t)INFERRED_IRQ;
	return 0;
}

static void push(const struct bpf_map *queue, uint32_t index)
{
	bpf_map_update_elem(bpf_map__fd(queue), NULL, &index, BPF_ANY);
}

static void hists_clear(struct loader *l, const struct napi_slot *s)
{
	unsigned int kind;
	uint32_t cell;

	for (kind = 0; kind < NAPI_NR_HISTS; kind++) {
		cell = s->hists[kind];
		if (!l->hists || !cell || cell > l->sizes.hists)
			continue;
		memset(&l->hists[cell - 1], 0, sizeof(*l->hists));
		push(l->skel->maps.free_hists, cell - 1);
	}
}

static int slot_clear(struct reclaim *r, struct loader *l, unsigned int i)
{
	struct napi_slot *s = &l->slots[i];
	struct napi_row row;
	int err;

	maps_read_pair(l, s, &row);
	err = gone_add(r, &row);
	hists_clear(l, s);
	memset(s, 0, sizeof(*s));
	((struct reclaim_seen *)r->seen.rows)[i].since_ns = 0;
	push(l->skel->maps.free_slots, i);
	return err;
}

static void rec_clear(struct loader *l, unsigned int i)
{
	const uint32_t reuse = l->recs[i].reuse + 1;

	memset(&l->recs[i], 0, sizeof(l->recs[i]));
	l->recs[i].reuse = reuse;
	push(l->skel->maps.free_recs, i);
}

/* A program found the record, and not yet its slot, when both were hidden. */
static void chosen_spare(const struct loader *l, struct reclaim_napi *napis)
{
	unsigned int i;

	for (i = 0; i < l->sizes.slots; i++)
		if (__atomic_load_n(&l->slots[i].napi, __ATOMIC_ACQUIRE))
			napis[l->slots[i].rec].slots = 0;
}

static int chosen_give_back(struct reclaim *r, struct loader *l,
			    struct reclaim_napi *napis)
{
	int err = chosen_hide(r, l, napis);
	unsigned int i;

	if (err)
		return err;
	wait_for_programs();
	caches_forget(l, napis);
	for (i = 0; i < l->sizes.slots; i++)
		if (slot_is_chosen(r, l, napis, i) && slot_clear(r, l, i))
			err = -ENOMEM;
	chosen_spare(l, napis);
	for (i = 0; i < l->sizes.slots; i++)
		if (napis[i].chosen && napis[i].slots)
			rec_clear(l, i);
	return err;
}

int reclaim_run(struct reclaim *r, struct loader *l)
{
	const unsigned int most = l->sizes.slots / 2;
	uint64_t now = clock_ns(CLOCK_MONOTONIC);
	struct reclaim_napi *napis;
	unsigned int used;
	int err;

	/* Events of a trace name their NAPIs by record. */
	if (r->refused || !l->slots || l->trace.events || !is_pressed(l) ||
	    now - r->looked_ns < RECLAIM_PERIOD_NS)
		return 0;
	r->looked_ns = now;
	err = seen_open(&r->seen, l->sizes.slots);
	if (err)
		return err;
	used = seen_update(r, l, now);
	if (used <= most)
		return 0;
	napis = napis_collect(r, l);
	if (!napis)
		return -ENOMEM;
	err = napis_choose(napis, l, used - most, now);
	if (err > 0)
		err = chosen_give_back(r, l, napis);
	free(napis);
	r->refused = err < 0;
	return err;
}

int reclaim_add_rows(const struct reclaim *r, struct snapshot *s)
{
	const struct napi_row *gone;
	struct napi_row *row;

	table_for_each (&r->gone, gone) {
		row = table_add(&s->pairs);
		if (!row)
			return -ENOMEM;
		*row = *gone;
	}
	return 0;
}
