# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats
# The soak in short: what has to hold all the time, over mixed load.

load lib

setup() {
	command -v python3 >/dev/null || skip "needs python3"
	live_setup
}

teardown() {
	live_teardown
}

@test "half a minute of mixed load: every invariant holds" {
	run "$ROOT/scripts/soak" --minutes 2 --minute 12
	echo "$output"
	[[ $status == 0 ]]
	[[ ${lines[-1]} == "soak: 2 minutes, "*" invariants, 0 broken" ]]
}
