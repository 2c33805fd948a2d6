/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An event loop over epoll: descriptors, periodic timers, signals. */
#ifndef UTIL_LOOP_H
#define UTIL_LOOP_H

#include <signal.h>
#include <stdint.h>

struct loop;

/* What a handler returns to go on, or to leave loop_run() with the value. */
#define LOOP_CONTINUE 1

/* Called with the argument of loop_add(); returns LOOP_CONTINUE or a result <= 0. */
typedef int (*loop_handler)(void *arg);
/* As above, with the signal's number, or how often the timer expired. */
typedef int (*loop_count_handler)(void *arg, uint64_t count);

int loop_open(struct loop **out);
void loop_close(struct loop *loop);

/* Calls handler whenever fd is readable. */
int loop_add(struct loop *loop, int fd, loop_handler handler, void *arg);
/* Blocks the signals in set and delivers them through handler. */
int loop_add_signals(struct loop *loop, const sigset_t *set,
		     loop_count_handler handler, void *arg);
/*
 * The periodic timer of arg, which has one; called again, it changes its period and
 * handler, and 0 stops it.  The first expiry is one period from now; missed ones
 * are counted, not made up for.
 */
int loop_set_timer(struct loop *loop, uint64_t period_ns,
		   loop_count_handler handler, void *arg);

/* Runs until a handler returns something else than LOOP_CONTINUE. */
int loop_run(struct loop *loop);

#endif /* UTIL_LOOP_H */
