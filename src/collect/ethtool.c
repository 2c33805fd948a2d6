// SPDX-License-Identifier: GPL-2.0-or-later
/* See ethtool.h. */
#include "collect/ethtool.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))
/* More than any kernel has; a device with more queues than that shows none. */
#define ETHTOOL_MAX_FEATURES 256
#define ETHTOOL_MAX_QUEUES 4096
#define ETHTOOL_MAX_INDIR 65536

struct ethtool {
	int fd;
	const char *dev;
	ethtool_emit_fn emit;
	void *arg;
};

int ethtool_ask(int fd, const char *dev, void *command)
{
	struct ifreq request = { .ifr_data = command };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%.*s",
		 IFNAMSIZ - 1, dev);
	return ioctl(fd, SIOCETHTOOL, &request) ? -errno : 0;
}

static int ethtool_emit_number(const struct ethtool *e, const char *name,
			       unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return e->emit(e->arg, name, text);
}

/* A 32-bit member of the answer, and its name; most of it is the maximum. */
struct ethtool_member {
	const char *name;
	size_t offset;
	size_t most; /* 0: it has none */
};

/* What has a maximum of 0 is not there. */
static int ethtool_emit_members(const struct ethtool *e, const void *answer,
				const struct ethtool_member *m, size_t count)
{
	char name[64];
	uint32_t most;
	int err = 0;

	for (; count-- && !err; m++) {
		most = 1;
		if (m->most)
			memcpy(&most, (const char *)answer + m->most, 4);
		if (!most)
			continue;
		err = ethtool_emit_number(
			e, m->name,
			*(const uint32_t *)((const char *)answer + m->offset));
		snprintf(name, sizeof(name), "%s_max", m->name);
		if (!err && m->most)
			err = ethtool_emit_number(e, name, most);
	}
	return err;
}

static int ethtool_read_ring(const struct ethtool *e)
{
	struct ethtool_ringparam ring = { .cmd = ETHTOOL_GRINGPARAM };
	static const struct ethtool_member members[] = {
#define RING(m)                                                        \
	{ "ring/" #m, offsetof(struct ethtool_ringparam, m##_pending), \
	  offsetof(struct ethtool_ringparam, m##_max_pending) }
		RING(rx),
		RING(tx),
	};

	if (ethtool_ask(e->fd, e->dev, &ring))
		return 0;
	return ethtool_emit_members(e, &ring, members, ARRAY_SIZE(members));
}

static int ethtool_read_channels(const struct ethtool *e)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	static const struct ethtool_member members[] = {
#define CHANNELS(m)                                                     \
	{ "channels/" #m, offsetof(struct ethtool_channels, m##_count), \
	  offsetof(struct ethtool_channels, max_##m) }
		CHANNELS(combined),
		CHANNELS(rx),
		CHANNELS(tx),
		CHANNELS(other),
	};

	if (ethtool_ask(e->fd, e->dev, &channels))
		return 0;
	return ethtool_emit_members(e, &channels, members, ARRAY_SIZE(members));
}

static int ethtool_read_coalesce(const struct ethtool *e)
{
	struct ethtool_coalesce coalesce = { .cmd = ETHTOOL_GCOALESCE };
	static const struct ethtool_member members[] = {
#define COALESCE(name, m) \
	{ "coalesce/" name, offsetof(struct ethtool_coalesce, m), 0 }
		COALESCE("rx_usecs", rx_coalesce_usecs),
		COALESCE("rx_frames", rx_max_coalesced_frames),
		COALESCE("tx_usecs", tx_coalesce_usecs),
		COALESCE("tx_frames", tx_max_coalesced_frames),
		COALESCE("adaptive_rx", use_adaptive_rx_coalesce),
		COALESCE("adaptive_tx", use_adaptive_tx_coalesce),
	};

	if (ethtool_ask(e->fd, e->dev, &coalesce))
		return 0;
	return ethtool_emit_members(e, &coalesce, members, ARRAY_SIZE(members));
}

/* A text of the driver need not end. */
static int ethtool_emit_text(const struct ethtool *e, const char *name,
			     const char *text, size_t size)
{
	char whole[ETHTOOL_FWVERS_LEN + 1];

	snprintf(whole, sizeof(whole), "%.*s", (int)strnlen(text, size), text);
	return *whole ? e->emit(e->arg, name, whole) : 0;
}

static int ethtool_emit_driver(const struct ethtool *e)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int err;

	if (ethtool_ask(e->fd, e->dev, &info))
		return 0;
	err = ethtool_emit_text(e, "driver", info.driver, sizeof(info.driver));
	if (!err)
		err = ethtool_emit_text(e, "driver_version", info.version,
					sizeof(info.version));
	if (!err)
		err = ethtool_emit_text(e, "firmware", info.fw_version,
					sizeof(info.fw_version));
	if (!err)
		err = ethtool_emit_text(e, "bus", info.bus_info,
					sizeof(info.bus_info));
	return err;
}

/* The kernel's name of a feature, and ours. */
static const char *const ethtool_features[][2] = {
	{ "rx-gro", "features/gro" },
	{ "rx-gro-hw", "features/rx-gro-hw" },
	{ "rx-lro", "features/lro" },
	{ "tx-tcp-segmentation", "features/tso" },
	{ "tx-generic-segmentation", "features/gso" },
	{ "rx-checksum", "features/rx-checksum" },
	{ "rx-hashing", "features/rx-hashing" },
	{ "rx-ntuple-filter", "features/ntuple" },
};

static int ethtool_emit_feature(const struct ethtool *e, const char *name, bool on)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ethtool_features); i++)
		if (!strncmp(name, ethtool_features[i][0], ETH_GSTRING_LEN))
			return e->emit(e->arg, ethtool_features[i][1],
				       on ? "1" : "0");
	return 0;
}

/* Room for an answer that ends with count items. */
#define ETHTOOL_ROOM(name, type, item, count)                   \
	char name[sizeof(struct type) + (count) * sizeof(item)] \
		__attribute__((aligned(8))) = { 0 }

int64_t ethtool_count(int fd, const char *dev, unsigned int set)
{
	ETHTOOL_ROOM(room, ethtool_sset_info, uint32_t, 1);
	struct ethtool_sset_info *info = (void *)room;
	int err;

	info->cmd = ETHTOOL_GSSET_INFO;
	info->sset_mask = 1ULL << set;
	err = ethtool_ask(fd, dev, info);
	if (err)
		return err;
	return info->sset_mask ? info->data[0] : 0;
}

static int ethtool_read_features(const struct ethtool *e)
{
	ETHTOOL_ROOM(names_room, ethtool_gstrings, char[ETH_GSTRING_LEN],
		     ETHTOOL_MAX_FEATURES);
	ETHTOOL_ROOM(bits_room, ethtool_gfeatures,
		     struct ethtool_get_features_block,
		     ETHTOOL_MAX_FEATURES / 32);
	struct ethtool_gstrings *names = (void *)names_room;
	struct ethtool_gfeatures *bits = (void *)bits_room;
	int64_t count = ethtool_count(e->fd, e->dev, ETH_SS_FEATURES), i;
	int err = 0;

	if (count <= 0 || count > ETHTOOL_MAX_FEATURES)
		return 0;

	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_FEATURES;
	names->len = count;
	bits->cmd = ETHTOOL_GFEATURES;
	bits->size = (count + 31) / 32;
	if (ethtool_ask(e->fd, e->dev, names) || ethtool_ask(e->fd, e->dev, bits))
		return 0;
	for (i = 0; i < count && !err; i++)
		err = ethtool_emit_feature(
			e, (const char *)names->data + i * ETH_GSTRING_LEN,
			bits->features[i / 32].active >> i % 32 & 1);
	return err;
}

/* The letters that ethtool -N rx-flow-hash takes. */
static int ethtool_read_flow_hash(const struct ethtool *e, uint32_t type,
				  const char *name)
{
	static const struct {
		uint32_t bit;
		char letter;
	} letters[] = {
		{ RXH_L2DA, 'm' },     { RXH_VLAN, 'v' },
		{ RXH_L3_PROTO, 't' }, { RXH_IP_SRC, 's' },
		{ RXH_IP_DST, 'd' },   { RXH_L4_B_0_1, 'f' },
		{ RXH_L4_B_2_3, 'n' },
	};
	struct ethtool_rxnfc nfc = { .cmd = ETHTOOL_GRXFH, .flow_type = type };
	char text[ARRAY_SIZE(letters) + 1];
	size_t i, used = 0;

	if (ethtool_ask(e->fd, e->dev, &nfc))
		return 0;
	for (i = 0; i < ARRAY_SIZE(letters); i++)
		if (nfc.data & letters[i].bit)
			text[used++] = letters[i].letter;
	text[used] = '\0';
	return e->emit(e->arg, name, text);
}

/* Queues that the indirection table of RSS names. */
static int ethtool_emit_rss(const struct ethtool *e, const uint32_t *table,
			    unsigned int size)
{
	bool used[ETHTOOL_MAX_QUEUES] = { false };
	unsigned int i, queues = 0;
	int err;

	for (i = 0; i < size; i++) {
		if (table[i] >= ETHTOOL_MAX_QUEUES)
			continue;
		queues += !used[table[i]];
		used[table[i]] = true;
	}
	err = ethtool_emit_number(e, "rss/size", size);
	return err ? err : ethtool_emit_number(e, "rss/queues", queues);
}

static int ethtool_read_rss(const struct ethtool *e)
{
	struct ethtool_rxfh_indir ask = { .cmd = ETHTOOL_GRXFHINDIR };
	struct ethtool_rxfh_indir *answer;
	int err = 0;

	if (ethtool_ask(e->fd, e->dev, &ask) || !ask.size ||
	    ask.size > ETHTOOL_MAX_INDIR)
		return 0;
	answer = calloc(1, sizeof(*answer) + ask.size * sizeof(uint32_t));
	if (!answer)
		return -ENOMEM;
	*answer = ask;
	/* Once more: a changed table has another size, and is refused. */
	if (!ethtool_ask(e->fd, e->dev, answer) && answer->size == ask.size)
		err = ethtool_emit_rss(e, answer->ring_index, ask.size);
	free(answer);
	return err;
}

int ethtool_read_driver(int fd, const char *dev, ethtool_emit_fn emit, void *arg)
{
	return ethtool_emit_driver(&(struct ethtool){ fd, dev, emit, arg });
}

int ethtool_read(int fd, const char *dev, ethtool_emit_fn emit, void *arg)
{
	const struct ethtool e = { fd, dev, emit, arg };
	int err = ethtool_emit_driver(&e);

	if (!err)
		err = ethtool_read_ring(&e);
	if (!err)
		err = ethtool_read_channels(&e);
	if (!err)
		err = ethtool_read_coalesce(&e);
	if (!err)
		err = ethtool_read_features(&e);
	if (!err)
		err = ethtool_read_flow_hash(&e, TCP_V4_FLOW, "flow_hash/tcp4");
	if (!err)
		err = ethtool_read_flow_hash(&e, UDP_V4_FLOW, "flow_hash/udp4");
	if (!err)
		err = ethtool_read_flow_hash(&e, UDP_V6_FLOW, "flow_hash/udp6");
	return err ? err : ethtool_read_rss(&e);
}
