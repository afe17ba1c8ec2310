"""Everything there is to do, with its key and its slash command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from localr1.commands import COMMANDS, Command, Group
from localr1.tui.keys import key_text
from localr1.tui.screens.panel import Panel
from localr1.tui.widgets.hints import Hints

KEY_CELLS = 20
DOES_CELLS = 38


class HelpScreen(Panel[None]):
    """One page that a newcomer reads in a minute."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,q,question_mark,enter", "close", "Back")]

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="panel"):
            yield Static(Content("What you can do"), classes="title")
            yield Static(_page())
            yield Hints(("Esc", "back", "screen.close"))

    def action_close(self) -> None:
        """Back to the chat."""
        self.dismiss()


def _page() -> Content:
    return Content("\n\n").join(Content("\n").join(_lines(group)) for group in Group)


def _lines(group: Group) -> Iterator[Content]:
    """The name of a group, then a line for each command that the screen has."""
    yield Content.styled(group.value, "$text-accent")
    for command in COMMANDS:
        if command.group is group and (command.key or command.action):
            yield _line(command)


def _line(command: Command) -> Content:
    key = key_text(command.key).ljust(KEY_CELLS)
    if not command.slash:
        return Content.assemble((key, "bold"), command.does)
    return Content.assemble(
        (key, "bold"), command.does.ljust(DOES_CELLS), (f" /{command.slash}", "$text-muted")
    )
