"""Rows of text in columns, as wide as a terminal draws them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from localr1.safe_text import safe_line

GAP = "  "


def table_lines(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
) -> list[str]:
    """The lines of a table; the columns numbered in `right` are aligned to the right."""
    cells = [[safe_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return [
        GAP.join(
            _padded(cell, width, index in right)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _padded(cell: str, width: int, right: bool) -> str:
    padding = " " * (width - cell_len(cell))
    return padding + cell if right else cell + padding
