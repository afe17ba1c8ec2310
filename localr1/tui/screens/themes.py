"""The themes, each worn by the whole app while it is marked."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from localr1.tui.screens.panel import Panel
from localr1.tui.themes import order
from localr1.tui.widgets.hints import Hints


class ThemesScreen(Panel[str]):
    """Gives the name of the theme that the user chooses; empty, with the one before back, when none is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]

    _list = getters.query_one(OptionList)

    def on_mount(self) -> None:
        self._before = self.app.theme
        self._names = order(self.app.available_themes.values())
        self._list.add_options(Option(Content(name)) for name in self._names)
        self._list.highlighted = self._names.index(self._before)
        self._list.focus()

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel"):
            yield Static(Content("Theme"), classes="title")
            yield OptionList(markup=False, compact=True)
            yield Hints(("Enter", "take", "screen.take"), ("Esc", "back", "screen.leave"))

    @on(OptionList.OptionHighlighted)
    def _wear(self, event: OptionList.OptionHighlighted) -> None:
        self.app.theme = self._names[event.option_index]

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Keep the theme that is worn."""
        self.dismiss(self.app.theme)

    def action_leave(self) -> None:
        """Wear the one before again."""
        self.app.theme = self._before
        self.dismiss("")
