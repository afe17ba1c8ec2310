"""Formulas in LaTeX → lines of text that a terminal can show.

A fraction becomes (a + b)/2, a root √(x + 1), a power x², and a boxed result stands in a box.
Nothing is guessed: with one name that is not known, the whole formula is left as it was written.
"""

from __future__ import annotations

import re

from localr1.latex.commands import COMMANDS
from localr1.latex.reader import Reader
from localr1.latex.spacing import FRACTION, NAME
from localr1.latex.tokens import UnreadableError

LENGTH_LIMIT = 4_000
"""Characters of the longest formula that is read."""
_ROOM = re.compile(rf"(?<=[\w)]){NAME}(?=\w)|(?<=[\w)]){FRACTION}(?=[\w(√])")


def formula_text(source: str) -> str | None:
    """A formula, without its delimiters, as lines of text; None where it can't be shown as such."""
    if len(source) > LENGTH_LIMIT:
        return None
    try:
        text = Reader(source, COMMANDS).formula()
    except UnreadableError:
        return None
    text = re.sub(f"[{NAME}{FRACTION}]", "", _ROOM.sub(" ", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
