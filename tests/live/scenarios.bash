# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # of other shells
# Labelled scenarios for diagnose: what is wrong is made on real NAPI, and beside
# each something that looks alike and is not wrong.  scripts/scenarios runs all
# of them and prints what was expected against what was found; the live tests run
# some.  After live_setup():
#
#	scenario NAME fire|near     sets it up, with traffic in the background
#	scenario_expects NAME       the rule that has to be first when it fires
#	scenario_options NAME       what diagnose is told beside it
#	scenario_end NAME           before live_teardown()
#
# What scenario() made, live_teardown() undoes.

# NAME, the rule, whether the fix can be applied as it is, and what it is.  Of those
# with the rule "-" nothing may be wrong, either way.  "moot": the finding goes away,
# and nothing is better yet: the interrupts of new queues may all come to one CPU, which
# then is found; how long a packet waits for a timer no counter says; and of emulated
# nodes none is far.
SCENARIOS="
idle - - nobody sends; one packet in ten seconds
healthy - - datagrams at a twentieth and a tenth of a CPU
healthy-bursts - - bursts of 64, and of 128, with time to spare
backlog-drops backlog-drops fix bursts of 60 into a backlog of 10; of 1000
dear-packets dear-packets - two CPUs full of packets with 4,000 rules each; with 50
rps-funnel rps-funnel fix RPS sends all to one CPU, and that is full; or is not
rps-one-flow rps-one-flow - RPS over two CPUs and one flow; little of it
single-queue single-queue fix one queue, and its CPU is full; or is not
veth-queue single-queue fix a veth, polled where who sends is, and that CPU is full; or is not
hash-skew hash-skew - two queues and one flow; many flows, and a free CPU
squeeze-harmless squeeze-harmless - a budget of 5, nothing lost; of 300
threaded hidden-polls - NAPI in a thread; in the softirq
task-polls hidden-polls - a task polls for itself; packets come by softirq
squeeze-time squeeze-time - bursts of packets with 12,000 rules each; with 50
late-softirq late-softirq - softirqs off for 2 ms at a time, by a task; by none
other-softirq other-softirq - 150 neighbours that do not answer are asked, through 8,000 rules; through 10
udp-starved udp-starved - a reader on the CPU that only receives; on another
lost-events lost-events - four NAPIs, and room for three; for sixty-four
"

# scenario_names [nic|numa]: of those that need none; refnic; two NUMA nodes.
scenario_names() {
	awk -v kind="${1:-}" 'NF {
		of = match($1, /^(nic|numa)-/) ? substr($1, 1, RLENGTH - 1) : ""
		if (of == kind)
			print $1
	}' <<<"$SCENARIOS"
}

# scenario_column NAME NUMBER
scenario_column() {
	awk -v name="$1" -v n="$2" '$1 == name { print $n }' <<<"$SCENARIOS"
}

scenario_expects() {
	scenario_column "$1" 2
}

# Does the fix, as it is, make the finding go away?
scenario_has_fix() {
	[[ $(scenario_column "$1" 3) != - ]]
}

# And numbers better?
scenario_gets_better() {
	[[ $(scenario_column "$1" 3) == fix ]]
}

# Whose UDP statistics are to be seen: NAMESPACE, or none.
scenario_netns() {
	[[ $1 != udp-starved ]] || echo b
}

scenario_options() {
	[[ $1 != lost-events ]] || echo --slots $((NEAR ? 64 : 3))
}

# scenario NAME fire|near
scenario() {
	NEAR=
	[[ $2 == fire ]] || NEAR=1
	"scene_${1//-/_}"
}

# scenario_end NAME: what would outlive its namespaces.
scenario_end() {
	case $1 in
	other-softirq) ip -n "$NS-b" neighbour flush nud incomplete ;;
	numa-*) nics_return ;;
	esac
}

# --- what scenes are made of --------------------------------------------------

# background COMMAND...: until the end of the scenario.
background() {
	"$@" >/dev/null 2>"$RUN/background.err" </dev/null 3>&- &
	echo $! | tee -a "$RUN/background" >>"$RUN/pids"
}

# background_runs: nothing is wrong is easily said where nothing goes on.
background_runs() {
	local pid

	[[ -f $RUN/background ]] || return 0
	while read -r pid; do
		kill -0 "$pid" 2>/dev/null && continue
		echo "# what makes the traffic has ended:"
		sed 's/^/# /' "$RUN/background.err"
		return 1
	done <"$RUN/background"
}

# Namespaces a and b with a veth pair of N queues each way, with NAPI.
wide_pair() {
	net_add a && net_add b &&
		ip link add nsta0 netns "$NS-a" numtxqueues "$1" \
			numrxqueues "$1" type veth peer name nstb0 \
			netns "$NS-b" numtxqueues "$1" numrxqueues "$1" &&
		net_join 0
}

# pace CPU OPTION...: from a to b, for longer than anybody looks.
pace() {
	background "$TOOLS/pace" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.0.2 --cpu "$1" --seconds 300 "${@:2}"
}

# rules COUNT [FAMILY HOOK RULE]: what each packet passes in b, about 18 ns a rule.
rules() {
	local i

	{
		echo "table ${2:-ip} rules { chain rules {"
		echo "type filter hook ${3:-prerouting} priority 0;"
		for ((i = 0; i < $1; i++)); do
			echo "${4:-udp sport 1 udp dport 1 counter}"
		done
		printf '}\n}\n'
	} >"$RUN/rules.nft"
	in_ns b nft -f "$RUN/rules.nft"
}

# rps MASK
rps() {
	device_set b nstb0 queues/rx-0/rps_cpus "$(printf %x "$1")"
}

# Of the ports that flows may go to one whose packets RPS gives to CPU2.
rps_port() {
	local port before

	for ((port = 9100; port < 9150; port++)); do
		before=$(received_rps "$CPU2")
		timeout 5 "$TOOLS/pace" --from "$(ns a)" --to "$(ns b)" \
			--addr 10.77.0.2 --cpu "$CPU" --port "$port" \
			--rate 500 --seconds 1 >/dev/null
		(($(received_rps "$CPU2") < before + 100)) || break
	done
	echo "$port"
}

# received_rps CPU: IPIs that RPS sent it.
received_rps() {
	local columns

	while read -r -a columns; do
		((16#${columns[12]} != $1)) || echo $((16#${columns[9]}))
	done </proc/net/softnet_stat
}

# --- scenes -------------------------------------------------------------------

scene_idle() {
	[[ $NEAR ]] || return 0
	net_pair && pace "$CPU" --rate 1
}

scene_healthy() {
	net_pair && pace "$CPU" --rate "${NEAR:+1}2000" --segments 4
}

scene_healthy_bursts() {
	net_pair && pace "$CPU" --rate 500 --segments $((${NEAR:+64} + 64))
}

scene_backlog_drops() {
	net_pair && rps $((1 << CPU2)) || return
	[[ $NEAR ]] || sysctl_set net.core.netdev_max_backlog 10
	pace "$CPU" --rate 50 --segments 60
}

# A second pair: nsta1, nstb1.
second_pair() {
	ip link add nsta1 netns "$NS-a" type veth peer name nstb1 \
		netns "$NS-b" && net_join 1
}

scene_dear_packets() {
	net_pair && second_pair || return
	if [[ $NEAR ]]; then
		rules 50 && pace "$CPU" --rate 5000 &&
			pace "$CPU2" --addr 10.77.1.2 --rate 5000
	else
		rules 4000 && pace "$CPU" --rate 0 &&
			pace "$CPU2" --addr 10.77.1.2 --rate 0
	fi
}

# An emulated CPU takes a millisecond for what its thread does for a packet.
scene_rps_funnel() {
	local count=200

	! realtime || count=50
	net_pair && rps $((1 << CPU2)) && rules $count || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate 2000 --segments 10 --flows 32
	else
		pace "$CPU" --rate 0 --segments 8 --flows 32
	fi
}

scene_rps_one_flow() {
	local port

	net_pair && rps $((1 << CPU | 1 << CPU2)) && rules 200 || return
	port=$(rps_port)
	if [[ $NEAR ]]; then
		pace "$CPU" --port "$port" --rate 2000 --segments 10
	else
		pace "$CPU" --port "$port" --rate 0 --segments 8
	fi
}

scene_single_queue() {
	wide_pair 1 && rules 300 || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate 2000 --segments 10
	else
		pace "$CPU" --rate 0 --segments 8 --flows 32
	fi
}

scene_veth_queue() {
	wide_pair 2 && in_ns a ethtool -L nsta0 rx 1 tx 1 &&
		in_ns b ethtool -L nstb0 rx 1 tx 1 && rules 300 || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate 2000 --segments 10
	else
		pace "$CPU" --rate 0 --segments 8 --flows 32
	fi
}

scene_hash_skew() {
	wide_pair 2 && rules 300 || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate 2000 --segments 10 --flows 64
	else
		pace "$CPU" --rate 0 --segments 8
	fi
}

scene_squeeze_harmless() {
	net_pair || return
	[[ $NEAR ]] || sysctl_set net.core.netdev_budget 5
	pace "$CPU" --rate 200 --segments 30
}

scene_threaded() {
	net_pair || return
	[[ $NEAR ]] || threaded b nstb0 "$CPU2"
	pace "$CPU" --rate 5000 --segments 4
}

scene_task_polls() {
	net_pair || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate 5000
	else
		gen_start busy "$TOOLS/busypoll" --from "$(ns a)" \
			--to "$(ns b)" --addr 10.77.0.2 --count 10000000 \
			--cpu "$CPU2" && peer_tell "$PEER"
	fi
}

scene_squeeze_time() {
	net_pair && rules "$((NEAR ? 50 : 12000))" &&
		pace "$CPU" --rate 20 --segments 128
}

# Packets come by RPS: raised by an interrupt, while the task has softirqs off.  It ends
# now and then, as fentry programs can only be attached when it does (RCU Tasks).
scene_late_softirq() {
	net_pair && rps $((1 << CPU2)) && pace "$CPU" --rate 2000 || return
	[[ ! $NEAR ]] || return 0
	mkdir "$RUN/bpf" && head -c 64 /dev/zero >"$RUN/frame" &&
		background unshare -m bash -c '
		mount -t bpf none "$1" && bpftool prog loadall "$2" "$1/p" &&
			while taskset -c "$4" bpftool prog run pinned \
				"$1/p/hold" data_in "$3" repeat 250; do
				:
			done' -- "$RUN/bpf" \
		"$TOOLS/spin.bpf.o" "$RUN/frame" "$CPU2"
}

# Each is asked again every 20 ms, in the TIMER softirq, and for 15 seconds at most:
# until then it has its place in the one table of all namespaces, which has 1,024,
# and keeps its namespace.
scene_other_softirq() {
	local neighbours=150

	[[ ! $NEAR ]] || neighbours=$(many 150)
	net_pair && ip -n "$NS-b" address add 10.78.0.1/16 dev nstb0 &&
		in_ns b sysctl -qw net.ipv4.neigh.nstb0.retrans_time_ms=10 \
			net.ipv4.neigh.nstb0.mcast_solicit=750 &&
		rules "$((NEAR ? 10 : 8000))" arp output \
			"arp operation reply counter" &&
		in_ns b taskset -c "$CPU" bash -c 'for ((i = 0; i < $1; i++)); do
			echo >"/dev/udp/10.78.$((1 + i / 250)).$((1 + i % 250))/9"
		done' -- "$neighbours"
}

# With more rules a sender's turn is no more than a socket's buffer holds.
scene_udp_starved() {
	net_pair && rules "$(many 450)" || return
	if [[ $NEAR ]]; then
		pace "$CPU" --rate "$(many 2000)" --segments 4 --read "$CPU2"
	else
		pace "$CPU" --rate 0 --segments 32 --read "$CPU"
	fi
}

scene_lost_events() {
	net_pair && second_pair && pace "$CPU" --rate 100 &&
		pace "$CPU2" --addr 10.77.1.2 --rate 100 &&
		background "$TOOLS/pace" --from "$(ns b)" --to "$(ns a)" \
			--addr 10.77.0.1 --cpu "$CPU" --rate 100 &&
		background "$TOOLS/pace" --from "$(ns b)" --to "$(ns a)" \
			--addr 10.77.1.1 --cpu "$CPU2" --rate 100
}
