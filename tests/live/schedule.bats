# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry kprobe
#
# Schedules and completions: what only the fentry and kprobe tiers see.  A
# schedule while the NAPI is scheduled is remembered (MISSED); the completion
# then schedules it once more and returns false.

load lib

setup() {
	[[ $TIER != tracepoint ]] ||
		skip "the tracepoint tier sees no schedules and no completions"
	live_setup
}

teardown() {
	live_teardown
}

# What ksoftirqd finds may be more than one frame.
in_place() {
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0'
}

one_queue() {
	tap tx --dev nst0 --send "0:$CPU:10007"
}

@test "10007 frames one by one: 10007 schedules, completions and sessions" {
	net_add a
	in_place
	measure one_queue
	holds_invariants
	holds 'napi("nst0") | .polls == 10007 and .work == 10007'
	ways nst0 10007 0 10007 10007 0
}

bursts_of_100() {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	udp tx a b 10.77.0.2 --count 211 --segments 100 --window 1 --cpu "$CPU"
}

@test "211 bursts of 100: 422 polls, but one schedule and one session each" {
	net_pair
	measure bursts_of_100
	holds_invariants
	holds 'napi("nstb0") | .polls == 422 and .work == 21100'
	ways nstb0 211 0 211 211 0
}

bursts_of_64() {
	udp tx a b 10.77.0.2 --count "$(many 211)" --segments 64 --window 1 \
		--cpu "$CPU"
}

# After a squeeze by time the next burst would come before the poll in vain, and
# after what is left to ksoftirqd it may.
@test "211 bursts of 64: one full poll, and one in vain that completes" {
	local n

	n=$(many 211)
	net_pair
	sysctl_set net.core.netdev_budget_usecs 10000000
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0 or
		napi("nstb0").empty == $n' "n=$n"
	measure bursts_of_64
	holds_invariants
	holds 'total(.cpus[].squeeze_time) == 0'
	holds 'napi("nstb0") | [.polls, .work, .exhausted, .empty] ==
		[2 * $n, 64 * $n, $n, $n]' "n=$n"
	ways nstb0 "$n" 0 "$n" "$n" 0
}

moving_queue() {
	tap tx --dev nst0 --in-turn --send "0:$CPU:1009" --send "0:$CPU2:2003"
}

@test "one queue, first from one CPU, then from another: the sum" {
	need_two_cpus
	net_add a
	in_place
	measure moving_queue
	holds_invariants
	ways nst0 3012 0 3012 3012 0
}

many_queues() {
	tap tx --dev nst --devices 2 --queues 32 --ramp "$CPU"
}

@test "64 NAPI instances: each its own schedules and completions" {
	net_add a
	in_place
	measure many_queues
	holds_invariants
	holds '[.napis[] | select(.dev // "" | test("^nst[01]$"))] |
		length == 64 and all([.schedules, .core_reschedules,
			.completions, .rearms, .sessions, .watchdog_polls]
			== [.work, 0, .work, .work, .work, 0])'
	holds '[.napis[] | select(.dev // "" | test("^nst[01]$")) | .schedules] |
		sort == [range(1; 65)]'
}

loopback() {
	udp tx a a 127.0.0.1 --count 1009 --cpu "$CPU"
}

# It never calls napi_complete_done, and most of its schedules are inlined.
@test "the backlog: no schedules, no completions, sessions inferred" {
	net_add a
	measure loopback
	holds_invariants
	holds 'backlog($cpu) | .work >= 1009 and .sessions == .polls - .exhausted
		and (.inferred | contains(["sessions"]))'
	holds 'backlog($cpu) | has("schedules", "core_reschedules",
		"completions", "rearms", "watchdog_polls") | not'
}

# --- schedules while scheduled ----------------------------------------------

# The thread gets the CPU only when the real-time writer is through.
threaded_burst() {
	tap tx --dev nst0 --send "0:$CPU:1009" --realtime
	threaded a nst0 "$CPU"
}

# The first write schedules, the others are remembered: the poll of the last 49
# completes, is scheduled again by the core, and the one in vain ends it.
@test "threaded, a burst of 1009: one schedule, one by the core, one session" {
	net_add a
	measure threaded_burst
	holds_invariants
	holds 'napi("nst0") | [.polls, .threaded_polls, .work] == [17, 17, 1009]'
	ways nst0 1 1 2 1 0
}

HELD_NS=500000000

one_held_back() {
	tap tx --dev nst0 --send "0:$CPU:1" --realtime --hold $((HELD_NS / 1000000))
	threaded a nst0 "$CPU"
}

# The truth is the writer that keeps the CPU from the thread, and for how long.  Twice
# that is too much.  The stay ends within the poll.
@test "threaded, one frame held back for half a second: schedule to poll, and the stay" {
	net_add a
	measure one_held_back
	holds_invariants
	ways nst0 1 0 1 1 0
	holds 'napi("nst0") | .sched_polls == 1 and
		.sched_ns >= $held and .sched_ns < 1.9 * $held and
		.hist.sched_ns.max == .sched_ns and
		.residency_ns > .sched_ns and
		.residency_ns <= .sched_ns + .poll_ns' "held=$HELD_NS"
}

# The window keeps the device's ring (256) from running over.
threaded_veth() {
	threaded b nstb0 "$CPU2"
	udp tx a b 10.77.0.2 --count 20011 --cpu "$CPU" --window 64
}

@test "threaded under traffic: every schedule and session, as another count says" {
	need_two_cpus
	need_oracle_functions
	net_pair
	measure threaded_veth
	holds_invariants
	holds 'napi("nstb0") | .work == 20011 and .threaded_polls == .polls'
	holds 'napi("nstb0") | .schedules == .rearms and .schedules > 100 and
		.sessions == .rearms and .completions == .polls - .exhausted'
	as_oracle nstb0
}

two_writers() {
	tap tx --dev nst0 --send "0:$CPU:20011" --send "0:$CPU2:20011"
}

# The queue's lock makes them meet, as often as the kernel has it.  A schedule that
# finds the NAPI scheduled ends in a reschedule: each completion is one or the
# other.
@test "two CPUs write to one queue: what is missed is rescheduled" {
	need_two_cpus
	need_oracle_functions
	net_add a
	undisturbed 'napi("nst0").core_reschedules > 0'
	measure two_writers
	holds_invariants
	holds 'napi("nst0").work == 40022'
	holds 'napi("nst0") | .completions == .rearms + .core_reschedules and
		.schedules == .rearms and .sessions == .rearms and
		.completions == .polls - .exhausted and .watchdog_polls == 0'
	as_oracle nst0
}

# --- poll time --------------------------------------------------------------

need_oracle_times() {
	need_napi_poll
	need_oracle
	ORACLE_MORE='kprobe:__napi_poll { @outer[cpu] = nsecs; }
	kretprobe:__napi_poll /@outer[cpu]/ {
		@outer_ns = sum(nsecs - @outer[cpu]); }
	kprobe:veth_poll { @inner[cpu] = nsecs; }
	kretprobe:veth_poll /@inner[cpu]/ {
		@inner_ns = sum(nsecs - @inner[cpu]); }'
}

# oracle_sum MAP
oracle_sum() {
	jq -s --arg map "@$1" '[.[] | select(.type == "map") | .data[$map]
		// empty] | add // 0' "$RUN/oracle"
}

# Its programs were attached first and so run around the fentry ones, in
# __napi_poll, and within them, in the driver's function.  The kprobe ones may run
# around its own: by no more than those within take, that is the difference of its
# two times.  Interrupts are in its times alone: a tenth is far more than they
# take.
@test "poll time: between another program's time of the driver's and of the core's" {
	local outer more=0

	need_oracle_times
	net_pair
	measure bursts_of_64
	holds_invariants
	outer=$(oracle_sum outer_ns)
	[[ $TIER == fentry ]] || more=$((outer - $(oracle_sum inner_ns)))
	holds 'total(.napis[].poll_ns) <= $outer + $more and $outer > 0' \
		"outer=$outer" "more=$more"
	holds 'napi("nstb0").poll_ns >= $ns * 0.9 and $ns > 0' \
		"ns=$(oracle_sum inner_ns)"
	holds 'total(.cpus[].poll_ns) <= total(.cpus[].net_rx_ns)'
}
