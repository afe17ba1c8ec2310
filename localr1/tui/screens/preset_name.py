"""A name for a new preset."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from localr1.presets import NAME_LENGTH
from localr1.safe_text import safe_line
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.line_input import LineInput


class PresetNameScreen(Panel[str]):
    """Gives the name; empty when nothing shall be saved."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel small"):
            yield Static(Content("A name for this preset"), classes="title")
            yield LineInput(max_length=NAME_LENGTH, compact=True)
            yield Static(Content("One of the same name is replaced."), classes="dim")
            yield Hints(("Enter", "save it", "screen.take"), ("Esc", "leave it", "screen.leave"))

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Take what is written."""
        self.dismiss(safe_line(self.query_one(Input).value).strip())

    def action_leave(self) -> None:
        """Save nothing."""
        self.dismiss("")
