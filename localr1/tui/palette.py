"""What the command palette finds: every command, and everything that one can be about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from localr1.commands import COMMANDS, Command
from localr1.tui.arguments import Arguments
from localr1.tui.keys import key_text

HIDDEN = ("palette", "scroll(")
"""Beginnings of actions that nobody looks for by a name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, perhaps with its argument."""

    command: Command
    label: str
    note: str = ""
    """Its key, or a word about the argument."""
    argument: str = ""


async def entries(arguments: Arguments) -> list[Entry]:
    """First the commands, then the commands with each of their arguments."""
    commands = [command for command in COMMANDS if command.action and not command.action.startswith(HIDDEN)]
    found = [Entry(command, _label(command), key_text(command.key)) for command in commands]
    for command in commands:
        for choice in await arguments.choices(command.argument):
            found.append(Entry(command, f"/{command.slash} {choice.label}", choice.note, choice.text))
    return found


def matching(found: Iterable[Entry], typed: str) -> Sequence[Entry]:
    """Those that have all the words that were typed, in whatever order; first those that begin with them."""
    words = typed.casefold().split()
    hits = [entry for entry in found if all(word in entry.label.casefold() for word in words)]
    return sorted(hits, key=lambda entry: not entry.label.casefold().startswith(tuple(words[:1]) or ""))


def _label(command: Command) -> str:
    does = f"{command.does[0].upper()}{command.does[1:]}"
    return f"{does} · {command.usage}" if command.slash else does
