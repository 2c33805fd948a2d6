# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Polls and work, of traffic whose numbers are known beforehand.

load lib

setup() {
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

@test "10007 frames one by one: 10007 polls with 10007 work, on one CPU" {
	net_add a
	in_place
	measure one_queue
	holds_invariants
	holds 'napi("nst0") | .work == $n and .polls == $n' n=10007
	holds 'napi("nst0") | .inline_polls == .polls and .empty == 0 and
		.exhausted == 0 and .cpus == [$cpu]'
	holds 'napi("nst0") | .netns == $name' "name=\"$NS-a\""
	holds '.devices[] | select(.dev == "nst0") |
		.rx_packets == $n and .work == $n and .polls == $n' n=10007
}

two_queues() {
	tap tx --dev nst0 --queues 2 --send "0:$CPU:10007" --send "1:$CPU2:5003"
}

@test "two queues on two CPUs at once: each its own count and CPU" {
	need_two_cpus
	net_add a
	in_place
	measure two_queues
	holds_invariants
	holds 'of_dev("nst0") | map([.work, .polls, .cpus]) | sort ==
		[[5003, 5003, [$cpu2]], [10007, 10007, [$cpu]]]'
}

moving_queue() {
	tap tx --dev nst0 --in-turn --send "0:$CPU:1009" --send "0:$CPU2:2003"
}

@test "one queue, first from one CPU, then from another: one row, the sum" {
	need_two_cpus
	net_add a
	undisturbed 'total(.napis[] | select(.dev != "nst0") | .work) == 0'
	measure moving_queue
	holds_invariants
	holds 'napi("nst0") | .work == 3012 and .polls == 3012 and
		.cpus == ([$cpu, $cpu2] | sort)'
	holds 'cpu($cpu).work == 1009 and cpu($cpu2).work == 2003'
}

# Queue k gets k + 1 frames: every row has a number of its own.
many_queues() {
	tap tx --dev nst --devices 4 --queues 128 --ramp "$CPU"
}

@test "512 NAPI instances at once: each its own count, none lost" {
	net_add a
	in_place
	measure many_queues
	holds_invariants
	holds '[range(4) as $i | of_dev("nst\($i)") | length] ==
		[128, 128, 128, 128]'
	holds '[.napis[] | select(.dev // "" | test("^nst[0-3]$")) | .work] |
		sort == [range(1; 513)]'
	holds '[.napis[] | select(.dev == "nst2") | .work] |
		sort == [range(257; 385)]'
	holds '[.napis[] | select(.dev // "" | test("^nst[0-3]$"))] |
		all(.polls == .work and .cpus == [$cpu])'
}

@test "512 NAPI instances with 256 slots: the rest is counted and said" {
	net_add a
	undisturbed '.lost | (.missed // 0) == 0 and .unmatched == 0'
	measure many_queues --slots 256
	# The first ones have a row; those that are through make room for others now
	# and then, which have come before there was room.
	holds '[.napis[] | select(.dev // "" | test("^nst[0-3]$")) | .work] |
		length > 100 and length <= 256 and all(. >= 1 and . <= 512)'
	# Those of the first device had room from the start: each is whole.
	holds '[.napis[] | select(.dev == "nst0") | .work] |
		length == (unique | length) and all(. >= 1 and . <= 128)'
	if [[ $TIER == tracepoint ]]; then
		holds '131328 == .lost.slots + total(.napis[] |
			select(.dev // .label | test("^(nst[0-3]|gone)$")) | .polls)'
	else
		# These tiers look for a slot at other events, too.
		holds '131328 <= .lost.slots + total(.napis[] |
			select(.dev // .label | test("^(nst[0-3]|gone)$")) | .polls)'
	fi
	[[ $(grep -c slots "$RUN/scope.err") == 1 ]]
	[[ $(wc -l <"$RUN/scope.err") == 1 ]]
}

loopback() {
	udp tx0 a a 127.0.0.1 --port 9001 --count 10007 --cpu "$CPU"
	udp tx1 a a 127.0.0.1 --port 9002 --count 20011 --cpu "$CPU2"
}

@test "loopback: N datagrams are N work of the sender's CPU's backlog" {
	need_two_cpus
	net_add a
	# Nobody else's: a loopback device elsewhere received nothing.
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0 and
		total(.devices[] | select(.dev == "lo" and .netns != $name)
			| .rx_packets) == 0' "name=\"$NS-a\""
	measure loopback
	holds_invariants
	holds 'backlog($cpu) | .work == 10007 and .polls == 10007'
	holds 'backlog($cpu2) | .work == 20011 and .polls == 20011'
	holds 'backlog($cpu), backlog($cpu2) | has("napi_id") | not'
}

# One frame a poll, both ways: a million polls.
both_ways() {
	udp tx0 a b 10.77.0.2 --count "$(many 650011)" --cpu "$CPU"
	udp tx1 b a 10.77.0.1 --count "$(many 700001)" --cpu "$CPU2"
}

@test "a million polls over veth: every invariant, and the exact work" {
	need_two_cpus
	net_pair
	measure both_ways
	holds_invariants
	holds 'total(.cpus[].polls) >= $n' "n=$(many 1000000)"
	holds 'napi("nstb0").work == $b and napi("nsta0").work == $a' \
		"b=$(many 650011)" "a=$(many 700001)"
	holds 'napi("nstb0").cpus == [$cpu] and napi("nsta0").cpus == [$cpu2]'
	holds '[.devices[] | select(.dev == ("nsta0", "nstb0")) |
		.rx_packets == .work] == [true, true]'
}

@test "top: the lines' work sums to the frames sent" {
	local longest=1.5

	# An emulated CPU may take seconds for a reading.
	[[ ! ${FEWER:-} ]] || longest=5
	net_add a
	in_place
	measure_with one_queue top -b -n 4 -i 1 -f json
	[[ $(wc -l <"$RUN/json") == 4 ]]
	holds -s 'map(of_dev("nst0")[].work) | add == 10007'
	holds -s 'map(of_dev("nst0")[].polls) | add == 10007'
	holds_invariants
	# One that is read late makes the next one shorter.
	holds -s 'all(.interval_s < $longest) and
		(map(.interval_s) | add / length > 0.9)' "longest=$longest"
}
