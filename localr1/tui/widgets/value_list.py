"""Values, one a line: name, value, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from localr1.safe_text import safe_line
from localr1.tui.settings.row import ValueRow

ROOM_FOR_ORIGIN = 52
"""Cells of a line from which it says where a value comes from."""
GAP = 2


class ValueList(OptionList):
    """Keeps its mark while values change."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._rows: list[ValueRow] = []

    @property
    def marked(self) -> ValueRow | None:
        """The value that is marked."""
        return self._rows[self.highlighted] if self.highlighted is not None and self._rows else None

    def show(self, rows: Sequence[ValueRow]) -> None:
        """Show these in place of the others."""
        marked = self.highlighted or 0
        self._rows = list(rows)
        self.set_options(Option(line) for line in self._drawn())
        self.highlighted = marked

    def on_resize(self) -> None:
        for index, line in enumerate(self._drawn()):
            self.replace_option_prompt_at_index(index, line)

    def _drawn(self) -> list[Content]:
        width = max(20, self.scrollable_content_region.width)
        names = max((len(row.name) for row in self._rows), default=0) + GAP
        origins = max((len(row.origin) for row in self._rows), default=0) + GAP
        origins = origins if width >= ROOM_FOR_ORIGIN else 0
        values = max(4, width - names - origins)
        return [_line(row, names, values, origins) for row in self._rows]


def _line(row: ValueRow, names: int, values: int, origins: int) -> Content:
    value = Content(safe_line(row.value)).truncate(values, ellipsis=True, pad=True)
    origin = f"{'':{GAP}}{row.origin}" if origins else ""
    return Content.assemble((row.name.ljust(names), "$text-muted"), value, (origin, "$text-muted"))
