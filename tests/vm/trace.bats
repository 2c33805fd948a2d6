# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# trace with real interrupts: refnic's. Arrows lead from the handler that
# scheduled to the poll; interrupts, schedules and completions are counted.

load refnic
load ../live/trace

setup_file() {
	need_refnic
}

teardown_file() {
	refnic_gone
}

setup() {
	live_setup
}

teardown() {
	live_teardown
}

FRAMES=2003

# Four seconds: from the second one on an inferred link is known.
one_by_one() {
	refnic_gen frames b nstb0 $FRAMES 500 1 4
}

@test "one frame at a time: every event is in the counters, and the reverse" {
	refnic_port b nstb0 2
	traced one_by_one
	same_as_counted
	events '[.[] | select(.event == "irq" and (.name | startswith("nstb0-")))]
		| length > 1000'
	[[ $TIER == tracepoint ]] || events '[.[] | select(.dev == "nstb0")]
		| ([.[] | select(.event == "schedule" and has("irq"))] | length) as $n
		| $n > 1000 and ([.[] | select(.event == "poll")] | length) >= $n'
}

@test "for a viewer: an arrow leads from each interrupt to its poll" {
	refnic_port b nstb0 2
	traced_once one_by_one -f perfetto -D nstb0
	well_formed
	slices '([slices[] | select(.cat == "hardirq")] | length) as $irqs
		| [.traceEvents[] | select(.ph == "f")] | length as $flows
		| $irqs > 1000 and $flows > $irqs / 2 and $flows <= $irqs'
}

bursts() {
	refnic_gen frames b nstb0 20011 10000 200 1
}

@test "--around-squeeze: the polls before it, on the CPU of the interrupt" {
	refnic_port b nstb0 1
	sysctl_set net.core.netdev_budget 64
	sysctl_set net.core.netdev_budget_usecs 10000000
	traced bursts --around-squeeze=32
	events '[.[] | select(.event == "trigger")] | length > 0 and
		all(.why == "squeeze")'
	events 'any(.[]; .event == "poll" and .dev == "nstb0" and .work == 64)'
}
