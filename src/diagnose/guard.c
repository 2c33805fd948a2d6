// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands are for a root shell, and the names in them come from whoever made the
 * device, or the recording: a container may call one "a;reboot".  What a shell would
 * not take as a plain word is never printed in a command.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnose/rule.h"

/* In place of a name: no name has it, for it is no plain word itself. */
#define NO_WORD "\001"
/* A namespace that no file is bound to, as /proc/PID/ns/net calls it. */
#define NO_FILE "net:["

/* Bytes of "net:[4026532008]" at its begin: no file is called so. */
static size_t netns_length(const char *text)
{
	size_t digits;

	if (strncmp(text, NO_FILE, strlen(NO_FILE)))
		return 0;
	text += strlen(NO_FILE);
	digits = strspn(text, "0123456789");
	return digits && text[digits] == ']' ? strlen(NO_FILE) + digits + 1 : 0;
}

static bool is_number_of_netns(const char *name)
{
	return netns_length(name) && !name[netns_length(name)];
}

/* Where the first of them is; NULL: there is none. */
static const char *find_netns(const char *text)
{
	while ((text = strstr(text, NO_FILE)) && !netns_length(text))
		text++;
	return text;
}

/* One that begins with "-" would be an option. */
static bool is_plain(const char *name)
{
	if (*name == '-' || !strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-:+@,", *name))
			return false;
	return true;
}

const char *word(const char *name)
{
	return is_plain(name) || is_number_of_netns(name) ? name : NO_WORD;
}

/* Nor is there any of what means something in quotes of another kind. */
static bool may_be_quoted(const char *text)
{
	for (; *text; text++)
		if (strchr("'\"`$\\", *text) || iscntrl((unsigned char)*text))
			return false;
	return true;
}

const char *napi_word(const struct napi_row *n, char text[NAPI_WORD_ROOM])
{
	char name[DEV_ROOM];

	napi_name(n, name);
	if (!may_be_quoted(name) || *name == '-')
		return NO_WORD;
	snprintf(text, NAPI_WORD_ROOM, is_plain(name) ? "%s" : "'%s'", name);
	return text;
}

/* The line, with a name for its namespace, of which it has one; before it what gives it. */
static size_t name_netns(char *text, size_t room, const char *line,
			 unsigned long number, bool is_new)
{
	const char *at;
	int used = 0;

	if (is_new)
		used = snprintf(text, room,
				"ip netns attach n%lu $(lsns -nrt net -o PID,NS | "
				"awk '$2 == %lu { print $1 }') 2>/dev/null\n",
				number, number);
	while ((size_t)used < room && (at = find_netns(line))) {
		used += snprintf(text + used, room - used, "%.*sn%lu",
				 (int)(at - line), line, number);
		line = at + netns_length(at);
	}
	if ((size_t)used < room)
		used += snprintf(text + used, room - used, "%s", line);
	return used;
}

/*
 * What has no name gets one: `ip netns exec` shows the /sys of a namespace, which
 * nsenter does not.  False: there is no room.
 */
static bool name_all_netns(char *text, size_t room)
{
	char whole[sizeof(((struct finding *)0)->undo)], *line, *next;
	const char *at;
	unsigned long number, last = 0;
	size_t used = 0;

	finding_print(whole, sizeof(whole), "%s", text);
	for (line = whole; line && used < room; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (used)
			text[used++] = '\n';
		at = find_netns(line);
		if (!at) {
			used += snprintf(text + used, room - used, "%s", line);
			continue;
		}
		number = strtoul(at + strlen(NO_FILE), NULL, 10);
		used += name_netns(text + used, room - used, line, number,
				   number != last && *line != '#');
		last = number;
	}
	return used < room;
}

static void guard_text(char *text, size_t room)
{
	if (strstr(text, NO_WORD))
		finding_print(text, room,
			      "# by hand: a name in it is not for a shell");
	/* The end of a command may be what makes it harmless. */
	else if (strlen(text) + 1 >= room)
		finding_print(text, room, "# by hand: its names are too long");
	else if (find_netns(text) && !name_all_netns(text, room))
		finding_print(text, room, "# by hand: its names are too long");
}

void findings_guard(struct verdict *v)
{
	struct finding *f;

	table_for_each (&v->findings, f) {
		guard_text(f->check, sizeof(f->check));
		guard_text(f->fix, sizeof(f->fix));
		guard_text(f->undo, sizeof(f->undo));
		if (strstr(f->avoid, NO_WORD) || find_netns(f->avoid))
			*f->avoid = '\0';
	}
}
