# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2016 # $ in single quotes is jq's
# trace around the generators, and expectations in jq (trace.jq) about the
# events that it wrote, or about the slices of a file for a viewer.

# traced_once PREPARE OPTION...: trace around the generators, to $RUN/traced.
traced_once() {
	"$1" || return
	scope_run "$TIER" "$RUN/traced" "$RUN/scope.err" trace -d "$LIMIT" \
		"${@:2}" || return
	gens_go || return
	scope_finish || return
	gens_end
}

# The reader sees everything before it ends.
scope_finish() {
	! scope_runs || kill -INT "$SCOPE_PID"
	wait "$SCOPE_PID" && return
	echo "napiscope failed:"
	cat "$RUN/scope.err"
	return 1
}

# traced PREPARE OPTION...: $RUN/events is what -f json wrote, $RUN/json the
# report of its end.  A reader that was too slow tries again.
traced() {
	local try

	for ((try = 0; try < TRIES; try++)); do
		traced_once "$1" -f json "${@:2}" || return
		jq -c 'select(.event != "end")' "$RUN/traced" >"$RUN/events"
		jq -c 'select(.event == "end") | .report' "$RUN/traced" >"$RUN/json"
		[[ -s $RUN/json ]] || return
		((LOSSY)) || query -e '.lost.events == 0' >/dev/null || continue
		holds '.tier == $tier' "tier=\"$TIER\""
		return
	done
	echo "events were lost each time"
	return 1
}

LOSSY=0

# events EXPRESSION: about all events, $report is what was counted.
events() {
	jq -es -L "$LIVE" --slurpfile reports "$RUN/json" \
		--argjson cpu "$CPU" --argjson cpu2 "$CPU2" \
		"include \"trace\"; \$reports[0] as \$report | $1" \
		"$RUN/events" >"$RUN/events.out" && return
	echo "does not hold: $1"
	head -c 2000 "$RUN/events.out"
	return 1
}

# Every number of every event against the counters.
same_as_counted() {
	local found

	found=$(jq -rs -L "$LIVE" --slurpfile reports "$RUN/json" \
		'include "trace"; differences($reports[0])[]' \
		"$RUN/events") && [[ -z $found ]] && return
	echo "$found"
	return 1
}

# slices EXPRESSION: about the file for a viewer.
slices() {
	jq -e -L "$LIVE" "include \"trace\"; $1" "$RUN/traced" \
		>"$RUN/slices.out" && return
	echo "does not hold: $1"
	head -c 2000 "$RUN/slices.out"
	return 1
}

well_formed() {
	local found

	found=$(jq -r -L "$LIVE" 'include "trace"; faults[:10][]' \
		"$RUN/traced") && [[ -z $found ]] && return
	echo "$found"
	return 1
}
