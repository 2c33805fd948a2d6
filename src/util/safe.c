// SPDX-License-Identifier: GPL-2.0-or-later
/* See safe.h. */
#include "util/safe.h"

#include <stdbool.h>
#include <string.h>

/* The second byte rules out overlong forms, surrogates and code 0x80-0x9f. */
static bool utf8_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xc2:
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second < 0xa0;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second < 0x90;
	default:
		return true;
	}
}

/* Bytes of the UTF-8 sequence at text, 0 if it is none or a control code. */
static size_t utf8_length(const unsigned char *text)
{
	size_t length, i;

	if (*text < 0x80)
		return *text >= ' ' && *text != 0x7f;
	if (*text < 0xc2 || *text > 0xf4)
		return 0;
	length = *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;
	for (i = 1; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return utf8_second(text[0], text[1]) ? length : 0;
}

void safe_text(const char *text, char *out, size_t room)
{
	size_t length;

	while (*text && room > 1) {
		length = utf8_length((const unsigned char *)text);
		if (length >= room)
			break;
		if (length) {
			memcpy(out, text, length);
			text += length;
			out += length;
			room -= length;
		} else {
			*out++ = '?';
			text++;
			room--;
		}
	}
	*out = '\0';
}
