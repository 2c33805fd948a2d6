// SPDX-License-Identifier: GPL-2.0-or-later
/* See bars.h. */
#include "model/bars.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t bars_count(const struct bars *b, const struct hist_row *h,
		    unsigned int at)
{
	uint64_t count = 0;
	unsigned int i;

	for (i = at; i < at + b->step && i < HIST_BUCKETS; i++)
		count += h->counts[i];
	return count;
}

void bars_choose(struct bars *b, const struct hist_row *h, unsigned int most_bars)
{
	unsigned int first = 0, last = HIST_BUCKETS - 1, at;
	uint64_t count;

	while (first < last && !h->counts[first])
		first++;
	while (last > first && !h->counts[last])
		last--;
	b->step = 1;
	while (last / b->step - first / b->step >= most_bars)
		b->step *= 2;
	b->from = first / b->step * b->step;
	b->to = last / b->step * b->step;
	b->most = 0;
	for (at = b->from; at <= b->to; at += b->step) {
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

void bars_label(const struct bars *b, const struct hist_kind *kind,
		unsigned int at, char *text)
{
	uint64_t low = hist_low(at), high = hist_low(at + b->step);
	bool time = kind->unit == UNIT_NS;
	char from[FORMAT_ROOM], to[FORMAT_ROOM];

	bars_value(kind, low, from);
	bars_value(kind, time ? high : high - 1, to);
	if (!time && high == low + 1)
		snprintf(text, BAR_LABEL_ROOM, "%s", from);
	else
		snprintf(text, BAR_LABEL_ROOM, "%s to %7s", from, to);
}
