"""The models as a list under headings; a click marks one, and one more click takes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from localr1.safe_text import safe_line
from localr1.tui.models.shelf import Row

ROOMY = 20
"""Lines from which headings have room above them."""


class ModelList(OptionList):
    """Keeps the mark on its model while the lines around it change."""

    class Resized(Message):
        """The lines have another width now."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._rows: list[Row | None] = []
        """The model of each line; None for a heading."""

    @property
    def line_width(self) -> int:
        """Cells of a line."""
        return max(20, self.scrollable_content_region.width)

    @property
    def marked(self) -> Row | None:
        """The model that is marked."""
        index = self.highlighted
        return self._rows[index] if index is not None and index < len(self._rows) else None

    def show(self, rows: Sequence[Row], draw: Callable[[Row], Content], marked: str) -> None:
        """Show these, with the mark on the model of this key, or on the first."""
        options: list[Option] = []
        self._rows = []
        for index, row in enumerate(rows):
            if index == 0 or row.section != rows[index - 1].section:
                above = "\n" if index and self.size.height >= ROOMY else ""
                options.append(Option(Content(f"{above}{safe_line(row.section)}"), disabled=True))
                self._rows.append(None)
            options.append(Option(draw(row)))
            self._rows.append(row)
        self.set_options(options)
        keys = [row.key if row else None for row in self._rows]
        self.highlighted = keys.index(marked) if marked in keys else 1 if keys else None

    def redraw(self, draw: Callable[[Row], Content]) -> None:
        """Draw every line anew; none comes or goes."""
        for index, row in enumerate(self._rows):
            if row:
                self.replace_option_prompt_at_index(index, draw(row))

    def on_resize(self) -> None:
        self.post_message(self.Resized())

    async def _on_click(self, event: Click) -> None:
        """A list of things that take minutes to fetch should not begin with a slip of the hand."""
        event.prevent_default()
        index = event.style.meta.get("option")
        if index is not None and self._rows[index]:
            if index == self.highlighted:
                self.action_select()
            self.highlighted = index
