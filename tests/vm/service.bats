#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# TIERS: fentry
# The exporter's unit under systemd itself, which has a namespace of processes of
# its own in this machine: its user, its filter of system calls, its capabilities.

load lib

UNIT=/etc/systemd/system/napiscope-export.service

setup() {
	need_lab
	[[ -x /lib/systemd/systemd ]] || skip "there is no systemd"
	/usr/bin/python3 -c 'import prometheus_client' 2>/dev/null ||
		skip "needs python3-prometheus-client"
	mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
	sed "s|/usr/sbin/napiscope|$ROOT/build/napiscope|" \
		"$ROOT/scripts/debian/napiscope.napiscope-export.service" >"$UNIT"
	# As few others as can be: an emulated CPU starts them all, and one of them
	# empties /tmp.
	rm -rf /etc/systemd/system/*.wants
	ln -s /dev/null /etc/systemd/system/systemd-tmpfiles-setup.service
	unshare --pid --fork --mount-proc env -i container=lab PATH="$PATH" \
		/lib/systemd/systemd --system --unit=sysinit.target \
		>"$BATS_TEST_TMPDIR/systemd" 2>&1 3>&- &
	for ((i = 0; i < 120; i++)); do
		[[ ! -S /run/systemd/private ]] || break
		sleep 1
	done
	PID1=$(pgrep -x systemd | head -n 1)
}

teardown() {
	[[ ! ${PID1:-} ]] || kill -KILL "$PID1"
}

control() {
	nsenter -t "$PID1" -p -m systemctl "$@"
}

status_of() {
	awk -v name="$1:" '$1 == name { print $2 }' "/proc/$(pgrep -x napiscope)/status"
}

@test "systemd starts it, it attaches, gives up all, answers, and ends" {
	control start napiscope-export
	for ((i = 0; i < 60; i++)); do
		! grep -qs serving <(nsenter -t "$PID1" -p -m journalctl -b \
			-u napiscope-export --no-pager) || break
		sleep 1
	done
	[[ $(status_of Uid) != 0 ]]
	[[ $(status_of CapEff) == 0000000000000000 ]]
	[[ $(status_of CapPrm) == 0000000000000000 ]]
	[[ $(status_of NoNewPrivs) == 1 ]]
	[[ $(status_of Seccomp) == 2 ]]
	"$ROOT/tests/live/openmetrics.py" http://127.0.0.1:16274/metrics |
		jq -e 'any(.[0] == "napiscope_info" and .[1].tier == "fentry") and
			any(.[0] == "napiscope_cpu_squeeze_budget_total")'
	control stop napiscope-export
	[[ $(control show -p Result --value napiscope-export) == success ]]
	run pgrep -x napiscope
	[[ $status == 1 ]]
}
