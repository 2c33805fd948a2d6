# SPDX-License-Identifier: GPL-2.0-or-later
"""For scripts/soak: what has to be so when it is over."""
import json
import os
import subprocess
from collections import Counter

import sums

NET_CORE = "/proc/sys/net/core"


def system_state():
    """What has to be the same afterwards: sysctls, devices."""
    state = {"devices": sorted(os.listdir("/sys/class/net"))}
    for name in sorted(os.listdir(NET_CORE)):
        if name == "netdev_rss_key":  # chosen at its first use
            continue
        try:
            with open(os.path.join(NET_CORE, name), encoding="ascii") as f:
                state["net.core." + name] = f.read()
        except OSError:
            pass
    return state


def replayed(soak, *arguments):
    """What napiscope reads in the recording: (its output, what is wrong)."""
    done = subprocess.run(soak.napiscope(*arguments, live=False) +
                          ["-r", soak.recording, "-f", "json"],
                          capture_output=True, check=False)
    # What was lost is said again.
    said = [line for line in done.stderr.decode().splitlines()
            if "(lost." not in line]
    if done.returncode:
        said.append(f"status {done.returncode}")
    return done.stdout, "; ".join(said)


def check_recording(soak):
    """It reads whole, and has what the report and the lines of top had."""
    with open(soak.report_out.name, "rb") as f:
        live = f.read()
    whole, wrong = replayed(soak, "report")
    if wrong or not whole or whole != live:
        yield "recording", wrong or "a replay is not what the live run printed"
    lines, wrong = replayed(soak, "top", "-b")
    if wrong:
        yield "recording", wrong
    if whole and lines:
        yield from compare_recording(soak, json.loads(whole), lines)


def compare_recording(soak, whole, lines):
    of_whole, of_lines = sums.Sum(), sums.Sum()
    of_whole.add(whole, soak.own)
    for line in lines.splitlines():
        of_lines.add(json.loads(line), soak.own)
    if of_whole.all != of_lines.all:
        yield "recording-sums", f"its lines {dict(of_lines.all)}, as a whole " \
            f"{dict(of_whole.all)}"
    yield from compare_own(soak, lines)
    start, end = whole["time_s"] - whole["interval_s"], whole["time_s"]
    if whole["settled"] and soak.is_sure(start) and soak.is_sure(end):
        hidden = soak.hidden_between(start, end)
        for name, text in sums.check_exact(of_lines, hidden, soak.options.lab,
                                            sums.Owed()):
            yield "recording-exact", f"{name}: {text}"


def compare_own(soak, lines):
    """While top ran and there was load, as its lines: both were there before it began."""
    first_s = soak.own_lines[0][0]
    start, end, own = None, None, Counter()
    for line in map(json.loads, lines.splitlines()):
        begin = line["time_s"] - line["interval_s"]
        if begin >= first_s and line["time_s"] <= soak.load_ended_s:
            start, end = start or begin, line["time_s"]
            one = sums.Sum()
            one.add(line, soak.own)
            own.update(one.own)
    least, most = soak.own_between(start, end)
    for field in ("polls", "work"):
        if not least[field] <= own[field] <= most[field]:
            yield "recording-sums", f"{field}: {own[field]}, lines of top have " \
                f"{least[field]} to {most[field]}"


def check_left(before, ids, own):
    """Nothing of what was attached, made or set."""
    for kind in ("prog", "link"):
        there = subprocess.run(["bpftool", "-j", kind], capture_output=True,
                               check=False).stdout
        left = {one["id"] for one in json.loads(there or "[]")} & \
            {number for what, number in ids if what == kind}
        if left:
            yield "left", f"{kind} {sorted(left)}"
    for name in os.listdir("/run/netns") if os.path.isdir("/run/netns") else ():
        if name.startswith(own):
            yield "left", f"network namespace {name}"
    after = system_state()
    for name, value in before.items():
        if after.get(name) != value:
            yield "left", f"{name}: {value!r} has become {after.get(name)!r}"
