# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# Histograms, of traffic whose distribution is known beforehand.  That they agree
# with the counters holds in every test: hist_violations in napi.jq.

load lib
load scenarios

setup() {
	live_setup
}

teardown() {
	live_teardown
}

in_place() {
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0'
}

one_by_one() {
	tap tx --dev nst0 --send "0:$CPU:10007"
}

@test "10007 frames one by one: each poll has work 1, each session one poll" {
	net_add a
	in_place
	measure one_by_one
	holds_invariants
	holds 'napi("nst0").hist | .work == {count: $n, sum: $n, p50: 1, p90: 1,
		p99: 1, p999: 1, max: 1, buckets: [[1, 2, $n]]}' n=10007
	[[ $TIER != tracepoint ]] ||
		holds 'napi("nst0").hist | .session_polls == .work'
	holds 'napi("nst0") | .hist.poll_ns | .count == $n' n=10007
	holds 'napi("nst0") | .poll_p99_ns == .hist.poll_ns.p99'
}

@test "the same by device and by CPU" {
	net_add a
	in_place
	measure one_by_one
	holds '.devices[] | select(.dev == "nst0").hist.work.count == $n' n=10007
	holds '[.devices[] | select(.dev == "nst0").hist] ==
		[napi("nst0").hist]'
	holds 'cpu($cpu).hist.work.count >= $n and
		cpu($cpu).hist.poll_ns.sum >= napi("nst0").poll_ns' n=10007
}

# The thread gets the CPU only when the real-time writer is through.
threaded_burst() {
	tap tx --dev nst0 --send "0:$CPU:1009" --realtime
	threaded a nst0 "$CPU"
}

@test "threaded, a burst of 1009: 15 polls with work 64, one with 49, one with 0" {
	net_add a
	measure threaded_burst
	holds_invariants
	holds 'napi("nst0").hist.work == {count: 17, sum: 1009, p50: 64, p90: 64,
		p99: 64, p999: 64, max: 64,
		buckets: [[0, 1, 1], [48, 50, 1], [64, 68, 15]]}'
	[[ $TIER != tracepoint ]] ||
		holds 'napi("nst0").hist.session_polls.buckets == [[1, 2, 1],
			[16, 17, 1]]'
}

flood() {
	udp tx a b 10.77.0.2 --count "$(many 300007)" --cpu "$CPU"
}

# From the raise in the sender's context to the entry there is no interrupt: the
# time is short, and there is one for every run but those that others raised.
@test "raise to entry: every NET_RX run of a flood has one" {
	net_pair
	undisturbed 'total(.cpus[].ksoftirqd_polls) == 0'
	measure flood
	holds_invariants
	holds 'cpu($cpu) | .hist.raise_ns.count >= .net_rx_runs * 0.99 and
		.hist.raise_ns.p50 <= .hist.raise_ns.p99 and
		.raise_p99_ns == .hist.raise_ns.p99'
	holds 'cpu($cpu) | .late_ns > 0 and .late_ns <= .hist.raise_ns.max and
		(.late_comm | length) > 0'
	holds 'cpu($cpu) | .hist.net_rx_ns.sum as $sum |
		.net_rx_ns - $sum | fabs <= $sum / 100'
}

# The truth is who holds them off, and how long he says he does.
@test "raise to entry: a task that holds softirqs off for 2 ms, and its name" {
	[[ -z ${ALL_SEEN:-} ]] || skip "an emulated CPU would do nothing else"
	need_two_cpus
	command -v bpftool >/dev/null || skip "needs bpftool"
	scenario late-softirq fire
	sleep 1
	"$NAPISCOPE" report --tier "$TIER" -d 2 -f json >"$RUN/json"
	background_runs
	holds '.cpus[] | select(.cpu == $cpu2) | .late_comm == "bpftool" and
		.late_ns >= 1800000 and .hist.raise_ns.max >= .late_ns and
		.hist.raise_ns.max < 100000000'
}

too_many() {
	tap tx --dev nst --devices 6 --queues 256 --ramp "$CPU"
}

# Three for each of 1536 NAPIs do not go into 4096.  That is a million frames, and
# two open files for each, by turns.  Where it takes longer than two seconds, those
# that were through early are gone already.
@test "no room for more histograms: the rest is counted and said, counts stay exact" {
	[[ -z ${ALL_SEEN:-} ]] || skip "a million frames take too long in the lab"
	ulimit -n 4096
	net_add a
	in_place
	measure too_many
	holds 'violations($unseen) as $v | $v | all(test("^(histogram|lost)"))'
	holds '[.napis[] | select(.dev // "" | test("^nst[0-5]$")) | .polls] as $here |
		[range(1; 1537)] as $all | $here - $all == [] and
		($here | length == (unique | length)) and
		($all - $here | add // 0) ==
			total(.napis[] | select(.label == "gone") | .polls)'
	holds '.lost | .hists > 0 and .slots == 0'
	holds '[.napis[] | select(.dev // "" | test("^nst[0-5]$"))] |
		(1536 - length) as $gone |
		map(select(has("hist") and .hist.work) | .hist.work.count == .polls) |
		length + $gone > 1200 and length + $gone < 1536 and all'
	grep -q "hists.*--slots" "$RUN/scope.err"
	[[ $(wc -l <"$RUN/scope.err") == 1 ]]
}

# print_report FORMAT: around one_by_one, into $RUN/FORMAT.
print_report() {
	one_by_one &&
		scope_run "$TIER" "$RUN/$1" "$RUN/scope.err" report \
			-d "$LIMIT" -f "$1" &&
		gens_go && scope_end report && gens_end
}

@test "text: percentiles and bars fit 80 columns" {
	net_add a
	COLUMNS=80 print_report text
	grep -q '^time of a poll .* COUNT .* P50 .* MAX$' "$RUN/text"
	awk '/^work of a poll/ { on = 1 } /^lost/ { on = 0 }
		on && length > 80 { print; bad = 1 } END { exit bad }' "$RUN/text"
	grep -Eq '^ +1 +10007 100\.0% #{40}$' "$RUN/text"
}

@test "csv: the same numbers as json has" {
	net_add a
	print_report csv
	grep -q ',napis,"[^"]*nst0[^"]*",hist.work.bucket.1.2,10007$' "$RUN/csv"
	grep -q ',napis,"[^"]*nst0[^"]*",hist.work.p999,1$' "$RUN/csv"
}

@test "top has them with --hist only" {
	net_add a
	tap tx --dev nst0 --send "0:$CPU:5000000"
	peer_tell "${GENS[0]}"
	"$NAPISCOPE" top -b -n 1 -f json --tier "$TIER" --hist >"$RUN/json"
	holds 'napi("nst0") | .hist.work.count == .polls and .polls > 0'
	"$NAPISCOPE" top -b -n 1 -f json --tier "$TIER" >"$RUN/json"
	holds 'napi("nst0").polls > 0 and (has_hists | not)'
}

# openmetrics FAMILY: its samples of nst0 as JSON, by another's parser.
openmetrics() {
	"$LIVE/openmetrics.py" "$RUN/openmetrics" | jq --arg family "$1" '
		map(select(.[1].dev == "nst0" and (.[0] | startswith($family)))
			| .[0] |= ltrimstr($family))'
}

@test "openmetrics: a parser takes it, and its buckets hold the values" {
	[[ -z ${LAB_FOREIGN:-} ]] ||
		skip "the root of another architecture has no python3"
	net_add a
	print_report openmetrics
	openmetrics napiscope_napi_hist_work | jq -e --argjson n 10007 '
		map(select(.[0] == "_bucket") | [.[1].le, .[2]]) as $buckets |
		$buckets[0] == ["0.0", 0] and $buckets[1] == ["1.0", $n] and
		$buckets[-1] == ["+Inf", $n] and
		any(.[]; .[0] == "_count" and .[2] == $n) and
		any(.[]; .[0] == "_sum" and .[2] == $n)'
	openmetrics napiscope_napi_polls_total | jq -e '.[0][2] == 10007'
	openmetrics napiscope_napi_poll_seconds_total | jq -e '.[0][2] > 0'
}
