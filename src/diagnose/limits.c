// SPDX-License-Identifier: GPL-2.0-or-later
/* See limits.h. */
#include "diagnose/limits.h"

const struct limit limits[NR_LIMITS] = {
	[LIMIT_SATURATED] = { "saturated", 80, "% of a CPU in NET_RX",
			      "the rest goes to interrupts and to the task that is to take "
			      "the data: beyond it queues only grow" },
	[LIMIT_BUSY] = { "busy", 50, "% of a CPU in NET_RX",
			 "twice the load would saturate it" },
	[LIMIT_IDLE] = { "idle", 50, "% of a CPU in NET_RX, at most",
			 "a CPU that polls less than half of the time has room for a "
			 "burst; what drops then is not for want of CPU" },
	[LIMIT_NO_IDLE] = { "no-idle", 10, "% of a CPU idle or in tasks, at most",
			    "softirqs come before tasks, in system calls where "
			    "NET_RX begins in time; of what takes the rest a "
			    "burst gets nothing" },
	[LIMIT_CONCENTRATED] = { "concentrated", 80,
				 "% of what could be spread in one place",
				 "an even spread over two CPUs is 50 %, and hash luck seldom "
				 "gives one of them 80 %" },
	[LIMIT_TOP_QUEUE] = { "top-queue", 60,
			      "% in one NAPI: of a device's work, of a CPU's time",
			      "with two queues and many flows one may have 60 % by chance, "
			      "with more queues it may not" },
	[LIMIT_LOADED_NAPI] = { "loaded-napi", 1000, "packets/s",
				"below it there is nothing to spread" },
	[LIMIT_RPS_SHARE] = { "rps-share", 50,
			      "% of the backlog's work came in by the device",
			      "less, and the backlog is another device's" },
	[LIMIT_BACKLOG_DROPS] = { "backlog-drops", 0, "drops",
				  "each is a packet that was received, paid for and lost" },
	[LIMIT_DISMANTLED] = { "dismantled", 1, "drops/s, before Linux 6.10",
			       "fewer may be packets for a device that was taken "
			       "down, which these kernels count alike" },
	[LIMIT_FLOW_LIMITED] = { "flow-limited", 50,
				 "% of the backlogs' drops are by the flow limit",
				 "with fewer most find the backlog full" },
	[LIMIT_RARE_DROPS] = { "rare-drops", 0.0001,
			       "% of the packets, and less than one a second",
			       "a burst now and then, of a day" },
	[LIMIT_RING_DROPS] = { "ring-drops", 0, "drops",
			       "each is a packet that found no descriptor" },
	[LIMIT_SQUEEZES] = { "squeezes", 1, "/s",
			     "a few per hour are a timer tick in a bad place" },
	[LIMIT_SQUEEZE_LOSES] = { "squeeze-loses", 1,
				  "packets lost, % of the squeezes",
				  "what is lost for a squeeze is a burst of many, not one "
				  "packet in a hundred of them" },
	[LIMIT_SQUEEZE_POLLED] = { "squeeze-polled", 50,
				   "% of squeezed runs that took half of the "
				   "time limit themselves, net of interrupts",
				   "with fewer the limit was used up by "
				   "something else" },
	[LIMIT_DEAR_PACKET] = { "dear-packet", 10000, "ns per packet",
				"a driver, GRO and a plain stack take 0.5 to 3 us on a CPU "
				"of the last ten years" },
	[LIMIT_MERGED] = { "merged", 67,
			   "% of the device's packets are units of work, at least",
			   "with fewer a unit is several packets that the device "
			   "merged" },
	[LIMIT_ACKS] = { "acks", 10, "% of the bytes sent that are received",
			 "less is acknowledgements: their polls send data, and "
			 "what that costs is no fault" },
	[LIMIT_SAMPLES] = { "samples", 200, "values",
			    "of fewer a 99th percentile is one of the two "
			    "largest, and one stall makes it" },
	[LIMIT_WAITS] = { "waits", 20, "values",
			  "half of them are long of themselves, not by a stall" },
	[LIMIT_LATE] = { "late", 1000000, "ns, 99th percentile, or median",
			 "NET_RX begins within microseconds of being raised, unless "
			 "something holds the CPU" },
	[LIMIT_KSOFTIRQD] = { "ksoftirqd", 50, "% of a CPU's polls",
			      "softirqs that run there compete with tasks for the CPU" },
	[LIMIT_IRQ_RATE] = { "irq-rate", 20000, "interrupts/s of one NAPI",
			     "moderation of 50 us, which few notice, is at most 20,000 "
			     "a second" },
	[LIMIT_FEW_PACKETS] = { "few-packets", 4, "packets an interrupt",
				"with fewer the interrupt costs as much as they do" },
	[LIMIT_SOME_PACKETS] = { "some-packets", 0.5, "packets an interrupt",
				 "with fewer most interrupts are not for packets that "
				 "were received" },
	[LIMIT_FLAP_RATE] = { "flap-rate", 5000, "stays in poll mode a second",
			      "each is an interrupt, a softirq and a re-arm: some 5 us, "
			      "2.5 % of a CPU at that rate" },
	[LIMIT_FLAP_WORK] = { "flap-work", 64, "packets a stay, at most",
			      "one full poll: with more the NAPI stays in poll mode by "
			      "itself" },
	[LIMIT_TIMER_POLLS] = { "timer-polls", 50, "% of polls",
				"most polls then wait for gro_flush_timeout, not for an "
				"interrupt" },
	[LIMIT_TIMER_WAIT] = { "timer-wait", 200000, "ns of gro_flush_timeout",
			       "shorter, and it is moderation as a NIC has it: nobody "
			       "notices" },
	[LIMIT_HIDDEN_POLLS] = { "hidden-polls", 50,
				 "% of a NAPI's polls by a thread or a busy poller",
				 "what they take is not in %si" },
	[LIMIT_NEAR_NODE] = { "near-node", 12, "distance of nodes, at most",
			      "a socket may be divided into nodes: these are 11 or 12 "
			      "apart, and the next socket 20 or more" },
	[LIMIT_REMOTE_WORK] = { "remote-work", 50,
				"% of a device's work on CPUs of another node",
				"below it the local node has the larger part" },
	[LIMIT_OTHER_VECTOR] = { "other-vector", 30,
				 "% of a CPU in softirqs other than NET_RX and NET_TX",
				 "less is not what a full CPU is full of" },
	[LIMIT_EMPTY] = { "empty", 50, "% of polls with budget",
			  "most polls are for nothing" },
	[LIMIT_EMPTY_RATE] = { "empty-rate", 1000, "empty polls/s",
			       "fewer cost nothing that could be measured" },
	[LIMIT_SHARED] = { "shared", 20, "% of a CPU in the polls of a device",
			   "what it takes is missed by whoever else is on that CPU" },
	[LIMIT_UDP_ERRORS] = { "udp-errors", 100, "full socket buffers/s",
			       "a burst overflows a buffer now and then; this is a receiver "
			       "that does not get to run" },
	[LIMIT_UNMASKED] = { "unmasked", 2,
			     "interrupts for each stay in poll mode",
			     "a driver that disables its interrupt while it polls has one" },
	[LIMIT_SLOW_HANDLER] = { "slow-handler", 50000, "ns a run",
				 "a NAPI driver's handler reads a register and schedules: one "
				 "or two us" },
	[LIMIT_HANDLER_TIME] = { "handler-time", 5, "% of a CPU in one handler",
				 "less is not worth a change" },
	[LIMIT_HELD_BACK] = { "held-back", 50,
			      "% of the ring that comes while moderation holds "
			      "the interrupt back, or NET_RX waits",
			      "the poll that follows needs time, too, and "
			      "packets come in bursts" },
	[LIMIT_PHANTOM_WORK] = { "phantom-work", 50,
				 "% of the work is packets that the device counted",
				 "large receive offload makes the work fewer than the packets, "
				 "never more" },
	[LIMIT_STEAL] = { "steal", 10, "% of a CPU",
			  "a tenth missing moves every latency" },
	[LIMIT_STARVED] = { "starved", 80, "% of the polling time of the others",
			    "the NAPI that waits gets a fifth of the CPU or less" },
	[LIMIT_TICK_DIFFERS] = { "tick-differs", 20, "points of a CPU",
				 "sampling a hundred times a second errs by a few points" },
	[LIMIT_WATCHED] = { "watched", 1, "s",
			    "rules about what never happens need some time" },
	[LIMIT_WATCHED_DEV] = { "watched-dev", 3, "s",
				"some devices hand over their counters once a "
				"second" },
};
