// SPDX-License-Identifier: GPL-2.0-or-later
/* See window.h. */
#include "collect/window.h"

#include <errno.h>
#include <string.h>

/*
 * An entry is whole when its sequence word is the index that it has to have.
 * BPF has no barrier for its writes: two copies that are equal are taken for
 * one.
 */
static bool window_copy(const struct trace_event *from, uint32_t index,
			struct trace_event *to)
{
	struct trace_event again;

	memcpy(to, from, sizeof(*to));
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	memcpy(&again, from, sizeof(again));
	return to->seq == index && to->index == index &&
	       !memcmp(to, &again, sizeof(again));
}

/* Entries [from, head) of a half, of which the last trace.window are there. */
static int window_copy_half(const struct loader *l, unsigned int half,
			    uint32_t from, uint32_t head, struct window *w)
{
	const uint32_t size = l->trace.window;
	const struct trace_event *base =
		l->trace_window + ((size_t)2 * w->cpu + half) * size;
	struct trace_event *e;

	if (head - from > size)
		from = head - size;
	for (; from != head; from++) {
		e = table_add(&w->events);
		if (!e)
			return -ENOMEM;
		if (window_copy(&base[from & (size - 1)], from + 1, e))
			continue;
		w->events.count--;
		w->torn++;
	}
	return 0;
}

static int window_take_half(struct loader *l, uint32_t *copied, struct window *w)
{
	struct trace_cpu *t = &l->trace_cpus[w->cpu];
	unsigned int half = !!(w->why & TRACE_FROZEN_HALF);
	uint32_t head = *(volatile uint32_t *)&t->head[half];
	int err;

	w->why &= ~TRACE_FROZEN_HALF;
	w->torn = 0;
	table_clear(&w->events);
	err = window_copy_half(l, half, copied[2 * w->cpu + half], head, w);
	copied[2 * w->cpu + half] = head;
	__atomic_store_n(&t->frozen, 0, __ATOMIC_RELEASE);
	return err ? err : 1;
}

int window_take(struct loader *l, uint32_t *copied, unsigned int *cpu,
		struct window *w)
{
	while (*cpu < l->sizes.cpus) {
		w->cpu = (*cpu)++;
		w->why = __atomic_load_n(&l->trace_cpus[w->cpu].frozen,
					 __ATOMIC_ACQUIRE);
		if (w->why)
			return window_take_half(l, copied, w);
	}
	return 0;
}
