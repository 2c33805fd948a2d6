// SPDX-License-Identifier: GPL-2.0-or-later
/* See output.h. */
#include "util/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "util/leave.h"

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

/* A pipe takes so much at once without waiting. */
static ssize_t output_write(void *cookie, const char *data, size_t size)
{
	size_t put = 0;
	ssize_t len;

	(void)cookie;
	while (put < size) {
		if (!leave_wait(STDOUT_FILENO, POLLOUT)) {
			errno = EPIPE;
			return 0;
		}
		len = write(STDOUT_FILENO, data + put,
			    size - put > PIPE_BUF ? PIPE_BUF : size - put);
		if (len < 0 && errno != EINTR)
			return 0;
		if (len > 0)
			put += len;
	}
	return put;
}

int output_give_way(void)
{
	const cookie_io_functions_t functions = { .write = output_write };
	FILE *out;

	/* It is that already, or somebody reads it in memory. */
	if (fileno(stdout) != STDOUT_FILENO)
		return 0;
	if (fflush(stdout))
		return output_failure(stdout);
	out = fopencookie(NULL, "w", functions);
	if (!out)
		return -ENOMEM;
	stdout = out;
	return 0;
}
