/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the traffic generators of the live tests share: strict arguments,
 * pinning, and the conversation with the test that runs them.  A generator
 * prints "ready" when it is set up, sends when it reads a line, prints "done"
 * and stays (its devices and sockets with it) until its input ends.
 */
#ifndef TOOL_H
#define TOOL_H

#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/num.h"

/* Says what failed and why, and ends with status 1. */
#define die(...) error(1, errno, __VA_ARGS__)
/* The same for a wrong command line, with status 2. */
#define die_usage(...) error(2, 0, __VA_ARGS__)

static inline unsigned long tool_number(const char *text, const char *what,
					unsigned long min, unsigned long max)
{
	uint64_t value;

	if (num_parse_u64(text, min, max, &value))
		die_usage("%s: a number from %lu to %lu is needed, not '%s'",
			  what, min, max, text);
	return value;
}

/* The calling thread alone. */
static inline void tool_pin(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("cannot run on CPU %u", cpu);
}

/* No other task that is not real-time gets this CPU while we want it. */
static inline void tool_realtime(void)
{
	struct sched_param param = { .sched_priority = 10 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		die("cannot become real-time");
}

/* Enters a network namespace, by path; the calling thread alone. */
static inline void tool_enter_netns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die("cannot enter the network namespace %s", path);
	close(fd);
}

static inline void tool_say(const char *word)
{
	if (puts(word) < 0 || fflush(stdout))
		die("cannot write to standard output");
}

/* A line, or the end of the input, of standard input. */
static inline void tool_wait_line(void)
{
	int c;

	while ((c = getchar()) != EOF && c != '\n')
		;
}

#endif /* TOOL_H */
