// SPDX-License-Identifier: GPL-2.0-or-later
/* See output.h. */
#include "util/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
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

/* What standard output is in place of a file: there is one. */
static struct {
	FILE *file;
	int fd;
	size_t most; /* that is written at once */
	char buffer[1 << 16];
} output;

/* A pipe takes so much at once without waiting; a file takes all. */
static size_t output_most(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) ? SSIZE_MAX : PIPE_BUF;
}

static ssize_t output_write(void *cookie, const char *data, size_t size)
{
	size_t put = 0;
	ssize_t len;

	(void)cookie;
	while (put < size) {
		if (!leave_wait(output.fd, POLLOUT)) {
			errno = EPIPE;
			return 0;
		}
		len = write(output.fd, data + put,
			    size - put > output.most ? output.most : size - put);
		if (len < 0 && errno != EINTR && errno != EAGAIN)
			return 0;
		if (len > 0)
			put += len;
	}
	return put;
}

/*
 * A terminal may take a byte and then nothing: it is opened anew, for whoever else has
 * it does not expect that it refuses what it has no room for.
 */
static int output_open_terminal(void)
{
	int fd = isatty(STDOUT_FILENO) ?
			 open("/proc/self/fd/1",
			      O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) :
			 -1;

	return fd < 0 ? STDOUT_FILENO : fd;
}

int output_give_way(void)
{
	const cookie_io_functions_t functions = { .write = output_write };

	/* It is that already, or somebody reads it in memory. */
	if (fileno(stdout) != STDOUT_FILENO)
		return 0;
	if (fflush(stdout))
		return output_failure(stdout);
	output.fd = output_open_terminal();
	output.most = output_most(output.fd);
	output.file = fopencookie(NULL, "w", functions);
	if (!output.file ||
	    setvbuf(output.file, output.buffer, _IOFBF, sizeof(output.buffer)))
		return -ENOMEM;
	stdout = output.file;
	return 0;
}

int output_close(void)
{
	int err = output_flush(stdout);

	/* Somebody reads it in memory. */
	if (stdout != output.file && fileno(stdout) != STDOUT_FILENO)
		return err;
	/* Whoever started it may have closed it. */
	if (close(STDOUT_FILENO) && errno != EBADF && !err)
		err = -errno;
	return err;
}

bool output_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

const char *output_claim(int fd)
{
	struct stat st, other;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return NULL;
	if (!fstat(STDOUT_FILENO, &other) && output_is_same(&st, &other))
		return "standard output goes there, too";
	if (!fstat(STDERR_FILENO, &other) && output_is_same(&st, &other))
		return "standard error goes there, too";
	/* Where no file can be locked nobody knows. */
	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return "another program is writing it";
	return NULL;
}
