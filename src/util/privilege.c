// SPDX-License-Identifier: GPL-2.0-or-later
/* See privilege.h. */
#include "util/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

static int privilege_become(const char *user)
{
	const struct passwd *pw = getpwnam(user);

	if (!pw)
		return -ENOENT;
	if (!pw->pw_uid)
		return -EINVAL;
	return capng_change_id(pw->pw_uid, pw->pw_gid,
			       CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING) ?
		       -EPERM :
		       0;
}

int privilege_drop(const char *user)
{
	int err = 0;

	capng_clear(CAPNG_SELECT_ALL);
	if (!geteuid())
		err = privilege_become(user);
	if (err)
		return err;
	/* The bounding set is not ours to change without CAP_SETPCAP. */
	if (capng_apply(CAPNG_SELECT_CAPS) || capng_apply(CAPNG_SELECT_AMBIENT) ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -EPERM;
	capng_get_caps_process();
	return capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE &&
			       geteuid() ?
		       0 :
		       -EPERM;
}
