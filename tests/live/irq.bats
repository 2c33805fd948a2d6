# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Interrupts: a disk's, the only device that most machines let a test use.

load lib

setup() {
	live_setup
}

teardown() {
	live_teardown
}

# Each write reaches the disk before the next one starts.
disk_write() {
	dd if=/dev/zero of="$RUN/written" bs=4k count="$1" oflag=direct,dsync
}

writes() {
	gen_command disk dd if=/dev/zero of="$RUN/written" bs=4k count=503 \
		oflag=direct,dsync
}

# The other count runs longer on both sides: it is an upper bound, and the
# kernel's count, which leaves out repeated runs of an edge, a lower one.
@test "a handler runs as often as the kernel counts, no more than another count" {
	need_oracle
	disk_write 1 2>/dev/null || skip "no disk takes direct writes here"
	measure writes
	holds_invariants
	# Whether there was anything to see is not for napiscope to say.
	jq -e 'any(.[]; . >= 100)' <<<"$(oracle_irqs)" >/dev/null ||
		skip "no interrupt came of 503 writes"
	holds 'any(.irqs[]; .count >= 100 and .count_kernel >= 100)'
	holds 'all(.irqs[]; .count <= $other[.irq | tostring])' \
		"other=$(oracle_irqs)"
	# One that ran while napiscope was attaching has a row, and no more.
	holds 'all(.irqs[] | select(.count > 0); .ns > 0 and .ns < $ns)' \
		"ns=10000000000"
	holds 'total(.irqs[].count) == total(.cpus[].hardirqs)'
}
