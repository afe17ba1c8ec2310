"""The command palette: anything to do, found by a few letters of its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from localr1.safe_text import safe_line
from localr1.tui.palette import Entry, matching
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints
from localr1.tui.widgets.line_input import LineInput

SHOWN_ENTRIES = 100
"""Nobody looks further down; who wants another one types a letter more."""


class PaletteScreen(Panel[Entry | None]):
    """Gives what the user has chosen; None for nothing.

    Textual's own palette tries every way in which the letters can lie in a text: ten of them in a title of
    seventy hold up the app for seconds.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,alt+x,f9", "leave", "Back"),
        Binding("up", "move(-1)", "Up"),
        Binding("down", "move(1)", "Down"),
        Binding("pageup", "move(-10)", "Ten up"),
        Binding("pagedown", "move(10)", "Ten down"),
    ]

    _list = getters.query_one(OptionList)

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__()
        self._entries = entries
        self._shown: Sequence[Entry] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="panel palette"):
            yield LineInput(placeholder="What do you want to do?", compact=True)
            yield OptionList(markup=False, compact=True)
            yield Static(Content("There is nothing like that."), id="none", classes="dim")
            yield Hints(("Enter", "do it", "screen.take"), ("Esc", "back", "screen.leave"))

    def on_mount(self) -> None:
        self._list.can_focus = False
        self._show("")

    def on_resize(self) -> None:
        self._show(self.query_one(Input).value)

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Take what is marked."""
        if (index := self._list.highlighted) is not None:
            self.dismiss(self._shown[index])

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Mark another one; the focus stays where the user writes."""
        if self._list.highlighted is not None:
            self._list.highlighted = min(max(self._list.highlighted + step, 0), len(self._shown) - 1)

    def _show(self, typed: str) -> None:
        """Show what has the words that were typed."""
        self._shown = matching(self._entries, typed)[:SHOWN_ENTRIES]
        width = self._list.scrollable_content_region.width
        self._list.set_options(Option(_row(entry, width)) for entry in self._shown)
        self._list.highlighted = 0 if self._shown else None
        self._list.display = bool(self._shown)
        self.query_one("#none").display = not self._shown


def _row(entry: Entry, width: int) -> VisualType:
    """What it is on the left, its key on the right."""
    note = Content(safe_line(entry.note))
    room = max(10, width - note.cell_length - 2)
    label = Content(safe_line(entry.label)).truncate(room, ellipsis=True, pad=True)
    return label + Content("  ") + note.stylize("$text-muted")
