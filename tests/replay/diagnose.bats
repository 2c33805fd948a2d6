# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings of scenarios (scripts/scenarios --record, in the lab), judged again: what
# was found in them is found, and what was no finding is none.

load ../live/scenarios
load ../vm/scenarios

NAPISCOPE=${NAPISCOPE:-$BATS_TEST_DIRNAME/../../build/napiscope}

# judge FILE: $BATS_TEST_TMPDIR/verdict
judge() {
	"$NAPISCOPE" diagnose -r "$1" -f json >"$BATS_TEST_TMPDIR/verdict" ||
		(($? < 3)) || return
	# What is not known is no number.
	! grep -F 18446744073709551615 "$BATS_TEST_TMPDIR/verdict"
}

# verdict EXPRESSION ID
verdict() {
	jq -e --arg id "$2" "$1" "$BATS_TEST_TMPDIR/verdict" >/dev/null
}

# Not recorded: emulated CPUs cannot do it.
LACKING=" udp-starved.fire "

# each VARIANT COMMAND: COMMAND NAME FILE of every scenario's recording.
each() {
	local name file

	for name in $(scenario_names; scenario_names nic; scenario_names numa); do
		file=$BATS_TEST_DIRNAME/$name.$1.rec
		if [[ ! -e $file ]]; then
			[[ $LACKING =~ [[:space:]]$name.$1[[:space:]] ]] && continue
			echo "$name.$1 is not recorded"
			return 1
		fi
		judge "$file" && "$2" "$(scenario_expects "$name")" && continue
		echo "$name.$1: $(jq -c '.findings[0]' "$BATS_TEST_TMPDIR/verdict")"
		return 1
	done
}

is_found() {
	if [[ $1 == - ]]; then
		verdict '.findings == []' -
	else
		verdict '.findings[0] | .id == $id or any(.joined[]?; .id == $id)' "$1"
	fi
}

is_not_found() {
	verdict 'all(.findings[]; .id != $id and .severity != "critical" and
		.severity != "warning") and ($id == "-" or any(.rules[];
		.id == $id and .state != "not measured"))' "$1"
}

@test "what was wrong comes first" {
	each fire is_found
}

@test "near misses are none" {
	each near is_not_found
}

@test "each recording is of a scenario" {
	local file name

	for file in "$BATS_TEST_DIRNAME"/*.{fire,near}.rec; do
		name=${file##*/} name=${name%.*.rec}
		[[ $(scenario_expects "$name") ]] || { echo "$name"; return 1; }
	done
}
