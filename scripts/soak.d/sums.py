# SPDX-License-Identifier: GPL-2.0-or-later
"""For scripts/soak: what JSON lines of napiscope add up to, and what has to hold.

A line is checked in itself (check_line).  What is compared with the kernel's counters
is added up over the lines from one instant to another at which both were settled
(Sum), for then it has to be equal, however many were not in between.  A check yields
(invariant, what is wrong).
"""
from collections import Counter

KINDS = ("squeeze_budget", "squeeze_time", "squeeze_both")
CONTEXTS = ("inline_polls", "ksoftirqd_polls", "threaded_polls", "busy_polls",
            "netpoll_polls")
# A line is this late at most, emulated CPUs included.
MOST_S = 15
# Of a CPU's time that may be booked twice at the ends of an interval.
SHARE_EPSILON_NS = 5e6


def total(rows, field):
    return sum(row.get(field, 0) for row in rows)


def check_napis(line):
    for n in line["napis"]:
        contexts = sum(n[c] for c in CONTEXTS)
        if contexts != n["polls"]:
            yield "contexts", f"{n['label']}: {contexts} by context, " \
                f"{n['polls']} polls"
        if n["empty"] + n["exhausted"] > n["polls"]:
            yield "contexts", f"{n['label']}: more empty and exhausted than polls"


def check_sums(line):
    for field in ("polls", "work", "exhausted", "ksoftirqd_polls"):
        cpus, napis = total(line["cpus"], field), total(line["napis"], field)
        if cpus != napis:
            yield "cpu-sums", f"{field}: CPUs {cpus}, NAPIs {napis}"
    of_dev = Counter()
    for n in line["napis"]:
        if "ifindex" in n:
            of_dev[n.get("netns"), n["ifindex"]] += n["work"]
    for d in line["devices"]:
        napis = of_dev[d.get("netns"), d["ifindex"]]
        if d["work"] != napis:
            yield "device-sums", f"{d['dev']}: work {d['work']}, NAPIs {napis}"
    for i in line["irqs"]:
        cpus = sum(one[1] for one in i["per_cpu"])
        if cpus != i["count"]:
            yield "irq-sums", f"irq {i['irq']}: {i['count']}, CPUs {cpus}"


def check_times(line, before):
    if not 0 < line["interval_s"] < MOST_S:
        yield "time", f"an interval of {line['interval_s']} s"
    if before and line["time_s"] <= before["time_s"]:
        yield "time", f"{line['time_s']} after {before['time_s']}"
    most = line["interval_s"] * 1e9 * 1.01 + SHARE_EPSILON_NS
    for c in line["cpus"]:
        ns = c["softirq_ns"] + c["hardirq_ns"]
        if ns > most:
            yield "shares", f"CPU {c['cpu']}: {ns / 1e6:.1f} ms of " \
                f"{line['interval_s'] * 1e3:.1f}"
        if c["net_rx_ns"] > c["softirq_ns"]:
            yield "shares", f"CPU {c['cpu']}: more NET_RX than softirqs"


def is_void(line):
    """A sysctl changed: its squeezes have no kind."""
    return any(KINDS[0] not in c for c in line["cpus"])


def check_lost(line):
    """What has a check of its own, or is in what others may be apart, may be."""
    may = "squeeze_unsure", "squeeze_unattributed", "missed"
    lost = {k: v for k, v in line["lost"].items() if v and k not in may}
    if lost:
        yield "lost", str(lost)


def check_line(line, before):
    yield from check_napis(line)
    yield from check_sums(line)
    yield from check_times(line, before)
    yield from check_lost(line)


def is_elsewhere(napi):
    """In a namespace of the loads, as those are that went before they had a name."""
    return napi.get("netns") or napi["label"] == "gone"


class Sum:
    """Lines added up.  OWN says which rows are of the load's namespaces."""

    def __init__(self):
        self.cpus, self.irqs, self.devs = {}, {}, {}
        self.own, self.all, self.lost = Counter(), Counter(), Counter()
        self.lines = 0
        self.seconds = 0.0

    def add_cpu(self, c):
        sums = self.cpus.setdefault(c["cpu"], Counter())
        for vector, count in c["softirqs"].items():
            sums["traced", vector] += count
        for vector, count in c["softirqs_kernel"].items():
            sums["kernel", vector] += count
        sums["kinds"] += sum(c.get(kind, 0) for kind in KINDS)
        sums["squeezed"] += c["softnet_squeezed"]
        sums["net_rx_ns"] += c["net_rx_ns"]

    def add_irqs(self, rows):
        """/proc/interrupts has one count for all actions of an irq."""
        kernel = {}
        for i in rows:
            irq = self.irqs.setdefault(i["irq"], {"kernel": 0,
                                                  "actions": Counter()})
            irq["flow"] = i.get("flow", "")
            irq["actions"][i["name"]] += i["count"]
            kernel[i["irq"]] = i.get("count_kernel")
        for number, count in kernel.items():
            irq = self.irqs[number]
            known = irq["kernel"] is not None and count is not None
            irq["kernel"] = irq["kernel"] + count if known else None

    def add(self, line, own):
        self.lines += 1
        self.seconds += line["interval_s"]
        for c in line["cpus"]:
            self.add_cpu(c)
        self.add_irqs(line["irqs"])
        for field in ("polls", "work"):
            self.all[field] += total(line["cpus"], field)
            self.own[field] += total(filter(is_elsewhere, line["napis"]), field)
        for d in line["devices"]:
            if d.get("netns", "").startswith(own) and "rx_packets" in d:
                dev = self.devs.setdefault(d["dev"], Counter())
                dev.update({"packets": d["rx_packets"], "work": d["work"],
                            "polls": d["polls"]})
        self.lost.update(line["lost"])
        if is_void(line):
            self.lost["void"] += 1
            self.lost["void_squeezed"] += total(line["cpus"], "softnet_squeezed")

    def merge(self, other):
        """The lines after these."""
        self.lines += other.lines
        self.seconds += other.seconds
        for name in ("own", "all", "lost"):
            getattr(self, name).update(getattr(other, name))
        for name in ("cpus", "devs"):
            for key, counter in getattr(other, name).items():
                getattr(self, name).setdefault(key, Counter()).update(counter)
        for number, irq in other.irqs.items():
            mine = self.irqs.setdefault(number, {"kernel": 0, "actions": Counter()})
            mine["flow"] = irq["flow"]
            mine["actions"].update(irq["actions"])
            known = None not in (mine["kernel"], irq["kernel"])
            mine["kernel"] = mine["kernel"] + irq["kernel"] if known else None


class Owed:
    """Squeezes that softnet_stat has, and that are not yet said to have no kind: those
    before a program knew of another sysctl are with the next one on that CPU."""

    def __init__(self):
        self.apart = self.most = 0


def check_squeezes(s, hidden, owed):
    """Those of a run that BPF does not see have no kind."""
    if s.lost["squeeze_unattributed"] > owed.apart and not s.lost["void"]:
        yield "squeezes", f"{s.lost['squeeze_unattributed']} without a kind, and no " \
            "sysctl changed"
    for cpu, sums in s.cpus.items():
        apart = sums["squeezed"] - sums["kinds"]
        unseen = hidden["softirq", cpu, "NET_RX"] + s.lost["missed"]
        if not s.lost["void"] and not 0 <= apart <= unseen:
            yield "squeezes", f"CPU {cpu}: {sums['kinds']} by kind, " \
                f"softnet_stat has {sums['squeezed']}"
    owed.apart += sum(c["squeezed"] - c["kinds"] for c in s.cpus.values()) - \
        s.lost["squeeze_unattributed"]
    owed.most += sum(hidden["softirq", cpu, "NET_RX"] for cpu in s.cpus) + \
        s.lost["missed"] + s.lost["void_squeezed"]
    if not 0 <= owed.apart <= owed.most:
        yield "squeezes", f"{owed.apart} more in softnet_stat than by kind and void"


def check_softirqs(s, hidden):
    missed = s.lost["missed"]
    for cpu, sums in s.cpus.items():
        for where, vector in [key for key in sums if key[0] == "kernel"]:
            kernel, traced = sums[where, vector], sums["traced", vector]
            unseen = hidden["softirq", cpu, vector]
            if not 0 <= kernel - traced - unseen <= missed and kernel != traced:
                yield "softirqs", f"CPU {cpu} {vector}: {traced} and {unseen} " \
                    f"hidden, /proc/softirqs has {kernel}"


def check_irqs(s, hidden):
    for number, irq in s.irqs.items():
        unseen = hidden["irq", number]
        least = (irq["kernel"] or 0) - unseen - s.lost["missed"]
        for name, runs in irq["actions"].items():
            kernel = irq["kernel"]
            if kernel is None or runs >= least and (
                    runs <= kernel or irq["flow"] == "edge"):
                continue
            yield "irqs", f"irq {number} ({irq['flow']}) {name}: {runs} and " \
                f"{unseen} hidden, /proc/interrupts has {kernel}"


def check_packets(s, hidden):
    unseen = sum(n for key, n in hidden.items() if key[-1] == "NET_RX")
    if unseen or s.lost["slots"] or s.lost["missed"]:
        return
    for name, dev in s.devs.items():
        if dev["work"] and dev["work"] != dev["packets"]:
            yield "packets", f"{name}: work {dev['work']}, the device has " \
                f"{dev['packets']} packets"


def check_exact(s, hidden, nics, owed):
    """What a NIC calls a packet is its driver's affair."""
    yield from check_squeezes(s, hidden, owed)
    yield from check_softirqs(s, hidden)
    yield from check_irqs(s, hidden)
    if not nics:
        yield from check_packets(s, hidden)
