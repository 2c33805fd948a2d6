# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Drivers of real NICs: who polls, how much, and for which interrupt.

load lib

setup_file() {
	need_lab
	modprobe -a virtio_net e100 e1000e 8139cp
}

# Votes for an interrupt are cast in interrupt mode: one datagram at a time.
setup() {
	live_setup
	COUNT=10007 WINDOW=32
	[[ $TIER != tracepoint ]] || COUNT=2003 WINDOW=1
}

teardown() {
	netconsole_stop
	nics_return
	live_teardown
}

# received DEVICE FUNCTION COUNT: the NAPI with this poll function, on $CPU.
received() {
	holds 'napi($dev; $func) | .work == $n and .empty + .exhausted < .polls and
		.inline_polls + .ksoftirqd_polls == .polls and .cpus == [$cpu]' \
		"dev=\"$1\"" "func=\"$2\"" "n=$3"
	holds '.devices[] | select(.dev == $dev) | .rx_packets == $n and
		.work == $n' "dev=\"$1\"" "n=$3"
}

# linked NAMESPACE DEVICE FUNCTION ACTION [told|maybe]: to the interrupt with
# this action, which the tracepoints can only infer, unless the kernel told of
# it; maybe: where many interrupts come at once, they may not decide.
linked() {
	local inferred=false maybe=false

	[[ $TIER != tracepoint || ${5:-} == told ]] || inferred=true
	[[ ${5:-} != maybe ]] || maybe=$inferred
	holds 'napi($dev; $func) | $maybe and .irq == null or
		(.irq == $irq and any(.inferred[]; . == "irq") == $inferred)' \
		"dev=\"$2\"" "func=\"$3\"" "irq=$(nic_irq "$1" "$2" "$4")" \
		"inferred=$inferred" "maybe=$maybe"
}

# completed DEVICE FUNCTION: interrupts are on again as often as the driver
# switched them off, and each poll that left budget over was a completion.
completed() {
	[[ $TIER == tracepoint ]] ||
		holds 'slack as $slack | . as $all | napi($dev; $func) |
			.schedules as $n |
			($all | slack_of($n)) as $lower | $n > 0 and
			(scheduled($lower) or
				(.schedules - .rearms | fabs <= $slack)) and
			all(.completions - .rearms - .core_reschedules,
				.polls - .completions - .exhausted;
				fabs <= $slack)' "dev=\"$1\"" "func=\"$2\""
}

# A CPU that stands still makes a driver reset its device: then the interrupt has
# another action.  e100 and e1000e interrupt themselves every two seconds: not
# just when the measurement begins or ends.
no_reset() {
	local idle=true

	[[ $TIER == tracepoint ]] ||
		idle='. as $all | all(.napis[] | select(.dev);
			.schedules as $n | ($all | slack_of($n)) as $lower |
			.schedules - .rearms | fabs <= $lower)'
	undisturbed "([.irqs[] | [.irq, .name]] | length == (unique | length))
		and ($idle)"
}

# e1000e_told: the kernel says by netlink which interrupt its NAPI has.
e1000e_told() {
	! kernel_has 6.13 || echo told
}

datagrams() {
	udp tx a b 10.77.0.2 --count "$COUNT" --window "$WINDOW" --cpu "$CPU2"
}

@test "e1000e: work = packets; the Rx vector is linked, the Tx vector is not" {
	nic_pairs e1000e
	no_reset
	measure datagrams
	holds_nic_invariants
	received nstb0 "e1000e_poll [e1000e]" "$COUNT"
	linked b nstb0 "e1000e_poll [e1000e]" nstb0-rx-0 "$(e1000e_told)"
	completed nstb0 "e1000e_poll [e1000e]"
	holds '.irqs[] | select(.name == "nstb0-rx-0") | .count > 0 and
		.napis == [$name]' "name=$(query 'napi("nstb0").label')"
	holds '.irqs[] | select(.name == "nsta0-tx-0") |
		.count > 0 and .napis == []'
}

# sent_by_itself: the driver scheduled its Tx NAPI while it was sending, where its
# interrupt comes for less than half of the polls: then no vote can tell.
sent_by_itself() {
	! query -e 'napi("nsta0"; "virtnet_poll_tx [virtio_net]").polls as $polls |
		any(.irqs[]; .irq == $irq and 2 * .count < $polls)' \
		"irq=$(nic_irq a nsta0 'virtio[0-9]+-output[.]0')" >/dev/null ||
		echo maybe
}

@test "virtio-net: Rx and Tx are two NAPIs, each with an interrupt of its own" {
	nic_pairs virtio
	measure datagrams
	holds_nic_invariants
	received nstb0 "virtnet_poll [virtio_net]" "$COUNT"
	linked b nstb0 "virtnet_poll [virtio_net]" 'virtio[0-9]+-input[.]0'
	linked a nsta0 "virtnet_poll_tx [virtio_net]" 'virtio[0-9]+-output[.]0' \
		"$(sent_by_itself)"
	completed nstb0 "virtnet_poll [virtio_net]"
	completed nsta0 "virtnet_poll_tx [virtio_net]"
	holds 'napi("nstb0"; "virtnet_poll [virtio_net]") | has("napi_id")'
	holds 'napi("nsta0"; "virtnet_poll_tx [virtio_net]") | .polls > 0 and
		.empty == .polls and .work == 0 and (has("napi_id") | not)'
}

# listed N ACTION FROM: under traffic for nstbN, with the interrupt that has this
# action, where it goes, and its source.
listed() {
	udp tx a b "10.77.$1.2" --count 1000003 --window 1 --cpu "$CPU2"
	peer_tell "$PEER"
	"$NAPISCOPE" list -d 2 -f json --tier "$TIER" >"$RUN/json"
	gens_kill || true
	query -e '[.[] | select(.dev == $dev and has("napi_id")) |
		[.irq, .irq_from, .affinity]] == [[$irq, $from, ($cpu | tostring)]]' \
		"dev=\"nstb$1\"" "irq=$(nic_irq b "nstb$1" "$2")" \
		"from=\"$3\"" || { cat "$RUN/json"; return 1; }
}

@test "list says where each link was learned" {
	local from=traced

	[[ $TIER != tracepoint ]] || from=vote
	nic_pairs virtio e1000e
	listed 0 'virtio[0-9]+-input[.]0' $from
	[[ ! $(e1000e_told) ]] || from=netlink
	listed 1 nstb1-rx-0 $from
}

FLOWS=16

flows() {
	local i

	for ((i = 0; i < FLOWS; i++)); do
		udp "flow$i" a b 10.77.0.2 --port $((9001 + i)) --window 8 \
			--count $((101 + i)) || return
	done
}

# [NAPI id, datagrams] of each flow, as the sockets tell.
flows_told() {
	local i

	for ((i = 0; i < FLOWS; i++)); do
		echo "[$(gen_value "flow$i" napi_id), $((101 + i))]"
	done | jq -cs .
}

# The other side chooses the queue of a flow, and the driver adds the NAPIs in
# the queues' order.  Interrupts of both at once may leave a vote undecided.
@test "virtio-net with two queues: each NAPI its queue's packets and interrupt" {
	local maybe=0

	need_two_cpus
	nic_find virtio-queues a >/dev/null ||
		skip "no NIC with queues: needs tap devices and a bridge outside"
	nic_pairs virtio-queues
	measure flows
	holds_nic_invariants
	holds '[of_dev("nstb0")[] | select(.work > 0) |
		[.poll_func, .napi_id, .work]] | sort ==
		($told | group_by(.[0]) | map(["virtnet_poll [virtio_net]",
			.[0][0], total(.[][1])]))' "told=$(flows_told)"
	[[ $TIER != tracepoint ]] || maybe=null
	holds '[of_dev("nstb0")[] | select(has("napi_id"))] | sort_by(.napi_id) |
		[.[].irq] | length == 2 and
		(.[0] | . == $irq0 or . == $maybe) and
		(.[1] | . == $irq1 or . == $maybe)' "maybe=$maybe" \
		"irq0=$(nic_irq b nstb0 'virtio[0-9]+-input[.]0')" \
		"irq1=$(nic_irq b nstb0 'virtio[0-9]+-input[.]1')"
}

both_pairs() {
	udp tx0 a b 10.77.0.2 --count 10007 --window 32 --cpu "$CPU2"
	udp tx1 a b 10.77.1.2 --count 5003 --window 32 --cpu "$CPU2"
}

# shared IRQ NAMES: each interrupt of a line runs the handlers of both NICs.
shared() {
	[[ $(irq_actions "$1") == 2 ]]
	holds '[.irqs[] | select(.irq == $irq)] | map(.name) | sort == $names' \
		"irq=$1" "names=$2"
	holds '[.irqs[] | select(.irq == $irq)] |
		all(.flow != "edge" and .count > 0 and .count == .count_kernel)
		and .[0].count == .[1].count' "irq=$1"
}

@test "e100 and 8139cp on the same lines: each handler and NAPI its own count" {
	nic_pairs e100 8139cp
	no_reset
	measure both_pairs
	holds_nic_invariants
	received nstb0 "e100_poll [e100]" 10007
	received nstb1 "cp_rx_poll [8139cp]" 5003
	linked a nsta0 "e100_poll [e100]" nsta0 maybe
	linked b nstb0 "e100_poll [e100]" nstb0 maybe
	linked b nstb1 "cp_rx_poll [8139cp]" nstb1 maybe
	completed nstb0 "e100_poll [e100]"
	completed nstb1 "cp_rx_poll [8139cp]"
	shared "$(nic_irq a nsta0 nsta0)" '["nsta0", "nsta1"]'
	shared "$(nic_irq b nstb0 nstb0)" '["nstb0", "nstb1"]'
}

# Traffic after each switch of the threads of nstb0, when no poll is going on:
# a switch in the middle of one may leave a NAPI that nobody polls any more.
threaded_on_off() {
	gen_start phases bash -c 'echo ready
		read -r
		for value in 0 1 0; do
			ip netns exec "$1" bash -c \
				"echo $value >/sys/class/net/nstb0/threaded" &&
				printf "\n\n" | "${@:2}" >&2 || exit
			sleep 0.2
		done
		echo done
		read -r' -- "$NS-b" "$TOOLS/udptx" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --window 16 --count 1009 --cpu "$CPU2"
}

# The driver's own polls, every two seconds, are empty.
@test "e100's NAPI threaded and not under traffic, as another count says" {
	need_oracle
	nic_pairs e100
	in_ns b test -e /sys/class/net/nstb0/threaded ||
		skip "this kernel has no threaded NAPI (5.12)"
	no_reset
	measure threaded_on_off
	holds_nic_invariants
	completed nstb0 "e100_poll [e100]"
	holds 'napi("nstb0") | .work == 3027 and .threaded_polls > 0 and
		.threaded_polls == $thread and .polls - .empty == $found and
		.inline_polls > 0 and
		.inline_polls + .ksoftirqd_polls == .polls - .threaded_polls' \
		"thread=$(oracle_count polls nstb0 napi/)" \
		"found=$(oracle_count found nstb0 '')"
}

busy_turns() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU"
}

@test "virtio-net, 1009 turns of busy polling in vain: 2018 busy polls, all empty" {
	nic_pairs virtio
	measure busy_turns
	holds_nic_invariants
	holds 'napi("nstb0"; "virtnet_poll [virtio_net]") |
		[.polls, .busy_polls, .empty, .work] == [2018, 2018, 2018, 0] and
		.napi_id == $id and .cpus == [$cpu]' "id=$(gen_value busy napi_id)"
}

busy_traffic() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU" --peer-cpu "$CPU2"
}

# A driver whose level-triggered line is not masked by a poll that no interrupt
# began would do nothing but interrupts here.
@test "e1000e busy-polled under traffic: exact work, as another count says" {
	need_two_cpus
	need_oracle
	nic_pairs e1000e
	measure busy_traffic
	holds_nic_invariants
	holds 'napi("nstb0") | .work == 1009 and .busy_polls > 0 and
		.polls - .empty == $n and
		.busy_polls + .inline_polls + .ksoftirqd_polls == .polls' \
		"n=$(oracle_count found nstb0 '')"
	holds '.devices[] | select(.dev == "nstb0") | .rx_packets == 1009'
}

# The queue takes one frame at a time: netpoll polls before it sends the next.
@test "netpoll: polls with budget 0, as many as another count says" {
	need_oracle
	modprobe netconsole
	sysctl_set kernel.printk_devkmsg on
	nic_pairs e1000e
	bql 1 >"$RUN/bql"
	netconsole_start
	# A machine that stands still: the last frames come when all is over.
	undisturbed '[.devices[] | {(.dev): .}] | add |
		.nsta0.tx_packets == .nstb0.rx_packets'
	measure messages
	holds_nic_invariants
	holds 'napi("nsta0") | .netpoll_polls == $n and $n > 0 and
		.work == 0 and .polls == .netpoll_polls + .empty' \
		"n=$(oracle_count netpolls nsta0 '')"
	holds '[.devices[] | select(.dev == "nsta0")][0].tx_packets as $sent |
		napi("nstb0").work == $sent and $sent >= 23 * 2'
}

# Packets come up the stack on another CPU than the one with the interrupt.
@test "RPS: n work of the NIC on one CPU, n of the backlog on the other one" {
	need_two_cpus
	nic_pairs virtio
	in_ns b bash -c "printf '%x' $((1 << CPU2)) \
		>/sys/class/net/nstb0/queues/rx-0/rps_cpus"
	measure datagrams
	holds_nic_invariants
	received nstb0 "virtnet_poll [virtio_net]" "$COUNT"
	holds 'backlog($cpu2).work == $n' "n=$COUNT"
	holds 'total(.napis[] | select(.dev == null and .cpus == [$cpu]) | .work)
		== 0'
}

# pktgen FILE WORDS: in namespace a.
pktgen() {
	in_ns a bash -c 'echo "${*:2}" >"/proc/net/pktgen/$1"' -- "$@"
}

frames() {
	pktgen "kpktgend_$CPU2" rem_device_all &&
		pktgen "kpktgend_$CPU2" add_device nsta0 &&
		pktgen nsta0 count 20011 && pktgen nsta0 pkt_size 60 &&
		pktgen nsta0 dst 10.77.0.9 &&
		pktgen nsta0 dst_mac "$(mac b nstb0)" &&
		gen_frames pktgen ip netns exec "$NS-a" bash -c \
			'echo start >/proc/net/pktgen/pgctrl'
}

@test "pktgen: 20011 frames into e1000e are 20011 work" {
	modprobe pktgen
	nic_pairs e1000e
	measure frames
	holds_nic_invariants
	received nstb0 "e1000e_poll [e1000e]" 20011
}
