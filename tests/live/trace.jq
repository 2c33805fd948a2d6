# SPDX-License-Identifier: GPL-2.0-or-later
# Words for trace.bats: over the events of -f json, and the slices of a file for
# a viewer.

def total(f): [f] | add // 0;

# The count, and the sum of a number, of the events that a filter lets through.
def counted(filter; number): [.[] | select(filter)]
                             | [length, total(.[] | number)];

# --- events ([...], without the last line) against the report of its end ------

def key: .napi + "@" + (.netns // "");
def row_key: .label + "@" + (.netns // "");

# Of every NAPI: [name, polls, work, ns], the ones of one name summed.
def event_polls:
  [.[] | select(.event == "poll")] | group_by([.napi_id, .dev, .netns, .poll_func, .napi])
  | map([length, total(.[].work), total(.[].ns // 0)]) | sort;
def report_polls($report):
  [$report.napis[] | select(.polls > 0) | [.polls, .work, .poll_ns]] | sort;

def event_irqs:
  [.[] | select(.event == "irq")] | group_by([.irq, .name])
  | map([.[0].irq, length, total(.[].ns)]) | sort;
def report_irqs($report):
  [$report.irqs[] | select(.count > 0) | [.irq, .count, .ns]] | sort;

def event_softirqs:
  [.[] | select(.event == "softirq")] | group_by([.cpu, .vector])
  | map([.[0].cpu, .[0].vector, length, total(.[].ns)]) | sort;
def report_softirqs($report):
  [$report.cpus[] | .cpu as $cpu | .softirq_vec_ns as $ns | .softirqs
   | to_entries[] | select(.value > 0) | [$cpu, .key, .value, $ns[.key]]] | sort;

def event_squeezes:
  [.[] | select(.event == "squeeze")]
  | ["budget", "time", "both"] as $kinds
  | [$kinds[] as $k | map(select(.kind == $k)) | length]
    + [map(select(.work_left)) | length];
def report_squeezes($report):
  [total($report.cpus[].squeeze_budget), total($report.cpus[].squeeze_time),
   total($report.cpus[].squeeze_both), total($report.cpus[].squeeze_work_left)];

def event_ways:
  [ ([.[] | select(.event == "schedule" and (.core or .timer | not))] | length),
    ([.[] | select(.event == "schedule" and .core)] | length),
    ([.[] | select(.event == "schedule" and .timer)] | length),
    ([.[] | select(.event == "complete" and (.core | not))] | length),
    ([.[] | select(.event == "complete" and .rearmed and (.core | not))] | length) ];
def report_ways($report):
  [ total($report.napis[].schedules // 0), total($report.napis[].core_reschedules // 0),
    total($report.napis[].watchdog_polls // 0),
    total($report.napis[].completions // 0), total($report.napis[].rearms // 0) ];

# All that differs, a line each.
def differences($report):
  . as $events
  | [ ["polls", event_polls, report_polls($report)],
      ["irqs", event_irqs, report_irqs($report)],
      ["softirqs", event_softirqs, report_softirqs($report)],
      ["squeezes", event_squeezes, report_squeezes($report)],
      ["schedules and completions", event_ways, report_ways($report)] ]
  | map(select(.[1] != .[2])
        | "\(.[0]): events \((.[1] - .[2])[:3]), counters \((.[2] - .[1])[:3])");

def in_order: [.[].ts_ns] | . == sort;

# --- slices -------------------------------------------------------------------

def slices:
  [.traceEvents[] | select(.ph == "X")
   | .start = (.ts * 1000 | round) | .end = .start + (.dur * 1000 | round)];

# Slices of one track in the order in which a viewer takes them: what would end
# after the one around it, and polls of a softirq that are in none, are wrong.
# What comes after the last softirq may be of one that was still running.
def track_faults:
  sort_by([.start, -.end])
  | ([.[] | select(.cat == "softirq") | .end] | max // 0) as $last
  | reduce .[] as $s ({ stack: [], faults: [] };
      .stack |= map(select(.end > $s.start
                           or (.end == $s.start and $s.end == $s.start)))
      | (if .stack != [] and $s.end > .stack[-1].end then
           .faults += ["\($s.name) at \($s.ts) ends after \(.stack[-1].name)"]
         else . end)
      | (if $s.cat == "poll" and ($s.args.context | . == "inline" or . == "ksoftirqd")
            and ($s.start < $last)
            and (any(.stack[]; .cat == "softirq" and .name == "NET_RX") | not) then
           .faults += ["\($s.name) at \($s.ts) is in no softirq"]
         else . end)
      | (if $s.cat == "softirq" and any(.stack[]; .cat == "softirq") then
           .faults += ["\($s.name) at \($s.ts) is inside \(.stack[-1].name)"]
         else . end)
      | .stack += [$s])
  | .faults;

# In the file a slice comes after the one around it also when both begin at once.
def order_faults:
  [slices | to_entries | group_by([.value.tid, .value.start])[]
   | select(length > 1) | sort_by(.key) | map(.value.end)
   | select(. != (sort | reverse)) | "at \(.): the outer slice comes later"];

# Handlers by track, in order: where they begin and where they end.
def handlers:
  map(select(.cat == "hardirq")) | group_by(.tid)
  | map(sort_by(.start)
        | { key: "\(.[0].tid)",
            value: { starts: map(.start), ends: map(.end) } })
  | from_entries;

# Of one track: is it inside of one then?
def in_handler($ns):
  . != null
  and ((.starts | bsearch($ns)) as $found
       | (if $found < 0 then -2 - $found else $found end) as $i
       | $i >= 0 and .ends[$i] >= $ns);

def flow_faults:
  (slices | handlers) as $handlers
  | ([slices[] | select(.cat == "poll")
      | { key: "\(.tid) \(.start)", value: true }] | from_entries) as $polls
  | [.traceEvents[] | select(.ph == "s" or .ph == "f")] | group_by(.id)
  | map(
      (map(.ph) | sort) as $ends
      | (map(select(.ph == "s"))[0]) as $s | (map(select(.ph == "f"))[0]) as $f
      | if $ends != ["f", "s"] then "flow \(.[0].id) has the ends \($ends)"
        elif $f.ts < $s.ts then "flow \(.[0].id) goes back"
        elif $handlers["\($s.tid)"] | in_handler($s.ts * 1000 | round) | not
          then "flow \(.[0].id) begins in no interrupt"
        elif $polls["\($f.tid) \($f.ts * 1000 | round)"] | not
          then "flow \(.[0].id) ends in no poll"
        else empty end);

def thread_faults:
  [.traceEvents[] | select(.ph == "M" and .name == "thread_name") | .tid] as $named
  | [.traceEvents[] | select(.ph != "M") | .tid] | unique | . - $named
  | map("track \(.) has no name");

def faults:
  (slices | group_by(.tid) | map(track_faults[]))
  + order_faults + flow_faults + thread_faults;

def counter($suffix):
  [.traceEvents[] | select(.ph == "C" and (.name | endswith($suffix)))];
