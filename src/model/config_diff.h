/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which settings of two captured configurations are not the same. */
#ifndef MODEL_CONFIG_DIFF_H
#define MODEL_CONFIG_DIFF_H

#include "model/snapshot.h"

/* NULL: that one does not have it. */
typedef void (*config_diff_fn)(void *arg, const char *path, const char *a,
			       const char *b);

/*
 * Calls fn for each setting that differs, by path; what is the same machine's
 * state rather than a setting (its load, its clock) is left out.  Returns how
 * many.  The kernel and the tier come first, as host/kernel and host/tier.
 */
size_t config_diff(const struct snapshot *a, const struct snapshot *b,
		   config_diff_fn fn, void *arg);

#endif /* MODEL_CONFIG_DIFF_H */
