"""What stands in place of chats that are damaged: the backups to go back to."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.errors import LocalR1Error
from localr1.safe_text import safe_line
from localr1.store.backups import Backup
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints
from localr1.units import size_text
from localr1.wording import when

COLUMN = 18
"""Cells for the time of a backup."""


class DamagedScreen(Panel[bool]):
    """Gives True once a backup has taken the place of the chats, False where the user wants none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Quit")]

    _list = getters.query_one(OptionList)
    _remark = getters.query_one("#remark", Static)

    def __init__(
        self, reason: str, backups: Sequence[Backup], restore: Callable[[Backup], Awaitable[None]]
    ) -> None:
        """`reason` is a sentence; `restore` raises LocalR1Error for a backup that is no good either."""
        super().__init__()
        self._reason = reason
        self._backups = backups
        self._restore = restore

    def compose(self) -> ComposeResult:
        now = time.time()
        with Vertical(classes="panel"):
            yield Static(Content("The chats are damaged"), classes="title")
            yield Static(
                Content("A backup can take their place; their file is kept as it is."), classes="dim"
            )
            yield OptionList(*(Option(_row(each, now)) for each in self._backups), markup=False, compact=True)
            yield Static(Content(safe_line(self._reason)), id="remark", classes="dim")
            yield Hints(("Enter", "restore this backup", "screen.restore"), ("Esc", "quit", "screen.leave"))

    def on_mount(self) -> None:
        self._list.highlighted = 0
        self._list.focus()

    @on(OptionList.OptionSelected)
    @work(group="restore", exclusive=True)
    async def action_restore(self) -> None:
        """Put the backup that is marked in the place of the chats."""
        if (index := self._list.highlighted) is None:
            return
        self._list.disabled = True
        self._remark.update(Content("restoring…"))
        try:
            await self._restore(self._backups[index])
        except LocalR1Error as error:
            self._remark.update(Content(safe_line(error.message)))
            self._list.disabled = False
            self._list.focus()
        else:
            self.dismiss(True)

    def action_leave(self) -> None:
        """Change nothing."""
        self.dismiss(False)


def _row(backup: Backup, now: float) -> Content:
    return Content.assemble(
        (when(backup.made_at, now).ljust(COLUMN), "bold"), f"{size_text(backup.size):>9}  ", _what(backup)
    )


def _what(backup: Backup) -> str:
    return "" if backup.daily else "before an update"
