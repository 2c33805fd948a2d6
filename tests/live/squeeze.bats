# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Squeezes of each kind, by making the other kinds impossible.  The bursts are
# exact: the peer's NAPI gets so many datagrams in one go, the next burst comes
# only when all of them arrived.

load lib

BIG_BUDGET=2147483647
LONG_USECS=10000000
# What net_expensive makes of a packet here: 1.2 ms, so that a burst is still late
# where jiffies stand still.  Another CPU moves them, and if that one is not given
# its time ours does so only at its sixth tick.
SLOW=${FEWER:+2}
SLOW=${SLOW:-8}

setup() {
	live_setup
}

teardown() {
	live_teardown
}

# budget PACKETS USECS
budget() {
	sysctl_set net.core.netdev_budget "$1"
	sysctl_set net.core.netdev_budget_usecs "$2"
}

# Only the test's own packets came up this CPU's stack.
alone() {
	undisturbed 'cpu($cpu).work == $n' "n=$1"
}

# burst SENDS DATAGRAMS
burst() {
	(($2 <= 64)) || kernel_has 5.19 ||
		skip "a send of more than 64 datagrams: 5.19"
	udp tx a b 10.77.0.2 --count "$1" --segments "$2" --window 1 --cpu "$CPU"
}

# squeezed BUDGET TIME BOTH WORK-LEFT
squeezed() {
	holds 'cpu($cpu) | [.squeeze_budget, .squeeze_time, .squeeze_both,
		.squeeze_work_left] == $want' "want=[$1, $2, $3, $4]"
	holds 'cpu($cpu).softnet_squeezed == $n' "n=$(($1 + $2 + $3))"
	holds '.lost.squeeze_unsure == 0'
}

one_by_one() {
	tap tx --dev nst0 --send "0:$CPU:1009"
}

@test "budget 1, 1009 frames one by one: 1009 by budget, no work left" {
	net_add a
	budget 1 $LONG_USECS
	alone 1009
	measure one_by_one
	holds_invariants
	holds '.netdev_budget == 1 and .netdev_budget_usecs == 10000000'
	holds 'napi("nst0") | .work == 1009 and .polls == 1009'
	squeezed 1009 0 0 0
}

bursts_of_100() {
	burst 211 100
}

@test "budget 64, bursts of 100: one by budget each, with work left" {
	net_pair
	budget 64 $LONG_USECS
	alone 21100
	measure bursts_of_100
	holds_invariants
	holds 'napi("nstb0") | [.polls, .work, .exhausted, .empty] ==
		[422, 21100, 211, 0]'
	squeezed 211 0 0 211
}

bursts_of_128() {
	burst 211 128
}

# The NAPI used up its weight, so the kernel keeps it and polls again: that
# is work left, although the third poll finds none.  Where it is left to
# ksoftirqd, the next burst may have come before it.
@test "budget 64, bursts of 128: two by budget each, both with work left" {
	net_pair
	budget 64 $LONG_USECS
	undisturbed 'cpu($cpu).work == 27008 and (napi("nstb0").empty == 211 or
		cpu($cpu).ksoftirqd_polls == 0)'
	measure bursts_of_128
	holds_invariants
	holds 'napi("nstb0") | [.polls, .work, .exhausted, .empty] ==
		[633, 27008, 422, 211]'
	squeezed 422 0 0 422
}

tcp() {
	beside b taskset -c "$CPU2" iperf3 -s -1 -p 9003
	gen_command tx ip netns exec "$NS-a" taskset -c "$CPU" \
		iperf3 -c 10.77.0.2 -p 9003 -t 4
}

# An emulated machine has a tenth of that.
@test "budget 7 under TCP: more than 1000 by budget, of no other kind" {
	net_pair
	budget 7 $LONG_USECS
	measure tcp
	holds_invariants
	holds 'total(.cpus[].squeeze_budget) > $many' "many=$(many 1000)"
	holds 'total(.cpus[] | .squeeze_time + .squeeze_both) == 0'
	holds 'total(.cpus[].squeeze_work_left) > 0'
	holds '.lost.squeeze_unsure == 0'
}

slow_bursts() {
	burst 23 100
}

# 64 packets take 76 ms here, 36 take 42 ms; the limit is 8 ms.
@test "time alone: a burst of 100 slow packets is two squeezes" {
	net_pair
	net_expensive $SLOW
	budget $BIG_BUDGET 8000
	alone 2300
	measure slow_bursts
	holds_invariants
	holds 'napi("nstb0") | [.polls, .work, .exhausted] == [46, 2300, 23]'
	squeezed 0 46 0 23
}

slow_bursts_of_40() {
	burst 23 40
}

@test "budget and time at once: both, nothing left" {
	net_pair
	net_expensive $SLOW
	budget 40 8000
	alone 920
	measure slow_bursts_of_40
	holds_invariants
	holds 'napi("nstb0") | [.polls, .work, .exhausted] == [23, 920, 0]'
	squeezed 0 0 23 0
}

blast() {
	udp tx a b 10.77.0.2 --count "$(many 600011)" --cpu "$CPU2" --lossy
}

@test "RPS to a slow CPU: only by time, and sent = processed + dropped" {
	need_two_cpus
	net_pair
	net_expensive 1
	in_ns b bash -c "printf '%x' $((1 << CPU)) \
		>/sys/class/net/nstb0/queues/rx-0/rps_cpus"
	budget $BIG_BUDGET 8000
	# What goes through a loopback device goes through a backlog, too.
	undisturbed 'total(.devices[] | select(.dev == "lo") | .rx_packets) == 0 or
		backlog($cpu).work + cpu($cpu).softnet_dropped == napi("nstb0").work'
	measure blast
	holds_invariants
	# What the device's ring had no room for, the peer dropped.
	holds '[.devices[] | select(.dev == "nsta0") | .tx_dropped] as [$full] |
		napi("nstb0").work + $full == $n' "n=$(many 600011)"
	holds 'backlog($cpu).work + cpu($cpu).softnet_dropped ==
		napi("nstb0").work'
	if realtime; then
		# There the backlog has a thread, which nothing squeezes.
		holds 'backlog($cpu) | .threaded_polls == .polls and .exhausted > 20'
		return
	fi
	holds 'cpu($cpu).squeeze_time > 20'
	holds 'total(.cpus[] | .squeeze_budget + .squeeze_both) == 0'
	holds 'cpu($cpu).squeeze_work_left > 20'
	holds 'backlog($cpu) | .ksoftirqd_polls > 0 and .exhausted > 20'
}

@test "default budget, small bursts: no squeeze at all" {
	net_pair
	sysctl_set net.core.netdev_budget_usecs $LONG_USECS
	alone 21100
	measure bursts_of_100
	holds_invariants
	squeezed 0 0 0 0
}

@test "in another network namespace the limits are the machine's, too" {
	net_add a
	in_ns a "$NAPISCOPE" report -d 0.2 -f json --tier "$TIER" >"$RUN/json"
	holds '.netdev_budget == $budget and .netdev_budget_usecs == $usecs and
		cpu($cpu).squeeze_budget == 0' \
		budget="$(sysctl -n net.core.netdev_budget)" \
		usecs="$(sysctl -n net.core.netdev_budget_usecs)"
}

# loopback_of NAMESPACE: what its loopback device received so far.
loopback_of() {
	in_ns "$1" cat /sys/class/net/lo/statistics/rx_packets
}

# Symbols, where they are not hidden, say where they are.
@test "a datagram at most through each CPU's backlog, to know it: none with --no-touch" {
	local least=1 most

	most=$(getconf _NPROCESSORS_ONLN)
	! grep -q ' softnet_data$' /proc/kallsyms || least=0 most=0
	net_add a
	in_ns a "$NAPISCOPE" report --no-touch -d 0.1 --tier "$TIER" >"$RUN/out"
	[[ $(loopback_of a) == 0 ]]
	in_ns a "$NAPISCOPE" report -d 0.1 --tier "$TIER" >"$RUN/out"
	echo "$(loopback_of a) of $least to $most"
	(($(loopback_of a) >= least && $(loopback_of a) <= most))
}
