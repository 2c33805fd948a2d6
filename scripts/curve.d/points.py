# SPDX-License-Identifier: GPL-2.0-or-later
"""Points of the curve: what was counted, and the numbers made of it.

A number that a mode does not have is None: missing is not zero.
"""
import csv

MODES = {
    "napi": "NAPI",
    "no-napi": "no NAPI",
    "coalesced": "NAPI, moderated",
    "threaded": "NAPI, threaded",
}


# Fewer polls than these say nothing of how long one waits: in poll mode nothing
# is scheduled.
ENOUGH_WAITS = 10


class Metric:
    """A number of a point: NAME in the CSV, HEAD in the table."""

    def __init__(self, name, head, form, compute):
        self.name, self.head, self.form = name, head, form
        self.compute = compute

    def text(self, value):
        return "-" if value is None else format(value, self.form)


def ratio(over, under, scale=1.0):
    """A function of a point: one count over another one, where both are."""
    def compute(p):
        if p[over] is None or not p[under]:
            return None
        return scale * p[over] / p[under]
    return compute


def share(nanoseconds):
    return ratio(nanoseconds, "seconds_in_all", 1e-7)


def wait(p):
    if (p["sched_polls"] or 0) < ENOUGH_WAITS:
        return None
    return p["sched_ns"] / p["sched_polls"] / 1000


def delivered(p):
    return (p["received"] - p["stack_dropped"]) / p["seconds_in_all"]


METRICS = [
    Metric("offered", "offered/s", ".0f", ratio("sent", "seconds")),
    Metric("received", "received/s", ".0f",
           ratio("received", "seconds_in_all")),
    Metric("delivered", "delivered/s", ".0f", delivered),
    Metric("irqs_per_packet", "irq/pkt", ".4f", ratio("irqs", "received")),
    Metric("packets_per_poll", "pkt/poll", ".1f", ratio("work", "polls")),
    Metric("sessions", "sess/s", ".0f", ratio("sessions", "seconds_in_all")),
    Metric("poll_mode_pct", "poll %", ".0f", share("residency_ns")),
    Metric("irq_pct", "irq %", ".1f", share("hardirq_ns")),
    Metric("ring_drops", "ring/s", ".0f", ratio("missed", "seconds")),
    Metric("ring_drops_pct", "ring %", ".1f", ratio("missed", "sent", 100)),
    Metric("stack_drops_pct", "stack %", ".1f",
           ratio("stack_dropped", "sent", 100)),
    Metric("wait_us", "wait us", ".0f", wait),
]


def number(text):
    if text == "":
        return None
    return float(text) if "." in text else int(text)


def load(path):
    """The points in a file of counts, by mode, lightest load first."""
    modes = {}
    with open(path, encoding="ascii", newline="") as f:
        for row in csv.DictReader(f):
            mode = row.pop("mode")
            point = {name: number(text) for name, text in row.items()}
            for metric in METRICS:
                point["_" + metric.name] = metric.compute(point)
            modes.setdefault(mode, []).append(point)
    for points in modes.values():
        points.sort(key=lambda p: p["_offered"])
    return modes


def value(point, name):
    return point["_" + name]
