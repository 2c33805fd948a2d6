/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The histograms of the text view. */
#ifndef VIEW_TEXT_HIST_H
#define VIEW_TEXT_HIST_H

#include "view/view.h"

/*
 * Of each kind a table of percentiles, the rows with the most values first, and
 * bars for the first of them.
 */
void text_print_hists(FILE *out, const struct interval *iv,
		      const struct view_options *options);

#endif /* VIEW_TEXT_HIST_H */
