// SPDX-License-Identifier: GPL-2.0-or-later
/* list: every NAPI instance that the kernel tells of or that was seen. */
#include "cmd.h"
static int cmd_list_run(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return EXIT_FAILED;
}
const struct command cmd_list = {
	.name = "list",
	.help = "every NAPI instance and what it is linked to",
	.run = cmd_list_run
};
