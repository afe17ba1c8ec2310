"""Reads a formula from left to right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from localr1.latex.scripts import script
from localr1.latex.spacing import spaced, tight
from localr1.latex.symbols import ESCAPED, symbol
from localr1.latex.tokens import UnreadableError, tokens

Command: TypeAlias = Callable[["Reader"], str]
"""Takes the arguments of a command, and gives its text."""

DEPTH_LIMIT = 40
"""Braces inside each other."""
_CHARACTERS = {"-": "−", "'": "′", "~": " ", "&": "\t"}


class Reader:
    """Every method takes what it reads; raises UnreadableError."""

    def __init__(self, source: str, commands: Mapping[str, Command]) -> None:
        self._tokens = tokens(source)
        self._commands = commands
        self._place = 0
        self._depth = 0

    @property
    def next(self) -> str:
        """What comes, and is not taken yet; "" at the end."""
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def formula(self) -> str:
        """All of it."""
        text = self.sequence()
        if self.next:
            raise UnreadableError
        return text

    def sequence(self, end: str = "") -> str:
        """What comes before this end, or before a brace that closes."""
        parts = []
        while self.next not in (end, "", "}"):
            parts.append(self.item())
        return "".join(parts)

    def item(self) -> str:
        """A sign, a group or a command with its arguments."""
        match self.take():
            case "{":
                return self._rest_of_group()
            case "^" | "_" as sign:
                return script(sign, tight(self.argument()))
            case command if command.startswith("\\"):
                return self._command(command[1:])
            case sign:
                return spaced(_CHARACTERS.get(sign, sign))

    def argument(self) -> str:
        """A group without its braces, or the one item that stands in its place."""
        self.skip_blanks()
        return self.deeper(self.item).strip()

    def option(self) -> str:
        """What stands in square brackets; "" where nothing does."""
        if self.next != "[":
            return ""
        self.take()
        text = self.sequence("]")
        self.take()
        return text

    def verbatim(self) -> str:
        """A group whose text is no formula."""
        self.skip_blanks()
        if self.take() != "{":
            raise UnreadableError
        parts = []
        while (part := self.take()) != "}":
            if part in "{$" or part[1:].isalpha():
                raise UnreadableError
            parts.append(ESCAPED.get(part[1:], " ") if part.startswith("\\") else part)
        return "".join(parts)

    def deeper(self, read: Callable[[], str]) -> str:
        """Read something that can hold more of its kind."""
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise UnreadableError
        text = read()
        self._depth -= 1
        return text

    def skip_blanks(self) -> None:
        """Go to what comes next that is not blank."""
        while self.next == " ":
            self._place += 1

    def take(self) -> str:
        """The next token; there must be one."""
        if not self.next:
            raise UnreadableError
        self._place += 1
        return self._tokens[self._place - 1]

    def _rest_of_group(self) -> str:
        text = self.deeper(self.sequence)
        if self.take() != "}":
            raise UnreadableError
        return text

    def _command(self, name: str) -> str:
        if command := self._commands.get(name):
            return command(self)
        if (sign := symbol(name)) is None:
            raise UnreadableError
        return spaced(sign)
