"""Numbers → a plot of characters (pure)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

_BLOCKS = " ▁▂▃▄▅▆▇█"


def plot_lines(values: Sequence[float], height: int) -> list[str]:
    """Columns from zero up to the largest value, one for each, in so many lines of eight steps each."""
    top = max(values, default=0.0)
    steps = [round(value / top * height * 8) if top > 0 else 0 for value in values]
    return [
        "".join(_BLOCKS[min(8, max(0, step - 8 * row))] for step in steps) for row in reversed(range(height))
    ]


def speeds_of(arrivals: Sequence[tuple[int, float]], columns: int) -> list[float]:
    """Tokens a second in each of so many equal parts of a reply, from how many had come by when.

    Pieces come together now and then, so a part takes its beginning and end from between two arrivals.
    """
    if len(arrivals) < 2 or arrivals[-1][0] == arrivals[0][0]:
        return []
    first, last = arrivals[0][0], arrivals[-1][0]
    columns = min(columns, last - first, len(arrivals) - 1)
    edges = [first + (last - first) * index / columns for index in range(columns + 1)]
    times = [_time_at(arrivals, edge) for edge in edges]
    return [(last - first) / columns / max(end - begin, 1e-9) for begin, end in pairwise(times)]


def _time_at(arrivals: Sequence[tuple[int, float]], tokens: float) -> float:
    """When so many tokens had come, between two arrivals in proportion."""
    index = max(1, bisect_left(arrivals, tokens, key=lambda arrival: arrival[0]))
    (count, begin), (next_count, end) = arrivals[index - 1], arrivals[index]
    share = (tokens - count) / (next_count - count) if next_count > count else 1.0
    return begin + (end - begin) * share
