"""Rows of text in columns, as wide as a terminal draws them."""

from __future__ import annotations

from collections.abc import Sequence
from shutil import get_terminal_size
from typing import TextIO

from rich.cells import cell_len, set_cell_size

from localr1.safe_text import safe_line

GAP = "  "
LEAST = 16
"""Columns of a terminal that the last column of a table keeps when it is cut."""


def room_on(stream: TextIO) -> int | None:
    """Columns of the terminal that a stream is, or None where it is none and nothing needs to be left out."""
    return get_terminal_size().columns if stream.isatty() else None


def table_lines(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int] = (),
    room: int | None = None,
    spare: Sequence[int] = (),
) -> list[str]:
    """The lines of a table; the columns numbered in `right` are aligned to the right.

    Where there is not enough `room`, those in `spare` are left out, the first one first, and then the last
    column is cut, unless it is one of them.
    """
    cells = [[safe_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if room is not None:
        widths = _fitted(widths, room, spare)
    return [
        GAP.join(
            _padded(cell, width, index in right)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
            if width
        ).rstrip()
        for row in cells
    ]


def _fitted(widths: Sequence[int], room: int, spare: Sequence[int]) -> list[int]:
    """Widths that fit, as far as that can be; a column of the width 0 is left out."""
    fitted, last = list(widths), len(widths) - 1
    least = fitted[last] if last in spare else min(fitted[last], LEAST)
    for index in spare:
        if _total([*fitted[:last], least]) <= room:
            break
        fitted[index] = 0
        least = 0 if index == last else least
    if last not in spare:
        fitted[last] = max(least, min(fitted[last], room - _total([*fitted[:last], 1]) + 1))
    return fitted


def _total(widths: Sequence[int]) -> int:
    shown = [width for width in widths if width]
    return sum(shown) + len(GAP) * (len(shown) - 1)


def _padded(cell: str, width: int, right: bool) -> str:
    if cell_len(cell) > width:
        return f"{set_cell_size(cell, width - 1)}…"
    padding = " " * (width - cell_len(cell))
    return padding + cell if right else cell + padding
