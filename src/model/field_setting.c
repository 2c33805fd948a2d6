// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The field tables of what is recorded and computed with but is no row of a
 * view: histograms and the setting.  See field.c.
 */
#include "model/field.h"

#include "model/hist.h"

#define AT(type, member)                         \
	.offset = offsetof(struct type, member), \
	.size = sizeof(((struct type *)0)->member)

#define KEY FIELD_KEY, UNIT_NONE, FIELD_HIDDEN
#define TEXT FIELD_TEXT, UNIT_NONE, FIELD_HIDDEN

const struct field hist_fields[] = {
	{ "kind", "KIND", "Of what it is.", SCOPE_HIST, KEY, AT(hist_row, kind) },
	{ "irq", "IRQ", "Interrupt of the action, else 0.", SCOPE_HIST, KEY,
	  AT(hist_row, irq) },
	{ "id", "ID", "Number of the NAPI or the action.", SCOPE_HIST, KEY,
	  AT(hist_row, id) },
	{ "cpu", "CPU", "CPU number.", SCOPE_HIST, KEY, AT(hist_row, cpu) },
	{ "sum", "SUM", "Sum of the values.", SCOPE_HIST, FIELD_COUNTER,
	  UNIT_NONE, FIELD_HIDDEN, AT(hist_row, sum) },
	{ "max", "MAX", "Largest value since the snapshot before.", SCOPE_HIST,
	  KEY, AT(hist_row, max) },
	{ "counts", "COUNTS", "Number of values, by bucket.", SCOPE_HIST,
	  FIELD_BUCKETS, UNIT_COUNT, FIELD_HIDDEN, AT(hist_row, counts) },
	{ 0 },
};

const struct field told_fields[] = {
	{ "netns_ino", "NETNSINO", "Inode number of the network namespace.",
	  SCOPE_TOLD, KEY, AT(told_row, netns_ino) },
	{ "napi_id", "NAPIID", "NAPI id.", SCOPE_TOLD, KEY,
	  AT(told_row, napi_id) },
	{ "ifindex", "IFINDEX", "Interface index in its network namespace.",
	  SCOPE_TOLD, KEY, AT(told_row, ifindex) },
	{ "irq", "IRQ", "Interrupt.", SCOPE_TOLD, KEY, AT(told_row, irq) },
	{ "pid", "PID", "Process id of its thread.", SCOPE_TOLD, KEY,
	  AT(told_row, pid) },
	{ "queue", "QUEUE", "Lowest queue that it serves.", SCOPE_TOLD, KEY,
	  AT(told_row, queue) },
	{ "is_tx", "TX", "1: it serves tx queues only.", SCOPE_TOLD, KEY,
	  AT(told_row, is_tx) },
	{ "defer_hard_irqs", "DEFER", "Empty polls before interrupts are on.",
	  SCOPE_TOLD, KEY, AT(told_row, defer_hard_irqs) },
	{ "gro_flush_timeout_ns", "FLUSHNS", "Timer of deferred interrupts.",
	  SCOPE_TOLD, KEY, AT(told_row, gro_flush_timeout_ns) },
	{ 0 },
};

const struct field state_fields[] = {
	{ "id", "ID", "Number of the NAPI in its source.", SCOPE_STATE, KEY,
	  AT(state_row, id) },
	{ "thread", "THREAD", "Process id of its thread, 0: none.", SCOPE_STATE,
	  KEY, AT(state_row, thread) },
	{ "states", "STATE", "State bits, by their names.", SCOPE_STATE, TEXT,
	  AT(state_row, states) },
	{ 0 },
};

const struct field probe_fields[] = {
	{ "id", "ID", "Place in the order of attaching.", SCOPE_PROBE, KEY,
	  AT(probe_row, id) },
	{ "name", "PROBE", "Name of the probe.", SCOPE_PROBE, TEXT,
	  AT(probe_row, name) },
	{ "gives", "GIVES", "Which numbers it gives.", SCOPE_PROBE, TEXT,
	  AT(probe_row, gives) },
	{ "why", "WHY", "Why it is off.", SCOPE_PROBE, TEXT, AT(probe_row, why) },
	{ "required", "REQUIRED", "1: nothing works without it.", SCOPE_PROBE,
	  KEY, AT(probe_row, required) },
	{ "on", "ON", "1: it is in use.", SCOPE_PROBE, KEY, AT(probe_row, on) },
	{ 0 },
};

const struct field program_fields[] = {
	{ "id", "ID", "Place in the order of probes.", SCOPE_PROGRAM, KEY,
	  AT(program_row, id) },
	{ "probe", "PROBE", "Its probe.", SCOPE_PROGRAM, KEY,
	  AT(program_row, probe) },
	{ "name", "PROGRAM", "Name of the program.", SCOPE_PROGRAM, TEXT,
	  AT(program_row, name) },
	{ "target", "TARGET", "What it is attached to.", SCOPE_PROGRAM, TEXT,
	  AT(program_row, target) },
	{ "insns", "INSNS", "Instructions after the verifier.", SCOPE_PROGRAM,
	  KEY, AT(program_row, insns) },
	{ "verified", "VERIFIED", "Instructions the verifier walked.",
	  SCOPE_PROGRAM, KEY, AT(program_row, verified) },
	{ "runs", "RUNS", "Runs while statistics were on.", SCOPE_PROGRAM, KEY,
	  AT(program_row, runs) },
	{ "ns", "NS", "Time of these runs.", SCOPE_PROGRAM, KEY,
	  AT(program_row, ns) },
	{ 0 },
};

const struct field config_fields[] = {
	{ "path", "PATH", "Name of a setting of the machine.", SCOPE_CONFIG,
	  TEXT, AT(config_row, path) },
	{ "value", "VALUE", "Its value, as the kernel writes it.", SCOPE_CONFIG,
	  TEXT, AT(config_row, value) },
	{ 0 },
};
