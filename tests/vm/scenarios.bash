# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The scenarios that need a NIC: refnic in a machine of the lab, whose faults are
# what a rule looks for; or e1000e in one with two NUMA nodes (LAB_NUMA=1).  See
# tests/live/scenarios.bash; emulated CPUs are slow, so a frame that costs 150 us is
# one of many.  Load that file first.
# shellcheck disable=SC2016,SC2034 # for who sources it

SCENARIOS+="
nic-idle - - a NIC without traffic; with a frame now and then
nic-healthy - - two queues, two CPUs, a tenth of each; a fifth
nic-irqs irqs-on-one-cpu fix two queues on one CPU, and that is busy; or is not
nic-one-queue one-queue moot one queue of two, and its CPU is full; or is not
nic-hash-skew hash-skew - all frames in one queue of two; in both
nic-shared shared-cpu fix two ports on one CPU, and that is full; or is not
nic-burst ring-drops fix bursts of 200 into a ring of 64; of 1,024
nic-late-irq late-interrupt fix interrupts held back for 10 ms; for none
nic-lost-irq late-interrupt - every interrupt lost; none
nic-not-masked irq-not-masked - interrupts that go on while it polls; masked ones
nic-slow-handler slow-handler - a handler of 300 us; of none
nic-never-completes never-completes - polls that claim work for good; an idle NAPI
nic-empty-polls empty-polls - thirty polls in vain an interrupt; none
nic-no-napi no-napi - netif_rx in the handler; NAPI
nic-timer timer-polls moot polls by gro_flush_timeout; by interrupts
nic-astray astray - in poll mode where its interrupt may not go; where it may
nic-squeeze squeeze-budget fix a budget of 1 for 8 queues, and ksoftirqd waits for a task; of 300, and no task
nic-starved napi-starved fix a NAPI that waits for another; that need not
nic-over-budget over-budget - polls that claim 65 of 64 packets; that have 64
nic-busy-poll busy-poll - a frame an interrupt, 8,000 times a second; 100 times
nic-tx-stall tx-stall - completions whose interrupt is lost half the time; never
nic-irqbalance irqbalance - a process of that name moves an interrupt; only runs
numa-remote remote-node moot a NIC whose packets come to the other node; to its own
"

# frames DEVICE RATE BURST FLOWS
frames() {
	refnic_set b "$1" gen/count=0 "gen/rate=$2" "gen/burst=$3" \
		"gen/flows=$4" "gen/cpu=$CPU2" gen/run=1
}

# What a frame of dear costs.
DEAR_NS=220000

# frame_cost DEVICE: what one costs besides, in ns, into FRAME_NS: emulated CPUs differ.
frame_cost() {
	[[ ! ${FRAME_NS:-} ]] || return 0
	frames "$1" 1000 4 1 &&
		FRAME_NS=$("$NAPISCOPE" report -d 1 -f json | jq --arg dev "$1" \
			'[.napis[] | select(.dev == $dev).ns_per_packet // 0] | max') &&
		refnic_set b "$1" gen/run=0
}

# dear DEVICE: of its frames a few thousand a second fill a CPU.
dear() {
	frame_cost "$1" && refnic_set b "$1" \
		"fault/packet_ns=$((FRAME_NS < DEAR_NS ? DEAR_NS - FRAME_NS : 0))"
}

# another_port DEVICE QUEUES: in b, which is there.
another_port() {
	ip -n "$NS-b" link add "$1" numrxqueues "$2" numtxqueues "$2" \
		type refnic && ip -n "$NS-b" link set "$1" up &&
		refnic_pin "$1" "$CPU"
}

# Enough for a CPU, or for a tenth of one.
load_or_not() {
	frames "$1" $((NEAR ? 300 : 9000)) 8 "$2"
}

scene_nic_idle() {
	refnic_port b nstb0 2 || return
	[[ ! $NEAR ]] || frames nstb0 3 1 1
}

scene_nic_healthy() {
	refnic_port b nstb0 2 && refnic_pin nstb0-1 "$CPU2" &&
		frames nstb0 $((NEAR ? 600 : 300)) 8 2
}

# Two thirds of a CPU: in poll mode for good it would not follow its interrupt.
scene_nic_irqs() {
	refnic_port b nstb0 2 && dear nstb0 &&
		frames nstb0 $((NEAR ? 300 : 3000)) 8 2
}

scene_nic_one_queue() {
	refnic_port b nstb0 2 && in_ns b ethtool -L nstb0 combined 1 &&
		refnic_pin nstb0 "$CPU" && dear nstb0 && load_or_not nstb0 2
}

scene_nic_hash_skew() {
	refnic_port b nstb0 2 && refnic_pin nstb0-1 "$CPU2" && dear nstb0 ||
		return
	[[ $NEAR ]] || refnic_set b nstb0 fault/one_queue=1
	load_or_not nstb0 2
}

# Nearly full: in poll mode for good they would not follow their interrupts.  An
# emulated CPU may stand still for most of a second: of 100 it is no ring full.
scene_nic_shared() {
	local rate=$((NEAR ? 100 : 1900))

	refnic_port b nstb0 1 && another_port nstb1 1 && dear nstb0 &&
		dear nstb1 && frames nstb0 $rate 4 1 && frames nstb1 $rate 4 1
}

scene_nic_burst() {
	refnic_port b nstb0 1 &&
		in_ns b ethtool -G nstb0 rx "$((NEAR ? 1024 : 64))" &&
		frames nstb0 1000 200 1
}

scene_nic_late_irq() {
	refnic_port b nstb0 1 && in_ns b ethtool -G nstb0 rx 64 || return
	[[ $NEAR ]] || in_ns b ethtool -C nstb0 rx-usecs 10000 rx-frames 0 || return
	frames nstb0 10000 8 1
}

scene_nic_lost_irq() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_set b nstb0 fault/lose_irq=1
	frames nstb0 500 1 1
}

scene_nic_not_masked() {
	refnic_port b nstb0 1 && refnic_set b nstb0 fault/packet_ns=250000 ||
		return
	[[ $NEAR ]] || refnic_set b nstb0 fault/no_mask=1
	frames nstb0 $((NEAR ? 300 : 5000)) 1 1
}

scene_nic_slow_handler() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_set b nstb0 fault/irq_ns=300000
	frames nstb0 500 1 1
}

scene_nic_never_completes() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_set b nstb0 fault/no_complete=1
	frames nstb0 100 1 1
}

scene_nic_empty_polls() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_set b nstb0 fault/empty_polls=30
	frames nstb0 200 1 1
}

scene_nic_no_napi() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_mode b nstb0 no-napi
	frames nstb0 2000 8 4
}

scene_nic_timer() {
	refnic_port b nstb0 1 || return
	if [[ ! $NEAR ]]; then
		device_set b nstb0 napi_defer_hard_irqs 100 &&
			device_set b nstb0 gro_flush_timeout 2000000 || return
	fi
	frames nstb0 200 1 1
}

# Once it is in poll mode its interrupt may only go elsewhere.
scene_nic_astray() {
	refnic_port b nstb0 1 && dear nstb0 && load_or_not nstb0 1 || return
	sleep 1
	refnic_pin nstb0 "$CPU2"
}

# Without the task where nothing is wrong: an emulated CPU needs ksoftirqd all the same.
scene_nic_squeeze() {
	refnic_port b nstb0 8 && in_ns b ethtool -G nstb0 rx 8 || return
	[[ $NEAR ]] || sysctl_set net.core.netdev_budget 1
	[[ $NEAR ]] || background nice -n -19 taskset -c "$CPU" \
		bash -c 'while :; do :; done'
	frames nstb0 $((NEAR ? 1000 : 20000)) $((NEAR ? 4 : 16)) 16
}

scene_nic_starved() {
	refnic_port b nstb0 1 && another_port nstb1 1 && dear nstb0 &&
		load_or_not nstb0 1 && frames nstb1 100 1 1
}

scene_nic_over_budget() {
	refnic_port b nstb0 1 || return
	[[ $NEAR ]] || refnic_set b nstb0 fault/over_budget=1
	frames nstb0 1000 100 1
}

scene_nic_busy_poll() {
	refnic_port b nstb0 1 && frames nstb0 $((NEAR ? 100 : 12000)) 1 1
}

# The kernel looks for what took longer than so many milliseconds.
scene_nic_tx_stall() {
	refnic_pair 1 || return
	in_ns a bash -c 'echo 20 >"$0"/byte_queue_limits/stall_thrs' \
		/sys/class/net/nsta0/queues/tx-0 || return
	[[ $NEAR ]] || refnic_set a nsta0 fault/lose_irq=2
	pace "$CPU2" --rate 20
}

# Of three places, so that it is another one three seconds later.
scene_nic_irqbalance() {
	refnic_port b nstb0 1 && cp "$BASH" "$RUN/irqbalance" || return
	if [[ $NEAR ]]; then
		background "$RUN/irqbalance" -c 'read -rt 60 <> <(:)'
	else
		background "$RUN/irqbalance" -c 'while :; do
			for cpus in "$2" "$1,$2" "$1"; do
				echo "$cpus" >"/proc/irq/$0/smp_affinity_list"
				read -rt 2 <> <(:)
			done
		done' "$(awk '/nstb0-/ { print $1 + 0 }' \
			/proc/interrupts)" "$CPU" "$CPU2"
	fi
}

# The CPUs are of two nodes, and of which the NIC is, is said here.
scene_numa_remote() {
	local node cpu=$((NEAR ? CPU : CPU2))

	modprobe e1000e && nic_pairs e1000e || return
	node=$(basename /sys/devices/system/cpu/cpu"$cpu"/node*)
	in_ns b bash -c 'echo "$0" >/sys/class/net/nstb0/device/numa_node' \
		"${node#node}" && pace "$CPU2" --rate 500 --segments 4
}
