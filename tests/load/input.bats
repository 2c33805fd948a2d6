#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Bad input and bad surroundings: one clear line, the right exit status.

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/pid" ] ||
		kill "$(<"$BATS_TEST_TMPDIR/pid")" 2>/dev/null || true
}

setup() {
	((EUID == 0)) || skip "needs root"
	NAPISCOPE=${NAPISCOPE:-build/napiscope}
}

# says STATUS TEXT COMMAND...: that status, one line, with the text in it.
says() {
	local expected=$1 text=$2
	shift 2
	run "$@"
	[ "$status" -eq "$expected" ]
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *"$text"* ]]
}

@test "an unknown device is named" {
	says 1 "no device 'nosuch0'" "$NAPISCOPE" report -d 0.1 -D nosuch0
	says 1 "no device 'nosuch0'" "$NAPISCOPE" list -D nosuch0
}

@test "a CPU that is not there" {
	says 1 "none of the CPUs" "$NAPISCOPE" report -d 0.1 -C 60000
}

@test "an unknown command" {
	says 2 "'reprot'" "$NAPISCOPE" reprot
	says 2 "'reprot'" "$NAPISCOPE" help reprot
}

@test "wrong options end with status 2 and name what was wrong" {
	local args
	while read -r args; do
		# shellcheck disable=SC2086 # words
		run "$NAPISCOPE" report $args
		[ "$status" -eq 2 ]
		[[ ${lines[0]} == *"'${args##* }'"* ]] || {
			echo "$args: ${lines[0]}"
			return 1
		}
	done <<-EOF
		-d 5x
		-d 0
		-d -1
		-i 1e3
		-C 3-1
		-C x
		-f xml
		--fields nonsense
		--sort dev
		--tier magic
		--without everything
		--slots 0
		--svg -
		extra
	EOF
}

@test "a field that the format has no place for is not left out silently" {
	local args

	while read -r args; do
		run "$NAPISCOPE" report -d 0.1 -f "${args%% *}" --fields "${args##* }"
		[ "$status" -eq 2 ]
		[[ ${lines[0]} == *"format ${args%% *} cannot show '${args##*[ ,]}'"* ]]
	done <<-EOF
		text softirqs
		csv late_comm
		openmetrics polls,raise_p99_ns
		json work_per_poll_milli
	EOF
	run "$NAPISCOPE" export --fields late_ns
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"format openmetrics cannot show 'late_ns'"* ]]
	run "$NAPISCOPE" report -d 0.1 --fields udp_rcvbuf_errors,netdev_budget
	[ "$status" -eq 0 ]
	grep -qxE 'machine: netdev_budget [0-9]+, udp_rcvbuf_errors [0-9]+' \
		<<<"$output"
}

@test "an exporter without its address, its user, or a number" {
	local taken

	run "$NAPISCOPE" export --hists all
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"hists 'all'"* ]]
	run "$NAPISCOPE" export --max-napis 0
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == *"'0' is not a number of NAPIs"* ]]
	for address in nowhere 127.0.0.1 127.0.0.1:65536 :1 127.0.0.1:x ::1:80 "[::1]" ""; do
		says 1 "'$address' is no address and port" \
			"$NAPISCOPE" export --listen "$address"
	done
	says 1 "cannot listen at 192.0.2.1:16274: Cannot assign" \
		"$NAPISCOPE" export --listen 192.0.2.1:16274
	says 1 "no user 'nosuch'" \
		"$NAPISCOPE" export --listen 127.0.0.1:0 --user nosuch
	says 1 "--user root: choose a user that is not root" \
		"$NAPISCOPE" export --listen 127.0.0.1:0 --user root
	"$NAPISCOPE" export --listen 127.0.0.1:0 2>"$BATS_TEST_TMPDIR/first" 3>&- &
	echo $! >"$BATS_TEST_TMPDIR/pid"
	for ((i = 0; i < 100; i++)); do
		! grep -q serving "$BATS_TEST_TMPDIR/first" || break
		sleep 0.1
	done
	taken=$(sed 's|.*http://\(.*\)/.*|\1|' "$BATS_TEST_TMPDIR/first")
	says 1 "cannot listen at $taken: Address already in use; --listen" \
		"$NAPISCOPE" export --listen "$taken"
	kill $!
	wait $!
}

@test "the screen without a terminal" {
	says 1 "--batch" "$NAPISCOPE" top </dev/null
}

@test "a full disk" {
	for command in report list probes; do
		run bash -c "$NAPISCOPE $command -d 0.1 >/dev/full"
		[ "$status" -eq 1 ]
		[[ ${lines[0]} == *"No space left"* ]]
	done
}

# A picture that cannot be written: one line, and the report is there all the same.
unwritable() {
	run --separate-stderr "$NAPISCOPE" report -d 0.2 -i 0.1 --svg "$1"
	[ "$status" -eq 1 ]
	[[ $output == *"NETRX%"* ]]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *"cannot write the picture to $1: $2"* ]]
}

@test "a picture that cannot be written" {
	bats_require_minimum_version 1.5.0
	unwritable /nonexistent/report.svg "No such file"
	unwritable "$BATS_TEST_TMPDIR" "Is a directory"
	unwritable /dev/full "No space left"
}

@test "a reader that has seen enough is no failure" {
	run bash -c "set -o pipefail
		$NAPISCOPE top -b -i 0.1 | head -n 1 >/dev/null"
	[ "$status" -eq 0 ]
}

@test "SIGTERM ends a report early, and it is printed" {
	"$NAPISCOPE" report -d 60 -f json >"$BATS_TEST_TMPDIR/json" 3>&- &
	pid=$!
	echo $pid >"$BATS_TEST_TMPDIR/pid"
	# Its timer runs when it watches.
	for ((i = 0; i < 200; i++)); do
		! grep -hs '^it_value:' "/proc/$pid"/fdinfo/* |
			grep -qv '(0, 0)' || break
		sleep 0.1
	done
	kill "$pid"
	wait "$pid"
	jq -e '.interval_s < 30' "$BATS_TEST_TMPDIR/json"
}
