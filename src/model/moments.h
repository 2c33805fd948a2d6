/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of a series of numbers, each of one interval, and whether two of them
 * differ by more than chance makes of series that vary so.
 */
#ifndef MODEL_MOMENTS_H
#define MODEL_MOMENTS_H

#include <stdbool.h>
#include <stdint.h>

/* What is said of two series is wrong so often, where nothing changed. */
#define MOMENTS_CHANCE 0.001

/* Means of so many neighbours that there are fewer than this. */
#define MOMENTS_BLOCKS 32

/* Of a series, in one pass over it; sums are of differences to the first value. */
struct moments {
	uint64_t count; /* intervals that had the number */
	double first;
	double last;
	double sum;
	double squares;
	double products; /* of neighbours */
	double least;
	double most;
	double open;	    /* sum of what has no block yet */
	uint64_t per_block; /* values; 0: none yet */
	float blocks[MOMENTS_BLOCKS];
};

void moments_add(struct moments *m, double value);
/* As many zeros. */
void moments_add_zeros(struct moments *m, uint64_t count);
/* NAN without values. */
double moments_mean(const struct moments *m);
/* 0 with less than two values. */
double moments_variance(const struct moments *m);
/* How many independent values would tell as much: 1 to count. */
double moments_effective(const struct moments *m);

/*
 * Welch's t, of those many; or, where few intervals are far off all others, Yuen's: the
 * same of what is left when a fifth is cut off at both ends.  It has to point where the
 * means do.
 */
bool moments_differ(const struct moments *a, const struct moments *b);
/* No value of one is among those of the other, or beyond some of them only. */
bool moments_are_apart(const struct moments *a, const struct moments *b);
/* How often as many values of one series, drawn in two lots, are apart. */
double moments_apart_chance(const struct moments *a, const struct moments *b);

#endif /* MODEL_MOMENTS_H */
