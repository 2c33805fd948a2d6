# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For the tests of what loads: in each of $TIERS_HERE.

setup_file() {
	export NAPISCOPE=${NAPISCOPE:-build/napiscope}
	local tier
	TIERS_HERE=
	for tier in tracepoint fentry kprobe; do
		if "$NAPISCOPE" report -d 0.05 --tier "$tier" -f json \
			>/dev/null 2>&1; then
			TIERS_HERE+=" $tier"
		fi
	done
	export TIERS_HERE
}

setup() {
	((EUID == 0)) || skip "needs root"
}

# loads TIER OPTION...: attaches without a word, in that tier.
loads() {
	local tier=$1 json
	shift
	json=$("$NAPISCOPE" report -d 0.05 -f json --tier "$tier" "$@" 2>&1)
	jq -e --arg tier "$tier" '.tier == $tier' <<<"$json" >/dev/null || {
		echo "--tier $tier $*: $json"
		return 1
	}
}
