/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from elsewhere: names from the kernel, from a recording, of files. */
#ifndef UTIL_SAFE_H
#define UTIL_SAFE_H

#include <stddef.h>

/*
 * Copies text for a terminal: what is not printable ASCII or whole UTF-8
 * becomes '?', so that a name cannot carry an escape sequence.  Always ends with
 * NUL.
 */
void safe_text(const char *text, char *out, size_t room);

#endif /* UTIL_SAFE_H */
