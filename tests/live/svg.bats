# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bats disable=SC2016
# The picture of report --svg: what its cells and marks count is what the same
# run's report says, however many readings and columns it has.

load lib

setup() {
	command -v python3 >/dev/null || skip "needs python3"
	live_setup
	SVG=$RUN/report.svg
}

teardown() {
	live_teardown
}

# What is in the file, as JSON: "maps" is the sum of each heat map's cells by its
# title, "marks" the sums of squeezes by kind, "text" all that it says.  Fails
# unless it is well-formed.
svg_read() {
	python3 - "$SVG" <<-'EOF'
		import json, re, sys
		import xml.etree.ElementTree as tree

		svg = "{http://www.w3.org/2000/svg}"
		root = tree.parse(sys.argv[1]).getroot()
		maps, marks, columns = {}, {}, set()
		for group in root.iter(svg + "g"):
		    name = group.find(svg + "title").text
		    assert name not in maps, name
		    maps[name] = 0
		    for cell in group.findall(svg + "path"):
		        title = cell.find(svg + "title").text
		        columns.add(title.split(",")[0])
		        maps[name] += int(re.search(r": (\d+) (polls|runs)$", title)[1])
		for rect in root.iter(svg + "rect"):
		    title = rect.findtext(svg + "title") or ""
		    if found := re.search(r": (\d+) squeezes by (\w+);", title):
		        marks[found[2]] = marks.get(found[2], 0) + int(found[1])
		print(json.dumps({
		    "maps": maps, "marks": marks, "columns": len(columns),
		    "text": ["".join(t.itertext()) for t in root.iter(svg + "text")]}))
	EOF
}

# drawn EXPRESSION [NAME=JSON...]: holds, with $svg.
drawn() {
	holds "$@" "svg=$(svg_read)" "mine=\"$NS-b\""
}

# Nobody else changed them meanwhile: then squeezes have no kind.
same_sysctls() {
	undisturbed '.lost.squeeze_unattributed == 0'
}

# One by one in a long run, then bursts: many columns have something.
two_loads() {
	udp one a b 10.77.0.2 --count "$(many 150011)" --cpu "$CPU"
	udp bursts a b 10.77.0.2 --port 9001 --count 1009 --segments 64 \
		--window 1 --cpu "$CPU"
}

# The NAPI of nstb0 in this test's namespace, and the cells of one of its maps.
jq_mine='def mine: .napis[] | select(.dev == "nstb0" and .netns == $mine);
	def cells($what): [$svg.maps | to_entries[]
		| select(.key | startswith("nstb0") and
			endswith("@" + $mine + ": " + $what)) | .value] | add // 0;'

@test "every poll is in a cell of its NAPI's maps, every run in its CPU's" {
	net_pair
	same_sysctls
	measure two_loads -i 0.05 --svg "$SVG"
	holds_invariants
	drawn "$jq_mine"' mine | .polls > 0 and
		cells("work per poll") == .polls'
	drawn "$jq_mine"' cells("poll time") ==
		mine.hist.poll_ns.count'
	drawn '$svg.maps["CPU \($cpu): raise -> entry of NET_RX"] ==
		cpu($cpu).hist.raise_ns.count'
	drawn '$svg.columns >= 4'
	drawn '.tier as $t | any($svg.text[]; contains($t + " tier"))'
	drawn 'any($svg.text[]; startswith("nstb0#") and contains("@" + $mine))'
}

@test "schedule -> poll is drawn, or it is said why it is not" {
	net_pair
	measure two_loads -i 0.2 --svg "$SVG"
	if [[ $TIER == tracepoint ]]; then
		drawn 'any($svg.text[]; startswith("No schedule -> poll"))'
		drawn "$jq_mine"' cells("schedule -> poll") == 0'
	else
		drawn "$jq_mine"' cells("schedule -> poll") ==
			mine.hist.sched_ns.count'
		drawn "$jq_mine"' cells("schedule -> poll") > 0'
	fi
}

squeezed_bursts() {
	sysctl_set net.core.netdev_budget 64
	udp tx a b 10.77.0.2 --count 2011 --segments 64 --window 8 --cpu "$CPU"
}

@test "squeezes: the marks sum to those of the report, by kind" {
	net_pair
	same_sysctls
	measure squeezed_bursts -i 0.1 --svg "$SVG"
	holds_invariants
	holds 'total(.cpus[].squeeze_budget) > 100'
	drawn '[$svg.marks.budget, $svg.marks.time, $svg.marks.both | . // 0] ==
		[total(.cpus[].squeeze_budget), total(.cpus[].squeeze_time),
			total(.cpus[].squeeze_both)]'
}

# 33 is not the lowest value of its bucket: a maximum that was lost shows.
early_burst() {
	SETTLE=1
	udp tx a b 10.77.0.2 --count 1 --segments 33 --window 1 --cpu "$CPU"
}

@test "a maximum is of all readings, not of the last ones" {
	net_pair
	undisturbed "$jq_mine"' mine.hist.work.count == 1' "mine=\"$NS-b\"" svg=null
	measure early_burst -i 0.1 --svg "$SVG"
	drawn "$jq_mine"' mine.hist.work |
		.max == 33 and .buckets == [[32, 34, 1]]'
	drawn 'any($svg.text[]; test("; ([4-9]|[1-9][0-9]+) readings"))'
}

@test "an existing file is replaced, and a longer one leaves nothing behind" {
	yes "no picture" | head -n 300000 >"$SVG"
	net_add a
	udp tx a a 127.0.0.1 --count 101 --cpu "$CPU"
	scope_start report -d 30 -f json --svg "$SVG"
	gens_go
	scope_end report
	gens_end
	drawn 'any($svg.text[]; startswith("NAPI on "))'
}
