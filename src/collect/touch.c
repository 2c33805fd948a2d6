// SPDX-License-Identifier: GPL-2.0-or-later
/* See touch.h. */
#include "collect/touch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collect/procfs.h"

/* A socket connected to itself on 127.0.0.1: nothing answers, nothing stays. */
static int touch_socket(void)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if (bind(fd, (void *)&addr, sizeof(addr)) ||
	    getsockname(fd, (void *)&addr, &length) ||
	    connect(fd, (void *)&addr, length)) {
		close(fd);
		return -errno;
	}
	return fd;
}

/* The datagram is in the backlog, and polled, before send() returns. */
static void touch_from(int fd, unsigned int cpu, cpu_set_t *one, size_t size)
{
	char byte = 0;

	CPU_ZERO_S(size, one);
	CPU_SET_S(cpu, size, one);
	if (sched_setaffinity(0, size, one))
		return;
	if (send(fd, &byte, 1, 0) == 1)
		(void)!recv(fd, &byte, 1, 0);
}

static bool touch_allowed(unsigned int cpu, const cpu_set_t *may, size_t size,
			  const struct cpuset *isolated,
			  const struct cpuset *nohz_full)
{
	return CPU_ISSET_S(cpu, size, may) && !cpuset_has(isolated, cpu) &&
	       !cpuset_has(nohz_full, cpu);
}

/* All that the kernel may number: it takes no smaller set, and libc counts those there. */
static unsigned int touch_end(void)
{
	struct cpuset possible = { 0 };
	unsigned int end;

	sysfs_cpus("", "possible", &possible);
	end = cpuset_end(&possible);
	cpuset_fini(&possible);
	return end ? end : sysconf(_SC_NPROCESSORS_CONF);
}

int touch_backlogs(bool (*needs)(unsigned int cpu, const void *arg),
		   const void *arg)
{
	struct cpuset isolated = { 0 }, nohz_full = { 0 };
	unsigned int cpu, end = touch_end();
	size_t size = CPU_ALLOC_SIZE(end);
	cpu_set_t *may = CPU_ALLOC(end), *one = CPU_ALLOC(end);
	int fd, err = -ENOMEM;

	if (!may || !one)
		goto err_sets;
	fd = touch_socket();
	err = fd < 0 ? fd : 0;
	if (err)
		goto err_sets;
	if (sched_getaffinity(0, size, may)) {
		err = -errno;
		goto err_socket;
	}
	sysfs_cpus("", "isolated", &isolated);
	sysfs_cpus("", "nohz_full", &nohz_full);
	for (cpu = 0; cpu < end; cpu++)
		if (touch_allowed(cpu, may, size, &isolated, &nohz_full) &&
		    needs(cpu, arg))
			touch_from(fd, cpu, one, size);
	sched_setaffinity(0, size, may);
	cpuset_fini(&isolated);
	cpuset_fini(&nohz_full);
err_socket:
	close(fd);
err_sets:
	CPU_FREE(may);
	CPU_FREE(one);
	return err;
}
