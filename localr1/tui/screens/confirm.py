"""A question before something that can't be undone."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints


class ConfirmScreen(Panel[bool]):
    """Yes or no; no is what Esc and Enter say."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape,enter", "answer(False)", "No"),
    ]

    def __init__(self, question: str, consequence: str, verb: str) -> None:
        super().__init__()
        self._texts = (question, consequence, verb)

    def compose(self) -> ComposeResult:
        question, consequence, verb = self._texts
        with Vertical(classes="panel small"):
            yield Static(Content(question), classes="title")
            yield Static(Content(consequence), classes="dim")
            yield Hints(("y", verb, "screen.answer(True)"), ("n", "keep it", "screen.answer(False)"))

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
