// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Commands are for a root shell, and the names in them come from whoever made the
 * device: a container may call one "a;reboot".  What a shell would not take as a
 * plain word is never printed in a command.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "diagnose/rule.h"

static bool is_plain(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-:+@", *name))
			return false;
	return true;
}

/* "net:[4026532008]": it is in no file that ip could open. */
static bool has_name(const char *netns)
{
	return strncmp(netns, "net:[", 5);
}

/* Each line of it is a remark from now on, after what is said first. */
static void comment_out(char *text, size_t room, const char *first)
{
	char whole[sizeof(((struct finding *)0)->undo)], *line, *next;
	size_t used = 0;

	finding_print(whole, sizeof(whole), "%s", text);
	for (line = whole; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (used + strlen(first) + strlen(line) + 8 > room)
			return;
		used += snprintf(text + used, room - used, "%s# %s%s",
				 used ? "\n" : "", first, line);
		first = "";
	}
}

static void guard_text(char *text, size_t room, const struct dev_row *dev)
{
	if (*text == '#' || !*text)
		return;
	if (!is_plain(dev->dev) && strstr(text, dev->dev)) {
		finding_print(text, room,
			      "# by hand: the device's name is not for a shell");
		return;
	}
	if (!*dev->netns || !strstr(text, dev->netns))
		return;
	if (!has_name(dev->netns)) {
		comment_out(text, room,
			    "its namespace has no name (nsenter -t PID -n): ");
	} else if (!is_plain(dev->netns)) {
		finding_print(
			text, room,
			"# by hand: its namespace's name is not for a shell");
	}
}

void findings_guard(struct verdict *v, const struct interval *iv)
{
	const struct dev_row *dev;
	struct finding *f;

	table_for_each (&iv->devs, dev) {
		if (is_plain(dev->dev) &&
		    (!*dev->netns ||
		     (has_name(dev->netns) && is_plain(dev->netns))))
			continue;
		table_for_each (&v->findings, f) {
			guard_text(f->check, sizeof(f->check), dev);
			guard_text(f->fix, sizeof(f->fix), dev);
			guard_text(f->undo, sizeof(f->undo), dev);
		}
	}
}
