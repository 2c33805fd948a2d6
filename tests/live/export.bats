#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2016 # of jq
# export: the numbers that Prometheus gets, and what a server may meet.

load lib

setup() {
	live_setup
	/usr/bin/python3 -c 'import prometheus_client' 2>/dev/null ||
		skip "needs python3-prometheus-client"
}

teardown() {
	live_teardown
}

is_serving() {
	grep -qs ' serving ' "$RUN/export.err" || ! kill -0 "$EXPORT" 2>/dev/null
}

# export_start [OPTION...]: sets EXPORT and URL.
export_start() {
	"$NAPISCOPE" export --listen 127.0.0.1:0 -i 0.05 --tier "$TIER" "$@" \
		>"$RUN/export.out" 2>"$RUN/export.err" 3>&- &
	EXPORT=$!
	echo "$EXPORT" >>"$RUN/pids"
	wait_for 60 is_serving
	URL=$(sed -n 's/^napiscope: serving //p' "$RUN/export.err")
	[[ $URL ]] || {
		cat "$RUN/export.err"
		return 1
	}
}

export_end() {
	kill -TERM "$EXPORT" && wait "$EXPORT"
}

# scrape NAME: what is served now, but no younger than the last one's.
scrape() {
	sleep 0.1
	"$LIVE/openmetrics.py" "$URL" >"$RUN/$1.metrics"
}

# sample FILE NAME LABEL=VALUE...: the value, 0: there is none.
sample() {
	jq --arg name "$2" '[.[] | select(.[0] == $name and (.[1] as $l |
			$ARGS.positional | all(split("=") | $l[.[0]] == .[1])))
			| .[2]] | add // 0' "$RUN/$1.metrics" --args "${@:3}"
}

# grew NAME LABEL=VALUE...: between the scrapes "before" and "after"; what there is
# no row of at all is no 0.
grew() {
	jq -e --arg name "$1" 'any(.[]; .[0] == $name)' "$RUN/after.metrics" \
		>/dev/null || { echo -999999999; return; }
	echo $(($(sample after "$@" | cut -d. -f1) -
		$(sample before "$@" | cut -d. -f1)))
}

datagrams() {
	udp tx a b 10.77.0.2 --count 10007
	scrape before
}

# As the kernel has counted on $CPU, since boot.
squeezed() {
	echo $((16#$(awk -v cpu="$CPU" 'NR == cpu + 1 { print $3 }' \
		/proc/net/softnet_stat)))
}

# between LOW NUMBER HIGH
between() {
	(($1 <= ${2%.*} && ${2%.*} <= $3)) || {
		echo "$2 is not from $1 to $3"
		return 1
	}
}

@test "what is served grew by what was sent, and by what the kernel counted" {
	local squeezed

	net_pair
	export_start --hists napi
	measure datagrams
	squeezed=$(squeezed)
	scrape after
	holds 'napi("nstb0").work == 10007'
	[[ $(grew napiscope_napi_work_total dev=nstb0) == 10007 ]]
	[[ $(grew napiscope_dev_work_total dev=nstb0) == 10007 ]]
	[[ $(grew napiscope_dev_rx_packets_total dev=nstb0) == 10007 ]]
	[[ $(grew napiscope_napi_hist_work_sum dev=nstb0) == 10007 ]]
	[[ $(grew napiscope_napi_hist_work_count dev=nstb0) == \
		$(grew napiscope_napi_polls_total dev=nstb0) ]]
	holds 'napi("nstb0").polls == $n' n="$(grew napiscope_napi_polls_total \
		dev=nstb0)"
	between "$squeezed" "$(sample after napiscope_cpu_softnet_squeezed_total \
		"cpu=$CPU")" "$(squeezed)"
	export_end
}

send() {
	tap tx --dev nst0 --send "0:$CPU:10007"
	gens_go && gens_end
}

# labels FILE: those of the device's NAPI.
labels() {
	jq -c '[.[] | select(.[0] == "napiscope_napi_work_total" and
		.[1].dev == "nst0") | .[1]]' "$RUN/$1.metrics"
}

@test "a device that comes again goes on, under the same labels" {
	net_add a
	export_start
	scrape before
	send
	scrape first
	send
	scrape after
	[[ $(labels after) == "$(labels first)" ]]
	[[ $(labels after | jq length) == 1 ]]
	# What BPF is not shown may be missing, twice.
	(($(grew napiscope_napi_work_total dev=nst0) > 15000))
	(($(grew napiscope_napi_work_total dev=nst0) <= 20014))
	export_end
}

# The kernel takes a moment to free them.
nothing_attached() {
	[[ $(bpftool prog list -j | jq length) == "$1" ]]
}

@test "nothing that it may do is left, and nothing is attached after it" {
	local programs

	programs=$(bpftool prog list -j | jq length)
	export_start
	(($(bpftool prog list -j | jq length) > programs))
	[[ $(awk '/^Cap(Inh|Prm|Eff|Bnd|Amb):/ { print $2 }' "/proc/$EXPORT/status" |
		sort -u) == 0000000000000000 ]]
	[[ $(awk '/^Uid:/ { print $2, $3, $4, $5 }' "/proc/$EXPORT/status") != *\ 0* ]]
	[[ $(awk '/^Groups:/ { print NF }' "/proc/$EXPORT/status") == 1 ]]
	grep -q '^NoNewPrivs:.1$' "/proc/$EXPORT/status"
	! grep -q '^Seccomp:' /proc/self/status ||
		grep -q '^Seccomp:.2$' "/proc/$EXPORT/status"
	scrape after
	jq -e 'any(.[0] == "napiscope_cpu_net_rx_runs_total")' "$RUN/after.metrics"
	export_end
	[[ $(<"$RUN/export.err") == "napiscope: serving "* ]]
	[[ $(wc -l <"$RUN/export.err") == 1 ]]
	wait_for 10 nothing_attached "$programs"
}

@test "only what was asked for: devices, fields, histograms, and so many NAPIs" {
	net_add a
	export_start --max-napis 1 --hists none --fields work,polls
	send
	tap more --dev nst1 --queues 7 --ramp "$CPU"
	gens_go && gens_end
	scrape after
	jq -e 'map(.[0]) | unique | map(select(startswith("napiscope_napi"))) ==
		["napiscope_napi_polls_total", "napiscope_napi_work_total"]' \
		"$RUN/after.metrics"
	jq -e '[.[] | select(.[0] == "napiscope_napi_polls_total")] |
		length == 2 and any(.[1].napi == "other")' "$RUN/after.metrics"
	export_end
	tap more --dev nst1 --queues 7 --ramp "$CPU"
	export_start -D nst1
	gens_go
	scrape after
	jq -e '[.[] | select(.[0] == "napiscope_napi_polls_total") | .[1].dev] |
		unique == ["nst1"]' "$RUN/after.metrics"
	gens_end
	export_end
}

# ask PYTHON: with connect() and get().
ask() {
	/usr/bin/python3 - "$URL" "$1" <<-'EOF'
		import concurrent.futures, gzip, http.client, os, socket, sys, time
		import urllib.parse
		host = urllib.parse.urlsplit(sys.argv[1])

		def connect(source="127.0.0.1"):
		    return socket.create_connection((host.hostname, host.port), 20,
		                                    (source, 0))

		def get(path="/metrics", method="GET", **headers):
		    connection = http.client.HTTPConnection(host.hostname, host.port,
		                                            timeout=20)
		    connection.request(method, path, headers=headers)
		    reply = connection.getresponse()
		    return reply, reply.read()

		exec(sys.argv[2])
	EOF
}

@test "plain, compressed, only the head; other paths and methods are refused" {
	export_start
	ask '
reply, plain = get()
assert reply.status == 200 and plain.endswith(b"# EOF\n"), reply.status
reply, packed = get(**{"Accept-Encoding": "gzip"})
assert reply.headers["Content-Encoding"] == "gzip"
text = gzip.decompress(packed)
assert text.endswith(b"# EOF\n") and len(packed) < len(text) / 3
reply, nothing = get(method="HEAD")
assert reply.status == 200 and not nothing
assert get("/")[0].status == 200
assert get("/metrics/x")[0].status == 404
reply, _ = get(method="POST")
assert reply.status == 405 and reply.headers["Allow"] == "GET, HEAD"
'
	export_end
}

@test "many who ask at once get the same reading" {
	export_start -i 5
	ask '
with concurrent.futures.ThreadPoolExecutor(20) as pool:
    bodies = [body for reply, body in pool.map(lambda _: get(), range(200))]
assert all(body.endswith(b"# EOF\n") for body in bodies)
assert len(set(bodies)) <= 2, len(set(bodies))
'
	export_end
}

@test "who is slow, silent, or talks nonsense harms nobody" {
	export_start
	ask '
silent = [connect("127.0.0.2") for _ in range(100)]
slow = [connect("127.0.0.3") for _ in range(20)]
for s in slow:
    s.send(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
longest = 0
for garbage in (b"\0" * 5000, b"GET\r\n\r\n", os.urandom(3000),
                b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n", b"GET /metrics HTTP/1.1\r\n" +
                b"".join(b"X%d: y\r\n" % i for i in range(5000)) + b"\r\n"):
    s = connect("127.0.0.4")
    try:
        s.sendall(garbage)
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536):
            pass
    except OSError:
        pass
    s.close()
    began = time.monotonic()
    assert get()[0].status == 200
    longest = max(longest, time.monotonic() - began)
assert longest < 2, longest
trickle = connect("127.0.0.5")
trickle.send(b"GET /metrics HTTP/1.1\r\n")
ended = None
for second in range(30):
    try:
        trickle.send(b"A")
    except OSError:
        ended = second
        break
    time.sleep(1)
assert ended is not None, "a byte a second keeps a connection for good"
assert all(s.recv(1) == b"" for s in silent), "silence keeps a connection"
assert get()[0].status == 200
'
	kill -0 "$EXPORT"
	export_end
}

churned() {
	"$TOOLS/churn" --devices 2503 --batch 50 --rate 250 --cpu "$CPU"
}

@test "nobody asks for long, and NAPIs come and go: room is made for them" {
	export_start --slots 2048
	scrape before
	churned
	scrape after
	[[ $(grew napiscope_lost_slots_total) -eq 0 ]]
	[[ $(grew napiscope_napi_work_total) -ge 2503 ]]
	export_end
}
