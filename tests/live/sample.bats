# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# --sample: what is counted stays exact, and times are those of all runs, but for
# the error of a sample.

load lib

setup() {
	live_setup
}

teardown() {
	live_teardown
}

in_place() {
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0'
}

one_by_one() {
	tap tx --dev nst0 --send "0:$CPU:100003"
}

# Polls so long that what another observer does in them is little.
long_polls() {
	udp tx a b 10.77.0.2 --cpu "$CPU" --count "$COUNT"
}

@test "100003 frames, one run of 16 timed: every count is exact" {
	net_add a
	in_place
	measure one_by_one --sample 16
	holds_invariants
	holds '.sample == 16'
	holds 'napi("nst0") | [.polls, .work, .inline_polls, .empty, .exhausted]
		== [$n, $n, $n, 0, 0]' n=100003
	holds 'napi("nst0").hist.work | [.count, .sum, .max] == [$n, $n, 1]' n=100003
	holds 'napi("nst0").inferred | index("poll_ns")'
}

# same_times N COUNT: two observers of the same traffic, of which one times all.
same_times() {
	net_pair
	net_expensive 1
	COUNT=$2 SECOND=$TIER SECOND_OPTIONS=(--sample "$1")
	undisturbed 'napi("nstb0").hist.poll_ns | spread($n) < 0.03' n="$1"
	measure long_polls
	holds '$second | .sample == $n and napi("nstb0").work == $packets' n="$1" \
		packets="$COUNT"
	holds '($second | napi("nstb0")) as $s | napi("nstb0") as $a
		| sampled($s.poll_ns; $a.poll_ns; $a.hist.poll_ns; $n; 0.01)' n="$1"
	holds '($second | cpu($cpu)) as $s | cpu($cpu) as $a
		| sampled($s.net_rx_ns; $a.net_rx_ns; $a.hist.net_rx_ns; $n; 0.01)' n="$1"
	query -r '($second | napi("nstb0")) as $s | napi("nstb0") as $a
		| "\($s.poll_ns / $a.poll_ns) of the poll time, spread \(
			$a.hist.poll_ns | spread($n))"' n="$1" |
		sed "s/^/# seen: $BATS_TEST_DESCRIPTION: /" >&3
}

@test "one run of 4 timed: the time of all" {
	same_times 4 10007
}

@test "one run of 16 timed: the time of all" {
	same_times 16 20011
}
