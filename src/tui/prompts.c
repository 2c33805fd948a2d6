// SPDX-License-Identifier: GPL-2.0-or-later
/* See prompts.h. */
#include "tui/prompts.h"

#include <curses.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "tui/keys.h"
#include "tui/pen.h"
#include "util/num.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

/* --- the line itself --- */

static void prompt_draw_footer(const struct tui *tui, int y)
{
	struct pen pen = pen_line(y);

	pen_put(&pen, look_attr(&tui->look, LOOK_HINT), tui->prompt.label);
	pen_put(&pen, 0, " ");
	pen_put(&pen, look_attr(&tui->look, LOOK_BOLD), tui->prompt.text);
	pen_put(&pen, A_REVERSE, " ");
	pen_print(&pen, look_attr(&tui->look, LOOK_WARN), " %s", tui->message);
}

static bool prompt_add(struct prompt *prompt, int code)
{
	size_t length = strlen(prompt->text), n;
	mbstate_t state = { 0 };
	char bytes[MB_LEN_MAX];

	if (code < ' ' || code >= KEYS_FN(0) || wcwidth((wchar_t)code) < 1)
		return false;
	n = wcrtomb(bytes, (wchar_t)code, &state);
	if (n > MB_LEN_MAX || length + n >= sizeof(prompt->text))
		return false;
	memcpy(prompt->text + length, bytes, n);
	prompt->text[length + n] = '\0';
	return true;
}

static bool prompt_edit(struct prompt *prompt, int code)
{
	size_t length = strlen(prompt->text);

	switch (code) {
	case KEYS_FN(KEY_BACKSPACE):
	case 127:
	case KEYS_CTRL('h'):
		prompt->text[length - text_last_bytes(prompt->text)] = '\0';
		return true;
	case KEYS_CTRL('u'):
		prompt->text[0] = '\0';
		return true;
	default:
		return prompt_add(prompt, code);
	}
}

static unsigned int prompt_key(struct tui *tui, int code)
{
	struct prompt *prompt = &tui->prompt;

	if (keys_is_leave(code))
		return REACT_LEAVE;
	if (keys_is_enter(code))
		return prompt->done(tui);
	if (code == KEYS_ESC)
		return prompt->cancelled(tui);
	if (!prompt_edit(prompt, code))
		return REACT_NONE;
	return prompt->changed ? prompt->changed(tui) : REACT_DRAW;
}

static unsigned int prompt_open(struct tui *tui, const struct prompt *prompt)
{
	static const struct mode prompt_mode = {
		.key = prompt_key,
		.draw_footer = prompt_draw_footer,
	};

	tui->mode = &prompt_mode;
	tui->prompt = *prompt;
	return REACT_DRAW;
}

static unsigned int prompt_close(struct tui *tui)
{
	tui->mode = NULL;
	return REACT_DRAW;
}

/* --- filter: works while it is typed --- */

static unsigned int filter_changed(struct tui *tui)
{
	snprintf(tui->filter, sizeof(tui->filter), "%s", tui->prompt.text);
	return REACT_BUILD;
}

static unsigned int filter_cancelled(struct tui *tui)
{
	tui->filter[0] = '\0';
	return prompt_close(tui) | REACT_BUILD;
}

unsigned int prompts_open_filter(struct tui *tui)
{
	struct prompt prompt = {
		.label = " Filter (Enter keeps it, Esc clears it): ",
		.changed = filter_changed,
		.done = prompt_close,
		.cancelled = filter_cancelled,
	};

	snprintf(prompt.text, sizeof(prompt.text), "%s", tui->filter);
	return prompt_open(tui, &prompt);
}

/* --- interval --- */

static void interval_set(struct tui *tui, uint64_t ns)
{
	tui->interval_ns = ns;
	if (tui->owner.set_interval)
		tui->owner.set_interval(tui->owner.arg, ns);
}

static unsigned int interval_done(struct tui *tui)
{
	uint64_t ns;

	if (num_parse_seconds(tui->prompt.text, PROMPTS_INTERVAL_MIN_NS,
			      PROMPTS_INTERVAL_MAX_NS, &ns)) {
		snprintf(tui->message, sizeof(tui->message),
			 "seconds, from 0.1 to 60");
		return REACT_DRAW;
	}
	interval_set(tui, ns);
	return prompt_close(tui);
}

unsigned int prompts_open_interval(struct tui *tui)
{
	struct prompt prompt = {
		.label = " Interval in seconds, 0.1 to 60: ",
		.done = interval_done,
		.cancelled = prompt_close,
	};

	return prompt_open(tui, &prompt);
}

unsigned int prompts_step_interval(struct tui *tui, int step)
{
	static const uint64_t usual_ms[] = { 100,  200,	  500,	 1000, 2000,
					     5000, 10000, 30000, 60000 };
	uint64_t ns;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(usual_ms); i++) {
		ns = usual_ms[step > 0 ? i : ARRAY_SIZE(usual_ms) - 1 - i];
		ns *= 1000000;
		if (step > 0 ? ns > tui->interval_ns : ns < tui->interval_ns) {
			interval_set(tui, ns);
			break;
		}
	}
	return REACT_DRAW;
}
