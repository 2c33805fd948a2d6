# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # $ in single quotes is jq's
# Real NICs for the live tests: the pairs that scripts/lab gives its machines.
# Both ends of a wire go into the test's namespaces, where they are called as
# the ends of a veth pair would be; with the namespaces they leave again.

load ../live/lib

# The wire of each kind of NIC.
declare -gA WIRES=([virtio]=0 [e100]=1 [e1000e]=2 [8139cp]=3 [virtio-queues]=4)

# Longest until a NIC has a carrier, in seconds.
CARRIER_LIMIT=20

# need_lab: only there does nobody else need the NICs.
need_lab() {
	[[ ${LAB_TREE:-} ]] || skip "runs in the machines of scripts/lab"
}

nic_mac() {
	echo "02:00:00:00:0${WIRES[$1]}:0$2"
}

# nic_find KIND END: the device's name, where nobody took it.
nic_find() {
	ip -br link | awk -v mac="$(nic_mac "$1" "$2")" '
		$3 == mac { print $1; found = 1 }
		END { exit !found }'
}

# nic_take KIND END NAME: into the namespace of that end, with that name.
nic_take() {
	local dev

	dev=$(nic_find "$1" "$2") || {
		echo "no NIC is end $2 of $1"
		return 1
	}
	echo "$2 $3 $dev" >>"$RUN/nics"
	ip link set "$dev" netns "$NS-$2" &&
		ip -n "$NS-$2" link set "$dev" name "$3"
}

# Back from where they were taken, as they were called there.
nics_return() {
	local end name dev

	[[ -f ${RUN:-}/nics ]] || return 0
	while read -r end name dev; do
		ip -n "$NS-$end" link set "$name" down &&
			ip -n "$NS-$end" link set "$name" name "$dev" netns 1
	done <"$RUN/nics"
	rm "$RUN/nics"
}

nic_has_carrier() {
	ip -n "$NS-$1" -br link show "$2" | grep -qw LOWER_UP
}

# nic_ready NAMESPACE DEVICE
nic_ready() {
	wait_for $CARRIER_LIMIT nic_has_carrier "$1" "$2" && return
	echo "$2 has no carrier"
	return 1
}

# nic_pairs KIND...: as nsta0 and nstb0, nsta1 and nstb1 and so on, ready to
# send.  The interrupts of namespace a come to $CPU2, those of b to $CPU.
nic_pairs() {
	local n kinds=("$@")

	net_add a && net_add b || return
	for n in "${!kinds[@]}"; do
		nic_take "${kinds[n]}" a "nsta$n" &&
			nic_take "${kinds[n]}" b "nstb$n" &&
			net_join "$n" || return
	done
	for n in "${!kinds[@]}"; do
		nic_ready a "nsta$n" && nic_ready b "nstb$n" &&
			nic_pin a "nsta$n" "$CPU2" && nic_pin b "nstb$n" "$CPU" &&
			nic_exercise a b "10.77.$n.2" &&
			nic_exercise b a "10.77.$n.1" || return
	done
}

# nic_exercise FROM TO ADDRESS: an interrupt moves to its new CPU when the next
# one comes.
nic_exercise() {
	printf '\n\n' | "$TOOLS/udptx" --from "$(ns "$1")" --to "$(ns "$2")" \
		--addr "$3" --count 32 --window 8 >/dev/null
}

# nic_irqs NAMESPACE DEVICE: the numbers of its interrupts, one a line, as
# sysfs has them.
nic_irqs() {
	in_ns "$1" bash -c '
		device=$(readlink -f "/sys/class/net/$1/device") || exit
		ls "$device/msi_irqs" 2>/dev/null ||
			ls "$device/../msi_irqs" 2>/dev/null ||
			cat "$device/irq"' -- "$2"
}

# nic_irq NAMESPACE DEVICE ACTION: the one of these of which /proc/interrupts
# says that it has this action (a pattern).
nic_irq() {
	nic_irqs "$1" "$2" | awk -v action="$3" '
		NR == FNR { mine[$1 ":"]; next }
		$1 in mine {
			for (i = NF; i > 3; i--)
				if ($i ~ "^" action ",?$")
					irq = irq $1 + 0
		}
		END { print irq; exit !irq }' - /proc/interrupts
}

# nic_pin NAMESPACE DEVICE CPU
nic_pin() {
	local irq

	for irq in $(nic_irqs "$1" "$2"); do
		echo "$3" >"/proc/irq/$irq/smp_affinity_list" || return
	done
}

# What NICs change of holds_invariants: their handlers schedule, and find a
# kprobe running now and then.
holds_nic_invariants() {
	if [[ $TIER == kprobe ]]; then
		holds '.lost.missed = 0 | violations($unseen) == []' ||
			{ query -c '.lost.missed = 0 | violations($unseen)'; false; }
	else
		holds_invariants
	fi
}

# irq_actions IRQ: how many handlers /proc/interrupts has on it.
irq_actions() {
	awk -v irq="$1:" '$1 == irq {
		for (i = NF; $(i - 1) ~ /,$/; i--)
			n++
		print n + 1
	}' /proc/interrupts
}

# gen_frames NAME COMMAND...: sends frames to nstb0.  Done when for a second no
# more came.
gen_frames() {
	gen_start "$1" bash -c 'arrived() {
			ip netns exec "$netns" \
				cat /sys/class/net/nstb0/statistics/rx_packets
		}
		netns=$1 before= now=-1
		echo ready
		read -r
		"${@:2}" >&2 || exit
		until ((now == before)); do
			before=$now
			sleep 1
			now=$(arrived)
		done
		echo done
		read -r' -- "$NS-b" "${@:2}"
}

# --- netpoll ------------------------------------------------------------------

# Messages of the kernel go out of nsta0, to nobody.
netconsole_start() {
	local config=$RUN/config target=$RUN/config/netconsole/nst

	mkdir "$config" && mount -t configfs none "$config" &&
		mkdir "$target" && echo nsta0 >"$target/dev_name" &&
		echo 10.77.0.1 >"$target/local_ip" &&
		echo 10.77.0.9 >"$target/remote_ip" &&
		mac b nstb0 >"$target/remote_mac" &&
		echo 1 >"$target/extended" &&
		in_ns a bash -c 'echo 1 >"$1"' -- "$target/enabled" &&
		irq_threads --idle --pid 0
}

netconsole_stop() {
	local config=${RUN:-}/config

	mountpoint -q "$config" || return 0
	irq_threads --fifo --pid 50
	echo 0 >"$config/netconsole/nst/enabled"
	rmdir "$config/netconsole/nst"
	umount "$config"
	bql "$(<"$RUN/bql")" >/dev/null
}

# irq_threads POLICY...: those of nsta0 are scheduled so, where interrupts have
# threads; with their own priority they take each frame back before the next is sent.
irq_threads() {
	local pid

	realtime || return 0
	for pid in $(pgrep '^irq/[0-9]+-nsta0'); do
		chrt "$@" "$pid"
	done
}

# bql BYTES: nsta0 takes so many at a time; prints how many it took before.
bql() {
	in_ns a bash -c 'cat "$1" && echo "$2" >"$1"' -- \
		/sys/class/net/nsta0/queues/tx-0/byte_queue_limits/limit_max "$1"
}

# A backslash takes four bytes on its way: a message is of several frames, sent
# with interrupts off.
messages() {
	gen_frames messages bash -c 'printf -v text "%0900d" 0
		for ((i = 0; i < 23; i++)); do
			echo "<3>${text//0/\\}" >/dev/kmsg
		done'
}
