/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for others while signals are blocked, as the event loop has them. */
#ifndef UTIL_LEAVE_H
#define UTIL_LEAVE_H

#include <stdbool.h>

/*
 * Waits until fd is ready for events (those of poll), however long its other end
 * takes.  False: a signal that ends the program waits to be taken up.
 */
bool leave_wait(int fd, short events);

#endif /* UTIL_LEAVE_H */
