# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # $ in single quotes is jq's
# What the live tests share: network namespaces of their own, generators that
# send when they are told to, napiscope around them, and expectations in jq.
#
# A test defines a function that starts its generators (and changes settings),
# measures around it, and says what has to hold:
#
#	traffic() { udp tx a b 10.77.0.2 --count 10007; }
#	measure traffic
#	holds 'napi("nstb0").work == $n' n=10007
#
# Everything it made or changed is undone by live_teardown, also on failure.

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
LIVE=$ROOT/tests/live
TOOLS=$ROOT/build/tests/tools
NAPISCOPE=${NAPISCOPE:-$ROOT/build/napiscope}
TIER=${TIER:-tracepoint}

# Repeated at most so often when the machine disturbed the measurement.
TRIES=${TRIES:-5}
# Longest that traffic may take, and between two looks at what is waited for, in
# seconds.
LIMIT=90
LOOK=${LOOK:-0.05}

live_setup() {
	local cpus

	((EUID == 0)) || skip "needs root"
	[[ -x $NAPISCOPE ]] || { echo "no $NAPISCOPE: run make"; return 1; }
	[[ -x $TOOLS/tuntx ]] || { echo "no $TOOLS: run make tools"; return 1; }
	# bats notes each command, to say where a test failed, which takes longer than
	# most commands: here only those of the test are noted.
	if declare -F bats_debug_trap >/dev/null; then
		trap '[[ $BASH_SOURCE == *.bash ]] || bats_debug_trap "$BASH_SOURCE"' DEBUG
	fi
	RUN=$BATS_TEST_TMPDIR
	NS=nst$$
	GENS=()
	UNDISTURBED=(true)
	ORACLE=
	ORACLE_MORE=
	SETTLE=0
	SECOND=""
	SECOND_OPTIONS=()
	: >"$RUN/pids"
	echo "[]" >"$RUN/unseen"
	echo null >"$RUN/second"
	: >"$RUN/sysctls"
	mkfifo "$RUN/silence"
	# The CPU where NET_RX ran least, and another one.
	mapfile -t cpus < <(cpus_by_net_rx)
	CPU=${cpus[0]}
	CPU2=${cpus[-1]}
	export CPU CPU2
}

live_teardown() {
	[[ -n ${RUN:-} ]] || return 0
	gens_kill
	sysctl_restore
	net_delete
}

cpus_by_net_rx() {
	awk 'NR == 1 { for (i = 1; i <= NF; i++) cpu[i] = substr($i, 4) }
	     $1 == "NET_RX:" { for (i = 2; i <= NF; i++) print $i, cpu[i - 1] }' \
		/proc/softirqs | sort -n | awk '{ print $2 }'
}

# many N: packets of a long run; an emulated machine sends fewer.
many() {
	echo $(($1 / ${FEWER:-1}))
}

# kernel_has MAJOR.MINOR: it is at least that version.
kernel_has() {
	[[ $(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1) == "$1" ]]
}

realtime() {
	[[ $(uname -v) == *PREEMPT_RT* ]]
}

# Exact poll time from the first poll on.
need_napi_poll() {
	grep -q ' __napi_poll$' /proc/kallsyms ||
		skip "this kernel has no __napi_poll that can be hooked"
}

need_two_cpus() {
	[[ $CPU != "$CPU2" ]] || skip "needs two CPUs"
}

# --- settings ---------------------------------------------------------------

# sysctl_set NAME VALUE: restored by sysctl_restore.
sysctl_set() {
	printf '%s=%s\n' "$1" "$(sysctl -n "$1")" >>"$RUN/sysctls"
	sysctl -qw "$1=$2"
}

# The first value saved of a name is the original one: restore it last.
sysctl_restore() {
	local line

	tac "$RUN/sysctls" | while read -r line; do
		sysctl -qw "$line" || true
	done
	: >"$RUN/sysctls"
}

# --- network ----------------------------------------------------------------

# Path of a namespace of this test.
ns() {
	echo "/run/netns/$NS-$1"
}

in_ns() {
	local name=$1

	shift
	ip netns exec "$NS-$name" "$@"
}

# No IPv6: nothing is sent that the test does not send.
net_add() {
	ip netns add "$NS-$1" &&
		in_ns "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1 &&
		ip -n "$NS-$1" link set lo up
}

# net_napi NAMESPACE DEVICE: a veth has a NAPI by GRO or, before 5.13, XDP.
net_napi() {
	in_ns "$1" ethtool -K "$2" gro on tso off tx-udp-segmentation off ||
		return
	kernel_has 5.13 || in_ns "$1" test -e "/sys/class/net/$2/device" ||
		in_ns "$1" ip link set "$2" \
			xdp object "$TOOLS/xdp.bpf.o" program pass
}

# One end of a pair: NAMESPACE DEVICE ADDRESS PEER-ADDRESS PEER-MAC.
net_end() {
	net_napi "$1" "$2" &&
		ip -n "$NS-$1" address add "$3/24" dev "$2" &&
		ip -n "$NS-$1" link set "$2" up &&
		ip -n "$NS-$1" neighbour replace "$4" lladdr "$5" dev "$2" \
			nud permanent
}

# mac NAMESPACE DEVICE
mac() {
	ip -n "$NS-$1" -br link show "$2" | awk '{ print $3 }'
}

# net_join N: the devices nstaN of namespace a (10.77.N.1) and nstbN of b
# (10.77.N.2), that a wire connects, with GRO and without segmentation.
net_join() {
	net_end a "nsta$1" "10.77.$1.1" "10.77.$1.2" "$(mac b "nstb$1")" &&
		net_end b "nstb$1" "10.77.$1.2" "10.77.$1.1" "$(mac a "nsta$1")"
}

# Namespaces a and b, joined by veth devices with NAPI (which GRO gives them):
# nsta0 (10.77.0.1) and nstb0 (10.77.0.2).
net_pair() {
	net_add a && net_add b &&
		ip link add nsta0 netns "$NS-a" type veth \
			peer name nstb0 netns "$NS-b" &&
		net_join 0
}

net_is_empty() {
	[[ ! $(ip netns pids "$1") ]]
}

# A process that is still in one would keep it, and its traffic, for good.  What was
# just ended may take a moment.
net_delete() {
	local name pids status=0

	while read -r name _; do
		[[ $name == "$NS"-* ]] || continue
		if ! wait_for 2 net_is_empty "$name"; then
			mapfile -t pids < <(ip netns pids "$name")
			echo "left in $name:"
			ps -o pid=,args= -p "${pids[*]}"
			kill "${pids[@]}"
			status=1
		fi
		ip netns delete "$name"
	done < <(ip netns list)
	return $status
}

# net_expensive FACTOR: every packet that namespace b receives runs through
# FACTOR * 8000 rules.
net_expensive() {
	{
		echo "table ip expensive {"
		chain leaf "" 20 "udp sport 1 udp dport 1 counter"
		chain twig "" 20 "jump leaf"
		chain bough "" 20 "jump twig"
		chain root "type filter hook prerouting priority 0;" "$1" "jump bough"
		echo "}"
	} >"$RUN/expensive.nft"
	in_ns b nft -f "$RUN/expensive.nft"
}

# chain NAME TYPE COUNT RULE
chain() {
	local i

	echo "chain $1 { $2"
	for ((i = 0; i < $3; i++)); do
		echo "$4"
	done
	echo "}"
}

# device_set NAMESPACE DEVICE NAME VALUE: in /sys/class/net.
device_set() {
	in_ns "$1" bash -c 'echo "$2" >"/sys/class/net/$0/$1"' "$2" "$3" "$4"
}

# threaded NAMESPACE DEVICE CPU: from now on its NAPIs have threads, there.
threaded() {
	local pid

	kernel_has 5.12 || skip "threaded NAPI: 5.12"
	device_set "$1" "$2" threaded 1 || return
	for pid in $(pgrep "^napi/$2-"); do
		taskset -cp "$3" "$pid" >/dev/null
	done
}

# --- generators -------------------------------------------------------------

# wait_for SECONDS COMMAND...: until it succeeds.  Nothing is started to wait or to
# look, where an emulated CPU would have to do it instead of what is waited for.
wait_for() {
	local until=$((${EPOCHREALTIME/./} + $1 * 1000000))

	shift
	until "$@"; do
		((${EPOCHREALTIME/./} < until)) || return 1
		read -rt "$LOOK" <>"$RUN/silence" || true
	done
}

# has_line LINE FILE: which need not be there yet.
has_line() {
	local line

	while read -r line; do
		[[ $line != "$1" ]] || return 0
	done 2>/dev/null <"$2"
	return 1
}

# peer_start NAME COMMAND...: a process that says "ready", does its work when
# it is sent a line, says "done", and ends at the next line.  Sets PEER.
peer_start() {
	local name=$1 fd

	shift
	# What the one before it said would be taken for its own.
	rm -f "$RUN/$name".{in,out,err}
	mkfifo "$RUN/$name.in" || return
	exec {fd}<>"$RUN/$name.in"
	timeout -k 5 120 "$@" <"$RUN/$name.in" >"$RUN/$name.out" \
		2>"$RUN/$name.err" 3>&- &
	PEER=$name:$fd:$!
	echo $! >>"$RUN/pids"
	peer_said "$PEER" ready 10
}

# peer_said PEER WORD SECONDS
peer_said() {
	local name=${1%%:*}

	wait_for "$3" peer_said_or_died "$1" "$2"
	has_line "$2" "$RUN/$name.out" && return
	echo "$name is not $2:"
	cat "$RUN/$name.err"
	return 1
}

peer_said_or_died() {
	has_line "$2" "$RUN/${1%%:*}.out" || ! kill -0 "${1##*:}" 2>/dev/null
}

# peer_tell PEER: a line.
peer_tell() {
	local fd

	IFS=: read -r _ fd _ <<<"$1"
	echo >&"$fd"
}

peer_end() {
	local name fd pid

	IFS=: read -r name fd pid <<<"$1"
	echo >&"$fd"
	wait "$pid" || {
		echo "$name failed:"
		cat "$RUN/$name.err"
		return 1
	}
	exec {fd}>&-
}

# gen_start NAME COMMAND...: set up, waits for gens_go.
gen_start() {
	peer_start "$@" || return
	GENS+=("$PEER")
}

# gen_command NAME COMMAND...: the same for one that knows no such manners.
gen_command() {
	local name=$1

	shift
	gen_start "$name" bash -c \
		'echo ready; read -r; "$@" >&2 || exit; echo done; read -r' -- "$@"
}

# beside NAMESPACE COMMAND...: until the end of the test.  ip becomes the command,
# so that it is what ends.
beside() {
	ip netns exec "$NS-$1" "${@:2}" >"$RUN/beside" 2>&1 </dev/null 3>&- &
	echo $! >>"$RUN/pids"
}

# udp NAME FROM TO ADDRESS OPTION...: datagrams between two namespaces.
udp() {
	local name=$1 from to

	from=$(ns "$2") to=$(ns "$3")
	gen_start "$name" "$TOOLS/udptx" --from "$from" --to "$to" --addr "$4" \
		"${@:5}"
}

# tap NAME OPTION...: frames into a tap device in namespace a.
tap() {
	local name=$1

	shift
	gen_start "$name" ip netns exec "$NS-a" "$TOOLS/tuntx" "$@"
}

# What a generator printed after a word.
gen_value() {
	sed -n "s/^$2 //p" "$RUN/$1.out"
}

# No CPU's backlog holds a packet any more.
backlogs_empty() {
	local columns

	while read -r -a columns; do
		((16#${columns[11]:-0} == 0)) || return 1
	done </proc/net/softnet_stat
}

# All send at once.
gens_begin() {
	local gen

	for gen in "${GENS[@]}"; do
		peer_tell "$gen"
	done
}

# Until all are done, their timers too (SETTLE seconds), and nothing waits.
gens_done() {
	local gen

	for gen in "${GENS[@]}"; do
		peer_said "$gen" "done" "$LIMIT" || return
	done
	sleep "$SETTLE"
	wait_for 10 backlogs_empty
}

gens_go() {
	gens_begin && gens_done
}

gens_end() {
	local gen

	for gen in "${GENS[@]}"; do
		peer_end "$gen" || return
	done
	GENS=()
}

gens_kill() {
	local pid

	while read -r pid; do
		kill "$pid" 2>/dev/null || continue
		# It may stand still.
		kill -CONT "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done <"$RUN/pids"
	: >"$RUN/pids"
	echo "[]" >"$RUN/unseen"
	GENS=()
}

# --- what BPF does not see --------------------------------------------------
#
# A kernel may keep BPF programs away from the process that supervises the
# machine: what softirqs and interrupts do while one of its threads is current
# stays unseen, and no counter says so.  ftrace sees it.  The invariants are
# then: traced + unseen = the kernel's count, exactly.  With ALL_SEEN nothing may
# be unseen: the machines of the lab run kernels that hide nothing.

# The process that nobody may look at, if there is one: init.
unseen_filter() {
	local comm filter=

	while read -r comm; do
		filter+="${filter:+ || }comm == \"$comm\""
	done < <(cat /proc/1/task/*/comm | sort -u)
	echo "$filter"
}

unseen_start() {
	[[ -z ${ALL_SEEN:-} ]] || return 0
	peer_start unseen unshare -m bash -c 'set -e
		mount -t tracefs none /sys/kernel/tracing
		own=/sys/kernel/tracing/instances/$1
		mkdir "$own"
		trap "cd / && rmdir $own" EXIT
		trap "exit 1" TERM
		cd "$own"
		echo mono >trace_clock
		for event in softirq_entry irq_handler_entry; do
			echo "$2" >"events/irq/$event/filter"
			echo 1 >"events/irq/$event/enable"
		done
		echo "$EPOCHREALTIME" >trace_marker
		echo ready
		read -r
		echo 0 >events/enable
		cat trace >"$3"
		echo done
		read -r' -- "$NS" "$(unseen_filter)" "$RUN/unseen.trace" || return
	UNSEEN=$PEER
}

# The events as JSON: [time, "softirq", CPU, vector] or [time, "irq", CPU, irq].
unseen_stop() {
	[[ -z ${ALL_SEEN:-} ]] || return 0
	peer_tell "$UNSEEN" && peer_said "$UNSEEN" "done" 10 || return
	peer_end "$UNSEEN" || return
	sed -nE 's/.*\[([0-9]+)\] [^ ]+ +([0-9.]+): (.*)/\2 \1 \3/p' \
		"$RUN/unseen.trace" | awk '
		$3 == "tracing_mark_write:" { real = $4 - $1 }
		$3 == "softirq_entry:" {
			gsub(/.*action=|\]/, "", $5)
			printf "[%.6f,\"softirq\",%d,\"%s\"]\n", $1 + real, $2, $5
		}
		$3 == "irq_handler_entry:" {
			sub(/irq=/, "", $4)
			printf "[%.6f,\"irq\",%d,%d]\n", $1 + real, $2, $4
		}' | jq -cs . >"$RUN/unseen"
}

# --- an independent count ---------------------------------------------------

# The same events, counted by another program: polls by device and thread,
# those of them that found work or had the budget 0, and handlers by irq.
oracle_start() {
	local program='tracepoint:napi:napi_poll {
		@polls[str(args->dev_name), comm] = count();
		if (args->work > 0) {
			@found[str(args->dev_name), comm] = count(); }
		if (args->budget == 0) {
			@netpolls[str(args->dev_name), comm] = count(); } }
	tracepoint:irq:irq_handler_entry { @irqs[args->irq] = count(); }
	'$ORACLE_MORE

	rm -f "$RUN/oracle"
	unshare -m bash -c 'mount -t tracefs none /sys/kernel/tracing &&
		exec bpftrace -f json -e "$1"' -- "$program" \
		>"$RUN/oracle" 2>"$RUN/oracle.err" 3>&- &
	ORACLE_PID=$!
	echo "$ORACLE_PID" >>"$RUN/pids"
	wait_for 60 grep -qs attached_probes "$RUN/oracle" || {
		echo "bpftrace does not start:"
		cat "$RUN/oracle.err"
		return 1
	}
	sleep 1
}

oracle_gone() {
	! kill -0 "$ORACLE_PID" 2>/dev/null
}

# bpftrace may overlook an interrupt; a second one at once would spoil its end.
oracle_stop() {
	local _

	for _ in 1 2 3; do
		kill -INT "$ORACLE_PID" 2>/dev/null || break
		! wait_for 10 oracle_gone || break
	done
	oracle_gone || {
		echo "bpftrace does not end"
		return 1
	}
	wait "$ORACLE_PID"
}

need_oracle() {
	command -v bpftrace >/dev/null || skip "needs bpftrace"
	ORACLE=1
}

# The functions that schedule and complete too, by the NAPI's address: every
# schedule but those of the timer (RT has it call the hooked function, others
# inline it), and those from within a completion of the same NAPI; completions,
# and what they return; the timer.
need_oracle_functions() {
	local schedule='/!@timer[cpu]/ { @schedules[arg0] = count();
		if (@completing[cpu] == arg0) { @core[arg0] = count(); } }'

	need_oracle
	ORACLE_MORE="tracepoint:napi:napi_poll {
		@napis[(uint64)args->napi] = str(args->dev_name); }
	kprobe:__napi_schedule $schedule
	kprobe:napi_watchdog { @timer[cpu] = 1; @watchdogs = count(); }
	kretprobe:napi_watchdog { @timer[cpu] = 0; }
	kprobe:napi_complete_done { @completing[cpu] = arg0;
		@completions[arg0] = count(); }
	kretprobe:napi_complete_done {
		@rearms[@completing[cpu]] = sum(retval & 0xff);
		@completing[cpu] = 0; }"
	# On RT it calls the other one.
	[[ $(uname -v) == *PREEMPT_RT* ]] ||
		ORACLE_MORE+=" kprobe:__napi_schedule_irqoff $schedule"
}

# oracle_count MAP DEVICE THREAD-PREFIX
oracle_count() {
	jq -s --arg map "@$1" --arg key "$2,$3" '[.[] | select(.type == "map")
		| .data[$map] // {} | to_entries[]
		| select(.key | startswith($key)) | .value] | add // 0' \
		"$RUN/oracle"
}

# oracle_calls DEVICE: as {schedules, core, completions, rearms, watchdogs}, of
# its NAPIs; the timer's are of all.
oracle_calls() {
	jq -cs --arg dev "$1" '[.[] | select(.type == "map") | .data] | add
		| (.["@napis"] | with_entries(select(.value == $dev))) as $napis
		| [("schedules", "core", "completions", "rearms") as $map
			| { ($map): ([.["@" + $map] // {} | to_entries[]
				| select($napis[.key]) | .value] | add // 0) }]
		+ [{ watchdogs: (.["@watchdogs"] // 0) }] | add' "$RUN/oracle"
}

# oracle_irqs: {IRQ: runs of its handlers}
oracle_irqs() {
	jq -cs '[.[] | select(.type == "map") | .data["@irqs"] // {}] | add' \
		"$RUN/oracle"
}

# --- measuring --------------------------------------------------------------

# Its timer runs from the moment when it has read the first numbers, and then it
# sleeps.
scope_ready() {
	local stat

	[[ -d /proc/$SCOPE_PID ]] || return 0
	read -r stat <"/proc/$SCOPE_PID/stat"
	[[ $stat == *') S '* ]] || return
	grep -qsE '^it_value: \((0, )?[1-9]' "/proc/$SCOPE_PID"/fdinfo/*
}

# scope_run TIER OUT ERR COMMAND [OPTION...]: sets SCOPE_PID.
scope_run() {
	"$NAPISCOPE" "${@:4}" --tier "$1" >"$2" 2>"$3" 3>&- &
	SCOPE_PID=$!
	echo "$SCOPE_PID" >>"$RUN/pids"
	wait_for 60 scope_ready && scope_runs && return
	echo "napiscope does not start:"
	cat "$3"
	return 1
}

scope_start() {
	scope_run "$TIER" "$RUN/json" "$RUN/scope.err" "$@"
}

# Another one over the same traffic, in the tier SECOND and with SECOND_OPTIONS too:
# $second in queries.
second_start() {
	local SCOPE_PID

	[[ -n $SECOND ]] || return 0
	scope_run "$SECOND" "$RUN/second" "$RUN/second.err" "$@" \
		"${SECOND_OPTIONS[@]}" || return
	SECOND_PID=$SCOPE_PID
}

second_end() {
	[[ -n $SECOND ]] || return 0
	kill -TERM "$SECOND_PID" 2>/dev/null
	wait "$SECOND_PID"
}

scope_runs() {
	kill -0 "$SCOPE_PID" 2>/dev/null
}

# A signal ends report early; top -n ends by itself.
scope_end() {
	[[ $1 != report ]] || kill -TERM "$SCOPE_PID" 2>/dev/null
	wait "$SCOPE_PID" && return
	echo "napiscope failed:"
	cat "$RUN/scope.err"
	return 1
}

# undisturbed EXPRESSION [NAME=JSON...]: else nothing is known, measure again.
undisturbed() {
	UNDISTURBED=("$@")
}

# 75: disturbed, try again.
measure_once() {
	local prepare=$1 late=

	shift
	"$prepare" || return 1
	[[ -z $ORACLE ]] || oracle_start || return 1
	unseen_start || return 1
	scope_start "$@" && second_start "$@" || return 1
	gens_go || return 1
	scope_runs || late=1
	scope_end "$1" && second_end || return 1
	unseen_stop || return 1
	[[ -z $ORACLE ]] || oracle_stop || return 1
	gens_end || return 1
	if [[ $late ]]; then
		disturbed_by "the traffic took longer than the measurement"
		return
	fi
	disturbed
}

# disturbed_by WHY: said in the results too, where tests/run counts it.
disturbed_by() {
	echo "disturbed: $1"
	echo "# disturbed, $BATS_TEST_DESCRIPTION: $1" >&3
	return 75
}

# About all intervals.
disturbed() {
	local why

	why=$(query -sr 'if all(.settled == 1) | not then
			"the counters were never of one instant"
		elif all(unseen_clear($unseen)) | not then "BPF missed something"
		elif all(none_skipped) | not then "the kernel skipped a program"
		elif all('"${UNDISTURBED[0]}"') | not then "not as wanted"
		else empty end' "${UNDISTURBED[@]:1}") ||
		why="the question has no answer"
	[[ $why ]] || return 0
	echo "wanted: ${UNDISTURBED[*]}"
	disturbed_by "$why"
}

# measure_with PREPARE COMMAND [OPTION...]
measure_with() {
	local try status

	for ((try = 0; try < TRIES; try++)); do
		status=0
		measure_once "$@" || status=$?
		((status == 75)) || break
	done
	((status == 0)) || return 1
	holds '.tier == $tier' "tier=\"$TIER\""
}

# measure PREPARE [OPTION...]: report around the generators.
measure() {
	measure_with "$1" report -d "$LIMIT" -f json "${@:2}"
}

# query [JQ-OPTION...] EXPRESSION [NAME=JSON...]
query() {
	local options=() args=() arg

	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	args+=(--argjson cpu "$CPU" --argjson cpu2 "$CPU2"
		--slurpfile unseen_file "$RUN/unseen"
		--slurpfile second_file "$RUN/second")
	for arg in "${@:2}"; do
		args+=(--argjson "${arg%%=*}" "${arg#*=}")
	done
	jq -L "$LIVE" "${options[@]}" "${args[@]}" \
		"include \"napi\"; \$unseen_file[0] as \$unseen
			| \$second_file[0] as \$second | $1" "$RUN/json"
}

# holds [JQ-OPTION...] EXPRESSION [NAME=JSON...]: or shows what there is instead.  Each
# of several values has to be true.
holds() {
	local options=()

	while [[ $1 == -* ]]; do
		options+=("$1")
		shift
	done
	query -e "${options[@]}" "[$1] | length > 0 and all" "${@:2}" >/dev/null &&
		return
	echo "does not hold: $*"
	query -c '{tier, interval_s, netdev_budget, netdev_budget_usecs, lost},
		((.cpus, .napis)[] | del(.softirq_vec_ns, .hist))' | cut -c 1-900
	return 1
}

# What must hold in every interval.
holds_invariants() {
	local found

	found=$(query -r 'violations($unseen)[]') && [[ -z $found ]] && return
	echo "$found"
	return 1
}

# ways DEVICE SCHEDULES CORE COMPLETIONS REARMS WATCHDOG: into poll mode and out.
ways() {
	holds 'napi($dev) | [.schedules, .core_reschedules, .completions, .rearms,
		.watchdog_polls] == $want' "dev=\"$1\"" \
		"want=[$2, $3, $4, $5, $6]"
	holds 'napi($dev) | .sessions == .rearms and
		all(.inferred[]; . != "sessions")' "dev=\"$1\""
}

# as_oracle DEVICE: another program counted the same.  It may miss the timer,
# whose interrupt finds one of its other programs at work.
as_oracle() {
	holds 'napi($dev) | ($o | del(.watchdogs)) == {
		schedules: (.schedules + .core_reschedules), core: .core_reschedules,
		completions, rearms } and $o.watchdogs <= .watchdog_polls' \
		"dev=\"$1\"" "o=$(oracle_calls "$1")"
}
