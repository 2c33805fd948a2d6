/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of total.c: what rows are called, and which NAPIs have a name of their own. */
#ifndef MODEL_TOTAL_NAME_H
#define MODEL_TOTAL_NAME_H

#include "model/total.h"

struct total_name {
	uint64_t id;
	uint64_t grew_ns; /* CLOCK_MONOTONIC, when it did something; later, if idle */
	char netns[ROW_NETNS];
	char dev[ROW_NAME];
};

/*
 * Gives a NAPI that grew the name that its numbers go to, and the id of that; before is
 * what it was called last, or NULL.
 */
void total_name(struct total *t, const struct interval *iv, struct napi_row *n,
		const struct napi_row *before);
uint64_t total_irq_id(const struct irq_row *i);

#endif /* MODEL_TOTAL_NAME_H */
