"""The list of models as a table, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content

from localr1.fit.verdict import Verdict
from localr1.safe_text import safe_line
from localr1.tui.downloads.downloads import RESTING, Download, Phase
from localr1.tui.downloads.progress import progress_bar, progress_words
from localr1.tui.models.shelf import Choice, Row
from localr1.units import size_text, speed_text

GAP = 2
"""Cells between two columns."""
MARK = 2
"""Cells before the name, for what is special about a model."""
NAME_LEAST, NAME_MOST = 16, 40
"""Cells of a name."""
VERDICTS = {
    Verdict.FITS: ("fits well", "$text-success"),
    Verdict.TIGHT: ("tight", "$text-warning"),
    Verdict.TOO_BIG: ("too big", "$text-muted"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column after the name."""

    title: str
    width: int
    cell: Callable[[Row, Choice], Content]
    right: bool = True
    """Numbers stand on the right of their column."""

    def fill(self, content: Content) -> Content:
        """The content, as wide as the column."""
        content = content.truncate(self.width, ellipsis=True)
        space = " " * (self.width - content.cell_length)
        return Content.assemble(space, content) if self.right else Content.assemble(content, space)


def _size(row: Row, choice: Choice) -> Content:
    return Content(size_text(choice.size) if choice.size else "–")


def _licence(row: Row, choice: Choice) -> Content:
    return Content(safe_line(row.entry.license) if row.entry else "")


def _math(row: Row, choice: Choice) -> Content:
    score = row.entry.scores.math500 if row.entry and row.entry.scores else None
    return Content(f"{score:.1f}" if score is not None else "")


def _fit(row: Row, choice: Choice) -> Content:
    return Content.styled(*VERDICTS[choice.fit.verdict]) if choice.fit else Content("")


def _speed(row: Row, choice: Choice) -> Content:
    rate = choice.fit.tokens_per_second if choice.fit else None
    return Content(speed_text(rate) if rate and rate < 1000 else "")


SIZE = Column("SIZE", 7, _size)
LICENCE = Column("LICENCE", 10, _licence, right=False)
MATH = Column("MATH-500", 8, _math)
FIT = Column("FIT", 9, _fit, right=False)
SPEED = Column("SPEED", 9, _speed)
COLUMNS = (SIZE, LICENCE, MATH, FIT, SPEED)
LEAVING = (LICENCE, SPEED, MATH, SIZE)
"""Which columns a narrow screen does without, the first one first."""


def columns_for(width: int) -> tuple[Column, ...]:
    """The columns that there is room for."""
    columns: tuple[Column, ...] = COLUMNS
    for leaving in LEAVING:
        if _taken(columns) + MARK + NAME_LEAST <= width:
            break
        columns = tuple(column for column in columns if column is not leaving)
    return columns


def heading(width: int) -> Content:
    """The titles of the columns."""
    columns = columns_for(width)
    cells = [column.fill(Content(column.title)) for column in columns]
    return _line(Content(" " * MARK), Content("MODEL"), cells, width, columns)


def line(row: Row, choice: Choice, download: Download | None, width: int, *, recommended: bool) -> Content:
    """A model; what is on its way shows how far it is in place of how it would run."""
    columns = columns_for(width)
    cells = [column.fill(column.cell(row, choice)) for column in columns]
    if download:
        kept = [cell for column, cell in zip(columns, cells, strict=True) if column is SIZE]
        room = _taken(columns) - GAP - (SIZE.width + GAP if kept else 0)
        cells = [*kept, _progress(download, room)]
    name = Content(safe_line(row.name))
    return _line(_mark(row, download, recommended=recommended), name, cells, width, columns)


def _line(
    mark: Content, name: Content, cells: list[Content], width: int, columns: tuple[Column, ...]
) -> Content:
    room = max(1, min(NAME_MOST, width - MARK - _taken(columns)))
    name = name.truncate(room, ellipsis=True, pad=True)
    return Content(" " * GAP).join([Content.assemble(mark, name), *cells])


def _taken(columns: tuple[Column, ...]) -> int:
    return sum(column.width + GAP for column in columns)


def _mark(row: Row, download: Download | None, *, recommended: bool) -> Content:
    if download:
        failed, resting = download.phase is Phase.FAILED, download.phase in RESTING
        return Content.styled(
            "! " if failed else "‖ " if resting else "↓ ", "$text-error" if failed else "$text-accent"
        )
    if recommended:
        return Content.styled("★ ", "$text-accent")
    return Content(" " * MARK)


def _progress(download: Download, room: int) -> Content:
    """As much as there is room for, the bar last."""
    words = progress_words(download)
    while len(words) > 1 and len(" · ".join(words)) > room:
        words.pop()
    said = Content(" · ".join(words)).truncate(max(1, room), ellipsis=True)
    bar = min(16, room - said.cell_length - GAP)
    shown = [progress_bar(download.share, bar)] if bar >= 4 and download.done else []
    return Content(" " * GAP).join([*shown, said])
