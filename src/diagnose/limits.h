/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every threshold of every rule, with the reason for it: `diagnose --rules`
 * prints the table, and nothing is compared with a number that is not in it.
 */
#ifndef DIAGNOSE_LIMITS_H
#define DIAGNOSE_LIMITS_H

enum limit_id {
	LIMIT_NONE,
	LIMIT_SATURATED,
	LIMIT_BUSY,
	LIMIT_IDLE,
	LIMIT_NO_IDLE,
	LIMIT_CONCENTRATED,
	LIMIT_TOP_QUEUE,
	LIMIT_LOADED_NAPI,
	LIMIT_RPS_SHARE,
	LIMIT_BACKLOG_DROPS,
	LIMIT_FLOW_LIMITED,
	LIMIT_RING_DROPS,
	LIMIT_SQUEEZES,
	LIMIT_SQUEEZE_POLLED,
	LIMIT_DEAR_PACKET,
	LIMIT_MERGED,
	LIMIT_ACKS,
	LIMIT_SAMPLES,
	LIMIT_LATE,
	LIMIT_KSOFTIRQD,
	LIMIT_IRQ_RATE,
	LIMIT_FEW_PACKETS,
	LIMIT_SOME_PACKETS,
	LIMIT_FLAP_RATE,
	LIMIT_FLAP_WORK,
	LIMIT_TIMER_POLLS,
	LIMIT_TIMER_WAIT,
	LIMIT_HIDDEN_POLLS,
	LIMIT_NEAR_NODE,
	LIMIT_REMOTE_WORK,
	LIMIT_OTHER_VECTOR,
	LIMIT_EMPTY,
	LIMIT_EMPTY_RATE,
	LIMIT_SHARED,
	LIMIT_UDP_ERRORS,
	LIMIT_UNMASKED,
	LIMIT_SLOW_HANDLER,
	LIMIT_HANDLER_TIME,
	LIMIT_HELD_BACK,
	LIMIT_PHANTOM_WORK,
	LIMIT_STEAL,
	LIMIT_STARVED,
	LIMIT_TICK_DIFFERS,
	LIMIT_WATCHED,
	NR_LIMITS,
};

struct limit {
	const char *name;
	double value;
	const char *unit;
	const char *why;
};

extern const struct limit limits[NR_LIMITS];

static inline double limit(enum limit_id id)
{
	return limits[id].value;
}

#endif /* DIAGNOSE_LIMITS_H */
