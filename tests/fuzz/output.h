/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may be printed of names that are not ours: each abort()s where a
 * program that reads the format, or a terminal, would take it amiss.
 */
#ifndef TESTS_FUZZ_OUTPUT_H
#define TESTS_FUZZ_OUTPUT_H

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define output_expect(good)                                           \
	do {                                                          \
		if (!(good)) {                                        \
			dprintf(STDERR_FILENO, "%s:%d: not so: %s\n", \
				__FILE__, __LINE__, #good);           \
			abort();                                      \
		}                                                     \
	} while (0)

/* UTF-8, and no control codes but the lines' ends: those of two bytes, too. */
static inline void output_check_text(const char *text, size_t size)
{
	json_t *valid = json_stringn(text, size);
	const unsigned char *c = (const unsigned char *)text;
	size_t i;

	output_expect(valid);
	json_decref(valid);
	for (i = 0; i < size; i++) {
		output_expect((c[i] >= ' ' && c[i] != 0x7f) || c[i] == '\n');
		output_expect(c[i] != 0xc2 || c[i + 1] >= 0xa0);
	}
}

static inline void output_check_json(const char *text, size_t size)
{
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);

	output_expect(root);
	json_decref(root);
}

static inline void output_check_json_lines(const char *text, size_t size)
{
	const char *end = text + size, *next;

	for (; text < end; text = next + 1) {
		next = memchr(text, '\n', end - text);
		output_expect(next);
		output_check_json(text, next - text);
	}
}

/* Past a text in quotes, where escape is before a quote (and before itself). */
static inline const char *output_quoted(const char *c, char escape)
{
	output_expect(*c++ == '"');
	for (; *c != '"' || (escape == '"' && c[1] == '"'); c++) {
		output_expect(*c && *c != '\n');
		if (*c == escape)
			output_expect(*++c);
	}
	return c + 1;
}

/* No rule has a backtick of its own, so one would be of a name. */
static inline void output_check_commands(const char *lines)
{
	size_t length;

	for (; *lines; lines += length + (lines[length] == '\n')) {
		length = strcspn(lines, "\n");
		output_expect(*lines == '#' || !memchr(lines, '`', length));
	}
}

/* The JSON of diagnose: commands are for a root shell. */
static inline void output_check_findings(const char *text, size_t size)
{
	static const char *const keys[] = { "check", "fix", "undo" };
	json_t *root = json_loadb(text, size, 0, NULL), *finding;
	const char *command;
	size_t i, k;

	output_expect(json_is_array(json_object_get(root, "findings")));
	json_array_foreach(json_object_get(root, "findings"), i, finding)
	{
		for (k = 0; k < sizeof(keys) / sizeof(*keys); k++) {
			command = json_string_value(
				json_object_get(finding, keys[k]));
			if (command)
				output_check_commands(command);
		}
	}
	json_decref(root);
}

/* "time_s,scope,row,field,value": the third is in quotes. */
static inline void output_check_csv(const char *c)
{
	c = strchr(c, '\n'); /* the heading */
	output_expect(c);
	for (c++; *c; c++) {
		c += strcspn(c, ",\n") + 1;
		c += strcspn(c, ",\n") + 1;
		c = output_quoted(c, '"');
		output_expect(*c == ',');
		c += 1 + strspn(c + 1, "abcdefghijklmnopqrstuvwxyz_.-"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		output_expect(*c == ',' && isdigit((unsigned char)c[1]));
		c += 1 + strspn(c + 1, "0123456789");
		output_expect(*c == '\n');
	}
}

static inline const char *output_labels(const char *c)
{
	do {
		c += 1 + strspn(c + 1, "abcdefghijklmnopqrstuvwxyz_");
		output_expect(*c == '=');
		c = output_quoted(c + 1, '\\');
	} while (*c == ',');
	output_expect(*c == '}');
	return c + 1;
}

static inline void output_check_openmetrics(const char *c)
{
	const char *last = c;

	for (; *c; c++) {
		last = c;
		if (*c == '#') {
			c += strcspn(c, "\n");
			continue;
		}
		c += strspn(c, "abcdefghijklmnopqrstuvwxyz_0123456789");
		if (*c == '{')
			c = output_labels(c);
		output_expect(*c == ' ' && isdigit((unsigned char)c[1]));
		c += 1 + strspn(c + 1, "0123456789.");
		output_expect(*c == '\n');
	}
	output_expect(!strcmp(last, "# EOF\n"));
}

/* Past the text between tags. */
static inline const char *output_xml_text(const char *c)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
	unsigned int i;

	for (; *c && *c != '<'; c++) {
		output_expect(*c != '>');
		for (i = 0; *c == '&' && i < 4; i++)
			if (!strncmp(c, known[i], strlen(known[i])))
				break;
		output_expect(*c != '&' || i < 4);
	}
	return c;
}

/* Tags that end what was begun: by their number. */
static inline void output_check_svg(const char *c)
{
	const char *end;
	int depth = 0;

	for (c = output_xml_text(c); *c; c = output_xml_text(end + 1)) {
		end = strchr(c, '>');
		output_expect(end && !memchr(c + 1, '<', end - c - 1));
		if (c[1] == '/')
			depth--;
		else if (c[1] != '?' && end[-1] != '/')
			depth++;
		output_expect(depth >= 0);
	}
	output_expect(!depth);
}

#endif /* TESTS_FUZZ_OUTPUT_H */
