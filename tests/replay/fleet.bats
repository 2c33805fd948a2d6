#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings of many machines: a line each, worst first.  Those beside this file.
bats_require_minimum_version 1.5.0

setup() {
	NAPISCOPE=build/napiscope
	HERE=tests/replay
	ALL=$BATS_TEST_TMPDIR/all
	mkdir "$ALL"
	cp "$HERE"/{healthy.near,nic-irqs.fire,backlog-drops.fire,threaded.fire}.rec \
		"$ALL"
}

# Names of the files, in the order of the lines.
order() {
	jq -r '.[].file | sub(".*/"; "") | sub(".rec$"; "")' | paste -sd ' '
}

@test "diagnose: the worst machine first, the status is its" {
	run -2 "$NAPISCOPE" diagnose -r "$ALL" -f json
	[ "$(order <<<"$output")" = \
		"nic-irqs.fire backlog-drops.fire threaded.fire healthy.near" ]
	jq -e 'map(.severity) == ["critical", "warning", "note", "fine"]' \
		<<<"$output"
	jq -e '.[0] | .finding == "irqs-on-one-cpu" and .host == "lab" and
		(.cause | length) > 20 and (.fix | length) > 10 and .findings >= 1' \
		<<<"$output"
	run -1 "$NAPISCOPE" diagnose -r "$ALL/backlog-drops.fire.rec" \
		-r "$ALL/healthy.near.rec"
	[[ ${lines[0]} == HOST*SECONDS*VERDICT*FILE ]]
	[[ ${lines[1]} == *warning*backlog-drops*"cpu 1"* ]]
	[[ ${lines[2]} == *fine*healthy.near.rec ]]
	run -0 "$NAPISCOPE" diagnose -r "$ALL/healthy.near.rec" \
		-r "$ALL/threaded.fire.rec"
}

@test "a full disk is no verdict" {
	local command

	for command in diagnose report; do
		run bash -c '"$0" "$1" -r "$2" >/dev/full' "$NAPISCOPE" $command "$ALL"
		[ "$status" -eq $([ $command = report ] && echo 1 || echo 3) ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *"cannot write to standard output: No space left"* ]]
	done
}

# Whoever fills the directory chooses them.
@test "names of files have no escape sequences, and none of their messages has" {
	: >"$ALL/"$'\e]0;x\a'
	run --separate-stderr "$NAPISCOPE" diagnose -r "$ALL"
	[[ $stderr == *"is no recording"* ]]
	[[ $output$stderr != *$'\e'* && $output$stderr != *$'\a'* ]]
}

@test "diagnose: what a line says is what diagnose says of that machine alone" {
	local file

	for file in "$ALL"/*.rec; do
		"$NAPISCOPE" diagnose -r "$file" -f json >"$BATS_TEST_TMPDIR/one" ||
			true
		"$NAPISCOPE" diagnose -r "$ALL" -f json |
			jq -e --arg file "$file" --slurpfile one \
				"$BATS_TEST_TMPDIR/one" '
				($one[0].findings[0] // {}) as $first |
				.[] | select(.file == $file) |
				.finding == $first.id and .cause == $first.cause and
				.fix == $first.fix'
	done
	# Commands of several lines are several commands.
	cp "$HERE"/*.fire.rec "$ALL"
	"$NAPISCOPE" diagnose -r "$ALL" -f json >"$BATS_TEST_TMPDIR/fleet" || true
	jq -e 'any(.[]; .fix // "" | contains("\n"))' "$BATS_TEST_TMPDIR/fleet"
}

@test "report: the machine with the busiest CPU first, and its numbers" {
	run -0 "$NAPISCOPE" report -r "$ALL" -f json
	jq -e '[.[].net_rx_pct] | . == (sort | reverse) and length == 4' \
		<<<"$output"
	"$NAPISCOPE" report -r "$ALL/nic-irqs.fire.rec" -f json \
		>"$BATS_TEST_TMPDIR/one"
	jq -e --slurpfile one "$BATS_TEST_TMPDIR/one" '
		$one[0] as $one | ($one.cpus | max_by(.net_rx_ns)) as $cpu |
		($one.interval_s * 1e9) as $ns | .[0] |
		(.file | endswith("nic-irqs.fire.rec")) and .cpu == $cpu.cpu and
		(.net_rx_pct - 100 * $cpu.net_rx_ns / $ns | fabs) < 0.001 and
		.raise_p99_ns == $cpu.raise_p99_ns and
		(.work_per_s - ([$one.cpus[].work] | add) / $one.interval_s
			| fabs) < 0.01' <<<"$output"
	run -0 "$NAPISCOPE" report -r "$ALL" -d 1
	((${#lines[@]} == 5))
}

@test "compare: of a machine the earliest with the latest" {
	run -0 "$NAPISCOPE" compare -r "$HERE/nic-irqs.fire.rec" \
		-r "$HERE/nic-irqs.near.rec" -f json
	jq -e 'length == 1 and (.[0] | .before_time <= .after_time and
		.worse + .better + .same + .unsure > 20)' <<<"$output"
	# In whatever order they are given.
	"$NAPISCOPE" compare -r "$HERE/nic-irqs.near.rec" \
		-r "$HERE/nic-irqs.fire.rec" -f json | diff - <(echo "$output")
	run -1 "$NAPISCOPE" compare -r "$ALL/healthy.near.rec"
	[[ $output == *"is the only recording of lab"* ]]
}

@test "one that cannot be read is said, and the others are there" {
	echo "not a recording" >"$ALL/notes.txt"
	head -c 300 "$ALL/threaded.fire.rec" >"$ALL/cut.rec"
	mkdir "$ALL/more" && cp "$ALL/healthy.near.rec" "$ALL/more"
	: >"$ALL/.hidden"
	run -2 --separate-stderr "$NAPISCOPE" diagnose -r "$ALL"
	((${#lines[@]} == 5))
	rm "$ALL/nic-irqs.fire.rec"
	run -3 --separate-stderr "$NAPISCOPE" diagnose -r "$ALL"
	((${#lines[@]} == 4))
	[[ $stderr == *"notes.txt is no recording"* && $stderr == *"cut.rec"* ]]
	[[ $stderr != *hidden* && $stderr != *more* ]]
	run -1 --separate-stderr "$NAPISCOPE" report -r "$ALL"
	((${#lines[@]} == 4))
	mkdir "$BATS_TEST_TMPDIR/none"
	run -3 "$NAPISCOPE" diagnose -r "$BATS_TEST_TMPDIR/none"
	[[ $output == "napiscope: there is no recording in "* ]]
}

@test "what is for one recording is refused of several" {
	local options

	for options in "-w $BATS_TEST_TMPDIR/x" "--svg $BATS_TEST_TMPDIR/x" \
		"-f csv"; do
		# shellcheck disable=SC2086 # words
		run -1 "$NAPISCOPE" report -r "$ALL" $options
		[[ $output == "napiscope: of several recordings one table"* ]]
		[ ! -e "$BATS_TEST_TMPDIR/x" ]
	done
	run -2 "$NAPISCOPE" list -r "$ALL/healthy.near.rec" \
		-r "$ALL/threaded.fire.rec"
	[[ ${lines[0]} == *"one recording at a time"* ]]
	run -1 "$NAPISCOPE" list -r "$ALL"
	[[ $output == *"is a directory: report, diagnose and compare read those"* ]]
	run -2 "$NAPISCOPE" compare -r a b c
	[[ ${lines[0]} == *"or several with --read"* ]]
}
