/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a diagnosis found, as text or JSON. */
#ifndef VIEW_FINDINGS_H
#define VIEW_FINDINGS_H

#include <stdio.h>

#include "model/finding_lines.h"
#include "model/interval.h"

struct findings_options {
	unsigned int width; /* of a line of text */
	bool color;
	bool selected; /* devices or CPUs were chosen */
	bool lines;    /* JSON: an object a line */
};

/*
 * All of a verdict on iv.  These return 0, or -errno of the output, or -ENOMEM.
 */
int findings_print_text(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options);
int findings_print_json(FILE *out, const struct interval *iv,
			const struct verdict *v,
			const struct findings_options *options);

/*
 * As text what is other than in the verdict before: what is new or worse or
 * better, in full, what is still there, and what is gone.  Nothing when the
 * findings and their severities are the same.
 */
int findings_print_change(FILE *out, const struct interval *iv,
			  const struct verdict *before, const struct verdict *v,
			  const struct findings_options *options);

#endif /* VIEW_FINDINGS_H */
