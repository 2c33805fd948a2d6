# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # $ in single quotes is jq's
# Ports of refnic for the tests, in namespaces of their own, and what refnic
# says of them: its counters are the truth that napiscope is compared with.

load ../live/lib
load lib

# Longest that the generators may take, in seconds.
GEN_LIMIT=60

need_refnic() {
	need_lab
	[[ ${LAB_DRIVER:-} ]] || skip "refnic is not built: scripts/lab driver"
	[[ -d /sys/module/refnic ]] || insmod "$LAB_DRIVER"
}

# refnic_gone: no port is left, whoever made it.
refnic_gone() {
	[[ ! -d /sys/module/refnic ]] || rmmod refnic
}

# refnic_port NAMESPACE DEVICE QUEUES: a port with generated traffic.
refnic_port() {
	net_add "$1" &&
		ip -n "$NS-$1" link add "$2" numrxqueues "$3" numtxqueues "$3" \
			type refnic &&
		ip -n "$NS-$1" link set "$2" up &&
		refnic_pin "$2" "$CPU"
}

# refnic_pair QUEUES: nsta0 (10.77.0.1) and nstb0 (10.77.0.2) in namespaces a
# and b, with a cable; interrupts of b come to $CPU, those of a to $CPU2.
refnic_pair() {
	net_add a && net_add b &&
		ip link add nsta0 numrxqueues "$1" numtxqueues "$1" type refnic &&
		ip link add link nsta0 name nstb0 numrxqueues "$1" \
			numtxqueues "$1" type refnic &&
		ip link set nsta0 netns "$NS-a" &&
		ip link set nstb0 netns "$NS-b" &&
		refnic_end a nsta0 10.77.0.1 10.77.0.2 "$(mac b nstb0)" &&
		refnic_end b nstb0 10.77.0.2 10.77.0.1 "$(mac a nsta0)" &&
		refnic_pin nsta0 "$CPU2" && refnic_pin nstb0 "$CPU"
}

# refnic_end NAMESPACE DEVICE ADDRESS PEER-ADDRESS PEER-MAC
refnic_end() {
	ip -n "$NS-$1" address add "$3/24" dev "$2" &&
		ip -n "$NS-$1" link set "$2" up &&
		ip -n "$NS-$1" neighbour replace "$4" lladdr "$5" dev "$2" \
			nud permanent
}

# refnic_pin NAME CPU: interrupts whose action begins like that.
refnic_pin() {
	local irq irqs

	irqs=$(awk -v name="$1-" 'index($NF, name) == 1 { print $1 + 0 }' \
		/proc/interrupts)
	for irq in $irqs; do
		echo "$2" >"/proc/irq/$irq/smp_affinity_list" || return
	done
}

# refnic_dir NAMESPACE DEVICE: its directory in debugfs.
refnic_dir() {
	echo "/sys/kernel/debug/refnic/$(in_ns "$1" ethtool -i "$2" |
		sed -n 's/^bus-info: //p')"
}

# refnic_set NAMESPACE DEVICE FILE=VALUE...: of gen/ or fault/.
refnic_set() {
	local dir pair

	dir=$(refnic_dir "$1" "$2")
	for pair in "${@:3}"; do
		echo "${pair#*=}" >"$dir/${pair%%=*}" || return
	done
}

# refnic_mode NAMESPACE DEVICE FLAG: no-napi or shared-napi.
refnic_mode() {
	in_ns "$1" ethtool --set-priv-flags "$2" "$3" on
}

# refnic_gen NAME NAMESPACE DEVICE COUNT RATE BURST FLOWS: generates when it is
# told to, and is done when the generator is.
refnic_gen() {
	local dir

	dir=$(refnic_dir "$2" "$3")
	refnic_set "$2" "$3" "gen/count=$4" "gen/rate=$5" "gen/burst=$6" \
		"gen/flows=$7" "gen/cpu=$CPU2" || return
	gen_start "$1" bash -c 'echo ready
		read -r
		echo 1 >"$1/run" || exit
		for ((i = 0; i < $2 * 10; i++)); do
			[[ $(<"$1/run") == 1 ]] || break
			sleep 0.1
		done
		sleep 0.5
		echo done
		read -r' -- "$dir/gen" $GEN_LIMIT
}

# refnic_stats NAMESPACE DEVICE: its counters as JSON.
refnic_stats() {
	in_ns "$1" ethtool -S "$2" | jq -Rnc '[inputs
		| capture("^ +(?<key>[a-z0-9_]+): (?<value>[0-9]+)$")
		| .value |= tonumber] | from_entries'
}

# refnic_mark NAMESPACE DEVICE: growth is counted from here; the last thing that
# a preparation does.
refnic_mark() {
	refnic_stats "$1" "$2" >"$RUN/$2.before"
}

# refnic_grown NAMESPACE DEVICE: {owner: {counter: growth}}, of owners such as
# rx0 and napi0.
refnic_grown() {
	jq -nc --slurpfile before "$RUN/$2.before" --argjson now \
		"$(refnic_stats "$1" "$2")" '
		reduce ($now | to_entries[]) as $e ({}; ($e.key
			| capture("^(?<owner>[a-z]+[0-9]+)_(?<name>.*)$")) as $k
			| .[$k.owner][$k.name] = $e.value - $before[0][$e.key])'
}

# refnic_says LABEL DEVICE: the line of the oracle's table.
refnic_says() {
	echo "# oracle: $(uname -r) $TIER: $BATS_TEST_DESCRIPTION: $1: $(jq -r '
		to_entries | map(select(.key | startswith("napi"))
		| .key as $napi | .value
		| "\($napi) \(.irqs) irqs, \(.polls) polls, "
		+ "\(.packets) packets, \(.rearms) re-arms") | join("; ")
		' <<<"$2")" >&3
}

# refnic_equal NAMESPACE DEVICE [SHARED]: all that both count.
refnic_equal() {
	local truth differences

	truth=$(refnic_grown "$1" "$2")
	differences=$(query -r 'refnic_differences($truth; $dev; $shared)[]' \
		"truth=$truth" "dev=\"$2\"" "shared=${3:-false}")
	if [[ $differences ]]; then
		echo "$differences"
		query -c '.lost, (.napis[] | select(.dev == $dev or .dev == null)),
			(.irqs[] | {irq, name, count, count_kernel})' "dev=\"$2\""
		return 1
	fi
	refnic_says "$2" "$truth"
}

# refnic_received NAMESPACE DEVICE: packets, those the ring had no room for.
refnic_received() {
	refnic_grown "$1" "$2" | jq '[to_entries[] | select(.key
		| startswith("rx")) | .value.packets + .value.missed] | add'
}

# refnic_generate COUNT [SETTING...]: into nstb0 of namespace b, until all were sent.
refnic_generate() {
	refnic_set b nstb0 "gen/count=$1" "${@:2}" gen/run=1 &&
		wait_for 60 refnic_generated
}

refnic_generated() {
	[[ $(<"$(refnic_dir b nstb0)/gen/run") == 0 ]]
}

# nstb0 again, of a driver that is loaded again: no port was left.
refnic_reload() {
	rmmod refnic && insmod "$LAB_DRIVER" &&
		ip -n "$NS-b" link add nstb0 numrxqueues 1 numtxqueues 1 \
			type refnic && ip -n "$NS-b" link set nstb0 up
}
