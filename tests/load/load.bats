#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Every tier that the kernel allows loads and attaches, what cannot be had is
# refused in one line, and no program grew without somebody noticing.

load ../live/lib
load lib

@test "the tracepoint tier is always there" {
	[[ $TIERS_HERE == *tracepoint* ]]
}

# Whether fentry programs pass the verifier and there are kprobes others say; arm64
# before 6.4 has nothing to attach fentry programs to.
@test "every tier this kernel allows loads with all its probes" {
	if build/tests/tools/verify | grep -q '__fe ok$' &&
		{ [[ $(uname -m) == x86_64 ]] || kernel_has 6.4; }; then
		[[ $TIERS_HERE == *fentry* ]]
	fi
	if [[ -e /sys/bus/event_source/devices/kprobe/type ]]; then
		[[ $TIERS_HERE == *kprobe* ]]
	fi
	for tier in $TIERS_HERE; do
		loads "$tier"
	done
}

# Those that cannot be attached here too; fentry may be refused altogether.
@test "every program alone passes the verifier" {
	build/tests/tools/verify >"$BATS_TEST_TMPDIR/verify"
	if ! grep '__fe ' "$BATS_TEST_TMPDIR/verify" | grep -qv ' -1$'; then
		echo "# fentry programs are refused here (EPERM): not verified" >&3
		sed -i '/__fe -1$/d' "$BATS_TEST_TMPDIR/verify"
	fi
	# Nor can those of a function that this kernel does not have (ESRCH).
	if ! grep -q ' __napi_poll$' /proc/kallsyms; then
		sed -i '/^napi_poll_.*__fe -3$/d' "$BATS_TEST_TMPDIR/verify"
	fi
	# Nor those of interrupt vectors: only x86 traces them.
	tracepoints=12
	if [[ $(uname -m) != x86_64 ]]; then
		sed -i -E '/^(local_timer|call_single|call_many)_.* -3$/d' \
			"$BATS_TEST_TMPDIR/verify"
		tracepoints=6
	fi
	# Nor that of a tracepoint that came later.
	kernel_has 6.9 || sed -i '/^dql_stall__tp -3$/d' "$BATS_TEST_TMPDIR/verify"
	cat "$BATS_TEST_TMPDIR/verify"
	[ "$(grep -c '__kp ok$' "$BATS_TEST_TMPDIR/verify")" -eq 8 ]
	[ "$(grep -c '__tp ok$' "$BATS_TEST_TMPDIR/verify")" -ge "$tracepoints" ]
	! grep -v ' ok$' "$BATS_TEST_TMPDIR/verify"
}

@test "one run of two timed, and one of a thousand, load" {
	for tier in $TIERS_HERE; do
		loads "$tier" --sample 2
		loads "$tier" --sample 1000
	done
}

@test "one slot, and many slots, load" {
	loads tracepoint --slots 1
	loads tracepoint --slots 65536
}

@test "a probe that is left out is off, and its numbers are missing" {
	"$NAPISCOPE" probes -f json --without irq_handler |
		jq -e '.probes[] | select(.name == "irq_handler") |
			(.on | not) and .programs == [] and (.why | length > 0)'
	"$NAPISCOPE" report -d 0.1 -f json --without irq_handler |
		jq -e '.irqs == [] and all(.cpus[]; has("hardirqs") | not)'
}

@test "probes says why no better tier is in use" {
	[[ $TIERS_HERE == *fentry* ]] && skip "fentry is in use here"
	"$NAPISCOPE" probes -f json | jq -e '.why_no_better | length > 10'
}

@test "a required probe cannot be left out, and that is said in one line" {
	run "$NAPISCOPE" report -d 0.1 --without softirq
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *softirq* ]]
}

@test "a tier that cannot be had is refused in one line" {
	[[ $TIERS_HERE == *fentry* ]] && skip "fentry can be had here"
	run "$NAPISCOPE" report -d 0.1 --tier fentry
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "without privilege: one line that names the capabilities" {
	command -v setpriv >/dev/null || skip "needs setpriv"
	cp "$NAPISCOPE" "$BATS_TEST_TMPDIR/napiscope"
	chmod -R a+rx "$BATS_TEST_TMPDIR"
	run setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
		"$BATS_TEST_TMPDIR/napiscope" report -d 0.1
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *CAP_BPF*CAP_PERFMON* ]]
}

# with_caps CAPABILITY...: napiscope with these alone.
with_caps() {
	local IFS=,

	run setpriv --bounding-set="-all,${*/#/+}" --inh-caps=-all \
		"$NAPISCOPE" report -d 0.1 -f json
}

@test "CAP_BPF and CAP_PERFMON are enough, from 5.11 on" {
	command -v setpriv >/dev/null || skip "needs setpriv"
	ulimit -l 64
	with_caps bpf perfmon
	if ! kernel_has 5.11; then
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ ${lines[0]} == *"locked memory"*CAP_SYS_RESOURCE* ]]
		with_caps bpf perfmon sys_resource
	fi
	[ "$status" -eq 0 ]
	jq -e '.schema == "napiscope/1"' <<<"$output"
}

programs() {
	bpftool -j prog | jq '[.[] | select((.name // "") |
		test("__(tp|fe|kp|run)$"))] | length'
}

teardown() {
	[ ! -e "$BATS_TEST_TMPDIR/pid" ] ||
		kill "$(<"$BATS_TEST_TMPDIR/pid")" 2>/dev/null || true
}

@test "nothing stays attached after the end, nor after SIGKILL" {
	before=$(programs)
	"$NAPISCOPE" report -d 0.2 >/dev/null
	"$NAPISCOPE" report -d 600 >/dev/null 3>&- &
	pid=$!
	echo "$pid" >"$BATS_TEST_TMPDIR/pid"
	for _ in $(seq 300); do
		during=$(programs)
		((during == before)) || break
		sleep 0.1
	done
	kill -KILL "$pid"
	wait "$pid" || true
	((during > before))
	for _ in $(seq 50); do
		after=$(programs)
		[ "$after" -eq "$before" ] && return 0
		sleep 0.1
	done
	echo "programs: $before before, $after after"
	return 1
}

# tests/load/insns.txt: program, instructions after the verifier's rewriting,
# the largest number that a kernel of the lab or a 6.18 has.  More than a tenth
# above is an error: look at it, then write the new number down.
@test "no program grew" {
	for tier in $TIERS_HERE; do
		"$NAPISCOPE" probes -f json --tier "$tier"
	done | jq -r '.probes[].programs[] | "\(.name) \(.insns)"' | sort -u \
		>"$BATS_TEST_TMPDIR/now"
	cat "$BATS_TEST_TMPDIR/now"
	while read -r name insns; do
		base=$(sed -n "s/^$name //p" tests/load/insns.txt)
		[ -n "$base" ] || { echo "$name: not in insns.txt"; return 1; }
		if ((insns * 10 > base * 11)); then
			echo "$name: $insns instructions, were $base"
			return 1
		fi
	done <"$BATS_TEST_TMPDIR/now"
	[ -s "$BATS_TEST_TMPDIR/now" ]
}

@test "what the kernel skipped is counted wherever the kernel counts it" {
	for tier in $TIERS_HERE; do
		since=5.12
		[[ $tier != kprobe ]] || since=6.7
		want=false
		! kernel_has $since || want=true
		"$NAPISCOPE" report -d 0.1 -f json --tier "$tier" | jq -e \
			--argjson want $want '.lost | has("missed") == $want' ||
			{ echo "tier $tier: lost.missed: not $want"; return 1; }
	done
}

@test "vmlinux.h agrees with this kernel" {
	scripts/check-vmlinux
}
