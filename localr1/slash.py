"""Slash commands as both front ends understand them: what stands in a prompt is one, or a text (pure)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from localr1.commands import COMMANDS, Argument, Command
from localr1.errors import UsageError

_CALL = re.compile(r"(/*)/([a-z][a-z-]*)(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """A name after a slash, in lower case, and what follows it; there may be no such command."""

    name: str
    argument: str = ""


def read(text: str) -> Call | str:
    """What a prompt means: a call, or the text to send.

    `/etc/passwd` and `/ 2` are text, as names are letters; one more slash makes a call a text.
    """
    match = _CALL.fullmatch(text)
    if match is None:
        return text
    escapes, name, argument = match.groups("")
    return text[1:] if escapes else Call(name.lower(), argument.strip())


def written(text: str) -> str:
    """A text as it is written in the prompt to be sent as it is; `read` gives it back."""
    return text if read(text) == text else f"/{text}"


def by_name(available: Collection[str]) -> dict[str, Command]:
    """The commands with these slash names, by each of their names."""
    commands = [command for command in COMMANDS if command.slash in available]
    return {name: command for command in commands for name in (command.slash, *command.aliases)}


def find(call: Call, commands: Mapping[str, Command]) -> Command:
    """The command that is called; raises UsageError with the nearest name, or how it is to be used."""
    command = commands.get(call.name)
    if command is None:
        raise UsageError(
            f"There is no command /{call.name}.{_nearest(call.name, commands)}",
            hint=f"//{call.name} sends it as text; /help lists the commands.",
        )
    if call.argument and not command.argument:
        raise UsageError(f"/{call.name} stands alone.", hint=f"//{call.name} … sends it as text.")
    if command.argument:
        _check(call.argument, command.argument, command.usage)
    return command


def _check(given: str, argument: Argument, usage: str) -> None:
    if argument.needed and not given:
        raise UsageError(f"Something is missing: {usage}")
    first, *_ = given.split(maxsplit=1) or ("",)
    if argument.number and first not in map(str, argument.number):
        least, most = argument.number[0], argument.number[-1]
        raise UsageError(f"{usage} takes a number from {least} to {most}.")
    choices = argument.choices if isinstance(argument.choices, tuple) and not argument.others else ()
    if given and choices and given not in choices:
        raise UsageError(f"{usage} takes one of {', '.join(choices)}.")


def _nearest(name: str, names: Collection[str]) -> str:
    beginning = [other for other in names if other.startswith(name)]
    near = beginning if len(beginning) == 1 else get_close_matches(name, names, n=1)
    return f" Did you mean /{near[0]}?" if near else ""


def numbered(argument: str) -> tuple[int, str]:
    """The number that an argument begins with, and what follows it."""
    number, *rest = argument.split(maxsplit=1)
    return int(number), "".join(rest)


def chat_number(text: str) -> int:
    """The number of a chat as a user writes it; raises UsageError for anything else."""
    if text.isdecimal() and len(text) <= 18:
        return int(text)
    raise UsageError(f"A chat is named by its number, and {text[:40]} is none.")
