# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry
#
# refnic by itself: whatever is done to it under traffic, it goes on, loses
# nothing but what it counts, and leaves nothing behind.

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
	live_teardown
}

# --- helpers ------------------------------------------------------------------

# hum NAMESPACE DEVICE RATE: frames without end.  A kernel that checks all that it
# does would do nothing else.
hum() {
	local rate=$3

	[[ $(uname -r) != *-debug ]] || rate=$((rate / 20))
	refnic_set "$1" "$2" gen/count=0 "gen/rate=$rate" gen/burst=4 \
		gen/flows=16 gen/run=1
}

silence() {
	refnic_set "$1" "$2" gen/run=0
	sleep 0.3
}

# received NAMESPACE DEVICE: packets up to now.
received() {
	in_ns "$1" cat "/sys/class/net/$2/statistics/rx_packets"
}

# goes_on NAMESPACE DEVICE: frames still arrive.
goes_on() {
	local before

	before=$(received "$1" "$2")
	wait_for 10 more_than "$1" "$2" $((before + 50)) && return
	echo "$2 received $(received "$1" "$2"), $before before"
	return 1
}

more_than() {
	(($(received "$1" "$2") > $3))
}

# consistent NAMESPACE DEVICE: when nothing moves, the counters of each NAPI say
# one thing.
consistent() {
	refnic_stats "$1" "$2" | jq -e '
		def owner($o): with_entries(select(.key | startswith($o + "_"))
			| .key |= ltrimstr($o + "_"));
		. as $all | all([keys[] | select(startswith("napi"))
			| split("_")[0]] | unique[]; . as $napi
			| $all | owner($napi)
			| .polls == .polls_softirq + .polls_threaded
				+ .polls_busy + .polls_netpoll
			and .polls == ([to_entries[]
				| select(.key | test("^work_")) | .value] | add)
			and .completions >= .rearms
			and .irqs >= .irqs_masked and .irqs >= .irqs_idle
			and .polls >= .empty + .exhausted)' >/dev/null && return
	refnic_stats "$1" "$2" | jq -c 'with_entries(select(.value > 0))'
	return 1
}

irqs_left() {
	find /proc/irq -mindepth 1 -maxdepth 1 -type d | wc -l
}

# refused PATTERN COMMAND...: in one line like that.
refused() {
	local pattern=$1

	shift
	run "$@"
	[[ $status != 0 && $output =~ $pattern ]]
}

# --- life ---------------------------------------------------------------------

@test "loaded and unloaded 100 times, half of them with ports and traffic" {
	local i irqs

	rmmod refnic
	irqs=$(irqs_left)
	for ((i = 0; i < 100; i++)); do
		insmod "$LAB_DRIVER" || return
		if ((i % 2)); then
			ip link add nst0 numrxqueues 4 numtxqueues 4 \
				type refnic &&
				ip link add link nst0 name nst1 type refnic &&
				ip link set nst0 up && ip link set nst1 up ||
				return
			echo 1 >/sys/kernel/debug/refnic/refnic.0/gen/run
		fi
		rmmod refnic || return
	done
	[[ $(irqs_left) == "$irqs" ]]
	run ! grep refnic /proc/interrupts
	[[ ! -e /sys/kernel/debug/refnic ]]
	insmod "$LAB_DRIVER"
}

@test "up and down 50 times under traffic" {
	local i

	refnic_pair 2
	hum b nstb0 5000
	udp tx a b 10.77.0.2 --count 1000003 --window 8 --cpu "$CPU2"
	peer_tell "$PEER"
	for ((i = 0; i < 50; i++)); do
		ip -n "$NS-b" link set nstb0 down
		ip -n "$NS-b" link set nstb0 up
	done
	goes_on b nstb0
	gens_kill
	silence b nstb0
	consistent b nstb0
}

@test "a namespace ends with its port under traffic" {
	refnic_pair 2
	hum a nsta0 5000
	hum b nstb0 5000
	ip netns delete "$NS-b"
	wait_for 60 bash -c '[[ $(ls /sys/kernel/debug/refnic | wc -l) == 2 ]]'
	goes_on a nsta0
	silence a nsta0
	consistent a nsta0
}

# --- changes ------------------------------------------------------------------

# changes COMMAND...: of port b, a line of arguments each, under traffic.
changes() {
	local line words

	refnic_pair 4
	hum b nstb0 5000
	while read -r line; do
		read -ra words <<<"$line"
		in_ns b "$@" "${words[0]}" nstb0 "${words[@]:1}" || return
		goes_on b nstb0 || return
	done
	silence b nstb0
	consistent b nstb0
	ip netns exec "$NS-a" "$TOOLS/udptx" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 503 --window 1 < <(printf '\n\n')
}

@test "channels change under traffic" {
	changes ethtool <<-EOF
		-L combined 1
		-L combined 4
		-L combined 0 rx 2 tx 2
		-L combined 0 rx 4 tx 1
		-L combined 3 rx 0 tx 0
		-L combined 4
	EOF
}

@test "rings change under traffic" {
	changes ethtool <<-EOF
		-G rx 8 tx 8
		-G rx 4096
		-G tx 4096
		-G rx 100 tx 100
	EOF
	in_ns b ethtool -g nstb0 | tail -n 8 | grep -qE '^RX:[[:space:]]+128$'
}

# A device that has no NAPI at the moment refuses.
threads_on_off() {
	local i done=0

	for ((i = 0; i < 40; i++)); do
		! device_set b nstb0 threaded $((i % 2)) || done=$((done + 1))
	done
	((done > 10))
}

# None is found that is disabled, and no two have one number.
@test "NAPIs are asked for, and get threads, while their rings change" {
	local i asked threads

	kernel_has 6.8 || skip "napi-get: 6.8"
	refnic_port b nstb0 4
	hum b nstb0 1000
	in_ns b timeout 60 "$TOOLS/napictl" dump 300 3>&- &
	asked=$!
	threads_on_off 3>&- &
	threads=$!
	for ((i = 0; i < 20; i++)); do
		in_ns b ethtool -G nstb0 rx $((64 << i % 2)) || return
	done
	wait $threads
	wait $asked
	goes_on b nstb0
	silence b nstb0
	[[ $(in_ns b "$TOOLS/napictl" dump 1) == 4 ]]
}

# A request for what there is stops nothing.
@test "a change to the same is none" {
	refnic_port b nstb0 2
	refnic_mark b nstb0
	in_ns b ethtool -G nstb0 rx 256 || true
	in_ns b ethtool -G nstb0 rx 250
	in_ns b ethtool -L nstb0 combined 2 || true
	refnic_grown b nstb0 | jq -e '.napi0.irqs == 0'
}

@test "moderation changes under traffic" {
	changes ethtool <<-EOF
		-C rx-usecs 1000 rx-frames 16
		-C rx-usecs 50 rx-frames 0
		-C rx-usecs 0 rx-frames 0
	EOF
}

@test "modes change under traffic" {
	changes ethtool <<-EOF
		--set-priv-flags no-napi on
		--set-priv-flags no-napi off
		--set-priv-flags shared-napi on
		--set-priv-flags shared-napi off no-napi on
		--set-priv-flags no-napi off
	EOF
}

# counted NAMESPACE DEVICE: frames that were received, dropped ones included, or
# missed.
counted() {
	in_ns "$1" bash -c 'cd "/sys/class/net/$0/statistics" &&
		echo $(($(<rx_packets) + $(<rx_missed_errors)))' \
		"$2"
}

@test "a change under traffic loses nothing that is not counted" {
	local combined

	refnic_port b nstb0 4
	refnic_set b nstb0 gen/count=5003 gen/rate=2000 gen/burst=4 \
		gen/flows=16 gen/run=1
	while ! refnic_generated; do
		for combined in 1 3 2; do
			in_ns b ethtool -L nstb0 combined $combined || return
		done
	done
	# What is still in a ring is received, or dropped when it is closed.
	ip -n "$NS-b" link set nstb0 down
	[[ $(counted b nstb0) == 5003 ]]
}

# flood COUNT: from a to b on every queue, whoever receives it.
flood() {
	local port

	for ((port = 7001; port <= 7008; port++)); do
		udp "tx$port" a b 10.77.0.2 --port $port --count "$1" --lossy \
			--cpu "$CPU2" || return
	done
}

# taken: frames that nsta0 was given.
taken() {
	in_ns a tc -s -j qdisc show dev nsta0 |
		jq '[.[] | select(.root) | .packets] | add'
}

# sent: frames of which nsta0 says that they have gone, or were dropped.
sent() {
	in_ns a bash -c 'cd /sys/class/net/nsta0/statistics &&
		echo $(($(<tx_packets) + $(<tx_dropped)))'
}

@test "a change while sending loses nothing that is not counted" {
	local before i

	refnic_pair 4
	in_ns a ethtool -C nsta0 rx-usecs 1000
	flood 1009
	before=$(($(taken) - $(sent)))
	gens_begin
	for ((i = 0; i < 20; i++)); do
		in_ns a ethtool -G nsta0 tx $((64 << i % 2))
	done
	gens_done
	(($(taken) - $(sent) == before))
}

timeouts() {
	dmesg | grep -c 'transmit queue .* timed out' || true
}

@test "a queue that goes away while sending is not waited for" {
	local before

	refnic_pair 4
	in_ns a ethtool -C nsta0 rx-usecs 10000
	# Each waits for what it sent, most of the time.
	in_ns a bash -c 'for queue in /sys/class/net/nsta0/queues/tx-*; do
		echo 1500 >"$queue/byte_queue_limits/limit_max"
	done'
	before=$(timeouts)
	flood 1000003
	gens_begin
	sleep 1
	in_ns a ethtool -L nsta0 combined 1
	gens_kill
	# The watchdog comes every five seconds, and is patient for as long.
	sleep 11
	[[ $(timeouts) == "$before" ]]
}

@test "a change that fails half way: all is as it was, and goes on" {
	local i

	refnic_pair 2
	hum a nsta0 5000
	hum b nstb0 5000
	udp tx b a 10.77.0.1 --count 1000003 --window 8 --cpu "$CPU2"
	peer_tell "$PEER"
	for ((i = 0; i < 20; i++)); do
		refnic_set b nstb0 fault/irq_fail=$((1 + i % 2))
		refused "busy" in_ns b ethtool -G nstb0 rx $((64 << i % 2))
	done
	in_ns b ethtool -g nstb0 | tail -n 8 | grep -qE '^RX:[[:space:]]+256$'
	goes_on b nstb0
	gens_kill
	silence a nsta0
	silence b nstb0
	consistent b nstb0
}

@test "what is refused changes nothing" {
	refnic_pair 2
	refused "Invalid" in_ns b ethtool -L nstb0 combined 1 rx 1
	refused "Invalid" in_ns b ethtool -G nstb0 rx 7
	refused "Invalid" in_ns b ethtool -C nstb0 rx-frames 5
	refused "Invalid" in_ns b ethtool --set-priv-flags nstb0 \
		no-napi on shared-napi on
	refused "not a refnic" ip link add link lo name nst0 type refnic
	refused "cable" ip -n "$NS-b" link add link nstb0 name nst0 type refnic
	refused "64 queues" ip link add nst0 numrxqueues 65 type refnic
	hum b nstb0 5000
	goes_on b nstb0
}

# --- interrupts ---------------------------------------------------------------

# runs IRQ CPU: of its handler there.
irq_runs() {
	awk -v irq="$1:" -v cpu="CPU$2" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == cpu) c = i + 1 }
		$1 == irq { print $c }' /proc/interrupts
}

@test "interrupts follow their affinity at once" {
	local irq before there

	need_two_cpus
	refnic_port b nstb0 1
	irq=$(awk '/nstb0-TxRx-0/ { print $1 + 0 }' /proc/interrupts)
	refnic_pin nstb0 "$CPU"
	hum b nstb0 2000
	goes_on b nstb0
	refnic_pin nstb0 "$CPU2"
	sleep 0.1
	before=$(irq_runs "$irq" "$CPU") there=$(irq_runs "$irq" "$CPU2")
	goes_on b nstb0
	[[ $(irq_runs "$irq" "$CPU") == "$before" ]]
	(($(irq_runs "$irq" "$CPU2") > there))
}

@test "a CPU goes offline under traffic, and comes back" {
	local online=/sys/devices/system/cpu/cpu1/online

	[[ -w $online ]] || skip "the second CPU stays online"
	refnic_port b nstb0 2
	refnic_pin nstb0 1
	hum b nstb0 2000
	echo 0 >"$online"
	goes_on b nstb0
	echo 1 >"$online"
	goes_on b nstb0
}

# --- frames -------------------------------------------------------------------

# generate COUNT: into nstb0.
generate() {
	refnic_generate "$1" gen/rate=10000 gen/burst=16 gen/flows=3 || return
	sleep 0.3
}

@test "what is generated is received, by flow and queue, or missed" {
	refnic_port b nstb0 3
	refnic_mark b nstb0
	generate 10007
	refnic_grown b nstb0 | jq -e '[.rx0, .rx1, .rx2]
		| map(.packets + .missed) == [3336, 3336, 3335]'
	refnic_set b nstb0 fault/one_queue=1
	refnic_mark b nstb0
	generate 1009
	refnic_grown b nstb0 | jq -e '.rx0.packets + .rx0.missed == 1009 and
		.rx1.packets == 0 and .rx2.packets == 0'
}

@test "the device's counters are the sums of its queues'" {
	refnic_port b nstb0 3
	in_ns b ethtool -G nstb0 rx 8
	generate 10007
	refnic_stats b nstb0 | jq -e --argjson packets "$(received b nstb0)" \
		--argjson missed "$(in_ns b cat \
			/sys/class/net/nstb0/statistics/rx_missed_errors)" '
		$packets == .rx0_packets + .rx1_packets + .rx2_packets and
		$missed == .rx0_missed + .rx1_missed + .rx2_missed and
		$packets + $missed == 10007'
}

@test "a ring of eight sends what a socket sends" {
	refnic_pair 1
	in_ns a ethtool -G nsta0 tx 8
	refnic_mark a nsta0
	refnic_mark b nstb0
	"$TOOLS/udptx" --from "$(ns a)" --to "$(ns b)" --addr 10.77.0.2 \
		--count 5003 --window 64 < <(printf '\n\n')
	sleep 0.5
	[[ $(refnic_grown a nsta0 | jq .tx0.packets) == 5003 ]]
	[[ $(refnic_grown b nstb0 | jq .rx0.packets) == 5003 ]]
}

# xdp NAMESPACE DEVICE PROGRAM
xdp() {
	ip -n "$NS-$1" link set "$2" xdp object "$TOOLS/xdp.bpf.o" program "$3"
}

@test "XDP: pass, drop, and what is no verdict" {
	refnic_port b nstb0 1
	refnic_mark b nstb0
	xdp b nstb0 pass
	generate 1009
	refnic_grown b nstb0 | jq -e '.rx0.xdp_drops == 0'
	ip -n "$NS-b" link set nstb0 xdp off
	xdp b nstb0 drop
	refnic_mark b nstb0
	generate 1009
	refnic_grown b nstb0 | jq -e '.rx0.xdp_drops + .rx0.missed == 1009'
	ip -n "$NS-b" link set nstb0 xdp off
	xdp b nstb0 odd
	refnic_mark b nstb0
	generate 1009
	refnic_grown b nstb0 | jq -e '.rx0 | .xdp_drops + .missed == 1009 and
		.packets + .missed == 1009'
	refused "." refnic_mode b nstb0 no-napi
}

@test "XDP: all frames go back where they came from" {
	refnic_pair 1
	xdp b nstb0 back
	refnic_mark a nsta0
	refnic_mark b nstb0
	generate 1009
	refnic_grown b nstb0 | jq -e '.rx0.xdp_tx == 1009 and
		.tx0.packets == 1009'
	# The debug kernel is too slow for some, which are counted; no other is.
	refnic_grown a nsta0 | jq -e --arg kernel "$(uname -r)" '.rx0
		| .packets + .missed == 1009 and .packets > 0 and
			(.missed == 0 or ($kernel | endswith("-debug")))'
}

# --- memory -------------------------------------------------------------------

@test "no port is made from within a user namespace" {
	run unshare -Urn ip link add type refnic
	[[ $status != 0 && $output == *"not from within a user namespace"* ]]
	run unshare -Urn ip -br link
	[[ ${#lines[@]} == 1 && ${lines[0]} == lo* ]]
}

# kmemleak knows no pages: the kernel complains of a pool that misses one after a
# minute, which scripts/lab looks for.
@test "no memory of a port stays behind" {
	local i pages

	[[ -r /sys/kernel/debug/kmemleak ]] ||
		skip "this kernel has no kmemleak: the debug one has"
	for i in 1 2 3; do
		refnic_pair 4
		hum b nstb0 5000
		goes_on b nstb0
		in_ns b ethtool -L nstb0 combined 2
		in_ns b ethtool -G nstb0 rx 64
		net_delete
	done
	refnic_gone
	echo scan >/sys/kernel/debug/kmemleak
	sleep 62
	echo scan >/sys/kernel/debug/kmemleak
	pages=$(cat /sys/kernel/debug/kmemleak)
	insmod "$LAB_DRIVER"
	[[ -z $pages ]] || { echo "$pages"; return 1; }
}
