"""Slash commands for the completion list: names first, then what may follow them."""

from __future__ import annotations

from collections.abc import Mapping

from localr1.commands import Command
from localr1.tui.arguments import Arguments
from localr1.tui.completion import Choice, Offer


class SlashSource:
    """Offers commands behind a slash that begins the prompt, and then their arguments."""

    def __init__(self, commands: Mapping[str, Command], arguments: Arguments) -> None:
        self._commands = commands
        self._arguments = arguments

    async def offer(self, before: str) -> Offer | None:
        """What could be written there; nothing in a text that only begins with a slash."""
        name, space, typed = before.removeprefix("/").partition(" ")
        if not before.startswith("/") or "/" in name or "\n" in before:
            return None
        if not space:
            return Offer(self._names(), before, len(before))
        command = self._commands.get(name.lower())
        choices = await self._arguments.choices(command.argument if command else None)
        return Offer(choices, typed, len(typed)) if choices else None

    def _names(self) -> list[Choice]:
        return [
            Choice(f"{name} " if command.argument else name, name, command.does)
            for command in dict.fromkeys(self._commands.values())
            if (name := f"/{command.slash}")
        ]
