// SPDX-License-Identifier: GPL-2.0-or-later
/* What is refused and what goes on in a process that gave up what it can. */
#include "util/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "util/capabilities.h"

#define ALL (SANDBOX_BPF | SANDBOX_NETNS | SANDBOX_NETLINK)
#define NO_FILTERS 77

/* With arguments that the kernel refuses in another way: none may succeed. */
struct call {
	const char *what;
	int err; /* where nothing is allowed */
	int err_allowed;
	long number;
	long args[3];
};

static const struct call calls[] = {
	{ "execve", EPERM, EPERM, SYS_execve, { 0 } },
	{ "execveat", EPERM, EPERM, SYS_execveat, { -1 } },
	{ "clone", EPERM, EPERM, SYS_clone, { -1 } },
	{ "clone3", EPERM, EPERM, SYS_clone3, { 0 } },
	{ "unshare", EPERM, EPERM, SYS_unshare, { -1 } },
	{ "ptrace", EPERM, EPERM, SYS_ptrace, { -1 } },
	{ "process_vm_readv", EPERM, EPERM, SYS_process_vm_readv, { -1 } },
	{ "init_module", EPERM, EPERM, SYS_init_module, { 0 } },
	{ "kexec_load", EPERM, EPERM, SYS_kexec_load, { 0 } },
	{ "mount", EPERM, EPERM, SYS_mount, { 0 } },
	{ "chroot", EPERM, EPERM, SYS_chroot, { 0 } },
	{ "reboot", EPERM, EPERM, SYS_reboot, { 0 } },
	{ "keyctl", EPERM, EPERM, SYS_keyctl, { -1 } },
	{ "io_uring_setup", EPERM, EPERM, SYS_io_uring_setup, { 0 } },
	{ "unlinkat", EPERM, EPERM, SYS_unlinkat, { -1 } },
	{ "typing", EPERM, EPERM, SYS_ioctl, { -1, TIOCSTI } },
	{ "another ioctl", EBADF, EBADF, SYS_ioctl, { -1, TIOCGWINSZ } },
	{ "signal to another", EPERM, EPERM, SYS_kill, { 1 << 30 } },
	{ "signal to all", EPERM, EPERM, SYS_kill, { -1 } },
	{ "signal to a thread", EPERM, EPERM, SYS_tgkill, { 1 << 30, 1 } },
	{ "limits of another", EPERM, EPERM, SYS_prlimit64, { 1 } },
	{ "another's CPUs", EPERM, EPERM, SYS_sched_setaffinity, { 1 } },
	{ "write", EPERM, EPERM, SYS_openat, { -1, 0, O_WRONLY } },
	{ "read and write", EPERM, EPERM, SYS_openat, { -1, 0, O_RDWR } },
	{ "empty", EPERM, EPERM, SYS_openat, { -1, 0, O_RDONLY | O_TRUNC } },
	{ "create", EPERM, EPERM, SYS_openat, { -1, 0, O_RDONLY | O_CREAT } },
	{ "read", EFAULT, EFAULT, SYS_openat, { -1, 0, O_RDONLY | O_CLOEXEC } },
	{ "inet", EPERM, EPERM, SYS_socket, { AF_INET, -1 } },
	{ "unix", EPERM, EPERM, SYS_socket, { AF_UNIX, -1 } },
	{ "netlink", EPERM, EINVAL, SYS_socket, { AF_NETLINK, -1 } },
	{ "any namespace", EPERM, EPERM, SYS_setns, { -1, 0 } },
	{ "mounts", EPERM, EPERM, SYS_setns, { -1, CLONE_NEWNS } },
	{ "a network", EPERM, EBADF, SYS_setns, { -1, CLONE_NEWNET } },
	{ "fsconfig", EPERM, EINVAL, SYS_fsconfig, { -1 } },
	{ "perf_event_open", EPERM, EFAULT, SYS_perf_event_open, { 0 } },
	{ "one to come", ENOSYS, ENOSYS, 499, { 0 } },
	{ "the last one", ENOSYS, ENOSYS, 0x3fffffff, { 0 } },
#ifdef __x86_64__
	{ "open", EPERM, EPERM, SYS_open, { 0, O_RDWR } },
	{ "fork", EPERM, EPERM, SYS_fork, { 0 } },
	{ "x32", EPERM, EPERM, 0x40000000 + SYS_getpid, { 0 } },
#endif
};

/* Says which call is not as it should be. */
static void try_calls(unsigned int allow)
{
	const struct call *c;
	unsigned int i;
	long got;
	int want;

	if (capabilities_keep(~0ULL))
		_exit(EXIT_FAILURE);
	if (sandbox_enter(allow))
		_exit(NO_FILTERS);
	for (i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		c = &calls[i];
		want = allow ? c->err_allowed : c->err;
		got = syscall(c->number, c->args[0], c->args[1], c->args[2], 0,
			      0);
		if (got != -1 || errno != want) {
			printf("%s: %ld, %s\n", c->what, got, strerror(errno));
			fflush(stdout);
			_exit(EXIT_FAILURE);
		}
	}
}

/* What it is there for. */
static void try_own(void)
{
	char byte;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC), ends[2];

	if (fd < 0 || read(fd, &byte, 1) != 1 || byte || pipe(ends) ||
	    write(ends[1], &byte, 1) != 1 || kill(getpid(), 0) || raise(0))
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}

static void check(unsigned int allow)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		try_calls(allow);
		try_own();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_FILTERS)
		skip();
	assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
}

static void test_nothing_allowed(void **state)
{
	(void)state;
	check(0);
}

static void test_all_allowed(void **state)
{
	(void)state;
	check(ALL);
}

static void try_capabilities(void)
{
	const uint64_t kept = 1ULL << CAP_SYS_PTRACE | 1ULL << CAP_BPF;
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct had[2], has[2];

	if (syscall(SYS_capget, &head, had) || capabilities_keep(kept) ||
	    syscall(SYS_capget, &head, has) ||
	    has[0].permitted != (had[0].permitted & (uint32_t)kept) ||
	    has[1].permitted != (had[1].permitted & kept >> 32) ||
	    has[0].effective != (had[0].effective & has[0].permitted) ||
	    has[1].effective != (had[1].effective & has[1].permitted) ||
	    has[0].inheritable || has[1].inheritable ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		_exit(EXIT_FAILURE);
	/* Once more, and none: what was given up does not come back. */
	if (capabilities_keep(0) || capabilities_keep(kept) ||
	    syscall(SYS_capget, &head, has) || has[0].permitted ||
	    has[1].permitted || has[0].effective || has[1].effective)
		_exit(EXIT_FAILURE);
	_exit(EXIT_SUCCESS);
}

static void test_capabilities(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (!child)
		try_capabilities();
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_allowed),
		cmocka_unit_test(test_all_allowed),
		cmocka_unit_test(test_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
