#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# A machine with 256 CPUs, most of them idle: the screen folds and adds up, what
# programs read has every row.
bats_require_minimum_version 1.5.0

setup() {
	NAPISCOPE=build/napiscope
	REC=$BATS_TEST_TMPDIR/big.rec
	SOCKET=napiscope-big-$BASHPID
	build/tests/tools/bigmachine "$REC"
}

teardown() {
	screen kill-server 2>/dev/null || true
}

# A terminal of its own, which the end of a test does not wait for.
screen() {
	tmux -L "$SOCKET" -f /dev/null "$@" 3>&-
}

# screen_has TEXT: within ten seconds.
screen_has() {
	local i

	for ((i = 0; i < 50; i++)); do
		screen capture-pane -p >"$BATS_TEST_TMPDIR/screen" || true
		! grep -q -- "$1" "$BATS_TEST_TMPDIR/screen" || return 0
		sleep 0.2
	done
	cat "$BATS_TEST_TMPDIR/screen"
	return 1
}

@test "what programs read is not folded" {
	run -0 "$NAPISCOPE" report -r "$REC" -f json
	jq -e '(.cpus | length) == 256 and (.napis | length) == 768 and
		(.irqs | length) == 712' <<<"$output"
	run -0 "$NAPISCOPE" report -r "$REC" -f csv
	[ "$(awk -F, '$2 == "cpus" { print $3 }' <<<"$output" | sort -u |
		wc -l)" -eq 256 ]
}

@test "the screen folds idle CPUs, and adds up nodes and devices" {
	command -v tmux >/dev/null || skip "needs tmux"
	screen new-session -d -x 80 -y 24 "$NAPISCOPE top -r $REC"
	screen_has "210 idle folded"
	# To the CPUs, and their last line.
	screen send-keys BTab
	screen send-keys G
	screen_has "210 idle  *0\\.0"
	screen send-keys n
	screen_has "^ node 3 "
	screen_has "by node (n)"
	screen send-keys n
	screen_has "^ eth3 "
	screen send-keys n
	screen_has "NAPI  *CPUS"
	screen send-keys q
}
