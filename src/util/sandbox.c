// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See sandbox.h: a list of what is refused.  A list of what is let through would
 * have to know every libc to come.
 */
#include "util/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#else
#define SANDBOX_ARCH 0 /* whose numbers nobody has looked at */
#endif

/* Newer than the headers of a distribution; the same on every architecture. */
enum {
	CALL_FCHMODAT2 = 452,
	CALL_SETXATTRAT = 463,
	CALL_REMOVEXATTRAT = 466,
	CALL_OPEN_TREE_ATTR = 467,
	CALL_FILE_SETATTR = 469, /* the last one that is known here */
};

#define X32_CALLS 0x40000000

static const int refused[] = {
	/* Other programs, other processes */
	SYS_execve,
	SYS_execveat,
	SYS_clone,
	SYS_clone3,
	SYS_unshare,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_process_madvise,
	SYS_process_mrelease,
	SYS_kcmp,
	SYS_pidfd_open,
	SYS_pidfd_getfd,
	SYS_pidfd_send_signal,
	SYS_tkill,
	SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo,
	SYS_sched_setaffinity,
	SYS_sched_setscheduler,
	SYS_sched_setparam,
	SYS_sched_setattr,
	SYS_setpriority,
	SYS_ioprio_set,
	/* Another user, and keys */
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setfsuid,
	SYS_setfsgid,
	SYS_setgroups,
	SYS_add_key,
	SYS_request_key,
	SYS_keyctl,
	/* Files, by their names; opening is below.  io_uring has calls of its own. */
	SYS_openat2,
	SYS_open_by_handle_at,
	SYS_truncate,
	SYS_mknodat,
	SYS_mkdirat,
	SYS_unlinkat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_renameat2,
	SYS_fchmod,
	SYS_fchmodat,
	CALL_FCHMODAT2,
	SYS_fchown,
	SYS_fchownat,
	SYS_utimensat,
	SYS_setxattr,
	SYS_lsetxattr,
	SYS_fsetxattr,
	CALL_SETXATTRAT,
	SYS_removexattr,
	SYS_lremovexattr,
	SYS_fremovexattr,
	CALL_REMOVEXATTRAT,
	CALL_FILE_SETATTR,
	SYS_io_uring_setup,
	SYS_io_uring_enter,
	SYS_io_uring_register,
	SYS_fanotify_init,
	/* Mounts */
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_move_mount,
	SYS_open_tree,
	CALL_OPEN_TREE_ATTR,
	SYS_fspick,
	SYS_mount_setattr,
	SYS_quotactl,
	SYS_quotactl_fd,
	SYS_swapon,
	SYS_swapoff,
	SYS_acct,
	/* The machine */
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_clock_adjtime,
	SYS_adjtimex,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_syslog,
	SYS_vhangup,
	SYS_userfaultfd,
	SYS_personality,
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef __x86_64__ /* The older forms, and what only a PC has */
	SYS_fork,
	SYS_vfork,
	SYS_creat,
	SYS_mknod,
	SYS_mkdir,
	SYS_rmdir,
	SYS_unlink,
	SYS_link,
	SYS_symlink,
	SYS_rename,
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
	SYS_utime,
	SYS_utimes,
	SYS_futimesat,
	SYS_iopl,
	SYS_ioperm,
	SYS_modify_ldt,
#endif
};

static const int refused_bpf[] = { SYS_bpf, SYS_perf_event_open };
static const int refused_netns[] = { SYS_setns, SYS_fsopen, SYS_fsconfig,
				     SYS_fsmount };

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* Refused by the lower half of an argument: the kernel reads no more of these. */
struct sandbox_rule {
	int call;
	unsigned int arg;
	bool any;   /* if one of the bits is set; else by the value */
	bool allow; /* all but this value */
	uint32_t value;
};

#define WRITES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

static const struct sandbox_rule rules[] = {
	{ SYS_openat, 2, .any = true, .value = WRITES },
#ifdef SYS_open
	{ SYS_open, 1, .any = true, .value = WRITES },
#endif
	/* Typing into the terminal, for who comes after us. */
	{ SYS_ioctl, 1, .value = TIOCSTI },
	{ SYS_ioctl, 1, .value = TIOCLINUX },
};

/* --- the program ------------------------------------------------------------ */

struct sandbox_program {
	struct sock_filter code[512];
	unsigned short length;
};

/* For each call two instructions, and for each rule five, or six. */
_Static_assert(2 * (ARRAY_SIZE(refused) + ARRAY_SIZE(refused_bpf) +
		    ARRAY_SIZE(refused_netns)) +
			       6 * (ARRAY_SIZE(rules) + 4) + 20 <
		       512,
	       "room for the program");

static void put(struct sandbox_program *p, uint16_t code, uint32_t value,
		uint8_t if_true, uint8_t if_false)
{
	p->code[p->length++] =
		(struct sock_filter)BPF_JUMP(code, value, if_true, if_false);
}

static void put_load(struct sandbox_program *p, size_t offset)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void put_number(struct sandbox_program *p)
{
	put_load(p, offsetof(struct seccomp_data, nr));
}

static void put_refusal(struct sandbox_program *p, int err)
{
	put(p, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | err, 0, 0);
}

static void put_calls(struct sandbox_program *p, const int *calls, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		put(p, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		put_refusal(p, EPERM);
	}
}

/* Leaves the number of the call where it was.  Both are little endian. */
static void put_rule(struct sandbox_program *p, const struct sandbox_rule *rule)
{
	const uint16_t test = rule->any ? BPF_JSET : BPF_JEQ;

	put(p, BPF_JMP | BPF_JEQ | BPF_K, rule->call, 0, 4);
	put_load(p, offsetof(struct seccomp_data, args[rule->arg]));
	put(p, BPF_JMP | test | BPF_K, rule->value, rule->allow, !rule->allow);
	put_refusal(p, EPERM);
	put_number(p);
}

/* Those of another ABI have other numbers, and newer ones other effects. */
static void put_head(struct sandbox_program *p)
{
	put_load(p, offsetof(struct seccomp_data, arch));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0);
	put_refusal(p, EPERM);
	put_number(p);
	put(p, BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1);
	put_refusal(p, EPERM);
	/* As on a kernel that does not have them: every libc knows such kernels. */
	put(p, BPF_JMP | BPF_JGT | BPF_K, CALL_FILE_SETATTR, 0, 1);
	put_refusal(p, ENOSYS);
}

static void put_allowed(struct sandbox_program *p, unsigned int allow)
{
	/* ncurses stops itself with kill(), abort() and raise() end with tgkill(). */
	const struct sandbox_rule own[] = {
		{ SYS_kill, 0, .allow = true, .value = getpid() },
		{ SYS_tgkill, 0, .allow = true, .value = getpid() },
		{ SYS_prlimit64, 0, .allow = true, .value = 0 },
	};
	/* There is no family 0. */
	const struct sandbox_rule sockets = {
		SYS_socket,
		0,
		.allow = true,
		.value = allow & SANDBOX_NETLINK ? AF_NETLINK : AF_UNSPEC,
	};
	const struct sandbox_rule network = { SYS_setns, 1, .allow = true,
					      .value = CLONE_NEWNET };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(own); i++)
		put_rule(p, &own[i]);
	put_rule(p, &sockets);
	if (allow & SANDBOX_NETNS)
		put_rule(p, &network);
	else
		put_calls(p, refused_netns, ARRAY_SIZE(refused_netns));
	if (!(allow & SANDBOX_BPF))
		put_calls(p, refused_bpf, ARRAY_SIZE(refused_bpf));
}

static void sandbox_make(struct sandbox_program *p, unsigned int allow)
{
	size_t i;

	p->length = 0;
	put_head(p);
	put_calls(p, refused, ARRAY_SIZE(refused));
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		put_rule(p, &rules[i]);
	put_allowed(p, allow);
	put(p, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

int sandbox_enter(unsigned int allow)
{
	struct sandbox_program p;
	struct sock_fprog program = { .filter = p.code };

	if (!SANDBOX_ARCH)
		return -EOPNOTSUPP;
	sandbox_make(&p, allow);
	program.len = p.length;
	/*
	 * Before 5.16 a filter slows a CPU down, to keep secrets from code that
	 * was made at run time: there is none.
	 */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
		       SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program) ?
		       -errno :
		       0;
}
