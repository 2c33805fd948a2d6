# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the tests of faults share.

# watched COMMAND [ARGUMENT...] [--OPTION...]: report around a command.
watched() {
	local command=()

	while (($#)) && [[ $1 != --* ]]; do
		command+=("$1")
		shift
	done
	scope_start report -d "$LIMIT" -f json "$@" && "${command[@]}" &&
		wait_for 10 backlogs_empty && scope_end report
}

# datagrams COUNT [TO]: one by one, from a to namespace b, or to another one.
datagrams() {
	printf '\n\n' | "$TOOLS/udptx" --from "$(ns a)" --to "$(ns "${2:-b}")" \
		--addr 10.77.0.2 --count "$1" --cpu "$CPU" >/dev/null
}

# seen TEXT: what came of it, for the table.
seen() {
	echo "# seen: $BATS_TEST_DESCRIPTION: $1" >&3
}
