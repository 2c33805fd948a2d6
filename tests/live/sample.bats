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
	udp tx a b 10.77.0.2 --cpu "$CPU" --count 10007
}

# The spread of a mean over a sample of one in $n, from a histogram of all: gaps
# between those drawn are even from 1 to 2n - 1, 4/3 n on average by length.
SPREAD='def spread($n): (.sum / .count) as $mean
	| ([.buckets[] | ((.[0] + .[1]) / 2 - $mean) as $off | .[2] * $off * $off]
	   | add * $n * 4 / 3 | sqrt) / .sum;'

# But for five times that, and for the programs of the other observer, which run in
# between: one of them has each poll a little longer.
AGREES='def agrees($all; $sample; $hist; $n):
	$sample / $all - 1 | fabs < 5 * ($hist | spread($n)) + 0.01;'

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

# same_times N: two observers of the same traffic, of which one times everything.
same_times() {
	net_pair
	net_expensive 1
	SECOND=$TIER SECOND_OPTIONS=(--sample "$1")
	undisturbed "$SPREAD"'napi("nstb0").hist.poll_ns | spread($n) < 0.03' n="$1"
	measure long_polls
	holds '$second | .sample == $n and napi("nstb0").work == $packets' n="$1" \
		packets=10007
	holds "$SPREAD $AGREES"'($second | napi("nstb0")) as $s | napi("nstb0") as $a
		| agrees($a.poll_ns; $s.poll_ns; $a.hist.poll_ns; $n)' n="$1"
	holds "$SPREAD $AGREES"'($second | cpu($cpu)) as $s | cpu($cpu) as $a
		| agrees($a.net_rx_ns; $s.net_rx_ns; $a.hist.net_rx_ns; $n)' n="$1"
	query -r "$SPREAD"'($second | napi("nstb0")) as $s | napi("nstb0") as $a
		| "\($s.poll_ns / $a.poll_ns) of the poll time, spread \(
			$a.hist.poll_ns | spread($n))"' n="$1" |
		sed "s/^/# seen: $BATS_TEST_DESCRIPTION: /" >&3
}

@test "one run of 4 timed: the time of all" {
	same_times 4
}

@test "one run of 16 timed: the time of all" {
	same_times 16
}
