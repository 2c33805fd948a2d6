// SPDX-License-Identifier: GPL-2.0-or-later
/* See bars.h. */
#include "model/bars.h"

#include <inttypes.h>
#include <stdio.h>

/* Buckets are values below two octaves, and parts of one octave above. */
unsigned int bars_next(const struct bars *b, unsigned int at)
{
	if (b->step)
		return at + b->step;
	if (at < 2)
		return at + 1;
	return at < HIST_SUBS ? 2 * at : at + HIST_SUBS;
}

/* Where the values of a bar begin. */
static unsigned int bars_low(const struct bars *b, unsigned int at)
{
	return at == b->from ? b->first : at;
}

uint64_t bars_count(const struct bars *b, const struct hist_row *h,
		    unsigned int at)
{
	unsigned int end = bars_next(b, at);
	uint64_t count = 0;

	for (at = bars_low(b, at); at < end && at < HIST_BUCKETS; at++)
		count += h->counts[at];
	return count;
}

/* The bar that a bucket is in. */
static unsigned int bars_start(const struct bars *b, unsigned int bucket)
{
	unsigned int at = 0;

	if (b->step)
		return bucket / b->step * b->step;
	while (bars_next(b, at) <= bucket)
		at = bars_next(b, at);
	return at;
}

void bars_choose(struct bars *b, const struct hist_row *h, unsigned int most_bars)
{
	unsigned int first = 0, last = HIST_BUCKETS - 1, at, bars = 0;
	uint64_t count;

	while (first < last && !h->counts[first])
		first++;
	while (last > first && !h->counts[last])
		last--;
	b->step = hist_kinds[h->kind].unit == UNIT_NS;
	while (b->step && last / b->step - first / b->step >= most_bars)
		b->step *= 2;
	b->first = b->from = bars_start(b, first);
	b->to = bars_start(b, last);
	for (at = b->from; at <= b->to; at = bars_next(b, at))
		bars++;
	for (; bars > most_bars && bars > 1; bars--)
		b->from = bars_next(b, b->from);
	b->most = 0;
	for (at = b->from; at <= b->to; at = bars_next(b, at)) {
		count = bars_count(b, h, at);
		if (count > b->most)
			b->most = count;
	}
}

void bars_value(const struct hist_kind *kind, uint64_t value, char *text)
{
	if (kind->unit == UNIT_NS)
		format_ns((double)value, text);
	else
		snprintf(text, FORMAT_ROOM, "%" PRIu64, value);
}

void bars_label(const struct bars *b, const struct hist_row *h, unsigned int at,
		char *text)
{
	const struct hist_kind *kind = &hist_kinds[h->kind];
	uint64_t low = hist_low(bars_low(b, at)),
		 high = hist_low(bars_next(b, at));
	bool time = kind->unit == UNIT_NS;
	char from[FORMAT_ROOM], to[FORMAT_ROOM];

	if (!time && high > h->max && h->max >= low)
		high = h->max + 1;
	bars_value(kind, low, from);
	bars_value(kind, time ? high : high - 1, to);
	if (!time && high == low + 1)
		snprintf(text, BAR_LABEL_ROOM, "%s", from);
	else
		snprintf(text, BAR_LABEL_ROOM, "%s to %7s", from, to);
}
