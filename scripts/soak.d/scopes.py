# SPDX-License-Identifier: GPL-2.0-or-later
"""For scripts/soak: the napiscopes that run all the time, and what they take."""
import glob
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")
# How long one takes to end, at most.
END_S = 120


def fdinfo(pid):
    """Of each descriptor: the lines of its /proc/PID/fdinfo, as a dict."""
    for name in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            with open(f"/proc/{pid}/fdinfo/{name}", encoding="ascii") as f:
                yield dict(line.split(":\t", 1) for line in f if ":\t" in line)
        except FileNotFoundError:
            pass


def namespaces():
    """How many network namespaces there are, with a process or a name."""
    inodes = set()
    for path in [f"/proc/{pid}/ns/net" for pid in os.listdir("/proc")
                 if pid.isdigit()] + glob.glob("/run/netns/*"):
        try:
            inodes.add(os.stat(path).st_ino)
        except OSError:
            pass
    return len(inodes)


class Scope:
    """One napiscope.  What it says beside its output is kept, for errors."""

    def __init__(self, name, command, out, log):
        self.name = name
        self.err = os.path.join(log, name + ".err")
        with open(self.err, "wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err,
                                            start_new_session=True)
        self.pid = self.process.pid

    def said(self):
        with open(self.err, encoding="utf-8") as f:
            return f.read().strip()

    def runs(self):
        return self.process.poll() is None

    def end(self):
        """Its status."""
        if self.runs():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def usage(self):
        """kB resident, and of them its own (pages of BPF maps are not); descriptors,
        threads, bytes of maps, seconds of CPU time."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as f:
            status = dict(line.split(":", 1) for line in f)
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as f:
            stat = f.read().rsplit(")", 1)[1].split()
        return {"rss": int(status["VmRSS"].split()[0]),
                "own": int(status["RssAnon"].split()[0]),
                "fds": len(os.listdir(f"/proc/{self.pid}/fd")),
                "threads": int(status["Threads"]),
                "maps": sum(int(fd.get("memlock", 0)) for fd in fdinfo(self.pid)
                            if "map_id" in fd),
                "cpu": (int(stat[11]) + int(stat[12])) / TICK}

    def bpf_ids(self):
        """("prog", ID) and ("link", ID) of what it has attached."""
        for fd in fdinfo(self.pid):
            for kind in ("prog", "link"):
                if kind + "_id" in fd:
                    yield kind, int(fd[kind + "_id"])


class Top(Scope):
    """Its lines, as they come."""

    def __init__(self, command, log):
        super().__init__("top", command, subprocess.PIPE, log)
        self.lines, self.broken = [], None
        self.lock = threading.Lock()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for text in self.process.stdout:
            try:
                line = json.loads(text)
            except ValueError as e:
                self.broken = str(e)
                return
            with self.lock:
                self.lines.append((time.monotonic(), line))

    def take(self):
        """(when it came, the line) of those that came since."""
        with self.lock:
            lines, self.lines = self.lines, []
        return lines


class Export(Scope):
    """Its samples."""

    SAMPLE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)$')
    LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

    def __init__(self, command, log):
        super().__init__("export", command, subprocess.DEVNULL, log)
        self.url = None
        for _ in range(600):
            found = re.search(r"serving (\S+)", self.said())
            if found:
                self.url = found.group(1)
                break
            time.sleep(0.1)

    def scrape(self):
        """{(name, labels): value} but of buckets."""
        with urllib.request.urlopen(self.url, timeout=60) as reply:
            text = reply.read().decode()
        samples = {}
        for line in text.splitlines():
            found = self.SAMPLE.match(line)
            if found and not found.group(1).endswith("_bucket"):
                name, labels, value = found.groups()
                samples[name, tuple(self.LABEL.findall(labels or ""))] = \
                    float(value)
        if not text.endswith("# EOF\n"):
            raise ValueError("the exposition has no end")
        return samples


class Peer:
    """A helper of scripts/soak.d that answers lines with lines, and ends with its
    input."""

    def __init__(self, command, log=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=log,
                                        text=True, start_new_session=True)
        self.busy = True
        self.first = self.answer()

    def answer(self):
        line = self.process.stdout.readline().strip()
        self.busy = False
        return line

    def ask(self, text):
        self.busy = True
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        """All of its processes at once, if it is in the middle of something."""
        if self.process.poll() is not None:
            return
        if self.busy:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Hidden(Peer):
    """(time, ("softirq", CPU, VECTOR) or ("irq", IRQ)) of each hidden event."""

    LINE = re.compile(r"\[(\d+)\] \S+ +([0-9.]+): (\w+): (.*)")

    def __init__(self, command):
        super().__init__(command)
        self.events = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            found = self.LINE.search(line)
            if not found:
                continue
            cpu, mono, event, rest = found.groups()
            if event == "softirq_entry":
                what = "softirq", int(cpu), re.search(r"action=(\w+)", rest)[1]
            else:
                what = "irq", int(re.search(r"irq=(\d+)", rest)[1])
            offset = time.time() - time.monotonic()
            self.events.append((float(mono) + offset, what))
