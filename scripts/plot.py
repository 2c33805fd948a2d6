# SPDX-License-Identifier: GPL-2.0-or-later
"""What pictures of measured curves have in common: scales, axes, lines, a page."""
import math
from xml.sax.saxutils import escape

# Colours that differ for everybody, and marks that differ in print.
LOOKS = [
    ("#0072b2", "", "circle"),
    ("#d55e00", "", "square"),
    ("#009e73", "7 4", "diamond"),
    ("#aa4499", "2 3", "triangle"),
]
GREY = "#767676"


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


def curve(look, places):
    """A line with a mark at each of its places, in a look of LOOKS."""
    colour, dash, shape = look
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


def page(width, height, title, parts):
    """The whole picture, as text."""
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="sans-serif"'
        ' fill="#222222">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *parts, "</svg>", ""])
