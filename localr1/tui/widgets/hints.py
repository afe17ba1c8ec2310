"""The keys that matter now, on one line; each can be clicked."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from textual.content import Content, Span
from textual.style import Style
from textual.widgets import Static

Hint: TypeAlias = tuple[str, str, str]
"""Key, what it does, and the action that a click runs."""


class Hints(Static):
    """Key hints; a narrow screen loses the last ones first."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key"}

    def __init__(self, *hints: Hint, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints = hints

    def on_mount(self) -> None:
        self.show(*self._hints)

    def show(self, *hints: Hint) -> None:
        """Show these in place of the others."""
        self._hints = hints
        self.update(Content("   ").join(hint_content(*hint) for hint in hints))


def hint_content(key: str, does: str, action: str) -> Content:
    """A key and what it does, to be clicked; the key stands out where `.key` says how."""
    text = f"{key} {does}".lstrip()
    return Content(
        text,
        spans=[Span(0, len(key), ".key"), Span(0, len(text), Style.from_meta({"@click": action}))],
    )
