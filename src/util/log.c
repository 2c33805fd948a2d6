// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See log.h.  The log, and what standard output is (output.c), are the only mutable
 * file-scope state of the program.
 */
#include "util/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "util/safe.h"

/* What is longer is cut: a path, and why. */
#define LOG_LINE 8192

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
static void log_keep(const char *prefix, const char *text)
{
	size_t used = strlen(log_kept), room = sizeof(log_kept) - used;
	size_t more = strlen(prefix) + 2;

	if (room > more)
		snprintf(log_kept + used, room, "%s%.*s\n", prefix,
			 (int)(room - more), text);
}

void log_vprint(enum log_level level, const char *fmt, va_list args)
{
	static const char *const prefix[] = {
		[LOG_ERROR] = "napiscope: ",
		[LOG_WARN] = "napiscope: warning: ",
		[LOG_INFO] = "napiscope: ",
		[LOG_DEBUG] = "napiscope: debug: ",
	};

	char line[LOG_LINE], safe[LOG_LINE];

	if (level > log_level)
		return;
	/* Names of files are in it, and of what the kernel has. */
	vsnprintf(line, sizeof(line), fmt, args);
	safe_text(line, safe, sizeof(safe));
	if (log_held)
		log_keep(prefix[level], safe);
	else
		fprintf(stderr, "%s%s\n", prefix[level], safe);
}

void log_print(enum log_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_vprint(level, fmt, args);
	va_end(args);
}
