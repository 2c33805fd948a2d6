#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What a command may still do once it has what it needs: nothing with a recording,
# and of the live machine no more than src/confine.c names; and that what it
# gave up is missed by nobody.

load ../live/lib

NONE=0000000000000000
# CAP_DAC_READ_SEARCH
TO_OPEN=0000000000000004
# CAP_SYS_PTRACE, CAP_SYS_ADMIN, CAP_SYSLOG, CAP_PERFMON, CAP_BPF
LIVE_CAPS=000000c400280000

setup() {
	live_setup
	REC=tests/replay/nic-irqs.fire.rec
	TIER=tracepoint
}

teardown() {
	[[ ! ${FED:-} ]] || exec {FED}>&-
	screen kill-server 2>/dev/null || true
	live_teardown
}

status_of() {
	awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status" 2>/dev/null
}

is_confined() {
	[[ $(status_of "$1" NoNewPrivs) == 1 ]] &&
		[[ $(status_of "$1" CapEff) == "$2" ]]
}

has_filters() {
	grep -q '^Seccomp:' /proc/self/status &&
		[[ $(uname -m) == x86_64 || $(uname -m) == aarch64 ]]
}

# confined PID CAPABILITIES [BOUND]: comes to have these, and a filter.
confined() {
	wait_for 30 is_confined "$1" "$2" && {
		[[ $(status_of "$1" CapPrm) == "$2" ]] &&
			[[ $(status_of "$1" CapInh) == "$NONE" ]] &&
			[[ $(status_of "$1" CapAmb) == "$NONE" ]] &&
			[[ $(status_of "$1" CapBnd) == "${3:-$NONE}" ]] &&
			wait_for 10 filtered "$1"
	} && return
	echo "process $1:"
	grep -E '^(Name|Cap|NoNew|Seccomp)' "/proc/$1/status"
	return 1
}

filtered() {
	! has_filters || [[ $(status_of "$1" Seccomp) == 2 ]]
}

# start COMMAND...: sets PID.
start() {
	"$@" >"$RUN/out" 2>"$RUN/err" 3>&- &
	PID=$!
	echo "$PID" >>"$RUN/pids"
}

# end: by a signal, and all was well.
end() {
	kill -TERM "$PID"
	wait "$PID" || {
		cat "$RUN/err"
		return 1
	}
	[[ ! -s $RUN/err ]]
}

@test "a live command keeps what it names, and nothing else" {
	local words

	for words in "top -b -i 0.2" "report -d 60" "report -d 60 -i 1 -w $RUN/rec" \
		"report -d 60 -i 1 --svg $RUN/svg" "diagnose -d 60 --watch" "trace"; do
		# shellcheck disable=SC2086 # words
		start "$NAPISCOPE" $words
		confined "$PID" "$LIVE_CAPS"
		# Its handlers of signals come last.
		wait_for 30 grep -q '^SigBlk:.*[1-9a-f]' "/proc/$PID/status"
		end || [[ $words == diagnose* && ! -s $RUN/err ]]
	done
	start "$NAPISCOPE" list -d 3
	confined "$PID" "$LIVE_CAPS"
	wait "$PID"
	start "$NAPISCOPE" probes
	confined "$PID" "$LIVE_CAPS"
	wait "$PID"
}

@test "who was given two capabilities has no more of them" {
	start setpriv --bounding-set=-all,+bpf,+perfmon --inh-caps=-all \
		"$NAPISCOPE" report -d 60
	kernel_has 5.11 || skip "5.11: locked memory"
	# Without CAP_SETPCAP the bounding set stays.
	confined "$PID" 000000c000000000 000000c000000000
	end
}

# feed COMMAND...: it reads a recording of which only the beginning is there.
feed() {
	rm -f "$RUN/fifo"
	mkfifo "$RUN/fifo"
	exec {FED}<>"$RUN/fifo"
	start "$@" -r "$RUN/fifo" {FED}>&-
	head -c 100 "$REC" >&"$FED"
}

@test "a recording is read with nothing" {
	local words

	for words in "top -b" report diagnose list probes "report -w $RUN/rec" \
		"report -i 1 --svg $RUN/svg"; do
		# shellcheck disable=SC2086 # words
		feed "$NAPISCOPE" $words
		confined "$PID" "$NONE"
		tail -c +101 "$REC" >&"$FED"
		exec {FED}>&-
		FED=
		wait "$PID" || [[ $words == diagnose ]]
		# shellcheck disable=SC2086 # words
		"$NAPISCOPE" $words -r "$REC" | cmp - "$RUN/out"
	done
	[[ -s $RUN/rec && -s $RUN/svg ]]
}

@test "of several recordings the next one can still be opened" {
	mkfifo "$RUN/next"
	exec {FED}<>"$RUN/next"
	start "$NAPISCOPE" report -r "$REC" -r "$RUN/next" {FED}>&-
	confined "$PID" "$TO_OPEN"
	cat "$REC" >&"$FED"
	exec {FED}>&-
	FED=
	wait "$PID"
	[[ $(grep -c . "$RUN/out") == 3 ]]
}

# The directory of somebody else, which only root may look into besides.
theirs() {
	mkdir "$RUN/theirs"
	cp "$REC" "$RUN/theirs/a.rec"
	cp tests/replay/nic-irqs.near.rec "$RUN/theirs/b.rec"
	chmod 600 "$RUN"/theirs/*
	chmod 700 "$RUN/theirs"
	chown -R 65534:65534 "$RUN/theirs"
}

@test "root reads and writes in the directories of others" {
	local name

	theirs
	for name in report diagnose compare; do
		"$NAPISCOPE" $name -r "$RUN/theirs" >"$RUN/out" || [[ $name == diagnose ]]
		grep -q theirs/a.rec "$RUN/out" || [[ $name == compare ]]
	done
	"$NAPISCOPE" compare "$RUN"/theirs/{a,b}.rec >/dev/null
	"$NAPISCOPE" report -r "$RUN/theirs/a.rec" -w "$RUN/theirs/c.rec" \
		--svg "$RUN/theirs/c.svg" >"$RUN/out"
	"$NAPISCOPE" report -r "$RUN/theirs/c.rec" | cmp - "$RUN/out"
	grep -q '</svg>' "$RUN/theirs/c.svg"
	"$NAPISCOPE" report -d 0.5 -i 0.1 -w "$RUN/theirs/d.rec" \
		--svg "$RUN/theirs/d.svg" >"$RUN/out"
	"$NAPISCOPE" report -r "$RUN/theirs/d.rec" | cmp - "$RUN/out"
	grep -q '</svg>' "$RUN/theirs/d.svg"
}

# What comes later is looked at with what was kept.
@test "namespaces that appear later are entered, and their devices have settings" {
	start "$NAPISCOPE" diagnose -d 60 -i 0.2 -w "$RUN/rec"
	confined "$PID" "$LIVE_CAPS"
	net_pair
	in_ns a ping -c 20 -i 0.1 -W 10 -q 10.77.0.2 >/dev/null
	sleep 1.5
	kill -TERM "$PID"
	wait "$PID" || true
	[[ ! -s $RUN/err ]]
	"$NAPISCOPE" report -r "$RUN/rec" -f json |
		jq -e --arg netns "$NS-b" 'any(.napis[]; .dev == "nstb0" and
			.netns == $netns and .work >= 20)'
	"$NAPISCOPE" list -r "$RUN/rec" -f json |
		jq -e --arg netns "$NS-b" 'any(.[]; .dev == "nstb0" and
			.netns == $netns and .gro == 1)'
}

# The screen in a terminal of its own; a tmux that ends would take a new one along.
screen() {
	tmux -L "$NS${SECOND_SCREEN:-}" "$@" 3>&-
}

screen_pid() {
	PID=$(screen list-panes -F '#{pane_pid}')
	[[ $(cat "/proc/$PID/comm") == napiscope ]]
}

screen_shows() {
	screen capture-pane -p | grep -q "$1"
}

@test "the screen reads its terminal's description, then gives up what it needed for that" {
	command -v tmux >/dev/null || skip "needs tmux"
	screen new-session -d -x 120 -y 40 "$PWD/${NAPISCOPE#"$PWD/"}" top
	wait_for 10 screen_pid
	confined "$PID" "$LIVE_CAPS"
	# Histograms are attached when they are asked for.
	wait_for 20 screen_shows 'busiest:'
	screen send-keys H
	wait_for 20 screen_shows 'P99'
	screen kill-server
	SECOND_SCREEN=2
	screen new-session -d -x 120 -y 40 "$PWD/${NAPISCOPE#"$PWD/"}" top -r "$PWD/$REC"
	wait_for 10 screen_pid
	confined "$PID" "$NONE"
	wait_for 20 screen_shows 'recording '
	screen kill-server
}
