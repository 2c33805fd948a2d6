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
def whole: [.lost | .slots, .missed // 0, .unmatched, .squeeze_unattributed]
           == [0, 0, 0, 0];

# By how much a number of schedules or completions may be too small: kprobes
# that an interrupt finds running are skipped, and counted from 6.7 on.  Before,
# there is nothing to do but to measure until none was.
def slack: if .tier == "kprobe" then .lost.missed // 0 else 0 end;

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
    (select(whole | not) | "lost: \(.lost)")
  ];

# --- refnic's counters against ours ------------------------------------------

# NAPIs of a port that polled, in the order in which they were added.
def refnic_rows($dev; $shared):
  [.napis[] | select(.polls > 0 and (.poll_func | startswith("refnic_poll"))
                     and if $shared then (.ifindex // 0) == 0
                         else .dev == $dev end)]
  | sort_by(.napi_id);

def refnic_truths($truth):
  [$truth | to_entries[] | select((.key | startswith("napi"))
                                  and .value.polls > 0)]
  | sort_by(.key | ltrimstr("napi") | tonumber);

# By how many of so many schedules the kprobe tier's may be fewer: a handler that
# interrupts a kprobe runs none.  The kernel counts those from 6.7 on; before, the
# number is a lower bound, and not far from the truth.
def refnic_slack($schedules):
  if .tier == "kprobe" then .lost.missed // ($schedules / 50 | ceil) else 0 end;

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
    ( select($row | has("schedules"))
      | ["schedules", $row.schedules, $truth.schedules, $slack],
        ["completions", $row.completions, $truth.completions, 0],
        ["re-arms", $row.rearms, $truth.rearms, 0] ) ];

# All that both count and that differs, a line each.
def refnic_differences($truth; $dev; $shared):
  . as $all
  | refnic_rows($dev; $shared) as $rows
  | refnic_truths($truth) as $truths
  | [ ( select(($rows | length) != ($truths | length))
        | "\($rows | length) NAPIs polled, refnic says \($truths | length)" ),
      ( range([($rows | length), ($truths | length)] | min) as $i
        | $truths[$i].value as $t
        | refnic_pairs($rows[$i]; $t; $all | refnic_slack($t.schedules))[]
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
