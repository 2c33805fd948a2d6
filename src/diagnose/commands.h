/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that several rules say. */
#ifndef DIAGNOSE_COMMANDS_H
#define DIAGNOSE_COMMANDS_H

#include "diagnose/context.h"

/*
 * A name from outside for a command: itself, if a shell takes it for a plain word,
 * else what findings_guard() refuses the command for.
 */
const char *word(const char *name);
/* What --napi takes, in quotes where a label has blanks. */
#define NAPI_WORD_ROOM (DEV_ROOM + 2)
const char *napi_word(const struct napi_row *n, char text[NAPI_WORD_ROOM]);

/* "ip netns exec db ", or "" in the tool's own namespace. */
const char *dev_exec(const struct dev_row *dev, char text[DEV_ROOM]);
/*
 * A line of a shell that writes a value to a file in the device's directory in
 * /sys/class/net, which shows the devices of one namespace.
 */
void dev_write(char *text, size_t room, const struct dev_row *dev,
	       const char *file, uint64_t value);
/* Both settings that defer interrupts, as two lines: it takes both. */
void dev_write_deferral(char *text, size_t room, const struct dev_row *dev,
			uint64_t polls, uint64_t timeout_ns);
/* What they are. */
void dev_check_deferral(char *text, size_t room, const struct dev_row *dev);

/*
 * All that moves the interrupt of a NAPI to another CPU, what may move it back, and
 * the way back, where the affinity is known.
 */
void irq_move(struct context *c, struct finding *f, const struct napi_row *n,
	      uint64_t cpu);
/* A line after it where no interrupt comes. */
#define STAYS_POLLED                                                              \
	"# it stays where it is polled until it leaves poll mode: less load for " \
	"a moment"
/* irqbalance runs: a line before a fix that it would undo, else "". */
const char *irqbalance_first(const struct context *c);
/* A line before a fix with which many drivers take the link down. */
#define LINK_FIRST \
	"# many drivers take the link down for it, and your session with it\n"
/*
 * The remark that taking the device down and up is what is left; where its NAPI may
 * be scheduled and nobody polls it, the kernel waits for that, for good.
 */
void dev_down_up(struct finding *f, const struct dev_row *dev, const char *when,
		 bool may_hang);

/* "dev/eth0@db/queue/rx-0/rps_cpus": the device, its namespace and the queue. */
struct queue_where {
	char dev[ROW_NAME];
	char netns[ROW_NETNS];
	char queue[32];
};

bool queue_where(const char *path, struct queue_where *w);
/* A setting of such a path, called so? */
bool queue_setting_is(const struct config_row *row, const char *name);
/* A transmit queue whose stalls the kernel looks for (stall_thrs, 6.9)? */
bool queue_is_watched(const struct config_row *row);

/*
 * Columns of softnet_stat ("\"dropped\", $2"), hexadecimal as they are, and a second
 * later.
 */
void check_softnet(struct finding *f, const char *columns);
/* Who has most of the next thousand packets of a device; then more. */
void check_flows(struct finding *f, const char *exec, const char *dev,
		 const char *more);

#endif /* DIAGNOSE_COMMANDS_H */
