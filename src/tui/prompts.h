/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts that are typed on the last line: the filter and the interval. */
#ifndef TUI_PROMPTS_H
#define TUI_PROMPTS_H

#include <stdint.h>

struct tui;

#define PROMPTS_INTERVAL_MIN_NS 100000000ULL
#define PROMPTS_INTERVAL_MAX_NS 60000000000ULL

/* All return enum reaction bits. */
unsigned int prompts_open_filter(struct tui *tui);
unsigned int prompts_open_interval(struct tui *tui);
/* The next usual interval: longer (1) or shorter (-1). */
unsigned int prompts_step_interval(struct tui *tui, int step);

#endif /* TUI_PROMPTS_H */
