"""The keys that matter now, on one line; each can be clicked."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from textual.content import Content, Span
from textual.geometry import Size
from textual.style import Style
from textual.widgets import Static

Hint: TypeAlias = tuple[str, str, str]
"""Key, what it does, and the action that a click runs."""


class Hints(Static):
    """Key hints, the most useful first; a narrow screen leaves out whole ones from the end."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key"}

    def __init__(self, *hints: Hint, last: Hint | None = None, id: str | None = None) -> None:
        """`last` stands at the end and is left out last."""
        super().__init__(id=id)
        self._hints = hints
        self._last = last
        self._over: tuple[Hint, ...] = ()

    def show(self, *hints: Hint, last: Hint | None = None) -> None:
        """Show these in place of the others."""
        self._hints, self._last = hints, last
        self.refresh(layout=True)

    def lay_over(self, *hints: Hint) -> None:
        """Show these instead, until there are none to lay over."""
        self._over = hints
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        most = self.styles.max_width
        room = int(most.resolve(container, viewport)) if most else container.width
        return self._fitting(room).cell_length

    def render(self) -> Content:
        return self._fitting(self.content_size.width)

    def _fitting(self, width: int) -> Content:
        """As many as there is room for; the one that matters most is rather cut than left out."""
        hints = self._over or self._hints
        last = (self._last,) if self._last and not self._over else ()
        for count in range(len(hints), -1, -1):
            line = _line(*hints[:count], *last)
            if line and line.cell_length <= width:
                return line
        return _line(*(last or hints[:1]))


def _line(*hints: Hint) -> Content:
    return Content("   ").join(hint_content(*hint) for hint in hints)


def hint_content(key: str, does: str, action: str) -> Content:
    """A key and what it does, to be clicked; the key stands out where `.key` says how."""
    text = f"{key} {does}".lstrip()
    return Content(
        text,
        spans=[Span(0, len(key), ".key"), Span(0, len(text), Style.from_meta({"@click": action}))],
    )
