"""A new title for a chat."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from localr1.safe_text import safe_line
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints

LENGTH = 200
"""Characters of the longest title."""


class RenameScreen(Panel[str]):
    """Gives the new title; empty when the old one shall stay."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "keep", "Keep the title")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._old = safe_line(title)

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel small"):
            yield Static(Content("A title for this chat"), classes="title")
            yield Input(self._old, max_length=LENGTH, select_on_focus=False, compact=True)
            yield Hints(("Enter", "take it", "screen.take"), ("Esc", "keep the old one", "screen.keep"))

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Take what is written."""
        self.dismiss(safe_line(self.query_one(Input).value))

    def action_keep(self) -> None:
        """Leave everything as it is."""
        self.dismiss("")
