/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving up what a process may do, for good. */
#ifndef UTIL_PRIVILEGE_H
#define UTIL_PRIVILEGE_H

/*
 * Drops every capability, and what could give one back; root becomes user.  0;
 * -ENOENT: there is no such user; -EINVAL: it is root; or -EPERM: it could not be done.
 */
int privilege_drop(const char *user);

#endif /* UTIL_PRIVILEGE_H */
