# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry
#
# What the tracepoint tier infers, against what the fentry tier sees: two
# napiscopes watch the same traffic.  Prints the errors that it finds.
#
# The second one attaches last and so reads the clock last at each event: its
# poll time by difference contains the exact one, and both contain each other's
# programs.  Under emulation the times themselves mean nothing.

load ../live/lib

MS=1000000

setup() {
	[[ $TIER == fentry ]] || skip "compares the fentry tier with the lowest"
	live_setup
	SECOND=tracepoint
}

teardown() {
	live_teardown
}

# both EXPRESSION DEVICE: [exact, inferred] of the device's NAPI.
both() {
	query -c "[., \$second] | map(napi(\$dev) | $1)" "dev=\"$2\""
}

# says WORDS... as a comment of this test
says() {
	echo "# $(uname -r) $TIER: $*" >&3
}

# poll_time DEVICE PERCENT: by difference it is never less, and at most so much
# more; nor is it more than all of NET_RX.
poll_time() {
	says "$BATS_TEST_DESCRIPTION: $1: $(query -r '
		[., $second] | map(napi($dev))
		| "exact \(.[0].poll_ns) ns, by difference \(.[1].poll_ns) ns, "
		+ "\((.[1].poll_ns - .[0].poll_ns) * 1000 / .[0].poll_ns
			| round / 10) % more, "
		+ "\((.[1].poll_ns - .[0].poll_ns) / .[0].polls | round) ns a poll"
		' "dev=\"$1\"")"
	holds '[., $second] | map(napi($dev) | [.polls, .work]) | .[0] == .[1]' \
		"dev=\"$1\""
	holds '[., $second] | map(napi($dev)) | .[0].poll_ns > 0 and
		.[1].poll_ns >= .[0].poll_ns and
		.[1].poll_ns <= .[0].poll_ns * (100 + $more) / 100 and
		.[0].inferred == [] and (.[1].inferred | contains(["poll_ns"]))' \
		"dev=\"$1\"" "more=$2"
	holds '., $second | total(.cpus[].poll_ns) <= total(.cpus[].net_rx_ns)'
}

# sessions DEVICE SEEN INFERRED
sessions() {
	says "$BATS_TEST_DESCRIPTION: sessions $(both .sessions "$1")"
	holds '[., $second] | map(napi($dev).sessions) == $want' "dev=\"$1\"" \
		"want=[$2, $3]"
	holds '$second | napi($dev).inferred | contains(["sessions"])' \
		"dev=\"$1\""
}

one_by_one() {
	tap tx --dev nst0 --send "0:$CPU:10007"
}

@test "one packet a poll" {
	need_napi_poll
	net_add a
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0'
	measure one_by_one
	poll_time nst0 100
	sessions nst0 10007 10007
}

bursts() {
	udp tx a b 10.77.0.2 --count 503 --segments 64 --window 1 --cpu "$CPU"
}

@test "64 packets a poll" {
	need_napi_poll
	net_pair
	measure bursts
	# The first of a run bears all until its poll, where that stands still too.
	poll_time nstb0 60
	sessions nstb0 503 503
}

# The bridge and its ports, which drop what is sent until some time after they
# were set up.
bridge_up() {
	[[ $(ip -n "$NS-a" -o link | grep -cE 'nst(br0|a[01])[@:].* state UP') == 3 ]] &&
		[[ $(in_ns a bash -c 'cat /sys/class/net/nsta[01]/brport/state') == \
			3$'\n'3 ]]
}

# Namespaces b and c behind a bridge in a, which knows no address and floods:
# each burst schedules two NAPIs at once.
net_flood() {
	local end

	net_pair && net_add c &&
		ip -n "$NS-a" link add nstbr0 type bridge mcast_snooping 0 &&
		ip -n "$NS-a" link add nsta1 type veth peer name nstc0 netns "$NS-c" &&
		net_end c nstc0 10.77.0.3 10.77.0.1 02:00:00:00:00:0c &&
		net_napi a nsta1 &&
		ip -n "$NS-a" address flush dev nsta0 &&
		ip -n "$NS-a" link set nstbr0 up || return
	for end in nsta0 nsta1; do
		ip -n "$NS-a" link set "$end" master nstbr0 up || return
	done
	ip -n "$NS-a" address add 10.77.0.1/24 dev nstbr0 &&
		ip -n "$NS-a" neighbour replace 10.77.0.2 \
			lladdr "$(mac b nstb0)" dev nstbr0 nud permanent &&
		wait_for 20 bridge_up
}

# One run polls 64 of each, then 36 of each.
interleaved() {
	kernel_has 5.19 || skip "a send of more than 64 datagrams: 5.19"
	udp tx a b 10.77.0.2 --count 211 --segments 100 --window 1 --cpu "$CPU"
}

@test "two NAPIs in turn on one CPU" {
	need_napi_poll
	net_flood
	# An emulated CPU takes its time: the limit is not what this is about.
	sysctl_set net.core.netdev_budget_usecs 10000000
	measure interleaved
	holds 'napi("nstb0", "nstc0") | .polls == 422 and .work == 21100'
	poll_time nstb0 25
	poll_time nstc0 25
	sessions nstb0 211 211
	sessions nstc0 211 211
}

# Each poll of the timer looks like a session.
deferred() {
	tap tx --dev nst0 --send "0:$CPU:1"
	device_set a nst0 napi_defer_hard_irqs 7
	device_set a nst0 gro_flush_timeout $((20 * MS))
}

@test "interrupts deferred 7 times" {
	net_add a
	SETTLE=1
	measure deferred
	sessions nst0 1 8
}

# The poll before the core's reschedule looks like an end.
missed() {
	tap tx --dev nst0 --send "0:$CPU:1009" --realtime
	threaded a nst0 "$CPU"
}

@test "a schedule that was missed" {
	net_add a
	measure missed
	sessions nst0 1 2
}

busy_turns() {
	gen_start busy "$TOOLS/busypoll" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --count 1009 --cpu "$CPU"
}

# What a busy poller gives back was nobody's schedule, but re-arms.
@test "busy polling" {
	net_pair
	measure busy_turns
	sessions nstb0 1009 0
}

# nic MAC
nic() {
	ip -o link | awk -v mac="$1" '$0 ~ mac { sub(":", "", $2); print $2 }'
}

# nic_irqs DEVICE CPU: all its interrupts go there.
nic_irqs() {
	local irq

	for irq in "/sys/class/net/$1/device/msi_irqs"/*; do
		echo "$2" >"/proc/irq/${irq##*/}/smp_affinity_list" || return
	done
}

# A NIC of the machine's in each namespace, joined by a wire: the sender's
# interrupts on another CPU than the receiver's.
net_wire() {
	local tx rx

	modprobe "$1" && tx=$(nic "$2a") && rx=$(nic "$2b") &&
		net_add a && net_add b &&
		ip link set "$tx" netns "$NS-a" name nstnica &&
		ip link set "$rx" netns "$NS-b" name nstnicb &&
		net_end a nstnica 10.77.0.1 10.77.0.2 "$2b" &&
		net_end b nstnicb 10.77.0.2 10.77.0.1 "$2a" &&
		in_ns a bash -c "$(declare -f nic_irqs); nic_irqs nstnica $CPU2" &&
		in_ns b bash -c "$(declare -f nic_irqs); nic_irqs nstnicb $CPU"
}

# links: the receiver's is seen, and the vote names no other interrupt.
links() {
	says "$BATS_TEST_DESCRIPTION: irq of the receiver $(both .irq nstnicb)," \
		"of the sender $(both .irq nstnica)," \
		"sessions of the receiver $(both .sessions nstnicb)"
	holds 'napi("nstnicb").irq as $irq | any(.irqs[]; .irq == $irq and
		(.name | startswith("nstnicb")))'
	holds '[., $second] as $both | all("nstnica", "nstnicb"; . as $dev
		| $both | map(napi($dev).irq) | .[1] == null or .[0] == .[1])'
}

# The sender gets the CPU only when the interrupt and its poll are through.
one_at_a_time() {
	udp tx a b 10.77.0.2 --count 503 --window 1 --cpu "$CPU"
}

@test "irq by vote, one packet at a time" {
	need_two_cpus
	net_wire e1000e 02:00:00:00:02:0
	measure one_at_a_time
	links
	# There the handler has a thread, and NET_RX may be another one's.
	realtime || holds '$second | napi("nstnicb").irq != null'
}

many_at_a_time() {
	udp tx a b 10.77.0.2 --count 5003 --window 16 --cpu "$CPU2"
}

# Interrupts that come while NET_RX runs cast no vote: it may stay undecided.  One of
# the NIC's own, every two seconds, may come when one of the two watches already.
@test "irq by vote, 16 packets at a time" {
	need_two_cpus
	net_wire e1000e 02:00:00:00:02:0
	undisturbed '[., $second] | map(napi("nstnicb").polls) | .[0] == .[1]'
	measure many_at_a_time
	links
	holds 'napi("nstnicb").sessions <= ($second | napi("nstnicb").sessions)'
}
