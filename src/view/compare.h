/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two runs, compared: for people, and as JSON. */
#ifndef VIEW_COMPARE_H
#define VIEW_COMPARE_H

#include <stdio.h>

#include "model/compare.h"
#include "model/snapshot.h"

/* A run, besides its numbers. */
struct compared {
	const char *file;
	uint64_t from_ns; /* CLOCK_REALTIME of its first snapshot */
	uint64_t ns;	  /* its length */
	struct snapshot last;
};

/* A comparison in a line. */
struct compare_summary {
	size_t counts[NR_COMPARE_WORDS]; /* of numbers that both runs have */
	size_t settings;		 /* that differ */
	char worst[192]; /* what became worse by most: "" if nothing did */
};

void compare_summarize(const struct compare *c,
		       const struct compared runs[NR_SIDES],
		       struct compare_summary *out);

/* 0 or -errno of the output. */
int compare_print_text(FILE *out, const struct compare *c,
		       const struct compared runs[NR_SIDES]);
int compare_print_json(FILE *out, const struct compare *c,
		       const struct compared runs[NR_SIDES]);

#endif /* VIEW_COMPARE_H */
