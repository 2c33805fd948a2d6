# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: kprobe
# A driver that is unloaded and loaded again, where its poll function has a kprobe of
# its own, which goes with it.

load refnic
load ../live/faults

setup() {
	need_refnic
	! grep -q ' __napi_poll$' /proc/kallsyms ||
		skip "this kernel has one __napi_poll for all drivers"
	live_setup
}

teardown() {
	live_teardown
	refnic_gone
}

generate() {
	refnic_generate "$1" gen/rate=1000 gen/burst=4 gen/flows=2 gen/cpu=0
}

# Its first polls are timed by difference, until that is noticed.
reloaded() {
	generate 1009 && ip -n "$NS-b" link del nstb0 &&
		refnic_reload &&
		generate 2003 && sleep 3 && generate 2003
}

@test "the driver is loaded again: its poll function is hooked again" {
	refnic_port b nstb0 1
	watched reloaded
	holds '[of_dev("nstb0")[] | select(.work > 0) | .work] | sort ==
		[1009, 4006]'
	holds '[of_dev("nstb0")[] | select(.work == 4006) | .sched_polls] | all(. > 400)'
}
