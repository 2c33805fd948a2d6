/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of any origin cut to columns of the terminal; pure, draws nothing. */
#ifndef TUI_TEXT_H
#define TUI_TEXT_H

#include <stddef.h>

/* Bytes that the longest text of one line may have, with its NUL. */
#define TEXT_ROOM 512

enum text_cut {
	CUT_TAIL,
	CUT_MIDDLE, /* keeps both ends: a device and its queue number */
};

/* Columns that the text takes in this locale. */
int text_width(const char *text);

/*
 * Copies text for the terminal, at most width columns of it, '~' where
 * something was cut out.  What the locale cannot show becomes '?'.
 */
void text_fit(char *out, size_t room, const char *text, int width,
	      enum text_cut cut);

/* Bytes of the last character of text, 0 when it is empty. */
size_t text_last_bytes(const char *text);

#endif /* TUI_TEXT_H */
