#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings: a replay prints byte for byte what the live run printed, of every
# command and in every format; whatever happens to the file is said in a line.

load ../live/lib

setup() {
	live_setup
	REC=$RUN/rec
	LIVE_OUT=$RUN/live
	REPLAY_OUT=$RUN/replay
	export COLUMNS=160
}

teardown() {
	screen kill-server 2>/dev/null || true
	live_teardown
}

# Packets all the time, so that there is something to print.
traffic() {
	net_pair
	in_ns a ping -c 1 -W 10 -q 10.77.0.2 >/dev/null
	beside a ping -i 0.02 -q 10.77.0.2
}

# The screen in a terminal of its own, which the end of a test does not wait for.
screen() {
	tmux -L "$NS" "$@" 3>&-
}

# same COMMAND OPTION...: recorded and replayed with the same options.
same() {
	"$NAPISCOPE" "$@" -w "$REC" >"$LIVE_OUT"
	[[ -s $LIVE_OUT ]]
	"$NAPISCOPE" "$@" -r "$REC" >"$REPLAY_OUT"
	cmp "$LIVE_OUT" "$REPLAY_OUT"
}

# says STATUS TEXT COMMAND...: that status, and one line of errors with TEXT.
says() {
	local expected=$1 text=$2 status=0

	shift 2
	"$@" >"$RUN/out" 2>"$RUN/err" || status=$?
	[[ $status -eq $expected && $(wc -l <"$RUN/err") -eq 1 &&
		$(<"$RUN/err") == *"$text"* ]] && return
	echo "$*: status $status:"
	cat "$RUN/err"
	return 1
}

@test "top: what was printed live is printed again" {
	traffic
	for format in text json csv; do
		same top -b -i 0.2 -n 4 -f "$format"
	done
	same top -b -i 0.2 -n 3 -f json --hist
	grep -q nstb0 "$REPLAY_OUT"
}

@test "report: what was printed live is printed again" {
	traffic
	for format in text json csv openmetrics; do
		same report -d 0.8 -i 0.2 -f "$format"
		grep -q nstb0 "$REPLAY_OUT"
	done
	# It was read in between, for the screen.
	[[ $("$NAPISCOPE" top -b -f json -r "$REC" | wc -l) -ge 4 ]]
}

@test "list and probes: what was printed live is printed again" {
	traffic
	for format in text json; do
		same list -d 0.3 -f "$format"
		grep -q nstb0 "$REPLAY_OUT"
		same probes -f "$format"
		grep -q napi_poll "$REPLAY_OUT"
	done
}

@test "options that choose choose the same of a recording" {
	traffic
	same top -b -i 0.2 -n 2 -D nstb0
	same top -b -i 0.2 -n 2 -C "$CPU" -f csv
	same report -d 0.4 --fields polls,work --sort work
	same report -d 0.4 -f json --sort poll_ns
	same list -d 0.2 -D nstb0
	# And what was recorded is all there is, not what was chosen.
	"$NAPISCOPE" list -D nsta0 -r "$REC" | grep -q nsta0
	says 1 "has no device 'nosuch0'" "$NAPISCOPE" report -r "$REC" -D nosuch0
}

@test "a device that comes later is in the recording" {
	net_pair
	"$NAPISCOPE" report -d 3 -i 0.2 -w "$REC" >/dev/null 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 10 test -s "$REC"
	sleep 1
	in_ns a ip link add nstlate type veth peer name nstlate1
	wait $!
	says 0 "" "$NAPISCOPE" report -r "$REC" -D nstlate -f json || [[ ! -s $RUN/err ]]
	jq -e 'any(.devices[]; .dev == "nstlate")' "$RUN/out" >/dev/null
	"$NAPISCOPE" top -b -r "$REC" -D nstlate >/dev/null
	"$NAPISCOPE" compare -D nstlate "$REC" "$REC" >/dev/null
	says 1 "has no device 'nosuch0'" "$NAPISCOPE" compare -D nosuch0 "$REC" "$REC"
	says 3 "has no device 'nosuch0'" "$NAPISCOPE" diagnose -D nosuch0 -r "$REC"
}

@test "any command reads any recording" {
	traffic
	"$NAPISCOPE" top -b -i 0.2 -n 5 -w "$REC" >/dev/null
	"$NAPISCOPE" list -r "$REC" | grep -q nstb0
	"$NAPISCOPE" probes -r "$REC" | grep -q '^napi_poll: '
	whole=$("$NAPISCOPE" report -f json -r "$REC" | jq .interval_s)
	part=$("$NAPISCOPE" report -f json -d 0.3 -r "$REC" | jq .interval_s)
	# A busy machine is late, never early.
	jq -en --argjson whole "$whole" --argjson part "$part" \
		'$whole > 0.9 and $part >= 0.3 and $part < $whole' >/dev/null
	# One snapshot is no interval.
	"$NAPISCOPE" list -w "$REC" >/dev/null
	says 1 "two are needed" "$NAPISCOPE" report -r "$REC"
}

@test "a recording of a recording is the same" {
	"$NAPISCOPE" top -b -i 0.1 -n 3 -w "$REC" >"$LIVE_OUT"
	"$NAPISCOPE" top -b -r "$REC" -w "$REC.2" >/dev/null
	"$NAPISCOPE" top -b -r "$REC.2" | cmp - "$LIVE_OUT"
	"$NAPISCOPE" top -b -r - <"$REC" | cmp - "$LIVE_OUT"
}

@test "the configuration is in it" {
	traffic
	"$NAPISCOPE" list -d 0.2 -f json -w "$REC" >/dev/null
	# A setting that changes later is not in it.
	in_ns b ethtool -K nstb0 gro off
	"$NAPISCOPE" list -f json -r "$REC" |
		jq -e 'any(.[]; .dev == "nstb0" and .gro == 1)' >/dev/null
}

@test "-r needs no privilege" {
	"$NAPISCOPE" top -b -i 0.1 -n 2 -w "$REC" >"$LIVE_OUT"
	chmod 755 "$RUN" "${RUN%/*}" "${RUN%/*/*}"
	cp "$NAPISCOPE" "$RUN/napiscope"
	chmod 644 "$REC"
	setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all \
		"$RUN/napiscope" top -b -r "$REC" >"$REPLAY_OUT"
	cmp "$LIVE_OUT" "$REPLAY_OUT"
}

@test "SIGINT leaves a whole file" {
	"$NAPISCOPE" top -b -i 0.1 -w "$REC" >"$LIVE_OUT" 3>&- &
	pid=$!
	echo "$pid" >>"$RUN/pids"
	wait_for 30 test -s "$LIVE_OUT"
	# A shell starts what is in the background without SIGINT: by another.
	kill -TERM "$pid"
	wait "$pid"
	"$NAPISCOPE" top -b -r "$REC" >"$REPLAY_OUT" 2>"$RUN/err"
	cmp "$LIVE_OUT" "$REPLAY_OUT"
	[[ ! -s $RUN/err ]]
	timeout --foreground -s INT 3 "$NAPISCOPE" report -d 60 -i 0.2 -w "$REC" \
		>"$LIVE_OUT" || [[ $? -eq 124 ]]
	"$NAPISCOPE" report -r "$REC" 2>"$RUN/err" | cmp - "$LIVE_OUT"
	[[ ! -s $RUN/err ]]
}

@test "SIGKILL costs what comes after, and it is said" {
	"$NAPISCOPE" top -b -i 0.1 -w "$REC" >"$LIVE_OUT" 3>&- &
	pid=$!
	echo "$pid" >>"$RUN/pids"
	wait_for 30 test -s "$LIVE_OUT"
	kill -KILL "$pid"
	wait "$pid" || true
	says 0 "it has no end" "$NAPISCOPE" top -b -r "$REC"
	# What was printed is in the file, and perhaps one interval more.
	head -c "$(stat -c %s "$LIVE_OUT")" "$RUN/out" | cmp - "$LIVE_OUT"
}

@test "a full disk is said, and what was written is whole" {
	local status=0

	unshare -m bash -c '
		mount -t tmpfs -o size=64k none /mnt || exit 77
		"$1" top -b -i 0.05 -n 2000 -w /mnt/rec >"$2/out" 2>"$2/err"
		status=$?
		cp /mnt/rec "$2/full" || exit
		exit "$status"' -- "$NAPISCOPE" "$RUN" || status=$?
	[[ $status -ne 77 ]] || skip "no tmpfs can be mounted"
	[[ $status -eq 1 ]]
	[[ $(wc -l <"$RUN/err") -eq 1 ]]
	grep -q "cannot write /mnt/rec: No space left" "$RUN/err"
	mv "$RUN/out" "$LIVE_OUT"
	says 0 "it has no end" "$NAPISCOPE" top -b -r "$RUN/full"
	cmp "$RUN/out" "$LIVE_OUT"
}

@test "a limit of the size of files is said like a full disk" {
	local status=0

	bash -c 'ulimit -f 32 && exec "$@"' -- "$NAPISCOPE" top -b -i 0.05 -n 2000 \
		-w "$REC" >/dev/null 2>"$RUN/err" || status=$?
	[[ $status -eq 1 ]]
	[[ $(wc -l <"$RUN/err") -eq 1 ]]
	grep -q "cannot write $REC: File too large" "$RUN/err"
	says 0 "it has no end" "$NAPISCOPE" top -b -r "$REC"
}

@test "two writers of one file: the second one is refused, the first goes on" {
	local pid

	"$NAPISCOPE" top -b -i 0.1 -w "$REC" >"$LIVE_OUT" 3>&- &
	pid=$!
	echo $pid >>"$RUN/pids"
	wait_for 60 test -s "$LIVE_OUT"
	says 1 "cannot write $REC: another program is writing it" \
		"$NAPISCOPE" report -d 0.1 -w "$REC"
	says 1 "cannot write the picture to $REC: another program is writing it" \
		"$NAPISCOPE" report -d 0.1 -i 0.1 --svg "$REC"
	kill -INT $pid
	wait $pid
	"$NAPISCOPE" top -b -r "$REC" >"$RUN/out"
	cmp "$RUN/out" "$LIVE_OUT"
}

@test "what is printed does not go into the recording, nor into the picture" {
	says 1 "cannot write $REC: standard output goes there, too" bash -c \
		'exec "$0" report -d 0.1 -w "$1" >>"$1"' "$NAPISCOPE" "$REC"
	says 1 "cannot write the picture to $REC: standard output goes" bash -c \
		'exec "$0" report -d 0.1 -i 0.1 --svg "$1" >>"$1"' "$NAPISCOPE" "$REC"
}

@test "a reader that has seen enough hides no recording that failed" {
	run bash -c 'set -o pipefail
		"$0" report -d 0.2 -w /dev/full 2>"$1/err" | true' "$NAPISCOPE" "$RUN"
	[[ $status -eq 1 ]]
	grep -q "cannot write /dev/full: No space left" "$RUN/err"
	run bash -c 'set -o pipefail
		"$0" trace -d 1 -w /dev/full 2>"$1/err" | true' "$NAPISCOPE" "$RUN"
	[[ $status -eq 1 ]]
	grep -q "cannot write /dev/full: No space left" "$RUN/err"
}

@test "a file that was cut off or damaged" {
	"$NAPISCOPE" top -b -i 0.1 -n 4 -w "$REC" >"$LIVE_OUT"
	head -c -50 "$REC" >"$REC.cut"
	says 0 "was cut off at byte" "$NAPISCOPE" top -b -r "$REC.cut"
	says 0 "was cut off at byte" "$NAPISCOPE" report -r "$REC.cut"
	head -c 100 "$REC" >"$REC.cut"
	says 1 "holds no snapshot" "$NAPISCOPE" top -b -r "$REC.cut"
	cp "$REC" "$REC.bad"
	size=$(stat -c %s "$REC")
	printf '\xff\x00\xff\x00' | dd of="$REC.bad" bs=1 conv=notrunc \
		seek=$((size - 200)) status=none
	says 1 "is damaged at byte" "$NAPISCOPE" top -b -r "$REC.bad"
	[[ -s $RUN/out ]]
	# Behind the first ones.
	"$NAPISCOPE" top -b -i 0.1 -n 14 -w "$REC" >"$LIVE_OUT"
	printf '\xff\x00\xff\x00' | dd of="$REC" bs=1 conv=notrunc \
		seek=$((size + 100)) status=none
	# The end was not read, and what is damaged was.
	says 1 "is damaged at byte" "$NAPISCOPE" report -r "$REC" -d 1.1
	# What is left of it is compared all the same.
	"$NAPISCOPE" top -b -i 0.1 -n 4 -w "$REC.whole" >"$LIVE_OUT"
	says 1 "$REC is damaged at byte" "$NAPISCOPE" compare "$REC" "$REC.whole"
	grep -q "^A  $REC: " "$RUN/out"
	says 1 "$REC is damaged at byte" "$NAPISCOPE" compare "$REC.whole" "$REC"
	grep -q "^B  $REC: " "$RUN/out"
}

@test "nohup: what is to go on does not end with the terminal" {
	local pid

	(
		trap '' HUP
		exec "$NAPISCOPE" top -b -i 0.1 -w "$REC" >"$LIVE_OUT" 3>&-
	) &
	pid=$!
	echo $pid >>"$RUN/pids"
	wait_for 60 test -s "$LIVE_OUT"
	kill -HUP $pid
	: >"$LIVE_OUT"
	wait_for 60 test -s "$LIVE_OUT"
	kill -INT $pid
	wait $pid
}

# ends_by_signal PID: within two seconds, with status ENDED.
ends_by_signal() {
	local i

	kill -TERM "$1"
	for ((i = 0; i < 20; i++)); do
		kill -0 "$1" 2>/dev/null || break
		sleep 0.1
	done
	((i < 20)) || kill -KILL "$1"
	ENDED=0
	wait "$1" || ENDED=$?
	cat "$RUN/err"
	((i < 20))
}

@test "a pipe that says no more: a signal ends it, and what came is shown" {
	local writer pid i

	"$NAPISCOPE" top -b -i 0.1 -n 4 -w "$REC" >"$LIVE_OUT"
	mkfifo "$RUN/pipe"
	# The last snapshot is whole, but nobody says that it is the last one.
	{ head -c -20 "$REC" && exec sleep 60; } >"$RUN/pipe" 3>&- &
	writer=$!
	"$NAPISCOPE" top -b -r "$RUN/pipe" >"$RUN/out" 2>"$RUN/err" 3>&- &
	pid=$!
	for ((i = 0; i < 50; i++)); do
		[[ ! -e $RUN/out || $(wc -l <"$RUN/out") -lt 5 ]] || break
		sleep 0.1
	done
	ends_by_signal $pid
	kill $writer
	[[ $ENDED -eq 0 && ! -s $RUN/err && -s $RUN/out ]]
}

@test "a pipe that nobody empties: a signal ends the recording, and that is said" {
	local reader pid i

	mkfifo "$RUN/pipe"
	# It opens the pipe, and reads nothing.
	sleep 60 <"$RUN/pipe" 3>&- &
	reader=$!
	"$NAPISCOPE" top -b -i 0.05 -d 50 --hist -w "$RUN/pipe" >"$RUN/out" \
		2>"$RUN/err" 3>&- &
	pid=$!
	for ((i = 0; i < 300; i++)); do
		lines=$(wc -l <"$RUN/out")
		sleep 0.5
		((lines == 0 || lines != $(wc -l <"$RUN/out"))) || break
	done
	((i < 300))
	ends_by_signal $pid
	kill $reader
	[[ $ENDED -eq 1 ]]
	grep -q "cannot write $RUN/pipe: Interrupted" "$RUN/err"
}

@test "what is no recording, or cannot be written" {
	echo hello >"$RUN/text"
	says 1 "is no recording" "$NAPISCOPE" report -r "$RUN/text"
	says 1 "No such file" "$NAPISCOPE" report -r "$RUN/nothing"
	says 1 "No such file" "$NAPISCOPE" report -d 0.1 -w "$RUN/no/rec"
	"$NAPISCOPE" top -b -i 0.1 -n 1 -w "$REC" >/dev/null
	cp "$REC" "$REC.copy"
	says 1 "it is the recording that is read" \
		"$NAPISCOPE" top -b -r "$REC" -w "$REC"
	cmp "$REC" "$REC.copy"
	says 1 "it is the recording" \
		"$NAPISCOPE" report -r "$REC" --svg "$REC"
	cmp "$REC" "$REC.copy"
	says 1 "it is the recording" \
		"$NAPISCOPE" report -d 0.1 -w "$RUN/both" --svg "$RUN/both"
	"$NAPISCOPE" report -r "$RUN/both" >/dev/null
	run "$NAPISCOPE" report -r "$REC" --tier fentry
	[[ $status -eq 2 ]]
	run "$NAPISCOPE" report -w -
	[[ $status -eq 2 ]]
}

@test "the screen plays a recording, and stays at its end" {
	command -v tmux >/dev/null || skip "needs tmux"
	traffic
	"$NAPISCOPE" top -b -i 0.3 -n 3 -w "$REC" >/dev/null
	screen new-session -d -x 120 -y 40 "$NAPISCOPE top -r $REC"
	wait_for 20 bash -c "tmux -L $NS capture-pane -p | grep -q 'recording .*rec'"
	sleep 2
	screen capture-pane -p | grep -q nstb0
	screen send-keys q
	wait_for 10 bash -c "! tmux -L $NS has-session 2>/dev/null"
}

# --- trace -------------------------------------------------------------------


@test "trace: what was printed live is printed again" {
	traffic
	for format in text json perfetto; do
		same trace -d 0.5 -f "$format"
		grep -q nstb0 "$REPLAY_OUT"
	done
	same trace -n 100 -f json
	[[ $(wc -l <"$REPLAY_OUT") -eq 101 ]]
	same trace -d 0.5 -D nstb0
	same trace -d 0.5 --events poll,softirq -C "$CPU" -f json
	same trace -d 0.5 --longer-than 1us
}

@test "trace: a recording is asked for less than there is in it, or in another order" {
	traffic
	"$NAPISCOPE" trace -d 0.5 -f json -w "$REC" >"$LIVE_OUT"
	"$NAPISCOPE" trace -r "$REC" -f json -D nstb0 --events poll |
		jq -c 'select(.event != "end")' >"$REPLAY_OUT"
	[[ -s $REPLAY_OUT ]]
	jq -c 'select(.event == "poll" and .dev == "nstb0")' "$LIVE_OUT" |
		cmp - "$REPLAY_OUT"
	"$NAPISCOPE" trace -r "$REC" -f json --longer-than 5us |
		jq -c 'select(.event != "end")' >"$REPLAY_OUT"
	jq -c 'select(.event == "squeeze" or .ns >= 5000)' "$LIVE_OUT" |
		cmp - "$REPLAY_OUT"
	# Every slice of the viewer's file is one of the events.
	"$NAPISCOPE" trace -r "$REC" -f perfetto >"$REPLAY_OUT"
	[[ $(jq '[.traceEvents[] | select(.cat == "poll" and .ph == "B" or
		.cat == "poll" and .ph == "X")] | length' "$REPLAY_OUT") -eq \
		$(jq -s '[.[] | select(.event == "poll" and .ns)] | length' \
			"$LIVE_OUT") ]]
	jq -e -L tests/live 'include "trace"; faults == []' "$REPLAY_OUT" >/dev/null
}

@test "trace: its recording is one for every command, and for a recording" {
	traffic
	"$NAPISCOPE" trace -d 1.5 -f json -w "$REC" >"$LIVE_OUT"
	"$NAPISCOPE" report -r "$REC" -f json |
		jq -e 'any(.napis[]; .dev == "nstb0" and .polls > 10)' >/dev/null
	"$NAPISCOPE" list -r "$REC" | grep -q nstb0
	"$NAPISCOPE" trace -r "$REC" -w "$REC.2" -f json | cmp - "$LIVE_OUT"
	"$NAPISCOPE" trace -r "$REC.2" -f json | cmp - "$LIVE_OUT"
	"$NAPISCOPE" trace -r "$REC" -w "$REC.3" -f json -D nstb0 >"$REPLAY_OUT"
	"$NAPISCOPE" trace -r "$REC.3" -f json -D nstb0 | cmp - "$REPLAY_OUT"
	"$NAPISCOPE" top -b -i 0.2 -n 2 -w "$REC" >/dev/null
	says 1 "holds no events" "$NAPISCOPE" trace -r "$REC"
}

@test "trace: of a file that was cut off the events before it are shown" {
	traffic
	"$NAPISCOPE" trace -d 1.5 -f json -w "$REC" >"$LIVE_OUT"
	head -c $(($(stat -c %s "$REC") * 2 / 3)) "$REC" >"$REC.cut"
	says 0 "was cut off" "$NAPISCOPE" trace -r "$REC.cut" -f json
	grep -v '"event":"end"' "$RUN/out" >"$REPLAY_OUT"
	[[ $(wc -l <"$REPLAY_OUT") -gt 20 ]]
	head -n "$(wc -l <"$REPLAY_OUT")" "$LIVE_OUT" | cmp - "$REPLAY_OUT"
	jq -e 'select(.event == "end") | has("lost") | not' "$RUN/out" >/dev/null
}

@test "trace: windows around long polls are printed again" {
	traffic
	"$NAPISCOPE" trace -d 0.5 --around-squeeze=32 --longer-than 100ns \
		-f json -w "$REC" >"$LIVE_OUT"
	grep -q '"event":"trigger"' "$LIVE_OUT"
	"$NAPISCOPE" trace -r "$REC" -f json | cmp - "$LIVE_OUT"
	"$NAPISCOPE" trace --around-squeeze=32 --longer-than 100ns -n 2 \
		-w "$REC" >"$LIVE_OUT"
	[[ $(grep -c '^---' "$LIVE_OUT") -eq 2 ]]
	"$NAPISCOPE" trace -r "$REC" | cmp - "$LIVE_OUT"
	run "$NAPISCOPE" trace --around-squeeze -r "$REC"
	[[ $status -eq 2 ]]
}
