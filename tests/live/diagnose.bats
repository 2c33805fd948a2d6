# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: tracepoint
# diagnose on real NAPI: some of the scenarios that scripts/scenarios runs all of,
# each as it is wrong and as a near miss.

load lib
load scenarios

setup() {
	live_setup
	need_two_cpus
}

teardown() {
	live_teardown
}

# verdict NAME fire|near [EXPRESSION]: $RUN/verdict.  What it is about has to come
# first, or nothing may be wrong, and the expression has to hold; a machine that was
# disturbed is asked again.
verdict() {
	local try more=${3:-true}

	scenario "$1" "$2" || return
	for ((try = 0; try < TRIES; try++)); do
		sleep 1
		"$NAPISCOPE" diagnose --tier "$TIER" -d 2 -f json \
			>"$RUN/verdict" || (($? < 3)) || return
		background_runs || return
		! jq -e --arg id "$(scenario_expects "$1")" --arg variant "$2" '
			def is($id): .id == $id or any(.joined[]?; .id == $id);
			if $variant == "near" or $id == "-" then
				all(.findings[]; (is($id) | not) and
					(.severity | IN("note", "harmless")))
			else .findings[0] // {} | is($id) end and
			('"$more"')' "$RUN/verdict" >/dev/null || return 0
	done
	jq -c '.findings[]' "$RUN/verdict"
	return 1
}

# says [JQ-OPTION...] EXPRESSION: or shows what was found instead.
says() {
	jq -e "$@" "$RUN/verdict" >/dev/null && return
	jq -c '.findings[]' "$RUN/verdict"
	return 1
}

@test "healthy load: nothing is wrong" {
	verdict healthy fire
}

@test "a full backlog: found, with the command that mends it" {
	verdict backlog-drops fire
	says '.findings[0] | (.fix | test("netdev_max_backlog=1000")) and
		(.undo | test("netdev_max_backlog=10")) and
		.severity == "warning" and .kind == "cpu"'
}

@test "a backlog with room: nothing" {
	verdict backlog-drops near
}

@test "RPS to one CPU that is full: one finding, and its fix names the device" {
	local full=true

	# An emulated CPU may have other things to do: then it is not saturated, and
	# that is not said.  Nor is it under PREEMPT_RT, where
	# the backlog has a thread.
	[[ ${FEWER:-} ]] || full='any(.findings[0].evidence[];
		.name == "net_rx_ns" and .value >= 80)'
	verdict rps-funnel fire "$full"
	says --arg ns "$NS-b" --arg lab "${FEWER:-}" '.findings[0]
		| any(.evidence[]; .name == "net_rx_ns" and .value >= 80) as $full
		| any(.evidence[]; .name == "threaded_polls") as $thread
		| ($full or $lab != "") and
		(.severity == "critical") == ($full and ($thread | not)) and
		any(.joined[]; .id == "cpu-saturated") == $full and
		(.fix | test("ip netns exec \($ns) .*nstb0/queues/rx-0"))'
}

@test "squeezes that cost nothing are harmless, and said to be" {
	verdict squeeze-harmless fire '[.findings[].severity] == ["harmless"]'
	run "$NAPISCOPE" diagnose --tier "$TIER" -d 1
	[[ $status -eq 0 ]]
}
