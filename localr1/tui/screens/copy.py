"""What shall be copied?"""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.tui.copying import Part
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints

KEYS = {
    "y": Part.ANSWER,
    "k": Part.CODE,
    "t": Part.THINKING,
    "c": Part.CHAT,
    "w": Part.CHAT_AND_THINKING,
}
WORDS = {
    Part.ANSWER: "the last answer",
    Part.CODE: "the last block of code",
    Part.THINKING: "the last thinking",
    Part.CHAT: "the whole chat, without thinking",
    Part.CHAT_AND_THINKING: "the whole chat, with thinking",
}


class CopyScreen(Panel[Part | None]):
    """Gives the part that the user chooses, by its letter or from the list; None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"take('{key}')", WORDS[part]) for key, part in KEYS.items()),
        Binding("escape,alt+c", "leave", "Back"),
    ]

    _list = getters.query_one(OptionList)

    def compose(self) -> ComposeResult:
        rows = (Content.assemble((f"{key}   ", "bold"), WORDS[part]) for key, part in KEYS.items())
        with Vertical(classes="panel small"):
            yield Static(Content("Copy"), classes="title")
            yield OptionList(*map(Option, rows), markup=False, compact=True)
            yield Hints(("Enter", "copy", "screen.take"), ("Esc", "back", "screen.leave"))

    def on_mount(self) -> None:
        self._list.highlighted = 0
        self._list.focus()

    @on(OptionList.OptionSelected)
    def _take_highlighted(self) -> None:
        self.action_take()

    def action_take(self, key: str = "") -> None:
        """Take what this key stands for, or else what is highlighted."""
        self.dismiss(KEYS[key] if key else list(KEYS.values())[self._list.highlighted or 0])

    def action_leave(self) -> None:
        """Copy nothing."""
        self.dismiss(None)
