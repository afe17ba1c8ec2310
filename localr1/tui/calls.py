"""Commands that the user calls by their names: after a slash in the prompt, or from the palette."""

from __future__ import annotations

from textual.actions import parse
from textual.screen import Screen

from localr1.commands import COMMANDS, Command
from localr1.errors import UsageError
from localr1.safe_text import safe_line
from localr1.slash import Call, by_name, find
from localr1.tui.arguments import Arguments
from localr1.tui.palette import entries
from localr1.tui.screens.palette import PaletteScreen
from localr1.tui.widgets.foot import Foot
from localr1.tui.widgets.status import READING_SECONDS

SCREEN_COMMANDS = by_name([command.slash for command in COMMANDS if command.action and command.slash])
"""What the screen can do after a slash."""


class Calls:
    """Runs them as their keys would."""

    def __init__(self, screen: Screen[None], foot: Foot, arguments: Arguments) -> None:
        self._screen = screen
        self._foot = foot
        self._arguments = arguments

    async def call(self, call: Call) -> None:
        """Do what stands in the prompt; where that is no command, say so and let it stand."""
        try:
            command = find(call, SCREEN_COMMANDS)
        except UsageError as error:
            self._foot.status.flash(safe_line(f"{error.message} {error.hint}"), READING_SECONDS)
            return
        self._foot.prompt.take()
        await self._run(command, call.argument)

    async def choose(self) -> None:
        """Do what the user finds in the palette; a command that needs more is written into the prompt."""
        found = await entries(self._arguments)
        entry = await self._screen.app.push_screen_wait(PaletteScreen(found))
        if entry is None:
            return
        argument = entry.command.argument
        if argument and argument.needed and not entry.argument:
            self._foot.prompt.rewrite(f"/{entry.command.slash} ")
        else:
            await self._run(entry.command, entry.argument)

    async def _run(self, command: Command, argument: str) -> None:
        owner, name, values = parse(command.action)
        given = (*values, argument) if argument else values
        await self._screen.app.run_action((owner, name, given), self._screen)
