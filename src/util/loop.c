// SPDX-License-Identifier: GPL-2.0-or-later
/* See loop.h. */
#include "util/loop.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define NSEC_PER_SEC 1000000000ULL
#define LOOP_MAX_WATCHES 8

struct loop_watch {
	int fd;
	bool own; /* closed with the loop */
	int (*ready)(struct loop_watch *w);
	loop_handler handler;
	loop_count_handler count_handler;
	void *arg;
};

struct loop {
	int epoll;
	unsigned int nr_watches;
	struct loop_watch watches[LOOP_MAX_WATCHES];
};

int loop_open(struct loop **out)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		free(loop);
		return -errno;
	}
	*out = loop;
	return 0;
}

void loop_close(struct loop *loop)
{
	unsigned int i;

	if (!loop)
		return;
	for (i = 0; i < loop->nr_watches; i++)
		if (loop->watches[i].own)
			close(loop->watches[i].fd);
	close(loop->epoll);
	free(loop);
}

static int loop_watch(struct loop *loop, const struct loop_watch *watch,
		      struct loop_watch **out)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct loop_watch *w;

	if (loop->nr_watches == LOOP_MAX_WATCHES)
		return -ENOSPC;
	w = &loop->watches[loop->nr_watches];
	*w = *watch;
	event.data.ptr = w;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, w->fd, &event))
		return -errno;
	loop->nr_watches++;
	if (out)
		*out = w;
	return 0;
}

static int loop_ready_plain(struct loop_watch *w)
{
	return w->handler(w->arg);
}

int loop_add(struct loop *loop, int fd, loop_handler handler, void *arg)
{
	struct loop_watch w = { .fd = fd,
				.ready = loop_ready_plain,
				.handler = handler,
				.arg = arg };

	return loop_watch(loop, &w, NULL);
}

static int loop_ready_signal(struct loop_watch *w)
{
	struct signalfd_siginfo info;

	if (read(w->fd, &info, sizeof(info)) != sizeof(info))
		return LOOP_CONTINUE;
	return w->count_handler(w->arg, info.ssi_signo);
}

int loop_add_signals(struct loop *loop, const sigset_t *set,
		     loop_count_handler handler, void *arg)
{
	struct loop_watch w = { .own = true,
				.ready = loop_ready_signal,
				.count_handler = handler,
				.arg = arg };
	int err;

	if (sigprocmask(SIG_BLOCK, set, NULL))
		return -errno;
	w.fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (w.fd < 0)
		return -errno;
	err = loop_watch(loop, &w, NULL);
	if (err)
		close(w.fd);
	return err;
}

static int loop_ready_timer(struct loop_watch *w)
{
	uint64_t expired;

	if (read(w->fd, &expired, sizeof(expired)) != sizeof(expired))
		return LOOP_CONTINUE;
	return w->count_handler(w->arg, expired);
}

static struct loop_watch *loop_timer_of(struct loop *loop, const void *arg)
{
	unsigned int i;

	for (i = 0; i < loop->nr_watches; i++)
		if (loop->watches[i].ready == loop_ready_timer &&
		    loop->watches[i].arg == arg)
			return &loop->watches[i];
	return NULL;
}

static int loop_open_timer(struct loop *loop, void *arg, struct loop_watch **out)
{
	struct loop_watch w = { .own = true,
				.ready = loop_ready_timer,
				.arg = arg };
	int err;

	w.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (w.fd < 0)
		return -errno;
	err = loop_watch(loop, &w, out);
	if (err)
		close(w.fd);
	return err;
}

int loop_set_timer(struct loop *loop, uint64_t period_ns,
		   loop_count_handler handler, void *arg)
{
	const struct timespec period = { .tv_sec = period_ns / NSEC_PER_SEC,
					 .tv_nsec = period_ns % NSEC_PER_SEC };
	const struct itimerspec spec = { period, period };
	struct loop_watch *timer = loop_timer_of(loop, arg);
	int err;

	if (!timer) {
		err = loop_open_timer(loop, arg, &timer);
		if (err)
			return err;
	}
	timer->count_handler = handler;
	return timerfd_settime(timer->fd, 0, &spec, NULL) ? -errno : 0;
}

int loop_run(struct loop *loop)
{
	struct epoll_event event;
	struct loop_watch *w;
	int n, ret;

	for (;;) {
		n = epoll_wait(loop->epoll, &event, 1, -1);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0)
			continue;
		w = event.data.ptr;
		ret = w->ready(w);
		if (ret != LOOP_CONTINUE)
			return ret;
	}
}
