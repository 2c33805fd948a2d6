// SPDX-License-Identifier: GPL-2.0-or-later
/* See settle.h. */
#include "collect/settle.h"

void settle_begin(struct settle *s, unsigned int tries, uint64_t now_ns)
{
	s->left = tries;
	s->end_ns = now_ns + tries * SETTLE_TRY_NS;
}

bool settle_again(struct settle *s, uint64_t now_ns)
{
	if (s->left)
		s->left--;
	return s->left && now_ns < s->end_ns;
}
