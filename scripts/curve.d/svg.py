# SPDX-License-Identifier: GPL-2.0-or-later
"""The curve as one SVG: a panel for each number, over the offered load."""
import math
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(__file__), ".."))
import plot
from plot import (GREY, Axis, curve, decades, grid, line, nice_steps, page,
                  text)
from points import MODES, value

WIDTH, COLUMNS = 1200, 3
TOP, BOTTOM = 96, 8
PANEL_W, PANEL_H = WIDTH // COLUMNS, 290
# Room within a panel: for its title, numbers and names.
LEFT, RIGHT, ABOVE, BELOW = 62, 18, 40, 46
# How each mode is drawn.
LOOKS = dict(zip(MODES, plot.LOOKS))


PERCENT = [0, 25, 50, 75, 100]
BUDGET = [0, 16, 32, 48, 64]


class Panel:
    """Scale: its ticks, or "count" from 0 up, or "log"."""

    def __init__(self, name, title, unit, scale, note=""):
        self.name, self.title, self.unit = name, title, unit
        self.scale, self.note = scale, note


PANELS = [
    Panel("delivered", "Delivered to the protocol", "frames/s", "count",
          "dotted: all that is offered"),
    Panel("irqs_per_packet", "Interrupts per packet", "interrupts", "log"),
    Panel("packets_per_poll", "Packets per poll", "packets", BUDGET,
          "no NAPI: polls of the backlog"),
    Panel("sessions", "Stays in poll mode", "sessions/s", "count",
          "no NAPI: has none"),
    Panel("poll_mode_pct", "Time in poll mode", "% of the CPU's time",
          PERCENT, "no NAPI: has none"),
    Panel("irq_pct", "Time in the interrupt handler", "% of the CPU's time",
          PERCENT),
    Panel("ring_drops_pct", "Dropped in the ring", "% of offered", PERCENT),
    Panel("stack_drops_pct", "Dropped in the stack", "% of offered", PERCENT),
    Panel("wait_us", "From schedule to poll", "us, mean", "log",
          "not without NAPI, nor in overload"),
]


# --- scales -------------------------------------------------------------------

def load_axis(modes, start, end):
    loads = [value(p, "offered") for points in modes.values() for p in points]
    low, high = min(loads) * 0.9, max(loads) * 1.1
    ticks = [part * ten for ten in decades(low, high) for part in (1, 2, 5)
             if low <= part * ten <= high]
    return Axis(ticks, start, end, True, low, high)


def number_axis(panel, modes, start, end):
    numbers = [value(p, panel.name) for points in modes.values()
               for p in points if value(p, panel.name) is not None]
    if panel.scale == "log":
        numbers = [n for n in numbers if n > 0] or [1]
        ticks = decades(min(numbers), max(numbers))
        if len(ticks) == 1:
            ticks.append(ticks[0] * 10)
        return Axis(ticks, start, end, True)
    if panel.scale == "count":
        return Axis(nice_steps(max(numbers, default=1) or 1), start, end, False)
    return Axis(panel.scale, start, end, False)


def offered_line(x_axis, y_axis):
    """Where everything that is offered would be."""
    low, top = 10 ** x_axis.low, min(10 ** x_axis.high, y_axis.ticks[-1])
    steps = [low * (top / low) ** (i / 24) for i in range(25)]
    path = " ".join(f"{x_axis.place(n):.1f},{y_axis.place(n):.1f}"
                    for n in steps)
    return (f'<polyline points="{path}" fill="none" stroke="{GREY}" '
            'stroke-dasharray="1 3"/>')


def overload(modes):
    """The lightest load of which NAPI drops one frame in a hundred."""
    return next((value(p, "offered") for p in modes.get("napi", [])
                 if value(p, "ring_drops_pct") >= 1), None)


def overload_line(x_axis, y_axis, modes):
    if (load := overload(modes)) is not None:
        x = x_axis.place(load)
        yield line(x, y_axis.start, x, y_axis.end, GREY,
                   'stroke-dasharray="4 4"')


def draw_panel(panel, modes, left, top):
    x_axis = load_axis(modes, left + LEFT, left + PANEL_W - RIGHT)
    y_axis = number_axis(panel, modes, top + PANEL_H - BELOW, top + ABOVE)
    yield text(left + LEFT, top + 16, panel.title, 14, "start",
               'font-weight="bold"')
    yield text(left + LEFT, top + 31, panel.unit, 11)
    yield text(x_axis.end, top + 31, panel.note, 11, "end", f'fill="{GREY}"')
    yield from grid(x_axis, y_axis)
    yield text((x_axis.start + x_axis.end) / 2, y_axis.start + 32,
               "offered, frames/s", 11, "middle")
    yield from overload_line(x_axis, y_axis, modes)
    if panel.name == "delivered":
        yield offered_line(x_axis, y_axis)
    for mode, points in modes.items():
        # On a scale of logarithms there is no place for 0.
        places = [(x_axis.place(value(p, "offered")),
                   y_axis.place(value(p, panel.name))) for p in points
                  if value(p, panel.name) is not None and
                  (not y_axis.log or value(p, panel.name) > 0)]
        yield from curve(LOOKS[mode], places)


def legend(modes, y):
    x = LEFT
    for mode in modes:
        yield from curve(LOOKS[mode], [(x, y), (x + 17, y), (x + 34, y)])
        yield text(x + 46, y + 4, MODES[mode], 13)
        x += 76 + 8 * len(MODES[mode])
    yield line(x, y, x + 34, y, GREY, 'stroke-dasharray="4 4"')
    yield text(x + 46, y + 4, "from here on NAPI drops", 13)


def draw(modes, title, subtitle):
    """The whole picture, as text."""
    height = TOP + math.ceil(len(PANELS) / COLUMNS) * PANEL_H + BOTTOM
    parts = [text(LEFT, 30, title, 20, "start", 'font-weight="bold"'),
             text(LEFT, 50, subtitle, 12)]
    parts += legend(modes, 74)
    for i, panel in enumerate(PANELS):
        parts += draw_panel(panel, modes, i % COLUMNS * PANEL_W,
                            TOP + i // COLUMNS * PANEL_H)
    return page(WIDTH, height, title, parts)
