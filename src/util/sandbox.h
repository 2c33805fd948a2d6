/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that has everything it needs will never ask the kernel for. */
#ifndef UTIL_SANDBOX_H
#define UTIL_SANDBOX_H

/* What goes on, of what is refused else. */
enum sandbox_allow {
	SANDBOX_BPF = 1 << 0,	/* bpf(), perf_event_open() */
	SANDBOX_NETNS = 1 << 1, /* entering network namespaces */
	SANDBOX_NETLINK = 1 << 2,
};

/*
 * From here on, for good: nothing is executed, forked, opened to be written,
 * made, renamed or removed; no other process is touched, no socket opened, nothing
 * of the machine changed.  It fails with EPERM.  What is open goes on.  The caller
 * has one thread, and no_new_privs or CAP_SYS_ADMIN.  0 or -errno; -EOPNOTSUPP: not
 * on this architecture; -EINVAL or -ENOSYS: not by this kernel.
 */
int sandbox_enter(unsigned int allow);

#endif /* UTIL_SANDBOX_H */
