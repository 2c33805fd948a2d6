# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# TIERS: fentry
#
# The kernel's own tests for network drivers, out of the source that
# scripts/lab source has fetched, on refnic.

load refnic

SOURCE=$ROOT/build/lab/linux-source-6.12
TESTS=$SOURCE/tools/testing/selftests/drivers/net

setup_file() {
	need_refnic
}

teardown_file() {
	refnic_gone
}

setup() {
	live_setup
	[[ -d $TESTS ]] || skip "no kernel source: scripts/lab source"
	[[ $(uname -r) == 6.12.* ]] || skip "the tests are those of 6.12"
	python3 -c 'import yaml, jsonschema' 2>/dev/null ||
		skip "no python3-yaml, python3-jsonschema: scripts/deps driver"
}

teardown() {
	live_teardown
}

# selftest NAME [VARIABLE=VALUE...]: in namespace a, on nsta0; all that it
# reports passes, but what it says that the device need not have.
selftest() {
	(cd "$TESTS" && in_ns a env NETIF=nsta0 PYTHONDONTWRITEBYTECODE=1 \
		"${@:2}" "./$1.py") >"$RUN/tap" 2>&1 || { cat "$RUN/tap"; return 1; }
	sed 's/^/# /' "$RUN/tap" >&3
	grep -q '^ok ' "$RUN/tap" && ! grep -q '^not ok ' "$RUN/tap"
}

@test "queues: as many by netlink as in sysfs, also when they change" {
	refnic_pair 3
	selftest queues
	! grep -q SKIP "$RUN/tap"
}

@test "stats: those of the queues make those of the device" {
	refnic_pair 3
	udp tx b a 10.77.0.1 --count 1009
	peer_tell "$PEER"
	peer_said "$PEER" "done" 30
	selftest stats
	grep -qE '^ok .*pkt_byte_sum$' "$RUN/tap"
	grep -qE '^ok .*check_down$' "$RUN/tap"
}

@test "ping, and TCP both ways" {
	command -v socat >/dev/null && command -v ping >/dev/null ||
		skip "no socat, ping: scripts/deps driver"
	refnic_pair 1
	selftest ping LOCAL_V4=10.77.0.1 REMOTE_V4=10.77.0.2 \
		REMOTE_TYPE=netns "REMOTE_ARGS=$NS-b"
	[[ $(grep -c '^ok .*test_v4$\|^ok .*test_tcp$' "$RUN/tap") == 2 ]]
}
