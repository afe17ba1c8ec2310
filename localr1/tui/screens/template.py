"""Which format a model was trained with, when its file does not say."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.chat_templates import TEMPLATES
from localr1.errors import TemplateError
from localr1.safe_text import safe_text
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints

COLUMN = 14
"""Cells for the names of the formats."""


class TemplateScreen(Panel[str | None]):
    """Gives the name of a chat template, None when the user does not know one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    _list = getters.query_one(OptionList)

    def __init__(self, error: TemplateError) -> None:
        super().__init__()
        self._error = error

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(Content("Which chat template?"), classes="title")
            yield Static(Content(safe_text(self._error.message)))
            yield Static(Content("Another one can serve, if the model was trained with it:"), classes="dim")
            yield OptionList(*(Option(_row(name)) for name in TEMPLATES), markup=False, compact=True)
            yield Hints(("Enter", "use it from now on", "screen.choose"), ("Esc", "leave it", "screen.leave"))

    def on_mount(self) -> None:
        self._list.highlighted = 0
        self._list.focus()

    @on(OptionList.OptionSelected)
    def action_choose(self) -> None:
        """Take the one that is marked."""
        if (index := self._list.highlighted) is not None:
            self.dismiss(tuple(TEMPLATES)[index])

    def action_leave(self) -> None:
        """Choose none."""
        self.dismiss(None)


def _row(name: str) -> Content:
    return Content.assemble((name.ljust(COLUMN), "bold"), TEMPLATES[name])
