# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats
# TIERS: fentry
#
# `make curve` in short: two loads in two modes.

load refnic

setup() {
	live_setup
}

teardown() {
	live_teardown
	! ip link show curve0 >/dev/null 2>&1 || ip link delete curve0
	refnic_gone
}

@test "the curve: every frame is somewhere, and all count the same" {
	need_refnic
	need_two_cpus
	command -v python3 >/dev/null || skip "needs python3"
	tc qdisc add dev lo clsact || skip "this kernel has no clsact"
	tc qdisc delete dev lo clsact
	cd "$ROOT"
	scripts/curve.d/sweep --loads 500,16000 --modes napi,no-napi \
		--seconds 1 "$RUN/counts.csv"
	scripts/curve.d/show "$RUN/counts.csv" "$RUN" >"$RUN/table"
	cat "$RUN/table"
	grep -q "agree in 4 of 4 points" "$RUN/table"
	[[ $(wc -l <"$RUN/curve.csv") == 5 ]]
	python3 -c 'import sys, xml.dom.minidom
xml.dom.minidom.parse(sys.argv[1])' "$RUN/curve.svg"
}
