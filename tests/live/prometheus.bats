#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # of jq
# TIERS: tracepoint
# Prometheus itself scrapes exporters in network namespaces of their own: the
# numbers, the shipped rules and the dashboard.

load lib

PROM=$ROOT/scripts/prometheus
BIN=$ROOT/build/prometheus

setup() {
	live_setup
	"$PROM/fetch" >"$RUN/fetch" 2>&1 ||
		skip "no Prometheus can be fetched: $(tail -n 1 "$RUN/fetch")"
	cp "$PROM"/*.yml "$RUN"
}

teardown() {
	live_teardown
}

promtool() {
	"$BIN/promtool" "$@"
}

@test "promtool takes the rules, and every alert fires where it should" {
	cd "$RUN"
	promtool check rules rules.yml
	promtool test rules rules_test.yml
	promtool check config --syntax-only prometheus.yml
	# Each alert, and each thing that is recorded, is in a case or a panel.
	sed -n 's/.*- alert: //p' rules.yml | while read -r alert; do
		grep -q "alertname: $alert$" rules_test.yml || {
			echo "$alert has no case"
			return 1
		}
	done
}

# served FILE OPTION...: what an exporter serves.
served() {
	"$NAPISCOPE" export --listen 127.0.0.1:0 --tier "$TIER" "${@:2}" \
		2>"$RUN/export.err" 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 30 grep -q serving "$RUN/export.err"
	/usr/bin/python3 -c 'import sys, urllib.request
sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' \
		"$(sed -n 's/.*serving //p' "$RUN/export.err")" >"$1"
}

@test "the fields that the shipped options name are all that the rules need" {
	local fields name

	fields=$(sed -n 's/^#ARGS=.*--fields \(.*\)"/\1/p' \
		"$ROOT/scripts/debian/napiscope.napiscope-export.default")
	served "$RUN/all"
	served "$RUN/lean" --fields "$fields"
	(($(grep -c . "$RUN/lean") * 2 < $(grep -c . "$RUN/all")))
	grep -oE 'napiscope_[a-z_]+(_total|_bucket|_count)\b' "$RUN/rules.yml" |
		sort -u | while read -r name; do
		name=${name%_total} name=${name%_bucket} name=${name%_count}
		grep -q "^# TYPE $name " "$RUN/lean" || {
			echo "$name is not served with --fields $fields"
			return 1
		}
	done
}

@test "promtool finds nothing to say about what is served" {
	served "$RUN/metrics"
	# In its own format a counter is called as its samples are.
	sed -i -E '/^# EOF/d; /^# UNIT/d; s/^# (TYPE|HELP) (\S+) /# \1 \2 /' \
		"$RUN/metrics"
	awk '$2 == "TYPE" && $4 == "counter" { counter[$3] = 1 }
		/^# (TYPE|HELP)/ && counter[$3] { $3 = $3 "_total" }
		/^# (TYPE|HELP) napiscope / { $3 = $3 "_info" }
		{ sub(/ info$/, " gauge"); print }' "$RUN/metrics" >"$RUN/classic"
	promtool check metrics <"$RUN/classic"
}

# One machine: a namespace, joined to the one where Prometheus runs, and an
# exporter there, of one device, nstbN.
machine() {
	local n=$1

	net_add "m$n"
	ip link add "up$n" netns "$NS-hub" type veth peer name up0 netns "$NS-m$n"
	ip -n "$NS-hub" address add "10.78.$n.1/24" dev "up$n"
	ip -n "$NS-hub" link set "up$n" up
	ip -n "$NS-m$n" address add "10.78.$n.2/24" dev up0
	ip -n "$NS-m$n" link set up0 up
	ip link add "nsta$n" netns "$NS-a" type veth \
		peer name "nstb$n" netns "$NS-b"
	net_join "$n"
	ip netns exec "$NS-m$n" "$NAPISCOPE" export --tier "$TIER" -i 0.2 \
		--listen "10.78.$n.2:16274" -D "nstb$n" 2>"$RUN/export$n" >&2 3>&- &
	EXPORTS+=("$!")
	echo $! >>"$RUN/pids"
	wait_for 30 grep -q serving "$RUN/export$n"
}

# Rates over seconds, not minutes: nobody waits.
configure() {
	sed -i 's/\[5m\]/[10s]/; s/rate5m/rate10s/g; s/for: .*/for: 1s/' \
		"$RUN/rules.yml"
	cat >"$RUN/prometheus.yml" <<-EOF
		global: {scrape_interval: 1s, evaluation_interval: 1s}
		rule_files: [rules.yml]
		scrape_configs:
		  - job_name: napiscope
		    static_configs:
		      - targets: [$(printf '"10.78.%d.2:16274",' 1 2 3)]
	EOF
	sed -i 's/,\]/]/' "$RUN/prometheus.yml"
	promtool check config "$RUN/prometheus.yml"
}

prometheus_is_ready() {
	ask query 'up' >"$RUN/up" 2>/dev/null &&
		jq -e 'map(.[1]) == [1, 1, 1]' "$RUN/up" >/dev/null
}

ask() {
	in_ns hub "$LIVE/fleet.py" http://127.0.0.1:9090 "$@"
}

# says QUERY JQ-EXPRESSION: of its samples, soon.
says() {
	wait_for 20 said "$@" || {
		echo "does not hold: $2 of $1:"
		cat "$RUN/said"
		return 1
	}
}

said() {
	ask query "$1" >"$RUN/said" && jq -e "$2" "$RUN/said" >/dev/null
}

# What the exporter of a machine says itself.
direct() {
	in_ns hub "$LIVE/openmetrics.py" "http://10.78.$1.2:16274/metrics" |
		jq '[.[] | select(.[0] == "napiscope_napi_work_total") | .[2]] | add // 0'
}

# What a scrape is, and what it costs: of the second machine.
figures() {
	local before after i pid=${EXPORTS[1]}

	before=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
	for ((i = 0; i < 20; i++)); do
		direct 2 >/dev/null
		sleep 0.2
	done
	after=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
	says 'scrape_samples_scraped' 'all(.[1] > 100)'
	echo "# series a machine: $(jq -c 'map(.[1])' "$RUN/said")," \
		"$(((after - before) * 1000 / $(getconf CLK_TCK) / 20)) ms a scrape," \
		"$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status") kB resident" >&3
}

@test "three machines and a load: what the rules and the dashboard say of it" {
	local n

	EXPORTS=()
	net_add hub
	net_add a
	net_add b
	for n in 1 2 3; do
		machine "$n"
	done
	configure
	ip netns exec "$NS-hub" "$BIN/prometheus" --web.listen-address \
		127.0.0.1:9090 --config.file "$RUN/prometheus.yml" \
		--storage.tsdb.path "$RUN/tsdb" >"$RUN/prometheus.log" 2>&1 3>&- &
	echo $! >>"$RUN/pids"
	wait_for 60 prometheus_is_ready || {
		cat "$RUN/prometheus.log"
		return 1
	}
	for n in 1 2 3; do
		udp "tx$n" a b "10.77.$n.2" --count $((1009 * n)) --cpu "$CPU"
	done
	gens_go
	gens_end
	sleep 0.3
	# All that was sent, but for what this kernel shows no BPF program; and each
	# machine has its own device alone.
	for n in 1 2 3; do
		sent=$(direct "$n")
		((${sent%.*} <= 1009 * n && ${sent%.*} >= 900 * n))
		says "napiscope_napi_work_total{instance=\"10.78.$n.2:16274\"}" \
			"length == 1 and .[0][0].dev == \"nstb$n\" and .[0][1] == $sent"
	done
	# One is squeezed with work left, and loses nothing.
	sysctl_set net.core.netdev_budget 5
	gen_command pace "$TOOLS/pace" --from "$(ns a)" --to "$(ns b)" \
		--addr 10.77.1.2 --cpu "$CPU" --rate 400 --segments 128 --seconds 25
	peer_tell "${GENS[0]}"
	says 'instance_dev:napiscope_squeezed_exhausted:rate10s' \
		'map(.[0].dev) == ["nstb1"]'
	says 'instance:napiscope_net_rx:max_ratio_rate10s' \
		'length == 3 and any(.[1] > 0.01) and all(.[1] < 1.01)'
	says 'instance_cpu:napiscope_raise_seconds:p99_rate10s' 'any(.[1] > 0)'
	says 'ALERTS{alertname="NapiscopeSqueezedAndDropping"}' 'length == 0'
	"$PROM/dashboard.py" >"$RUN/dashboard.json"
	ask dashboard "$RUN/dashboard.json" >"$RUN/empty"
	# No yesterday yet, and no exact tier; nothing else may be empty.
	[[ $(sort "$RUN/empty" | paste -sd '|') == \
		"Cost of a packet, as a multiple of yesterday's|Schedule to poll, p99" ]] || {
		cat "$RUN/empty"
		return 1
	}
	figures
	gens_end
}
