// SPDX-License-Identifier: GPL-2.0-or-later
/* See log.h.  The log is the only mutable file-scope state of the program. */
#include "util/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static enum log_level log_level = LOG_WARN;
static bool log_held;
static char log_kept[2048];

void log_set_level(enum log_level level)
{
	log_level = level;
}

enum log_level log_get_level(void)
{
	return log_level;
}

void log_hold(void)
{
	log_held = true;
}

void log_release(void)
{
	log_held = false;
	fputs(log_kept, stderr);
	log_kept[0] = '\0';
}

/* What does not fit is cut. */
static void log_keep(const char *prefix, const char *fmt, va_list args)
{
	size_t used = strlen(log_kept), room = sizeof(log_kept) - used;

	snprintf(log_kept + used, room, "%s", prefix);
	used += strlen(log_kept + used);
	vsnprintf(log_kept + used, sizeof(log_kept) - used, fmt, args);
	used += strlen(log_kept + used);
	snprintf(log_kept + used, sizeof(log_kept) - used, "\n");
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
	if (log_held) {
		log_keep(prefix[level], fmt, args);
		return;
	}
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
