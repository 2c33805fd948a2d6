#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Under valgrind: nothing is read that was not written, and nothing is lost.  The
# unit tests and fuzzers have sanitizers; this is the program as it is.  valgrind
# knows neither seccomp() nor fsopen(): the program goes on without both.

setup() {
	command -v valgrind >/dev/null || skip "needs valgrind"
	NAPISCOPE=${NAPISCOPE:-build/napiscope}
	REC=tests/replay/nic-irqs.fire.rec
}

# sound COMMAND...: ends as it should, without an error or a leak.
sound() {
	local status=0

	valgrind -q --vgdb=no --error-exitcode=99 --leak-check=full \
		--suppressions=tests/load/valgrind.supp \
		--log-file="$BATS_TEST_TMPDIR/valgrind" "$NAPISCOPE" "$@" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
	((status < 3)) && ! grep -q '^==' "$BATS_TEST_TMPDIR/valgrind" && return
	echo "$*: status $status"
	cat "$BATS_TEST_TMPDIR/err"
	grep '^==' "$BATS_TEST_TMPDIR/valgrind"
	return 1
}

@test "recordings are read and written" {
	sound report -r "$REC" -w "$BATS_TEST_TMPDIR/rec" \
		--svg "$BATS_TEST_TMPDIR/svg"
	cmp "$BATS_TEST_TMPDIR/out" <("$NAPISCOPE" report -r "$REC")
	sound diagnose -f json -r "$REC"
	sound compare "$REC" tests/replay/nic-irqs.near.rec
}

@test "a damaged recording is read as far as it goes" {
	head -c -2000 "$REC" >"$BATS_TEST_TMPDIR/bad"
	printf '\xff\x00\xff\x00' | dd of="$BATS_TEST_TMPDIR/bad" bs=1 \
		conv=notrunc seek=3000 status=none
	sound top -b -f json -r "$BATS_TEST_TMPDIR/bad"
	grep -qE 'damaged|cut off' "$BATS_TEST_TMPDIR/err"
}

@test "the live machine is read" {
	((EUID == 0)) || skip "needs root"
	sound report -d 2
	grep -q 'NETRX%' "$BATS_TEST_TMPDIR/out"
}
