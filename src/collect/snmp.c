// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UDP's own counters of the process's network namespace: /proc/net/snmp, where
 * names and values are two lines, and snmp6, a line each.  For procfs.h.
 */
#include "collect/procfs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/scan.h"
#include "model/field.h"

enum udp_counter {
	UDP_IN_DATAGRAMS,
	UDP_IN_ERRORS,
	UDP_RCVBUF_ERRORS,
	NR_UDP,
};

/* As both files have them. */
static const char *const udp_names[NR_UDP] = { "InDatagrams", "InErrors",
					       "RcvbufErrors" };

/* NR_UDP if it is none of ours. */
static unsigned int udp_counter(const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < NR_UDP; i++)
		if (strlen(udp_names[i]) == len &&
		    !memcmp(udp_names[i], name, len))
			break;
	return i;
}

/* The line that begins so, from behind that; it moves on to the next one. */
static const char *snmp_line(const char **text, const char *prefix)
{
	const char *line;

	while ((line = *text) && *line) {
		*text = strchr(line, '\n');
		if (*text)
			++*text;
		if (!strncmp(line, prefix, strlen(prefix)))
			return line + strlen(prefix);
	}
	return NULL;
}

static size_t word_length(const char *word)
{
	return strcspn(word, " \t\n");
}

/* A number with a blank or the line's end behind it. */
static int snmp_value(const char **p, uint64_t *value)
{
	if (text_number(p, MISSING - 1, value))
		return -EPROTO;
	return **p == ' ' || **p == '\n' ? 0 : -EPROTO;
}

/* "Udp: InDatagrams NoPorts ...", and "Udp: 863 0 ...". */
static int snmp_parse(const char *text, uint64_t udp[NR_UDP])
{
	const char *names = snmp_line(&text, "Udp:");
	const char *values = snmp_line(&text, "Udp:");
	unsigned int i;
	uint64_t value;

	if (!names || !values)
		return -EPROTO;
	while (*(names = text_skip(names)) != '\n') {
		if (!word_length(names) || snmp_value(&values, &value))
			return -EPROTO;
		i = udp_counter(names, word_length(names));
		if (i < NR_UDP)
			udp[i] = value;
		names += word_length(names);
	}
	return 0;
}

/* "Udp6InDatagrams", blanks and a tab, and its value. */
static int snmp6_parse(const char *text, uint64_t udp[NR_UDP])
{
	const char *line;
	unsigned int i;
	uint64_t value;

	while ((line = snmp_line(&text, "Udp6"))) {
		i = udp_counter(line, word_length(line));
		line += word_length(line);
		line += strspn(line, " \t");
		if (snmp_value(&line, &value))
			return -EPROTO;
		if (i < NR_UDP)
			udp[i] = value;
	}
	return 0;
}

static int snmp_read(const char *root, const char *name,
		     int (*parse)(const char *, uint64_t *), uint64_t udp[NR_UDP])
{
	char *buf = NULL;
	size_t room = 0;
	int err;

	memset(udp, 0xff, NR_UDP * sizeof(*udp)); /* MISSING */
	err = procfs_readf(&buf, &room, "%s/proc/net/%s", root, name);
	if (!err)
		err = parse(buf, udp);
	free(buf);
	return err;
}

/* Without IPv6 there is no snmp6; one that is hidden leaves no sum. */
int procfs_udp(const char *root, struct host_row *host)
{
	uint64_t udp[NR_UDP], udp6[NR_UDP];
	int err;

	host->udp_in_datagrams = MISSING;
	host->udp_in_errors = MISSING;
	host->udp_rcvbuf_errors = MISSING;
	err = snmp_read(root, "snmp", snmp_parse, udp);
	if (err)
		return err;
	err = snmp_read(root, "snmp6", snmp6_parse, udp6);
	if (err && err != -ENOENT)
		return err;
	host->udp_in_datagrams =
		value_add(udp[UDP_IN_DATAGRAMS], udp6[UDP_IN_DATAGRAMS]);
	host->udp_in_errors = value_add(udp[UDP_IN_ERRORS], udp6[UDP_IN_ERRORS]);
	host->udp_rcvbuf_errors =
		value_add(udp[UDP_RCVBUF_ERRORS], udp6[UDP_RCVBUF_ERRORS]);
	return 0;
}
