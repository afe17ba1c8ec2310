"""What the user writes: a line, several lines, or a script in a pipe."""

from __future__ import annotations

import re
import sys
from typing import TextIO

from localr1.cli.plain.editing import LineEditing
from localr1.cli.plain.interrupts import Interrupts
from localr1.cli.stdin import SIZE_LIMIT
from localr1.errors import ContextError
from localr1.safe_text import safe_text
from localr1.slash import Call, read

PROMPT = "You: "
MORE = "...: "
_BLOCK = re.compile(r"<<(\w+)")


class Reader:
    """Asks for text; the end of standard input raises EOFError, a signal InterruptionError."""

    def __init__(self, interrupts: Interrupts, editing: LineEditing | None, source: TextIO) -> None:
        self._interrupts = interrupts
        self._editing = editing
        self._source = source
        self._echoes = not source.isatty()

    def entry(self) -> Call | str:
        """The next command or text; a block is always a text."""
        line = self.line(PROMPT)
        text = self._continued(line)
        return text if _BLOCK.fullmatch(line.strip()) else read(text)

    def text(self, prompt: str, *, draft: str = "") -> str:
        """A text for this prompt; where lines are edited, `draft` stands there already."""
        return self._continued(self.line(prompt, draft=draft))

    def line(self, prompt: str, *, draft: str = "") -> str:
        """One line, without control characters."""
        with self._interrupts.reading():
            if self._editing:
                return safe_text(self._editing.line(prompt, draft))
            sys.stdout.write(prompt)
            sys.stdout.flush()
            line = self._source.readline(SIZE_LIMIT + 1)
        if not line:
            raise EOFError
        if len(line) > SIZE_LIMIT:
            raise ContextError("A line of standard input is longer than 4 MiB.", hint="Send a part of it.")
        line = safe_text(line.removesuffix("\n").removesuffix("\r"))
        if self._echoes:
            sys.stdout.write(f"{line}\n")
        return line

    def _continued(self, line: str) -> str:
        """A line with those that belong to it.

        A backslash at its end goes on with the next line. `<<END` begins a block that a line `END` ends.
        """
        if block := _BLOCK.fullmatch(line.strip()):
            return self._block(block[1])
        while line.endswith("\\"):
            line = f"{line[:-1]}\n{self.line(MORE)}"
        return line.strip()

    def _block(self, end: str) -> str:
        lines: list[str] = []
        try:
            while (line := self.line(MORE)).strip() != end:
                lines.append(line)
        except EOFError:
            pass
        return "\n".join(lines)
