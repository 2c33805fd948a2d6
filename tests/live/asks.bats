# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: tracepoint
# What the kernel is asked about devices, how often, and what comes of it when it
# refuses: most of it under a lock of which the whole machine has one.

bats_require_minimum_version 1.5.0
load lib
load faults

INTERVALS=7

setup() {
	live_setup
	command -v strace >/dev/null || skip "needs strace"
}

teardown() {
	live_teardown
}

# noted CALLS COMMAND [OPTION...]: INTERVALS readings; system calls: $RUN/calls.
noted() {
	strace -D -f -qq -yy -e trace="$1" -e signal=none -o "$RUN/calls" \
		"$NAPISCOPE" "${@:2}" -b -f json -i 0.3 -n $INTERVALS --tier "$TIER" \
		>"$RUN/json" 2>"$RUN/scope.err" 3>&- || {
		cat "$RUN/scope.err"
		return 1
	}
	(($(wc -l <"$RUN/json") == INTERVALS))
}

# asked PATTERN: lines of calls.
asked() {
	grep -csE "$1" "$RUN/calls" || true
}

# Its name is checked each time that it was asked.
@test "a device that counts no drops of rings is asked for them once" {
	net_pair
	noted ioctl top -w "$RUN/rec"
	(($(asked 'SIOCGIFNAME, .*"nsta0"') == 1))
	(($(asked 'SIOCGIFNAME, .*"nstb0"') == 1))
}

# times_each PATTERN: how often it was asked on each socket, the most first.
times_each() {
	grep -E "$1" "$RUN/calls" | grep -oE '<NETLINK:[^>]*>' | sort | uniq -c |
		sort -rn | awk '{ print $1 }'
}

# c and d have none; a, b, and the one where it runs, are asked at each reading, and
# at the first one.
@test "a namespace that has no NAPI is asked for it once, another each time" {
	local times

	net_pair
	net_add c
	net_add d
	noted sendto top
	# The command NETDEV_CMD_NAPI_GET, of a version that is not looked at
	mapfile -t times < <(times_each '[^0]x0b.x01.x00.x00"')
	echo "on each socket: ${times[*]}"
	((${#times[@]} >= 5 && times[0] > INTERVALS && times[2] == times[0]))
	((times[-1] == 1 && times[-2] == 1))
}

refused_thrice() {
	[[ -e $RUN/calls ]] && (($(asked 'ENOBUFS.*INJECTED') >= 3))
}

refused() {
	local pid

	datagrams 1009 || return
	strace -f -qq -p "$SCOPE_PID" -e trace=sendto -e inject=sendto:error=ENOBUFS \
		-o "$RUN/calls" 3>&- &
	pid=$!
	echo "$pid" >>"$RUN/pids"
	wait_for 20 refused_thrice && datagrams 2003 && kill "$pid" || return
	wait "$pid" || true
	datagrams 3001
}

# It reads each second where it records.
@test "devices cannot be read for a while: it is said once, and counting goes on" {
	net_pair
	watched refused --write "$RUN/rec"
	holds 'napi("nstb0").work == 6013'
	[[ $(grep -c "missing for a while: netlink: No buffer" "$RUN/scope.err") == 1 ]]
	seen "$(query -r '"\(napi("nstb0").work) of 6013"')"
}
