# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# The oracle: refnic counts its interrupts, polls, schedules and completions
# itself.  In every mode and context napiscope has to have counted the same.

bats_require_minimum_version 1.5.0
load refnic

setup_file() {
	need_refnic
}

teardown_file() {
	refnic_gone
}

setup() {
	live_setup
}

teardown() {
	netconsole_stop
	live_teardown
}

FRAMES=20011

# all_received NAMESPACE DEVICE FRAMES: by the driver, or its ring was full.
all_received() {
	[[ $(refnic_received "$1" "$2") == "$3" ]]
}

# --- where polls run ----------------------------------------------------------

one_by_one() {
	refnic_gen frames b nstb0 $FRAMES 4000 1 4 &&
	refnic_mark b nstb0
}

@test "one frame at a time to two queues" {
	refnic_port b nstb0 2
	measure one_by_one
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
}

# Handlers and polls so long that another observer's programs are little in them.
slow_frames() {
	refnic_gen frames b nstb0 4003 1000 1 1 &&
	refnic_set b nstb0 fault/irq_ns=100000 fault/packet_ns=100000 &&
	refnic_mark b nstb0
}

@test "one run and one handler of 8 timed: each count, and the time of all" {
	refnic_port b nstb0 1
	SECOND=$TIER SECOND_OPTIONS=(--sample 8)
	measure slow_frames
	refnic_equal b nstb0
	holds '($second | napi("nstb0")) as $s | napi("nstb0") as $a
		| sampled($s.poll_ns; $a.poll_ns; $a.hist.poll_ns; 8; 0.1)'
	holds '[., $second] | map(.irqs[] | select(.name | startswith("nstb0-")))
		| length == 2 and
			sampled(.[1].ns; .[0].ns; .[0].hist.irq_ns; 8; 0.1)'
	[[ $TIER == tracepoint ]] || holds '($second | napi("nstb0")) as $s
		| napi("nstb0") as $a
		| sampled($s.sched_ns; $a.sched_ns; $a.hist.sched_ns; 8; 0.1)'
	cp "$RUN/second" "$RUN/json"
	holds '.sample == 8'
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 4003
}

# Polls of nstb0 take 10 ms a frame by the clock, whoever interrupts them; nstc0
# does, for 3 ms or more each time, also while its NAPI waits.
interrupted() {
	refnic_gen frames b nstb0 211 110 1 1 &&
	refnic_gen others c nstc0 199 100 1 1 &&
	refnic_set b nstb0 fault/packet_ns=10000000 &&
	refnic_set c nstc0 fault/irq_ns=3000000 fault/no_mask=1 &&
	refnic_mark b nstb0 && refnic_mark c nstc0
}

# With the interrupts in it a poll would take the 10 ms and more.  Without, it takes
# less, but for what a frame costs besides.
@test "interrupts in polls: their time is not the poll's, and not the softirq's" {
	local irqs

	refnic_port b nstb0 1
	refnic_port c nstc0 1
	measure interrupted
	refnic_equal b nstb0
	refnic_equal c nstc0
	irqs=$(refnic_grown c nstc0 | jq .napi0.irqs)
	holds '$irqs > 150 and cpu($cpu).hardirq_ns >= $irqs * 3000000' "irqs=$irqs"
	holds '(napi("nstb0") | .work * 10000000 - .poll_ns) as $less |
		$less >= $irqs * 300000 and $less <= cpu($cpu).hardirq_ns' \
		"irqs=$irqs"
	holds 'cpu($cpu).poll_ns as $ns | cpu($cpu).net_rx_ns |
		. >= $ns and . < 1.2 * $ns'
	all_received b nstb0 211
}

bursts() {
	refnic_gen frames b nstb0 $FRAMES 10000 200 1 &&
	refnic_mark b nstb0
}

@test "bursts of 200: polls that use the budget up" {
	refnic_port b nstb0 1
	measure bursts
	holds_nic_invariants
	holds 'napi("nstb0").exhausted > 10'
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
}

overload() {
	refnic_gen frames b nstb0 $FRAMES 10000 10 1 &&
	refnic_set b nstb0 fault/packet_ns=200000 &&
	refnic_mark b nstb0
}

@test "overload: ksoftirqd polls, and the ring drops" {
	refnic_port b nstb0 1
	measure overload
	holds_nic_invariants
	realtime || holds 'napi("nstb0").ksoftirqd_polls > 0'
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
	refnic_grown b nstb0 | jq -e '.rx0.missed > 0'
}

# Each poll is longer than it takes to attach and to read for the first time.
@test "overload that was there before: each squeeze, the first run's too" {
	local i settled=

	refnic_port b nstb0 1
	refnic_set b nstb0 fault/packet_ns=1000000 gen/count=1000003 \
		gen/rate=10000 gen/burst=10 gen/flows=1 gen/cpu="$CPU2" gen/run=1
	for ((i = 0; i < 3; i++)); do
		"$NAPISCOPE" report -d 1 -f json --tier "$TIER" >"$RUN/json"
		holds 'cpu($cpu) | .softnet_squeezed > 3'
		holds '.settled != 1 or .lost.squeeze_unattributed as $n |
			cpu($cpu) | squeezes + $n == .softnet_squeezed'
		! query -e '.settled == 1' >/dev/null || settled=1
	done
	[[ $settled ]]
}

threaded_frames() {
	refnic_gen frames b nstb0 $FRAMES 10000 10 4 &&
	threaded b nstb0 "$CPU" &&
	refnic_mark b nstb0
}

@test "threaded NAPIs" {
	refnic_port b nstb0 2
	measure threaded_frames
	holds_nic_invariants
	holds 'all(of_dev("nstb0")[]; .threaded_polls == .polls)'
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
}

# Threads that poll without a pause, from before the frames to after them.
tireless_frames() {
	refnic_set b nstb0 gen/count=$FRAMES gen/rate=10000 gen/burst=10 \
		gen/flows=4 "gen/cpu=$CPU2" &&
	threaded b nstb0 "$CPU" &&
	gen_start tireless bash -c 'echo ready
		read -r
		ip netns exec "$4" "$1" threaded nstb0 2 && echo 1 >"$2/run" || exit
		for ((i = 0; i < $3 * 10; i++)); do
			[[ $(<"$2/run") == 1 ]] || break
			sleep 0.1
		done
		sleep 0.5
		ip netns exec "$4" "$1" threaded nstb0 1 || exit
		sleep 0.5
		echo done
		read -r' -- "$TOOLS/napictl" "$(refnic_dir b nstb0)/gen" $GEN_LIMIT \
		"$NS-b" &&
	refnic_mark b nstb0
}

# Such a poll ends no stay in poll mode, whatever its work is.
@test "threaded NAPIs without a pause" {
	kernel_has 6.19 || skip "threads that poll busily: 6.19"
	refnic_port b nstb0 1
	measure tireless_frames
	holds_nic_invariants
	holds 'napi("nstb0") | .threaded_polls == .polls and .empty > 2 * .work and
		.sessions < 10'
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
}

busy_traffic() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU" --peer-cpu "$CPU2" &&
	refnic_mark a nsta0 &&
	refnic_mark b nstb0
}

@test "busy polling under traffic" {
	need_two_cpus
	refnic_pair 1
	measure busy_traffic
	holds_nic_invariants
	holds 'napi("nstb0").busy_polls > 0'
	refnic_equal b nstb0
	refnic_equal a nsta0
	[[ $(refnic_grown b nstb0 | jq .rx0.packets) == 1009 ]]
}

preferred_traffic() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU" --peer-cpu "$CPU2" \
		--prefer &&
	device_set b nstb0 napi_defer_hard_irqs 2 &&
	device_set b nstb0 gro_flush_timeout 2000000 &&
	refnic_mark a nsta0 &&
	refnic_mark b nstb0
}

# The timer and the task poll in turn, interrupts are off for long.
@test "a task that prefers to poll, and interrupts that are deferred" {
	kernel_has 5.11 || skip "SO_PREFER_BUSY_POLL: 5.11"
	need_two_cpus
	refnic_pair 1
	measure preferred_traffic
	holds_nic_invariants
	holds 'napi("nstb0").busy_polls > 1009'
	refnic_equal b nstb0
	refnic_equal a nsta0
	refnic_grown b nstb0 | jq -e '.rx0.packets == 1009 and
		.napi0.rearms < .napi0.completions'
}

# Its timer goes on with a stay in poll mode, then the task puts it off turn by turn.
preferred_alone() {
	device_set b nstb0 napi_defer_hard_irqs 100 &&
	device_set b nstb0 gro_flush_timeout 1000000000 &&
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1000003 --cpu "$CPU" --prefer &&
	SETTLE=2
}

@test "poll mode that a task keeps up is counted as it lasts" {
	kernel_has 5.11 || skip "SO_PREFER_BUSY_POLL: 5.11"
	need_two_cpus
	refnic_pair 1
	measure_with preferred_alone top -b -f json -i 0.5 -n 40
	query -sc '[.[] | .interval_s as $s | .napis[] | select(.dev == "nstb0")
		| { share: (.residency_ns / 1e9 / $s), polls: .busy_polls }]' \
		>"$RUN/stays"
	cat "$RUN/stays"
	# The first and the last have a part of the timer's second.
	jq -e '[.[] | select(.polls > 0)][1:-1] | length > 1 and
		all(.[]; .share > 0.8 and .share < 1.2)' "$RUN/stays"
}

netpoll_messages() {
	messages &&
	refnic_mark a nsta0 &&
	refnic_mark b nstb0
}

@test "netpoll: polls with the budget 0" {
	modprobe netconsole
	sysctl_set kernel.printk_devkmsg on
	refnic_pair 1
	bql 1 >"$RUN/bql"
	netconsole_start
	measure netpoll_messages
	holds_nic_invariants
	holds 'napi("nsta0").netpoll_polls > 0'
	refnic_equal a nsta0
	refnic_equal b nstb0
	# Without a NAPI of the port nobody could clean its ring for netpoll.
	run refnic_mode a nsta0 no-napi
	[ "$status" -ne 0 ]
	[[ $output == *busy* ]]
}

# --- modes --------------------------------------------------------------------

datagrams() {
	udp there a b 10.77.0.2 --count 10007 --window 32 --cpu "$CPU2" &&
	udp back b a 10.77.0.1 --port 9301 --count 5003 --window 32 --cpu "$CPU" &&
	refnic_mark a nsta0 &&
	refnic_mark b nstb0
}

@test "datagrams both ways, Rx and Tx in one NAPI" {
	refnic_pair 1
	measure datagrams
	holds_nic_invariants
	refnic_equal a nsta0
	refnic_equal b nstb0
	holds 'napi("nstb0").work == 10007 and napi("nsta0").work == 5003'
}

@test "datagrams both ways, NAPIs for Rx and Tx each" {
	refnic_pair 2
	in_ns b ethtool -L nstb0 combined 0 rx 2 tx 2
	in_ns a ethtool -L nsta0 combined 0 rx 1 tx 1
	refnic_pin nsta0 "$CPU2"
	refnic_pin nstb0 "$CPU"
	measure datagrams
	holds_nic_invariants
	refnic_equal a nsta0
	refnic_equal b nstb0
	holds 'total(of_dev("nstb0")[].work) == 10007'
	holds 'any(of_dev("nstb0")[]; .work == 0 and .empty == .polls)'
}

tcp() {
	beside b iperf3 -s -1 -p 9003 &&
	# What is in the socket when it has written all is not sent: little.
	gen_command tx ip netns exec "$NS-a" iperf3 -c 10.77.0.2 -p 9003 \
		-n 8M -w 64K &&
	refnic_mark a nsta0 &&
	refnic_mark b nstb0
}

@test "TCP, which GRO gathers" {
	refnic_pair 1
	SETTLE=1
	measure tcp
	holds_nic_invariants
	refnic_equal a nsta0
	refnic_equal b nstb0
	holds 'napi("nstb0").work > 5000'
}

moderated() {
	refnic_gen frames b nstb0 $FRAMES 8000 4 1 &&
	in_ns b ethtool -C nstb0 rx-usecs 5000 rx-frames 64 &&
	refnic_mark b nstb0
}

@test "moderated interrupts" {
	refnic_port b nstb0 1
	measure moderated
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 $FRAMES
	refnic_grown b nstb0 | jq -e '.napi0.irqs * 8 < .rx0.packets'
}

two_ports() {
	refnic_gen frames0 b nstb0 10007 4000 4 1 &&
	refnic_gen frames1 c nstc0 5003 2000 4 1 &&
	refnic_mark b nstb0 &&
	refnic_mark c nstc0
}

# Each port shows the counters of the NAPI, and its own queues.
@test "one NAPI on a dummy device for two ports" {
	refnic_port b nstb0 1
	refnic_port c nstc0 1
	refnic_mode b nstb0 shared-napi
	refnic_mode c nstc0 shared-napi
	refnic_pin refnic "$CPU"
	measure two_ports
	holds_nic_invariants
	refnic_equal b nstb0 true
	refnic_equal c nstc0 true
	holds '[refnic_rows("nstb0"; true)[].work] == [15010]'
	# It receives: it has an id, by which it can be polled busily.
	holds 'refnic_rows("nstb0"; true)[] | .napi_id > 0'
}

legacy() {
	refnic_gen frames b nstb0 $FRAMES 4000 1 1 &&
	refnic_mark b nstb0
}

# Where handlers have threads the thread is the driver's: several interrupts may be one
# run of it, and what the kernel and we count is the interrupts (kernel/irq/handle.c:
# __irq_wake_thread returns when it runs already).
equal_but_for_threads() {
	local truth

	realtime || {
		refnic_equal b nstb0
		return
	}
	truth=$(refnic_grown b nstb0)
	holds 'refnic_differences($truth; "nstb0"; false)
		| map(select(test("interrupts, refnic says") | not)) == []' \
		"truth=$truth"
	holds '[.irqs[] | select(.name | startswith("nstb0-"))] as [$irq]
		| $irq.count == $irq.count_kernel and
			$irq.count >= $truth.napi0.irqs and $truth.napi0.irqs > 0' \
		"truth=$truth"
}

@test "without NAPI: an interrupt and the backlog for each frame" {
	refnic_port b nstb0 1
	refnic_mode b nstb0 no-napi
	refnic_pin nstb0 "$CPU"
	measure legacy
	holds_nic_invariants
	equal_but_for_threads
	holds 'of_dev("nstb0") == [] and backlog($cpu).work == $n' \
		"n=$(refnic_grown b nstb0 | jq .rx0.packets)"
	all_received b nstb0 $FRAMES
}

# --- what goes wrong ----------------------------------------------------------

# broken FAULT [COUNT]: in the device or in the driver, for frames in bursts.
broken() {
	refnic_port b nstb0 1
	FAULT=$1 COUNT=${2:-10007}
	measure broken_frames
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 "$COUNT"
}

broken_frames() {
	refnic_gen frames b nstb0 "$COUNT" 4000 4 1 &&
	refnic_set b nstb0 "fault/$FAULT" &&
	refnic_mark b nstb0
}

@test "interrupts that stay enabled while their NAPI polls" {
	broken no_mask=1
	refnic_grown b nstb0 | jq -e '.napi0.sched_missed > 0'
}

# Frames 100 ms apart, and a timer that is to go on for 200.
deferred_in_vain() {
	refnic_gen frames b nstb0 31 10 1 1 &&
	refnic_set b nstb0 fault/no_mask=1 &&
	device_set b nstb0 napi_defer_hard_irqs 1 &&
	device_set b nstb0 gro_flush_timeout 200000000 &&
	refnic_mark b nstb0
}

@test "a stay in poll mode is over when an interrupt comes, whatever was to end it" {
	refnic_port b nstb0 1
	SETTLE=1
	measure deferred_in_vain
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 31
	[[ $TIER == tracepoint ]] ||
		holds 'napi("nstb0") | .schedules > 25 and .rearms <= 3 and
			.residency_ns > 2e8 and .residency_ns < 1e9'
}

# Each of the inner handlers takes far longer than what the outer one does itself.
behind_a_bridge() {
	slow_frames && refnic_set b nstb0 fault/bridge=1
}

@test "interrupts behind a bridge: each run of both handlers, and its own time" {
	refnic_port b nstb0 2
	measure behind_a_bridge
	holds_nic_invariants
	refnic_equal b nstb0
	holds '(.irqs[] | select(.name == "refnic.bridge")) as $bridge
		| [.irqs[] | select(.name | startswith("nstb0-"))]
		| $bridge.count == $bridge.count_kernel and
			$bridge.count > 1000 and
			$bridge.count <= (map(.count) | add) and
			all(.count == .count_kernel and .ns >= .count * 100000) and
			$bridge.ns > 0 and $bridge.ns < (map(.ns) | add)'
	all_received b nstb0 4003
}

@test "polls in vain" {
	broken empty_polls=3
	holds 'napi("nstb0") | .empty * 2 > .polls'
}

more_than_asked() {
	refnic_gen frames b nstb0 10007 20000 200 1 &&
	refnic_set b nstb0 fault/over_budget=3 &&
	refnic_mark b nstb0
}

@test "polls that claim more than their budget" {
	refnic_port b nstb0 1
	measure more_than_asked
	holds_nic_invariants
	refnic_equal b nstb0
	refnic_grown b nstb0 | jq -e '.napi0.work_more > 0'
	all_received b nstb0 10007
}

to_one_queue() {
	refnic_gen frames b nstb0 10007 4000 4 4 &&
	refnic_set b nstb0 fault/one_queue=1 &&
	refnic_mark b nstb0
}

@test "four flows in one queue of four" {
	refnic_port b nstb0 4
	measure to_one_queue
	holds_nic_invariants
	refnic_equal b nstb0
	all_received b nstb0 10007
	refnic_grown b nstb0 | jq -e '.rx0.packets == 10007'
}

@test "interrupts that are lost" {
	broken lose_irq=3
}

@test "no memory for every seventh frame" {
	# So many, whichever was the first.
	broken alloc_fail=7 $((7 * 1429))
	[[ $(refnic_grown b nstb0 | jq .rx0.alloc_failed) == 1429 ]]
}

@test "no memory for every seventh frame, without NAPI" {
	refnic_port b nstb0 1
	refnic_mode b nstb0 no-napi
	FAULT=alloc_fail=7 COUNT=$((7 * 1429))
	measure broken_frames
	holds_nic_invariants
	equal_but_for_threads
	[[ $(refnic_grown b nstb0 | jq .rx0.alloc_failed) == 1429 ]]
	all_received b nstb0 "$COUNT"
}

# It polls on and on, and says that it has always received 64.
completes_never() {
	refnic_gen frames b nstb0 1009 2000 4 1 &&
	refnic_set b nstb0 fault/no_complete=1 &&
	refnic_mark b nstb0 &&
	gen_command mended bash -c 'sleep 1; echo 0 >"$1/fault/no_complete"' -- \
		"$(refnic_dir b nstb0)"
}

@test "a NAPI that completes no poll for a second" {
	refnic_port b nstb0 1
	measure completes_never
	holds_nic_invariants
	refnic_equal b nstb0
	holds 'napi("nstb0") | .work > 1009 * 2 and .exhausted > 100'
}
