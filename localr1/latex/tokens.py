"""LaTeX source → its smallest parts."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|\s+|.", re.DOTALL)


class UnreadableError(Exception):
    """A formula holds something that has no place in lines of text, or does not end."""


def tokens(source: str) -> list[str]:
    """Commands with their backslash, runs of blanks as one space, and every other character alone."""
    return [" " if match[0].isspace() else match[0] for match in _TOKEN.finditer(source)]
