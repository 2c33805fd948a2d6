# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: tracepoint fentry
# What a server, or a careless person, does to whoever watches: each test is named
# "fault: what has to come of it", and says what did (scripts/faults makes a table
# of that).  Those that need a machine of their own: tests/vm/faults.bats.

bats_require_minimum_version 1.5.0
load lib
load faults
load trace

setup() {
	live_setup
}

teardown() {
	[[ ! -e ${RUN:-}/tracing_off ]] || tracing_on 1
	live_teardown
}

# --- devices ------------------------------------------------------------------

renamed() {
	datagrams 1009 && ip -n "$NS-b" link set nstb0 name nstb9 &&
		datagrams 2003
}

@test "a device is renamed: one row, under its new name" {
	net_pair
	watched renamed
	holds '[.napis[] | select(.netns == $netns) | [.dev, .work]] ==
		[["nstb9", 3012]]' "netns=\"$NS-b\""
	seen "$(query -r 'napi("nstb9") | "\(.label): \(.work) of 3012"')"
}

moved() {
	local peer

	peer=$(mac a nsta0)
	datagrams 1009 && ip -n "$NS-b" link set nstb0 netns "$NS-c" &&
		net_end c nstb0 10.77.0.2 10.77.0.1 "$peer" && datagrams 2003 c
}

@test "a device moves to another namespace: a row for each, and each its own" {
	net_pair
	net_add c
	watched moved
	holds '[.napis[] | select(.dev == "nstb0") | [.netns, .work]] | sort ==
		[[$b, 1009], [$c, 2003]]' "b=\"$NS-b\"" "c=\"$NS-c\""
	seen "$(query -r '[.napis[] | select(.dev == "nstb0") | .work] | sort |
		"\(.[0]) of 1009, \(.[1]) of 2003"')"
}

# frames NAMESPACE COUNT: into a queue of its tap, which then is closed.
frames() {
	printf '\n\n' | in_ns "$1" "$TOOLS/tuntx" --dev nst0 --queues 2 \
		--send "0:$CPU:$2" >/dev/null
}

# The kernel may give each the memory of the one before it.
taps_in_turn() {
	local i

	for ((i = 0; i < 10; i++)); do
		frames a 1009 && frames b 11 || return
	done
}

@test "taps of one number in two namespaces, in turn: each its own" {
	local name

	for name in a b; do
		net_add $name
		in_ns $name ip tuntap add nst0 mode tap multi_queue
	done
	watched taps_in_turn
	holds 'all(.devices[]; .dev != "nst0" or .rx_packets == .work)'
	holds '[("a", "b") as $name | total(.napis[] | select(.netns == $ns + $name)
		| .work)] == [10090, 110]' "ns=\"$NS-\""
	seen "$(query -r '[.devices[] | select(.dev == "nst0") | .work | tostring]
		| join(" and ")')"
}

DEVICES=${DEVICES:-6007}

# Each receives one frame.
churned() {
	"$TOOLS/churn" --devices "$DEVICES" --batch 100 --rate 1500 --cpu "$CPU"
}

@test "devices come and go, with room for half of them: each is counted" {
	local room=$((DEVICES / 2 < 8192 ? DEVICES / 2 : 8192))

	LIMIT=600
	watched churned --slots "$room"
	holds 'total(.napis[] | select(.poll_func == "tun_napi_poll" or
		.label == "gone") | .work) + .lost.slots == $n' "n=$DEVICES"
	holds 'any(.napis[]; .label == "gone" and .work > 0)'
	# Their histograms went with them into one.
	holds '(.napis[] | select(.label == "gone") | .polls - .hist.work.count) as
		$without | 0 <= $without and $without <= .lost.hists'
	seen "$(query -r '"\(total(.napis[] | select(.label == "gone") | .work))" +
		" gone, \(.lost.slots) without room, of \($n)"' "n=$DEVICES")"
}

# Three histograms each, and the pool has 4,096.
churned_slowly() {
	"$TOOLS/churn" --devices 2503 --batch 50 --rate 250 --cpu "$CPU"
}

@test "devices come and go, and have histograms: room is made in time" {
	watched churned_slowly
	holds '.lost.hists == 0 and .lost.slots == 0'
	holds 'any(.napis[]; .label == "gone" and .work > 0)'
	holds 'total(.napis[] | select(.poll_func == "tun_napi_poll" or
		.label == "gone") | .work) >= 2503'
	holds 'all(.napis[] | select(.label != "gone" and .polls > 0);
		.hist.work.count == .polls)'
	seen "$(query -r '"\([.napis[] | select(.hist)] | length) NAPIs with" +
		" histograms, \(.lost.hists) values without"')"
}

# Queue q of the first 200 has (q + 1) * 49 frames, of the others (q - 199).
MOVES=48

# More queues come when those that moved have been elsewhere for ten seconds.
moved_on() {
	local sends=(--send "0-199:$CPU:1") i

	for ((i = 0; i < MOVES; i++)); do
		sends+=(--send "0-199:$CPU2:1")
	done
	printf '\n\n' | in_ns a "$TOOLS/tuntx" --dev nst --devices 2 --queues 225 --in-turn \
		--pause 300 "${sends[@]}" --send "200-449:$CPU:1" >/dev/null
}

@test "NAPIs move to another CPU, and more come, with room for four of five: all is counted" {
	LIMIT=60
	net_add a
	watched moved_on --slots 512
	holds '.lost.slots == 0 and .lost.hists == 0'
	holds 'total(.napis[] | select(.dev // "" | test("^nst[01]$")) | .work) +
		total(.napis[] | select(.label == "gone") | .work) ==
		49 * 20100 + 31375'
	holds '[.napis[] | select(.dev // "" | test("^nst[01]$"))] |
		length > 200 and
		all(.work <= 250 or .work % 49 == 0) and
		all(.hist.work.count == .polls and .hist.work.sum == .work)'
	seen "$(query -r '([.napis[] | select(.dev // "" | test("^nst[01]$"))] |
		"\(length) NAPIs, \(total(.[] | .work))") + " of 1016275 frames" +
		" and \(total(.napis[] | select(.label == "gone") | .work)) gone"')"
}

# Of 800 frames each time some find no room, and 16 NAPIs are polled on two CPUs.
too_many() {
	local i

	for i in 1 2 3 4; do
		in_ns a "$TOOLS/tuntx" --dev nst --queues 48 --in-turn \
			--send "0-15:$CPU:1" --send "0-15:$CPU2:1" \
			--send "16-47:$CPU:1" >/dev/null </dev/null || return
		sleep 2.2
	done
	in_ns a "$TOOLS/tuntx" --dev nst --queues 30 --send "0-29:$CPU:1" \
		>/dev/null </dev/null
	sleep 2.5
}

@test "more come than there is room for, and go: who comes then finds room" {
	net_add a
	scope_start top -b -i 1 -f json --slots 64
	too_many
	kill -TERM "$SCOPE_PID"
	scope_end top
	# What found no room is counted, too.
	holds -s 'total(.[] | .lost.slots, (.napis[] |
		select(.poll_func == "tun_napi_poll" or .label == "gone") | .work)) ==
		4 * 800 + 465'
	# The last ones found some, each of them.
	holds -s '[.[] | select(any(.napis[]; .poll_func == "tun_napi_poll" and
		.work > 0))] | last | .lost.slots == 0 and ([.napis[] |
		select(.poll_func == "tun_napi_poll" and .work > 0)] | length) == 30'
	seen "$(query -rs '"\([.[].lost.slots] | add) of 3665 without room," +
		" the last 465 with"')"
}

# Slots are given back while events that name them by number are on their way.
@test "devices come and go, and room is made: each poll is traced, with its name" {
	LIMIT=600
	scope_run "$TIER" "$RUN/traced" "$RUN/scope.err" trace -d "$LIMIT" \
		-f json --events poll --slots 2048
	churned_slowly
	sleep 1
	scope_finish
	jq -c 'select(.event == "end") | .report' "$RUN/traced" >"$RUN/json"
	holds '.lost.slots == 0 and .lost.events == 0 and
		any(.napis[]; .label == "gone" and .work > 0)'
	# They have their frames in turn.
	jq -es '[.[] | select(.poll_func == "tun_napi_poll")]
		| map([.dev, .work]) == [range(2503) | ["nst\(.)", 1]]' "$RUN/traced"
	seen "2503 polls traced, of $(query 'total(.napis[]
		| select(.label == "gone") | .work)') the NAPI's slot was given back"
}

# --- those who watch ----------------------------------------------------------

STOPPED=4

# All that comes while it stands still is in one line, which is as long.
@test "SIGSTOP for a while: the next line covers it, and nothing is lost" {
	net_pair
	scope_start top -b -i 1 -n 6 -f json
	datagrams 1009
	kill -STOP "$SCOPE_PID"
	datagrams 20011
	sleep "$STOPPED"
	kill -CONT "$SCOPE_PID"
	datagrams 2003
	wait "$SCOPE_PID"
	holds -s 'map(napi("nstb0").work) | add == 23023'
	holds -s 'any(.interval_s > $stopped) and all(.interval_s > 0)' \
		"stopped=$STOPPED"
	seen "$(query -rs '"work \(map(napi("nstb0").work) | add) of 23023," +
		" the longest line \(map(.interval_s) | max) s"')"
}

both_watch() {
	udp tx a b 10.77.0.2 --count 20011 --cpu "$CPU"
}

@test "two at once: both count the same" {
	net_pair
	SECOND=$TIER
	measure both_watch
	holds_invariants
	holds '[napi("nstb0") | .work, .polls] ==
		[$second | napi("nstb0") | .work, .polls]'
	holds 'napi("nstb0").work == 20011'
	seen "$(query -r '"\(napi("nstb0").polls) and" +
		" \($second | napi("nstb0").polls) polls"')"
}

programs() {
	bpftool -j prog | jq '[.[] | select((.name // "") |
		test("__(tp|fe|kp|run)$"))] | length'
}

programs_are() {
	[[ $(programs) == "$1" ]]
}

is_gone() {
	[[ ! -d /proc/$1 ]]
}

# The end of script is the end of the terminal that it made.
@test "its terminal is closed: it ends, and nothing stays attached" {
	local before

	before=$(programs)
	setsid script -qfc "$NAPISCOPE top --tier $TIER" /dev/null \
		>"$RUN/screen" 2>&1 </dev/null 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 60 grep -q NETRX "$RUN/screen"
	run ! programs_are "$before"
	pid=$(pgrep -f "^$NAPISCOPE top --tier $TIER")
	kill -KILL $!
	wait_for 10 programs_are "$before"
	wait_for 10 is_gone "$pid"
	seen "ended, $(programs) of $before programs left"
}

# programs_differ FROM: ours are attached.
programs_differ() {
	! programs_are "$1"
}

# More than a pipe holds is written before long.
@test "who reads its output stops: it ends when told to, and nothing stays attached" {
	local before pid reader

	before=$(programs)
	mkfifo "$RUN/pipe"
	sleep 60 <"$RUN/pipe" 3>&- &
	reader=$!
	echo $reader >>"$RUN/pids"
	"$NAPISCOPE" top -b -f json -i 0.1 --tier "$TIER" >"$RUN/pipe" \
		2>"$RUN/scope.err" 3>&- &
	pid=$!
	echo $pid >>"$RUN/pids"
	wait_for 60 programs_differ "$before"
	sleep 5
	kill -TERM "$pid"
	wait_for 10 is_gone "$pid"
	wait_for 10 programs_are "$before"
	kill "$reader"
	wait "$pid"
	[[ ! -s $RUN/scope.err ]]
	seen "ended, $(programs) of $before programs left"
}

# A terminal that nobody reads any more, with the screen on it: that of a connection
# which stalls.  More than it has room for is on its way when the screen is drawn anew.
@test "its terminal takes nothing: it ends when told to, and nothing stays attached" {
	local before pid

	before=$(programs)
	python3 "$ROOT/tests/live/stalled.py" "$NAPISCOPE" top -i 0.1 --tier "$TIER" \
		>"$RUN/stalled" 2>&1 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 60 grep -q stalled "$RUN/stalled"
	run ! programs_are "$before"
	pid=$(sed -n 's/^stalled //p' "$RUN/stalled")
	kill -TERM "$pid"
	wait_for 10 programs_are "$before"
	wait_for 10 grep -q "ended 0, echo 1" "$RUN/stalled"
	seen "$(tail -1 "$RUN/stalled"), $(programs) of $before programs left"
}

@test "what it prints to a terminal that takes nothing does not keep it" {
	local before pid

	before=$(programs)
	python3 "$ROOT/tests/live/stalled.py" "$NAPISCOPE" top -b -i 0.05 --tier "$TIER" \
		>"$RUN/stalled" 2>&1 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 60 grep -q stalled "$RUN/stalled"
	pid=$(sed -n 's/^stalled //p' "$RUN/stalled")
	kill -TERM "$pid"
	wait_for 10 programs_are "$before"
	wait_for 10 grep -q "ended 0" "$RUN/stalled"
	seen "$(tail -1 "$RUN/stalled"), $(programs) of $before programs left"
}

# --- what it reads ------------------------------------------------------------

# without FILE [OPTION...]: napiscope where FILE of /proc is empty.
without() {
	unshare -m bash -c 'mount --bind /dev/null "$0" && exec "$@"' "$1" \
		"$NAPISCOPE" report -d 0.3 --tier "$TIER" -f json "${@:2}" \
		>"$RUN/json"
}

@test "files of /proc are hidden: their numbers are missing, the rest is there" {
	without /proc/interrupts
	holds 'all(.irqs[]; has("count_kernel") | not) and (.cpus | length) > 0'
	without /proc/softirqs
	holds 'all(.cpus[]; (has("softirqs_kernel") | not) and has("softirqs"))'
	without /proc/stat
	holds 'all(.cpus[]; (has("stat_softirq_ns") | not) and has("softirq_ns"))'
	seen "no count_kernel, no softirqs_kernel, no stat_softirq_ns"
}

# Where per-CPU data is, which the squeezes are in, is learned from a poll then.
@test "the kernel's symbols are hidden: packets are counted, and squeezes have a kind" {
	net_pair
	cat >"$RUN/napiscope" <<-END
		#!/bin/sh
		exec unshare -m sh -c 'mount --bind /dev/null /proc/kallsyms && exec "\$@"' \
			- "$NAPISCOPE" "\$@"
	END
	chmod +x "$RUN/napiscope"
	NAPISCOPE=$RUN/napiscope watched datagrams 1009
	holds 'total(of_dev("nstb0")[].work) == 1009 and
		([.cpus[] | select(has("squeeze_budget"))] | length) > 0'
	seen "$(query -r '"\(total(of_dev("nstb0")[].work)) of 1009"')"
}

# hidden DIRECTORY: one line, and its status.
hidden() {
	run unshare -m bash -c 'mount -t tmpfs none "$0" && exec "$@"' "$1" \
		"$NAPISCOPE" report -d 0.3 --tier "$TIER"
	[[ $status == 1 && ${#lines[@]} == 1 ]] && return
	printf '%s\n' "$status" "$output"
	return 1
}

@test "all of /proc or /sys is hidden: one line that says so" {
	hidden /proc
	[[ ${lines[0]} == *"is /proc mounted?"* ]]
	hidden /sys
	[[ ${lines[0]} == *"/sys/kernel/btf/vmlinux"* ]]
	seen "${lines[0]}"
}

tracing_is_on() {
	unshare -m bash -c 'mount -t tracefs none /sys/kernel/tracing &&
		cat /sys/kernel/tracing/tracing_on'
}

# tracing_on VALUE: prints what it was.
tracing_on() {
	unshare -m bash -c 'mount -t tracefs none /sys/kernel/tracing &&
		cat /sys/kernel/tracing/tracing_on &&
		echo "$0" >/sys/kernel/tracing/tracing_on' "$1"
}

tracing_off() {
	datagrams 1009 && touch "$RUN/tracing_off" && tracing_on 0 &&
		datagrams 2003
}

@test "tracing is switched off meanwhile: counting goes on" {
	[[ $(tracing_is_on) == 1 ]] || skip "somebody switched it off"
	net_pair
	watched tracing_off
	holds 'napi("nstb0").work == 3012'
	seen "$(query -r '"\(napi("nstb0").work) of 3012"')"
}
