# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings of scenarios (scripts/scenarios --record, in the lab), judged again: what
# was found in them is found, and what was no finding is none.

load ../live/scenarios
load ../vm/scenarios

NAPISCOPE=${NAPISCOPE:-$BATS_TEST_DIRNAME/../../build/napiscope}

# judge FILE: $BATS_TEST_TMPDIR/verdict
judge() {
	"$NAPISCOPE" diagnose -r "$1" -f json >"$BATS_TEST_TMPDIR/verdict" ||
		(($? < 3))
}

# verdict EXPRESSION ID
verdict() {
	jq -e --arg id "$2" "$1" "$BATS_TEST_TMPDIR/verdict" >/dev/null
}

@test "what was wrong comes first" {
	local file name expected n=0

	for file in "$BATS_TEST_DIRNAME"/*.fire.rec; do
		name=${file##*/} name=${name%.fire.rec}
		expected=$(scenario_expects "$name")
		judge "$file"
		if [[ $expected == - ]]; then
			verdict '.findings == []' - || { echo "$name"; return 1; }
		else
			verdict '.findings[0] | .id == $id or
				any(.joined[]?; . == $id)' "$expected" ||
				{ echo "$name"; return 1; }
		fi
		n=$((n + 1))
	done
	((n >= 10))
}

@test "near misses are none" {
	local file name n=0

	for file in "$BATS_TEST_DIRNAME"/*.near.rec; do
		name=${file##*/} name=${name%.near.rec}
		judge "$file"
		verdict 'all(.findings[]; .id != $id and .severity != "critical" and
			.severity != "warning")' "$(scenario_expects "$name")" ||
			{ echo "$name"; return 1; }
		n=$((n + 1))
	done
	((n >= 10))
}
