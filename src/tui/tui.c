// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See tui.h.  Takes data and keys, keeps the state, and has it drawn; what
 * things look like is none of its business.
 */
#include "tui/tui.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/config.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/state.h"
#include "tui/terminal.h"
#include "util/loop.h"
#include "util/safe.h"

/* So long a slow terminal is waited for: nothing else shows what a key has done. */
#define TUI_WAIT_MS 200

static void tui_free(struct tui *tui)
{
	int i;

	for (i = 0; i < NR_PANELS; i++)
		panel_fini(&tui->panels[i]);
	interval_fini(&tui->data[0]);
	interval_fini(&tui->data[1]);
	interval_fini(&tui->grouped[0]);
	interval_fini(&tui->grouped[1]);
	table_fini(&tui->nodes);
	verdict_fini(&tui->verdict);
	free(tui);
}

static struct tui *tui_new(const struct tui_owner *owner)
{
	struct tui *tui = calloc(1, sizeof(*tui));
	int i;

	if (!tui)
		return NULL;
	interval_init(&tui->data[0]);
	interval_init(&tui->data[1]);
	interval_init(&tui->grouped[0]);
	interval_init(&tui->grouped[1]);
	verdict_init(&tui->verdict);
	for (i = 0; i < NR_PANELS; i++)
		panel_init(&tui->panels[i], panels_class(i));
	tui->owner = *owner;
	tui->only_cpu = MISSING;
	tui->focus = PANEL_NAPI;
	return tui;
}

/* Every panel whose rows have the field is sorted by it. */
static void tui_set_options(struct tui *tui, const struct tui_options *options)
{
	const struct field *sort;
	struct panel *p;
	unsigned int i;

	tui->interval_ns = options->interval_ns;
	tui->some_cpus = options->some_cpus;
	if (options->dev)
		safe_text(options->dev, tui->dev, sizeof(tui->dev));
	if (options->filter)
		snprintf(tui->filter, sizeof(tui->filter), "%s", options->filter);
	for (i = 0; options->sort && i < NR_PANELS; i++) {
		p = &tui->panels[i];
		sort = field_find(p->class->scope, options->sort);
		if (sort)
			panel_sort_by(p, sort);
	}
}

int tui_open(struct tui **out, const struct tui_options *options,
	     const struct tui_owner *owner)
{
	struct tui *tui = tui_new(owner);
	int err;

	if (!tui)
		return -ENOMEM;
	tui_set_options(tui, options);
	err = terminal_open(&tui->look);
	if (err) {
		tui_free(tui);
		return err;
	}
	screen_draw(tui, 0);
	*out = tui;
	return 0;
}

void tui_close(struct tui *tui)
{
	if (!tui)
		return;
	terminal_close();
	tui_free(tui);
}

void tui_set_banner(struct tui *tui, const char *banner)
{
	snprintf(tui->banner, sizeof(tui->banner), "%s", banner);
	screen_draw(tui, 0);
}

/* --- data --- */

/* All but the settings, of which only the nodes are of interest. */
static int tui_copy_interval(struct interval *to, const struct interval *from)
{
	to->mono_ns = from->mono_ns;
	to->real_ns = from->real_ns;
	to->ns = from->ns;
	to->host = from->host;
	to->lost = from->lost;
	if (table_copy(&to->cpus, &from->cpus) ||
	    table_copy(&to->napis, &from->napis) ||
	    table_copy(&to->pairs, &from->pairs) ||
	    table_copy(&to->irqs, &from->irqs) ||
	    table_copy(&to->irq_pairs, &from->irq_pairs) ||
	    table_copy(&to->lines, &from->lines) ||
	    table_copy(&to->devs, &from->devs) ||
	    table_copy(&to->hists, &from->hists))
		return -ENOMEM;
	return napi_index_make(&to->index, to);
}

static int tui_read_nodes(struct tui *tui, const struct interval *iv)
{
	const struct cpu_row *last;

	/* Read now and then, and only for those who ask. */
	if (!iv->config.count || !iv->cpus.count)
		return 0;
	last = table_at(&iv->cpus, iv->cpus.count - 1);
	return config_read_nodes(&iv->config, last->cpu + 1, &tui->nodes);
}

/* Rows of thousands of NAPIs are not added up again for each key. */
static int tui_group(struct tui *tui, unsigned int slot)
{
	const uint64_t mono_ns = tui->data[slot].mono_ns;
	int err;

	if (!tui->grouping || (tui->grouped_of[slot].by == tui->grouping &&
			       tui->grouped_of[slot].mono_ns == mono_ns &&
			       tui->grouped_of[slot].nodes == tui->nodes.count))
		return 0;
	err = group_make(&tui->grouped[slot], &tui->data[slot], tui->grouping,
			 &tui->nodes);
	tui->grouped_of[slot].by = err ? GROUP_NONE : tui->grouping;
	tui->grouped_of[slot].mono_ns = mono_ns;
	tui->grouped_of[slot].nodes = tui->nodes.count;
	return err;
}

static int tui_record(struct tui *tui, const struct interval *iv)
{
	int i, err = 0;

	for (i = 0; i < NR_PANELS && !err; i++)
		err = panel_record(&tui->panels[i], iv);
	return err;
}

/* Who looks at one CPU, or at the CPUs of one NAPI, sees their percentiles. */
static void tui_fill_pairs(struct tui *tui)
{
	struct interval *iv = tui->grouping ? &tui->grouped[tui->shown] :
					      &tui->data[tui->shown];
	struct napi_row *n;

	if (!iv->hists.count)
		return;
	table_for_each (&iv->pairs, n)
		if (n->cpu == tui->only_cpu ||
		    panel_is_open(&tui->panels[PANEL_NAPI], n->id))
			interval_percentiles(iv, n);
}

static int tui_build(struct tui *tui)
{
	struct panel_view view = {
		.iv = tui_grouped(tui),
		.filter = tui->filter,
		.show_idle = tui->show_idle,
		.only_cpu = tui->only_cpu,
	};
	int i, err = 0;

	if (!tui->filled)
		return 0;
	summary_make(&tui->summary, tui_shown(tui));
	tui_fill_pairs(tui);
	for (i = 0; i < NR_PANELS && !err; i++)
		err = panel_build(&tui->panels[i], &view);
	return err;
}

int tui_update(struct tui *tui, const struct interval *iv)
{
	unsigned int slot = tui->paused ? 1 - tui->shown : tui->shown;
	int err = tui_copy_interval(&tui->data[slot], iv);

	if (!err)
		err = tui_read_nodes(tui, iv);
	if (!err)
		err = tui_group(tui, slot);
	if (!err)
		err = tui_record(tui, tui->grouping ? &tui->grouped[slot] : iv);
	if (err)
		return err;
	rows_sum(SCOPE_LOST, &tui->lost, &iv->lost);
	if (tui->paused) {
		tui->pending = true;
		return 0;
	}
	tui->filled = true;
	err = tui_build(tui);
	if (err)
		return err;
	if (tui->mode && tui->mode->update)
		tui->mode->update(tui);
	screen_draw(tui, 0);
	return 0;
}

/* --- keys --- */

static unsigned int tui_press(struct tui *tui, int code)
{
	const struct key *key;

	tui->message[0] = '\0';
	if (tui->mode)
		return tui->mode->key(tui, code);
	key = keys_find(code);
	return key && keys_is_there(tui, key) ? key->press(tui) : REACT_NONE;
}

/* All keys that wait: a key held down must not queue up frames. */
static unsigned int tui_press_all(struct tui *tui)
{
	unsigned int reactions = REACT_NONE, reaction;
	wint_t ch;
	int got;

	while ((got = get_wch(&ch)) != ERR && !(reactions & REACT_LEAVE)) {
		if (got == KEY_CODE_YES && ch == KEY_RESIZE)
			continue;
		reaction = tui_press(tui, got == KEY_CODE_YES ? KEYS_FN((int)ch) :
								(int)ch);
		if (reaction & REACT_BUILD &&
		    (tui_group(tui, tui->shown) || tui_build(tui)))
			reaction = REACT_LEAVE;
		reactions |= reaction;
	}
	return reactions;
}

int tui_input(struct tui *tui)
{
	unsigned int reaction = tui_press_all(tui);

	if (reaction & REACT_LEAVE)
		return 0;
	if (!reaction && terminal_is_gone())
		return 0;
	if (reaction & REACT_CLEAR)
		clearok(curscr, TRUE);
	if (reaction)
		screen_draw(tui, TUI_WAIT_MS);
	return LOOP_CONTINUE;
}

void tui_resize(struct tui *tui)
{
	terminal_resize();
	screen_draw(tui, TUI_WAIT_MS);
}
