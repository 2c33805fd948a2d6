# SPDX-License-Identifier: GPL-2.0-or-later
"""For scripts/soak: what the napiscopes take has to stay as it is."""
from scopes import namespaces

# From here on, or when somebody else has filled all slots, memory may grow by so
# much, of each process; CPU time may be so many times that of an earlier minute with
# the same load.
WARM_MINUTES = 5
GROWTH_KB = 4096
CPU_TIMES, CPU_LEAST_S = 2, 0.5
# Descriptors for each network namespace that there is, and those of some more that
# came and went between two looks.
NAMESPACE_FDS, MORE_FDS = 3, 6


class Usage:
    """Of each scope, minute by minute."""

    def __init__(self):
        self.of = {}      # name: [Scope.usage() of each minute]
        self.spaces = []  # network namespaces in each
        self.cpu_of = {}  # (name, loads): seconds
        self.warm = WARM_MINUTES

    def look(self, scopes, loads, full):
        """(invariant, what is wrong) now."""
        self.spaces.append(namespaces())
        if full:
            self.warm = max(self.warm, len(self.spaces))
        found = []
        for scope in scopes:
            usages = self.of.setdefault(scope.name, [])
            usages.append(scope.usage())
            found += self.check(scope.name, usages)
            found += self.check_cpu(scope.name, usages, loads)
        return found

    def check(self, name, usages):
        first, now, warm = usages[0], usages[-1], usages[:self.warm][-1]
        if now["own"] > warm["own"] + GROWTH_KB:
            yield "memory", f"{name}: {now['own']} kB, {warm['own']} before"
        most = first["fds"] + MORE_FDS + NAMESPACE_FDS * \
            (max(self.spaces) - self.spaces[0])
        if now["fds"] > most:
            yield "descriptors", f"{name}: {now['fds']}, {first['fds']} at first"
        for what in ("threads", "maps"):
            if now[what] != first[what]:
                yield what, f"{name}: {now[what]}, {first[what]} at first"

    def check_cpu(self, name, usages, loads):
        if len(usages) < 2:
            return
        took = usages[-1]["cpu"] - usages[-2]["cpu"]
        usual = self.cpu_of.setdefault((name, loads), took)
        if took > CPU_TIMES * usual + CPU_LEAST_S:
            yield "cpu-time", f"{name}: {took:.1f} s, {usual:.1f} s before"

    def resident(self):
        return " ".join(f"{u[-1]['rss'] / 1024:.1f}" for u in self.of.values())

    def cpu(self):
        """Of the last minute."""
        return " ".join(f"{u[-1]['cpu'] - (u[-2]['cpu'] if u[1:] else 0):.1f}"
                        for u in self.of.values())
