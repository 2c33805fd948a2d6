// SPDX-License-Identifier: GPL-2.0-or-later
/* See log.h.  The level is the only mutable file-scope state of the program. */
#include "util/log.h"

#include <stdio.h>

static enum log_level log_level = LOG_WARN;

void log_set_level(enum log_level level)
{
	log_level = level;
}

enum log_level log_get_level(void)
{
	return log_level;
}

void log_vprint(enum log_level level, const char *fmt, va_list args)
{
	static const char *const prefix[] = {
		[LOG_ERROR] = "napiscope: ",
		[LOG_WARN] = "napiscope: warning: ",
		[LOG_INFO] = "napiscope: ",
		[LOG_DEBUG] = "napiscope: debug: ",
	};

	if (level > log_level)
		return;
	fputs(prefix[level], stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void log_print(enum log_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_vprint(level, fmt, args);
	va_end(args);
}
