"""Curves over sizes as an SVG that stands alone, in light and dark; both axes are logarithmic."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 50, 50
LABEL_GAP = 16
"""Pixels between two names beside the curves, at least."""
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Told apart by the colour-blind too (Okabe and Ito), on white and on black."""
STYLE = """
    text { font: 13px sans-serif; fill: #1f2328; }
    .title { font-size: 15px; font-weight: bold; }
    .grid { stroke: #d0d7de; }
    .paper { fill: #ffffff; }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3; }
        .grid { stroke: #30363d; }
        .paper { fill: #0d1117; }
    }"""


@dataclass(frozen=True)
class Axes:
    """From values to pixels; each axis from a power of ten to a power of ten."""

    x: tuple[int, int]
    y: tuple[int, int]

    @classmethod
    def around(cls, xs: Sequence[float], ys: Sequence[float]) -> Axes:
        return cls(_powers(xs), _powers(ys))

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - self.x[0]) / (self.x[1] - self.x[0])
        up = (math.log10(y) - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def curves_svg(title: str, x_name: str, curves: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """One curve a name, through points of a size and milliseconds."""
    points = [point for curve in curves.values() for point in curve]
    axes = Axes.around([x for x, _ in points], [y for _, y in points])
    lines = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}\n</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="28">{escape(title)}</text>',
        *_grid(axes, x_name),
        *_curves(axes, curves),
        "</svg>",
    )
    return "\n".join(lines) + "\n"


def _powers(values: Sequence[float]) -> tuple[int, int]:
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return first, max(last, first + 1)


def _grid(axes: Axes, x_name: str) -> Iterator[str]:
    for power in range(axes.y[0], axes.y[1] + 1):
        x, y = axes.place(10 ** axes.x[0], 10.0**power)
        yield f'<line class="grid" x1="{x}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g} ms</text>'
    for power in range(axes.x[0], axes.x[1] + 1):
        x, y = axes.place(10.0**power, 10.0 ** axes.y[0])
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{y}"/>'
        yield f'<text x="{x:.1f}" y="{y + 18}" text-anchor="middle">{10**power:,}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_name)}</text>'


def _curves(axes: Axes, curves: Mapping[str, Sequence[tuple[float, float]]]) -> Iterator[str]:
    free = -math.inf
    by_end = sorted(curves.items(), key=lambda item: -item[1][-1][1])
    for colour, (name, curve) in zip(COLOURS, by_end, strict=False):
        places = [axes.place(x, y) for x, y in curve]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in places)
        x, y = places[-1]
        free = max(y + 4, free + LABEL_GAP)
        yield f'<text x="{x + 10:.1f}" y="{free:.1f}" style="fill:{colour}">{escape(name)}</text>'
