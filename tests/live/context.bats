# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# In which context a poll ran.

load lib

setup() {
	live_setup
}

teardown() {
	live_teardown
}

# The window keeps the device's ring (256) from running over.
threaded_veth() {
	threaded b nstb0 "$CPU2"
	udp tx a b 10.77.0.2 --count 20011 --cpu "$CPU" --window 64
}

@test "threaded: every poll in the NAPI's thread, as another count says" {
	need_two_cpus
	need_oracle
	net_pair
	measure threaded_veth
	holds_invariants
	holds 'napi("nstb0") | .threaded_polls == .polls and .work == 20011'
	holds 'napi("nstb0").cpus == [$cpu2]'
	holds 'napi("nstb0").polls == $n' "n=$(oracle_count polls nstb0 napi/)"
	holds 'cpu($cpu2).net_rx_runs < 20011'
}

# The thread gets the CPU only when the real-time writer is through.
threaded_burst() {
	tap tx --dev nst0 --send "0:$CPU:1009" --realtime
	threaded a nst0 "$CPU"
}

@test "threaded, a burst of 1009: 15 full polls, one of 49, one in vain" {
	net_add a
	measure threaded_burst
	holds_invariants
	holds 'napi("nst0") | [.polls, .threaded_polls, .work, .exhausted, .empty]
		== [17, 17, 1009, 15, 1]'
	holds 'napi("nst0").cpus == [$cpu]'
}

busy_turns() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU"
}

@test "busy polling, 1009 turns in vain: 2018 busy polls, all empty" {
	net_pair
	measure busy_turns
	holds_invariants
	holds 'napi("nstb0") | [.polls, .busy_polls, .empty, .work] ==
		[2018, 2018, 2018, 0]'
	holds 'napi("nstb0") | .napi_id == $id and .cpus == [$cpu]' \
		"id=$(gen_value busy napi_id)"
}

busy_traffic() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count "$(many 10007)" --cpu "$CPU" \
		--peer-cpu "$CPU2"
}

@test "busy polling under traffic: exact work, polls as another count says" {
	need_two_cpus
	need_oracle
	net_pair
	measure busy_traffic
	holds_invariants
	holds 'napi("nstb0") | .work == $n and .busy_polls > 100 and
		.busy_polls + .inline_polls + .ksoftirqd_polls == .polls' \
		"n=$(many 10007)"
	holds 'napi("nstb0").polls == $n' "n=$(oracle_count polls nstb0 '')"
}

busy_epoll() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 503 --cpu "$CPU" --epoll
}

@test "busy polling by epoll: two polls a turn or more, all empty" {
	kernel_has 6.9 || skip "epoll busy polling per socket: 6.9"
	need_oracle
	net_pair
	measure busy_epoll
	holds_invariants
	holds 'napi("nstb0") | .busy_polls >= 1006 and .busy_polls == .empty and
		.inline_polls == 503 and .work == 503'
	holds 'napi("nstb0").polls == $n' "n=$(oracle_count polls nstb0 '')"
}

slow_bursts() {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	udp tx a b 10.77.0.2 --count 23 --segments 100 --window 1 --cpu "$CPU"
}

# The first poll takes longer than softirqs may (2 ms): ksoftirqd goes on.
@test "ksoftirqd: what overload leaves to it, as another count says" {
	need_oracle
	net_pair
	net_expensive 4
	measure slow_bursts
	holds_invariants
	holds 'napi("nstb0") | .polls == 46 and .work == 2300'
	holds 'napi("nstb0") | .ksoftirqd_polls + .inline_polls == .polls'
	# With PREEMPT_RT the sender itself goes on.
	realtime || holds 'napi("nstb0").ksoftirqd_polls > 0'
	holds 'napi("nstb0").ksoftirqd_polls == $n' \
		"n=$(oracle_count polls nstb0 ksoftirqd/)"
}

@test "the tier chosen without --tier is the best one, and probes names it" {
	local tier

	for tier in fentry kprobe tracepoint; do
		! "$NAPISCOPE" report --tier $tier -d 0.1 >/dev/null 2>&1 || break
	done
	"$NAPISCOPE" report -d 1 -f json >"$RUN/json"
	holds '.tier == $best' "best=\"$tier\""
	[[ $("$NAPISCOPE" probes -f json | jq -r .tier) == "$tier" ]]
}
