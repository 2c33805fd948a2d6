// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See capabilities.h.  By system call: libcap-ng asks /proc, which may be hidden,
 * and a static program should not need it for this.
 */
#include "util/capabilities.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A process has two words of them. */
#define NR_CAPABILITIES 64

static int capabilities_get(struct __user_cap_data_struct sets[2])
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capget, &head, sets) ? -errno : 0;
}

static int capabilities_set(const struct __user_cap_data_struct sets[2])
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capset, &head, sets) ? -errno : 0;
}

/* Of what is executed; not ours to change without CAP_SETPCAP. */
static void capabilities_bound(void)
{
	unsigned int cap;

	for (cap = 0; cap < NR_CAPABILITIES; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

int capabilities_keep(uint64_t kept)
{
	struct __user_cap_data_struct sets[2];
	unsigned int i;
	int err;

	capabilities_bound();
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	err = capabilities_get(sets);
	if (err)
		return err;
	for (i = 0; i < 2; i++) {
		sets[i].permitted &= kept >> 32 * i;
		sets[i].effective &= sets[i].permitted;
		sets[i].inheritable = 0;
	}
	err = capabilities_set(sets);
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	return err;
}
