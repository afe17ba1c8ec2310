"""The line where a value is changed; it is there only while it is used."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_line, safe_text
from localr1.tui.settings.row import ValueRow
from localr1.tui.widgets.line_input import LineInput


class ValueLine(Vertical):
    """Takes one value at a time, and says below it why one can't be used."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "The choice before"),
        Binding("down", "choose(1)", "The next choice"),
    ]
    _input = getters.query_one(Input)
    _problem = getters.query_one("#problem", Static)

    def __init__(self) -> None:
        super().__init__()
        self.changes = ""
        """The name of the value that is being changed."""
        self._choices: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield LineInput(compact=True)
        yield Static(id="problem")

    def on_mount(self) -> None:
        self.display = False

    @property
    def text(self) -> str:
        """What is written."""
        return self._input.value.strip()

    def open(self, row: ValueRow) -> None:
        """Let the user change a value."""
        self.changes, self._choices = row.name, row.choices
        self._input.suggester = SuggestFromList(row.choices) if row.choices else None
        self._input.value = safe_line(row.written)
        self._problem.update("")
        self.display = True
        self.screen.add_class("editing")
        self._input.focus()

    def action_choose(self, by: int) -> None:
        """Write the next of what there is to choose from, the first one behind the last."""
        choices = self._choices
        if choices:
            place = choices.index(self.text) + by if self.text in choices else min(by, 0)
            self._input.value = choices[place % len(choices)]
            self._input.action_end()

    def fail(self, error: LocalR1Error) -> None:
        """Say why what is written can't be used; it can be mended."""
        self._problem.update(Content(safe_text(" ".join((error.message, error.hint)).strip())))

    def close(self) -> None:
        """Be gone."""
        self.display = False
        self.screen.remove_class("editing")
