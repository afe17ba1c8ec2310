"""What stands in front of encrypted chats: the question for their passphrase."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_text
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.line_input import LineInput


class PassphraseScreen(Panel[None]):
    """Ends with the right passphrase; nothing else leads past it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.quit", "Quit"),
        Binding("ctrl+c", "interrupt", "Quit"),
    ]

    _input = getters.query_one(Input)
    _remark = getters.query_one("#remark", Static)

    def __init__(self, unlock: Callable[[str], Awaitable[None]]) -> None:
        """`unlock` raises LocalR1Error where a passphrase does not open the chats."""
        super().__init__()
        self._unlock = unlock

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel small"):
            yield Static(Content("The chats are locked"), classes="title")
            yield LineInput(placeholder="their passphrase", password=True, compact=True)
            yield Static(id="remark", classes="dim")
            yield Hints(("Enter", "open them", "screen.open"), ("Esc", "quit", "app.quit"))

    @on(Input.Submitted)
    def action_open(self) -> None:
        """Try what is written."""
        if self._input.value and not self._input.disabled:
            self._try(self._input.value)

    @work(group="unlock", exclusive=True)
    async def _try(self, passphrase: str) -> None:
        self._input.disabled = True
        self._remark.update(Content("opening…"))
        try:
            await self._unlock(passphrase)
        except LocalR1Error as error:
            self._remark.update(Content(safe_text(f"{error.message}\n{error.hint}".strip())))
            self._input.clear()
            self._input.disabled = False
            self._input.focus()
            return
        self.dismiss()

    async def action_interrupt(self) -> None:
        """Ctrl+C: what is written goes first; twice quits, as everywhere."""
        self._input.clear()
        self._remark.update(Content("Ctrl+C once more quits"))
        await self.app.run_action("app.interrupt")
