// SPDX-License-Identifier: GPL-2.0-or-later
/* See privilege.h. */
#include "util/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

#include "util/capabilities.h"

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
	if (capabilities_keep(0))
		return -EPERM;
	capng_get_caps_process();
	return capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE &&
			       geteuid() ?
		       0 :
		       -EPERM;
}
