# SPDX-License-Identifier: GPL-2.0-or-later
"""What is said of NAPI, and whether these points show it."""
from points import value

# A number that becomes so many times smaller has fallen.
FALLEN = 4


class Claim:
    def __init__(self, text, shown, evidence):
        self.text, self.shown, self.evidence = text, shown, evidence


def ends(points, name):
    return value(points[0], name), value(points[-1], name)


def sum_ratio(points, over, under):
    return sum(p[over] for p in points) / max(1, sum(p[under] for p in points))


def irqs_fall(points):
    first, last = ends(points, "irqs_per_packet")
    return Claim("with NAPI interrupts per packet fall as load grows",
                 last < first / FALLEN,
                 f"{first:.4f} at the lightest load, {last:.4f} at the heaviest")


def irqs_stay(points):
    first, last = ends(points, "irqs_per_packet")
    return Claim("without NAPI they do not", last > first / FALLEN,
                 f"{first:.4f}, and {last:.4f}")


def drops(point):
    """Text, and shares of what was offered: in the ring, in the stack."""
    ring, stack = (value(point, name) for name in ("ring_drops_pct",
                                                   "stack_drops_pct"))
    return (f"of {value(point, 'offered'):.0f} frames/s {ring:.0f} % in the"
            f" ring, {stack:.0f} % in the stack", ring, stack)


def ring_drops(points):
    text, ring, stack = drops(points[-1])
    return Claim("with NAPI overload is dropped in the ring, before it has"
                 " cost anything", ring > 10 and not stack, text)


def stack_drops(points):
    last = points[-1]
    text, ring, stack = drops(last)
    wasted = (value(last, "irq_pct") * last["stack_dropped"] /
              max(1, last["received"]))
    return Claim("without NAPI it is dropped in the stack (the backlog)",
                 stack > 10 and stack > ring,
                 f"{text}; the interrupt handler spent {wasted:.0f} % of the"
                 " CPU on these frames")


def throughput(points):
    """What is delivered at the heaviest load, of the most that ever was, and
    that as text.
    """
    most = max(value(p, "delivered") for p in points)
    last = value(points[-1], "delivered")
    return last / most, f"{last:.0f} of at most {most:.0f} frames/s"


def throughput_stays(points):
    part, text = throughput(points)
    return Claim("with NAPI overload does not lessen what is delivered",
                 part > 0.85, text)


def throughput_falls(points):
    part, text = throughput(points)
    return Claim("without NAPI it does", part < 0.75, text)


def flaps(points):
    most = max(points, key=lambda p: value(p, "sessions"))
    first, last = ends(points, "sessions")
    peak = value(most, "sessions")
    return Claim("in the middle NAPI goes into poll mode and out most often",
                 peak > 1.5 * first and peak > 1.5 * last,
                 f"{peak:.0f} times a second at {value(most, 'offered'):.0f}"
                 f" frames/s ({value(most, 'poll_mode_pct'):.0f} % of the time"
                 f" in poll mode), {first:.0f} at the lightest load and"
                 f" {last:.0f} at the heaviest")


def both_take(one, other):
    """Points of the same loads, without those where a ring was full: there are
    no interrupts and no schedules in overload.
    """
    taken = ({p["load"] for p in side if not p["missed"]}
             for side in (one, other))
    both = set.intersection(*taken)
    return ([p for p in side if p["load"] in both] for side in (one, other))


def moderation(points, plain):
    few, many = (sum_ratio(side, "irqs", "received")
                 for side in both_take(points, plain))
    return Claim("moderation saves interrupts below overload", few < many * 0.8,
                 f"{few:.4f} per packet, {many:.4f} without")


def thread_waits(points, plain):
    late, soon = (sum_ratio(side, "sched_ns", "sched_polls") / 1000
                  for side in both_take(points, plain))
    return Claim("a thread polls later than a softirq", late > soon * 1.2,
                 f"{late:.0f} us from schedule to poll on average below"
                 f" overload, {soon:.0f} us in a softirq")


# Claims with the modes that they need, and are about.
CLAIMS = [
    (irqs_fall, ["napi"]),
    (irqs_stay, ["no-napi"]),
    (ring_drops, ["napi"]),
    (stack_drops, ["no-napi"]),
    (throughput_stays, ["napi"]),
    (throughput_falls, ["no-napi"]),
    (flaps, ["napi"]),
    (moderation, ["coalesced", "napi"]),
    (thread_waits, ["threaded", "napi"]),
]


def claims(modes):
    return [claim(*(modes[mode] for mode in needed))
            for claim, needed in CLAIMS
            if all(mode in modes for mode in needed)]


def differences(p, napi):
    """Names of what refnic, napiscope and the kernel count differently."""
    pairs = {"frames": (p["sent"], p["received"] + p["missed"])}
    if napi:
        pairs["polls"] = (p["polls"], p["refnic_polls"])
        pairs["re-arms"] = (p["rearms"], p["refnic_rearms"])
        pairs["work"] = (p["work"], p["received"])
    else:
        pairs["work"] = (p["work"], p["received"] - p["stack_dropped"])
    return [name for name, (one, other) in pairs.items() if one != other]
