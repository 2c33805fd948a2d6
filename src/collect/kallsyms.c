// SPDX-License-Identifier: GPL-2.0-or-later
/* See kallsyms.h. */
#include "collect/kallsyms.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t addr;
	char *name;
	const char *module; /* "[NAME]", or "" */
};

typedef bool (*symbol_fn)(const struct symbol *symbol, void *arg);

/* "ADDR TYPE NAME[\t[MODULE]]"; false for a line of another form. */
static bool symbol_parse(char *line, struct symbol *s)
{
	char *end;

	s->addr = strtoull(line, &end, 16);
	if (end == line || *end != ' ' || !end[1] || end[2] != ' ')
		return false;
	s->name = end + 3;
	s->name[strcspn(s->name, "\n")] = '\0';
	end = s->name + strcspn(s->name, "\t");
	s->module = *end ? end + 1 : "";
	*end = '\0';
	return true;
}

/* Calls fn for each symbol until it returns true. */
static int kallsyms_each(const char *root, symbol_fn fn, void *arg)
{
	char path[4096], buffer[8192], *line = NULL;
	struct symbol symbol;
	bool visible = false, done = false;
	size_t room = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/kallsyms", root);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	/* procfs claims blocks of 1 KiB, and gives a page at a time. */
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	while (!done && getline(&line, &room, file) > 0) {
		if (!symbol_parse(line, &symbol) || !symbol.addr)
			continue;
		visible = true;
		done = fn(&symbol, arg);
	}
	free(line);
	fclose(file);
	return visible ? 0 : -EACCES;
}

struct by_name {
	const char *const *names;
	uint64_t *addrs;
	size_t n;
	size_t found;
};

static bool symbol_match_name(const struct symbol *s, void *arg)
{
	struct by_name *wanted = arg;
	size_t i;

	for (i = 0; i < wanted->n; i++) {
		if (wanted->addrs[i] || strcmp(s->name, wanted->names[i]))
			continue;
		wanted->addrs[i] = s->addr;
		wanted->found++;
	}
	return wanted->found == wanted->n;
}

int kallsyms_find(const char *root, const char *const *names, uint64_t *addrs,
		  size_t n)
{
	struct by_name wanted = { names, addrs, n, 0 };

	memset(addrs, 0, n * sizeof(*addrs));
	return kallsyms_each(root, symbol_match_name, &wanted);
}

struct by_addr {
	uint64_t addr;
	char *name;
	size_t room;
	bool found;
};

static bool symbol_match_addr(const struct symbol *s, void *arg)
{
	struct by_addr *wanted = arg;

	if (s->addr != wanted->addr)
		return false;
	snprintf(wanted->name, wanted->room, "%s%s%s", s->name,
		 *s->module ? " " : "", s->module);
	wanted->found = true;
	return true;
}

int kallsyms_name(const char *root, uint64_t addr, char *name, size_t room)
{
	struct by_addr wanted = { addr, name, room, false };
	int err = kallsyms_each(root, symbol_match_addr, &wanted);

	return err ? err : wanted.found ? 0 : -ENOENT;
}
