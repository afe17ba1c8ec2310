"""Where the user looks for something in the chat: a term, and which of how many matches is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message as Report
from textual.widgets import Input, Static

from localr1.message import Message
from localr1.tui.find import NOTHING, Match, Search, search
from localr1.tui.widgets.line_input import LineInput


class FindLine(Horizontal):
    """Out of sight while nothing is looked for; Enter leaves it standing, Esc ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "The next match"),
        Binding("up", "step(-1)", "The match before"),
        Binding("escape", "end", "End"),
    ]
    _input = getters.query_one(Input)
    _count = getters.query_one("#count", Static)

    @dataclass
    class Found(Report):
        """This is to be shown; None where there is nothing, or no longer."""

        term: str
        match: Match | None

    class Left(Report):
        """The user has written the term, or looks for nothing more."""

    def __init__(self) -> None:
        super().__init__(classes="over")
        self.display = False
        self._messages: Sequence[Message] = ()
        self._since = 0
        self._search = NOTHING

    def compose(self) -> ComposeResult:
        yield Static(Content("/"), id="slash")
        yield LineInput(compact=True)
        yield Static(id="count")

    @property
    def searching(self) -> bool:
        """There are matches to go to."""
        return self.display and bool(self._search.matches)

    def begin(self, messages: Sequence[Message], since: int) -> None:
        """Ask what to look for in these messages, from the one with the id `since` on."""
        self._messages, self._since = messages, since
        self.display = True
        self._input.value = ""
        self._input.focus()

    def action_step(self, by: int) -> None:
        """Show the next match, or the one before."""
        self._show(self._search.step(by))

    def action_end(self) -> None:
        """Look for nothing any more."""
        self.display = False
        self._show(NOTHING)
        self.post_message(self.Left())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self._show(search(event.value, self._messages, self._since))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.searching:
            self.post_message(self.Left())
        else:
            self.action_end()

    def _show(self, found: Search) -> None:
        self._search = found
        self._count.update(Content(found.count))
        self.post_message(self.Found(found.term, found.match))
