/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of fields to sort a panel by; it also says what each one means. */
#ifndef TUI_SORTER_H
#define TUI_SORTER_H

struct tui;

/* Returns enum reaction bits. */
unsigned int sorter_open(struct tui *tui);

#endif /* TUI_SORTER_H */
