"""A long answer, shortened before it is drawn: a huge block of code or table would freeze the screen."""

from __future__ import annotations

import re

BLOCK_LINES = 100
"""Lines shown of a table, list or paragraph; drawing a table of as many rows takes about 0.2 s."""
CODE_LINES = 600
BLOCK_CHARACTERS = 20_000
"""Characters shown of one block; drawing that much code takes about 0.2 s."""
ANSWER_CHARACTERS = 100_000
NOTE = "… shortened here; localr1 chats show prints all of it."

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*$")


class Excerpt:
    """Takes an answer in pieces and gives what to show of it; the same for every way of cutting it."""

    def __init__(self) -> None:
        self._total = 0
        self._line = ""
        self._begin_block("")

    def feed(self, text: str) -> str:
        """What to show of the next piece."""
        return "".join(self._shown(part) for part in _LINES.findall(text))

    def _begin_block(self, fence: str) -> None:
        """A block is a fence of code, or what stands between two blank lines."""
        self._fence = fence
        self._lines = 0
        self._characters = 0
        self._hidden = self._total > ANSWER_CHARACTERS

    def _shown(self, part: str) -> str:
        """What to show of a line or of a part of one, with what its end asks for."""
        room = 0 if self._hidden else self._room()
        shown = part[:room]
        if len(part) > room and not self._hidden:
            self._hidden = True
            shown += f"\n{NOTE}\n" if self._fence else f"\n\n*{NOTE}*\n\n"
        self._characters += len(part)
        self._total += len(part)
        self._line += part
        return shown + self._end_line() if part.endswith("\n") else shown

    def _room(self) -> int:
        """Characters that may still be shown of this block."""
        if self._lines >= (CODE_LINES if self._fence else BLOCK_LINES):
            return 0
        return max(0, min(BLOCK_CHARACTERS - self._characters, ANSWER_CHARACTERS - self._total))

    def _end_line(self) -> str:
        """Nothing, or the fence that a hidden line opened or closed."""
        line, self._line = self._line, ""
        hidden = self._hidden
        self._lines += 1
        opening = _FENCE.match(line)
        if self._fence and not self._closes(line):
            return ""
        if self._fence or opening or not line.strip():
            self._begin_block(opening[1] if opening and not self._fence else "")
            return line if hidden and line.strip() else ""
        return ""

    def _closes(self, line: str) -> bool:
        mark = line.strip()
        return mark.startswith(self._fence) and set(mark) == set(self._fence)


def excerpt(text: str) -> str:
    """What to show of a whole answer."""
    return Excerpt().feed(text)
