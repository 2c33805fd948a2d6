// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * empty [clock]: attaches the programs of empty.bpf.c until the end of its input;
 * with a word after its name each of them reads the clock.
 */
#include <stdio.h>
#include <stdlib.h>

#include "empty.skel.h"

int main(int argc, char **argv)
{
	struct empty *skel = empty__open();

	(void)argv;
	if (skel)
		skel->rodata->clock = argc > 1;
	if (!skel || empty__load(skel) || empty__attach(skel)) {
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
