/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A histogram as a few bars with labels, for the text view and the screen. */
#ifndef MODEL_BARS_H
#define MODEL_BARS_H

#include "model/format.h"
#include "model/hist.h"

/* Longest label of a bar, with its NUL. */
#define BAR_LABEL_ROOM (3 * FORMAT_ROOM)

/*
 * Bars of so many buckets: at = from, bars_next(at), ... to.  Counts double from
 * bar to bar, for of few the difference of one matters: 0, 1, 2 to 3, 4 to 7; where
 * there is no room the smallest are one bar.  Times are spread evenly over the buckets.
 */
struct bars {
	unsigned int first; /* bucket of the first bar, which ends as if it were from */
	unsigned int from;
	unsigned int to;
	unsigned int step; /* a power of two; 0: each bar is twice as wide */
	uint64_t most;	   /* values of the longest bar */
};

/* The narrowest bars of which at most so many hold all values. */
void bars_choose(struct bars *b, const struct hist_row *h,
		 unsigned int most_bars);
unsigned int bars_next(const struct bars *b, unsigned int at);
uint64_t bars_count(const struct bars *b, const struct hist_row *h,
		    unsigned int at);
/*
 * "64", "48 to 63" (both ends included, and none above the largest value); times
 * "1.02us to 2.05us".
 */
void bars_label(const struct bars *b, const struct hist_row *h, unsigned int at,
		char *text);
/* A value of this kind of histogram; text has FORMAT_ROOM bytes. */
void bars_value(const struct hist_kind *kind, uint64_t value, char *text);

#endif /* MODEL_BARS_H */
