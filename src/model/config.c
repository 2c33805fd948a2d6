// SPDX-License-Identifier: GPL-2.0-or-later
/* See config.h. */
#include "model/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "util/num.h"

int config_add(struct table *config, const char *path, const char *value)
{
	const size_t most = CONFIG_VALUE - 1;
	struct config_row *row;
	unsigned int part = 0;
	size_t left;

	do {
		row = table_add(config);
		if (!row)
			return -ENOMEM;
		left = strlen(value);
		if (part)
			snprintf(row->path, CONFIG_PATH, "%s+%u", path, part);
		else
			snprintf(row->path, CONFIG_PATH, "%s", path);
		snprintf(row->value, CONFIG_VALUE, "%s", value);
		value += most;
		part++;
	} while (left > most);
	return 0;
}

void config_sort(struct table *config)
{
	table_sort_unique(config, config_row_cmp);
}

const char *config_find(const struct table *config, const char *path)
{
	const struct config_row *row;
	struct config_row key;

	snprintf(key.path, sizeof(key.path), "%s", path);
	row = table_find(config, &key, config_row_cmp);
	return row ? row->value : NULL;
}

const char *config_findf(const struct table *config, const char *fmt, ...)
{
	char path[CONFIG_PATH];
	va_list args;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return config_find(config, path);
}

uint64_t config_number(const struct table *config, const char *path)
{
	const char *text = config_find(config, path);
	uint64_t value;

	if (!text || num_parse_u64(text, 0, MISSING - 1, &value))
		return MISSING;
	return value;
}

void config_dev_path(char *path, const char *dev, const char *netns,
		     const char *what)
{
	snprintf(path, CONFIG_PATH, "dev/%s%s%s/%s", dev, *netns ? "@" : "",
		 netns, what);
}

bool config_has_below(const struct table *config, const char *prefix)
{
	const size_t length = strlen(prefix);
	const struct config_row *rows = config->rows;
	struct config_row key;
	size_t i;

	snprintf(key.path, sizeof(key.path), "%s", prefix);
	i = table_from(config, &key, config_row_cmp);
	return i < config->count && !strncmp(rows[i].path, prefix, length);
}

int config_read_nodes(const struct table *config, uint64_t end,
		      struct table *nodes)
{
	char path[CONFIG_PATH];
	uint64_t cpu, *node;

	nodes->row_size = sizeof(*node);
	table_clear(nodes);
	if (end > CONFIG_CPUS)
		end = CONFIG_CPUS;
	for (cpu = 0; cpu < end; cpu++) {
		node = table_add(nodes);
		if (!node)
			return -ENOMEM;
		snprintf(path, sizeof(path), "cpu/%" PRIu64 "/node", cpu);
		*node = config_number(config, path);
	}
	return 0;
}
