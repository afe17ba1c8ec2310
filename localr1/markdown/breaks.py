"""`<br>`, the one tag that models write into tables: Markdown has no other way to break a line in a cell."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)


def read_breaks(parser: MarkdownIt) -> None:
    """Let a parser break the line there; any other tag stays in sight."""
    parser.inline.ruler.before("autolink", "break", _break)


def _break(state: StateInline, silent: bool) -> bool:
    match = _BREAK.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True
