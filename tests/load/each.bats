#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Each optional probe and each event, alone and left out, loads and attaches in
# every tier that the kernel allows.

load ../live/lib
load lib

optional=(irq_handler softirq_raise timer_vector ipi_vectors poll_entry
	driver_poll schedule complete watchdog dql_stall)

@test "each optional probe can be left out" {
	for tier in $TIERS_HERE; do
		for probe in "${optional[@]}"; do
			loads "$tier" --without "$probe"
		done
	done
}

@test "each optional probe loads alone, and none at all do" {
	for tier in $TIERS_HERE; do
		for probe in "${optional[@]}" none; do
			args=()
			for other in "${optional[@]}"; do
				[[ $other == "$probe" ]] ||
					args+=(--without "$other")
			done
			loads "$tier" "${args[@]}"
		done
	done
}

# traces TIER OPTION...: attaches, and the last line says so.
traces() {
	local tier=$1 json
	shift
	json=$("$NAPISCOPE" trace -d 0.05 -f json --tier "$tier" "$@" | tail -n 1)
	jq -e --arg tier "$tier" '.event == "end" and .report.tier == $tier' \
		<<<"$json" >/dev/null || {
		echo "trace --tier $tier $*: $json"
		return 1
	}
}

@test "trace loads with every event alone and with all, in rings and in windows" {
	for tier in $TIERS_HERE; do
		events=(irq raise softirq poll squeeze all)
		[[ $tier == tracepoint ]] || events+=(schedule complete)
		for event in "${events[@]}"; do
			traces "$tier" --events "$event"
			traces "$tier" --events "$event" --longer-than 1us
			traces "$tier" --events "$event" --around-squeeze=8
		done
		traces "$tier" --around-squeeze=65536 --longer-than 1ms
		traces "$tier" -C 0 -D lo --napi backlog/0
	done
}
