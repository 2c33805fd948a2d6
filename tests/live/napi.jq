# SPDX-License-Identifier: GPL-2.0-or-later
# Words for the expectations of the live tests, over the JSON of report.

def cpu($c): .cpus[] | select(.cpu == $c);

def of_dev($dev): [.napis[] | select(.dev == $dev)];

# The one NAPI instance of a device.
def napi($dev):
  of_dev($dev)
  | if length == 1 then .[0] else error("\(length) NAPI rows of \($dev)") end;

def backlog($c):
  [.napis[] | select(.dev == null and .poll_func == "process_backlog"
                     and .cpus == [$c])]
  | if length == 1 then .[0] else error("\(length) backlogs of CPU \($c)") end;

def contexts: .inline_polls + .ksoftirqd_polls + .threaded_polls + .busy_polls
              + .netpoll_polls;

def squeezes: .squeeze_budget + .squeeze_time + .squeeze_both;

# Nothing is missing from the numbers.
def whole: [.lost | .slots, .missed, .unmatched, .squeeze_unattributed]
           == [0, 0, 0, 0];

def total(f): [f] | add // 0;

# What must hold in every interval, by name; the true ones do not show.
def violations:
  [ (.cpus[]
     | select(squeezes != .softnet_squeezed)
     | "CPU \(.cpu): \(squeezes) squeezes by kind, softnet_stat has \(.softnet_squeezed)"),
    (.cpus[]
     | select(.squeeze_work_left > squeezes)
     | "CPU \(.cpu): more squeezes with work left than squeezes"),
    (.cpus[]
     | . as $c
     | (.softirqs_kernel | keys[])
     | select($c.softirqs[.] != $c.softirqs_kernel[.])
     | "CPU \($c.cpu): \(.) ran \($c.softirqs[.]) times, /proc/softirqs has \($c.softirqs_kernel[.])"),
    (.cpus[]
     | select((.softirqs | keys | length) != 10
              or (.softirqs_kernel | keys | length) != 10)
     | "CPU \(.cpu): not ten softirq vectors"),
    (.irqs[]
     | select(if .flow == "edge" then .count < .count_kernel
              else .count != .count_kernel end)
     | "irq \(.irq) (\(.flow)): handler ran \(.count) times, /proc/interrupts has \(.count_kernel)"),
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
