"""One line that the user writes: a title, tags, the name of a file."""

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
from localr1.tui.widgets.line_input import LineInput

LENGTH = 200
"""Characters of the longest line."""


class LineScreen(Panel[str | None]):
    """Gives what was written; None when everything shall stay as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "keep", "Leave it as it is")]

    def __init__(self, question: str, line: str = "", *, verb: str = "take it", about: str = "") -> None:
        super().__init__()
        self._texts = (question, safe_line(line), verb, about)

    def compose(self) -> ComposeResult:
        question, line, verb, about = self._texts
        with Vertical(classes="panel small"):
            yield Static(Content(question), classes="title")
            yield LineInput(line, max_length=LENGTH, select_on_focus=False, compact=True)
            if about:
                yield Static(Content(about), classes="dim")
            yield Hints(("Enter", verb, "screen.take"), ("Esc", "leave it", "screen.keep"))

    @on(Input.Submitted)
    def action_take(self) -> None:
        """Take what is written."""
        self.dismiss(safe_line(self.query_one(Input).value))

    def action_keep(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)
