# SPDX-License-Identifier: GPL-2.0-or-later
"""The curve as one SVG: a panel for each number, over the offered load."""
import math
from xml.sax.saxutils import escape

from points import MODES, value

WIDTH, COLUMNS = 1200, 3
TOP, BOTTOM = 96, 8
PANEL_W, PANEL_H = WIDTH // COLUMNS, 290
# Room within a panel: for its title, numbers and names.
LEFT, RIGHT, ABOVE, BELOW = 62, 18, 40, 46
# Colours that differ for everybody, and marks that differ in print.
LOOKS = {
    "napi": ("#0072b2", "", "circle"),
    "no-napi": ("#d55e00", "", "square"),
    "coalesced": ("#009e73", "7 4", "diamond"),
    "threaded": ("#aa4499", "2 3", "triangle"),
}
GREY = "#767676"


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

def nice_steps(top):
    """Round numbers from 0 to top or a little more, four to six of them."""
    step = 10 ** math.floor(math.log10(max(top, 1e-9)))
    for part in (0.2, 0.5, 1, 2):
        if top / (step * part) <= 5:
            step *= part
            break
    return [i * step for i in range(math.ceil(top / step) + 1)]


def decades(low, high):
    return [10.0 ** e for e in range(math.floor(math.log10(low)),
                                     math.ceil(math.log10(high)) + 1)]


def short(number):
    if number >= 1000:
        return f"{number / 1000:g}k"
    return f"{number:.5f}".rstrip("0").rstrip(".")


class Axis:
    """Numbers to places: of LOW at START, of HIGH at END."""

    def __init__(self, ticks, start, end, log, low=None, high=None):
        self.ticks, self.start, self.end, self.log = ticks, start, end, log
        self.low = self.map(ticks[0] if low is None else low)
        self.high = self.map(ticks[-1] if high is None else high)

    def map(self, number):
        return math.log10(number) if self.log else number

    def place(self, number):
        part = (self.map(number) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


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


# --- drawing ------------------------------------------------------------------

def text(x, y, words, size=12, anchor="start", more=""):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" '
            f'text-anchor="{anchor}" {more}>{escape(words)}</text>')


def line(x1, y1, x2, y2, colour, more=""):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" {more}/>')


def mark(shape, x, y, colour):
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    corners = {"square": [(-3, -3), (3, -3), (3, 3), (-3, 3)],
               "diamond": [(0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)],
               "triangle": [(0, -4), (4, 3.5), (-4, 3.5)]}[shape]
    path = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon points="{path}" fill="{colour}"/>'


def curve(mode, places):
    colour, dash, shape = LOOKS[mode]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dash = f'stroke-dasharray="{dash}"' if dash else ""
    yield (f'<polyline points="{path}" fill="none" stroke="{colour}" '
           f'stroke-width="2" {dash}/>')
    for x, y in places:
        yield mark(shape, x, y, colour)


def grid(x_axis, y_axis):
    for tick in y_axis.ticks:
        y = y_axis.place(tick)
        yield line(x_axis.start, y, x_axis.end, y, "#e2e2e2")
        yield text(x_axis.start - 6, y + 4, short(tick), 11, "end")
    for tick in x_axis.ticks:
        x = x_axis.place(tick)
        yield line(x, y_axis.start, x, y_axis.end, "#f0f0f0")
        yield line(x, y_axis.start, x, y_axis.start + 4, GREY)
        yield text(x, y_axis.start + 16, short(tick), 11, "middle")
    yield line(x_axis.start, y_axis.start, x_axis.end, y_axis.start, GREY)
    yield line(x_axis.start, y_axis.start, x_axis.start, y_axis.end, GREY)


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
        yield from curve(mode, places)


def legend(modes, y):
    x = LEFT
    for mode in modes:
        yield from curve(mode, [(x, y), (x + 17, y), (x + 34, y)])
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
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        f' width="{WIDTH}" height="{height}" font-family="sans-serif"'
        ' fill="#222222">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        *parts, "</svg>", ""])
