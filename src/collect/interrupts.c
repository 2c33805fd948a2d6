// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc/interrupts, see procfs.h: the counts of device interrupts and how the
 * kernel handles each (its flow).
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "collect/procfs.h"
#include "collect/scan.h"

#define INTERRUPTS_TRIES 3
#define IRQ_FLOW_WORDS 4

/*
 * The flow in a word of a line's end, NULL if there is none: x86 has it behind
 * the number within the domain ("1-edge"; "-event" for Xen, which has none; up
 * to 5.x the number can be negative), arm64 has "Level" or "Edge".
 */
static const char *irq_word_flow(const char *word, size_t len)
{
	size_t skip = strspn(word, "-0123456789");

	if ((len == 5 && !memcmp(word, "Level", len)) ||
	    (len == 4 && !memcmp(word, "Edge", len)))
		return word;
	if (skip && word[skip - 1] == '-' && isalpha((unsigned char)word[skip]))
		return word + skip;
	return NULL;
}

/* rest: chip, number, flow, actions.  Names of chips can have blanks. */
static void irq_line_flow(const char *rest, char flow[ROW_FLOW])
{
	const char *found = NULL;
	size_t i, len = 0;
	int words;

	for (words = 0; words <= IRQ_FLOW_WORDS && !found; words++) {
		rest = text_skip(rest);
		len = strcspn(rest, " ");
		if (words) /* the first is the chip */
			found = irq_word_flow(rest, len);
		rest += len;
	}
	for (i = 0; found && found + i < rest && i < ROW_FLOW - 1; i++)
		flow[i] = tolower((unsigned char)found[i]);
}

/*
 * A zero as the kernel writes it, which on a large machine nearly all cells are:
 * two and a half million of them with 5,000 interrupts on 512 CPUs.  What looks
 * otherwise is for text_cell().
 */
static bool irq_cell_is_zero(const char **p)
{
	static const char zero[] = "          0";
	const size_t width = sizeof(zero) - 1;

	if (strncmp(*p, zero, width) || !text_ends(*p + width))
		return false;
	*p += width;
	return true;
}

static int irq_line_cells(struct scan *scan, const char **p, uint64_t irq)
{
	struct table *lines = scan->arg;
	const struct column *column;
	struct line_row *row;
	uint64_t count;

	table_for_each (&scan->columns, column) {
		count = 0;
		if (!irq_cell_is_zero(p) && text_cell(p, UINT32_MAX, &count))
			return -EPROTO;
		/* The first tells that there is a line at all. */
		if (!count && column != scan->columns.rows)
			continue;
		row = table_add(lines);
		if (!row)
			return -ENOMEM;
		row->irq = irq;
		row->cpu = column->cpu;
		row->count = count;
	}
	return 0;
}

/* A CPU that came while we read gives lines with a number too many. */
static bool irq_line_is_longer(const char *rest)
{
	uint64_t value;

	return !text_cell(&rest, UINT64_MAX, &value);
}

static int interrupts_line(struct scan *scan, const char *line)
{
	struct table *lines = scan->arg;
	size_t first = lines->count;
	char flow[ROW_FLOW] = "";
	struct line_row *row;
	uint64_t irq;
	int err;

	if (!scan->columns.count)
		return scan_header(scan, line);
	line = text_skip(line);
	if (!isdigit((unsigned char)*line)) /* NMI, LOC, IPI0 ... */
		return strchr(line, ':') ? 0 : -EPROTO;
	if (text_number(&line, UINT32_MAX, &irq) || *line++ != ':')
		return -EPROTO;
	err = irq_line_cells(scan, &line, irq);
	if (err)
		return err;
	if (irq_line_is_longer(line))
		return -EPROTO;
	if (first < lines->count)
		irq_line_flow(line, flow);
	for (; first < lines->count; first++) {
		row = table_at(lines, first);
		memcpy(row->flow, flow, sizeof(flow));
	}
	return 0;
}

int procfs_interrupts(const char *root, struct table *lines)
{
	size_t before = lines->count;
	int err, tries;

	/* a CPU that comes or goes while we read changes the columns */
	for (tries = 0; tries < INTERRUPTS_TRIES; tries++) {
		struct scan scan = SCAN_INIT(NULL, lines);

		err = scan_file(&scan, root, "interrupts", interrupts_line);
		if (err)
			lines->count = before;
		if (err != -EPROTO)
			break;
	}
	return err;
}
