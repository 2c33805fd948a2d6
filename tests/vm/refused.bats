# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats
# A tier that this kernel cannot have: napiscope says so, and does without.

load ../live/lib

@test "the tier is refused in one line, which says why" {
	run "$NAPISCOPE" report -d 0.1 --tier "$TIER"
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	echo "# not possible: ${lines[0]#napiscope: }" >&3
	[[ ${lines[0]} == *"$TIER"* ]]
}

@test "without a word about tiers another one is in use, and nothing is said" {
	"$NAPISCOPE" report -d 0.1 -f json >"$BATS_TEST_TMPDIR/json" \
		2>"$BATS_TEST_TMPDIR/err"
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	jq -e --arg tier "$TIER" '.tier != $tier and .lost.slots == 0' \
		"$BATS_TEST_TMPDIR/json"
}
