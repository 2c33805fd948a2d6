// SPDX-License-Identifier: GPL-2.0-or-later
/* empty: attaches the programs of empty.bpf.c until the end of its input. */
#include <stdio.h>
#include <stdlib.h>

#include "empty.skel.h"

int main(void)
{
	struct empty *skel = empty__open_and_load();

	if (!skel || empty__attach(skel)) {
		fputs("empty: cannot attach\n", stderr);
		empty__destroy(skel);
		return EXIT_FAILURE;
	}
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	empty__destroy(skel);
	return EXIT_SUCCESS;
}
