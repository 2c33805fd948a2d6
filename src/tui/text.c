// SPDX-License-Identifier: GPL-2.0-or-later
/* See text.h. */
#include "tui/text.h"

#include <limits.h>
#include <string.h>
#include <wchar.h>

#include "model/format.h"
#include "util/safe.h"

/* Control, combining and direction characters must not reach the terminal. */
static wchar_t text_printable(wchar_t ch)
{
	return wcwidth(ch) > 0 ? ch : L'?';
}

static size_t text_decode(const char *text, wchar_t *wide, size_t room)
{
	const char *end = text + strlen(text);
	mbstate_t state = { 0 };
	size_t n = 0, bytes;

	while (text < end && n < room) {
		bytes = mbrtowc(&wide[n], text, (size_t)(end - text), &state);
		if (bytes == 0 || bytes > (size_t)(end - text)) {
			memset(&state, 0, sizeof(state));
			wide[n] = L'?';
			bytes = 1;
		}
		wide[n] = text_printable(wide[n]);
		text += bytes;
		n++;
	}
	return n;
}

static size_t text_decode_safe(const char *text, wchar_t *wide, size_t room)
{
	char safe[TEXT_ROOM];

	safe_text(text, safe, sizeof(safe));
	return text_decode(safe, wide, room);
}

static int text_wide_width(const wchar_t *wide, size_t n)
{
	int width = 0;
	size_t i;

	for (i = 0; i < n; i++)
		width += wcwidth(wide[i]);
	return width;
}

/*
 * Nearly all text is printable ASCII, where bytes are columns: its length
 * then, or -1.
 */
static int text_plain_width(const char *text)
{
	int i;

	for (i = 0; i < TEXT_ROOM - 1 && text[i]; i++)
		if (text[i] < ' ' || text[i] > '~')
			return -1;
	return text[i] ? -1 : i;
}

int text_width(const char *text)
{
	wchar_t wide[TEXT_ROOM];
	int width = text_plain_width(text);

	if (width >= 0)
		return width;
	return text_wide_width(wide, text_decode_safe(text, wide, TEXT_ROOM));
}

/* How many characters from the start fit into width. */
static size_t text_head(const wchar_t *wide, size_t n, int width)
{
	size_t i;

	for (i = 0; i < n; i++) {
		width -= wcwidth(wide[i]);
		if (width < 0)
			break;
	}
	return i;
}

/* How many characters at the end fit into width. */
static size_t text_tail(const wchar_t *wide, size_t n, int width)
{
	size_t i;

	for (i = 0; i < n; i++) {
		width -= wcwidth(wide[n - 1 - i]);
		if (width < 0)
			break;
	}
	return i;
}

static char *text_encode(char *out, const char *end, const wchar_t *wide, size_t n)
{
	mbstate_t state = { 0 };
	char bytes[MB_LEN_MAX];
	size_t i, length;

	for (i = 0; i < n; i++) {
		length = wcrtomb(bytes, wide[i], &state);
		if (length > MB_LEN_MAX || (size_t)(end - out) <= length)
			break;
		memcpy(out, bytes, length);
		out += length;
	}
	*out = '\0';
	return out;
}

void text_fit(char *out, size_t room, const char *text, int width,
	      enum text_cut cut)
{
	int plain = text_plain_width(text);
	const char *end = out + room;
	wchar_t wide[TEXT_ROOM];
	int tail = cut == CUT_MIDDLE ? width / 2 : 0;
	size_t n, kept;

	if (plain >= 0 && plain <= width && (size_t)plain < room) {
		memcpy(out, text, (size_t)plain + 1);
		return;
	}
	*out = '\0';
	n = text_decode_safe(text, wide, TEXT_ROOM);
	if (text_wide_width(wide, n) <= width) {
		text_encode(out, end, wide, n);
		return;
	}
	if (width < 1)
		return;
	out = text_encode(out, end, wide, text_head(wide, n, width - 1 - tail));
	out = text_encode(out, end, L"~", 1);
	kept = text_tail(wide, n, tail);
	text_encode(out, end, wide + n - kept, kept);
}

size_t text_last_bytes(const char *text)
{
	size_t length = strlen(text), n = 0;

	while (n < length) {
		n++;
		if (((unsigned char)text[length - n] & 0xc0) != 0x80)
			break;
	}
	return n;
}
