// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The field table itself, and the row arithmetic that follows from it.  Order
 * is the order of columns and of JSON members.
 */
#include "model/field.h"

#include <string.h>

#include "model/list.h"

#define AT(type, member)                         \
	.offset = offsetof(struct type, member), \
	.size = sizeof(((struct type *)0)->member)

static const struct field host_fields[] = {
	{ "host", "HOST", "Name of the machine.", SCOPE_HOST, FIELD_TEXT,
	  UNIT_NONE, 0, AT(host_row, host) },
	{ "kernel", "KERNEL", "Kernel release.", SCOPE_HOST, FIELD_TEXT,
	  UNIT_NONE, 0, AT(host_row, kernel) },
	{ "tier", "TIER", "Probe tier in use: tracepoint, fentry or kprobe.",
	  SCOPE_HOST, FIELD_TEXT, UNIT_NONE, 0, AT(host_row, tier) },
	{ "netdev_budget", "BUDGET",
	  "Packets that one NET_RX run may process (net.core.netdev_budget).",
	  SCOPE_HOST, FIELD_KEY, UNIT_NONE, 0, AT(host_row, netdev_budget) },
	{ "netdev_budget_usecs", "USECS",
	  "Time that one NET_RX run may take (net.core.netdev_budget_usecs).",
	  SCOPE_HOST, FIELD_KEY, UNIT_USEC, 0, AT(host_row, netdev_budget_usecs) },
	{ "hz", "HZ", "Timer ticks per second.", SCOPE_HOST, FIELD_KEY,
	  UNIT_NONE, 0, AT(host_row, hz) },
	{ "sample", "SAMPLE",
	  "One NET_RX run, and one interrupt handler, of so many on average "
	  "was timed and stands for the others (--sample).",
	  SCOPE_HOST, FIELD_KEY, UNIT_NONE, 0, AT(host_row, sample) },
	{ "nr_cpus", "CPUS", "CPUs online.", SCOPE_HOST, FIELD_KEY, UNIT_NONE,
	  FIELD_HIDDEN, AT(host_row, nr_cpus) },
	{ "settled", "SETTLED",
	  "1: the kernel's counters in /proc and the traced ones are of the "
	  "same instant, at both ends of the interval.",
	  SCOPE_HOST, FIELD_KEY, UNIT_NONE, 0, AT(host_row, settled) },
	{ "events", "EVENTS", "Probe programs run.", SCOPE_HOST, FIELD_COUNTER,
	  UNIT_COUNT, FIELD_HIDDEN, AT(host_row, events) },
	{ "self_cpu_ns", "SELF", "CPU time of the tool itself in user space.",
	  SCOPE_HOST, FIELD_COUNTER, UNIT_NS, FIELD_HIDDEN,
	  AT(host_row, self_cpu_ns) },
	{ "tier_reason", "WHY", "Why no better tier is in use.", SCOPE_HOST,
	  FIELD_TEXT, UNIT_NONE, FIELD_HIDDEN, AT(host_row, tier_reason) },
	{ "napi_get", "NAPIGET", "1: the kernel has napi-get (6.8).", SCOPE_HOST,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(host_row, napi_get) },
	{ "slots", "SLOTS", "Room for pairs of NAPI and CPU.", SCOPE_HOST,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(host_row, slots) },
	{ "irq_slots", "IRQSLOTS", "Room for pairs of interrupt and CPU.",
	  SCOPE_HOST, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN,
	  AT(host_row, irq_slots) },
	{ "map_bytes", "MAPBYTES", "Memory of the programs' arrays.", SCOPE_HOST,
	  FIELD_KEY, UNIT_BYTES, FIELD_HIDDEN, AT(host_row, map_bytes) },
	{ "possible_cpus", "POSSIBLE", "CPUs that may come online.", SCOPE_HOST,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(host_row, possible_cpus) },
	{ "softnet_known", "SOFTNET", "CPUs whose squeezes can be split.",
	  SCOPE_HOST, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN,
	  AT(host_row, softnet_known) },
	{ "cache_misses", "CACHEMISS",
	  "Slots found by the hash, since attaching.", SCOPE_HOST, FIELD_KEY,
	  UNIT_COUNT, FIELD_HIDDEN, AT(host_row, cache_misses) },
	{ "udp_in_datagrams", "udpin",
	  "/proc/net/snmp and snmp6: UDP datagrams that were read, in the "
	  "tool's own network namespace.",
	  SCOPE_HOST, FIELD_COUNTER, UNIT_COUNT, FIELD_KERNEL,
	  AT(host_row, udp_in_datagrams) },
	{ "udp_in_errors", "udperr",
	  "The same: UDP datagrams that could not be delivered, "
	  "udp_rcvbuf_errors among them.",
	  SCOPE_HOST, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(host_row, udp_in_errors) },
	{ "udp_rcvbuf_errors", "udprcvbuf",
	  "The same: UDP datagrams dropped because the socket's receive buffer "
	  "was full: the application was too slow.",
	  SCOPE_HOST, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(host_row, udp_rcvbuf_errors) },
	{ 0 },
};

static const struct field cpu_fields[] = {
	{ "cpu", "CPU", "CPU number.", SCOPE_CPU, FIELD_KEY, UNIT_NONE,
	  FIELD_NAMES, AT(cpu_row, cpu) },
	{ "hardirqs", "IRQ",
	  "Device interrupt handlers run; a shared line "
	  "runs one per action.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT, 0, AT(cpu_row, hardirqs) },
	{ "hardirq_ns", "IRQ%", "Time in device interrupt handlers.", SCOPE_CPU,
	  FIELD_COUNTER, UNIT_NS, 0, AT(cpu_row, hardirq_ns) },
	{ "softirq_ns", "SOFT%",
	  "Time in softirqs of all vectors, without "
	  "the interrupts in between.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_NS, 0, AT(cpu_row, softirq_ns) },
	{ "net_rx_runs", "RXRUN", "NET_RX softirqs run.", SCOPE_CPU,
	  FIELD_DERIVED, UNIT_COUNT, 0, AT(cpu_row, net_rx_runs) },
	{ "net_rx_ns", "NETRX%",
	  "Time in NET_RX, without device handlers, timer "
	  "interrupts and IPIs; the latter two on x86 only where the "
	  "timer_vector and ipi_vectors probes are attached.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_NS, 0, AT(cpu_row, net_rx_ns) },
	{ "raise_p99_ns", "RAISE99",
	  "99th percentile of the time from the first raise of NET_RX to its "
	  "entry; a raise in an interrupt counts from its end.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_NS,
	  FIELD_RATIO | FIELD_WIDE | FIELD_LESS_IS_BETTER,
	  AT(cpu_row, raise_p99_ns) },
	{ "net_rx_p99_ns", "RXRUN99",
	  "99th percentile of the time of one NET_RX softirq, net like "
	  "net_rx_ns.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_NS,
	  FIELD_RATIO | FIELD_WIDE | FIELD_LESS_IS_BETTER,
	  AT(cpu_row, net_rx_p99_ns) },
	{ "late_ns", "LATE",
	  "Longest time from a raise of NET_RX to its entry, as in the "
	  "histogram raise_ns; absent where none was measured.",
	  SCOPE_CPU, FIELD_MAX, UNIT_NS,
	  FIELD_RATIO | FIELD_NO_TEXT | FIELD_LESS_IS_BETTER,
	  AT(cpu_row, late_ns) },
	{ "late_comm", "LATEBY",
	  "Name of the task that had the CPU at the entry of late_ns; "
	  "ksoftirqd/N where NET_RX had been left to it, absent where it is "
	  "not known.",
	  SCOPE_CPU, FIELD_TEXT, UNIT_NONE, FIELD_NO_TEXT,
	  AT(cpu_row, late_comm) },
	{ "net_tx_ns", "NETTX%", "Time in NET_TX, net like net_rx_ns.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_NS, FIELD_WIDE, AT(cpu_row, net_tx_ns) },
	{ "polls", "POLL", "NAPI polls, in every context.", SCOPE_CPU,
	  FIELD_DERIVED, UNIT_COUNT, 0, AT(cpu_row, polls) },
	{ "work", "WORK", "Work that the polls returned.", SCOPE_CPU,
	  FIELD_DERIVED, UNIT_COUNT, 0, AT(cpu_row, work) },
	{ "exhausted", "EXH",
	  "Polls that used up their own budget (work >= "
	  "budget > 0).",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_COUNT, FIELD_WIDE,
	  AT(cpu_row, exhausted) },
	{ "squeeze_budget", "SQ:BUDG",
	  "time_squeeze events because "
	  "netdev_budget was spent.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT, FIELD_LESS_IS_BETTER,
	  AT(cpu_row, squeeze_budget) },
	{ "squeeze_time", "SQ:TIME",
	  "time_squeeze events because "
	  "netdev_budget_usecs had passed.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT, FIELD_LESS_IS_BETTER,
	  AT(cpu_row, squeeze_time) },
	{ "squeeze_both", "SQ:BOTH",
	  "time_squeeze events with the budget "
	  "spent and the time over at once.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_WIDE | FIELD_LESS_IS_BETTER, AT(cpu_row, squeeze_both) },
	{ "squeeze_work_left", "SQ:LEFT",
	  "Squeezes of any kind that left "
	  "work behind; the rest is harmless.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT, FIELD_LESS_IS_BETTER,
	  AT(cpu_row, squeeze_work_left) },
	{ "dql_stalls", "TXSTALL",
	  "Transmit queues that stood still for longer than their "
	  "stall_thrs, when that showed (6.9).",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_LESS_IS_BETTER | FIELD_NO_TEXT, AT(cpu_row, dql_stalls) },
	{ "ksoftirqd_polls", "KSOFT", "Polls in this CPU's ksoftirqd.",
	  SCOPE_CPU, FIELD_DERIVED, UNIT_COUNT, FIELD_LESS_IS_BETTER,
	  AT(cpu_row, ksoftirqd_polls) },
	{ "softnet_processed", "processed",
	  "/proc/net/softnet_stat: packets "
	  "into the stack.",
	  SCOPE_CPU, FIELD_COUNTER32, UNIT_COUNT, FIELD_KERNEL | FIELD_WIDE,
	  AT(cpu_row, softnet_processed) },
	{ "softnet_dropped", "dropped",
	  "/proc/net/softnet_stat: packets "
	  "dropped because the backlog was full.",
	  SCOPE_CPU, FIELD_COUNTER32, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(cpu_row, softnet_dropped) },
	{ "softnet_squeezed", "squeezed",
	  "/proc/net/softnet_stat: "
	  "time_squeeze.",
	  SCOPE_CPU, FIELD_COUNTER32, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_WIDE | FIELD_LESS_IS_BETTER,
	  AT(cpu_row, softnet_squeezed) },
	{ "softnet_rps", "rps",
	  "/proc/net/softnet_stat: RPS interrupts "
	  "received.",
	  SCOPE_CPU, FIELD_COUNTER32, UNIT_COUNT, FIELD_KERNEL | FIELD_WIDE,
	  AT(cpu_row, softnet_rps) },
	{ "softnet_flow_limit", "flowlimit",
	  "/proc/net/softnet_stat: packets for a backlog, of any CPU, that this "
	  "CPU dropped for the flow limit; in softnet_dropped of the other.",
	  SCOPE_CPU, FIELD_COUNTER32, UNIT_COUNT, FIELD_KERNEL | FIELD_WIDE,
	  AT(cpu_row, softnet_flow_limit) },
	{ "softirqs", "SOFTIRQS", "Softirqs run, by vector.", SCOPE_CPU,
	  FIELD_VECTOR, UNIT_COUNT, FIELD_NO_TEXT, AT(cpu_row, softirqs) },
	{ "softirqs_kernel", "softirqs", "/proc/softirqs, by vector.",
	  SCOPE_CPU, FIELD_VECTOR32, UNIT_COUNT, FIELD_KERNEL | FIELD_NO_TEXT,
	  AT(cpu_row, softirqs_kernel) },
	{ "softirq_vec_ns", "SOFTIRQNS", "Time in softirqs, by vector.", SCOPE_CPU,
	  FIELD_VECTOR, UNIT_NS, FIELD_NO_TEXT, AT(cpu_row, softirq_vec_ns) },
	{ "poll_ns", "POLL%", "Time in poll functions.", SCOPE_CPU,
	  FIELD_DERIVED, UNIT_NS, FIELD_WIDE, AT(cpu_row, poll_ns) },
	{ "stat_user_ns", "%us",
	  "/proc/stat: user and nice time, sampled by "
	  "the tick.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_NS, FIELD_KERNEL | FIELD_NO_TEXT,
	  AT(cpu_row, stat_user_ns) },
	{ "stat_system_ns", "%sy",
	  "/proc/stat: system time, sampled by the "
	  "tick.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_NS, FIELD_KERNEL | FIELD_NO_TEXT,
	  AT(cpu_row, stat_system_ns) },
	{ "stat_softirq_ns", "%si",
	  "/proc/stat: softirq time, sampled by the "
	  "tick; threaded and busy polls are not in it.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_NS, FIELD_KERNEL | FIELD_WIDE,
	  AT(cpu_row, stat_softirq_ns) },
	{ "stat_irq_ns", "%hi",
	  "/proc/stat: interrupt time, sampled by the "
	  "tick.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_NS, FIELD_KERNEL | FIELD_NO_TEXT,
	  AT(cpu_row, stat_irq_ns) },
	{ "stat_steal_ns", "%st", "/proc/stat: time that the hypervisor took.",
	  SCOPE_CPU, FIELD_COUNTER, UNIT_NS,
	  FIELD_KERNEL | FIELD_WIDE | FIELD_LESS_IS_BETTER,
	  AT(cpu_row, stat_steal_ns) },
	{ "stat_idle_ns", "%id", "/proc/stat: idle and iowait time.", SCOPE_CPU,
	  FIELD_COUNTER, UNIT_NS, FIELD_KERNEL | FIELD_NO_TEXT,
	  AT(cpu_row, stat_idle_ns) },
	{ 0 },
};

static const struct field napi_fields[] = {
	{ "id", "ID", "Number of the row in its source.", SCOPE_NAPI, FIELD_KEY,
	  UNIT_NONE, FIELD_HIDDEN, AT(napi_row, id) },
	{ "cpu", "CPU", "CPU of a per-CPU row.", SCOPE_NAPI, FIELD_KEY,
	  UNIT_NONE, FIELD_HIDDEN, AT(napi_row, cpu) },
	{ "label", "NAPI",
	  "dev/queue, else dev#napi_id, else the poll "
	  "function; the backlog of a CPU as backlog/cpu.",
	  SCOPE_NAPI, FIELD_TEXT, UNIT_NONE, FIELD_NAMES | FIELD_NO_TEXT,
	  AT(napi_row, label) },
	{ "dev", "DEV", "Device; absent for the backlog and dummy devices.",
	  SCOPE_NAPI, FIELD_TEXT, UNIT_NONE, FIELD_NO_TEXT, AT(napi_row, dev) },
	{ "ifindex", "IFINDEX", "Interface index in its network namespace.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_NO_TEXT, AT(napi_row, ifindex) },
	{ "netns", "NETNS",
	  "Network namespace: its name, or net:[inode]; "
	  "absent for the tool's own.",
	  SCOPE_NAPI, FIELD_TEXT, UNIT_NONE, FIELD_NO_TEXT, AT(napi_row, netns) },
	{ "netns_ino", "NETNSINO", "Inode number of the network namespace.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN,
	  AT(napi_row, netns_ino) },
	{ "napi_id", "NAPIID",
	  "NAPI id (SO_INCOMING_NAPI_ID, netlink); "
	  "absent for the backlog and Tx-only NAPIs.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_NO_TEXT, AT(napi_row, napi_id) },
	{ "queue", "QUEUE", "Rx queue, from netdev netlink (6.8).", SCOPE_NAPI,
	  FIELD_KEY, UNIT_NONE, FIELD_NO_TEXT, AT(napi_row, queue) },
	{ "irq", "IRQ",
	  "Interrupt that schedules it: from netdev netlink, "
	  "from the fentry tier, or inferred by vote.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_WIDE, AT(napi_row, irq) },
	{ "irq_votes", "VOTES", "Votes for irq in the tracepoint tier.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN,
	  AT(napi_row, irq_votes) },
	{ "poll_func", "FUNCTION", "Poll function of the driver.", SCOPE_NAPI,
	  FIELD_TEXT, UNIT_NONE, FIELD_WIDE, AT(napi_row, poll_func) },
	{ "weight", "WEIGHT", "Budget of one poll in NET_RX.", SCOPE_NAPI,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(napi_row, weight) },
	{ "backlog_cpu", "BACKLOG", "CPU of a backlog NAPI.", SCOPE_NAPI,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(napi_row, backlog_cpu) },
	{ "cpus", "CPUS", "CPUs that polled it in the interval.", SCOPE_NAPI,
	  FIELD_LIST, UNIT_NONE, 0, .list = list_napi_cpus },
	{ "polls", "POLL", "Polls: the sum of the contexts.", SCOPE_NAPI,
	  FIELD_DERIVED, UNIT_COUNT, 0, AT(napi_row, polls) },
	{ "work", "WORK",
	  "Work that the polls returned: packets for most "
	  "drivers' receive NAPIs.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, 0, AT(napi_row, work) },
	{ "work_per_poll_milli", "W/POLL", "Work per poll.", SCOPE_NAPI,
	  FIELD_DERIVED, UNIT_MILLI, FIELD_NO_TEXT | FIELD_RATIO | FIELD_PEOPLE,
	  AT(napi_row, work_per_poll_milli) },
	{ "empty", "EMPTY", "Polls with a budget that found no work.", SCOPE_NAPI,
	  FIELD_COUNTER, UNIT_COUNT, FIELD_WIDE, AT(napi_row, empty) },
	{ "exhausted", "EXH",
	  "Polls that used up their budget (work >= "
	  "budget > 0).",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, 0, AT(napi_row, exhausted) },
	{ "schedules", "SCHED",
	  "Schedules by the driver: calls of "
	  "__napi_schedule* that are not core reschedules.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_WIDE,
	  AT(napi_row, schedules) },
	{ "core_reschedules", "RESCHED",
	  "Schedules by the core: inside "
	  "napi_complete_done or after the poll.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_NO_TEXT,
	  AT(napi_row, core_reschedules) },
	{ "completions", "COMPL",
	  "Calls of napi_complete_done from within "
	  "the poll function.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_NO_TEXT,
	  AT(napi_row, completions) },
	{ "rearms", "REARM",
	  "Completions that returned true: back to "
	  "interrupts.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_WIDE,
	  AT(napi_row, rearms) },
	{ "sessions", "SESS",
	  "Stays in poll mode that ended; inferred in the "
	  "tracepoint tier (a poll with work < budget).",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_WIDE,
	  AT(napi_row, sessions) },
	{ "watchdog_polls", "WDOG",
	  "Polls started by the NAPI's timer "
	  "(gro_flush_timeout).",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_NO_TEXT,
	  AT(napi_row, watchdog_polls) },
	{ "poll_ns", "POLL%",
	  "Time in the poll function, without interrupts "
	  "in between; tracepoint tier: by difference, and only in NET_RX.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_NS, 0, AT(napi_row, poll_ns) },
	{ "ns_per_packet", "NS/PKT",
	  "Poll time per unit of work, of timed "
	  "polls that had work.",
	  SCOPE_NAPI, FIELD_DERIVED, UNIT_COUNT,
	  FIELD_RATIO | FIELD_LESS_IS_BETTER, AT(napi_row, ns_per_packet) },
	{ "poll_p99_ns", "POLL99", "99th percentile of the time of one poll.",
	  SCOPE_NAPI, FIELD_DERIVED, UNIT_NS,
	  FIELD_RATIO | FIELD_WIDE | FIELD_LESS_IS_BETTER,
	  AT(napi_row, poll_p99_ns) },
	{ "sched_p99_ns", "WAIT99",
	  "99th percentile of the time from a schedule to the poll that it "
	  "asked for.",
	  SCOPE_NAPI, FIELD_DERIVED, UNIT_NS,
	  FIELD_RATIO | FIELD_WIDE | FIELD_SCHED | FIELD_LESS_IS_BETTER,
	  AT(napi_row, sched_p99_ns) },
	{ "residency_p99_ns", "RESID99",
	  "99th percentile of the stays in poll mode.", SCOPE_NAPI,
	  FIELD_DERIVED, UNIT_NS, FIELD_RATIO | FIELD_NO_TEXT | FIELD_SCHED,
	  AT(napi_row, residency_p99_ns) },
	{ "inline_polls", "INLINE",
	  "Polls in NET_RX on whatever task was "
	  "there.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, 0, AT(napi_row, inline_polls) },
	{ "ksoftirqd_polls", "KSOFT", "Polls in NET_RX in ksoftirqd.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_LESS_IS_BETTER,
	  AT(napi_row, ksoftirqd_polls) },
	{ "threaded_polls", "THREAD", "Polls in the NAPI's own thread.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_WIDE,
	  AT(napi_row, threaded_polls) },
	{ "busy_polls", "BUSY", "Polls by a task for itself (busy poll).",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_WIDE,
	  AT(napi_row, busy_polls) },
	{ "netpoll_polls", "NETP", "Polls with budget 0 (netpoll).", SCOPE_NAPI,
	  FIELD_COUNTER, UNIT_COUNT, FIELD_WIDE, AT(napi_row, netpoll_polls) },
	{ "empty_ns", "EMPTYNS", "Part of poll_ns in polls without work.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_NS, FIELD_HIDDEN,
	  AT(napi_row, empty_ns) },
	{ "untimed_work", "UNTIMED",
	  "Part of work in polls that could not be "
	  "timed.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_HIDDEN,
	  AT(napi_row, untimed_work) },
	{ "untimed_polls", "UNPOLLS",
	  "Polls in NET_RX or a thread that could not be timed, although the "
	  "tier times them.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_COUNT, FIELD_HIDDEN,
	  AT(napi_row, untimed_polls) },
	{ "sched_ns", "WAIT%", "Sum of the times from schedule to poll.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_NS,
	  FIELD_SCHED | FIELD_NO_TEXT | FIELD_LESS_IS_BETTER,
	  AT(napi_row, sched_ns) },
	{ "sched_polls", "WAITS", "Polls that sched_ns sums.", SCOPE_NAPI,
	  FIELD_COUNTER, UNIT_COUNT, FIELD_SCHED | FIELD_NO_TEXT,
	  AT(napi_row, sched_polls) },
	{ "residency_ns", "RESID%",
	  "Sum of the times from schedule to "
	  "completion: in poll mode.",
	  SCOPE_NAPI, FIELD_COUNTER, UNIT_NS, FIELD_SCHED | FIELD_NO_TEXT,
	  AT(napi_row, residency_ns) },
	{ "exact", "EXACT", "1: the poll function's entry was hooked.",
	  SCOPE_NAPI, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(napi_row, exact) },
	{ "inferred_bits", "INFBITS", "What inferred lists, as bits.", SCOPE_NAPI,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(napi_row, inferred) },
	{ "inferred", "INFERRED",
	  "Names of the fields that were inferred, "
	  "not seen.",
	  SCOPE_NAPI, FIELD_LIST, UNIT_NONE, FIELD_NO_TEXT,
	  .list = list_napi_inferred },
	{ 0 },
};

static const struct field irq_fields[] = {
	{ "id", "ID", "Number of the action in its source.", SCOPE_IRQ,
	  FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(irq_row, id) },
	{ "irq", "IRQ", "Interrupt number.", SCOPE_IRQ, FIELD_KEY, UNIT_NONE,
	  FIELD_NAMES, AT(irq_row, irq) },
	{ "cpu", "CPU", "CPU of a per-CPU row.", SCOPE_IRQ, FIELD_KEY,
	  UNIT_NONE, FIELD_HIDDEN, AT(irq_row, cpu) },
	{ "name", "NAME", "Name of the action, as the driver gave it.",
	  SCOPE_IRQ, FIELD_TEXT, UNIT_NONE, FIELD_NAMES, AT(irq_row, name) },
	{ "flow", "FLOW", "How the kernel handles it: edge, level, fasteoi.",
	  SCOPE_IRQ, FIELD_TEXT, UNIT_NONE, 0, AT(irq_row, flow) },
	{ "count", "COUNT", "Runs of the handler.", SCOPE_IRQ, FIELD_COUNTER,
	  UNIT_COUNT, 0, AT(irq_row, count) },
	{ "count_kernel", "count",
	  "/proc/interrupts: of the whole line, all "
	  "its actions share it; missing when a CPU came or went.",
	  SCOPE_IRQ, FIELD_DERIVED, UNIT_COUNT, FIELD_KERNEL,
	  AT(irq_row, count_kernel) },
	{ "ns", "TIME%", "Time in the handler.", SCOPE_IRQ, FIELD_COUNTER,
	  UNIT_NS, 0, AT(irq_row, ns) },
	{ "p99_ns", "P99", "99th percentile of the time of one run.", SCOPE_IRQ,
	  FIELD_DERIVED, UNIT_NS,
	  FIELD_RATIO | FIELD_WIDE | FIELD_LESS_IS_BETTER, AT(irq_row, p99_ns) },
	{ "per_cpu", "CPUS", "[cpu, count, ns] of each CPU it ran on.",
	  SCOPE_IRQ, FIELD_LIST, UNIT_NONE, 0, .list = list_irq_cpus },
	{ "napis", "NAPIS", "NAPI instances that it schedules.", SCOPE_IRQ,
	  FIELD_LIST, UNIT_NONE, 0, .list = list_irq_napis },
	{ 0 },
};

static const struct field line_fields[] = {
	{ "irq", "IRQ", "Interrupt number.", SCOPE_LINE, FIELD_KEY, UNIT_NONE,
	  FIELD_HIDDEN, AT(line_row, irq) },
	{ "cpu", "CPU", "CPU number.", SCOPE_LINE, FIELD_KEY, UNIT_NONE,
	  FIELD_HIDDEN, AT(line_row, cpu) },
	{ "flow", "FLOW", "Flow handler.", SCOPE_LINE, FIELD_TEXT, UNIT_NONE,
	  FIELD_HIDDEN, AT(line_row, flow) },
	{ "count", "COUNT", "Count of /proc/interrupts.", SCOPE_LINE,
	  FIELD_COUNTER32, UNIT_COUNT, FIELD_HIDDEN, AT(line_row, count) },
	{ 0 },
};

static const struct field dev_fields[] = {
	{ "dev", "DEV", "Device.", SCOPE_DEV, FIELD_TEXT, UNIT_NONE,
	  FIELD_NAMES, AT(dev_row, dev) },
	{ "ifindex", "IFINDEX", "Interface index in its network namespace.",
	  SCOPE_DEV, FIELD_KEY, UNIT_NONE, FIELD_WIDE, AT(dev_row, ifindex) },
	{ "netns", "NETNS",
	  "Network namespace: its name, or net:[inode]; "
	  "absent for the tool's own.",
	  SCOPE_DEV, FIELD_TEXT, UNIT_NONE, FIELD_NAMES, AT(dev_row, netns) },
	{ "netns_ino", "NETNSINO", "Inode number of the network namespace.",
	  SCOPE_DEV, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(dev_row, netns_ino) },
	{ "xdp", "XDP", "How an XDP program is attached (XDP_ATTACHED_*).",
	  SCOPE_DEV, FIELD_KEY, UNIT_NONE, FIELD_HIDDEN, AT(dev_row, xdp) },
	{ "polls", "POLL", "Polls of its NAPIs.", SCOPE_DEV, FIELD_DERIVED,
	  UNIT_COUNT, 0, AT(dev_row, polls) },
	{ "work", "WORK", "Work of its NAPIs.", SCOPE_DEV, FIELD_DERIVED,
	  UNIT_COUNT, 0, AT(dev_row, work) },
	{ "exhausted", "EXH", "Exhausted polls of its NAPIs.", SCOPE_DEV,
	  FIELD_DERIVED, UNIT_COUNT, 0, AT(dev_row, exhausted) },
	{ "poll_ns", "POLL%", "Poll time of its NAPIs.", SCOPE_DEV,
	  FIELD_DERIVED, UNIT_NS, 0, AT(dev_row, poll_ns) },
	{ "rx_packets", "rxpkts", "Packets received (rtnl stats64).", SCOPE_DEV,
	  FIELD_COUNTER, UNIT_COUNT, FIELD_KERNEL, AT(dev_row, rx_packets) },
	{ "rx_bytes", "rxbytes", "Bytes received.", SCOPE_DEV, FIELD_COUNTER,
	  UNIT_BYTES, FIELD_KERNEL | FIELD_WIDE, AT(dev_row, rx_bytes) },
	{ "rx_dropped", "rxdrop", "Packets dropped by the stack or the driver.",
	  SCOPE_DEV, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(dev_row, rx_dropped) },
	{ "rx_missed", "rxmiss",
	  "Packets that found the ring full "
	  "(rx_missed_errors).",
	  SCOPE_DEV, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(dev_row, rx_missed) },
	{ "rx_fifo", "rxfifo",
	  "Packets lost in the device's FIFO "
	  "(rx_fifo_errors).",
	  SCOPE_DEV, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_LESS_IS_BETTER, AT(dev_row, rx_fifo) },
	{ "tx_packets", "txpkts", "Packets sent.", SCOPE_DEV, FIELD_COUNTER,
	  UNIT_COUNT, FIELD_KERNEL, AT(dev_row, tx_packets) },
	{ "tx_bytes", "txbytes", "Bytes sent.", SCOPE_DEV, FIELD_COUNTER,
	  UNIT_BYTES, FIELD_KERNEL | FIELD_WIDE, AT(dev_row, tx_bytes) },
	{ "tx_dropped", "txdrop", "Packets dropped on the way out.", SCOPE_DEV,
	  FIELD_COUNTER, UNIT_COUNT, FIELD_KERNEL | FIELD_LESS_IS_BETTER,
	  AT(dev_row, tx_dropped) },
	{ "rx_ring_drops", "ringdrop",
	  "Frames lost because no receive buffer was free, by the driver's own "
	  "names (ethtool -S): rx_missed_errors, which rx_missed repeats, "
	  "rx_out_of_buffer, rx_no_dma_resources and others; absent where the "
	  "driver has none of them.  Only in recordings and for diagnose.",
	  SCOPE_DEV, FIELD_COUNTER, UNIT_COUNT,
	  FIELD_KERNEL | FIELD_NO_TEXT | FIELD_LESS_IS_BETTER,
	  AT(dev_row, rx_ring_drops) },
	{ 0 },
};

static const struct field lost_fields[] = {
	{ "slots", "SLOTS",
	  "Events whose NAPI or interrupt found no free "
	  "slot.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, slots) },
	{ "missed", "MISSED",
	  "Program runs that the kernel skipped (programs "
	  "re-entered on a CPU, kretprobes out of instances); missing before "
	  "5.12, and before 6.7 where a kprobe is in use.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, missed) },
	{ "unmatched", "UNMATCHED", "Exit events whose entry was not seen.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, unmatched) },
	{ "squeeze_unsure", "UNSURE",
	  "Part of squeeze_both that may have been "
	  "by budget alone.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, squeeze_unsure) },
	{ "squeeze_unattributed", "UNATTRIB",
	  "Squeezes of no known kind: the "
	  "run was not seen whole, or the sysctls changed.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0,
	  AT(lost_row, squeeze_unattributed) },
	{ "hists", "HISTS",
	  "Values that found no room for a histogram; "
	  "they are in all other numbers.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, hists) },
	{ "events", "EVENTS", "Events of trace that found the buffer full.",
	  SCOPE_LOST, FIELD_COUNTER, UNIT_COUNT, 0, AT(lost_row, events) },
	{ 0 },
};

static const struct field *const field_tables[NR_SCOPES] = {
	[SCOPE_HOST] = host_fields,	[SCOPE_CPU] = cpu_fields,
	[SCOPE_NAPI] = napi_fields,	[SCOPE_IRQ] = irq_fields,
	[SCOPE_LINE] = line_fields,	[SCOPE_DEV] = dev_fields,
	[SCOPE_LOST] = lost_fields,	[SCOPE_HIST] = hist_fields,
	[SCOPE_TOLD] = told_fields,	[SCOPE_STATE] = state_fields,
	[SCOPE_PROBE] = probe_fields,	[SCOPE_PROGRAM] = program_fields,
	[SCOPE_CONFIG] = config_fields,
};

const struct field *field_table(enum field_scope scope)
{
	return field_tables[scope];
}

const char *field_scope_name(enum field_scope scope)
{
	static const char *const names[NR_SCOPES] = {
		[SCOPE_HOST] = "host",	   [SCOPE_CPU] = "cpus",
		[SCOPE_NAPI] = "napis",	   [SCOPE_IRQ] = "irqs",
		[SCOPE_LINE] = "lines",	   [SCOPE_DEV] = "devices",
		[SCOPE_LOST] = "lost",	   [SCOPE_HIST] = "hists",
		[SCOPE_TOLD] = "told",	   [SCOPE_STATE] = "states",
		[SCOPE_PROBE] = "probes",  [SCOPE_PROGRAM] = "programs",
		[SCOPE_CONFIG] = "config",
	};

	return names[scope];
}

const struct field *field_find(enum field_scope scope, const char *name)
{
	const struct field *f;

	for (f = field_table(scope); f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const char *vec_name(unsigned int vec)
{
	static const char *const names[NAPI_NR_VECS] = {
		"HI",	    "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
		"IRQ_POLL", "TASKLET", "SCHED",	 "HRTIMER", "RCU",
	};

	return vec < NAPI_NR_VECS ? names[vec] : NULL;
}
