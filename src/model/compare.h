/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two runs, before and after a change: which numbers moved, and by how much
 * more than they move by themselves.  Every field of every row is a series over
 * the intervals of its run: growth per second, times as a share of the time,
 * quotients as they are.
 *
 * A number moved when the means of the two series differ by COMPARE_LEAST or
 * more, and by so much more than the series vary that independent values do so
 * by chance once in a thousand comparisons (Welch's t; Yuen's, where single intervals
 * are far off).  Neighbours in time
 * resemble each other: a series counts for fewer values than it has, and a short
 * one for fewer still, for it cannot show how much they do.  Or every value of one
 * run is beyond all of the other, which is by chance as rare, and the means differ by
 * COMPARE_APART.
 */
#ifndef MODEL_COMPARE_H
#define MODEL_COMPARE_H

#include "model/interval.h"
#include "model/moments.h"

#define COMPARE_LEAST 0.05
#define COMPARE_APART 0.5
/* Longest names of rows. */
#define COMPARE_KEY 224

enum compare_side {
	SIDE_A,
	SIDE_B,
	NR_SIDES,
};

enum compare_word {
	COMPARE_NONE, /* no run has the number */
	COMPARE_SAME,
	COMPARE_BETTER,
	COMPARE_WORSE,
	COMPARE_MORE, /* neither good nor bad by itself */
	COMPARE_LESS,
	COMPARE_UNSURE,	 /* too few intervals to tell change from noise */
	COMPARE_MISSING, /* one run has it: another tier, another kernel */
	NR_COMPARE_WORDS,
};

const char *compare_word_name(enum compare_word word);

/* A number of a row in both runs. */
struct compare_cell {
	const struct field *field;
	struct moments sides[NR_SIDES];
	bool unknown[NR_SIDES]; /* an interval that had the row had no value */
	enum compare_word word;
};

/*
 * A row, found again by name: numbers may be others after a reboot.  A NAPI
 * whose queue is known is that queue's; others, and interrupts, go by their
 * place among those of the same device and function, or of the same name; by
 * their number where both runs are of one boot and have one in common.
 */
struct compare_row {
	enum field_scope scope;
	char group[COMPARE_KEY]; /* what it is but for a number */
	uint64_t number;	 /* queue, NAPI id or irq of its run */
	bool placed;		 /* number is its place, in any run */
	uint64_t place;		 /* compare_judge() */
	char name[COMPARE_KEY];	 /* for people */
	bool seen[NR_SIDES];
	uint64_t absent; /* intervals of its run before the first that had it */
	uint64_t present;   /* and those that had it */
	struct table cells; /* struct compare_cell, in the order of the fields */
};

struct compare {
	struct table runs[NR_SIDES]; /* struct compare_row, sorted */
	struct table rows;	     /* the same of both, by compare_judge() */
	uint64_t intervals[NR_SIDES];
	uint64_t last_ns[NR_SIDES]; /* length of the interval before */
	uint64_t boot_ns[NR_SIDES]; /* wall clock's time of the clock's zero */
};

void compare_init(struct compare *c);
void compare_fini(struct compare *c);
/* The next interval of a run.  0 or -ENOMEM. */
int compare_add(struct compare *c, enum compare_side side,
		const struct interval *iv);
/* When both runs are read: pairs their rows, and gives every cell its word. */
int compare_judge(struct compare *c);

/* B's mean over A's; NAN when A's is 0. */
double compare_ratio(const struct compare_cell *cell);

#endif /* MODEL_COMPARE_H */
