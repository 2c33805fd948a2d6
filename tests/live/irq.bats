# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Interrupts: a disk's, the only device that most machines let a test use.

load lib
load faults

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

# cells: "IRQ CPU COUNT" of each device's interrupt.
cells() {
	awk 'NR > 1 && $1 ~ /^[0-9]+:$/ { for (i = 2; $i ~ /^[0-9]+$/; i++)
		print $1, i - 2, $i }' /proc/interrupts
}

# The CPU that takes the disk's interrupts.
disk_cpu() {
	cells >"$RUN/before"
	disk_write 101 2>/dev/null || return
	cells | paste -d " " "$RUN/before" - |
		awk '$6 - $3 > most { most = $6 - $3; cpu = $2 }
			END { print cpu; exit most < 50 }'
}

# The disk's interrupt, then a frame that a task sends, milliseconds later.
in_turn() {
	local i

	for ((i = 0; i < 101; i++)); do
		disk_write 1 2>/dev/null && CPU=$DISK_CPU datagrams 1 || return
	done
}

@test "an interrupt that raises nothing has no NAPI, though it is the only one" {
	DISK_CPU=$(disk_cpu) || skip "no interrupt came of 101 direct writes"
	net_pair
	watched in_turn
	holds 'napi("nstb0") | .work == 101 and .sessions == 101'
	holds 'any(.irqs[]; .count >= 101)'
	holds 'napi("nstb0") | has("irq") | not'
}
