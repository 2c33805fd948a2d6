#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The command around the rules: its exit status, its formats, recordings.  What
# is found depends on the machine: nothing here expects a finding.

load ../live/lib

setup() {
	live_setup
	REC=$RUN/rec
	export COLUMNS=80
}

teardown() {
	screen kill-server 2>/dev/null || true
	live_teardown
}

# The screen in a terminal of its own, which the end of a test does not wait for.
screen() {
	tmux -L "$NS" "$@" 3>&-
}

# status_is STATUS COMMAND...
status_is() {
	local expected=$1 status=0

	shift
	"$@" >"$RUN/out" 2>"$RUN/err" || status=$?
	[[ $status -eq $expected ]] && return
	echo "$*: status $status, not $expected:"
	cat "$RUN/out" "$RUN/err"
	return 1
}

# The status that a verdict in JSON stands for.
status_of() {
	jq 'if all(.rules[]; .state == "not measured") then 3
		elif any(.findings[]; .severity == "critical") then 2
		elif any(.findings[]; .severity == "warning") then 1
		else 0 end' "$1"
}

# record SECONDS [OPTION...]: any status but 3.
record() {
	local status=0 seconds=$1

	shift
	"$NAPISCOPE" diagnose -d "$seconds" -w "$REC" "$@" >"$RUN/live" ||
		status=$?
	[[ $status -le 2 ]]
}

@test "the exit status is that of the worst finding" {
	record 1 -f json
	status_is "$(status_of "$RUN/live")" \
		"$NAPISCOPE" diagnose -r "$REC" -f json
	cmp "$RUN/live" "$RUN/out"
	status_is "$(status_of "$RUN/live")" "$NAPISCOPE" diagnose -r "$REC"
}

@test "JSON has the head of a report, findings worst first, and every rule" {
	record 1 -f json
	"$NAPISCOPE" report -r "$REC" -f json >"$RUN/report"
	jq -e -n --slurpfile d "$RUN/live" --slurpfile r "$RUN/report" '
		($d[0] | del(.findings, .rules)) as $head |
		($head.schema == "napiscope/1") and
		all($head | to_entries[]; .value == $r[0][.key])' >/dev/null
	jq -e '{ critical: 3, warning: 2, note: 1, harmless: 0 } as $order |
		[.findings[].severity | $order[.]] as $found |
		$found == ($found | sort | reverse) and
		all(.findings[]; (.evidence | length) > 0 and .cause != "")' \
		"$RUN/live" >/dev/null
	jq -e '(.rules | length) > 0 and
		([.rules[].id] | length == (unique | length)) and
		all(.rules[]; .state | IN("clear", "found", "not measured")) and
		all(.rules[] | select(.state == "not measured"); .why) and
		([.findings[].id, .findings[].joined[].id] - [.rules[].id]) == []' \
		"$RUN/live" >/dev/null
}

@test "a replay prints what the live run printed, of its first seconds, too" {
	record 1.5 -i 0.3
	status_is "$("$NAPISCOPE" diagnose -r "$REC" -f json >"$RUN/json" ||
		true; status_of "$RUN/json")" "$NAPISCOPE" diagnose -r "$REC"
	cmp "$RUN/live" "$RUN/out"
	grep -q '^[0-9]* rules: ' "$RUN/out"
	"$NAPISCOPE" diagnose -r "$REC" -d 0.6 -f json >"$RUN/json" || true
	jq -e '.interval_s >= 0.6 and .interval_s < 1.4' "$RUN/json" >/dev/null
	# And it can be compared, shown, listed.
	[[ $("$NAPISCOPE" top -b -f json -r "$REC" | wc -l) -ge 2 ]]
}

@test "lines fit, but for commands, and have no escape sequences in a file" {
	record 1
	# The commands are indented by four, and nothing else that is so long.
	awk 'NR > 1 && length > 80 && !/^    /' "$RUN/live" | cmp - /dev/null
	! grep -q $'\033' "$RUN/live"
}

@test "what was chosen is all that is judged" {
	net_pair
	in_ns a ping -c 3 -i 0.1 -q 10.77.0.2 >/dev/null
	record 0.5 -D nstb0
	grep -qE '^Found|what was selected on|^Nothing could' "$RUN/live"
	record 0.5 -C "$CPU"
	"$NAPISCOPE" diagnose -C "$CPU" -r "$REC" | cmp - "$RUN/live"
	status_is 3 "$NAPISCOPE" diagnose -d 0.1 -D nosuch0
	grep -q "no device 'nosuch0'" "$RUN/err"
	status_is 3 "$NAPISCOPE" diagnose -d 0.1 -C 60000
}

@test "wrong usage and failures end with status 3, help with 0" {
	local args

	while read -r args; do
		# shellcheck disable=SC2086 # words
		status_is 3 "$NAPISCOPE" diagnose $args
		[[ -s $RUN/err && ! -s $RUN/out ]]
	done <<-EOF2
		-d 5x
		-f csv
		-f openmetrics
		--fields polls
		--sort polls
		--svg x
		--nonsense
		extra
		-w -
		-r /nonexistent
		-r x --tier fentry
		-d 0.1 -w /nonexistent/rec
	EOF2
	status_is 0 "$NAPISCOPE" diagnose --help
	grep -q 'Exit status' "$RUN/out"
	status_is 0 "$NAPISCOPE" diagnose --usage
	# Others have their own.
	status_is 2 "$NAPISCOPE" report --nonsense
	status_is 2 "$NAPISCOPE" diagnoze
}

@test "what cannot be measured or printed is status 3" {
	"$NAPISCOPE" list -w "$REC" >/dev/null
	status_is 3 "$NAPISCOPE" diagnose -r "$REC"
	grep -q "two are needed" "$RUN/err"
	echo hello >"$RUN/text"
	status_is 3 "$NAPISCOPE" diagnose -r "$RUN/text"
	for args in "-d 0.1" --rules; do
		run bash -c "$NAPISCOPE diagnose $args >/dev/full"
		[[ $status -eq 3 && ${lines[0]} == *"No space left"* ]]
	done
}

@test "--rules and -r need no privilege" {
	record 0.5
	chmod 755 "$RUN" "${RUN%/*}" "${RUN%/*/*}"
	cp "$NAPISCOPE" "$RUN/napiscope"
	chmod 644 "$REC"
	nobody() {
		setpriv --reuid 65534 --regid 65534 --clear-groups \
			--bounding-set -all "$RUN/napiscope" "$@"
	}
	status_is 0 nobody diagnose --rules
	# Each rule that judged is in it.
	"$NAPISCOPE" diagnose -r "$REC" -f json >"$RUN/json" || true
	jq -r '.rules[].id' "$RUN/json" | while read -r rule; do
		grep -qF -- "$rule" "$RUN/out" || { echo "no $rule"; return 1; }
	done
	nobody diagnose -r "$REC" >"$RUN/out" || [[ $? -le 2 ]]
	cmp "$RUN/live" "$RUN/out"
	status_is 3 nobody diagnose -d 0.1
	[[ $(wc -l <"$RUN/err") -eq 1 ]]
}

@test "--watch: an interval a line in JSON, live and in a recording" {
	"$NAPISCOPE" diagnose --watch -d 1 -i 0.5 -f json -w "$REC" \
		>"$RUN/live" 3>&- &
	pid=$!
	echo "$pid" >>"$RUN/pids"
	wait_for 60 bash -c "((\$(wc -l <'$RUN/live') >= 2))"
	kill "$pid"
	status=0
	wait "$pid" || status=$?
	# Whole ones, and the rest if it was not too short.
	jq -e -s 'all(.[]; .interval_s >= 0.5)' "$RUN/live" >/dev/null
	tail -n 1 "$RUN/live" >"$RUN/last"
	[[ $status -eq $(status_of "$RUN/last") ]]
	status_is "$(status_of "$RUN/last")" \
		"$NAPISCOPE" diagnose --watch -d 1 -f json -r "$REC"
	cmp "$RUN/live" "$RUN/out"
}

@test "--watch: text is all of the first verdict, and changes" {
	"$NAPISCOPE" top -b -i 0.2 -n 12 --hist -w "$REC" >/dev/null
	"$NAPISCOPE" diagnose --watch -d 0.4 -r "$REC" >"$RUN/out" || [[ $? -le 2 ]]
	"$NAPISCOPE" diagnose --watch -d 0.4 -f json -r "$REC" >"$RUN/json" ||
		[[ $? -le 2 ]]
	[[ $(grep -c '^[0-9]* rules: ' "$RUN/out") -eq 1 ]]
	changes=$(jq -s '[.[] | [.findings[] | [.id, .kind, .subject, .severity]] |
		sort] | [., .[1:]] | transpose | map(select(.[1] and
		.[0] != .[1])) | length' "$RUN/json")
	[[ $(grep -cE '^[0-9]{4}-[0-9-]* [0-9:]* [+-][0-9]{4}$' "$RUN/out") -eq \
		$changes ]]
}

@test "SIGTERM ends it early, and the time so far is judged" {
	"$NAPISCOPE" diagnose -d 60 -f json >"$RUN/json" 3>&- &
	pid=$!
	echo "$pid" >>"$RUN/pids"
	# Its timer runs when it watches.
	for ((i = 0; i < 200; i++)); do
		! grep -hs '^it_value:' "/proc/$pid"/fdinfo/* |
			grep -qv '(0, 0)' || break
		sleep 0.1
	done
	kill "$pid"
	status=0
	wait "$pid" || status=$?
	jq -e '.interval_s < 30' "$RUN/json" >/dev/null
	[[ $status -eq $(status_of "$RUN/json") ]]
}

@test "the screen shows findings, of this machine and of a recording" {
	command -v tmux >/dev/null || skip "needs tmux"
	"$NAPISCOPE" top -b -i 0.3 -n 3 -w "$REC" >/dev/null
	for args in "" "-r $REC"; do
		screen new-session -d -x 80 -y 24 "$NAPISCOPE top $args"
		wait_for 20 bash -c "tmux -L $NS capture-pane -p | grep -q dDiag"
		wait_for 20 bash -c "tmux -L $NS capture-pane -p | grep -q NETRX"
		screen send-keys d
		wait_for 20 bash -c "tmux -L $NS capture-pane -p |
			grep -q 'Findings of the last'"
		screen send-keys End
		wait_for 20 bash -c "tmux -L $NS capture-pane -p |
			grep -qE '[0-9]+ rules: .* could not look'"
		screen send-keys d
		wait_for 20 bash -c "tmux -L $NS capture-pane -p | grep -q NETRX"
		screen send-keys q
		wait_for 10 bash -c "! tmux -L $NS has-session 2>/dev/null"
	done
}
