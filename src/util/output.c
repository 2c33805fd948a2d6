// SPDX-License-Identifier: GPL-2.0-or-later
/* See output.h. */
#include "util/output.h"

#include <errno.h>

static int output_failure(FILE *out)
{
	int err = errno ? -errno : -EIO;

	if (err == -EPIPE)
		clearerr(out);
	return err;
}

int output_status(FILE *out)
{
	return ferror(out) ? output_failure(out) : 0;
}

int output_flush(FILE *out)
{
	int err = output_status(out);

	return !err && fflush(out) ? output_failure(out) : err;
}
