# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# compare: what differs is found, and what does not is said not to.

load lib

setup() {
	live_setup
}

teardown() {
	live_teardown
}

# record FILE [OPTION...]: 20 intervals.
record() {
	"$NAPISCOPE" top --tier "$TIER" -b -i 0.2 -n 20 -w "$RUN/$1" "${@:2}" >/dev/null
}

compare() {
	"$NAPISCOPE" compare "$RUN/before" "$RUN/after" "$@"
}

@test "nothing changed: the configuration is the same, and nothing moved" {
	net_add a
	record before
	cp "$RUN/before" "$RUN/after"
	compare >"$RUN/text"
	grep -qx 'configuration: the same' "$RUN/text"
	grep -q '^no difference: ' "$RUN/text"
	compare -f json | jq -e '.config == [] and .moved == [] and .unsure == []
		and .same > 50 and .only_a == [] and .only_b == []'
}

@test "a setting that changed comes first, with both values" {
	local old

	old=$(sysctl -n net.core.netdev_budget)
	record before
	sysctl_set net.core.netdev_budget $((old + 7))
	record after
	compare >"$RUN/text"
	grep -Eq "^  sysctl/net.core.netdev_budget +$old -> $((old + 7))$" "$RUN/text"
	compare -f json | jq -e --arg a "$old" --arg b $((old + 7)) '
		[.config[] | select(.path == "sysctl/net.core.netdev_budget")] ==
		[{path: "sysctl/net.core.netdev_budget", a: $a, b: $b}]'
}

# Frames one by one, for longer than is recorded: the end of the test ends them.
frames() {
	tap tx --dev nst0 --send "0:$CPU:20000000"
}

@test "a load that began: more polls there, and a NAPI that was not there before" {
	net_add a
	record before
	frames
	peer_tell "${GENS[0]}"
	record after
	compare -f json >"$RUN/compared"
	jq -e --arg cpu "$CPU" '.moved | any(.scope == "cpus" and .row == $cpu and
		.field == "polls" and .word == "more" and .b > 1000)' "$RUN/compared"
	jq -e '.only_b | any(.scope == "napis" and (.row | startswith("nst0")))' \
		"$RUN/compared"
	jq -e '.config | any(.path | startswith("dev/nst0@"))' "$RUN/compared"
	compare | grep -Eq '^  polls .* more$'
}

@test "what is wrong with the recordings is said in one line" {
	record before
	run "$NAPISCOPE" compare "$RUN/before"
	[[ $status == 2 && $output == *"two recordings"* ]]
	run "$NAPISCOPE" compare "$RUN/before" "$RUN/nothing"
	[[ $status == 1 && ${#lines[@]} == 1 && $output == *nothing*"No such file"* ]]
	echo "no recording" >"$RUN/text"
	run "$NAPISCOPE" compare "$RUN/before" "$RUN/text"
	[[ $status == 1 && ${#lines[@]} == 1 && $output == *text* ]]
	run "$NAPISCOPE" compare "$RUN/before" "$RUN/before" "$RUN/before"
	[[ $status == 2 ]]
	run "$NAPISCOPE" compare "$RUN/before" "$RUN/before" -f csv
	[[ $status == 2 ]]
}
