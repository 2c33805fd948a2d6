# SPDX-License-Identifier: GPL-2.0-or-later
# Words for the expectations of the live tests, over the JSON of report.

def cpu($c): .cpus[] | select(.cpu == $c);

def of_dev($dev): [.napis[] | select(.dev == $dev)];

# The one NAPI instance of a device.
def napi($dev):
  of_dev($dev)
  | if length == 1 then .[0] else error("\(length) NAPI rows of \($dev)") end;

# The one with this poll function.
def napi($dev; $func):
  of_dev($dev) | map(select(.poll_func == $func))
  | if length == 1 then .[0]
    else error("\(length) NAPI rows of \($dev) with \($func)") end;

def backlog($c):
  [.napis[] | select(.dev == null and .poll_func == "process_backlog"
                     and .cpus == [$c])]
  | if length == 1 then .[0] else error("\(length) backlogs of CPU \($c)") end;

def contexts: .inline_polls + .ksoftirqd_polls + .threaded_polls + .busy_polls
              + .netpoll_polls;

def squeezes: .squeeze_budget + .squeeze_time + .squeeze_both;

# Nothing is missing from the numbers; where the kernel does not count what it
# skipped, load/load says so.
def whole: [.lost | .slots, .missed // 0, .unmatched, .squeeze_unattributed,
            .hists] == [0, 0, 0, 0, 0];

# By how much a number of completions may be wrong: kprobes that an interrupt
# finds running are skipped, and counted from 6.7 on.
def slack: if .tier == "kprobe" then .lost.missed // 0 else 0 end;

# By how much so many schedules may be too few: they come from interrupts.  Before
# 6.7 the number is a lower bound, and not far from the truth.
def slack_of($schedules):
  if .tier == "kprobe" then
    .lost.missed // ($schedules / 50 | . + 3 * sqrt | ceil)
  else 0 end;

# No schedule too many, and no more than those too few.
def scheduled($lower): .rearms - .schedules | . >= 0 and . <= $lower;

# A handler that interrupts one of our programs does not run that one once more.
# Kprobes share one such guard: there are too many to wait for none.
def none_skipped: .tier == "kprobe" or (.lost.missed // 0) == 0;

def total(f): [f] | add // 0;

# The events that BPF did not see, of this interval: see lib.bash.
def unseen_here($unseen):
  (.time_s - .interval_s) as $from
  | .time_s as $to
  | [$unseen[] | select(.[0] >= $from and .[0] <= $to)];

def unseen_count($events; $kind; $cpu; $what):
  [$events[] | select(.[1] == $kind and (.[2] == $cpu or $cpu == null)
                      and .[3] == $what)] | length;

# It is certain which of them are of this interval (its ends are known within
# 10 ms), and no NET_RX softirq is among them.
def unseen_clear($unseen):
  (.time_s - .interval_s) as $from
  | .time_s as $to
  | all($unseen[]; (.[0] - $from | fabs) > 0.011 and (.[0] - $to | fabs) > 0.011)
    and unseen_count(unseen_here($unseen); "softirq"; null; "NET_RX") == 0;

def as_traced($traced; $kernel; $unseen):
  $traced == $kernel or $traced + $unseen == $kernel;

# A histogram in itself.
def hist_broken:
  (.buckets | map(.[2]) | add) as $count
  | (.buckets | map(.[0] * .[2]) | add) as $low
  | (.buckets | map((.[1] - 1) * .[2]) | add) as $high
  | .count != $count or .sum < $low or .sum > $high
    or .p50 > .p90 or .p90 > .p99 or .p99 > .p999 or .p999 > .max
    or .max < .buckets[-1][0] or .max >= .buckets[-1][1]
    or any(.buckets[]; .[1] <= .[0] or .[0] >= 32 and .[1] - .[0] > .[0] / 16);

# With --sample: how many a histogram of times may have too many or too few, for
# the last that was timed stands for those before it.
def unsampled: if .sample then 2 * .sample - 2 else 0 end;

# The spread of a mean over a sample of one in $n, from a histogram of all: gaps
# between those drawn are even from 1 to 2n - 1, 4/3 n on average by length.
def spread($n):
  (.sum / .count) as $mean
  | ([.buckets[] | ((.[0] + .[1]) / 2 - $mean) as $off | .[2] * $off * $off]
     | add * $n * 4 / 3 | sqrt) / .sum;

# Times of one in $n are those of all, but for five times that, and for the share
# $more: of two observers, each has programs of the other one in its times.
def sampled($sample; $all; $hist; $n; $more):
  $sample / $all - 1 | fabs < 5 * ($hist | spread($n)) + $more;

# [what, the histogram, its count, its sum]; null: not known exactly.  A stay in
# poll mode that began before the probes is counted and not timed.
def hist_expectations:
  .sample as $sample |
  ( .napis[] | select(.polls > 0) | (.dev // .poll_func) as $name
    | [$name + " work", .hist.work, .polls, .work],
      [$name + " poll_ns", .hist.poll_ns, null, .poll_ns // 0],
      [$name + " session_polls", .hist.session_polls,
       if .inferred | index("sessions") then .sessions else null end, null],
      ( select(has("sched_ns"))
        | [$name + " sched_ns", .hist.sched_ns, .sched_polls, .sched_ns],
          [$name + " residency_ns", .hist.residency_ns, null, .residency_ns] ) ),
  ( .irqs[] | select(.count > 0)
    | ["irq \(.irq)", .hist.irq_ns, if $sample then null else .count end, .ns] ),
  ( .cpus[] | select(.net_rx_runs > 0)
    | ["CPU \(.cpu) net_rx_ns", .hist.net_rx_ns, null, null] );

# Lines of top have none.
def has_hists: any((.napis, .irqs, .cpus)[]; has("hist"));

def hist_violations:
  unsampled as $unsampled |
  ( hist_expectations as [$what, $hist, $count, $sum]
    | ($hist // {count: 0, sum: 0}) as $h
    | select(($count // $h.count) != $h.count or ($sum // $h.sum) != $h.sum)
    | "histogram of \($what): \($h.count) values, sum \($h.sum), not \($count) and \($sum)" ),
  ( (.napis, .irqs, .cpus, .devices)[] | (.hist // {}) | to_entries[]
    | select(.value | hist_broken)
    | "a histogram of \(.key) contradicts itself: \(.value)" ),
  ( .cpus[]
    | ((.hist.net_rx_ns.count // 0) - .net_rx_runs | fabs) as $apart
    | select($apart > 1 + $unsampled)
    | "CPU \(.cpu): \(.net_rx_runs) runs, \(.hist.net_rx_ns.count) timed" ),
  ( .cpus[]
    | select((.hist.raise_ns.count // 0) > .net_rx_runs + 1 + $unsampled)
    | "CPU \(.cpu): \(.hist.raise_ns.count) raises, \(.net_rx_runs) runs" ),
  ( [.cpus[].hist.work.count // 0, -(.napis[].hist.work.count // 0)] | add
    | select(. != 0) | "CPUs have \(.) more polls in histograms than NAPIs" );

# What must hold in every interval, by name; the true ones do not show.
def violations($unseen):
  unseen_here($unseen) as $events
  | [ (.cpus[]
     | select(squeezes != .softnet_squeezed)
     | "CPU \(.cpu): \(squeezes) squeezes by kind, softnet_stat has \(.softnet_squeezed)"),
    (.cpus[]
     | select(.squeeze_work_left > squeezes)
     | "CPU \(.cpu): more squeezes with work left than squeezes"),
    (.cpus[]
     | . as $c
     | (.softirqs_kernel | keys[])
     | unseen_count($events; "softirq"; $c.cpu; .) as $n
     | select(as_traced($c.softirqs[.]; $c.softirqs_kernel[.]; $n) | not)
     | "CPU \($c.cpu): \(.) ran \($c.softirqs[.]) times and \($n) unseen, /proc/softirqs has \($c.softirqs_kernel[.])"),
    (.cpus[]
     | select((.softirqs | keys | length) != 10
              or (.softirqs_kernel | keys | length) != 10)
     | "CPU \(.cpu): not ten softirq vectors"),
    (.irqs[]
     | unseen_count($events; "irq"; null; .irq) as $n
     | select(if .flow == "edge" then .count + $n < .count_kernel
              else as_traced(.count; .count_kernel; $n) | not end)
     | "irq \(.irq) (\(.flow)): handler ran \(.count) times and \($n) unseen, /proc/interrupts has \(.count_kernel)"),
    (.irqs[]
     | select(total(.per_cpu[][1]) != .count)
     | "irq \(.irq): the CPUs' counts do not sum to \(.count)"),
    (.napis[]
     | select(contexts != .polls)
     | "NAPI \(.dev // .poll_func): \(contexts) polls by context, \(.polls) in all"),
    (.napis[]
     | select(.empty + .exhausted > .polls)
     | "NAPI \(.dev // .poll_func): more empty and exhausted polls than polls"),
    ((["polls", "work", "exhausted", "ksoftirqd_polls"][]) as $f
     | select(total(.cpus[][$f]) != total(.napis[][$f]))
     | "\($f): CPUs \(total(.cpus[][$f])), NAPIs \(total(.napis[][$f]))"),
    (select(has_hists) | hist_violations),
    (select(whole | not) | "lost: \(.lost)")
  ];

# --- refnic's counters against ours ------------------------------------------

# NAPIs of a port that polled, in the order in which they were added; behind them those
# for Tx alone, which have no id, by their polls.
def refnic_rows($dev; $shared):
  [.napis[] | select(.polls > 0 and (.poll_func | startswith("refnic_poll"))
                     and if $shared then (.ifindex // 0) == 0
                         else .dev == $dev end)]
  | (map(select(.napi_id)) | sort_by(.napi_id)) +
    (map(select(.napi_id | not)) | sort_by(.polls));

def refnic_truths($truth; $with_id):
  [$truth | to_entries[] | select((.key | startswith("napi"))
                                  and .value.polls > 0)]
  | sort_by(.key | ltrimstr("napi") | tonumber)
  | .[:$with_id] + (.[$with_id:] | sort_by(.value.polls));

# The histogram of work, bucket by bucket; refnic counts each amount of work up to
# 64, and in "work_more" all that is above.
def refnic_work_pairs($buckets; $max; $truth):
  [ $truth | to_entries[] | select(.key | test("^work_[0-9]+$"))
    | [(.key | ltrimstr("work_") | tonumber), .value] ] as $amounts
  | ([$buckets[] | select(.[1] > 65)]) as $above
  | ([$above[][0]] | min // 65) as $from
  | [ ["polls with work \($from) and more", ([$above[][2]] | add // 0),
       ([$amounts[] | select(.[0] >= $from) | .[1]] | add // 0)
         + $truth.work_more, 0],
      ( $buckets[] | select(.[1] <= 65) as [$low, $high, $count]
        | [$amounts[] | select(.[0] >= $low and .[0] < $high) | .[1]]
        | ["polls with work \($low) to \($high - 1)", $count, add // 0, 0] ) ]
    + if $truth.work_more > 0 then [] else
        [["the largest work", $max,
          ([$amounts[] | select(.[1] > 0) | .[0]] | max), 0]] end;

# [name, ours, refnic's, by how much ours may be less], of a NAPI
def refnic_pairs($row; $truth; $slack):
  [ ["polls", $row.polls, $truth.polls, 0],
    ["work", $row.work, $truth.work, 0],
    ["empty", $row.empty, $truth.empty, 0],
    ["exhausted", $row.exhausted, $truth.exhausted, 0],
    ["softirq polls", $row.inline_polls + $row.ksoftirqd_polls,
     $truth.polls_softirq, 0],
    ["threaded polls", $row.threaded_polls, $truth.polls_threaded, 0],
    ["busy polls", $row.busy_polls, $truth.polls_busy, 0],
    ["netpoll polls", $row.netpoll_polls, $truth.polls_netpoll, 0],
    refnic_work_pairs($row.hist.work.buckets; $row.hist.work.max; $truth)[],
    ( select($row | has("schedules"))
      | ["schedules", $row.schedules, $truth.schedules, $slack],
        ["completions", $row.completions, $truth.completions, 0],
        ["re-arms", $row.rearms, $truth.rearms, 0] ) ];

# All that both count and that differs, a line each.
def refnic_differences($truth; $dev; $shared):
  . as $all
  | refnic_rows($dev; $shared) as $rows
  | refnic_truths($truth; [$rows[] | select(.napi_id)] | length) as $truths
  | [ ( select(($rows | length) != ($truths | length))
        | "\($rows | length) NAPIs polled, refnic says \($truths | length)" ),
      ( range([($rows | length), ($truths | length)] | min) as $i
        | $truths[$i].value as $t
        | refnic_pairs($rows[$i]; $t; $all | slack_of($t.schedules))[]
        | select(.[3] as $slack | .[2] - .[1] | . < 0 or . > $slack)
        | "\($truths[$i].key): \(.[1]) \(.[0]), refnic says \(.[2])" ),
      ( [.irqs[] | select(.name | startswith(
            if $shared then "refnic-shared" else $dev + "-" end)) | .count]
        | total(.[]) as $ours
        | total($truth[] | .irqs // 0) as $theirs
        | select($ours != $theirs)
        | "\($ours) interrupts, refnic says \($theirs)" ),
      ( .devices[] | select(.dev == $dev) | .rx_packets as $ours
        | total($truth | to_entries[] | select(.key | startswith("rx"))
                | .value.packets) as $theirs
        | select($ours != $theirs)
        | "the device has \($ours) packets, refnic says \($theirs)" ) ];
