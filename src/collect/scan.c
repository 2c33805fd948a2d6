// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See scan.h.  Some of these files have half a million cells and are read
 * every second, so a file is one buffer that is walked once, with a number
 * parser of our own.
 */
#include "collect/scan.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/procfs.h"

int text_number(const char **p, uint64_t max, uint64_t *out)
{
	const char *text = text_skip(*p);
	uint64_t value = 0;

	if (!isdigit((unsigned char)*text))
		return -EPROTO;
	for (; isdigit((unsigned char)*text); text++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *text - '0', &value))
			return -EPROTO;
	}
	if (value > max)
		return -EPROTO;
	*p = text;
	*out = value;
	return 0;
}

int text_cell(const char **p, uint64_t max, uint64_t *out)
{
	int err = text_number(p, max, out);

	return err || text_ends(*p) ? err : -EPROTO;
}

int text_hex(const char **p, uint32_t *out)
{
	const char *text = text_skip(*p);
	uint32_t value = 0;
	int i;

	for (i = 0; i < 8 && isxdigit((unsigned char)text[i]); i++) {
		value <<= 4;
		value |= isdigit((unsigned char)text[i]) ?
				 text[i] - '0' :
				 (text[i] | 0x20) - 'a' + 10;
	}
	if (!i || !text_ends(text + i))
		return -EPROTO;
	*p = text + i;
	*out = value;
	return 0;
}

struct cpu_row *scan_row(const struct scan *scan, uint64_t cpu)
{
	struct cpu_row key = { .cpu = cpu };

	return scan->cpus ? table_find(scan->cpus, &key, cpu_row_cmp) : NULL;
}

int scan_text(struct scan *scan, char *text, scan_fn fn)
{
	char *end;
	int err;

	if (!*text)
		return -EPROTO;
	for (; *text; text = end + 1) {
		end = strchr(text, '\n');
		if (!end)
			return -EPROTO;
		*end = '\0';
		err = fn(scan, text);
		if (err)
			return err;
	}
	return 0;
}

int scan_file(struct scan *scan, const char *root, const char *name, scan_fn fn)
{
	char *buf = NULL;
	size_t room = 0;
	int err;

	err = procfs_readf(&buf, &room, "%s/proc/%s", root, name);
	if (!err)
		err = scan_text(scan, buf, fn);
	table_fini(&scan->columns);
	free(buf);
	return err;
}

int scan_header(struct scan *scan, const char *line)
{
	struct column *column;
	uint64_t cpu;

	for (line = text_skip(line); *line; line = text_skip(line)) {
		if (strncmp(line, "CPU", 3) || line[3] == ' ')
			return -EPROTO;
		line += 3;
		if (text_cell(&line, SCAN_CPU_LIMIT - 1, &cpu))
			return -EPROTO;
		column = table_add(&scan->columns);
		if (!column)
			return -ENOMEM;
		column->cpu = cpu;
		column->row = scan_row(scan, cpu);
	}
	return scan->columns.count ? 0 : -EPROTO;
}
