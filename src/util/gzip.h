/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A buffer, compressed (RFC 1952). */
#ifndef UTIL_GZIP_H
#define UTIL_GZIP_H

#include <stddef.h>

/* *out is allocated.  0 or -ENOMEM. */
int gzip_make(const void *in, size_t size, char **out, size_t *out_size);

#endif /* UTIL_GZIP_H */
