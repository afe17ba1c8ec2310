"""The chats as a list under headings, filled as it is scrolled."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content, Span
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from localr1.safe_text import safe_text
from localr1.store.snippet import Snippet
from localr1.tui.chats.rows import Key, Row

NEAR_THE_END = 20
"""Rows that are left below the mark, or lines below the screen, when more are asked for."""
MARK = "$text-accent bold"


class ChatList(OptionList):
    """Keeps the mark on its row while the list changes."""

    class EndNear(Message):
        """There may be more rows to show."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._rows: list[Row | None] = []
        """The row of each option; None for a heading."""
        self._full = False

    @property
    def marked(self) -> Row | None:
        """The row that is marked."""
        index = self.highlighted
        return self._rows[index] if index is not None and index < len(self._rows) else None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(row is not None for row in self._rows)

    def show(self, rows: Sequence[Row], wanted: Key | None) -> None:
        """Show these, with the mark on the row of this key, or else where it was; on the first for no key."""
        before = self.highlighted or 0
        self._rows, self._full = [], False
        self.set_options(self._drawn_under_headings(rows))
        keys = [row.key if row else None for row in self._rows]
        choices = [index for index, key in enumerate(keys) if key]
        place = before if wanted else 0
        nearest = min(choices, key=lambda index: abs(index - place), default=None)
        self.highlighted = keys.index(wanted) if wanted in keys and wanted else nearest
        if choices and self.highlighted == choices[0]:
            self.call_after_refresh(self.scroll_home, animate=False)

    def add(self, rows: Sequence[Row]) -> None:
        """Show these as well, below the others."""
        self._full = not rows
        self.add_options(self._drawn_under_headings(rows))

    def on_resize(self) -> None:
        """Each line is as wide as the list."""
        marked = self.marked
        self.show([row for row in self._rows if row], marked.key if marked else None)

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if self.max_scroll_y - new < NEAR_THE_END:
            self._ask_for_more()

    def watch_highlighted(self, highlighted: int | None) -> None:
        super().watch_highlighted(highlighted)
        if highlighted is not None and len(self._rows) - highlighted < NEAR_THE_END:
            self._ask_for_more()

    def _ask_for_more(self) -> None:
        if self._rows and not self._full:
            self.post_message(self.EndNear())

    def _drawn_under_headings(self, rows: Sequence[Row]) -> list[Option]:
        """A heading wherever another section begins."""
        options: list[Option] = []
        last = next((row.section for row in reversed(self._rows) if row), "")
        for row in rows:
            if row.section != last:
                above = "\n" if self._rows else ""
                options.append(Option(Content.styled(f"{above}{row.section}", "$text-muted"), disabled=True))
                self._rows.append(None)
                last = row.section
            options.append(Option(self._drawn(row)))
            self._rows.append(row)
        return options

    def _drawn(self, row: Row) -> Content:
        """The title on the left, the date on the right; below it what was found."""
        width = max(20, self.scrollable_content_region.width or 40)
        title = _marked(row.title) if row.title.text.strip() else Content.styled("untitled", "italic")
        room = width - len(row.date) - 1
        line = Content.assemble(
            title.truncate(room, ellipsis=True, pad=True), (f" {row.date}", "$text-muted")
        )
        if row.excerpt is None:
            return line
        excerpt = _marked(row.excerpt).truncate(width - 2, ellipsis=True)
        return Content("\n").join([line, Content.assemble("  ", excerpt.stylize_before("$text-muted"))])


def _marked(snippet: Snippet) -> Content:
    """Safe text is as long as what it stands for, so that the marks keep their places."""
    return Content(safe_text(snippet.text), spans=[Span(begin, end, MARK) for begin, end in snippet.marks])
