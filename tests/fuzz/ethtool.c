// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes what a driver tells ethtool: the input is answers, each behind its
 * length (a byte; 255: the driver has no such answer).
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>

#include "collect/ethtool.h"
#include "fuzz.h"
#include "util/bytes.h"

#define NO_ANSWER 255
/* The lengths are for names of 32 bytes and more, too. */
#define UNIT 8

static struct reader answers;

/* The room that the question has for its answer, as the kernel knows it. */
static size_t answer_room(const void *command)
{
	const struct ethtool_gstrings *names = command;
	const struct ethtool_stats *stats = command;
	const struct ethtool_gfeatures *features = command;
	const struct ethtool_rxfh_indir *indir = command;

	switch (names->cmd) {
	case ETHTOOL_GDRVINFO:
		return sizeof(struct ethtool_drvinfo);
	case ETHTOOL_GRINGPARAM:
		return sizeof(struct ethtool_ringparam);
	case ETHTOOL_GCHANNELS:
		return sizeof(struct ethtool_channels);
	case ETHTOOL_GCOALESCE:
		return sizeof(struct ethtool_coalesce);
	case ETHTOOL_GRXFH:
		return sizeof(struct ethtool_rxnfc);
	case ETHTOOL_GSSET_INFO:
		return sizeof(struct ethtool_sset_info) + sizeof(uint32_t);
	case ETHTOOL_GSTRINGS:
		return sizeof(*names) + (size_t)names->len * ETH_GSTRING_LEN;
	case ETHTOOL_GSTATS:
		return sizeof(*stats) + (size_t)stats->n_stats * 8;
	case ETHTOOL_GFEATURES:
		return sizeof(*features) +
		       features->size * sizeof(*features->features);
	case ETHTOOL_GRXFHINDIR:
		return sizeof(*indir) + (size_t)indir->size * 4;
	default:
		abort(); /* a question that is new: its room, please */
	}
}

/* In place of libc's: an answer of the input, as much of it as has room. */
int ioctl(int fd, unsigned long request, ...)
{
	uint8_t *command;
	size_t size, room;
	va_list args;

	(void)fd;
	(void)request;
	va_start(args, request);
	command = (void *)va_arg(args, struct ifreq *)->ifr_data;
	va_end(args);
	size = answers.left ? reader_u8(&answers) : NO_ANSWER;
	if (size == NO_ANSWER) {
		errno = EOPNOTSUPP;
		return -1;
	}
	room = answer_room(command) - sizeof(uint32_t);
	size *= UNIT;
	if (size > answers.left)
		size = answers.left;
	if (size)
		memcpy(command + sizeof(uint32_t), reader_take(&answers, size),
		       size < room ? size : room);
	return 0;
}

static int add_setting(void *arg, const char *name, const char *value)
{
	return config_add(arg, name, value);
}

/* A table names no more queues than it has entries. */
static void check_settings(struct table *config)
{
	uint64_t queues, size;

	config_sort(config);
	queues = config_number(config, "rss/queues");
	size = config_number(config, "rss/size");
	if (queues != MISSING && queues > size)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct table config = TABLE_INIT(struct config_row);
	bool silent;

	answers = reader_of(data, size);
	ethtool_read(0, "eth0", add_setting, &config);
	check_settings(&config);
	ethtool_ring_drops(0, "eth0", &silent);
	table_fini(&config);
	return 0;
}
