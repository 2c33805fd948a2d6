/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion for shells, from the tables of commands and options. */
#ifndef COMPLETION_H
#define COMPLETION_H

#include <stddef.h>

#include "cmd.h"

/* The script for "bash" or "zsh", to standard output; -EINVAL: another shell. */
int completion_print(const char *shell, const struct command *const *commands,
		     size_t count);

#endif /* COMPLETION_H */
