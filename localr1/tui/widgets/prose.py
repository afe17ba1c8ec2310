"""Paragraphs and lists of an answer, many of them in one widget: each widget costs time in every frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.selection import Selection
from textual.widgets import Markdown
from textual.widgets._markdown import MarkdownBlock

from localr1.tui.hanging import Hanging, Line
from localr1.tui.prose import RUN_CHARACTERS, Block, lines_of

_GAP = Line(Content(), Content())


class Prose(MarkdownBlock):
    """Grows at its end; what stands there already is drawn once."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"bullet"}
    virtual_size = Reactive(Size(0, 0))
    """Set by a layout; as other widgets have it, it would ask for another one."""

    def __init__(self, markdown: Markdown, blocks: Sequence[Block]) -> None:
        super().__init__(markdown, blocks[0][0])
        self._hanging = Hanging()
        self._take([lines_of(block, self._token_to_content) for block in blocks])

    def _take(self, parts: Sequence[Sequence[Line]]) -> None:
        """Show these paragraphs and lists."""
        self._parts = parts
        lines = [line for part in parts for line in (*part, _GAP)]
        self._hanging.lines = lines[:-1]
        self.update(self._hanging)

    async def _update_from_block(self, block: MarkdownBlock) -> None:
        """The last paragraph or list is written anew, and more has come behind it."""
        kept = self._parts[:-1]
        if isinstance(block, Prose) and _size(kept) < RUN_CHARACTERS:
            self._take([*kept, *block._parts])
        elif kept:
            self._take(kept)
            await self._markdown.mount(block)
        else:
            await super()._update_from_block(block)

    @property
    def text(self) -> Content:
        """All of it, as it is copied."""
        return Content("\n").join(line.whole for line in self._hanging.lines)

    def light(self, start: int, end: int) -> int:
        """Turn this part of the text round until `darken`; the row in which it begins."""
        lines, place = [*self._hanging.lines], 0
        for y, line in enumerate(lines):
            if start <= place + len(line.whole):
                lines[y] = line.stylize("reverse", start - place, end - place)
                break
            place += len(line.whole) + 1
        self._hanging.lines = lines
        self.update(self._hanging)
        return self._hanging.row_of(y, start - place, self.content_size.width)

    def darken(self) -> None:
        """Show all as it was."""
        if self.is_attached:
            self._take(self._parts)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        return selection.extract(self.text.plain), "\n"

    def notify_style_update(self) -> None:
        self._hanging.forget()
        super().notify_style_update()


def _size(parts: Sequence[Sequence[Line]]) -> int:
    return sum(len(line.text) for part in parts for line in part)
