// SPDX-License-Identifier: GPL-2.0-or-later
/* See gzip.h. */
#include "util/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

/* Of deflateInit2(): the largest window, and a gzip header around it. */
#define GZIP_WINDOW (15 + 16)
#define GZIP_MEMORY 8

int gzip_make(const void *in, size_t size, char **out, size_t *out_size)
{
	z_stream z = { .next_in = (Bytef *)in, .avail_in = size };
	size_t room;
	int status;

	/* The least effort: these texts become a tenth of it anyway. */
	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	room = deflateBound(&z, size);
	*out = malloc(room);
	z.next_out = (Bytef *)*out;
	z.avail_out = room;
	status = *out ? deflate(&z, Z_FINISH) : Z_MEM_ERROR;
	*out_size = z.total_out;
	deflateEnd(&z);
	if (status == Z_STREAM_END)
		return 0;
	free(*out);
	return -ENOMEM;
}
