# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# trace: what it writes is what was counted in the same run, event by event, in
# each format and with each filter; and what did not fit is counted.

load lib
load trace

BIG_BUDGET=2147483647
LONG_USECS=10000000

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

one_queue() {
	tap tx --dev nst0 --send "0:$CPU:10007"
}

few_frames() {
	tap tx --dev nst0 --send "0:$CPU:1009"
}

# --- events equal counters --------------------------------------------------

@test "10007 frames: each event is in the counters, with its time, and the reverse" {
	net_add a
	traced one_queue
	same_as_counted
	holds 'napi("nst0").work == 10007'
	events '[.[] | select(.dev == "nst0" and .event == "poll")] |
		length > 10000 and total(.[].work) == 10007 and
		all(.cpu == $cpu and (.napi | startswith("nst0")))'
	events 'in_order'
	events 'all(.[]; .start_ns == null or .start_ns + .ns <= .ts_ns)'
}

@test "10007 frames for a viewer: slices nest, tracks are named, numbers agree" {
	net_add a
	local try

	for ((try = 0; try < TRIES; try++)); do
		traced_once one_queue -f perfetto
		! slices '.otherData.lost == 0' || break
	done
	well_formed
	slices '[slices[] | select(.cat == "poll" and (.name | contains("nst0")))]
		| length > 10000 and total(.[].args.work) == 10007'
	slices '. as $all | .otherData.report as $report
		| [slices[] | select(.cat == "poll")] as $polls
		| ($polls | total(.[].args.ns)) == total($report.napis[].poll_ns) and
		([slices[] | select(.cat == "softirq")] | length) ==
			total($report.cpus[].softirqs[]) and
		([slices[] | select(.cat == "hardirq")] | length) ==
			total($report.irqs[].count)'
	slices 'counter("work per poll") | length > 0 and
		all(.args.work | type == "number")'
}

bursts_of_100() {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	udp tx a b 10.77.0.2 --count 211 --segments 100 --window 1 --cpu "$CPU"
}

@test "bursts through veth: each squeeze is an event, with its kind and its work" {
	net_pair
	budget 64 $LONG_USECS
	traced bursts_of_100
	same_as_counted
	events '[.[] | select(.event == "squeeze" and .cpu == $cpu)] |
		length >= 211 and all(.kind == "budget" and .work >= 64 and
			.budget == 64)'
	holds 'napi("nstb0").work == 21100'
}

@test "squeezes for a viewer: slices nest, and the counter counts them" {
	net_pair
	budget 64 $LONG_USECS
	traced_once bursts_of_100 -f perfetto
	well_formed
	slices '.otherData.report as $report | counter("squeezes") | group_by(.name)
		| map(max_by(.ts).args) | total(.[].budget) ==
			total($report.cpus[].squeeze_budget)'
}

both_ways() {
	udp tx0 a b 10.77.0.2 --count "$(many 20011)" --cpu "$CPU"
	udp tx1 b a 10.77.0.1 --count "$(many 30011)" --cpu "$CPU2"
}

@test "two CPUs at once: one order, and every event counted" {
	need_two_cpus
	net_pair
	traced both_ways
	same_as_counted
	events '. as $all | ($all | in_order)'
	holds 'napi("nstb0").work == $b and napi("nsta0").work == $a' \
		"b=$(many 20011)" "a=$(many 30011)"
}

disk_write() {
	dd if=/dev/zero of="$RUN/written" bs=4k count="$1" oflag=direct,dsync
}

writes() {
	gen_command disk dd if=/dev/zero of="$RUN/written" bs=4k count=503 \
		oflag=direct,dsync
}

# Interrupts of devices, as the kernel has counted them.
device_interrupts() {
	awk '/^ *[0-9]+:/ {
			for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++)
				n += $i
		}
		END { print n + 0 }' /proc/interrupts
}

@test "interrupts of a disk: each run of a handler, with its time" {
	local before

	disk_write 1 2>/dev/null || skip "no disk takes direct writes here"
	before=$(device_interrupts)
	traced writes --events irq
	(($(device_interrupts) >= before + 100)) ||
		skip "no interrupt came of 503 writes"
	holds 'any(.irqs[]; .count >= 100)'
	events 'event_irqs == report_irqs($report)'
	events 'all(.[]; .event == "irq")'
}

# What is not read in time is lost, and not one more: the ring has 58,254 events.
@test "a reader that is stopped: events and lost ones are those counted" {
	need_two_cpus
	net_add a
	stopped() {
		tap tx --dev nst0 --send "0:$CPU:80021"
	}
	LOSSY=1
	stopped
	scope_run "$TIER" "$RUN/traced" "$RUN/scope.err" trace -d "$LIMIT" \
		-f json --events poll,softirq
	kill -STOP "$SCOPE_PID"
	gens_go || { kill -CONT "$SCOPE_PID"; return 1; }
	kill -CONT "$SCOPE_PID"
	scope_finish
	gens_end
	grep -q 'events were lost' "$RUN/scope.err"
	jq -es 'last as $tail | $tail.report as $report
		| (length - 1) == $tail.events and $tail.lost > 0 and
		$tail.events + $tail.lost == ([$report.napis[].polls] | add) +
			([$report.cpus[].softirqs[]] | add)' "$RUN/traced"
}

# --- filters ----------------------------------------------------------------

two_devices() {
	tap tx --dev nst --devices 2 --send "0:$CPU:1009" --send "1:$CPU2:503"
}

@test "--dev: the polls of that device alone, and NET_RX" {
	need_two_cpus
	net_add a
	traced two_devices -D nst0
	events '[.[] | select(.event == "poll")] as $polls
		| total($polls[].work) == 1009 and all($polls[]; .dev == "nst0")
		and any(.[]; .event == "softirq" and .vector == "NET_RX")'
}

# Its own device is there before the traffic is: tuntx makes it when it starts.
@test "--dev, --cpu and --events choose" {
	need_two_cpus
	net_add a
	traced two_devices -D nst1 --events poll
	events 'length > 400 and all(.[]; .event == "poll" and .dev == "nst1")
		and total(.[].work) == 503'
	traced two_devices -C "$CPU2" --events poll,softirq
	events 'all(.[]; .cpu == $cpu2) and
		total(.[] | select(.dev == "nst1") | .work) == 503 and
		all(.[]; .dev != "nst0") and
		([.[].event] | unique) == ["poll", "softirq"]'
}

# A NAPI of veth has an id, which one measurement tells the next one.
@test "--napi: by id, by label, and one that did not poll yet" {
	local id label

	need_two_cpus
	net_pair
	traced both_ways --events poll
	id=$(jq -s '[.[] | select(.dev == "nstb0")][0].napi_id' "$RUN/events")
	label=$(jq -rs '[.[] | select(.dev == "nstb0")][0].napi' "$RUN/events")
	[[ $id != null ]]
	traced both_ways --napi "$id" --events poll
	events "total(.[].work) == $(many 20011) and all(.[]; .napi_id == $id)"
	traced both_ways --napi "$label" --events poll
	events "total(.[].work) == $(many 20011) and
		all(.[]; .dev == \"nstb0\")"
	traced loopback --napi "backlog/$CPU" --events poll
	events "total(.[].work) >= 1009 and all(.[]; .napi == \"backlog/$CPU\")"
}

loopback() {
	udp tx a a 127.0.0.1 --count 1009 --cpu "$CPU"
}

@test "--longer-than: only what took as long" {
	net_add a
	traced few_frames --longer-than 1us --events poll,softirq
	events 'length > 0 and all(.[]; .ns >= 1000)'
	traced few_frames --longer-than 60s
	events 'all(.[]; .event == "squeeze")'
}

@test "--count: so many events, and the end" {
	net_add a
	traced one_queue -n 100 -D nst0 --events poll
	events 'length == 100 and all(.[]; .dev == "nst0")'
	jq -es 'last | .event == "end" and .events == 100' "$RUN/traced"
}

@test "raise: the kernel's softirqs were raised before they ran" {
	net_add a
	traced few_frames --events raise,softirq -C "$CPU"
	events '([.[] | select(.event == "raise" and .vector == "NET_RX")] | length)
		>= ([.[] | select(.event == "softirq" and .vector == "NET_RX")]
			| length)'
	events '[.[] | select(.event == "raise" and .vector == "NET_RX")] |
		length >= 1000'
}

@test "the fentry and kprobe tiers: each schedule and completion is an event" {
	[[ $TIER != tracepoint ]] || skip "the tracepoint tier sees none"
	net_add a
	traced one_queue
	same_as_counted
	events '[.[] | select(.dev == "nst0")] |
		([.[] | select(.event == "complete" and .rearmed)] | length) > 10000 and
		([.[] | select(.event == "schedule")] | length) > 10000'
	# Elsewhere a poll function is hooked once it has been seen.
	need_napi_poll
	events 'all(.[] | select(.event == "poll" and .dev == "nst0");
		.inferred | not)'
}

@test "the tracepoint tier: what it cannot give is said" {
	[[ $TIER == tracepoint ]] || skip "of the tracepoint tier"
	run "$NAPISCOPE" trace --tier tracepoint -d 0.1 --events schedule,complete
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == *"no schedule events"* ]]
	[[ ${lines[-1]} == *"none of these events"* ]]
}

# --- around a squeeze -------------------------------------------------------

slow_bursts() {
	udp tx a b 10.77.0.2 --count 23 --segments 100 --window 1 --cpu "$CPU"
}

@test "--around-squeeze: the last events up to each squeeze that left work" {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	net_pair
	budget 64 $LONG_USECS
	traced slow_bursts --around-squeeze=16
	events '[.[] | select(.event == "trigger")] | length > 0 and
		all(.cpu == $cpu and .why == "squeeze" and .kept <= 16 and
			.torn == 0)'
	# Each is followed by as many events as it says, of its CPU, with a squeeze
	# and at last the run that it ended.
	events 'reduce .[] as $e ([];
			if $e.event == "trigger" then . + [[$e]]
			else .[:-1] + [.[-1] + [$e]] end)
		| all(.[]; (.[0].kept == length - 1) and
			(.[0].cpu as $c | all(.[]; .cpu == $c)) and
			any(.[]; .event == "squeeze" and .work_left) and
			(.[-1] | .event == "softirq" and .vector == "NET_RX") and
			(.[1:] | in_order))'
	# What came while one was written is counted.
	holds 'cpu($cpu).squeeze_work_left >= 23'
}

@test "--around-squeeze, the reader stopped: the first window stays, others are counted" {
	net_pair
	budget 64 $LONG_USECS
	bursts_of_100
	scope_run "$TIER" "$RUN/traced" "$RUN/scope.err" trace -d "$LIMIT" \
		-f json --around-squeeze=64
	kill -STOP "$SCOPE_PID"
	gens_go || { kill -CONT "$SCOPE_PID"; return 1; }
	kill -CONT "$SCOPE_PID"
	scope_finish
	gens_end
	grep -qE 'warning: [0-9]+ of [0-9]+ triggers came while' "$RUN/scope.err"
	jq -es --argjson cpu "$CPU" 'last as $tail
		| [.[] | select(.event == "trigger")] as $kept
		| ($kept | length) + $tail.triggers_missed == $tail.triggers and
		$tail.triggers >= 211 and $tail.triggers_missed > 100 and
		any($kept[]; .cpu == $cpu) and all($kept[]; .torn == 0)' \
		"$RUN/traced"
}

@test "--around-squeeze without a squeeze writes nothing, and costs no ring" {
	net_pair
	budget $BIG_BUDGET $LONG_USECS
	traced slow_bursts_of_40 --around-squeeze
	events 'length == 0'
	holds 'napi("nstb0").work == 920 and .lost.events == 0'
}

slow_bursts_of_40() {
	udp tx a b 10.77.0.2 --count 23 --segments 40 --window 1 --cpu "$CPU"
}

# Many events before the one that matters: 40 packets take 20 ms and more.
@test "--around-squeeze --longer-than: a long poll among many short ones" {
	net_pair
	net_expensive 4
	budget $BIG_BUDGET $LONG_USECS
	traced slow_bursts_of_40 --around-squeeze=32 --longer-than 5ms -n 3
	events '[.[] | select(.event == "trigger")] | length == 3 and
		all(.why == "long poll" and .kept <= 32)'
	events '[.[] | select(.event == "poll" and .ns >= 5000000)] | length >= 3'
}

@test "--around-squeeze for a viewer" {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	net_pair
	budget 64 $LONG_USECS
	traced_once slow_bursts -f perfetto --around-squeeze=64
	well_formed
	slices '[.traceEvents[] | select(.cat == "trigger")] | length > 0'
}

# --- the output -------------------------------------------------------------

@test "text: a line an event, and the end says what was lost" {
	net_add a
	traced_once few_frames
	head -n 1 "$RUN/traced" | grep -q '^TIME .*WHAT$'
	[ "$(grep -cE '  poll .* nst0.*  work 1/64 inline' "$RUN/traced")" -ge 1000 ]
	tail -n 1 "$RUN/traced" | grep -qE '^[0-9]+ events, 0 lost$'
}

@test "SIGINT: the file is whole" {
	for format in json perfetto; do
		"$NAPISCOPE" trace --tier "$TIER" -f $format -d 60 >"$RUN/out" \
			2>"$RUN/err" &
		SCOPE_PID=$!
		wait_for 60 scope_ready
		kill -INT "$SCOPE_PID"
		wait "$SCOPE_PID"
		jq -es 'last | (.event == "end") or (.traceEvents | length > 0)' \
			"$RUN/out"
		[[ ! -s $RUN/err ]]
	done
}

@test "a full disk: one line; a closed pipe: no failure" {
	for format in text json perfetto; do
		run bash -c "$NAPISCOPE trace -d 2 --tier $TIER -f $format >/dev/full"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ ${lines[0]} == *"No space left"* ]]
	done
	run bash -c "set -o pipefail
		$NAPISCOPE trace -d 20 --tier $TIER | head -n 1 >/dev/null"
	[ "$status" -eq 0 ]
}

# On one CPU softirqs that are long in coming to their end, on the other short ones.
endless_polls() {
	udp tx0 a b 10.77.0.2 --count 1000003 --cpu "$CPU"
	udp tx1 b a 10.77.0.1 --count 1000003 --window 1 --cpu "$CPU2"
}

@test "it begins and ends while NAPIs are polled: none is a busy poll" {
	local i

	need_two_cpus
	net_pair
	net_expensive 1
	endless_polls
	gens_begin
	for ((i = 0; i <= $(many 10); i++)); do
		"$NAPISCOPE" trace --tier "$TIER" -f json -d 0.2 \
			--events poll >>"$RUN/traced"
	done
	gens_kill || true
	jq -es 'map(select(.event == "poll")) | length > 1000 and
		all(.context == "inline" or .context == "ksoftirqd")' \
		"$RUN/traced"
}

@test "wrong options end with status 2 and name what was wrong" {
	local args
	while read -r args; do
		# shellcheck disable=SC2086 # words
		run "$NAPISCOPE" trace $args
		[ "$status" -eq 2 ]
		[[ ${lines[0]} == *"'${args##*[ =]}'"* ]] || {
			echo "$args: ${lines[0]}"
			return 1
		}
	done <<-END
		--events polls
		--events nosuch
		--longer-than 5
		--longer-than 1h
		--longer-than 0ms
		--longer-than 1.ms
		--around-squeeze=4
		--around-squeeze=x
		-f csv
		-n 0
	END
	run "$NAPISCOPE" trace -d 0.1 -D nosuch0
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == *"no device 'nosuch0'"* ]]
}
