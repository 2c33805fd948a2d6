/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The key table: what keys do, what the footer and the help say about them. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include "tui/state.h"

/* A key of curses, apart from the characters, which have their code point. */
#define KEYS_FN(key) ((key) | 1 << 24)
#define KEYS_CTRL(letter) ((letter)&0x1f)
#define KEYS_ESC 27
#define KEYS_MAX_CODES 4

struct key {
	int codes[KEYS_MAX_CODES]; /* 0: none */
	const char *name;
	const char *hint; /* in the footer, NULL: not there */
	const char *help;
	unsigned int (*press)(struct tui *tui); /* returns enum reaction bits */
};

/* Ended by a row without a name. */
const struct key *keys_table(void);
const struct key *keys_find(int code);
/* Can its owner do what the key is for? */
bool keys_is_there(const struct tui *tui, const struct key *key);

/* Ways that several modes share. */
bool keys_is_enter(int code);
bool keys_is_leave(int code);

/* Tells the owner which settings the panels need. */
void keys_need_settings(const struct tui *tui);

#endif /* TUI_KEYS_H */
