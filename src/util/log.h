/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to standard error, one line each: what failed, and what to do. */
#ifndef UTIL_LOG_H
#define UTIL_LOG_H

#include <stdarg.h>

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

/* The most talkative level that is printed; LOG_WARN at start. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/*
 * While the screen is up messages are held, the first few; log_release()
 * prints them.
 */
void log_hold(void);
void log_release(void);

void log_vprint(enum log_level level, const char *fmt, va_list args);
__attribute__((format(printf, 2, 3))) void log_print(enum log_level level,
						     const char *fmt, ...);

#define log_error(...) log_print(LOG_ERROR, __VA_ARGS__)
#define log_warn(...) log_print(LOG_WARN, __VA_ARGS__)
#define log_info(...) log_print(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_print(LOG_DEBUG, __VA_ARGS__)

#endif /* UTIL_LOG_H */
