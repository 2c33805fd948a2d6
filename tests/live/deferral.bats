# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry kprobe
#
# Stays in poll mode that interrupts do not end: deferred interrupts and busy
# polling.  The expected numbers follow from napi_complete_done: a completion with
# work sets the NAPI's deferral to napi_defer_hard_irqs; while it is above 0
# each completion lowers it, starts the timer (gro_flush_timeout) and returns
# false; at 0 it returns true.

load lib

MS=1000000

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

# defer NAMESPACE DEVICE COUNT NANOSECONDS
defer() {
	device_set "$1" "$2" napi_defer_hard_irqs "$3" &&
		device_set "$1" "$2" gro_flush_timeout "$4"
}

one_queue() {
	tap tx --dev nst0 --send "0:$CPU:10007"
}

# --- interrupts deferred ----------------------------------------------------

flush_timeout_only() {
	one_queue && device_set a nst0 gro_flush_timeout $((20 * MS))
}

# GRO holds none of these frames, so that nothing is left for the timer.
@test "gro_flush_timeout alone: every completion re-arms, no timer" {
	net_add a
	in_place
	SETTLE=0.1
	measure flush_timeout_only
	holds_invariants
	ways nst0 10007 0 10007 10007 0
}

one_deferred() {
	tap tx --dev nst0 --send "0:$CPU:1" && defer a nst0 7 $((20 * MS))
}

@test "one frame, interrupts deferred 7 times: 7 polls by the timer, one session" {
	net_add a
	SETTLE=1
	measure one_deferred
	holds_invariants
	holds 'napi("nst0") | [.polls, .work, .empty] == [8, 1, 7]'
	ways nst0 1 0 8 1 7
}

# tun schedules whether or not the interrupt is deferred.
queue_deferred() {
	one_queue && defer a nst0 2 $((2000 * MS))
}

@test "10007 frames within the deferral: 10007 schedules in one session" {
	net_add a
	in_place
	SETTLE=5
	measure queue_deferred
	holds_invariants
	holds 'napi("nst0") | [.polls, .work, .empty] == [10009, 10007, 2]'
	ways nst0 10007 0 10009 1 2
}

# veth does not: each datagram but the first waits for the timer.
veth_deferred() {
	udp tx a b 10.77.0.2 --count 101 --window 1 --cpu "$CPU"
	defer b nstb0 3 $((50 * MS))
}

@test "101 datagrams within the deferral: 100 polled by the timer, then 3 in vain" {
	net_pair
	SETTLE=1
	# One that comes 50 ms late finds that the timer polled in vain.
	undisturbed 'napi("nstb0").empty == 3'
	measure veth_deferred
	holds_invariants
	holds 'napi("nstb0") | [.polls, .work] == [104, 101]'
	ways nstb0 1 0 104 1 103
}

# Late or not: the timer starts every poll but the first.
veth_deferred_long() {
	udp tx a b 10.77.0.2 --count 211 --window 1 --cpu "$CPU"
	defer b nstb0 30 $((20 * MS))
}

@test "211 datagrams, late or not: the timer starts every poll but the first" {
	need_oracle_functions
	net_pair
	SETTLE=2
	measure veth_deferred_long
	holds_invariants
	holds 'napi("nstb0") | .work == 211 and .empty >= 30 and
		.polls == .work + .empty'
	holds 'napi("nstb0") | [.schedules, .core_reschedules, .rearms, .sessions]
		== [1, 0, 1, 1]'
	holds 'napi("nstb0") | .completions == .polls and
		.watchdog_polls == .polls - 1'
	as_oracle nstb0
}

# One datagram: the timer polls in vain each 20 ms, for 20 s.
@test "a stay that does not end is in each second's line" {
	net_pair
	defer b nstb0 1000 $((20 * MS))
	udp tx a b 10.77.0.2 --count 1 --window 1 --cpu "$CPU"
	scope_start top -b -i 1 -n 4 -f json
	gens_go
	wait "$SCOPE_PID"
	holds -s '.[2:] | length == 2 and all(
		(.interval_s - napi("nstb0").residency_ns / 1e9 | fabs < 0.1) and
		napi("nstb0").sessions == 0)'
}

# --- busy polling -----------------------------------------------------------

# busy OPTION...
busy() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --cpu "$CPU" "$@"
}

busy_turns() {
	busy --count 1009
}

# The poll in the loop may not re-arm, the one that leaves it does.
@test "busy polling, 1009 turns in vain: 2018 completions, half re-arm" {
	net_pair
	measure busy_turns
	holds_invariants
	holds 'napi("nstb0") | [.polls, .busy_polls, .empty] == [2018, 2018, 2018]'
	ways nstb0 0 0 2018 1009 0
}

busy_bursts() {
	busy --count 211 --burst 30 && defer b nstb0 1 $((2000 * MS))
}

# 8 in the loop, 8 to leave it, and as that was all of its budget the core
# schedules the NAPI, which polls the 14 others.  One session: it re-arms when
# the timer has found nothing.
@test "busy polling, 211 bursts of 30: 211 schedules by the core, one session" {
	net_pair
	SETTLE=5
	measure busy_bursts
	holds_invariants
	holds 'napi("nstb0") | [.polls, .busy_polls, .exhausted, .work, .empty] ==
		[635, 422, 422, 6331, 1]'
	ways nstb0 1 211 213 1 1
}

busy_traffic() {
	busy --count 2003 --peer-cpu "$CPU2"
}

@test "busy polling under traffic: schedules and sessions as another count says" {
	need_two_cpus
	need_oracle_functions
	net_pair
	measure busy_traffic
	holds_invariants
	holds 'napi("nstb0") | .work == 2003 and .sessions == .rearms and
		.completions >= .rearms + .core_reschedules'
	as_oracle nstb0
}
