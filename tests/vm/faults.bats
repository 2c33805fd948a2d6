# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry
# Faults that need a machine of their own; see tests/live/faults.bats.

load refnic
load ../live/faults

setup() {
	need_refnic
	live_setup
}

teardown() {
	local online

	for online in /sys/devices/system/cpu/cpu[1-9]*/online; do
		echo 1 >"$online"
	done
	nics_return
	live_teardown
	refnic_gone
}

generate() {
	refnic_generate "$1" gen/rate=1000 gen/burst=4 gen/flows=2 gen/cpu=0
}

online() {
	echo "$1" >/sys/devices/system/cpu/cpu1/online
}

unplugged() {
	refnic_mark b nstb0
	generate 1009 && online 0 && generate 2003 && online 1 &&
		refnic_pin nstb0 1 && generate 1009
}

@test "a CPU goes offline and comes back: what it did is not lost" {
	[[ -w /sys/devices/system/cpu/cpu1/online ]] || skip "it stays online"
	CPU=1
	refnic_port b nstb0 2
	watched unplugged
	refnic_equal b nstb0
	holds 'total(of_dev("nstb0")[].work) == 4021'
	# Before it went, and after it was back: its interrupts stay elsewhere.
	holds 'total(.cpus[] | select(.cpu == 1) | .work) >= 2018'
	seen "$(query -r '"\(total(of_dev("nstb0")[].work)) of 4021, all equal"')"
}

# datagrams TO COUNT: one by one, from a.
datagrams() {
	printf '\n\n' | "$TOOLS/udptx" --from "$(ns a)" --to "$(ns "$1")" \
		--addr 10.77.0.2 --count "$2" --cpu "$CPU2" >/dev/null
}

# Drivers of most NICs add their NAPIs when they find the device.
moved() {
	local peer

	peer=$(mac a nsta0)
	datagrams b 1009 && ip -n "$NS-b" link set nstb0 netns "$NS-c" &&
		net_end c nstb0 10.77.0.2 10.77.0.1 "$peer" &&
		nic_ready c nstb0 && datagrams c 2003
}

@test "a NIC moves and keeps its NAPI: one row, in the new namespace" {
	modprobe e1000e
	nic_pairs e1000e
	net_add c
	watched moved
	ip -n "$NS-c" link set nstb0 netns "$NS-b"
	holds '[of_dev("nstb0")[] | [.netns, .work]] == [[$c, 3012]]' \
		"c=\"$NS-c\""
	seen "$(query -r 'napi("nstb0") | "\(.work) of 3012, in \(.netns)"')"
}

reloaded() {
	generate 1009 && ip -n "$NS-b" link delete nstb0 &&
		refnic_reload &&
		generate 2003
}

@test "the driver is unloaded and loaded again: a row for each, and each its own" {
	refnic_port b nstb0 1
	watched reloaded
	holds '[of_dev("nstb0")[] | select(.work > 0) | .work] | sort ==
		[1009, 2003]'
	seen "$(query -r '[of_dev("nstb0")[].work | tostring] | join(" and ")')"
}

# Of a CPU that was offline when it began; a second later it is known.
traced_later() {
	sleep 2 && refnic_pin nstb0 1 && generate 1009
}

@test "trace: a CPU that comes online is traced" {
	[[ -w /sys/devices/system/cpu/cpu1/online ]] || skip "it stays online"
	CPU=0
	refnic_port b nstb0 1
	online 0
	scope_run "$TIER" "$RUN/json" "$RUN/scope.err" trace -f json --events poll \
		-D nstb0 -d 60
	online 1
	traced_later
	scope_end report
	holds -s 'total(.[] | select(.event == "poll" and .cpu == 1) | .work) == 1009'
	seen "$(query -sr '"\(total(.[] | select(.event == "poll" and .cpu == 1)
		| .work)) of 1009 frames on that CPU"')"
}

PORTS=24 PORT_QUEUES=32

# Ports that stay, so that the interrupts of each have memory of their own; each
# ends with its queues idle for long enough.
many_ports() {
	local i

	for ((i = 0; i < PORTS; i++)); do
		ip -n "$NS-b" link add "nstc$i" numrxqueues $PORT_QUEUES \
			numtxqueues $PORT_QUEUES type refnic &&
			ip -n "$NS-b" link set "nstc$i" up &&
			refnic_set b "nstc$i" gen/count=$((101 + i)) \
				gen/rate=1000 gen/burst=1 \
				gen/flows=$PORT_QUEUES gen/cpu=0 gen/run=1 ||
			return
		sleep 1.2
	done
	# The first ones come again.
	generate 211
	refnic_set b nstc0 gen/run=1
	sleep 3
}

# irqs_of DEVICE: that refnic counted since it was made.
irqs_of() {
	refnic_stats b "$1" | jq '[to_entries[]
		| select(.key | test("^napi[0-9]+_irqs$")) | .value] | add'
}

# There is room for as many handlers as for NAPIs, but for 256 a CPU at least.
@test "interrupts of many devices, more than there is room for: each is counted" {
	local i counts=()

	refnic_port b nstb0 1
	refnic_mark b nstb0
	watched many_ports --slots 512
	for ((i = 0; i < PORTS; i++)); do
		counts+=("$(irqs_of "nstc$i")")
	done
	holds '.lost.slots == 0'
	holds '[range($n) as $i | total(.irqs[]
		| select(.name | startswith("nstc\($i)-")) | .count)] == $want' \
		n=$PORTS "want=[$(IFS=,; echo "${counts[*]}")]"
	holds 'total(.irqs[] | select(.name | startswith("nstb0-")) | .count) ==
		$want' "want=$(refnic_grown b nstb0 | jq .napi0.irqs)"
	# Those without the line's count are gone.
	holds '[.irqs[] | select(.name | startswith("nst"))] | length > 512 and
		any(.[]; has("count_kernel") | not)'
	seen "$(query -r '"\(total(.irqs[] | select(.name | startswith("nstc"))
		| .count)) of \($want | add), of \([.irqs[]
		| select(.name | startswith("nst"))] | length), room for 512"' \
		"want=[$(IFS=,; echo "${counts[*]}")]")"
}

# The counter that time is made of is another one, and goes back and forth by less
# than a tick, as that of a machine with an unstable TSC does.
other_clock() {
	local source clock=/sys/devices/system/clocksource/clocksource0

	generate 1009
	for source in $(<$clock/available_clocksource) "$CLOCK"; do
		echo "$source" >$clock/current_clocksource && generate 503 ||
			return
	done
}

@test "the clock source changes: nothing takes less than no time" {
	local clocks=/sys/devices/system/clocksource/clocksource0

	CLOCK=$(<$clocks/current_clocksource)
	[[ $(<$clocks/available_clocksource) == *" "* ]] || skip "there is one"
	refnic_port b nstb0 1
	watched other_clock
	holds '[.. | objects | to_entries[] | select(.key | endswith("_ns"))
		| .value | numbers | select(. < 0)] == []'
	holds '.interval_s as $s | [.. | .hist? // empty | to_entries[]
		| select(.key | endswith("_ns")) | .value] |
		length > 0 and all(.[]; .max < $s * 1e9 and .sum < $s * 1e9)'
	holds '.interval_s as $s | all(.cpus[]; .softirq_ns <= $s * 1e9 and
		.net_rx_ns <= .softirq_ns)'
	seen "from $CLOCK and back, $(query '.interval_s') s"
}

# Back by an hour, as when somebody sets it.
set_back() {
	generate 1009
	date -s "@$(($(date +%s) - 3600))" >/dev/null
	generate 2003
	date -s "@$(($(date +%s) + 3600))" >/dev/null
}

@test "the time of day is set back: an interval is as long as it was" {
	refnic_port b nstb0 1
	SECONDS=0
	watched set_back
	holds 'napi("nstb0").work == 3012 and .interval_s > 3 and
		.interval_s < $most' "most=$((SECONDS + 1))"
	seen "$(query -r '"\(.interval_s) s, work \(napi("nstb0").work)"')"
}
