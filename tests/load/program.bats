#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The program as a file: what its compiler and linker were asked for is in it.

bats_require_minimum_version 1.5.0

setup() {
	command -v readelf >/dev/null || skip "needs readelf"
	PROGRAM=${NAPISCOPE:-build/napiscope}
}

# has WHAT PATTERN: of what readelf says.
has() {
	readelf "$1" -W "$PROGRAM" 2>&1 | grep -qE "$2" && return
	echo "$PROGRAM: readelf $1 has no $2"
	return 1
}

@test "it is loaded anywhere, and nothing that was linked can be changed later" {
	has -h '^ *Type: *DYN'
	has -d 'FLAGS_1.* PIE'
	has -d 'BIND_NOW|FLAGS_1.* NOW'
	has -l '^ *GNU_RELRO'
}

@test "no stack is executed, and no segment is written and executed" {
	has -l '^ *GNU_STACK .* RW +0x'
	run ! has -l '^ *LOAD .* RWE '
}

@test "it notices when a stack or a buffer is overrun" {
	has --dyn-syms '__stack_chk_fail'
	has --dyn-syms '__(memcpy|snprintf|strcat|printf)_chk'
}
